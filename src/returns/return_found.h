/* return_found.h - what was found in a returned parcel, and what becomes of it. Pure. */
#pragma once
#include "base/list.h"
#include "returns/return.h"

/* What was found of a line, or what is to become of it. Several of one line share its units. */
struct return_input_line {
    int64_t line, qty;
    bool    has_amount;
    enum return_condition condition;    /* CONDITION_UNKNOWN: not told */
    enum return_disposition disposition;
    amount  amount;                     /* paid back for these units; never above their share */
};
LIST(return_input_line)

/* The lines as they are after it. Units of a line that nothing was said of, where something was said of others of it, are missing and
 * not paid for; with `only_disposes` they stay as they are. Parts of a line get numbers behind the last. Every error at once. */
MUST_CHECK bool return_lines_found(const struct rma_line_list *stored, const struct return_input_line_list *, bool only_disposes, struct arena *,
                                   instant now, struct rma_line_list *out, struct err *);
amount return_lines_sum(const struct rma_line_list *);
/* Units that came and that nobody has decided on. */
int64_t return_units_forgotten(const struct rma_line_list *);
