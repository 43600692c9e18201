/* Many returns at once: the same step, or a person who has them. And one that is two. */
#include "returns/return_bulk_flow.h"
#include "returns/return_http.h"
#include "returns/return_split_flow.h"

struct bulk_ask { struct return_bulk b; bool assigns; rid to; };

static bool is_excepted(const struct json *except, rid id)
{
    JSON_EACH(e, except) {
        rid x;
        if (id_parse(json_str(e), &x) && id_eq(x, id))
            return true;
    }
    return false;
}

static bool ids_by_query(struct request *rq, str query, const struct json *except, struct return_bulk *b, struct err *err)
{
    struct return_filter   f;
    struct return_scope    scope = request_return_scope(rq);
    struct return_row_list list  = { 0 };
    struct arena          *a     = rq->work.arena;
    bool                   more;
    if (!return_filter_read(a, query, rq->who.user_id, &f, err))
        return false;
    f.has_after = false;
    f.limit     = RETURN_BULK_MAX;
    if (!return_rows(rq->work.db, &f, &scope, a, &list, &more, err))
        return false;
    if (more)
        return err_set(err, ERR_LIMIT, "query", "more than %d returns match; narrow the list", RETURN_BULK_MAX);
    rid *ids = ARENA_ARRAY(a, rid, list.count + 1);
    for (int i = 0; i < list.count; i++)
        if (!is_excepted(except, list.at[i].r.id))
            ids[b->count++] = list.at[i].r.id;
    b->ids = ids;
    return true;
}

static bool ids_listed(struct request *rq, const struct json *list, struct return_bulk *b, struct err *err)
{
    if (!list || list->kind != JSON_ARRAY || list->count > RETURN_BULK_MAX)
        return err_add(err, "ids", "must be a list of at most %d ids", RETURN_BULK_MAX);
    rid *ids = ARENA_ARRAY(rq->work.arena, rid, list->count + 1);
    JSON_EACH(e, list) {
        bool named = false;             /* a return is worked on once, however often it is named */
        if (!id_parse(json_str(e), &ids[b->count]))
            return err_add(err, "ids", "must be ids");
        for (int i = 0; i < b->count && !named; i++)
            named = id_eq(ids[i], ids[b->count]);
        b->count += !named;
    }
    b->ids = ids;
    return true;
}

static struct return_input input_of(const struct request *rq)
{
    return (struct return_input){
        .accounts = rq->who.accounts, .accounts_count = rq->who.accounts_count, .hold_s = rq->who.hold_s,
        .pays = permission_in(rq->who.permissions, PERM_RETURNS_REFUND), .confirms = permission_in(rq->who.permissions, PERM_RETURNS_CONFIRM),
    };
}

static bool bulk_read(struct request *rq, struct bulk_ask *ask, struct err *err)
{
    const struct json *in     = rq->json;
    str                action = json_str(json_get(in, "action")), text = str_trim(json_str(json_get(in, "text")));
    int                named  = name_find(return_action_names, action);
    *ask = (struct bulk_ask){ .assigns = str_is(action, "assign"),
                              .b = { .in = input_of(rq), .states = request_return_scope(rq).states, .dry_run = json_true(json_get(in, "dry_run")) } };
    if (!ask->assigns && (named < 0 || !return_bulk_may((enum return_action)named)))
        return err_add(err, "action", "must be check, approve, reject, receive, close or assign");
    ask->b.in.action     = (enum return_action)(named < 0 ? 0 : named);
    ask->b.in.text       = text;
    enum permission need = ask->assigns ? PERM_RETURNS_DECIDE : return_action_right(ask->b.in.action);
    if (!permission_in(rq->who.permissions, need))
        return err_set(err, ERR_FORBIDDEN, "action", "this needs the right \"%s\"", permission_names[need]);
    if (text.len > 2000)
        return err_add(err, "text", "must be 2000 bytes or less");
    if (!ask->assigns && ask->b.in.action == RACT_REJECT && !text.len && !ask->b.dry_run)
        return err_add(err, "text", "say why the returns are refused");
    if (ask->assigns && !json_is_null(json_get(in, "assignee_id")) && !id_parse(json_str(json_get(in, "assignee_id")), &ask->to))
        return err_add(err, "assignee_id", "must be an id or null");
    if (json_get(in, "query"))
        return ids_by_query(rq, json_str(json_get(in, "query")), json_get(in, "except"), &ask->b, err);
    return ids_listed(rq, json_get(in, "ids"), &ask->b, err);
}

static bool bulk_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct bulk_ask      ask;
    struct action_result res = { 0 };
    if (!bulk_read(rq, &ask, err))
        return false;
    if (!(ask.assigns ? return_assign(&rq->work, &ask.b, ask.to, &res, err) : return_do_many(&rq->work, &ask.b, &res, err)))
        return false;
    if (res.sums.count == 1) {
        res.currency = res.sums.at[0].currency;
        res.sum      = res.sums.at[0].total;
    }
    bulk_reply(rq, rp, ask.b.count, &res);
    return true;
}

static bool assign_post(struct request *rq, struct reply *rp, struct err *err)
{
    const struct json   *who = json_get(rq->json, "assignee_id");
    struct action_result res = { 0 };
    rid                  id, to = { 0 };
    if (!json_is_null(who) && !id_parse(json_str(who), &to))
        return err_add(err, "assignee_id", "must be an id or null");
    if (!path_id(rq, "id", &id, err))
        return false;
    struct return_bulk b = { .ids = &id, .count = 1, .in = input_of(rq), .states = request_return_scope(rq).states };
    if (!return_assign(&rq->work, &b, to, &res, err))
        return false;
    return res.done.count ? return_card_reply(rq, rp, id, err) : err_set(err, ERR_NOT_FOUND, "id", "there is no such return");
}

struct split_body { int64_t version; };
static const struct field split_fields[] = {
    FIELD(split_body, version, .required = true, .min = 1, .max = INT64_MAX, .doc = "of the return that was seen"),
};
static const struct record split_record = RECORD(split_body, "ReturnSplit", split_fields);

static bool split_post(struct request *rq, struct reply *rp, struct err *err)
{
    const struct split_body *in = rq->record;
    struct return_split      s  = { in->version, rq->who.accounts, rq->who.accounts_count };
    rid                      id, theirs;
    return path_id(rq, "id", &id, err) && return_card_after(rq, rp, id, return_split(&rq->work, id, &s, &theirs, err), err);
}

const struct route return_bulk_routes[] = {
    { HTTP_POST, "/api/returns/bulk", PERM_RETURNS_SEE, bulk_post, .json = true, .body_schema = "ReturnBulk", .reply_schema = "BulkResult",
      .creates = true, .tag = "returns",
      .doc = "The same step with many returns, or a person for them; what cannot be done is named, with dry_run before anything is" },
    { HTTP_POST, "/api/returns/{id}/assign", PERM_RETURNS_DECIDE, assign_post, .json = true, .body_schema = "ReturnAssign",
      .reply_schema = "ReturnCard", .tag = "returns", .doc = "Who works on the return; null: nobody" },
    { HTTP_POST, "/api/returns/{id}/split", PERM_RETURNS_DECIDE, split_post, .body = &split_record, .reply_schema = "ReturnCard", .tag = "returns",
      .doc = "Ours and the market's return that were taken for one are two again" },
    { .method = HTTP_NONE },
};
