#include "app/servers_store.h"

enum { Q_ALL, Q_TAKE, Q_RENEW, Q_LEAVE, Q_COUNT };
static const struct sql SQL[Q_COUNT] = {
    [Q_ALL]   = { "servers.all", "SELECT node, token, name, started_at, lease_until FROM servers ORDER BY node", NULL },
    [Q_TAKE]  = { "servers.take",
        "INSERT INTO servers (node, token, name, started_at, lease_until) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (node) DO UPDATE SET "
        "token = excluded.token, name = excluded.name, started_at = excluded.started_at, lease_until = excluded.lease_until", NULL },
    [Q_RENEW] = { "servers.renew", "UPDATE servers SET lease_until = $3 WHERE node = $1 AND token = $2 RETURNING node", NULL },
    [Q_LEAVE] = { "servers.leave", "DELETE FROM servers WHERE node = $1 AND token = $2", NULL },
};

bool servers_all(struct db *db, struct arena *a, struct server_lease_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ALL]);
    while (db_row(&st))
        *server_lease_list_add(out, a) = (struct server_lease){ col_int(&st, 0), col_text_copy(&st, 1, a), col_text_copy(&st, 2, a),
                                                                col_instant(&st, 3), col_instant(&st, 4) };
    return db_ok(&st, err);
}

bool server_take(struct db *db, const struct server_lease *s, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_TAKE]);
    bind_int(&st, 1, s->node);
    bind_text(&st, 2, s->token);
    bind_text(&st, 3, s->name);
    bind_instant(&st, 4, s->started_at);
    bind_instant(&st, 5, s->lease_until);
    return db_exec(&st, err);
}

bool server_renew(struct db *db, int64_t node, str token, instant lease_until, bool *kept, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_RENEW]);
    bind_int(&st, 1, node);
    bind_text(&st, 2, token);
    bind_instant(&st, 3, lease_until);
    *kept = db_row(&st);
    return db_ok(&st, err);
}

bool server_leave(struct db *db, int64_t node, str token, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_LEAVE]);
    bind_int(&st, 1, node);
    bind_text(&st, 2, token);
    return db_exec(&st, err);
}
