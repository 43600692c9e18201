#include "deadlines/deadlines_http.h"
#include "deadlines/policy_flow.h"
#include "deadlines/tryout_flow.h"

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
    struct policy_row p = { .red_share_bp = 2000, .active = true };
    if (!policy_read_json(rq->work.arena, rq->json, READ_CREATE, &p, err))
        return false;
    if (!json_get(rq->json, "red_minutes"))
        p.red_minutes = sla_red_minutes(p.step);
    if (!policy_create(&rq->work, &p, err))
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

/* ---- trying ---- */

static void moment_or_null(struct json_out *j, const char *key, instant at)
{
    if (instant_is_set(at))
        json_instant(j, key, at);
    else
        json_null(j, key);
}

static bool tryout_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct tryout t = { 0 };
    if (!tryout_ask(&rq->work, rq->json, &t, err))
        return false;
    const struct sla_answer *a = &t.answer;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_instant(&j, "at", t.question.start);
    json_text(&j, "time_zone", zone_name(t.zone));
    moment_or_null(&j, "due_at", a->due);
    moment_or_null(&j, "yellow_at", a->yellow);
    moment_or_null(&j, "red_at", a->red);
    sla_explain(&t.book, &t.question, a, &j, "explain");
    json_end(&j);
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
    struct shop_settings s = { 0 };
    struct rule_edit e = { .json = rq->json };
    if (!request_version(rq, &e.version, err))
        return false;
    bool ok = settings_change(&rq->work, &e, &s, err);
    if (ok)
        request_shop_changed(rq);
    if (ok || (err->code == ERR_VERSION_OLD && s.version))
        return reply_record(rq, rp, &settings_record, &s) && ok;
    return false;
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
    { HTTP_POST, "/api/deadlines/try", PERM_SETTINGS, tryout_post, .json = true, .reply_schema = "tryout", .limit_bytes = RULE_BYTES,
      .doc = "By when would it be due? A moment, and a rule or calendar that nobody has saved yet", .tag = "deadlines" },
    { HTTP_GET, "/api/settings", PERM_SETTINGS, settings_get, .reply = &settings_record, .doc = "The shop", .tag = "settings" },
    { HTTP_PATCH, "/api/settings", PERM_SETTINGS, settings_patch, .body = &settings_record, .reply = &settings_record,
      .edits = true, .doc = "Change the shop", .tag = "settings" },
    { .method = HTTP_NONE },
};
/* clang-format on */
