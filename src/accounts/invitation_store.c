#include "accounts/invitation_store.h"

enum { Q_OPEN, Q_FIND, Q_TAKE, Q_DROP, Q_COUNT };
/* clang-format off */
static const struct sql SQL[Q_COUNT] = {
    [Q_OPEN] = { "invitations.open", "SELECT * FROM invitations WHERE expires_at > $1 ORDER BY id DESC LIMIT 200", NULL },
    [Q_FIND] = { "invitations.find", "SELECT * FROM invitations WHERE digest = $1 AND expires_at > $2", NULL },
    [Q_TAKE] = { "invitations.take", "DELETE FROM invitations WHERE id = $1 RETURNING id", NULL },
    [Q_DROP] = { "invitations.drop", "DELETE FROM invitations WHERE login = $1", NULL },
};
/* clang-format on */

bool invitations_open(struct db *db, instant now, struct arena *a, struct invitation_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_OPEN]);
    bind_instant(&st, 1, now);
    while (db_row(&st))
        record_scan(&invitation_record, &st, a, invitation_list_add(out, a));
    return db_ok(&st, err);
}

bool invitation_find(struct db *db, str digest, instant now, struct arena *a, struct invitation *out, bool *found, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_FIND]);
    bind_text(&st, 1, digest);
    bind_instant(&st, 2, now);
    *found = db_row(&st);
    if (*found)
        record_scan(&invitation_record, &st, a, out);
    return db_ok(&st, err);
}

bool invitation_take(struct db *db, rid id, bool *taken, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_TAKE]);
    bind_id(&st, 1, id);
    *taken = db_row(&st);
    return db_ok(&st, err);
}

bool invitations_drop(struct db *db, str login, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_DROP]);
    bind_text(&st, 1, login);
    return db_exec(&st, err);
}
