#include "deadlines/policy_flow.h"

#include "accounts/audit.h"

struct ruling {
    struct work *w;
    const struct rule_edit *e;
    struct policy_row *policy;
    struct calendar_row *calendar;
};

static uint64_t all_fields(const struct record *r) { return (UINT64_C(1) << r->count) - 1; }

/* What the rule points at must be there. */
static bool targets_ok(struct db *db, const struct work *w, const struct policy_row *p, struct err *err)
{
    struct calendar_row c = { 0 };
    struct err missing = { 0 };
    bool exists = true;
    if (id_is_set(p->account_id) && !account_exists(db, p->account_id, &exists, err))
        return false;
    if (!exists)
        return err_add(err, "account_id", "there is no such channel account");
    if (!id_is_set(p->calendar_id) ||
        record_get(db, &calendar_record, p->calendar_id, w->arena, &c, &missing))
        return true;
    if (missing.code == ERR_NOT_FOUND)
        return err_add(err, "calendar_id", "there is no such calendar");
    *err = missing;
    return false;
}

/* ---- rules ---- */

static bool policy_create_tx(struct db *db, void *ctx, struct err *err)
{
    struct ruling *r = ctx;
    int64_t n;
    if (!targets_ok(db, r->w, r->policy, err) || !policy_count(db, &n, err))
        return false;
    if (n >= POLICIES_MAX)
        return err_set(err, ERR_LIMIT, "", "at most %d rules", POLICIES_MAX);
    return record_insert(db, &policy_record, r->policy, err) &&
           audit_write(db, r->w, STR("policy.create"), STR("policy"), r->policy->id, (str){ 0 },
                       policy_audit(r->w->arena, r->policy), err);
}

bool policy_create(struct work *w, struct policy_row *io, struct err *err)
{
    struct ruling r = { .w = w, .policy = io };
    io->id = work_id(w);
    io->version = 1;
    io->created_at = io->updated_at = w->now;
    return policy_check(io, err) && db_tx(w->db, policy_create_tx, &r, err);
}

static bool policy_change_tx(struct db *db, void *ctx, struct err *err)
{
    struct ruling *r = ctx;
    struct policy_row old = { 0 };
    if (!record_get(db, &policy_record, r->e->id, r->w->arena, &old, err))
        return false;
    struct policy_row now = old;
    *r->policy = old;
    if (r->e->version && r->e->version != old.version)
        return err_set(err, ERR_VERSION_OLD, "version", "somebody changed this meanwhile");
    if (!policy_read_json(r->w->arena, r->e->json, READ_UPDATE, &now, err) ||
        !targets_ok(db, r->w, &now, err))
        return false;
    now.updated_at = r->w->now;
    if (!record_update(db, &policy_record, &now, all_fields(&policy_record), err))
        return false;
    now.version++;
    *r->policy = now;
    return audit_write(db, r->w, STR("policy.edit"), STR("policy"), now.id, policy_audit(r->w->arena, &old),
                       policy_audit(r->w->arena, &now), err);
}

bool policy_change(struct work *w, const struct rule_edit *e, struct policy_row *out, struct err *err)
{
    struct ruling r = { .w = w, .e = e, .policy = out };
    return db_tx(w->db, policy_change_tx, &r, err);
}

static bool policy_remove_tx(struct db *db, void *ctx, struct err *err)
{
    struct ruling *r = ctx;
    struct policy_row old = { 0 };
    return record_get(db, &policy_record, r->e->id, r->w->arena, &old, err) &&
           record_delete(db, &policy_record, old.id, r->e->version ? r->e->version : old.version, err) &&
           audit_write(db, r->w, STR("policy.delete"), STR("policy"), old.id, policy_audit(r->w->arena, &old),
                       (str){ 0 }, err);
}

bool policy_remove(struct work *w, const struct rule_edit *e, struct err *err)
{
    struct ruling r = { .w = w, .e = e };
    return db_tx(w->db, policy_remove_tx, &r, err);
}

/* ---- calendars ---- */

static bool calendar_create_tx(struct db *db, void *ctx, struct err *err)
{
    struct ruling *r = ctx;
    return record_insert(db, &calendar_record, r->calendar, err) &&
           audit_write(db, r->w, STR("calendar.create"), STR("calendar"), r->calendar->id, (str){ 0 },
                       calendar_audit(r->w->arena, r->calendar), err);
}

