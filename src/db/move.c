#include "db/move.h"

#include "base/buf.h"
#include "base/secret.h"
#include "db/db_driver.h"
#include "db/migrate_driver.h"
#include "db/shape.h"

#define BATCH 500                       /* rows of a transaction; a payload may have a megabyte */

enum { Q_UNFINISHED, Q_PROGRESS, Q_ADVANCE };
static const struct sql SQL[] = {
    [Q_UNFINISHED] = { "move.unfinished", "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'moving'",
                       /* the list of tables has another name on each */
                       "SELECT count(*) FROM pg_catalog.pg_class WHERE oid = to_regclass('moving')" },
    [Q_PROGRESS]   = { "move.progress", "SELECT moved FROM moving WHERE name = $1", NULL },
    [Q_ADVANCE]    = { "move.advance",
        "INSERT INTO moving (name, moved) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET moved = excluded.moved", NULL },
};

struct cell { bool null; int64_t n; str text; };
struct row { struct cell *cells; };
LIST(row)

struct side {
    struct db        *db;
    bool              postgres;
    struct table_list tables;
};
struct mover {
    struct arena  lasting;
    struct side   from, to;
    const struct table *table;          /* of the source */
    struct sql    insert;
    struct row_list rows;
    int64_t       moved;
};

/* ---- reading a table page by page ---- */

static void add_names(struct buf *b, const struct table *t)
{
    for (int i = 0; i < t->columns.count; i++)
        buf_print(b, "%s\"%.*s\"", i ? ", " : "", STR_ARG(t->columns.at[i].name));
}

static void add_keys(struct buf *b, const struct table *t)
{
    for (int i = 0; i < t->keys.count; i++)
        buf_print(b, "%s\"%.*s\"", i ? ", " : "", STR_ARG(t->columns.at[t->keys.at[i]].name));
}

/* The next rows behind `last` (NULL: from the start, over `skip` of them) in the order of the key. A table without a key is read whole. */
static str page_sql(struct arena *a, const struct table *t, const struct row *last, int64_t skip)
{
    struct buf b = buf_in(a);
    buf_add(&b, STR("SELECT "));
    add_names(&b, t);
    buf_print(&b, " FROM \"%.*s\"", STR_ARG(t->name));
    if (!t->keys.count)
        return buf_str(&b);
    if (last) {
        buf_add(&b, STR(" WHERE ("));
        add_keys(&b, t);
        for (int i = 0; i < t->keys.count; i++)
            buf_print(&b, "%s$%d", i ? ", " : ") > (", i + 1);
        buf_add(&b, STR(")"));
    }
    buf_add(&b, STR(" ORDER BY "));
    add_keys(&b, t);
    buf_print(&b, " LIMIT %d", BATCH);
    if (skip)
        buf_print(&b, " OFFSET %lld", (long long)skip);
    return buf_str(&b);
}

static void cell_read(struct stmt *st, int i, enum column_type type, struct arena *a, struct cell *out)
{
    out->null = col_is_null(st, i);
    if (out->null)
        return;
    if (type == COLUMN_INT)
        out->n = col_int(st, i);
    else
        out->text = type == COLUMN_TEXT ? col_text_copy(st, i, a) : col_bytes(st, i, a);
}

static void cell_bind(struct stmt *st, int n, enum column_type type, const struct cell *c)
{
    if (c->null)
        bind_null(st, n);
    else if (type == COLUMN_INT)
        bind_int(st, n, c->n);
    else if (type == COLUMN_TEXT)
        bind_text(st, n, c->text);
    else
        bind_bytes(st, n, c->text);
}

static bool page_read(struct db *db, const struct table *t, const struct row *last, int64_t skip, struct arena *a, struct row_list *out,
                      struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query_text(db, "move.page", page_sql(a, t, last, skip));
    for (int i = 0; last && i < t->keys.count; i++)
        cell_bind(&st, i + 1, t->columns.at[t->keys.at[i]].type, &last->cells[t->keys.at[i]]);
    while (db_row(&st)) {
        struct cell *cells = ARENA_ARRAY(a, struct cell, t->columns.count);
        for (int i = 0; i < t->columns.count; i++)
            cell_read(&st, i, t->columns.at[i].type, a, &cells[i]);
        row_list_add(out, a)->cells = cells;
    }
    return db_ok(&st, err);
}

/* The next page's start has to outlive the page. Two rooms that take turns hold it. */
struct walk { struct arena rooms[2]; int room; const struct row *last; int64_t seen; bool over; };

static bool walk_next(struct walk *w, struct db *db, const struct table *t, int64_t skip, struct row_list *page, struct err *err)
{
    struct arena *a = &w->rooms[w->room ^= 1];
    arena_reset(a);
    *page = (struct row_list){ 0 };
    if (!page_read(db, t, w->last, w->last ? 0 : skip, a, page, err))
        return false;
    w->last  = page->count ? &page->at[page->count - 1] : w->last;
    w->over  = page->count < BATCH || !t->keys.count;
    w->seen += page->count;
    return true;
}

static void walk_done(struct walk *w)
{
    arena_done(&w->rooms[0]);
    arena_done(&w->rooms[1]);
}

/* ---- writing it ---- */

