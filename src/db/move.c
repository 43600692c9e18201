#include "db/move_own.h"

#include "db/migrate_driver.h"

#include <pthread.h>

enum { Q_UNFINISHED, Q_PROGRESS, Q_ADVANCE };
static const struct sql SQL[] = {
    [Q_UNFINISHED] = { "move.unfinished", "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'moving'",
                       /* the list of tables has another name on each */
                       "SELECT count(*) FROM pg_catalog.pg_class WHERE oid = to_regclass('moving')" },
    [Q_PROGRESS]   = { "move.progress", "SELECT moved FROM moving WHERE name = $1", NULL },
    [Q_ADVANCE]    = { "move.advance",
        "INSERT INTO moving (name, moved) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET moved = excluded.moved", NULL },
};

/* ---- writing ---- */

static bool advance(struct db *db, const struct mover *m, int64_t moved, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ADVANCE]);
    bind_text(&st, 1, m->table->name);
    bind_int(&st, 2, moved);
    return db_exec(&st, err);
}

static bool batch_write(struct db *db, void *ctx, struct err *err)
{
    struct mover *m = ctx;
    return rows_write(db, m, err) && advance(db, m, m->moved + m->rows->count, err);
}

static bool progress_read(struct mover *m, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(m->to.db, &SQL[Q_PROGRESS]);
    bind_text(&st, 1, m->table->name);
    m->moved = db_row(&st) ? col_int(&st, 0) : 0;
    return db_ok(&st, err);
}

/* The next page is read while one is written. */
struct reading { struct mover *m; struct walk *w; int64_t skip; struct row_list page; bool ok; struct err err; };

static void *reading_run(void *arg)
{
    struct reading *r = arg;
    r->ok = walk_next(r->w, r->m->from.db, r->m->table, r->skip, &r->page, &r->err);
    return NULL;
}

static bool page_write(struct mover *m, const struct row_list *page, struct err *err)
{
    m->rows = page;
    if (page->count && !db_tx(m->to.db, batch_write, m, err))
        return false;
    m->moved += page->count;
    return true;
}

/* A table without a key goes in one transaction: it is there whole or not at all. */
static bool table_move(struct mover *m, struct err *err)
{
    CLEANUP(walk_done) struct walk w = { 0 };
    if (!progress_read(m, err))
        return false;
    if (!m->table->keys.count && m->moved)
        return true;
    struct reading r = { .m = m, .w = &w, .skip = m->moved };
    reading_run(&r);
    while (r.ok && r.page.count) {
        struct row_list page = r.page;
        pthread_t       thread;
        bool            ahead = !w.over && pthread_create(&thread, NULL, reading_run, &r) == 0;
        bool            ok    = page_write(m, &page, err);
        if (ahead)
            pthread_join(thread, NULL);
        else if (ok && !w.over)
            reading_run(&r);
        else
            r.page.count = 0;
        if (!ok)
            return false;
    }
    return r.ok || (*err = r.err, false);
}

/* ---- the target before and after ---- */

static bool begin(struct db *db, void *ctx, struct err *err)
{
    struct mover *m = ctx;
    if (m->to.postgres && !later_begin(db, m, err))
        return false;
    for (int i = m->to.tables.count - 1; i >= 0; i--) {                 /* what migrations write into a new shop */
        struct buf b = buf_in(&m->lasting);
        buf_print(&b, "DELETE FROM \"%.*s\"", STR_ARG(m->to.tables.at[i].name));
        CLEANUP(stmt_done) struct stmt st = db_query_text(db, "move.clear", buf_str(&b));
        if (!db_exec(&st, err))
            return false;
    }
    return db_script(db, m->to.postgres ? "CREATE TABLE moving (name TEXT PRIMARY KEY, moved BIGINT NOT NULL)"
                                        : "CREATE TABLE moving (name TEXT PRIMARY KEY, moved INTEGER NOT NULL) STRICT", err);
}

/* Rows that came with their numbers do not move the counter that numbers the next one. */
static bool counters_set(struct db *db, struct mover *m, struct err *err)
{
    for (int i = 0; i < m->to.tables.count; i++) {
        const struct table *t = &m->to.tables.at[i];
        if (!t->counted.len)
            continue;
        struct buf b = buf_in(&m->lasting);
        buf_print(&b, "SELECT setval(pg_get_serial_sequence(quote_ident('%.*s'), '%.*s'), COALESCE((SELECT MAX(\"%.*s\") FROM \"%.*s\"), 0) + 1, false)",
                  STR_ARG(t->name), STR_ARG(t->counted), STR_ARG(t->counted), STR_ARG(t->name));
        CLEANUP(stmt_done) struct stmt st = db_query_text(db, "move.counter", buf_str(&b));
        while (db_row(&st)) {
        }
        if (!db_ok(&st, err))
            return false;
    }
    return true;
}

static bool finish(struct db *db, void *ctx, struct err *err)
{
    struct mover *m = ctx;
    return counters_set(db, m, err) && db_script(db, m->to.postgres ? "DROP TABLE moving; DROP TABLE moving_later; ANALYZE" : "DROP TABLE moving", err);
}

