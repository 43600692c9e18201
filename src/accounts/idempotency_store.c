#include "accounts/idempotency_store.h"

enum { Q_FIND, Q_SAVE, Q_COUNT };
/* clang-format off */
static const struct sql SQL[Q_COUNT] = {
    [Q_FIND] = { "idempotency.find",
        "SELECT request, status, body FROM idempotency_keys WHERE actor = $1 AND key = $2 AND created_at > $3", NULL },
    [Q_SAVE] = { "idempotency.save",
        "INSERT INTO idempotency_keys (actor, key, request, status, body, created_at) VALUES ($1, $2, $3, $4, $5, $6) "
        "ON CONFLICT (actor, key) DO UPDATE SET request = excluded.request, status = excluded.status, body = excluded.body, "
        "       created_at = excluded.created_at WHERE idempotency_keys.created_at <= $7", NULL },
};
/* clang-format on */

bool idempotency_find(struct db *db, str actor, str key, instant now, struct arena *a,
                      struct kept_answer *out, bool *found, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_FIND]);
    bind_text(&st, 1, actor);
    bind_text(&st, 2, key);
    bind_int(&st, 3, now.ms - DAY_MS);
    *found = db_row(&st);
    if (*found)
        *out = (struct kept_answer){
            actor, key, col_text_copy(&st, 0, a), col_int(&st, 1), col_text_copy(&st, 2, a), { 0 }
        };
    return db_ok(&st, err);
}

bool idempotency_save(struct db *db, const struct kept_answer *k, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SAVE]);
    bind_text(&st, 1, k->actor);
    bind_text(&st, 2, k->key);
    bind_text(&st, 3, k->request);
    bind_int(&st, 4, k->status);
    bind_text(&st, 5, k->body);
    bind_int(&st, 6, k->created_at.ms);
    bind_int(&st, 7, k->created_at.ms - DAY_MS);
    return db_exec(&st, err);
}
