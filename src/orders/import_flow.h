/* import_flow.h - a file of orders against what we hold: what would change, changing it, taking it back.
 *
 * Orders go through the same intake as those of a market, 200 a transaction, and only those that differ. The same file again
 * changes nothing. Undo removes what the import made and restores what it changed, but leaves alone what somebody has touched since.
 */
#pragma once
#include "orders/import_store.h"
#include "orders/order_import.h"

#define IMPORT_BATCH 200

enum import_fate { IMPORT_NEW, IMPORT_CHANGED, IMPORT_SAME, IMPORT_BAD, IMPORT_FATE_COUNT };
extern const char *const import_fate_names[];            /* "new" "changed" "same" "bad" */

struct import_diff { str field, before, after; };
LIST(import_diff)
struct import_result {
    const struct import_order *order;
    enum import_fate           fate;
    struct import_diff_list    diffs;
};
struct import_plan {
    str  bytes;                         /* of the file */
    const char *path;                   /* where a spreadsheet is read from */
    str  file_name;                     /* for the list of imports */
    str  account;                       /* name or id; empty: the account for orders by hand */
    bool dry_run;
    struct import_options options;      /* country, currency, zone are the shop's when empty */
    const rid *accounts;                /* scope of who asks; count 0 = all */
    int        accounts_count;
    /* Told after each order's fate is settled (in an import: after its batch is stored). May be NULL. What it keeps must not lie
     * in the arena of the work, which is taken back after each batch. */
    void (*told)(void *ctx, const struct import_result *);
    void  *ctx;
};
struct import_outcome {
    rid     job_id;                     /* not set after a dry run */
    int64_t fates[IMPORT_FATE_COUNT];
    struct import_account account;
    struct import_sheet   sheet;
};
MUST_CHECK bool import_orders(struct work *, const struct import_plan *, struct import_outcome *out, struct err *);

struct import_undone { int64_t removed, restored, kept; };
/* ERR_NOT_FOUND; ERR_CONFLICT when it was undone before. */
MUST_CHECK bool import_undo(struct work *, rid job, struct import_undone *out, struct err *);
