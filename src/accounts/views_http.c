/* Saved views are made and changed here; the list of those of orders, with its counters, is made where orders are counted. */
#include "accounts/accounts_http.h"
#include "accounts/view_flow.h"

/* Which list a route is about. */
static str screen_of(const struct request *rq)
{
    return str_starts(rq->path, STR("/api/customers/")) ? STR("customers") : STR("orders");
}

static void view_write(struct request *rq, struct json_out *j, const struct view *v)
{
    json_begin(j, NULL, '{');
    json_null(j, "key");
    record_write_fields(&view_record, v, j, NULL);
    json_bool(j, "system", false);
    json_bool(j, "mine", id_eq(v->owner_id, rq->who.user_id));
    json_number(j, "count", 0);
    json_number(j, "red", 0);
    json_end(j);
}

static void view_answer(struct request *rq, struct reply *rp, const struct view *v)
{
    struct json_out j = reply_json(rq, rp);
    view_write(rq, &j, v);
}

static bool people_views_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct view_list list = { 0 };
    if (!views_list(rq->work.db, rq->who.user_id, screen_of(rq), rq->work.arena, &list, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '[');
    for (int i = 0; i < list.count; i++)
        view_write(rq, &j, &list.at[i]);
    json_end(&j);
    return true;
}

static bool views_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct view *v = rq->record;
    if (rq->who.is_key)
        return err_set(err, ERR_FORBIDDEN, "", "keys have no views");
    v->screen = screen_of(rq);
    if (!view_create(&rq->work, v, err))
        return false;
    view_answer(rq, rp, v);
    rp->status = REPLY_CREATED;
    return true;
}

static struct view_edit edit_of(const struct request *rq)
{
    return (struct view_edit){ .user_id = rq->who.user_id,
                               .screen = screen_of(rq),
                               .json = rq->json,
                               .any = rq->who.roles & role_bit(ROLE_OWNER) };
}

static bool views_patch(struct request *rq, struct reply *rp, struct err *err)
{
    struct view v = { 0 };
    struct view_edit e = edit_of(rq);
    if (!path_id(rq, "id", &e.id, err) || !request_version(rq, &e.version, err))
        return false;
    bool ok = view_change(&rq->work, &e, &v, err);
    if (ok || (err->code == ERR_VERSION_OLD && id_is_set(v.id)))
        view_answer(rq, rp, &v);
    return ok;
}

static bool views_delete(struct request *rq, struct reply *rp, struct err *err)
{
    struct view_edit e = edit_of(rq);
    if (!path_id(rq, "id", &e.id, err) || !view_remove(&rq->work, &e, err))
        return false;
    rp->status = REPLY_NO_CONTENT;
    return true;
}

/* clang-format off */
const struct route view_routes[] = {
    { HTTP_POST, "/api/views", PERM_ORDERS_SEE, views_post, .body = &view_record, .reply_schema = "view", .creates = true,
      .doc = "Keep a list with its filters", .tag = "orders" },
    { HTTP_PATCH, "/api/views/{id}", PERM_ORDERS_SEE, views_patch, .body = &view_record, .reply_schema = "view", .edits = true,
      .doc = "Change a kept list", .tag = "orders" },
    { HTTP_DELETE, "/api/views/{id}", PERM_ORDERS_SEE, views_delete, .doc = "Forget a kept list", .tag = "orders" },
    { HTTP_GET, "/api/customers/views", PERM_CUSTOMERS_SEE, people_views_get, .reply_schema = "Views", .tag = "customers",
      .doc = "Lists of people by name: one's own and those that are shared" },
    { HTTP_POST, "/api/customers/views", PERM_CUSTOMERS_SEE, views_post, .body = &view_record, .reply_schema = "view", .creates = true,
      .doc = "Keep a list of people with its filters", .tag = "customers" },
    { HTTP_PATCH, "/api/customers/views/{id}", PERM_CUSTOMERS_SEE, views_patch, .body = &view_record, .reply_schema = "view", .edits = true,
      .doc = "Change a kept list of people", .tag = "customers" },
    { HTTP_DELETE, "/api/customers/views/{id}", PERM_CUSTOMERS_SEE, views_delete, .doc = "Forget a kept list of people", .tag = "customers" },
    { .method = HTTP_NONE },
};
/* clang-format on */
