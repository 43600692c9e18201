/* returns_pull.c - which claims of buyers and which goods on their way back to ask Wildberries for.
 *
 * claims: those of the last 14 days, which is all that the method gives: the open ones and then the archive, page by page. goods: the
 * report of goods that come back, in windows of 31 days. Neither has a cursor: what has not changed is known by its key.
 */
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

static str memory_text(const struct call *call, const char *a, int64_t va, const char *b, int64_t vb)
{
    struct buf      buf = buf_in(call->arena);
    struct json_out j   = json_out(&buf);
    json_begin(&j, NULL, '{');
    json_number(&j, a, va);
    json_number(&j, b, vb);
    json_end(&j);
    return buf_str(&buf);
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

/* memory: {"archive":0|1,"offset":n}. Rows may move to the archive between two pages: it is read last, and all of it each time. */
static bool claims_step(const struct call *call, struct pull *pull, const struct http_reply *reply, struct http_request *out, struct err *err)
{
    const struct json *memory = NULL, *root, *rows;
    int64_t archive = 0, offset = 0;
    if (reply) {
        if (!json_read(call->arena, pull->memory, 4096, &memory, err))
            return err_note(err, "memory of a run over claims");
        archive = payload_number(memory, "archive");
        offset  = payload_number(memory, "offset");
        if (!rows_of(call, reply, "claims", &root, &rows, err))
            return false;
        JSON_EACH(row, rows)
            row_event(call, pull, "claims", "id", "", row);
        offset += rows->count;
        if (rows->count < CLAIM_ROWS) {
            if (archive) {
                pull->memory = (str){ 0 };
                return true;
            }
            archive = 1;
            offset  = 0;
        } else if (offset > (int64_t)CLAIM_ROWS * CLAIM_PAGES_MAX) {
            return err_set(err, ERR_CHANNEL_PAYLOAD, "claims", "the pages of a list do not end");
        }
    }
    claims_url(call, archive != 0, (str){ 0 }, CLAIM_ROWS, offset, out);
    pull->memory = memory_text(call, "archive", archive, "offset", offset);
    return true;
}

static str moscow_date(const struct call *call, int64_t ms)
{
    return date_text(call->arena, (ms + MOSCOW_MS) / DAY_MS);
}

/* memory: {"from":ms,"to":ms}: the window that was asked for; cursor: {"seen":ms}. A parcel waits for weeks and its row changes all that
 * time, so a run goes back a whole window behind what was seen. */
static bool goods_step(const struct call *call, struct pull *pull, const struct http_reply *reply, struct http_request *out, struct err *err)
{
    const struct json *memory = NULL, *root, *rows;
    struct err ignored = { 0 };
    int64_t from = call->now.ms - GOODS_SPAN_MS, to = call->now.ms;
    if (reply) {
        if (!json_read(call->arena, pull->memory, 4096, &memory, err))
            return err_note(err, "memory of a run over goods that come back");
        if (!rows_of(call, reply, "report", &root, &rows, err))
            return false;
        JSON_EACH(row, rows)
            row_event(call, pull, "report", "shkId", "goods:", row);
        to   = payload_number(memory, "to");
        from = payload_number(memory, "from") + GOODS_SPAN_MS;
        if (from >= to) {
            pull->memory = (str){ 0 };
            pull->cursor = memory_text(call, "seen", to, "v", 1);
            return true;
        }
    } else if (pull->cursor.len && json_read(call->arena, pull->cursor, 4096, &memory, &ignored)) {
        int64_t seen = payload_number(memory, "seen");
        if (seen > 0 && seen < to)
            from = seen - GOODS_SPAN_MS;
        if (from < to - GOODS_PAST_MS)
            from = to - GOODS_PAST_MS;
    }
    int64_t    end = from + GOODS_SPAN_MS < to ? from + GOODS_SPAN_MS : to;
    struct buf url = buf_in(call->arena);
    buf_add(&url, wb_host_url(call, "seller-analytics-api", "/api/v1/analytics/goods-return"));
    url_query_add(&url, STR("dateFrom"), moscow_date(call, from));
    url_query_add(&url, STR("dateTo"), moscow_date(call, end));
    wb_request(call, out, HTTP_GET, buf_str(&url), "goods");
    pull->memory = memory_text(call, "from", from, "to", to);
    return true;
}

bool wb_returns_step(const struct call *call, struct pull *pull, const struct http_reply *reply, struct http_request *out, struct err *err)
{
    return strcmp(pull->stream->name, "claims") == 0 ? claims_step(call, pull, reply, out, err) : goods_step(call, pull, reply, out, err);
}
