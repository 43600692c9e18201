#include "accounts/audit.h"
#include "events/outbox.h"
#include "orders/board.h"
#include "orders/order_flow.h"
#include "orders/queue_http.h"

static bool in_scope(const struct request *rq, rid account)
{
    for (int i = 0; i < rq->who.accounts_count; i++)
        if (id_eq(rq->who.accounts[i], account))
            return true;
    return rq->who.accounts_count == 0;
}

/* The order of the path, if it exists and the person may see it. */
static bool order_of(struct request *rq, rid *id, struct order *o, struct err *err)
{
    if (!path_id(rq, "id", id, err) || !order_get(rq->work.db, *id, rq->work.arena, o, err))
        return false;
    unsigned statuses = request_scope(rq).statuses;
    return (in_scope(rq, o->account_id) && (!statuses || statuses & BIT(o->status))) ||
           err_set(err, ERR_NOT_FOUND, "id", "there is no such order");
}

/* ---- actions ---- */

struct action_body { str reason, comment, code; int64_t boxes; };
static const struct field action_fields[] = {
    FIELD(action_body, reason,  .max = 100,  .doc = "of a cancellation: a code of the channel"),
    FIELD(action_body, comment, .max = 1000),
    FIELD(action_body, code,    .max = 32,   .doc = "security code that the buyer shows"),
    FIELD(action_body, boxes,   .min = 0, .max = 99, .doc = "parcels"),
};
static const struct record action_record = RECORD(action_body, "OrderAction", action_fields);

static struct action_input input_of(const struct request *rq, enum order_action action)
{
    return (struct action_input){ .action = action, .hold_s = rq->who.hold_s, .accounts = rq->who.accounts,
                                  .accounts_count = rq->who.accounts_count };
}

static bool row_reply(struct request *rq, struct reply *rp, rid id, const struct action_result *res, struct err *err)
{
    struct queue_row_list list  = { 0 };
    struct queue_scope    scope = request_scope(rq);
    struct row_view       view  = request_view(rq);

    if (!queue_rows_by_ids(rq->work.db, &id, 1, &scope, rq->work.arena, &list, err))
        return false;
    if (!list.count)
        return err_set(err, ERR_NOT_FOUND, "id", "there is no such order");
    struct json_out j = reply_json(rq, rp);
    if (!res) {
        queue_row_write(&j, NULL, &list.at[0], &view);
        return true;
    }
    json_begin(&j, NULL, '{');
    queue_row_write(&j, "order", &list.at[0], &view);
    json_text_or_null(&j, "undo", res->undo);
    json_instant(&j, "hold_until", res->hold_until);
    json_instant(&j, "now", rq->work.now);
    json_end(&j);
    return true;
}

static bool act(struct request *rq, struct reply *rp, enum order_action action, struct err *err)
{
    const struct action_body *in = rq->record;
    struct action_input       a  = input_of(rq, action);
    struct action_result      res;
    rid                       id;

    a.reason  = in->reason;
    a.comment = in->comment;
    a.code    = in->code;
    a.boxes   = (int)in->boxes;
    if (action == ACT_CANCEL && !a.reason.len)
        return err_add(err, "reason", "say why the order is cancelled");
    return path_id(rq, "id", &id, err) && order_do(&rq->work, id, &a, &res, err) && row_reply(rq, rp, id, &res, err);
}

static bool confirm_post(struct request *rq, struct reply *rp, struct err *err) { return act(rq, rp, ACT_CONFIRM, err); }
static bool assemble_post(struct request *rq, struct reply *rp, struct err *err) { return act(rq, rp, ACT_ASSEMBLE, err); }
static bool release_post(struct request *rq, struct reply *rp, struct err *err) { return act(rq, rp, ACT_RELEASE, err); }
static bool ready_post(struct request *rq, struct reply *rp, struct err *err) { return act(rq, rp, ACT_READY, err); }
static bool hand_over_post(struct request *rq, struct reply *rp, struct err *err) { return act(rq, rp, ACT_HAND_OVER, err); }
static bool cancel_post(struct request *rq, struct reply *rp, struct err *err) { return act(rq, rp, ACT_CANCEL, err); }