bool calendar_create(struct work *w, struct calendar_row *io, struct err *err)
{
    struct ruling r = { .w = w, .calendar = io };
    io->id = work_id(w);
    io->version = 1;
    io->created_at = io->updated_at = w->now;
    return db_tx(w->db, calendar_create_tx, &r, err);
}

static bool calendar_change_tx(struct db *db, void *ctx, struct err *err)
{
    struct ruling *r = ctx;
    struct calendar_row old = { 0 };
    if (!record_get(db, &calendar_record, r->e->id, r->w->arena, &old, err))
        return false;
    struct calendar_row now = old;
    *r->calendar = old;
    if (r->e->version && r->e->version != old.version)
        return err_set(err, ERR_VERSION_OLD, "version", "somebody changed this meanwhile");
    if (!calendar_read_json(r->w->arena, r->e->json, READ_UPDATE, &now, err))
        return false;
    now.updated_at = r->w->now;
    if (!record_update(db, &calendar_record, &now, all_fields(&calendar_record), err))
        return false;
    now.version++;
    *r->calendar = now;
    return audit_write(db, r->w, STR("calendar.edit"), STR("calendar"), now.id,
                       calendar_audit(r->w->arena, &old), calendar_audit(r->w->arena, &now), err);
}

bool calendar_change(struct work *w, const struct rule_edit *e, struct calendar_row *out, struct err *err)
{
    struct ruling r = { .w = w, .e = e, .calendar = out };
    return db_tx(w->db, calendar_change_tx, &r, err);
}

static bool calendar_remove_tx(struct db *db, void *ctx, struct err *err)
{
    struct ruling *r = ctx;
    struct calendar_row old = { 0 };
    int64_t users;
    if (!record_get(db, &calendar_record, r->e->id, r->w->arena, &old, err) ||
        !calendar_users(db, old.id, &users, err))
        return false;
    if (users)
        return err_set(err, ERR_CONFLICT, "id", "%lld rules count by this calendar", (long long)users);
    return record_delete(db, &calendar_record, old.id, r->e->version ? r->e->version : old.version, err) &&
           audit_write(db, r->w, STR("calendar.delete"), STR("calendar"), old.id,
                       calendar_audit(r->w->arena, &old), (str){ 0 }, err);
}

bool calendar_remove(struct work *w, const struct rule_edit *e, struct err *err)
{
    struct ruling r = { .w = w, .e = e };
    return db_tx(w->db, calendar_remove_tx, &r, err);
}

/* ---- settings ---- */

struct setting {
    struct work *w;
    const struct rule_edit *e;
    struct shop_settings *out;
};

static bool settings_tx(struct db *db, void *ctx, struct err *err)
{
    struct setting *s = ctx;
    struct shop_settings old;
    bool demo;
    if (!settings_load(db, s->w->arena, &old, &demo, err))
        return false;
    struct shop_settings now = old;
    *s->out = old;
    if (s->e->version && s->e->version != old.version)
        return err_set(err, ERR_VERSION_OLD, "version", "somebody changed this meanwhile");
    if (!record_read_json(&settings_record, s->e->json, READ_UPDATE, s->w->arena, &now, NULL, err) ||
        !settings_check(&now, err))
        return false;
    now.version++;
    if (!settings_save(db, &now, err))
        return false;
    *s->out = now;
    return audit_write(db, s->w, STR("settings.edit"), STR("settings"), (rid){ 0 },
                       audit_json(s->w->arena, &settings_record, &old),
                       audit_json(s->w->arena, &settings_record, &now), err);
}

bool settings_change(struct work *w, const struct rule_edit *e, struct shop_settings *out, struct err *err)
{
    struct setting s = { w, e, out };
    return db_tx(w->db, settings_tx, &s, err);
}

/* ---- a new shop ---- */

bool policies_seed(struct db *db, const struct work *w, str language, str zone, struct err *err)
{
    struct policy_row_list policies = { 0 };
    struct calendar_row calendar = calendar_default(w->arena, language, zone);
    calendar.id = work_id(w);
    calendar.created_at = calendar.updated_at = w->now;
    policies_default(w->arena, language, &policies);
    for (int i = 0; i < policies.count; i++) {
        policies.at[i].id = work_id(w);
        policies.at[i].created_at = policies.at[i].updated_at = w->now;
    }
    return record_insert(db, &calendar_record, &calendar, err) &&
           record_insert_many(db, &policy_record, policies.at, policies.count, err);
}
