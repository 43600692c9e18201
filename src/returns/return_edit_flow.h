/* return_edit_flow.h - what every change of a return brings with it: the row, its lines, its history, the event for open screens. */
#pragma once
#include "returns/return_draft.h"
#include "returns/return_store.h"

struct return_edit {
    struct rma         old, now;
    bool               is_new, lines_changed;
    int64_t            seq;             /* last number in the stored history */
    struct rma_line_list lines;
    struct rma_step_list steps;         /* to be written */
    struct return_medium_list media;    /* told of anew by the market: addresses of what the buyer has photographed */
};
LIST(return_edit)
/* Adds the row "from → to", and the implied steps before it. */
void return_edit_step(struct return_edit *, const struct work *, enum return_state from, const enum return_state *implied, int implied_count,
                      enum return_state to, bool flagged, str note);
/* Inside db_tx. */
MUST_CHECK bool return_edit_save(struct db *, const struct work *, struct return_edit *, struct err *);
