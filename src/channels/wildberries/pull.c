/* pull.c - new orders, the list, and the statuses of Wildberries.
 *
 * Lists carry no status, so every page is followed by the statuses call and joined before it becomes events. /orders/new loses an
 * order the moment it is confirmed elsewhere; the list finds those (sheet, traps 1 and 2). The list filters by creation time;
 * later changes of open orders come from the refresh stream.
 */
#include "channels/memory.h"
#include "channels/wildberries/wildberries.h"

#define WINDOW_MS       (30 * DAY_MS)
#define OVERLAP_MS      (15 * MINUTE_MS)
#define PAGE_ROWS       1000
#define PAGES_MAX       2000

struct run {
    int64_t from_ms, to_ms, window_ms;
    int64_t next, pages;
    const struct json *rows;            /* orders waiting for their statuses; refresh: ids as text */
    int64_t at;                         /* first id of the batch: of `rows` */
    bool    is_joining;                 /* the reply to come is of the statuses call */
    bool    is_last_page;
};

static const struct memory_field run_memory[] = {
    { "from",    MEMORY_NUMBER, offsetof(struct run, from_ms) },
    { "to",      MEMORY_NUMBER, offsetof(struct run, to_ms) },
    { "window",  MEMORY_NUMBER, offsetof(struct run, window_ms) },
    { "next",    MEMORY_NUMBER, offsetof(struct run, next) },
    { "pages",   MEMORY_NUMBER, offsetof(struct run, pages) },
    { "at",      MEMORY_NUMBER, offsetof(struct run, at) },
    { "joining", MEMORY_FLAG,   offsetof(struct run, is_joining) },
    { "last",    MEMORY_FLAG,   offsetof(struct run, is_last_page) },
    { "rows",    MEMORY_JSON,   offsetof(struct run, rows) },
    { 0 }
};

static bool is_stream(const struct pull *pull, const char *name)
{
    return strcmp(pull->stream->name, name) == 0;
}

static int64_t window_end(const struct run *run)
{
    int64_t end = run->window_ms + WINDOW_MS;
    return end < run->to_ms ? end : run->to_ms;
}

static void ask_list(const struct call *call, const struct run *run, struct http_request *out)
{
    struct buf url = buf_in(call->arena);
    buf_add(&url, wb_url(call, "/api/v3/orders"));
    url_query_add(&url, STR("limit"), str_print(call->arena, "%d", PAGE_ROWS));
    url_query_add(&url, STR("next"), str_print(call->arena, "%lld", (long long)run->next));
    url_query_add(&url, STR("dateFrom"), str_print(call->arena, "%lld", (long long)(run->window_ms / SECOND_MS)));
    url_query_add(&url, STR("dateTo"), str_print(call->arena, "%lld", (long long)(window_end(run) / SECOND_MS)));
    wb_request(call, out, HTTP_GET, buf_str(&url), "orders");
}

static void row_is_broken(const struct call *call, struct pull *pull, const struct json *row)
{
    raw_event_add(&pull->events, call->arena, (str){ 0 }, json_print(call->arena, row), STR("id: must be a whole number"));
}

/* Asks for the statuses of the next rows that have a usable id, as many as a call takes (/orders/new has no limit of its own); false
 * when there are none left. */
static bool ask_join(const struct call *call, struct pull *pull, struct run *run, struct http_request *out)
{
    str ids[PAGE_ROWS];
    for (; run->rows && run->at < run->rows->count; run->at += PAGE_ROWS) {
        int64_t index = 0, n;
        int     count = 0;
        JSON_EACH(row, run->rows)
            if (index++ >= run->at && index <= run->at + PAGE_ROWS && json_int(json_get(row, "id"), &n) && n > 0)
                ids[count++] = json_str(json_get(row, "id"));
        if (count) {
            wb_ask_statuses(call, ids, count, out);
            run->is_joining = true;
            return true;
        }
        index = 0;
        JSON_EACH(row, run->rows)
            if (index++ >= run->at && index <= run->at + PAGE_ROWS)
                row_is_broken(call, pull, row);
    }
    return false;
}

