/* move_later.c - PostgreSQL: an index that is made over all rows at once costs a fraction of one that grows row by row, and a foreign key that
 * is checked once a fraction of one that is checked for each. So a move puts them away first and makes them when the rows are there.
 *
 * What is away stands in the table `moving_later` of the target, written in the transaction that puts it away; each is taken out of it in
 * the transaction that makes it. Primary keys stay: rows come in their order.
 */
#include "db/move_own.h"

enum { Q_INDEXES, Q_KEYS, Q_LEFT, Q_KEEP, Q_MADE };
static const struct sql SQL[] = {                        /* PostgreSQL only: it tells of itself in its own words */
    [Q_INDEXES] = { "later.indexes",
        "SELECT 1, format('DROP INDEX %I', x.relname), pg_get_indexdef(i.indexrelid) "
        "  FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid "
        " WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind = 'r' AND t.relname NOT IN ('schema_migrations', 'moving', 'moving_later') "
        "   AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x')) ORDER BY x.relname", NULL },
    [Q_KEYS] = { "later.keys",                           /* foreign keys go first and come last: they need the unique ones */
        "SELECT CASE c.contype WHEN 'u' THEN 0 ELSE 2 END, format('ALTER TABLE %I DROP CONSTRAINT %I', t.relname, c.conname), "
        "       format('ALTER TABLE %I ADD CONSTRAINT %I %s', t.relname, c.conname, pg_get_constraintdef(c.oid)) "
        "  FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid "
        " WHERE t.relnamespace = current_schema()::regnamespace AND c.contype IN ('u', 'f') AND t.relname <> 'schema_migrations' "
        " ORDER BY 1 DESC, t.relname, c.conname", NULL },
    [Q_LEFT] = { "later.left", "SELECT n, text FROM moving_later ORDER BY n", NULL },
    [Q_KEEP] = { "later.keep", "INSERT INTO moving_later (n, text) VALUES ($1, $2)", NULL },
    [Q_MADE] = { "later.made", "DELETE FROM moving_later WHERE n = $1", NULL },
};

struct later { int64_t n; str drop, make; };
LIST(later)

static bool list_read(struct db *db, int which, struct arena *a, struct later_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[which]);
    while (db_row(&st))
        *later_list_add(out, a) = (struct later){ col_int(&st, 0) * 1000000 + out->count, col_text_copy(&st, 1, a), col_text_copy(&st, 2, a) };
    return db_ok(&st, err);
}

static bool put_away(struct db *db, const struct later *l, struct arena *a, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_KEEP]);
    bind_int(&st, 1, l->n);
    bind_text(&st, 2, l->make);
    return db_exec(&st, err) && db_script(db, str_zero(a, l->drop), err);
}

bool later_begin(struct db *db, struct mover *m, struct err *err)
{
    struct later_list list = { 0 };
    struct arena     *a    = &m->lasting;
    if (!list_read(db, Q_KEYS, a, &list, err) || !list_read(db, Q_INDEXES, a, &list, err) ||
        !db_script(db, "CREATE TABLE moving_later (n BIGINT PRIMARY KEY, text TEXT NOT NULL)", err))
        return false;
    for (int i = 0; i < list.count; i++)
        if (!put_away(db, &list.at[i], a, err))
            return false;
    return true;
}

struct making { struct mover *m; const struct later *l; };

static bool make_one(struct db *db, void *ctx, struct err *err)
{
    struct making *x = ctx;
    if (!db_script(db, "SET LOCAL maintenance_work_mem = '256MB'; SET LOCAL synchronous_commit = off; SET LOCAL enable_seqscan = on;"
                       "SET LOCAL enable_hashjoin = on; SET LOCAL enable_mergejoin = on", err) ||
        !db_script(db, str_zero(&x->m->lasting, x->l->make), err))
        return false;
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_MADE]);
    bind_int(&st, 1, x->l->n);
    return db_exec(&st, err);
}

bool later_make(struct mover *m, struct err *err)
{
    struct later_list list = { 0 };
    {
        CLEANUP(stmt_done) struct stmt st = db_query(m->to.db, &SQL[Q_LEFT]);
        while (db_row(&st))
            *later_list_add(&list, &m->lasting) = (struct later){ .n = col_int(&st, 0), .make = col_text_copy(&st, 1, &m->lasting) };
        if (!db_ok(&st, err))
            return false;
    }
    for (int i = 0; i < list.count; i++) {
        struct making x = { m, &list.at[i] };
        if (!db_tx(m->to.db, make_one, &x, err))
            return false;
    }
    return true;
}