static void insert_make(struct mover *m)
{
    struct buf b = buf_in(&m->lasting);
    buf_print(&b, "INSERT INTO \"%.*s\" (", STR_ARG(m->table->name));
    add_names(&b, m->table);
    for (int i = 0; i < m->table->columns.count; i++)
        buf_print(&b, "%s$%d", i ? ", " : ") VALUES (", i + 1);
    buf_add(&b, STR(")"));
    m->insert = (struct sql){ "move.insert", str_zero(&m->lasting, buf_str(&b)), NULL };
}

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
    for (int r = 0; r < m->rows.count; r++) {
        CLEANUP(stmt_done) struct stmt st = db_query_text(db, m->insert.name, str_of(m->insert.text));
        for (int i = 0; i < m->table->columns.count; i++)
            cell_bind(&st, i + 1, m->table->columns.at[i].type, &m->rows.at[r].cells[i]);
        if (!db_exec(&st, err))
            return false;
    }
    return advance(db, m, m->moved + m->rows.count, err);
}

static bool progress_read(struct mover *m, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(m->to.db, &SQL[Q_PROGRESS]);
    bind_text(&st, 1, m->table->name);
    m->moved = db_row(&st) ? col_int(&st, 0) : 0;
    return db_ok(&st, err);
}

/* A table without a key goes in one transaction: it is there whole or not at all. */
static bool table_move(struct mover *m, struct err *err)
{
    CLEANUP(walk_done) struct walk w = { 0 };
    if (!progress_read(m, err))
        return false;
    insert_make(m);
    if (!m->table->keys.count && m->moved)
        return true;
    while (!w.over) {
        if (!walk_next(&w, m->from.db, m->table, m->moved, &m->rows, err))
            return false;
        if (m->rows.count && !db_tx(m->to.db, batch_write, m, err))
            return false;
        m->moved += m->rows.count;
    }
    return true;
}

/* ---- the target before and after ---- */

static bool begin(struct db *db, void *ctx, struct err *err)
{
    struct mover *m = ctx;
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
    return counters_set(db, ctx, err) && db_script(db, "DROP TABLE moving", err);
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

static uint64_t row_print(const struct table *t, const struct row *r, struct buf *b)
{
    b->len = 0;
    for (int i = 0; i < t->columns.count; i++) {
        const struct cell *c = &r->cells[i];
        if (c->null)
            buf_add_char(b, 'n');
        else if (t->columns.at[i].type == COLUMN_INT)
            buf_print(b, "i%lld,", (long long)c->n);
        else {
            buf_print(b, "t%zu,", c->text.len);
            buf_add(b, c->text);
        }
    }
    return secret_hash64(buf_str(b));
}

struct tally { int64_t rows; uint64_t prints; };

static bool tally_make(struct db *db, const struct table *t, struct tally *out, struct err *err)
{
    CLEANUP(walk_done) struct walk w = { 0 };
    CLEANUP(arena_done) struct arena room = { 0 };
    struct buf      b = buf_in(&room);
    struct row_list page;
    while (!w.over) {
        if (!walk_next(&w, db, t, 0, &page, err))
            return false;
        for (int i = 0; i < page.count; i++)
            out->prints += row_print(t, &page.at[i], &b);
    }
    out->rows = w.seen;
    return true;
}

static bool table_compare(struct mover *m, int64_t *rows, struct err *err)
{
    struct tally here = { 0 }, there = { 0 };
    if (!tally_make(m->from.db, m->table, &here, err) || !tally_make(m->to.db, m->table, &there, err))
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

static bool tables_without(struct db *db, const char *name, struct arena *a, struct table_list *out, struct err *err)
{
    struct table_list all = { 0 };
    if (!tables_read(db, a, &all, err))
        return false;
    for (int i = 0; i < all.count; i++)
        if (!str_is(all.at[i].name, name))
            *table_list_add(out, a) = all.at[i];
    return true;
}

static bool move_all(struct mover *m, const char *const *shop, const struct move_watch *watch, struct err *err)
{
    bool begun = false;
    if (!move_unfinished(m->to.db, &begun, err) ||
        !tables_without(m->from.db, "moving", &m->lasting, &m->from.tables, err) || !tables_without(m->to.db, "moving", &m->lasting, &m->to.tables, err))
        return false;
    str differs = tables_difference(&m->lasting, &m->from.tables, &m->to.tables);
    if (differs.len)
        return err_set(err, ERR_SETTING, "to", "its tables are others than those of the source: %.*s", STR_ARG(differs));
    return target_ready(m, begun, shop, err) && each_table(m, watch, false, err) && each_table(m, watch, true, err) &&
           db_tx(m->to.db, finish, m, err);
}

bool db_move(struct db_pool *from, struct db_pool *to, const char *const *shop, const struct move_watch *watch, struct err *err)
{
    static const struct move_watch nobody = { 0 };
    struct mover m = { .from.postgres = db_is_postgres(from), .to.postgres = db_is_postgres(to) };
    int applied = 0;
    if (!migrate(from, &applied, err) || !migrate_set(to, migrations, migrations_count, &applied, err))
        return false;
    m.from.db = db_borrow(from);
    m.to.db   = db_borrow(to);
    bool ok = move_all(&m, shop, watch ? watch : &nobody, err);
    db_return(from, m.from.db);
    db_return(to, m.to.db);
    arena_done(&m.lasting);
    return ok;
}
