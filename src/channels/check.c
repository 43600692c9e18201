/* check.c - the parts of "test the connection" that are the same for every market. */
#include "channels/talk.h"

#define CLOCK_DRIFT_S 5                     /* the Date header has whole seconds, and the reply travelled */

void check_add(struct check *check, struct arena *arena, const char *name, bool ok, str text)
{
    struct check_item *item = check_item_list_add(&check->items, arena);
    item->name = str_of(name);
    item->ok   = ok;
    item->text = text;
}

static void check_clock(const struct call *call, struct check *check, const struct http_reply *reply)
{
    instant theirs;
    if (!http_date_parse(str_trim(http_header_get(&reply->headers, "Date")), &theirs)) {
        check_add(check, call->arena, "clock", true, STR("the market did not tell its time"));
        return;
    }
    int64_t drift_s = (call->now.ms - theirs.ms) / SECOND_MS;
    bool    ok      = drift_s >= -CLOCK_DRIFT_S && drift_s <= CLOCK_DRIFT_S;
    check_add(check, call->arena, "clock", ok,
              ok ? STR("both clocks agree")
                 : str_print(call->arena, "this computer's clock is %lld s %s", (long long)(drift_s < 0 ? -drift_s : drift_s),
                             drift_s < 0 ? "behind" : "ahead"));
}

bool check_first_reply(const struct call *call, struct check *check, const struct http_reply *reply)
{
    struct err bad = { 0 };
    bool ok = reply_ok(call, reply, &bad);
    if (ok || bad.code != ERR_CHANNEL_AUTH)
        ok = ok || bad.code == ERR_CHANNEL_REFUSED || bad.code == ERR_CHANNEL_RETIRED;
    check_add(check, call->arena, "key", ok, ok ? STR("the key is accepted") : err_line(call->arena, &bad));
    if (reply->fate == HTTP_ANSWERED)
        check_clock(call, check, reply);
    if (ok && err_is_set(&bad)) {
        check_add(check, call->arena, "orders", false, err_line(call->arena, &bad));
        return false;
    }
    return ok;
}

void check_page(const struct call *call, const struct channel *channel, struct check *check, str body)
{
    struct raw_event_list events = { 0 };
    struct err bad = { 0 };
    str unknown = { 0 }, sample = { 0 }, broken = { 0 };
    if (!channel->page_read(call, body, &events, &bad)) {
        check_add(check, call->arena, "orders", false, err_line(call->arena, &bad));
        return;
    }
    check_add(check, call->arena, "orders", true, str_print(call->arena, "%d orders on the first page", events.count));
    for (int i = 0; i < events.count; i++) {
        struct order_draft draft = { 0 };
        err_clear(&bad);
        if (events.at[i].problem.len || !channel->order_read(call, events.at[i].payload, &draft, &bad)) {
            broken = events.at[i].problem.len ? events.at[i].problem : err_line(call->arena, &bad);
            continue;
        }
        if (draft.status_key.len && !status_row_find(channel->statuses, draft.status_key))
            unknown = draft.status_key;
        sample = draft.number;
    }
    check_add(check, call->arena, "statuses", !unknown.len,
              unknown.len ? str_print(call->arena, "unknown status %.*s", STR_ARG(unknown)) : STR("all status words are known"));
    check_add(check, call->arena, "sample", !broken.len,
              broken.len ? broken
                         : sample.len ? str_print(call->arena, "order %.*s was read", STR_ARG(sample)) : STR("no order to look at"));
}
