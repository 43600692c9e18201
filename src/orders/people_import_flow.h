/* people_import_flow.h - a file of people against what we hold: what would change, changing it, taking it back.
 *
 * A row is a source record of an account, by default of the one for what is kept by hand. It goes the way of a buyer: it joins the
 * card that it surely belongs to, is suggested, or makes a card of its own; 200 a transaction. The same file again changes nothing.
 * Undo takes out the records that the import made, with the cards that stand on them alone and the merges that they brought, and
 * restores those that it changed; what somebody has touched since stays.
 */
#pragma once
#include "orders/import_back_flow.h"
#include "orders/people_import.h"

struct people_result {
    const struct people_row *row;
    enum import_fate         fate;
    struct import_diff_list  diffs;
};
struct people_plan {
    str  bytes, file_name;
    str  account;                       /* name or id; empty: the account for orders by hand */
    bool dry_run;
    struct import_options options;      /* country and zone are the shop's when empty */
    void (*told)(void *ctx, const struct people_result *);      /* as in import_plan */
    void  *ctx;
};
struct people_outcome {
    rid     job_id;                     /* not set after a dry run */
    int64_t fates[IMPORT_FATE_COUNT];
    struct import_account account;
    struct people_sheet   sheet;
};
MUST_CHECK bool people_import(struct work *, const struct people_plan *, struct people_outcome *out, struct err *);
/* The part of import_undo that is about people. */
MUST_CHECK bool people_import_undo(struct import_back *, struct err *);

/* What a record says, as a number. */
int64_t people_mark_of(struct arena *, const struct customer_source *);
/* The fields that a row may change, and their values in a record. */
#define PEOPLE_FIELDS 7
extern const char *const people_fields[PEOPLE_FIELDS + 1];
str *people_field(struct customer_source *, int field);