/* ---- many at once ---- */

struct bulk_ask { str action; const rid *ids; int count; bool dry_run, assigns; enum order_action act; rid assignee; };

static bool is_excepted(const struct json *except, int64_t id)
{
    JSON_EACH(e, except) {
        rid x;
        if (id_parse(json_str(e), &x) && x.v == id)
            return true;
    }
    return false;
}

static bool ids_by_query(struct request *rq, str query, const struct json *except, struct bulk_ask *b, struct err *err)
{
    struct queue_filter f;
    struct int_list     found = { 0 };
    struct queue_scope  scope = request_scope(rq);
    struct arena       *a     = rq->work.arena;

    if (!request_filter(rq, query, &f, err))
        return false;
    f.open_only = true;
    if (!queue_ids(rq->work.db, &f, &scope, BULK_MAX + 1, a, &found, err))
        return false;
    if (found.count > BULK_MAX)
        return err_set(err, ERR_LIMIT, "query", "more than %d orders match; narrow the list", BULK_MAX);
    rid *ids = ARENA_ARRAY(a, rid, found.count + 1);
    for (int i = 0; i < found.count; i++)
        if (!is_excepted(except, found.at[i]))
            ids[b->count++] = (rid){ found.at[i] };
    b->ids = ids;
    return true;
}

static bool ids_listed(struct request *rq, const struct json *list, struct bulk_ask *b, struct err *err)
{
    if (!list || list->kind != JSON_ARRAY || list->count > BULK_MAX)
        return err_add(err, "ids", "must be a list of at most %d ids", BULK_MAX);
    rid *ids = ARENA_ARRAY(rq->work.arena, rid, list->count + 1);
    JSON_EACH(e, list) {
        if (!id_parse(json_str(e), &ids[b->count]))
            return err_add(err, "ids", "must be ids");
        bool seen = false;              /* an order is worked on once, however often it is named */
        for (int i = 0; i < b->count && !seen; i++)
            seen = id_eq(ids[i], ids[b->count]);
        b->count += !seen;
    }
    b->ids = ids;
    return true;
}

static bool bulk_read(struct request *rq, struct bulk_ask *b, struct err *err)
{
    const struct json *in     = rq->json;
    str                action = json_str(json_get(in, "action"));
    int                named  = name_find(order_action_names, action);

    *b = (struct bulk_ask){ .action = action, .dry_run = json_true(json_get(in, "dry_run")), .assigns = str_is(action, "assign") };
    if (named < 0 && !b->assigns)
        return err_add(err, "action", "must be confirm, assemble, release, ready, hand_over, cancel or assign");
    b->act = (enum order_action)named;
    enum permission need = b->assigns ? PERM_ORDERS_WORK : order_action_right(b->act);
    if (!permission_in(rq->who.permissions, need))
        return err_set(err, ERR_FORBIDDEN, "action", "this needs the right \"%s\"", permission_names[need]);
    if (b->assigns && !json_is_null(json_get(in, "assignee_id")) && !id_parse(json_str(json_get(in, "assignee_id")), &b->assignee))
        return err_add(err, "assignee_id", "must be an id or null");
    if (!b->assigns && b->act == ACT_CANCEL && !json_str(json_get(in, "reason")).len && !b->dry_run)
        return err_add(err, "reason", "say why the orders are cancelled");
    if (json_get(in, "query"))
        return ids_by_query(rq, json_str(json_get(in, "query")), json_get(in, "except"), b, err);
    return ids_listed(rq, json_get(in, "ids"), b, err);
}

