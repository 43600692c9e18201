#include "accounts/api_key_store.h"

enum { Q_FIND, Q_ALL, Q_REVOKE, Q_USED, Q_COUNT };
/* clang-format off */
static const struct sql SQL[Q_COUNT] = {
    [Q_FIND]   = { "api_keys.find", "SELECT * FROM api_keys WHERE digest = $1 AND revoked_at IS NULL", NULL },
    [Q_ALL]    = { "api_keys.all", "SELECT * FROM api_keys WHERE revoked_at IS NULL ORDER BY id LIMIT 500", NULL },
    [Q_REVOKE] = { "api_keys.revoke", "UPDATE api_keys SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING id", NULL },
    [Q_USED]   = { "api_keys.used", "UPDATE api_keys SET last_used_at = $2 WHERE id = $1", NULL },
};
/* clang-format on */

bool api_key_find(struct db *db, str digest, struct arena *a, struct api_key *out, bool *found,
                  struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_FIND]);
    bind_text(&st, 1, digest);
    *found = db_row(&st);
    if (*found)
        record_scan(&api_key_record, &st, a, out);
    return db_ok(&st, err);
}

bool api_key_all(struct db *db, struct arena *a, struct api_key_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ALL]);
    while (db_row(&st))
        record_scan(&api_key_record, &st, a, api_key_list_add(out, a));
    return db_ok(&st, err);
}

bool api_key_revoke_row(struct db *db, rid id, instant now, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_REVOKE]);
    bind_id(&st, 1, id);
    bind_instant(&st, 2, now);
    bool found = db_row(&st);
    if (!db_ok(&st, err))
        return false;
    return found || err_set(err, ERR_NOT_FOUND, "id", "there is no such key");
}

bool api_key_used(struct db *db, rid id, instant now, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_USED]);
    bind_id(&st, 1, id);
    bind_instant(&st, 2, now);
    return db_exec(&st, err);
}
