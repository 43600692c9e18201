/* people_export_flow.h - people, all or those of a filter, a page at a time in constant memory: CSV or JSON lines, a row a card. */
#pragma once
#include "customers/customer.h"
#include "db/work.h"
#include "orders/queue.h"

enum people_format { PEOPLE_CSV, PEOPLE_JSON };
/* Which of them, as the list of people asks; `as_seen` lets the rows tell only what who asks may see. */
struct people_filter {
    const struct record_query *list;
    str                        query;
    bool                     (*as_seen)(void *ctx, struct customer *rows, int count, struct err *);
    void                      *ctx;
};
struct people_export {                  /* under way */
    struct work       *w;
    enum people_format format;
    struct row_view    view;            /* contacts and sums as whoever exports may see them */
    const struct people_filter *filter; /* NULL: all */
    rid                after;
    str                cursor;          /* of a filter's next page */
    char               cursor_bytes[256];
    int64_t            written;
    bool               has_head;
    struct arena       page;
};
/* Writes down who exports what; the rest is reading. */
MUST_CHECK bool people_export_start(struct people_export *, struct work *, enum people_format, const struct row_view *,
                                    const struct people_filter *, struct err *);
/* Adds the next piece to `out`; *more false: that was all. */
MUST_CHECK bool people_export_next(struct people_export *, struct buf *out, bool *more, struct err *);
void people_export_end(struct people_export *);
