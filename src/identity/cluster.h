/* cluster.h - from pairs to people: which records are one person.
 *
 * A pure function of the set of records, verdicts, weights and counts: the order of the records does not matter, and it falls
 * apart along the pairs that could be linked. So a new record is placed by clustering it together with the records that its
 * blocks reach, with the same result as clustering everything.
 *
 * Guards: no cluster holds two records that contradict each other (other given name, birth date, card) or that a verdict
 * calls different; none grows over limits.members_max without a person's word; where a record fits two clusters that
 * contradict each other it goes to the better one, and when neither is better to none. A verdict "same" unites two clusters whatever
 * their records say, and each of them stays what it is without the other.
 */
#pragma once
#include "base/list.h"
#include "identity/candidates.h"
#include "identity/pair.h"

struct identity_verdict {
    int  a, b;                          /* indexes of records */
    bool same;                          /* false: different, never linked */
};

struct identity_link {
    int                a, b;            /* indexes of records, a < b */
    int32_t            score;
    enum identity_rule rule;
    enum decision      decision;        /* AUTOMATIC: joined; SUGGEST: shown to a person; SEPARATE: barred by a guard */
    uint8_t            guard;           /* enum identity_guard: why it was not joined though the score would do */
};
LIST(identity_link)

enum identity_guard {
    GUARD_NONE, GUARD_CONTRADICTION, GUARD_VERDICT, GUARD_SIZE, GUARD_NOT_SINGLE, GUARD_HOT, GUARD_COUNT
};
extern const char *const identity_guard_names[GUARD_COUNT + 1];

struct identity_rules {
    const struct pair_weights *weights; /* NULL = defaults */
    const struct limits       *limits;  /* NULL = defaults */
    const struct name_counts  *counts;  /* NULL = nothing known of rarity */
    const struct block_rules  *blocks;  /* NULL = nothing known of blocks but the records at hand */
};

/* Clusters `count` records: cluster[i] is the smallest index in the cluster of i. Candidates are the records sharing a
 * blocking key; blocks over BLOCK_HOT make none. `links` (may be NULL) receives the joins, one fewer than members for each
 * cluster, and between clusters the suggestions and what a guard refused. From the records around one buyer to a file of millions: about 5 µs and
 * 600 bytes a record, so give the arena a ceiling that fits.
 *
 * Marks PERSON_PHONE_SHARED and PERSON_EMAIL_SHARED are read, not set: identity_mark_shared sets them. */
void identity_cluster(struct arena *, const struct person *records, int count, const struct identity_verdict *, int verdicts,
                      const struct identity_rules *, int *cluster, struct identity_link_list *links);

/* Marks phones and e-mails that several strangers hold, so that they weigh less (families, recycled numbers), and takes away
 * those of a hub (six strangers: a marketplace's number, a shop's own): they are no keys. */
void identity_mark_shared(struct arena *, struct person *records, int count);

/* Weights from the data itself: how often do records that surely are one person (one e-mail, or one phone, and a compatible
 * name) differ in phone, e-mail or address? What often differs says little against a pair. Changes only those weights,
 * only where there are enough pairs to learn from, and raises limits->automatic where phones hardly ever change. */
void identity_estimate(struct arena *, const struct person *records, int count, const struct name_counts *, struct pair_weights *io,
                       struct limits *limits);

/* The incremental step. `known` are all members of all clusters that share a blocking key with the new record (with
 * `cluster_of[i]` the caller's id of its cluster), in any order. */
struct identity_place {
    int64_t            cluster;         /* the caller's id */
    int                member;          /* index of the record that fits best */
    struct pair        pair;            /* with it: score, rule, evidence */
    enum decision      decision;
    enum identity_guard guard;
};
/* Answers best first, at most `max`; returns how many reach limits.suggest. At most one has DECISION_AUTOMATIC, and then
 * it is the first. A verdict's `a` is an index into `known`; `b` is not looked at (it is the new record). */
int identity_place(const struct person *record, const struct person *known, const int64_t *cluster_of, int count,
                   const struct identity_verdict *, int verdicts, const struct identity_rules *, struct identity_place *out, int max);

/* May these two clusters be one? The first guard that says no, with the pair that it stands on. */
enum identity_guard identity_may_join(const struct person *a, int a_count, const struct person *b, int b_count,
                                      const struct limits *, int *out_a, int *out_b);
