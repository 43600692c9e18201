#include "deadlines/deadlines_http.h"
#include "deadlines/policy_flow.h"

static struct json_out page_begin(struct request *rq, struct reply *rp)
{
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    return j;
}

static void page_end(struct json_out *j)
{
    json_end(j);
    json_null(j, "next");
    json_end(j);
}

static void policy_answer(struct request *rq, struct reply *rp, const struct policy_row *p)
{
    struct json_out j = reply_json(rq, rp);
    policy_write(&j, NULL, p);
}

static void calendar_answer(struct request *rq, struct reply *rp, const struct calendar_row *c)
{
    struct json_out j = reply_json(rq, rp);
    calendar_write(&j, NULL, c);
}

/* Which row, and the version that was seen where the route asks for it. */
static bool edit_of(const struct request *rq, struct rule_edit *out, struct err *err)
{
    *out = (struct rule_edit){ .json = rq->json };
    return path_id(rq, "id", &out->id, err) && (!rq->route->edits || request_version(rq, &out->version, err));
}

/* ---- rules ---- */

static bool policies_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct policy_row_list list = { 0 };
    if (!policies_all(rq->work.db, rq->work.arena, &list, err))
        return false;
    struct json_out j = page_begin(rq, rp);
    for (int i = 0; i < list.count; i++)
        policy_write(&j, NULL, &list.at[i]);
    page_end(&j);
    return true;
}

static bool policies_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct policy_row p = { .red_minutes = 120, .red_share_bp = 2000, .active = true };
    if (!policy_read_json(rq->work.arena, rq->json, READ_CREATE, &p, err) ||
        !policy_create(&rq->work, &p, err))
        return false;
    request_shop_changed(rq);
    policy_answer(rq, rp, &p);
    rp->status = REPLY_CREATED;
    return true;
}

static bool policies_patch(struct request *rq, struct reply *rp, struct err *err)
{
    struct policy_row p = { 0 };
    struct rule_edit e;
    if (!edit_of(rq, &e, err))
        return false;
    bool ok = policy_change(&rq->work, &e, &p, err);
    if (ok)
        request_shop_changed(rq);
    if (ok || (err->code == ERR_VERSION_OLD && id_is_set(p.id)))
        policy_answer(rq, rp, &p);
    return ok;
}

static bool policies_delete(struct request *rq, struct reply *rp, struct err *err)
{
    struct rule_edit e;
    if (!edit_of(rq, &e, err) || !policy_remove(&rq->work, &e, err))
        return false;
    request_shop_changed(rq);
    rp->status = REPLY_NO_CONTENT;
    return true;
}

/* ---- calendars ---- */

static bool calendars_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct calendar_row_list list = { 0 };
    if (!calendars_all(rq->work.db, rq->work.arena, &list, err))
        return false;
    struct json_out j = page_begin(rq, rp);
    for (int i = 0; i < list.count; i++)
        calendar_write(&j, NULL, &list.at[i]);
    page_end(&j);
    return true;
}

static bool calendars_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct calendar_row c = { .holidays = STR("[]") };
    if (!calendar_read_json(rq->work.arena, rq->json, READ_CREATE, &c, err) ||
        !calendar_create(&rq->work, &c, err))
        return false;
    request_shop_changed(rq);
    calendar_answer(rq, rp, &c);
    rp->status = REPLY_CREATED;
    return true;
}

static bool calendars_put(struct request *rq, struct reply *rp, struct err *err)
{
    struct calendar_row c = { 0 };
    struct rule_edit e;
    if (!edit_of(rq, &e, err))
        return false;
    bool ok = calendar_change(&rq->work, &e, &c, err);
    if (ok)
        request_shop_changed(rq);
    if (ok || (err->code == ERR_VERSION_OLD && id_is_set(c.id)))
        calendar_answer(rq, rp, &c);
    return ok;
}

static bool calendars_delete(struct request *rq, struct reply *rp, struct err *err)
{
    struct rule_edit e;
    if (!edit_of(rq, &e, err) || !calendar_remove(&rq->work, &e, err))
        return false;
    request_shop_changed(rq);
    rp->status = REPLY_NO_CONTENT;
    return true;
}

/* ---- settings ---- */

static bool settings_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct shop_settings s;
    bool demo;
    return settings_load(rq->work.db, rq->work.arena, &s, &demo, err) &&
           reply_record(rq, rp, &settings_record, &s);
}

static bool settings_patch(struct request *rq, struct reply *rp, struct err *err)
{
    struct shop_settings s;
    if (!settings_change(&rq->work, rq->json, &s, err))
        return false;
    request_shop_changed(rq);
    return reply_record(rq, rp, &settings_record, &s);
}

#define RULE_BYTES (256 << 10)

/* clang-format off */
const struct route deadline_routes[] = {
    { HTTP_GET, "/api/policies", PERM_SETTINGS, policies_get, .reply_schema = "policy_page", .doc = "By when each step is due",
      .tag = "deadlines" },
    { HTTP_POST, "/api/policies", PERM_SETTINGS, policies_post, .json = true, .reply_schema = "policy", .creates = true,
      .limit_bytes = RULE_BYTES, .doc = "Add a rule; open orders are reckoned anew", .tag = "deadlines" },
    { HTTP_PATCH, "/api/policies/{id}", PERM_SETTINGS, policies_patch, .json = true, .reply_schema = "policy", .edits = true,
      .limit_bytes = RULE_BYTES, .doc = "Change a rule", .tag = "deadlines" },
    { HTTP_DELETE, "/api/policies/{id}", PERM_SETTINGS, policies_delete, .doc = "Remove a rule", .tag = "deadlines" },
    { HTTP_GET, "/api/calendars", PERM_SETTINGS, calendars_get, .reply_schema = "calendar_page", .doc = "Working hours and days off",
      .tag = "deadlines" },
    { HTTP_POST, "/api/calendars", PERM_SETTINGS, calendars_post, .json = true, .reply_schema = "calendar", .creates = true,
      .limit_bytes = RULE_BYTES, .doc = "Add a calendar", .tag = "deadlines" },
    { HTTP_PUT, "/api/calendars/{id}", PERM_SETTINGS, calendars_put, .json = true, .reply_schema = "calendar", .edits = true,
      .limit_bytes = RULE_BYTES, .doc = "Change a calendar; what is left out stays", .tag = "deadlines" },
    { HTTP_DELETE, "/api/calendars/{id}", PERM_SETTINGS, calendars_delete, .doc = "Remove a calendar that no rule counts by",
      .tag = "deadlines" },
    { HTTP_GET, "/api/settings", PERM_SETTINGS, settings_get, .reply = &settings_record, .doc = "The shop", .tag = "settings" },
    { HTTP_PATCH, "/api/settings", PERM_SETTINGS, settings_patch, .body = &settings_record, .reply = &settings_record,
      .doc = "Change the shop", .tag = "settings" },
    { .method = HTTP_NONE },
};
/* clang-format on */