/* Whole batches of known ids; text that is no number is never sent: a refused request costs ten. */
static bool ids_of(const struct call *call, const struct pull *pull, struct run *run, struct err *err)
{
    str    *ids   = ARENA_ARRAY(call->arena, str, pull->known.count + 1);
    int     count = 0;
    int64_t n;
    for (int i = 0; i < pull->known.count; i++)
        if (str_to_int(pull->known.at[i].external_id, &n) && n > 0)
            ids[count++] = pull->known.at[i].external_id;
    return run_list(call, ids, count, &run->rows, err);
}

static void ask_batch(const struct call *call, const struct run *run, struct http_request *out)
{
    int  count = 0, index = 0;
    str *ids = ARENA_ARRAY(call->arena, str, PAGE_ROWS);
    JSON_EACH(id, run->rows) {
        if (index++ < run->at)
            continue;
        if (count == PAGE_ROWS)
            break;
        ids[count++] = json_str(id);
    }
    wb_ask_statuses(call, ids, count, out);
}

static bool run_begin(const struct call *call, const struct pull *pull, struct run *run, struct err *err)
{
    if (pull->stream->refresh)
        return ids_of(call, pull, run, err);
    int64_t oldest = call->now.ms - 90 * DAY_MS;            /* the method reaches three months back */
    run->to_ms     = call->now.ms;
    run->from_ms   = run_from(call, pull, setting_number(call, wb_settings, "history_days", 1, 90, 30), OVERLAP_MS);
    run->from_ms   = run->from_ms < oldest ? oldest : run->from_ms;
    run->window_ms = run->from_ms;
    return true;
}

static bool take_page(const struct call *call, struct run *run, const struct http_reply *reply, struct err *err)
{
    const struct json *root, *orders;
    if (!reply_read_json(call, reply, &root, err))
        return false;
    orders = json_get(root, "orders");
    if (!orders || orders->kind != JSON_ARRAY)
        return orders ? payload_wrong(call->arena, orders, err, "must be a list") : payload_missing(call->arena, NULL, "orders", err);
    int64_t before = run->next;
    run->rows         = orders;
    run->at           = 0;
    run->next         = payload_number(root, "next");
    run->is_last_page = orders->count == 0 || run->next == 0 || run->next == before;
    if (run->next && run->next == before && orders->count >= PAGE_ROWS)
        return err_set(err, ERR_CHANNEL_PAYLOAD, "next", "a full page leads to itself");    /* the rest must not be taken for read */
    if (++run->pages > PAGES_MAX)
        return err_set(err, ERR_CHANNEL_PAYLOAD, "next", "the pages of a window do not end");
    return true;
}

/* Joins the statuses to the waiting orders. An order that the statuses call leaves out goes on without a status. */
static bool take_join(const struct call *call, struct pull *pull, struct run *run, const struct http_reply *reply, struct err *err)
{
    const struct json *root;
    if (!reply_read_json(call, reply, &root, err))
        return false;
    const struct json *statuses = json_get(root, "orders");
    if (!statuses || statuses->kind != JSON_ARRAY)
        return payload_missing(call->arena, NULL, "orders", err);
    const struct json *next = statuses->first;              /* mostly in the order asked for */
    int64_t index = 0;
    JSON_EACH(row, run->rows) {
        str     id = json_str(json_get(row, "id"));
        int64_t n;
        if (index++ < run->at)
            continue;
        if (index > run->at + PAGE_ROWS)
            break;
        if (row->kind != JSON_OBJECT || !json_int(json_get(row, "id"), &n)) {
            row_is_broken(call, pull, row);
            continue;
        }
        const struct json *status = str_eq(json_str(json_get(next, "id")), id) ? next : wb_row(statuses, id);
        raw_event_add(&pull->events, call->arena, id, wb_payload(call->arena, row, status), (str){ 0 });
        next = status ? status->next : next;
    }
    run->at        += PAGE_ROWS;
    run->is_joining = false;
    return true;
}

