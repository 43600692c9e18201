/* move_rows.c - rows of a move: read, written, compared. */
#include "db/move_own.h"

#include "base/secret.h"

/* ---- reading a table page by page ---- */

void add_names(struct buf *b, const struct table *t)
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
static str page_sql(struct arena *a, const struct table *t, const struct row *last, int64_t skip, int limit)
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
    buf_print(&b, " LIMIT %d", limit);
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

static bool page_read(struct db *db, const struct table *t, const struct row *last, int64_t skip, int limit, struct arena *a, struct row_list *out,
                      struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query_text(db, "move.page", page_sql(a, t, last, skip, limit));
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

/* Few at first: payloads may have a megabyte each. Of three sizes, for each is a statement to be prepared. */
static int limit_next(const struct arena *room, int rows)
{
    size_t each = rows ? room->used / (size_t)rows + 1 : 1;
    return each * BATCH <= BATCH_BYTES ? BATCH : each * BATCH_FIRST <= BATCH_BYTES ? BATCH_FIRST : BATCH_LEAST;
}

/* The next page's start has to outlive the page, and the page the reading of the next. Two rooms that take turns hold them. */
bool walk_next(struct walk *w, struct db *db, const struct table *t, int64_t skip, struct row_list *page, struct err *err)
{
    struct arena *a = &w->rooms[w->room ^= 1];
    int           limit = w->limit ? w->limit : BATCH_FIRST;
    arena_reset(a);
    a->ceiling_bytes = (size_t)4 << 30;
    *page = (struct row_list){ 0 };
    if (!page_read(db, t, w->last, w->last ? 0 : skip, limit, a, page, err))
        return false;
    w->last  = page->count ? &page->at[page->count - 1] : w->last;
    w->over  = page->count < limit || !t->keys.count;
    w->limit = limit_next(a, page->count);
    w->seen += page->count;
    return true;
}

void walk_done(struct walk *w)
{
    arena_done(&w->rooms[0]);
    arena_done(&w->rooms[1]);
}

/* ---- writing ---- */

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

static bool insert_all(struct db *db, struct mover *m, struct err *err)
{
    insert_make(m);
    for (int r = 0; r < m->rows->count; r++) {
        CLEANUP(stmt_done) struct stmt st = db_query_text(db, m->insert.name, str_of(m->insert.text));
        for (int i = 0; i < m->table->columns.count; i++)
            cell_bind(&st, i + 1, m->table->columns.at[i].type, &m->rows->at[r].cells[i]);
        if (!db_exec(&st, err))
            return false;
    }
    return true;
}

static void put_number(struct buf *b, uint64_t n, int bytes)
{
    char to[8];
    for (int i = bytes; i--; n >>= 8)
        to[i] = (char)(n & 0xFF);
    buf_add(b, (str){ to, (size_t)bytes });
}

/* PostgreSQL: the rows as COPY wants them. Every number is a bigint. */
static void copy_rows(struct buf *b, const struct table *t, const struct row_list *rows)
{
    static const char head[19] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";
    b->len = 0;
    buf_add(b, (str){ head, sizeof head });
    for (int r = 0; r < rows->count; r++) {
        put_number(b, (uint64_t)t->columns.count, 2);
        for (int i = 0; i < t->columns.count; i++) {
            const struct cell *c = &rows->at[r].cells[i];
            if (c->null) {
                put_number(b, UINT32_MAX, 4);
            } else if (t->columns.at[i].type == COLUMN_INT) {
                put_number(b, 8, 4);
                put_number(b, (uint64_t)c->n, 8);
            } else {
                put_number(b, c->text.len, 4);
                buf_add(b, c->text);
            }
        }
    }
    put_number(b, UINT16_MAX, 2);
}

static bool copy_all(struct db *db, struct mover *m, struct err *err)
{
    struct failure f    = { 0 };
    struct buf     text = buf_in(&m->lasting);
    buf_print(&text, "COPY \"%.*s\" (", STR_ARG(m->table->name));
    add_names(&text, m->table);
    buf_add(&text, STR(") FROM STDIN (FORMAT binary)"));
    copy_rows(&m->bytes, m->table, m->rows);
    return db->pool->driver->copy_in(db, str_zero(&m->lasting, buf_str(&text)), buf_str(&m->bytes), &f) || failure_report(&f, "move.copy", err);
}

bool rows_write(struct db *db, struct mover *m, struct err *err)
{
    return m->to.postgres ? copy_all(db, m, err) : insert_all(db, m, err);
}

/* ---- comparing ---- */

static uint64_t row_print(const struct table *t, const struct cell *cells, struct buf *b)
{
    b->len = 0;
    for (int i = 0; i < t->columns.count; i++) {
        const struct cell *c = &cells[i];
        if (c->null) {
            buf_add_char(b, 'n');
        } else if (t->columns.at[i].type == COLUMN_INT) {
            buf_add_char(b, 'i');
            buf_add(b, (str){ (const char *)&c->n, sizeof c->n });
        } else {
            buf_add_char(b, 't');
            buf_add(b, (str){ (const char *)&c->text.len, sizeof c->text.len });
            buf_add(b, c->text);
        }
    }
    return secret_hash64(buf_str(b));
}

static bool tally_pages(struct db *db, const struct table *t, struct tally *out, struct err *err)
{
    CLEANUP(walk_done) struct walk w = { 0 };
    CLEANUP(arena_done) struct arena room = { 0 };
    struct buf      b = buf_in(&room);
    struct row_list page;
    while (!w.over) {
        if (!walk_next(&w, db, t, 0, &page, err))
            return false;
        for (int i = 0; i < page.count; i++)
            out->prints += row_print(t, page.at[i].cells, &b);
    }
    out->rows = w.seen;
    return true;
}

struct copied { const struct table *table; struct tally *tally; struct cell *cells; struct buf print; };

static uint64_t take_number(str *from, int bytes)
{
    uint64_t n = 0;
    for (int i = 0; i < bytes; i++)
        n = n << 8 | (unsigned char)from->at[i];
    *from = str_sub(*from, (size_t)bytes, from->len);
    return n;
}

/* The cells of a row; false: it is not what was asked for. */
static bool row_take(struct copied *c, str *from)
{
    for (int i = 0; i < c->table->columns.count; i++) {
        struct cell *cell = &c->cells[i];
        if (from->len < 4)
            return false;
        uint32_t len = (uint32_t)take_number(from, 4);
        *cell = (struct cell){ .null = len == UINT32_MAX };
        if (cell->null)
            continue;
        bool number = c->table->columns.at[i].type == COLUMN_INT;
        if (len > from->len || (number && len != 8))
            return false;
        if (number) {
            cell->n = (int64_t)take_number(from, 8);
        } else {
            cell->text = str_sub(*from, 0, len);
            *from      = str_sub(*from, len, from->len);
        }
    }
    return true;
}

/* One message of COPY: rows, perhaps behind the head of it all, perhaps with the mark of the end. */
static bool copied_take(void *ctx, str message, struct failure *f)
{
    struct copied *c = ctx;
    if (str_starts(message, STR("PGCOPY\n\377")))
        message = str_sub(message, 19, message.len);
    while (message.len >= 2) {
        uint16_t columns = (uint16_t)take_number(&message, 2);
        if (columns == UINT16_MAX)
            break;
        if (columns != c->table->columns.count || !row_take(c, &message))
            return failure_set(f, ERR_DB, "rows came in another form than was asked for");
        c->tally->rows++;
        c->tally->prints += row_print(c->table, c->cells, &c->print);
    }
    return true;
}

static bool tally_copied(struct db *db, const struct table *t, struct tally *out, struct err *err)
{
    CLEANUP(arena_done) struct arena room = { 0 };
    struct copied  c    = { t, out, ARENA_ARRAY(&room, struct cell, t->columns.count), buf_in(&room) };
    struct failure f    = { 0 };
    struct buf     text = buf_in(&room);
    buf_add(&text, STR("COPY \""));
    buf_print(&text, "%.*s\" (", STR_ARG(t->name));
    add_names(&text, t);
    buf_add(&text, STR(") TO STDOUT (FORMAT binary)"));
    return db->pool->driver->copy_out(db, str_zero(&room, buf_str(&text)), copied_take, &c, &f) || failure_report(&f, "move.compare", err);
}

bool tally_make(const struct side *side, const struct table *t, struct tally *out, struct err *err)
{
    return side->postgres ? tally_copied(side->db, t, out, err) : tally_pages(side->db, t, out, err);
}
