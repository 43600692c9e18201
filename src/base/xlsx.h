/* xlsx.h - spreadsheets in and out.
 *
 * In (minizip + expat): first sheet; shared and inline strings; numbers keep their digits as text; dates (by number format)
 * become "YYYY-MM-DD" or "YYYY-MM-DDTHH:MM:SS". Limits: XLSX_BYTES_MAX unpacked, ratio 200, a DOCTYPE is refused.
 * Out (libxlsxwriter, constant memory): a heading row, then rows of typed cells.
 */
#pragma once
#include "base/csv.h"

#define XLSX_BYTES_MAX ((size_t)256 << 20)

MUST_CHECK bool xlsx_read_file(const char *path, csv_row_fn *row, void *ctx, struct err *);

struct xlsx;
enum xlsx_cell { XLSX_TEXT, XLSX_NUMBER, XLSX_MONEY, XLSX_DATE };   /* MONEY, NUMBER: text of a decimal number; DATE: RFC 3339 local, as text */
MUST_CHECK bool xlsx_create(struct arena *, const char *path, str sheet, struct xlsx **out, struct err *);
void xlsx_cell(struct xlsx *, enum xlsx_cell, str text, bool last);
MUST_CHECK bool xlsx_finish(struct xlsx *, struct err *);
