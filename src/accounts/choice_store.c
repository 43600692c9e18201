#include "accounts/choice_store.h"

enum { Q_GET, Q_SET, Q_COUNT };
/* clang-format off */
static const struct sql SQL[Q_COUNT] = {
    [Q_GET] = { "choices.get", "SELECT value FROM user_choices WHERE user_id = $1 AND name = $2", NULL },
    [Q_SET] = { "choices.set",
        "INSERT INTO user_choices (user_id, name, value) VALUES ($1, $2, $3) "
        "ON CONFLICT (user_id, name) DO UPDATE SET value = excluded.value", NULL },
};
/* clang-format on */

bool choice_get(struct db *db, rid user_id, str name, struct arena *a, str *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_GET]);
    bind_id(&st, 1, user_id);
    bind_text(&st, 2, name);
    str value = db_row(&st) ? col_text_copy(&st, 0, a) : (str){ 0 };
    if (!db_ok(&st, err))
        return false;
    *out = value;
    return true;
}

bool choice_set(struct db *db, rid user_id, str name, str value, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SET]);
    bind_id(&st, 1, user_id);
    bind_text(&st, 2, name);
    bind_text(&st, 3, value);
    return db_exec(&st, err);
}
