/* csv.h - CSV in and out.
 *
 * In: delimiter found by looking (; , tab |), quotes, BOM stripped, UTF-8 or windows-1251, rows of at most CSV_COLUMNS_MAX
 * cells and CSV_CELL_BYTES_MAX bytes a cell. Streamed: a row at a time.
 * Out: UTF-8 with BOM, ';', CRLF, quotes where needed; cells that a spreadsheet would run as a formula (= + - @ tab first,
 * and not a plain number) get a leading apostrophe.
 */
#pragma once
#include "base/buf.h"
#include "base/err.h"

#define CSV_COLUMNS_MAX    256
#define CSV_CELL_BYTES_MAX 65536

struct csv_row { const str *cells; int count; int64_t line; };
/* Called for each row; false stops. Cells live until it returns. */
typedef bool csv_row_fn(void *ctx, const struct csv_row *, struct err *);
MUST_CHECK bool csv_read(str bytes, csv_row_fn *row, void *ctx, struct err *);
MUST_CHECK bool csv_read_file(const char *path, csv_row_fn *row, void *ctx, struct err *);   /* "-" is standard input */

void csv_begin(struct buf *);                             /* BOM */
void csv_cell(struct buf *, str cell, bool last);         /* last ends the row */
