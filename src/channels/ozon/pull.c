/* pull.c - which postings to ask Ozon for.
 *
 * unfulfilled: all that waits for the seller, the whole of it each time. list: everything whose status changed since the last
 * run, with an overlap. refresh: one posting by number, for open ones that went quiet and for the hints of a push.
 * v4 methods only: the v3 lists were switched off on 2026-08-31 (sheet, section 0).
 */
#include "channels/memory.h"
#include "channels/ozon/ozon.h"

#define OVERLAP_MS      (15 * MINUTE_MS)
#define SPAN_MS         (364 * DAY_MS)      /* the period of a request may not exceed a year */
#define PAGE_ROWS       100
#define PAGES_MAX       5000

struct run {
    int64_t from_ms, to_ms, pages, at;
    str     cursor;
    const struct json *numbers;         /* refresh */
};

static const struct memory_field run_memory[] = {
    { "from",    MEMORY_NUMBER, offsetof(struct run, from_ms) },
    { "to",      MEMORY_NUMBER, offsetof(struct run, to_ms) },
    { "pages",   MEMORY_NUMBER, offsetof(struct run, pages) },
    { "at",      MEMORY_NUMBER, offsetof(struct run, at) },
    { "cursor",  MEMORY_TEXT,   offsetof(struct run, cursor) },
    { "numbers", MEMORY_JSON,   offsetof(struct run, numbers) },
    { 0 }
};

static bool run_begin(const struct call *call, const struct pull *pull, struct run *run, struct err *err)
{
    if (pull->stream->refresh) {
        str *numbers = ARENA_ARRAY(call->arena, str, pull->known.count + 1);
        for (int i = 0; i < pull->known.count; i++)
            numbers[i] = pull->known.at[i].external_id;
        return run_list(call, numbers, pull->known.count, &run->numbers, err);
    }
    run->to_ms   = call->now.ms;
    run->from_ms = run_from(call, pull, setting_number(call, ozon_settings, "history_days", 1, 360, 30), OVERLAP_MS);
    if (run->from_ms < run->to_ms - SPAN_MS)
        run->from_ms = run->to_ms - SPAN_MS;
    return true;
}

static void with_write(struct json_out *j)
{
    json_begin(j, "with", '{');
    json_bool(j, "analytics_data", true);
    json_bool(j, "barcodes", true);
    json_bool(j, "financial_data", false);
    json_end(j);
}

static void ask_list(const struct call *call, const struct run *run, struct http_request *out)
{
    struct buf buf = buf_in(call->arena);
    struct json_out j = json_out(&buf);
    json_begin(&j, NULL, '{');
    json_text(&j, "cursor", run->cursor);
    json_number(&j, "limit", PAGE_ROWS);
    json_text(&j, "sort_dir", STR("ASC"));
    json_begin(&j, "filter", '{');
    json_instant(&j, "since", (instant){ run->to_ms - SPAN_MS });
    json_instant(&j, "to", (instant){ run->to_ms });
    json_begin(&j, "last_changed_status_date", '{');
    json_instant(&j, "from", (instant){ run->from_ms });
    json_instant(&j, "to", (instant){ run->to_ms });
    json_end(&j);
    json_end(&j);
    with_write(&j);
    json_end(&j);
    ozon_request(call, out, "/v4/posting/fbs/list", buf_str(&buf));
}

void ozon_ask_unfulfilled(const struct call *call, str cursor, int limit, struct http_request *out)
{
    struct buf buf = buf_in(call->arena);
    struct json_out j = json_out(&buf);
    json_begin(&j, NULL, '{');
    json_text(&j, "cursor", cursor);
    json_number(&j, "limit", limit);
    json_text(&j, "sort_dir", STR("ASC"));
    json_begin(&j, "filter", '{');
    json_instant(&j, "cutoff_from", instant_add(call->now, -90 * DAY_MS));
    json_instant(&j, "cutoff_to", instant_add(call->now, 90 * DAY_MS));
    json_end(&j);
    with_write(&j);
    json_end(&j);
    ozon_request(call, out, "/v4/posting/fbs/unfulfilled/list", buf_str(&buf));
}

