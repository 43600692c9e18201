/* check.c - the parts of "test the connection" that are the same for every market. */
#include "channels/talk.h"

#define CLOCK_DRIFT_S 5                     /* the Date header has whole seconds, and the reply travelled */

void check_add(struct check *check, struct arena *arena, const char *name, struct check_item found)
{
    struct check_item *item = check_item_list_add(&check->items, arena);
    *item      = found;
    item->name = str_of(name);
}

void check_failed(struct check *check, struct arena *arena, const char *name, const struct err *bad)
{
    check_add(check, arena, name, (struct check_item){ .code = str_of(err_kind(bad->code)->code), .text = err_line(arena, bad) });
}

static void check_clock(const struct call *call, struct check *check, const struct http_reply *reply)
{
    instant theirs;
    if (!http_date_parse(str_trim(http_header_get(&reply->headers, "Date")), &theirs)) {
        check_add(check, call->arena, "clock", (struct check_item){ .ok = true, .code = STR("not_told") });
        return;
    }
    int64_t drift_s = (call->now.ms - theirs.ms) / SECOND_MS;
    if (drift_s >= -CLOCK_DRIFT_S && drift_s <= CLOCK_DRIFT_S)
        check_add(check, call->arena, "clock", (struct check_item){ .ok = true, .code = STR("agrees") });
    else
        check_add(check, call->arena, "clock",
                  (struct check_item){ .code = drift_s < 0 ? STR("behind") : STR("ahead"), .n = drift_s < 0 ? -drift_s : drift_s });
}

bool check_first_reply(const struct call *call, struct check *check, const struct http_reply *reply)
{
    struct err bad = { 0 };
    bool ok = reply_ok(call, reply, &bad);
    if (ok || bad.code != ERR_CHANNEL_AUTH)
        ok = ok || bad.code == ERR_CHANNEL_REFUSED || bad.code == ERR_CHANNEL_RETIRED;
    if (ok)
        check_add(check, call->arena, "key", (struct check_item){ .ok = true, .code = STR("accepted") });
    else
        check_failed(check, call->arena, "key", &bad);
    if (reply->fate == HTTP_ANSWERED)
        check_clock(call, check, reply);
    if (ok && err_is_set(&bad)) {
        check_failed(check, call->arena, "orders", &bad);
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
        check_failed(check, call->arena, "orders", &bad);
        return;
    }
    check_add(check, call->arena, "orders", (struct check_item){ .ok = true, .code = STR("counted"), .n = events.count });
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
    check_add(check, call->arena, "statuses",
              (struct check_item){ .ok = !unknown.len, .code = unknown.len ? STR("unknown") : STR("known"), .about = unknown });
    if (broken.len)
        check_add(check, call->arena, "sample", (struct check_item){ .code = STR("broken"), .text = broken });
    else
        check_add(check, call->arena, "sample",
                  (struct check_item){ .ok = true, .code = sample.len ? STR("read") : STR("none"), .about = sample });
}