void bulk_reply(struct request *rq, struct reply *rp, int total, const struct action_result *res)
{
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_number(&j, "total", total);
    if (request_view(rq).prices)
        json_amount_text(&j, "sum", (amount){ res->sum });
    else
        json_null(&j, "sum");
    json_text_or_null(&j, "currency", res->currency);
    json_begin(&j, "sums", '[');
    for (int i = 0; i < res->sums.count && request_view(rq).prices; i++) {
        json_begin(&j, NULL, '{');
        json_text(&j, "currency", res->sums.at[i].currency);
        json_amount_text(&j, "sum", (amount){ res->sums.at[i].total });
        json_end(&j);
    }
    json_end(&j);
    json_begin(&j, "done", '[');
    for (int i = 0; i < res->done.count; i++)
        json_id(&j, NULL, (rid){ res->done.at[i] });
    json_end(&j);
    json_begin(&j, "refused", '[');
    for (int i = 0; i < res->refused.count; i++) {
        json_begin(&j, NULL, '{');
        json_id(&j, "id", res->refused.at[i].id);
        json_text(&j, "number", res->refused.at[i].number);
        json_text(&j, "code", res->refused.at[i].code);
        json_text(&j, "text", res->refused.at[i].text);
        json_end(&j);
    }
    json_end(&j);
    json_text_or_null(&j, "undo", res->undo);
    json_instant(&j, "hold_until", res->hold_until);
    json_instant(&j, "now", rq->work.now);
    json_end(&j);
}

static bool bulk_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct bulk_ask      b;
    struct action_result res = { 0 };

    if (!bulk_read(rq, &b, err))
        return false;
    struct action_input in = input_of(rq, b.assigns ? ACT_CONFIRM : b.act);
    in.reason              = utf8_cut(json_str(json_get(rq->json, "reason")), 100);
    in.comment             = utf8_cut(json_str(json_get(rq->json, "comment")), 1000);
    bool fine = b.assigns ? order_assign(&rq->work, b.ids, b.count, b.assignee, &in, &res, err)
                          : order_do_many(&rq->work, b.ids, b.count, &in, b.dry_run, &res, err);
    if (!fine)
        return false;

    bulk_reply(rq, rp, b.count, &res);
    return true;
}

static bool undo_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct undo_result res;
    str token = json_str(json_get(rq->json, "token"));

    if (!token.len)
        return err_add(err, "token", "is missing");
    const struct undo_right by = { rq->who.accounts, rq->who.accounts_count, permission_in(rq->who.permissions, PERM_ORDERS_WORK),
                                   permission_in(rq->who.permissions, PERM_ORDERS_CANCEL) };
    if (!order_undo(&rq->work, token, &by, &res, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    const struct { const char *name; const struct int_list *list; } parts[] = { { "undone", &res.undone }, { "late", &res.late } };
    json_begin(&j, NULL, '{');
    for (int p = 0; p < 2; p++) {
        json_begin(&j, parts[p].name, '[');
        for (int i = 0; i < parts[p].list->count; i++)
            json_id(&j, NULL, (rid){ parts[p].list->at[i] });
        json_end(&j);
    }
    json_end(&j);
    return true;
}

/* ---- set aside, seen ---- */

struct hold_body { instant until; str reason; };
static const struct field hold_fields[] = {
    FIELD(hold_body, until,  .required = true, .doc = "when it comes back by itself; at most 90 days ahead"),
    FIELD(hold_body, reason, .max = 400, .doc = "why, for colleagues"),
};
static const struct record hold_record = RECORD(hold_body, "OrderHold", hold_fields);

static bool hold_post(struct request *rq, struct reply *rp, struct err *err)
{
    const struct hold_body *in = rq->record;
    struct order o;
    rid          id;
    return order_of(rq, &id, &o, err) && order_hold(&rq->work, id, in->until, str_trim(in->reason), err) &&
           row_reply(rq, rp, id, NULL, err);
}

static bool unhold_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct order o;
    rid          id;
    return order_of(rq, &id, &o, err) && order_unhold(&rq->work, id, err) && row_reply(rq, rp, id, NULL, err);
}

static bool seen_post(struct request *rq, struct reply *rp, struct err *err)
{
    const struct json *version = json_get(rq->json, "version");
    struct order o;
    int64_t      seen = 0;
    rid          id;
    if (!order_of(rq, &id, &o, err))
        return false;
    if (!json_int(version, &seen))
        return err_add(err, "version", "must be the version of the order that was seen");
    if (!order_changes_see(&rq->work, id, seen, err))
        return false;
    rp->status = REPLY_NO_CONTENT;
    return true;
}

/* ---- beside the status ---- */

