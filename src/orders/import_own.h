/* import_own.h - what the files of the import share. Nobody else includes it. */
#pragma once
#include "orders/order_import.h"

const char *import_count(struct arena *, str text, int64_t *out);
const char *import_status(struct arena *, str text, enum hub_status *out);
const char *import_payment(struct arena *, str text, enum payment_status *out);
const char *import_scheme(struct arena *, str text, enum order_scheme *out);
const char *import_side(struct arena *, str text, enum cancel_side *out);
const char *import_marks(str text, unsigned *out);
const char *import_flag(struct arena *, str text, bool *out);
const char *import_currency(struct arena *, str text, str *out);
str         import_tags(struct arena *, str text);

/* One row with its cells under our own names; JSON orders become several. */
struct import_row {
    int64_t  row;
    str      cells[COL_COUNT];
    uint64_t told;                      /* columns with a value */
};
/* Adds a row to the order that is being put together: the first row says what it is, every row with goods adds a line. */
struct import_rules { const struct import_options *options; const struct zone *zone; bool is_ours; };
void import_row_first(struct arena *, const struct import_rules *, const struct import_row *, struct import_order *);
void import_row_line(struct arena *, const struct import_rules *, const struct import_row *, struct import_order *);
/* Sums, names and what only the whole order can tell. */
void import_order_end(struct arena *, const struct import_rules *, struct import_order *);
void import_trouble(struct arena *, struct import_order *, int64_t row, enum transfer_column, const char *text);
