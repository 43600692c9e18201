/* returns_pull.c - which returns to ask Ozon for.
 *
 * returns: everything whose state changed since the last run, with an overlap (/v1/returns/list). rfbs: requests of buyers to the
 * seller himself (/v2/returns/rfbs/list); the list has no "changed since", so those of the last weeks are read, and the words, photos
 * and reason of one that waits for the seller are asked for one by one.
 */
#include "channels/memory.h"
#include "channels/ozon/ozon.h"

#define OVERLAP_MS      (15 * MINUTE_MS)
#define RETURN_ROWS     500
#define RFBS_ROWS       100
#define RFBS_PAST_MS    (60 * DAY_MS)
#define PAGES_MAX       5000

struct run {
    int64_t from_ms, to_ms, pages;
    str     last_id;
    const struct json *rows;            /* of a page of rFBS requests: some are to be asked about */
    int64_t at;                         /* the row that was asked about */
    bool    is_asking, is_last_page;
};

static const struct memory_field run_memory[] = {
    { "from",    MEMORY_NUMBER, offsetof(struct run, from_ms) },
    { "to",      MEMORY_NUMBER, offsetof(struct run, to_ms) },
    { "pages",   MEMORY_NUMBER, offsetof(struct run, pages) },
    { "at",      MEMORY_NUMBER, offsetof(struct run, at) },
    { "last_id", MEMORY_TEXT,   offsetof(struct run, last_id) },
    { "asking",  MEMORY_FLAG,   offsetof(struct run, is_asking) },
    { "last",    MEMORY_FLAG,   offsetof(struct run, is_last_page) },
    { "rows",    MEMORY_JSON,   offsetof(struct run, rows) },
    { 0 }
};

static void run_begin(const struct call *call, const struct pull *pull, struct run *run)
{
    run->to_ms   = call->now.ms;
    run->from_ms = strcmp(pull->stream->name, "rfbs") == 0
        ? run->to_ms - RFBS_PAST_MS
        : run_from(call, pull, setting_number(call, ozon_settings, "history_days", 1, 360, 30), OVERLAP_MS);
}

static void period(struct json_out *j, const char *key, const char *from, const char *to, const struct run *run)
{
    json_begin(j, key, '{');
    json_instant(j, from, (instant){ run->from_ms });
    json_instant(j, to, (instant){ run->to_ms });
    json_end(j);
}

static void ask_page(const struct call *call, const struct pull *pull, const struct run *run, struct http_request *out)
{
    bool            rfbs = strcmp(pull->stream->name, "rfbs") == 0;
    struct buf      buf  = buf_in(call->arena);
    struct json_out j    = json_out(&buf);
    int64_t         last;
    json_begin(&j, NULL, '{');
    json_begin(&j, "filter", '{');
    if (rfbs)
        period(&j, "created_at", "from", "to", run);
    else
        period(&j, "visual_status_change_moment", "time_from", "time_to", run);
    json_end(&j);
    json_number(&j, "limit", rfbs ? RFBS_ROWS : RETURN_ROWS);
    if (str_to_int(run->last_id, &last))
        json_number(&j, "last_id", last);
    json_end(&j);
    ozon_request(call, out, rfbs ? "/v2/returns/rfbs/list" : "/v1/returns/list", buf_str(&buf));
}

void ozon_ask_rfbs(const struct call *call, str id, struct http_request *out)
{
    struct buf      buf = buf_in(call->arena);
    struct json_out j   = json_out(&buf);
    int64_t         n   = 0;
    json_begin(&j, NULL, '{');
    if (str_to_int(id, &n))
        json_number(&j, "return_id", n);
    json_end(&j);
    ozon_request(call, out, "/v2/returns/rfbs/get", buf_str(&buf));
}

/* One row as a page of its own: what returns_read takes. */
static void row_event(const struct call *call, struct pull *pull, const struct json *row, const struct json *details)
{
    struct buf      buf = buf_in(call->arena);
    struct json_out j   = json_out(&buf);
    str  id   = payload_text(json_get(row, "id")), rfbs = payload_text(json_get(row, "return_id"));
    json_begin(&j, NULL, '{');
    json_begin(&j, "returns", '[');
    if (details) {
        json_begin(&j, NULL, '{');
        JSON_EACH(m, row)
            json_raw(&j, str_zero(call->arena, m->key), json_print(call->arena, m));
        json_raw(&j, "details", json_print(call->arena, details));
        json_end(&j);
    } else {
        json_raw(&j, NULL, json_print(call->arena, row));
    }
    json_end(&j);
    json_end(&j);
    str name = rfbs.len ? str_print(call->arena, "rfbs:%.*s", STR_ARG(rfbs)) : id.len ? id : STR("return");
    raw_event_add(&pull->events, call->arena, name, buf_str(&buf), (str){ 0 });
}

