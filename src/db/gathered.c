/* gathered.c - rows of INSERTs that wait for their like, and go to the database together.
 *
 * db_insert gives a statement like any other; db_exec only keeps its row. Kept rows are run before any other statement of the
 * connection, before the commit, and when ROWS_MAX of one kind are there: the tables in the order in which they were first
 * written to, the rows of each as they came. So within a transaction everybody still sees what was written before.
 *
 * How many there are varies, and each number of rows is a statement to be prepared, so they go in powers of two.
 */
#include "db/db_driver.h"
#include <stdlib.h>

#define ROWS_MAX   32
#define PARAMS_MAX 1100                 /* of one statement: wider rows go fewer at once */
#define BYTES_MAX  ((size_t)1 << 20)    /* of kept texts */

enum cell_kind { CELL_NULL, CELL_INT, CELL_TEXT, CELL_BYTES };
struct cell { int64_t number; size_t at, len; enum cell_kind kind; };

struct gathered {
    struct gathered *next;              /* of the list of those with rows */
    const struct sql *sql;
    int              width, rows, rows_max;
    struct cell     *cells;             /* of rows_max rows */
    char            *bytes;             /* texts of the cells: the caller's may be gone by the time they are written */
    size_t           used, cap;
};

struct gathered *gathered_make(const struct sql *sql, int width)
{
    struct gathered *g = db_calloc(1, sizeof *g);
    g->sql      = sql;
    g->width    = width;
    g->rows_max = ROWS_MAX;
    while (g->rows_max > 1 && g->rows_max * width > PARAMS_MAX)
        g->rows_max /= 2;
    g->cells = db_calloc((size_t)g->rows_max * (size_t)width, sizeof *g->cells);
    return g;
}

void gathered_free(struct gathered *g)
{
    if (!g)
        return;
    free(g->cells);
    free(g->bytes);
    free(g);
}

/* What the caller does not bind is NULL. */
void gathered_begin(struct gathered *g)
{
    memset(&g->cells[g->rows * g->width], 0, sizeof *g->cells * (size_t)g->width);
}

static struct cell *cell_of(struct gathered *g, int n) { return &g->cells[g->rows * g->width + n - 1]; }

void gathered_null(struct gathered *g, int n) { cell_of(g, n)->kind = CELL_NULL; }

void gathered_int(struct gathered *g, int n, int64_t value)
{
    *cell_of(g, n) = (struct cell){ .number = value, .kind = CELL_INT };
}

bool gathered_text(struct gathered *g, int n, str s, bool is_bytes)
{
    if (s.len > (size_t)1 << 30)
        return false;
    if (g->used + s.len > g->cap) {
        g->cap   = (g->used + s.len) * 2;
        g->bytes = db_realloc(g->bytes, g->cap);
    }
    if (s.len)
        memcpy(g->bytes + g->used, s.at, s.len);
    *cell_of(g, n) = (struct cell){ .at = g->used, .len = s.len, .kind = is_bytes ? CELL_BYTES : CELL_TEXT };
    g->used += s.len;
    return true;
}

static void bind_cell(struct stmt *st, int n, const struct gathered *g, const struct cell *c)
{
    switch (c->kind) {
    case CELL_NULL:  bind_null(st, n); break;
    case CELL_INT:   bind_int(st, n, c->number); break;
    case CELL_TEXT:  bind_text(st, n, (str){ g->bytes + c->at, c->len }); break;
    case CELL_BYTES: bind_bytes(st, n, (str){ g->bytes + c->at, c->len }); break;
    }
}

/* Its rows, in as few statements as powers of two allow. They have been counted as they came. */
static bool rows_run(struct db *db, struct gathered *g, struct failure *f)
{
    struct gathered *others = db->waiting;
    int64_t counted = db->statements;
    int     left    = g->rows, from = 0;
    bool    ok      = true;
    db->waiting = NULL;                                  /* what runs now must not find them waiting */
    for (int rows = g->rows_max; ok && left; rows /= 2)
        for (; ok && left >= rows; left -= rows, from += rows) {
            struct err  err = { 0 };
            struct stmt st  = db_query_rows(db, g->sql, rows);
            for (int n = 0; n < rows * g->width; n++)
                bind_cell(&st, n + 1, g, &g->cells[from * g->width + n]);
            ok = db_ok(&st, &err);
            if (!ok) {
                failure_of(&st, f);
                db->inner_failed = true;                 /* some of the rows may be there: nothing of this may stay */
            }
            stmt_done(&st);
        }
    db->waiting    = others;
    db->statements = counted;
    g->rows        = 0;
    g->used        = 0;
    return ok;
}

bool gathered_add(struct db *db, struct gathered *g, struct failure *f)
{
    if (!db->in_tx)
        return failure_set(f, ERR_INTERNAL, "writes, but not inside db_tx");
    if (g->rows == 0) {
        struct gathered **end = &db->waiting;
        while (*end && *end != g)
            end = &(*end)->next;
        if (!*end) {
            *end    = g;
            g->next = NULL;
        }
    }
    g->rows++;
    return (g->rows < g->rows_max && g->used < BYTES_MAX) || rows_run(db, g, f);
}

bool gathered_run(struct db *db, struct failure *f)
{
    bool ok = true;
    while (db->waiting) {
        struct gathered *g = db->waiting;
        db->waiting = g->next;
        if (ok && g->rows)
            ok = rows_run(db, g, f);
        g->rows = 0;
        g->used = 0;
    }
    return ok;
}

void gathered_drop(struct db *db)
{
    for (; db->waiting; db->waiting = db->waiting->next)
        db->waiting->rows = 0, db->waiting->used = 0;
}
