/* table.h - rows of a CSV or TSV file out of a stream of bytes, whatever they are.
 *
 * Unlike base/csv, which refuses a file that is not well-formed, this one goes on: any bytes are a row of something. A quoted
 * cell that never closes is taken as text; a row over TABLE_ROW_BYTES_MAX is skipped and counted; further cells than
 * TABLE_CELLS_MAX are dropped. The delimiter (tab ; , |) is what parts the first line into most pieces.
 *
 *     struct table t = { 0 };
 *     char *room = table_room(&t, &bytes);        // fill it, then
 *     table_filled(&t, n, n == 0);
 *     while (table_row(&t, cells, &count)) …      // cells live until the next table_room
 */
#pragma once
#include "identity/person.h"

#define TABLE_CELLS_MAX     256
#define TABLE_ROW_BYTES_MAX ((size_t)16 << 20)

struct table {
    struct arena arena;                 /* the buffer */
    char        *at;
    size_t       start, len, cap;       /* unread bytes are at[start .. len) */
    bool         ended, is_skipping;
    char         delimiter;             /* 0 until the first line was seen */
    int64_t      lines, rows_skipped;   /* rows told so far, also blank ones; rows over the limit */
};
char *table_room(struct table *, size_t *bytes);
void  table_filled(struct table *, size_t bytes, bool is_end);
/* False: more bytes are needed, or the table has ended. A blank line gives a row of no cells. */
bool  table_row(struct table *, str cells[TABLE_CELLS_MAX], int *count);
void  table_done(struct table *);

/* What a column is, by its heading in any case (name, ФИО, phone, телефон …). */
enum column {
    COLUMN_ID, COLUMN_SOURCE, COLUMN_NAME, COLUMN_PHONE, COLUMN_EMAIL, COLUMN_CITY, COLUMN_ADDRESS, COLUMN_CREATED, COLUMN_BIRTH,
    COLUMN_CARD, COLUMN_SURNAME, COLUMN_PATRONYMIC, COLUMN_COUNT
};
extern const char *const column_names[COLUMN_COUNT + 1];
/* Places of the columns, -1 where there is none; returns how many were found. */
int table_columns(const str *cells, int count, int columns[COLUMN_COUNT]);
/* One row as a record; texts are borrowed, but that a name of several columns is put together in the arena. `created` is the day
 * since 1970. */
void table_record(struct arena *, const str *cells, int count, const int columns[COLUMN_COUNT], struct person_record *out);
