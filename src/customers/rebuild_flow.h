/* rebuild_flow.h - all records of the shop looked at together, as if nobody had been linked by a rule yet.
 *
 * Gives the same people as placing the records one by one, given the same verdicts: what people have merged stays (verdicts "same"),
 * what they have told apart stays apart. Differences become merges, separations and suggestions that carry the run, so that all of
 * it can be taken back.
 */
#pragma once
#include "customers/merge_flow.h"

struct rebuild_plan {
    str  country;                       /* of the seller */
    bool dry_run;                       /* counts only */
    bool only_suggest;                  /* nothing is merged or separated: what would be is suggested */
    str  kind;                          /* "rebuild" "nightly" */
};
struct rebuild_done { rid run; int64_t sources, clusters, merges, splits, suggestions, barred, stale, hubs; };
MUST_CHECK bool identity_rebuild(struct work *, const struct rebuild_plan *, struct rebuild_done *out, struct err *);
/* The rules by which blocking keys are made (identity/person.h); raise it when they change, and they are made anew (review_flow.h). */
#define KEYS_RECIPE 4
