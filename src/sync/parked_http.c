/* parked_http.c - what could not be understood, and commands that did not get through. */
#include "sync/channels_own_http.h"

#include "events/outbox.h"
#include "orders/intake_store.h"
#include "sync/account_flow.h"

#define PAGE_MAX    200
#define SHOWN_BYTES 8000                /* of a payload */
#define STATES_MAX  8

const struct query_param parked_query[] = {
    { "account_id", "of this account only" }, { "limit", "1 to 200" }, { "after", "cursor of the page before" }, { 0 }
};
const struct query_param outbox_query[] = {
    { "state", "states with commas between them; dead,refused when left out" }, { "limit", "1 to 200" },
    { "after", "cursor of the page before" }, { 0 }
};

/* limit= and after=, which is the id of the last row of the page before. */
static bool page_ask(const struct request *rq, int64_t *limit, rid *after, struct err *err)
{
    str from = query_text(rq, "after");
    *after = (rid){ 0 };
    if (from.len && !id_parse(from, after))
        return err_set(err, ERR_QUERY_INVALID, "after", "is not a cursor of this list");
    return query_int(rq, "limit", 1, PAGE_MAX, PAGE_MAX, limit, err);
}

static void page_end(struct json_out *j, struct arena *a, bool more, rid last)
{
    json_end(j);
    json_text_or_null(j, "next", more ? str_print(a, "%lld", (long long)last.v) : STR(""));
    json_end(j);
}

static void parked_write(struct request *rq, const struct intake_row *r, struct json_out *j)
{
    bool may_see = permission_in(rq->who.permissions, PERM_CONTACTS_SEE);   /* payloads hold names, phones, addresses */
    json_begin(j, NULL, '{');
    json_id(j, "id", r->id);
    json_id(j, "account_id", r->account_id);
    json_text_or_null(j, "external_id", r->external_id);
    json_text_or_null(j, "number", r->external_id);
    json_text(j, "stream", r->stream);
    json_instant(j, "received_at", r->received_at);
    json_text(j, "code", r->problem_code);
    json_text(j, "problem", r->problem);
    json_text_or_null(j, "status_key", r->status_key);
    json_number(j, "tries", r->tries);
    json_text_or_null(j, "payload_shown", may_see ? utf8_cut(r->payload, SHOWN_BYTES) : STR(""));
    json_end(j);
}

/* The accounts whose records are asked for: those in scope, or the one that is named. */
static bool accounts_asked(struct request *rq, rid **ids, int *count, struct err *err)
{
    struct channel_account_list all = { 0 };
    rid  only  = { 0 };
    str  asked = query_text(rq, "account_id");
    if (asked.len && !id_parse(asked, &only))
        return err_set(err, ERR_QUERY_INVALID, "account_id", "must be an id");
    if (!accounts_all(rq->work.db, rq->work.arena, &all, err))
        return false;
    *ids = ARENA_ARRAY(rq->work.arena, rid, all.count + 1);
    for (int i = 0; i < all.count; i++)
        if (account_in_scope(rq, all.at[i].id) && (!id_is_set(only) || id_eq(only, all.at[i].id)))
            (*ids)[(*count)++] = all.at[i].id;
    return true;
}

bool parked_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct intake_row_list rows = { 0 };
    int64_t limit;
    rid    *ids, after;
    int     count = 0;
    if (!page_ask(rq, &limit, &after, err) || !accounts_asked(rq, &ids, &count, err))
        return false;
    if (count && !intake_parked_page(rq->work.db, ids, count, after, (int)limit + 1, rq->work.arena, &rows, err))
        return false;
    int shown = rows.count > limit ? (int)limit : rows.count;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < shown; i++)
        parked_write(rq, &rows.at[i], &j);
    page_end(&j, rq->work.arena, rows.count > shown, shown ? rows.at[shown - 1].id : (rid){ 0 });
    return true;
}

