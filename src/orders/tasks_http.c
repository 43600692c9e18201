/* What is to be done, beside the orders' own statuses. */
#include "orders/order_flow.h"
#include "orders/queue_http.h"

#define PAGE_MAX 200

static bool list_reply(struct request *rq, struct reply *rp, const struct task *rows, int count, str next)
{
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < count; i++)
        record_write_json(&task_record, &rows[i], &j, NULL, NULL);
    json_end(&j);
    json_text_or_null(&j, "next", next);
    json_end(&j);
    return true;
}

static bool tasks_get(struct request *rq, struct reply *rp, struct err *err)
{
    static const char *const own[] = { "mine", NULL };
    /* A task has the scope of its order. */
    struct record_query list  = { .default_sort = "due_at", .limit_max = PAGE_MAX, .own = own, .accounts = rq->who.accounts,
                                  .accounts_count = rq->who.accounts_count };
    struct task        *rows  = ARENA_ARRAY(rq->work.arena, struct task, PAGE_MAX);
    str                 query = rq->query, next = STR("");
    int                 count = 0;

    if (list.accounts_count)
        list.from = "(SELECT t.*, (SELECT r.account_id FROM orders r WHERE r.id = t.order_id) AS account_id FROM tasks t) o";
    if (request_picks_only(rq))
        list.where = str_zero(rq->work.arena, str_print(rq->work.arena, "(o.kind = 'pick' OR o.assignee_id = %lld)",
                                                        rq->who.is_key ? 0LL : (long long)rq->who.user_id.v));
    if (query_has(rq, "mine"))
        query = str_print(rq->work.arena, "%.*s&assignee_id=%lld", STR_ARG(query), (long long)rq->who.user_id.v);
    return record_list(rq->work.db, &task_record, &list, query, rq->work.arena, rows, &count, &next, err) &&
           list_reply(rq, rp, rows, count, next);
}

static bool in_scope(struct request *rq, const struct task *t, struct err *err)
{
    struct queue_scope    scope = request_scope(rq);
    struct queue_row_list found = { 0 };
    if (!scope.count)
        return true;
    if (!queue_rows_by_ids(rq->work.db, &t->order_id, 1, &scope, rq->work.arena, &found, err))
        return false;
    return found.count || err_set(err, ERR_NOT_FOUND, "id", "there is no such task");
}

/* Whoever may write tasks changes any; who picks ends the warehouse's, and everybody ends what was given to him. */
static bool may_change(const struct request *rq, const struct task *t, bool state_only, struct err *err)
{
    bool picks = permission_in(rq->who.permissions, PERM_PICKING) && str_is(t->kind, "pick");
    bool mine  = !rq->who.is_key && id_is_set(t->assignee_id) && id_eq(t->assignee_id, rq->who.user_id);
    return permission_in(rq->who.permissions, PERM_ORDERS_NOTE) || ((picks || mine) && state_only) ||
           err_set(err, ERR_FORBIDDEN, "", "this needs the right \"%s\"", permission_names[PERM_ORDERS_NOTE]);
}

static bool task_patch(struct request *rq, struct reply *rp, struct err *err)
{
    static const char *const states[] = { "open", "done", "cancelled", NULL };
    const struct task *in = rq->record;
    struct task        t;
    int64_t            version;
    rid                id;

    if (!path_id(rq, "id", &id, err) || !request_version(rq, &version, err) ||
        !record_get(rq->work.db, &task_record, id, rq->work.arena, &t, err) || !in_scope(rq, &t, err))
        return false;
    uint64_t state_bit = (uint64_t)1 << (record_field(&task_record, STR("state")) - task_record.fields);
    if (!may_change(rq, &t, (rq->record_set & ~state_bit) == 0, err))
        return false;
    t         = *in;
    t.id      = id;
    t.version = version;
    if ((rq->record_set & state_bit) && name_find(states, t.state) < 0)
        return err_add(err, "state", "must be open, done or cancelled");
    return order_task_patch(&rq->work, &t, rq->record_set, err) && reply_record(rq, rp, &task_record, &t);
}

static const struct query_param params[] = { { "mine", "1: only what is mine" }, { NULL, NULL } };
const struct route task_routes[] = {
    { HTTP_GET, "/api/tasks", PERM_ORDERS_SEE, tasks_get, .reply = &task_record, .list = true, .query = params, .tag = "orders",
      .doc = "Tasks, the soonest first" },
    { HTTP_PATCH, "/api/tasks/{id}", PERM_ORDERS_SEE, task_patch, .body = &task_record, .reply = &task_record, .edits = true, .tag = "orders",
      .doc = "Done, or given to somebody else" },
    { .method = HTTP_NONE },
};
