/* order_export.h - orders into CSV, XLSX and JSON lines: how one order is written. Pure. Columns are those of transfer.h. */
#pragma once
#include "base/xlsx.h"
#include "orders/queue.h"
#include "orders/transfer.h"

enum export_format { EXPORT_CSV, EXPORT_XLSX, EXPORT_JSON, EXPORT_FORMAT_COUNT };
extern const char *const export_format_names[];          /* "csv" "xlsx" "jsonl" */
extern const char *const export_types[];                 /* media types */

/* What is known of an order besides its row. */
struct export_order {
    const struct order      *order;
    const struct order_line *lines;
    int                      lines_count;
    str                      account, customer_name, customer_phone, customer_email;
};
struct export_head { str filter; instant at; const struct zone *zone; int64_t orders; };

void export_csv_head(struct buf *, const struct export_head *, const struct row_view *);
void export_csv_order(struct buf *, const struct export_order *, const struct row_view *);
void export_json_order(struct buf *, const struct export_order *, const struct row_view *);
void export_xlsx_head(struct xlsx *, struct arena *, const struct export_head *, const struct row_view *);
void export_xlsx_order(struct xlsx *, struct arena *, const struct zone *, const struct export_order *, const struct row_view *);