/* {id} of the path, when the record is of an account in scope. */
static bool path_parked(struct request *rq, rid *id, struct err *err)
{
    struct intake_row row = { 0 };
    return path_id(rq, "id", id, err) && intake_get(rq->work.db, *id, rq->work.arena, &row, err) &&
           (account_in_scope(rq, row.account_id) || err_set(err, ERR_NOT_FOUND, "id", "there is no such record"));
}

bool parked_retry_post(struct request *rq, struct reply *rp, struct err *err)
{
    rid  id;
    bool applied;
    struct actor who = rq->work.actor;
    if (!path_parked(rq, &id, err))
        return false;
    bool ok = sync_reapply_one(request_sync(rq), &rq->work, id, &applied, err);
    rq->work.actor = who;
    if (!ok)
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_bool(&j, "applied", applied);
    json_end(&j);
    return true;
}

bool parked_drop_post(struct request *rq, struct reply *rp, struct err *err)
{
    rid id;
    if (!path_parked(rq, &id, err) || !parked_drop(&rq->work, id, err))
        return false;
    rp->status = REPLY_NO_CONTENT;
    return true;
}

/* ---- commands in trouble ---- */

static bool states_read(struct request *rq, str *states, int *count, struct err *err)
{
    static const char *const known[] = { "held", "queued", "sending", "done", "refused", "dead", "undone", "dropped", "shadow", NULL };
    str rest = query_text(rq, "state"), one;
    if (!rest.len)
        rest = STR("dead,refused");
    while (str_split(&rest, ',', &one)) {
        if (name_find(known, one) < 0)
            return err_set(err, ERR_QUERY_INVALID, "state", "must be states of commands with commas between them");
        if (*count >= STATES_MAX)
            return err_set(err, ERR_LIMIT, "state", "at most %d states", STATES_MAX);
        states[(*count)++] = one;
    }
    return true;
}

static str number_of(const struct order_number_list *numbers, rid order)
{
    for (int i = 0; i < numbers->count; i++)
        if (id_eq(numbers->at[i].id, order))
            return numbers->at[i].number;
    return (str){ 0 };
}

static void command_write(const struct command_row *r, str number, struct json_out *j)
{
    json_begin(j, NULL, '{');
    json_id(j, "id", r->id);
    json_id(j, "account_id", r->account_id);
    json_id(j, "order_id", r->order_id);
    json_text(j, "number", number);
    json_text(j, "op", r->op);
    json_text(j, "state", r->state);
    json_text(j, "text", r->text);
    json_number(j, "tries", r->tries);
    json_instant(j, "at", r->created_at);
    json_instant(j, "next_at", str_is(r->state, "queued") || str_is(r->state, "held") ? r->not_before : (instant){ 0 });
    json_instant(j, "sent_at", r->sent_at);
    json_instant(j, "done_at", r->done_at);
    json_text(j, "actor_name", r->actor_name);
    json_end(j);
}

bool commands_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct command_row_list  rows    = { 0 };
    struct order_number_list numbers = { 0 };
    str     states[STATES_MAX];
    int64_t limit;
    bool    more;
    struct outbox_ask ask = { .states = states, .accounts = rq->who.accounts, .accounts_count = rq->who.accounts_count };
    if (!states_read(rq, states, &ask.states_count, err) || !page_ask(rq, &limit, &ask.below, err))
        return false;
    ask.max = (int)limit;
    if (!outbox_in_states(rq->work.db, &ask, rq->work.arena, &rows, &more, err))
        return false;
    rid *orders = ARENA_ARRAY(rq->work.arena, rid, rows.count + 1);
    for (int i = 0; i < rows.count; i++)
        orders[i] = rows.at[i].order_id;
    if (rows.count && !order_numbers(rq->work.db, orders, rows.count, rq->work.arena, &numbers, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < rows.count; i++)
        command_write(&rows.at[i], number_of(&numbers, rows.at[i].order_id), &j);
    page_end(&j, rq->work.arena, more, rows.count ? rows.at[rows.count - 1].id : (rid){ 0 });
    return true;
}
