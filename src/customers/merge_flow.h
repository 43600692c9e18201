/* merge_flow.h - two cards become one, and come apart again as they were.
 *
 * A merge moves the links of all sources of one card to another; orders follow their source, values are computed anew, consents
 * become the stricter of both. The card that is gone stays as a row that leads on. What the merge ended is kept by its event, so
 * that taking it back restores links, totals, values, consents and suggestions; what came since goes with the record it agreed with.
 * A person's merge is a verdict "same"; a separation is a verdict "different" unless declined. What people say may let the rules
 * place other records anew: that happens in the same transaction (settle_flow.h).
 */
#pragma once
#include "customers/customer_store.h"
#include "customers/link_store.h"

/* What is chosen for a value: computed from all sources, or that of one card, set by hand from then on. */
enum merge_choice { CHOOSE_COMPUTED, CHOOSE_KEPT, CHOOSE_GONE, MERGE_CHOICE_COUNT };
extern const char *const merge_choice_names[];           /* "computed" "kept" "gone" */

struct merge_plan {
    rid     kept, gone;
    int64_t kept_version, gone_version;                  /* as seen by the person; 0: a rule, not looked at */
    enum merge_choice choices[VALUE_COUNT];
    bool    withdraw;                                    /* a verdict "different" between the two is withdrawn */
    bool    by_person;                                   /* is a verdict "same" */
    str     rule;                                        /* empty: "manual" */
    int64_t score;
    str     evidence;
    rid     source, with_source;                         /* the pair that was found, when a rule did it */
    rid     run_id;
    str     country;                                     /* of the seller: the cards around are settled; empty: they are left */
};
struct merge_sums { str currency; int64_t orders; amount sum; instant first, last; };
struct merge_view {
    struct customer  kept, gone, united;                 /* united: what the card will show */
    struct merge_sums sums[3];                           /* of kept, gone, both: counted over the orders */
    struct customer_source_list sources;                 /* of both */
    struct consent_list consents;                        /* that will be told to `kept`: the stricter wins */
    struct verdict_list barred;                          /* verdicts "different" between the two */
};
/* What would be, without doing it. ERR_NOT_FOUND, ERR_CONFLICT when one of them is no living card. */
MUST_CHECK bool merge_look(struct db *, const struct work *, const struct merge_plan *, struct merge_view *out, struct err *);
/* ERR_VERSION_OLD: somebody changed one of them meanwhile; `now` holds both as they are. ERR_CONFLICT: a verdict bars it. */
MUST_CHECK bool merge_do(struct work *, const struct merge_plan *, struct merge_view *now, rid *event, struct err *);
/* The same inside a transaction. */
MUST_CHECK bool merge_apply(struct db *, const struct work *, const struct merge_plan *, struct merge_view *now, rid *event, struct err *);

/* Several cards into one, all or none. Only tried: nothing is changed, and `out` tells what it would be. */
struct merge_many_plan {
    rid     kept;
    int64_t kept_version;
    const rid     *gone;
    const int64_t *gone_versions;
    int     count;
    bool    withdraw, only_try;
    str     country;
};
struct merge_many_done { struct customer kept; struct merge_sums sums; bool barred; rid *events; };
MUST_CHECK bool merge_many(struct work *, const struct merge_many_plan *, struct merge_many_done *out, struct err *);

struct unmerge_plan {
    rid     event;                                       /* a merge to take back, or … */
    rid     customer, source;                            /* … a source to take out of a card */
    int64_t version;                                     /* of the card; 0: not looked at */
    bool    forget;                                      /* no verdict "different": until a rule finds it again */
    str     country;                                     /* as above; what is forgotten is never settled at once */
};
struct unmerge_done { struct customer kept, gone; rid event; };
/* ERR_VERSION_OLD with `out->kept` as it is; ERR_CONFLICT when nothing would stay, or it was taken back before. */
MUST_CHECK bool unmerge_do(struct work *, const struct unmerge_plan *, struct unmerge_done *out, struct err *);
/* Takes several sources out of a card at once, into a new one, without a verdict: what a run does. */
MUST_CHECK bool unmerge_sources(struct work *, rid customer, const rid *sources, int count, rid run, struct unmerge_done *out, struct err *);
/* The same inside a transaction. */
MUST_CHECK bool unmerge_sources_apply(struct db *, const struct work *, rid customer, const rid *sources, int count, rid run,
                                      struct unmerge_done *out, struct err *);
/* Everything that a rule did in a run (all rules when `rule` is empty), newest first. */
MUST_CHECK bool unmerge_run(struct work *, rid run, str rule, bool forget, int *undone, struct err *);

/* A verdict about all pairs of two cards. With a country the cards around are settled: those called the same become one, and what
 * was kept apart by a verdict that is withdrawn follows the rules again. Without one nothing moves. */
MUST_CHECK bool verdict_between(struct work *, rid customer_a, rid customer_b, str verdict, str country, struct err *);
MUST_CHECK bool verdict_withdraw_between(struct work *, rid customer_a, rid customer_b, str country, struct err *);

/* Computes and saves what these cards show, and the words by which they are found. Inside db_tx. */
MUST_CHECK bool customers_refresh(struct db *, const struct work *, const rid *ids, int count, struct err *);
