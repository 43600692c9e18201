/* record_scan.c - rows of hand-written statements, columns found by name once a statement. */
#include "record/record_own.h"
#include <assert.h>

#define SCAN_MAPS    16                 /* a power of two; more than a thread reads in turns */
#define SCAN_COLUMNS 96
#define SCAN_NONE    0xff

/* Which field each column of a statement is. A thread keeps the last few; a map is looked at again on the
 * first row of every run, because a statement's address may have been used before by another text. */
struct scan_map {
    const struct sql    *sql;
    const struct record *record;
    uint64_t             names;         /* fingerprint of the column names */
    int                  columns;
    uint8_t              field[SCAN_COLUMNS];
};
static _Thread_local struct scan_map scan_maps[SCAN_MAPS];

static uint64_t names_fingerprint(struct stmt *st, int columns)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (int i = 0; i < columns; i++) {
        for (const char *c = db_column(st, i); *c; c++)
            h = (h ^ (unsigned char)*c) * UINT64_C(0x100000001b3);
        h = (h ^ 0xff) * UINT64_C(0x100000001b3);
    }
    return h;
}

static void scan_map_make(struct scan_map *m, const struct record *r, struct stmt *st)
{
    uint64_t taken = 0;                 /* of two columns with one name the first counts: o.*, a.* */
    for (int i = 0; i < m->columns; i++) {
        const struct field *f = record_field(r, str_of(db_column(st, i)));
        ptrdiff_t at = f ? f - r->fields : 0;
        bool use = f && !(taken >> at & 1);
        m->field[i] = use ? (uint8_t)at : SCAN_NONE;
        if (use)
            taken |= UINT64_C(1) << at;
    }
}

static const struct scan_map *scan_map_of(const struct record *r, struct stmt *st)
{
    uint64_t h = ((uint64_t)(uintptr_t)st->sql ^ (uint64_t)(uintptr_t)r << 1) * UINT64_C(0x9e3779b97f4a7c15);
    struct scan_map *m = &scan_maps[h >> 60 & (SCAN_MAPS - 1)];
    bool same = m->sql == st->sql && m->record == r;
    if (same && st->row > 1)
        return m;
    int columns = db_columns(st);
    assert(columns <= SCAN_COLUMNS);
    uint64_t names = names_fingerprint(st, columns);
    if (same && m->columns == columns && m->names == names)
        return m;
    *m = (struct scan_map){ .sql = st->sql, .record = r, .names = names, .columns = columns };
    scan_map_make(m, r, st);
    return m;
}

void record_scan(const struct record *r, struct stmt *st, struct arena *a, void *out)
{
    const struct scan_map *m = scan_map_of(r, st);
    for (int i = 0; i < m->columns; i++)
        if (m->field[i] != SCAN_NONE)
            scan_field(st, i, &r->fields[m->field[i]], a, out);
}
