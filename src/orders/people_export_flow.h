/* people_export_flow.h - all people, a page at a time in constant memory: CSV or JSON lines, a row a card. */
#pragma once
#include "db/work.h"
#include "orders/queue.h"

enum people_format { PEOPLE_CSV, PEOPLE_JSON };
struct people_export {                  /* under way */
    struct work       *w;
    enum people_format format;
    struct row_view    view;            /* contacts and sums as whoever exports may see them */
    rid                after;
    int64_t            written;
    bool               has_head;
    struct arena       page;
};
/* Writes down who exports what; the rest is reading. */
MUST_CHECK bool people_export_start(struct people_export *, struct work *, enum people_format, const struct row_view *, struct err *);
/* Adds the next piece to `out`; *more false: that was all. */
MUST_CHECK bool people_export_next(struct people_export *, struct buf *out, bool *more, struct err *);
void people_export_end(struct people_export *);
