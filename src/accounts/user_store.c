#include "accounts/user_store.h"

#include "accounts/role_store.h"

enum { Q_BY_LOGIN, Q_ALL, Q_ANY, Q_OWNERS, Q_SEEN, Q_COUNT };
/* clang-format off */
static const struct sql SQL[Q_COUNT] = {
    [Q_BY_LOGIN] = { "users.by_login", "SELECT * FROM users WHERE login = $1", NULL },
    [Q_ALL]      = { "users.all", "SELECT * FROM users ORDER BY name, id", NULL },
    [Q_ANY]      = { "users.count", "SELECT COUNT(*) FROM users", NULL },
    [Q_OWNERS]   = { "users.other_owners",
        "SELECT COUNT(*) FROM users WHERE state = 'active' AND ',' || roles || ',' LIKE '%,owner,%' AND id <> $1", NULL },
    [Q_SEEN]     = { "users.seen", "UPDATE users SET last_seen_at = $2 WHERE id = $1", NULL },
};
/* clang-format on */

bool user_get(struct db *db, rid id, struct arena *a, struct user *out, struct err *err)
{
    return record_get(db, &user_record, id, a, out, err) && own_rights_load(db, a, out, 1, NULL, err);
}

bool user_by_login(struct db *db, str login, struct arena *a, struct user *out, bool *found, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BY_LOGIN]);
    bind_text(&st, 1, login);
    *found = db_row(&st);
    if (*found)
        record_scan(&user_record, &st, a, out);
    return db_ok(&st, err) && own_rights_load(db, a, out, *found, NULL, err);
}

bool user_all(struct db *db, struct arena *a, struct user_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ALL]);
    while (db_row(&st))
        record_scan(&user_record, &st, a, user_list_add(out, a));
    return db_ok(&st, err) && own_rights_load(db, a, out->at, out->count, NULL, err);
}

static bool number(struct stmt *st, int64_t *out, struct err *err)
{
    int64_t n = db_row(st) ? col_int(st, 0) : 0;
    if (!db_ok(st, err))
        return false;
    *out = n;
    return true;
}

bool user_count(struct db *db, int64_t *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ANY]);
    return number(&st, out, err);
}

bool user_other_owners(struct db *db, rid but, int64_t *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_OWNERS]);
    bind_id(&st, 1, but);
    return number(&st, out, err);
}

bool user_insert(struct db *db, const struct user *u, struct err *err)
{
    return record_insert(db, &user_record, u, err);
}

bool user_save(struct db *db, struct user *u, struct err *err)
{
    uint64_t all = (UINT64_C(1) << user_record.count) - 1;
    all &= ~(UINT64_C(1) << (record_field(&user_record, STR("created_at")) - user_record.fields));
    all &= ~(UINT64_C(1) << (record_field(&user_record, STR("last_seen_at")) - user_record.fields));
    if (!record_update(db, &user_record, u, all, err))
        return false;
    u->version++;
    return true;
}

bool user_seen(struct db *db, rid id, instant now, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SEEN]);
    bind_id(&st, 1, id);
    bind_instant(&st, 2, now);
    return db_exec(&st, err);
}
