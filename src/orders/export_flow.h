/* export_flow.h - all orders of a filter, a page at a time in constant memory, into a file or a streamed reply. */
#pragma once
#include "orders/order_export.h"
#include "orders/queue_store.h"

#define EXPORT_PAGE 500

struct export_plan {
    enum export_format  format;
    struct queue_filter filter;         /* its sort is ours: newest first, or oldest when asked */
    str                 filter_text;    /* as it stands in the address: for the heading */
    struct queue_scope  scope;
    struct row_view     view;
};
struct export;                          /* under way; in the arena of the work */
/* Counts and writes the heading. The work's connection is used until the end. */
MUST_CHECK bool export_start(struct work *, const struct export_plan *, struct export **out, struct err *);
/* Adds the next piece to `out`; *more false: that was all. Not for XLSX. */
MUST_CHECK bool export_next(struct export *, struct buf *out, bool *more, struct err *);
/* The whole spreadsheet into a file. */
MUST_CHECK bool export_xlsx(struct export *, const char *path, struct err *);
int64_t export_count(const struct export *);             /* orders written so far */
void export_end(struct export *);
