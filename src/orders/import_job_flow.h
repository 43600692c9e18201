/* import_job_flow.h - what every import of a file does around its rows: an account for what has none, the row of the job, its counts, its entry
 * in the log of changes. The rows are the caller's.
 */
#pragma once
#include "orders/import_flow.h"
#include "orders/import_store.h"

struct import_run {
    struct work           *w;
    struct import_job      job;
    struct import_account *account;     /* of the outcome; gets an id here when it is new */
    const int64_t         *fates;       /* of the outcome: rows of the batches that are done, by enum import_fate */
    bool                   makes_account, dry_run;
};

/* `kind`: "orders", "customers"; `account` is found or, without an id, to be made with the job. */
struct import_run import_run_of(struct work *, const char *kind, str file_name, str bytes, struct import_account *, const int64_t *fates, bool dry_run);
/* Transactions of their own; a dry run does nothing. */
MUST_CHECK bool import_run_begin(struct import_run *, struct err *);
MUST_CHECK bool import_run_end(struct import_run *, struct err *);
/* Inside the transaction of a batch: the counts as they will be when it is done. May run again. */
MUST_CHECK bool import_run_save(struct db *, const struct import_run *, const int64_t *batch, struct err *);