static void ask(const struct call *call, const struct pull *pull, const struct run *run, struct http_request *out)
{
    if (run->numbers)
        ozon_ask_posting(call, json_str(json_at(run->numbers, (int)run->at)), out);
    else if (strcmp(pull->stream->name, "list") == 0)
        ask_list(call, run, out);
    else
        ozon_ask_unfulfilled(call, run->cursor, PAGE_ROWS, out);
}

/* A posting that Ozon does not know any more is passed over: there is nothing to read back. */
static bool is_gone(const struct run *run, const struct http_reply *reply)
{
    return run->numbers && reply->fate == HTTP_ANSWERED && reply->status == 404;
}

static bool take_page(const struct call *call, struct pull *pull, struct run *run, const struct http_reply *reply, bool *more,
                      struct err *err)
{
    const struct json *root;
    struct err said = { 0 };
    bool ok = reply_read_json(call, reply, &root, &said);
    *more = run->numbers && ++run->at < run->numbers->count;
    if (!ok && said.code != ERR_CHANNEL_RETIRED && is_gone(run, reply))
        return true;
    if (!ok && !run->numbers && reply->fate == HTTP_ANSWERED && reply->status == 404)
        said.code = ERR_CHANNEL_RETIRED;                    /* a list has nothing else that could be missing */
    if (!ok) {
        *err = said;
        return false;
    }
    if (!ozon_page_events(call, root, &pull->events, err))
        return false;
    if (run->numbers)
        return true;
    const struct json *in = json_get(root, "postings") ? root : json_get(root, "result");
    str next = json_str(json_get(in, "cursor"));
    *more = json_true(json_get(in, "has_next"));
    if (*more && (!next.len || str_eq(next, run->cursor)))  /* the rest must not be taken for read */
        return err_set(err, ERR_CHANNEL_PAYLOAD, "cursor", "there is a next page, and no way to it");
    run->cursor = next;
    if (++run->pages > PAGES_MAX)
        return err_set(err, ERR_CHANNEL_PAYLOAD, "has_next", "the pages of a list do not end");
    return true;
}

/* POST /v1/rating/summary: groups of ratings, of which the average score of the products is what buyers see. Official file of 2026-04-30. */
static bool rating_step(const struct call *call, struct pull *pull, const struct http_reply *reply, struct http_request *out, struct err *err)
{
    const struct json *root = NULL;
    bool told;
    if (!reply) {
        ozon_request(call, out, "/v1/rating/summary", STR("{}"));
        return true;
    }
    if (!rating_reply(call, reply, &root, &told, err) || !told)
        return !err_is_set(err);
    JSON_EACH(group, json_get(root, "groups"))
        JSON_EACH(item, json_get(group, "items"))
            if (str_is(json_str(json_get(item, "rating")), "rating_review_avg_score_total"))
                pull->rating = payload_rating(json_get(item, "current_value"));
    return true;
}

bool ozon_pull_step(const struct call *call, struct pull *pull, const struct http_reply *reply, struct http_request *out, struct err *err)
{
    struct run run = { 0 };
    bool more = true;
    if (pull->stream->returns)
        return ozon_returns_step(call, pull, reply, out, err);
    if (pull->stream->rating)
        return rating_step(call, pull, reply, out, err);
    if (!(reply ? memory_read(call->arena, run_memory, pull->memory, &run, "memory of an ozon run", err)
                : run_begin(call, pull, &run, err)))
        return false;
    if (reply && !take_page(call, pull, &run, reply, &more, err))
        return false;
    if (!more || (run.numbers && run.at >= run.numbers->count)) {
        run_end(call, pull, run.to_ms);
        return true;
    }
    ask(call, pull, &run, out);
    pull->memory = memory_text(call->arena, run_memory, &run);
    return true;
}
