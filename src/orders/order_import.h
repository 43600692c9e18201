/* order_import.h - orders from a file of a person: CSV, XLSX or JSON lines, read into drafts with all that is wrong in them. Pure.
 *
 * Headings are those of transfer.h, in English or Russian, in any order; what nobody knows is passed over and named. Rows of one
 * order stand together; several orders live in memory at once only as long as the callback wants: they are in the arena given.
 */
#pragma once
#include "base/csv.h"
#include "base/zone.h"
#include "orders/order_draft.h"
#include "orders/transfer.h"

#define IMPORT_ROWS_MAX  2000000
#define IMPORT_LINES_MAX 1000           /* of one order */

enum import_format { IMPORT_CSV, IMPORT_XLSX, IMPORT_JSON };

struct import_trouble { int64_t row; str field, text; };
LIST(import_trouble)
struct import_raw { int64_t row; const str *cells; int count; };      /* as it stood in the file; JSON: one cell with the line */
LIST(import_raw)

struct import_order {
    int64_t            row;             /* where it begins */
    struct order_draft draft;           /* status_key is the status' name, empty when not told */
    bool               has_status;
    enum hub_status    status;
    bool               has_comment, has_tags;
    str                comment, tags;   /* tags as stored: ",gift,vip," */
    uint64_t           told;            /* a bit per column with a value */
    struct import_trouble_list troubles;
    struct import_raw_list     raw;
};
struct import_options {
    str                country;         /* of telephone numbers */
    str                currency;        /* of amounts without one; empty: they are refused */
    const struct zone *zone;            /* of times without one */
    str                map;             /* "number=Заказ №,title=Позиция" */
};
struct import_sheet {                   /* what was found; lives in an arena of its own */
    enum import_format format;
    struct str_list    headings;        /* of a table, as written */
    struct str_list    unknown;         /* headings or keys that were passed over */
    int64_t            rows;
};
typedef bool import_order_fn(void *ctx, struct import_order *, struct err *);

enum import_format import_format_of(str bytes);
/* `bytes` is the whole file; spreadsheets are read from `path`. Orders and what they hold are in *batch, which the callback may
 * reset: nothing of the reader is in it at that moment. */
MUST_CHECK bool import_read(str bytes, const char *path, const struct import_options *, struct arena *batch, struct arena *sheet_arena,
                            struct import_sheet *, import_order_fn *, void *ctx, struct err *);

/* ---- single values; empty text is "not told" and never asked ---- */
/* "1 250,50", "1250.50 ₸". */
const char *import_money(struct arena *, str text, amount *out);
/* "2026-12-16T04:04:00Z", "2026-12-16 09:04", "16.12.2026 09:04", "16.12.2026": without a zone in `zone`. */
const char *import_time(struct arena *, str text, const struct zone *zone, instant *out);
