/* returns_pull.c - which claims of buyers and which goods on their way back to ask Wildberries for.
 *
 * claims: those of the last 14 days, which is all that the method gives: the open ones and then the archive, page by page. goods: the
 * report of goods that come back, in windows of 31 days. Neither has a cursor: what has not changed is known by its key.
 */
#include "channels/memory.h"
#include "channels/wildberries/wildberries.h"

#define CLAIM_ROWS     200
#define CLAIM_PAGES_MAX 500
#define GOODS_SPAN_MS  (30 * DAY_MS)
#define GOODS_PAST_MS  (360 * DAY_MS)
#define MOSCOW_MS      (3 * HOUR_MS)

/* One row as a page of its own: what returns_read takes. */
static void row_event(const struct call *call, struct pull *pull, const char *list, const char *id_key, const char *prefix, const struct json *row)
{
    struct buf      buf = buf_in(call->arena);
    struct json_out j   = json_out(&buf);
    str id = row->kind == JSON_OBJECT ? payload_text(json_get(row, id_key)) : (str){ 0 };
    json_begin(&j, NULL, '{');
    json_begin(&j, list, '[');
    json_raw(&j, NULL, json_print(call->arena, row));
    json_end(&j);
    json_end(&j);
    raw_event_add(&pull->events, call->arena, id.len ? str_print(call->arena, "%s%.*s", prefix, STR_ARG(id)) : STR("return"), buf_str(&buf),
                  (str){ 0 });
}

static bool rows_of(const struct call *call, const struct http_reply *reply, const char *name, const struct json **root, const struct json **rows,
                    struct err *err)
{
    if (!reply_read_json(call, reply, root, err))
        return false;
    *rows = json_get(*root, name);
    if (!*rows || (*rows)->kind != JSON_ARRAY)
        return *rows ? payload_wrong(call->arena, *rows, err, "must be a list") : payload_missing(call->arena, NULL, name, err);
    return true;
}

static void claims_url(const struct call *call, bool archive, str id, int64_t limit, int64_t offset, struct http_request *out)
{
    struct buf url = buf_in(call->arena);
    buf_add(&url, wb_host_url(call, "returns-api", "/api/v1/claims"));
    url_query_add(&url, STR("is_archive"), archive ? STR("true") : STR("false"));
    if (id.len)
        url_query_add(&url, STR("id"), id);
    url_query_add(&url, STR("limit"), str_print(call->arena, "%lld", (long long)limit));
    url_query_add(&url, STR("offset"), str_print(call->arena, "%lld", (long long)offset));
    wb_request(call, out, HTTP_GET, buf_str(&url), "claims");
}

void wb_ask_claim(const struct call *call, str id, bool archive, struct http_request *out)
{
    claims_url(call, archive, id, 1, 0, out);
}

struct claims_run { int64_t archive, offset; };
static const struct memory_field claims_memory[] = {
    { "archive", MEMORY_NUMBER, offsetof(struct claims_run, archive) },
    { "offset",  MEMORY_NUMBER, offsetof(struct claims_run, offset) },
    { 0 }
};

/* Rows may move to the archive between two pages: it is read last, and all of it each time. */
static bool claims_step(const struct call *call, struct pull *pull, const struct http_reply *reply, struct http_request *out, struct err *err)
{
    const struct json *root, *rows;
    struct claims_run run = { 0 };
    if (reply) {
        if (!memory_read(call->arena, claims_memory, pull->memory, &run, "memory of a run over claims", err) ||
            !rows_of(call, reply, "claims", &root, &rows, err))
            return false;
        JSON_EACH(row, rows)
            row_event(call, pull, "claims", "id", "", row);
        run.offset += rows->count;
        if (rows->count < CLAIM_ROWS) {
            if (run.archive) {
                run_end(call, pull, 0);
                return true;
            }
            run = (struct claims_run){ .archive = 1 };
        } else if (run.offset > (int64_t)CLAIM_ROWS * CLAIM_PAGES_MAX) {
            return err_set(err, ERR_CHANNEL_PAYLOAD, "claims", "the pages of a list do not end");
        }
    }
    claims_url(call, run.archive != 0, (str){ 0 }, CLAIM_ROWS, run.offset, out);
    pull->memory = memory_text(call->arena, claims_memory, &run);
    return true;
}

static str moscow_date(const struct call *call, int64_t ms)
{
    return date_text(call->arena, (ms + MOSCOW_MS) / DAY_MS);
}

/* The window that was asked for, and the end of the run. */
struct goods_run { int64_t from, to; };
static const struct memory_field goods_memory[] = {
    { "from", MEMORY_NUMBER, offsetof(struct goods_run, from) },
    { "to",   MEMORY_NUMBER, offsetof(struct goods_run, to) },
    { 0 }
};

/* A parcel waits for weeks and its row changes all that time, so a run goes back a whole window behind what was seen. */
static struct goods_run goods_begin(const struct call *call, const struct pull *pull)
{
    int64_t to = call->now.ms, seen = run_seen(call, pull);
    int64_t from = (seen ? seen : to) - GOODS_SPAN_MS, oldest = to - GOODS_PAST_MS;
    return (struct goods_run){ .from = from < oldest ? oldest : from, .to = to };
}

static bool goods_step(const struct call *call, struct pull *pull, const struct http_reply *reply, struct http_request *out, struct err *err)
{
    const struct json *root, *rows;
    struct goods_run run = goods_begin(call, pull);
    if (reply) {
        if (!memory_read(call->arena, goods_memory, pull->memory, &run, "memory of a run over goods that come back", err) ||
            !rows_of(call, reply, "report", &root, &rows, err))
            return false;
        JSON_EACH(row, rows)
            row_event(call, pull, "report", "shkId", "goods:", row);
        run.from += GOODS_SPAN_MS;
        if (run.from >= run.to) {
            run_end(call, pull, run.to);
            return true;
        }
    }
    int64_t    end = run.from + GOODS_SPAN_MS < run.to ? run.from + GOODS_SPAN_MS : run.to;
    struct buf url = buf_in(call->arena);
    buf_add(&url, wb_host_url(call, "seller-analytics-api", "/api/v1/analytics/goods-return"));
    url_query_add(&url, STR("dateFrom"), moscow_date(call, run.from));
    url_query_add(&url, STR("dateTo"), moscow_date(call, end));
    wb_request(call, out, HTTP_GET, buf_str(&url), "goods");
    pull->memory = memory_text(call->arena, goods_memory, &run);
    return true;
}

bool wb_returns_step(const struct call *call, struct pull *pull, const struct http_reply *reply, struct http_request *out, struct err *err)
{
    return strcmp(pull->stream->name, "claims") == 0 ? claims_step(call, pull, reply, out, err) : goods_step(call, pull, reply, out, err);
}
