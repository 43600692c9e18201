/* parked_http.c - what could not be understood, and commands that did not get through. */
#include "sync/channels_own_http.h"

#include "events/outbox.h"
#include "orders/intake_store.h"
#include "sync/account_flow.h"

#define PARKED_MAX  200
#define SHOWN_BYTES 8000                /* of a payload */
#define STATES_MAX  8

const struct query_param parked_query[] = { { "account_id", "of this account only" }, { 0 } };
const struct query_param outbox_query[] = { { "state", "states with commas between them; dead,refused when left out" }, { 0 } };

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

bool parked_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct channel_account_list accounts = { 0 };
    struct intake_row_list      rows     = { 0 };
    rid  only  = { 0 };
    str  asked = query_text(rq, "account_id");
    if (asked.len && !id_parse(asked, &only))
        return err_set(err, ERR_QUERY_INVALID, "account_id", "must be an id");
    if (!accounts_all(rq->work.db, rq->work.arena, &accounts, err))
        return false;
    for (int i = 0; i < accounts.count && rows.count < PARKED_MAX; i++) {
        rid id = accounts.at[i].id;
        if (!account_in_scope(rq, id) || (id_is_set(only) && !id_eq(only, id)))
            continue;
        if (!intake_parked(rq->work.db, id, STR(""), PARKED_MAX - rows.count, rq->work.arena, &rows, err))
            return false;
    }
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < rows.count; i++)
        parked_write(rq, &rows.at[i], &j);
    json_end(&j);
    json_null(&j, "next");
    json_end(&j);
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
    str  states[STATES_MAX];
    int  count = 0, shown = 0;
    if (!states_read(rq, states, &count, err) || !outbox_in_states(rq->work.db, states, count, PARKED_MAX, rq->work.arena, &rows, err))
        return false;
    rid *orders = ARENA_ARRAY(rq->work.arena, rid, rows.count + 1);
    for (int i = 0; i < rows.count; i++)
        if (account_in_scope(rq, rows.at[i].account_id)) {
            rows.at[shown] = rows.at[i];
            orders[shown]  = rows.at[shown].order_id;
            shown++;
        }
    if (shown && !order_numbers(rq->work.db, orders, shown, rq->work.arena, &numbers, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < shown; i++)
        command_write(&rows.at[i], number_of(&numbers, rows.at[i].order_id), &j);
    json_end(&j);
    json_null(&j, "next");
    json_end(&j);
    return true;
}