static bool assign_post(struct request *rq, struct reply *rp, struct err *err)
{
    const struct json   *who = json_get(rq->json, "assignee_id");
    struct action_input  in  = input_of(rq, ACT_CONFIRM);
    struct action_result res;
    rid                  id, to = { 0 };

    if (!json_is_null(who) && !id_parse(json_str(who), &to))
        return err_add(err, "assignee_id", "must be an id or null");
    return path_id(rq, "id", &id, err) && order_assign(&rq->work, &id, 1, to, &in, &res, err) && row_reply(rq, rp, id, NULL, err);
}

static bool note_post(struct request *rq, struct reply *rp, struct err *err)
{
    const struct note *in = rq->record;
    struct order       o;
    struct note        n;
    rid                id;

    if (!order_of(rq, &id, &o, err) || !order_note(&rq->work, id, in->text, &n, err))
        return false;
    rp->status = REPLY_CREATED;
    return reply_record(rq, rp, &note_record, &n);
}

static bool task_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct task  t = *(const struct task *)rq->record;
    struct order o;
    rid          id;

    if (!order_of(rq, &id, &o, err))
        return false;
    t.order_id = id;
    if (!order_task(&rq->work, &t, err))
        return false;
    rp->status = REPLY_CREATED;
    return reply_record(rq, rp, &task_record, &t);
}

#define TAGS_BYTES_MAX 500              /* as the field table says */

static bool patch_order(struct request *rq, struct reply *rp, struct err *err)
{
    const struct json *in = rq->json;
    struct order_patch p  = { .has_comment = json_get(in, "comment"), .has_tags = json_get(in, "tags") };
    struct order       o;
    struct buf         tags = buf_in(rq->work.arena);
    int64_t            version;
    rid                id;

    if (!request_version(rq, &version, err) || !order_of(rq, &id, &o, err))
        return false;
    const struct json *comment = json_get(in, "comment"), *list = json_get(in, "tags");
    if (!json_is_null(comment) && comment->kind != JSON_TEXT)
        return err_add(err, "comment", "must be text or null");
    if (!json_is_null(list) && list->kind != JSON_ARRAY)
        return err_add(err, "tags", "must be a list of texts");
    p.comment = json_str(comment);
    if (p.comment.len > 2000)
        return err_add(err, "comment", "must be 2000 bytes or less");
    JSON_EACH(t, list) {
        str tag = str_trim(json_str(t));
        if (!tag.len || tag.len > 60 || str_has(tag, STR(",")) || str_has(tag, STR("%")) || str_has(tag, STR("_")))
            return err_add(err, "tags", "a tag has 1 to 60 characters, without , %% _");
        buf_print(&tags, "%s%.*s,", tags.len ? "" : ",", STR_ARG(tag));
    }
    if (tags.len > TAGS_BYTES_MAX)
        return err_add(err, "tags", "are too many: all together must be %d bytes or less", TAGS_BYTES_MAX);
    p.tags = buf_str(&tags);
    bool       done  = order_patch(&rq->work, id, version, &p, &o, err);
    struct err other = { 0 };
    if (!done && err->code != ERR_VERSION_OLD)
        return false;
    return row_reply(rq, rp, id, NULL, done ? err : &other) && done;       /* what is there now goes out with the refusal */
}

/* ---- commands that the market did not take ---- */

struct command_change { struct request *rq; rid id; bool retry; };

static bool command_tx(struct db *db, void *ctx, struct err *err)
{
    struct command_change *c = ctx;
    struct command_row     row;
    if (!outbox_get(db, c->id, c->rq->work.arena, &row, err))
        return false;
    if (!in_scope(c->rq, row.account_id))
        return err_set(err, ERR_NOT_FOUND, "id", "there is no such command");
    struct work *w    = &c->rq->work;
    bool         done = c->retry ? outbox_retry(db, c->id, w->now, err)
                                 : outbox_drop(db, c->id, err) && tasks_close_rule(db, row.order_id, command_task_rule(w->arena, c->id),
                                                                                   STR("cancelled"), w->now, err);
    return done && audit_write(db, &c->rq->work, c->retry ? STR("command.retry") : STR("command.drop"), STR("command"), c->id,
                               (str){ 0 }, (str){ 0 }, err);
}