/* Statuses alone: the payload is just the pair, so that nothing but a change of it is a new event. */
static bool take_batch(const struct call *call, struct pull *pull, struct run *run, const struct http_reply *reply, struct err *err)
{
    const struct json *root;
    if (!reply_read_json(call, reply, &root, err))
        return false;
    JSON_EACH(row, json_get(root, "orders")) {
        struct buf buf = buf_in(call->arena);
        struct json_out j = json_out(&buf);
        int64_t id;
        if (!json_int(json_get(row, "id"), &id))
            continue;
        json_begin(&j, NULL, '{');
        json_number(&j, "id", id);
        json_text(&j, "supplierStatus", payload_text(json_get(row, "supplierStatus")));
        json_text(&j, "wbStatus", payload_text(json_get(row, "wbStatus")));
        json_end(&j);
        raw_event_add(&pull->events, call->arena, json_str(json_get(row, "id")), buf_str(&buf), (str){ 0 });
    }
    run->at += PAGE_ROWS;
    return true;
}

/* After a page has been joined: the next page, the next window, or the end (false). */
static bool run_advance(const struct pull *pull, struct run *run)
{
    if (is_stream(pull, "new"))
        return false;
    if (!run->is_last_page)
        return true;
    run->next      = 0;
    run->window_ms = window_end(run);
    return run->window_ms < run->to_ms;
}

static bool refresh_step(const struct call *call, struct pull *pull, struct run *run, const struct http_reply *reply,
                         struct http_request *out, struct err *err)
{
    if (reply && !take_batch(call, pull, run, reply, err))
        return false;
    if (!run->rows || run->at >= run->rows->count) {
        run_end(call, pull, 0);
        return true;
    }
    ask_batch(call, run, out);
    pull->memory = memory_text(call->arena, run_memory, run);
    return true;
}

/* GET /api/common/v1/rating of the feedbacks' host: {"feedbackCount","valuation"}. Asks for a token with the right to feedbacks. */
static bool rating_step(const struct call *call, struct pull *pull, const struct http_reply *reply, struct http_request *out, struct err *err)
{
    const struct json *root = NULL;
    bool told;
    if (!reply) {
        wb_request(call, out, HTTP_GET, wb_host_url(call, "feedbacks-api", "/api/common/v1/rating"), "rating");
        return true;
    }
    if (!rating_reply(call, reply, &root, &told, err) || !told)
        return !err_is_set(err);
    pull->rating = payload_rating(json_get(root, "valuation"));
    return true;
}

bool wb_pull_step(const struct call *call, struct pull *pull, const struct http_reply *reply, struct http_request *out, struct err *err)
{
    struct run run = { 0 };
    if (pull->stream->returns)
        return wb_returns_step(call, pull, reply, out, err);
    if (pull->stream->rating)
        return rating_step(call, pull, reply, out, err);
    if (!(reply ? memory_read(call->arena, run_memory, pull->memory, &run, "memory of a wildberries run", err)
                : run_begin(call, pull, &run, err)))
        return false;
    if (pull->stream->refresh)
        return refresh_step(call, pull, &run, reply, out, err);
    if (reply && !(run.is_joining ? take_join(call, pull, &run, reply, err) : take_page(call, &run, reply, err)))
        return false;
    if (!reply || !ask_join(call, pull, &run, out)) {
        run.rows = NULL;
        run.at   = 0;
        if (reply && !run_advance(pull, &run)) {
            run_end(call, pull, run.to_ms);
            return true;
        }
        if (is_stream(pull, "new"))
            wb_request(call, out, HTTP_GET, wb_url(call, "/api/v3/orders/new"), "orders");
        else
            ask_list(call, &run, out);
    }
    pull->memory = memory_text(call->arena, run_memory, &run);
    return true;
}
