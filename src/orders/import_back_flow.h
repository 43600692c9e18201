/* import_back_flow.h - what taking the import of a file back does around its batches: whether it may be, the counts, the state of
 * the job and its entry in the log of changes. What a batch puts back is the caller's.
 */
#pragma once
#include "orders/import_flow.h"
#include "orders/import_store.h"

struct import_back {
    struct work          *w;
    struct import_job     job;
    struct import_undone *out, batch;   /* of the batches that are done; of the one at hand */
};
/* ERR_NOT_FOUND: there is no such import; ERR_CONFLICT: it was taken back before. */
MUST_CHECK bool import_back_begin(struct work *, rid job, struct import_undone *out, struct import_back *, struct err *);
/* The batch is committed. */
void import_back_count(struct import_back *);
/* A transaction of its own. */
MUST_CHECK bool import_back_end(struct import_back *, str action, struct err *);
