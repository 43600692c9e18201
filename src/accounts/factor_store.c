#include "accounts/factor_store.h"

#include "accounts/body.h"
#include "base/buf.h"

enum {
    Q_LOAD, Q_BEGIN, Q_TAKE, Q_SET, Q_DROP, Q_CODE_ADD, Q_CODE_TAKE, Q_CODES_DROP, Q_CODES_LEFT, Q_ROLES, Q_ROLE_ADD, Q_ROLES_DROP, Q_DUE,
    Q_COUNT
};
/* clang-format off */
static const struct sql SQL[Q_COUNT] = {
    [Q_LOAD]  = { "factors.load", "SELECT sealed, last_step FROM second_factors WHERE user_id = $1", NULL },
    [Q_BEGIN] = { "factors.begin",
        "INSERT INTO second_factors (user_id, sealed, last_step, created_at) VALUES ($1, $2, 0, $3) "
        "ON CONFLICT (user_id) DO UPDATE SET sealed = excluded.sealed, last_step = 0, created_at = excluded.created_at", NULL },
    [Q_TAKE]  = { "factors.take", "UPDATE second_factors SET last_step = $2 WHERE user_id = $1 AND last_step < $2 RETURNING user_id", NULL },
    [Q_SET]   = { "factors.set", "UPDATE users SET second_factor_at = $2 WHERE id = $1", NULL },
    [Q_DROP]  = { "factors.drop", "DELETE FROM second_factors WHERE user_id = $1", NULL },
    [Q_CODE_ADD]   = { "recovery.add", "INSERT INTO recovery_codes (user_id, digest) VALUES ($1, $2)", NULL },
    [Q_CODE_TAKE]  = { "recovery.take", "UPDATE recovery_codes SET used_at = $3 WHERE user_id = $1 AND digest = $2 AND used_at IS NULL RETURNING user_id", NULL },
    [Q_CODES_DROP] = { "recovery.drop", "DELETE FROM recovery_codes WHERE user_id = $1", NULL },
    [Q_CODES_LEFT] = { "recovery.left", "SELECT COUNT(*) FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL", NULL },
    [Q_ROLES]      = { "factors.roles", "SELECT role FROM second_factor_roles ORDER BY role LIMIT 200", NULL },
    [Q_ROLE_ADD]   = { "factors.role_add", "INSERT INTO second_factor_roles (role) VALUES ($1)", NULL },
    [Q_ROLES_DROP] = { "factors.roles_drop", "DELETE FROM second_factor_roles", NULL },
    [Q_DUE] = { "factors.due",
        "SELECT COUNT(*) FROM second_factor_roles d, users u WHERE u.id = $1 AND u.second_factor_at IS NULL "
        "   AND ',' || u.roles || ',' || u.own_roles || ',' LIKE '%,' || d.role || ',%'", NULL },
};
/* clang-format on */

bool factor_load(struct db *db, rid user_id, struct arena *a, struct factor *out, bool *found, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_LOAD]);
    bind_id(&st, 1, user_id);
    *found = db_row(&st);
    if (*found)
        *out = (struct factor){ col_text_copy(&st, 0, a), col_int(&st, 1) };
    return db_ok(&st, err);
}

static bool run_of(struct db *db, int which, rid user_id, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[which]);
    bind_id(&st, 1, user_id);
    return db_exec(&st, err);
}

bool factor_begin(struct db *db, rid user_id, str sealed, instant now, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BEGIN]);
    bind_id(&st, 1, user_id);
    bind_text(&st, 2, sealed);
    bind_int(&st, 3, now.ms);
    return db_exec(&st, err) && run_of(db, Q_CODES_DROP, user_id, err);
}

bool factor_step_take(struct db *db, rid user_id, int64_t step, bool *taken, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_TAKE]);
    bind_id(&st, 1, user_id);
    bind_int(&st, 2, step);
    *taken = db_row(&st);
    return db_ok(&st, err);
}

bool factor_set(struct db *db, rid user_id, instant since, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SET]);
    bind_id(&st, 1, user_id);
    bind_instant(&st, 2, since);
    return db_exec(&st, err);
}

bool factor_drop(struct db *db, rid user_id, struct err *err)
{
    return run_of(db, Q_CODES_DROP, user_id, err) && run_of(db, Q_DROP, user_id, err) && factor_set(db, user_id, (instant){ 0 }, err);
}

bool recovery_codes_set(struct db *db, rid user_id, const str *digests, int count, struct err *err)
{
    if (!run_of(db, Q_CODES_DROP, user_id, err))
        return false;
    for (int i = 0; i < count; i++) {
        CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_CODE_ADD]);
        bind_id(&st, 1, user_id);
        bind_text(&st, 2, digests[i]);
        if (!db_exec(&st, err))
            return false;
    }
    return true;
}

bool recovery_code_take(struct db *db, rid user_id, str digest, instant now, bool *taken, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_CODE_TAKE]);
    bind_id(&st, 1, user_id);
    bind_text(&st, 2, digest);
    bind_int(&st, 3, now.ms);
    *taken = db_row(&st);
    return db_ok(&st, err);
}

static bool number_of(struct db *db, int which, rid user_id, int64_t *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[which]);
    bind_id(&st, 1, user_id);
    *out = db_row(&st) ? col_int(&st, 0) : 0;
    return db_ok(&st, err);
}

bool recovery_codes_left(struct db *db, rid user_id, int64_t *out, struct err *err) { return number_of(db, Q_CODES_LEFT, user_id, out, err); }

bool factor_roles_load(struct db *db, struct arena *a, struct factor_roles *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ROLES]);
    struct buf own = buf_in(a);
    *out = (struct factor_roles){ 0 };
    while (db_row(&st)) {
        str  role = col_text(&st, 0);
        rid  id;
        if (id_parse(role, &id))
            buf_print(&own, "%s%lld", own.len ? "," : "", (long long)id.v);
        else
            out->roles |= (unsigned)bits_read(role_names, role);
    }
    out->own_roles = buf_str(&own);
    return db_ok(&st, err);
}

bool factor_roles_save(struct db *db, struct arena *a, const struct factor_roles *r, struct err *err)
{
    CLEANUP(stmt_done) struct stmt drop = db_query(db, &SQL[Q_ROLES_DROP]);
    str rest = str_print(a, "%.*s,%.*s", STR_ARG(bits_text(a, role_names, r->roles)), STR_ARG(r->own_roles)), role;
    if (!db_exec(&drop, err))
        return false;
    while (str_split(&rest, ',', &role)) {
        CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ROLE_ADD]);
        if (!role.len)
            continue;
        bind_text(&st, 1, role);
        if (!db_exec(&st, err))
            return false;
    }
    return true;
}

bool factor_due_load(struct db *db, struct user *io, struct err *err)
{
    int64_t n;
    if (!number_of(db, Q_DUE, io->id, &n, err))
        return false;
    io->factor_due = n > 0;
    return true;
}