bool move_unfinished(struct db *db, bool *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_UNFINISHED]);
    *out = db_row(&st) && col_int(&st, 0) > 0;
    return db_ok(&st, err);
}

static bool is_empty(struct db *db, struct arena *a, const char *table, bool *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query_text(db, "move.empty", str_print(a, "SELECT 1 FROM \"%s\" LIMIT 1", table));
    *out = !db_row(&st);
    return db_ok(&st, err);
}

static bool target_ready(struct mover *m, bool begun, const char *const *shop, struct err *err)
{
    for (int i = 0; !begun && shop[i]; i++) {
        bool empty = true;
        if (!is_empty(m->to.db, &m->lasting, shop[i], &empty, err))
            return false;
        if (!empty)
            return err_set(err, ERR_CONFLICT, "to", "there is a shop already: its table %s has rows. Give an empty database", shop[i]);
    }
    return begun || db_tx(m->to.db, begin, m, err);
}

/* ---- comparing ---- */

struct side_tally { const struct side *side; const struct table *table; struct tally tally; bool ok; struct err err; };

static void *side_run(void *arg)
{
    struct side_tally *s = arg;
    s->ok = tally_make(s->side, s->table, &s->tally, &s->err);
    return NULL;
}

/* Both sides are read at the same time. */
static bool both_tally(struct mover *m, struct tally *here, struct tally *there, struct err *err)
{
    struct side_tally from = { .side = &m->from, .table = m->table }, to = { .side = &m->to, .table = m->table };
    pthread_t thread;
    bool      apart = pthread_create(&thread, NULL, side_run, &to) == 0;
    side_run(&from);
    if (apart)
        pthread_join(thread, NULL);
    else
        side_run(&to);
    *here  = from.tally;
    *there = to.tally;
    return (from.ok || (*err = from.err, false)) && (to.ok || (*err = to.err, false));
}

static bool table_compare(struct mover *m, int64_t *rows, struct err *err)
{
    struct tally here = { 0 }, there = { 0 };
    if (!both_tally(m, &here, &there, err))
        return false;
    *rows = here.rows;
    if (here.rows != there.rows)
        return err_set(err, ERR_FILE, "to", "the table %.*s has %lld rows in the source and %lld in the target. Was the source in use? Empty the "
                       "target and begin again", STR_ARG(m->table->name), (long long)here.rows, (long long)there.rows);
    if (here.prints != there.prints)
        return err_set(err, ERR_FILE, "to", "rows of the table %.*s are not the same in the target. Was the source in use? Empty the target and "
                       "begin again", STR_ARG(m->table->name));
    return true;
}

/* ---- all of it ---- */

static bool each_table(struct mover *m, const struct move_watch *watch, bool compare, struct err *err)
{
    for (int i = 0; i < m->from.tables.count; i++) {
        int64_t rows = 0;
        m->table = &m->from.tables.at[i];
        if (!(compare ? table_compare(m, &rows, err) : table_move(m, err)))
            return false;
        if (watch->told)
            watch->told(watch->ctx, m->table->name, compare ? rows : m->moved, compare);
    }
    return true;
}

static bool tables_of_shop(struct db *db, struct arena *a, struct table_list *out, struct err *err)
{
    struct table_list all = { 0 };
    if (!tables_read(db, a, &all, err))
        return false;
    for (int i = 0; i < all.count; i++)
        if (!str_is(all.at[i].name, "moving") && !str_is(all.at[i].name, "moving_later"))
            *table_list_add(out, a) = all.at[i];
    return true;
}

static bool move_all(struct mover *m, const char *const *shop, const struct move_watch *watch, struct err *err)
{
    bool begun = false;
    if (!move_unfinished(m->to.db, &begun, err) ||
        !tables_of_shop(m->from.db, &m->lasting, &m->from.tables, err) || !tables_of_shop(m->to.db, &m->lasting, &m->to.tables, err))
        return false;
    str differs = tables_difference(&m->lasting, &m->from.tables, &m->to.tables);
    if (differs.len)
        return err_set(err, ERR_SETTING, "to", "its tables are others than those of the source: %.*s", STR_ARG(differs));
    return target_ready(m, begun, shop, err) && each_table(m, watch, false, err) && (!m->to.postgres || later_make(m, err)) &&
           each_table(m, watch, true, err) && db_tx(m->to.db, finish, m, err);
}

bool db_move(struct db_pool *from, struct db_pool *to, const char *const *shop, const struct move_watch *watch, struct err *err)
{
    static const struct move_watch nobody = { 0 };
    struct mover m = { .from.postgres = db_is_postgres(from), .to.postgres = db_is_postgres(to), .lasting.ceiling_bytes = (size_t)4 << 30 };
    int applied = 0;
    if (!migrate(from, &applied, err) || !migrate_set(to, migrations, migrations_count, &applied, err))
        return false;
    m.bytes   = buf_in(&m.lasting);
    m.from.db = db_borrow(from);
    m.to.db   = db_borrow(to);
    bool ok = move_all(&m, shop, watch ? watch : &nobody, err);
    db_return(from, m.from.db);
    db_return(to, m.to.db);
    arena_done(&m.lasting);
    return ok;
}
