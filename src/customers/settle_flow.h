/* settle_flow.h - something was said about records: the cards around them are made what a rebuild would make of them.
 *
 * Records hang together by links that would join them by themselves and by verdicts "same"; what hangs together is clustered as a
 * whole (identity/cluster.h), so the result is that of clustering everything. A record that is not `contested` reaches nobody
 * outside of its card, so the search ends there: mostly it is one card and what its changed record reaches.
 */
#pragma once
#include "customers/merge_flow.h"

/* Looking ends here, and the rest waits for the next run over all records. */
#define SETTLE_RECORDS_MAX 600          /* that hang together */
#define SETTLE_HELD_MAX    6000         /* looked at */
#define SETTLE_ROUNDS_MAX  12

struct record_home { rid source, customer; };
LIST(record_home)
struct settled {
    struct record_home_list homes;      /* all records looked at that hang together, and whose they are now */
    struct int_list         recounted;  /* cards that lost or won a record */
    int                     merges, splits;
    bool                    is_partial; /* a limit was reached, or keys are being made anew: nothing was changed */
};
/* Inside db_tx, when the keys of the records are stored. `run` may be not set. */
MUST_CHECK bool identity_settle(struct db *, const struct work *, const rid *sources, int count, str country, rid run, struct settled *out,
                                struct err *);
/* Whose the record is now; `otherwise` when settling did not look at it. */
rid  settled_home(const struct settled *, rid source, rid otherwise);
bool settled_recounted(const struct settled *, rid customer);