/* Does it wait for the seller? Only then are its words worth a request. */
static bool waits(const struct json *row)
{
    str group = payload_text(json_path(row, "state.group_state"));
    return str_is(group, "New") || str_is(group, "Checkout") || str_is(group, "Arbitration");
}

/* Goes on behind run->at to the next row that is to be asked about; rows that are not become events. False: the page is done. */
static bool rows_next(const struct call *call, struct pull *pull, struct run *run, struct http_request *out)
{
    int64_t index = 0;
    JSON_EACH(row, run->rows) {
        if (index++ < run->at)
            continue;
        str id = payload_text(json_get(row, "return_id"));
        if (row->kind == JSON_OBJECT && id.len && waits(row)) {
            run->at        = index - 1;
            run->is_asking = true;
            ozon_ask_rfbs(call, id, out);
            return true;
        }
        row_event(call, pull, row, NULL);
    }
    run->at        = index;
    run->is_asking = false;
    return false;
}

static bool take_details(const struct call *call, struct pull *pull, struct run *run, const struct http_reply *reply, struct err *err)
{
    const struct json *root = NULL, *details = NULL, *row = json_at(run->rows, (int)run->at);
    if (reply->fate != HTTP_ANSWERED || reply->status != 404) {
        if (!reply_read_json(call, reply, &root, err))
            return false;
        details = json_get(root, "returns");
    }
    row_event(call, pull, row, details && details->kind == JSON_OBJECT ? details : NULL);
    run->at++;
    return true;
}

static bool take_page(const struct call *call, struct pull *pull, struct run *run, const struct http_reply *reply, struct err *err)
{
    const struct json *root, *last;
    bool rfbs = strcmp(pull->stream->name, "rfbs") == 0;
    if (!reply_read_json(call, reply, &root, err))
        return false;
    const struct json *rows = json_get(root, "returns");
    if (!rows || rows->kind != JSON_ARRAY)
        return rows ? payload_wrong(call->arena, rows, err, "must be a list") : payload_missing(call->arena, NULL, "returns", err);
    last              = rows->count ? json_at(rows, (int)rows->count - 1) : NULL;
    str before        = run->last_id;
    run->is_last_page = rfbs ? rows->count < RFBS_ROWS : !json_true(json_get(root, "has_next"));
    if (last)
        run->last_id = payload_text(json_get(last, rfbs ? "return_id" : "id"));
    if (!run->is_last_page && (!run->last_id.len || str_eq(run->last_id, before)))
        return err_set(err, ERR_CHANNEL_PAYLOAD, "last_id", "there is a next page, and no way to it");
    if (++run->pages > PAGES_MAX)
        return err_set(err, ERR_CHANNEL_PAYLOAD, "has_next", "the pages of a list do not end");
    run->rows = rfbs ? rows : NULL;
    run->at   = 0;
    if (!rfbs)
        JSON_EACH(row, rows)
            row_event(call, pull, row, NULL);
    return true;
}

/* A shop without a delivery of its own has no such requests: that is no trouble of the account. */
static bool is_closed_to_us(const struct pull *pull, const struct http_reply *reply)
{
    return strcmp(pull->stream->name, "rfbs") == 0 && reply->fate == HTTP_ANSWERED && (reply->status == 403 || reply->status == 404);
}

bool ozon_returns_step(const struct call *call, struct pull *pull, const struct http_reply *reply, struct http_request *out, struct err *err)
{
    struct run run = { 0 };
    if (!reply)
        run_begin(call, pull, &run);
    else if (!memory_read(call->arena, run_memory, pull->memory, &run, "memory of an ozon run over returns", err))
        return false;
    if (reply && !run.is_asking && is_closed_to_us(pull, reply)) {
        run_end(call, pull, run.to_ms);
        return true;
    }
    if (reply && !(run.is_asking ? take_details(call, pull, &run, reply, err) : take_page(call, pull, &run, reply, err)))
        return false;
    if (!reply || !run.rows || !rows_next(call, pull, &run, out)) {
        run.rows = NULL;
        if (reply && run.is_last_page) {
            run_end(call, pull, run.to_ms);
            return true;
        }
        ask_page(call, pull, &run, out);
    }
    pull->memory = memory_text(call->arena, run_memory, &run);
    return true;
}
