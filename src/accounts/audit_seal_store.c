#include "accounts/audit_seal_store.h"

enum { Q_LAST, Q_NEXT, Q_SAVE, Q_ROWS, Q_CHAIN, Q_CLEAR_UP_TO, Q_CLEAR_ROWS, Q_CLEARED, Q_COUNT };
/* clang-format off */
static const struct sql SQL[Q_COUNT] = {
    [Q_LAST] = { "audit.seal_last", "SELECT day, before, last_id, entries, chain, seal, cleared FROM audit_seals ORDER BY day DESC LIMIT 1", NULL },
    [Q_NEXT] = { "audit.seal_next", "SELECT day, before, last_id, entries, chain, seal, cleared FROM audit_seals WHERE day > $1 ORDER BY day LIMIT 1", NULL },
    [Q_SAVE] = { "audit.seal_save",
        "INSERT INTO audit_seals (day, before, last_id, entries, chain, seal, cleared) VALUES ($1, $2, $3, $4, $5, $6, 0) "
        "ON CONFLICT (day) DO UPDATE SET last_id = excluded.last_id, entries = excluded.entries, chain = excluded.chain, seal = excluded.seal", NULL },
    [Q_ROWS] = { "audit.rows_after", "SELECT * FROM audit_entries WHERE id > $1 ORDER BY id LIMIT $2", NULL },
    [Q_CHAIN] = { "audit.row_chain", "UPDATE audit_entries SET digest = $2, chain = $3 WHERE id = $1", NULL },
    [Q_CLEAR_UP_TO] = { "audit.clear_up_to", "SELECT MAX(last_id) FROM audit_seals WHERE day < $1 AND seal <> '' AND cleared = 0", NULL },
    [Q_CLEAR_ROWS] = { "audit.clear_rows", "DELETE FROM audit_entries WHERE id <= $1", NULL },
    [Q_CLEARED] = { "audit.cleared", "UPDATE audit_seals SET cleared = 1 WHERE day < $1 AND seal <> '' AND cleared = 0", NULL },
};
/* clang-format on */

static bool seal_read(struct stmt *st, struct arena *a, struct audit_seal *out, bool *found, struct err *err)
{
    *found = db_row(st);
    *out   = (struct audit_seal){ 0 };
    if (*found)
        *out = (struct audit_seal){ col_int(st, 0), col_text_copy(st, 1, a), col_id(st, 2), col_int(st, 3),
                                    col_text_copy(st, 4, a), col_text_copy(st, 5, a), col_bool(st, 6) };
    return db_ok(st, err);
}

bool audit_seal_last(struct db *db, struct arena *a, struct audit_seal *out, struct err *err)
{
    bool found;
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_LAST]);
    return seal_read(&st, a, out, &found, err);
}

bool audit_seal_next(struct db *db, int64_t day, struct arena *a, struct audit_seal *out, bool *found, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_NEXT]);
    bind_int(&st, 1, day);
    return seal_read(&st, a, out, found, err);
}

bool audit_seal_save(struct db *db, const struct audit_seal *s, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SAVE]);
    bind_int(&st, 1, s->day);
    bind_text(&st, 2, s->before);
    bind_id(&st, 3, s->last_id);
    bind_int(&st, 4, s->entries);
    bind_text(&st, 5, s->chain);
    bind_text(&st, 6, s->seal);
    return db_exec(&st, err);
}

bool audit_rows_after(struct db *db, rid after, int max, struct arena *a, struct audit_entry_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ROWS]);
    bind_int(&st, 1, after.v);
    bind_int(&st, 2, max);
    while (db_row(&st))
        record_scan(&audit_record, &st, a, audit_entry_list_add(out, a));
    return db_ok(&st, err);
}

bool audit_row_chain(struct db *db, const struct audit_entry *e, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_CHAIN]);
    bind_id(&st, 1, e->id);
    bind_text(&st, 2, e->digest);
    bind_text(&st, 3, e->chain);
    return db_exec(&st, err);
}

bool audit_clear(struct db *db, int64_t before_day, struct err *err)
{
    CLEANUP(stmt_done) struct stmt last = db_query(db, &SQL[Q_CLEAR_UP_TO]);
    bind_int(&last, 1, before_day);
    rid up_to = db_row(&last) ? col_id(&last, 0) : (rid){ 0 };
    if (!db_ok(&last, err) || !id_is_set(up_to))
        return !err_is_set(err);
    CLEANUP(stmt_done) struct stmt rows = db_query(db, &SQL[Q_CLEAR_ROWS]);
    bind_id(&rows, 1, up_to);
    CLEANUP(stmt_done) struct stmt seals = db_query(db, &SQL[Q_CLEARED]);
    bind_int(&seals, 1, before_day);
    return db_exec(&rows, err) && db_exec(&seals, err);
}