static bool command_change(struct request *rq, struct reply *rp, bool retry, struct err *err)
{
    struct command_change c = { .rq = rq, .retry = retry };
    if (!path_id(rq, "id", &c.id, err) || !db_tx(rq->work.db, command_tx, &c, err))
        return false;
    rp->status = REPLY_NO_CONTENT;
    return true;
}
static bool retry_post(struct request *rq, struct reply *rp, struct err *err) { return command_change(rq, rp, true, err); }
static bool drop_post(struct request *rq, struct reply *rp, struct err *err) { return command_change(rq, rp, false, err); }

#define ACTION(name, right, fn, text) \
    { HTTP_POST, "/api/orders/{id}/" name, right, fn, .body = &action_record, .reply_schema = "OrderActed", .creates = true, \
      .tag = "orders", .doc = text }
const struct route order_routes[] = {
    ACTION("confirm", PERM_ORDERS_WORK, confirm_post, "Promise the marketplace to deliver"),
    ACTION("assemble", PERM_PICKING, assemble_post, "Take to assembly"),
    ACTION("release", PERM_PICKING, release_post, "Back from assembly"),
    ACTION("ready", PERM_PICKING, ready_post, "Packed, waits for the courier"),
    ACTION("hand_over", PERM_ORDERS_WORK, hand_over_post, "Given to the courier or the buyer"),
    ACTION("cancel", PERM_ORDERS_CANCEL, cancel_post, "Cancel, with the channel's reason"),
    { HTTP_PATCH, "/api/orders/{id}", PERM_ORDERS_WORK, patch_order, .json = true, .edits = true, .reply_schema = "QueueRow",
      .tag = "orders", .doc = "Comment and tags" },
    { HTTP_POST, "/api/orders/{id}/hold", PERM_ORDERS_WORK, hold_post, .body = &hold_record, .reply_schema = "QueueRow", .creates = true,
      .tag = "orders", .doc = "Set aside until a date: nothing but cancelling may be done meanwhile" },
    { HTTP_POST, "/api/orders/{id}/unhold", PERM_ORDERS_WORK, unhold_post, .reply_schema = "QueueRow", .creates = true, .tag = "orders",
      .doc = "Bring an order that was set aside back" },
    { HTTP_POST, "/api/orders/{id}/seen", PERM_ORDERS_WORK, seen_post, .json = true, .tag = "orders",
      .doc = "What the marketplace changed up to this version has been seen" },
    { HTTP_POST, "/api/orders/{id}/assign", PERM_ORDERS_WORK, assign_post, .json = true, .reply_schema = "QueueRow", .tag = "orders",
      .doc = "Who works on it; null: nobody" },
    { HTTP_POST, "/api/orders/{id}/notes", PERM_ORDERS_NOTE, note_post, .body = &note_record, .reply = &note_record, .creates = true,
      .tag = "orders", .doc = "A note for colleagues" },
    { HTTP_POST, "/api/orders/{id}/tasks", PERM_ORDERS_NOTE, task_post, .body = &task_record, .reply = &task_record, .creates = true,
      .tag = "orders", .doc = "Something to be done about the order" },
    { HTTP_POST, "/api/bulk", PERM_ORDERS_SEE, bulk_post, .json = true, .reply_schema = "BulkResult", .creates = true, .tag = "orders",
      .doc = "One action on many orders, by ids or by a list's filter; dry_run changes nothing" },
    { HTTP_POST, "/api/undo", PERM_ORDERS_SEE, undo_post, .json = true, .reply_schema = "UndoResult", .tag = "orders",
      .doc = "Take back what still waits in the hold window" },
    { HTTP_POST, "/api/commands/{id}/retry", PERM_ORDERS_WORK, retry_post, .tag = "orders", .doc = "Send a refused or buried command again" },
    { HTTP_POST, "/api/commands/{id}/drop", PERM_ORDERS_WORK, drop_post, .tag = "orders", .doc = "Give a refused or buried command up" },
    { .method = HTTP_NONE },
};
