/* One new record among clusters that are there: whose is it? */
#include "identity/cluster.h"

#define MARGIN 300

enum identity_guard identity_may_join(const struct person *a, int a_count, const struct person *b, int b_count,
                                      const struct limits *limits, int *out_a, int *out_b)
{
    *out_a = *out_b = 0;
    if (a_count + b_count > (limits ? limits : &limits_default)->members_max)
        return GUARD_SIZE;
    for (int i = 0; i < a_count; i++)
        for (int j = 0; j < b_count; j++)
            if (person_contradicts(&a[i], &b[j])) {
                *out_a = i;
                *out_b = j;
                return GUARD_CONTRADICTION;
            }
    return GUARD_NONE;
}

static int verdict_on(const struct identity_verdict *verdicts, int count, int member)
{
    for (int i = 0; i < count; i++)
        if (verdicts[i].a == member)
            return verdicts[i].same ? 1 : -1;
    return 0;
}

/* The cluster of known[first], as far as it matters for one record. False: nothing to say about it. */
static bool place_one(const struct person *r, const struct person *known, const int64_t *cluster_of, int count, int first,
                      const struct identity_verdict *verdicts, int verdicts_count, const struct identity_rules *rules,
                      const struct limits *limits, struct identity_place *out)
{
    int  members = 0;
    bool same = false;
    *out = (struct identity_place){ .cluster = cluster_of[first], .member = -1 };
    for (int i = first; i < count; i++) {
        if (cluster_of[i] != cluster_of[first])
            continue;
        struct pair pair;
        int         said = verdict_on(verdicts, verdicts_count, i);
        members++;
        if (said < 0)
            return false;
        same |= said > 0;
        pair_score(r, &known[i], rules && rules->weights ? rules->weights : &pair_weights_default, rules ? rules->counts : NULL, &pair);
        if (out->member < 0 || pair.score > out->pair.score || (pair.score == out->pair.score && known[i].id < known[out->member].id)) {
            out->member = i;
            out->pair   = pair;
        }
        if (person_contradicts(r, &known[i]))
            out->guard = GUARD_CONTRADICTION;
    }
    if (out->guard == GUARD_NONE && members + 1 > limits->members_max)
        out->guard = GUARD_SIZE;
    out->decision = same ? DECISION_AUTOMATIC : pair_decide(&out->pair, limits);
    if (same) {
        out->pair.rule = RULE_VERDICT;
        out->guard     = GUARD_NONE;
    }
    if (out->decision == DECISION_AUTOMATIC && out->guard != GUARD_NONE)
        out->decision = DECISION_SUGGEST;
    return out->decision != DECISION_SEPARATE;
}

static bool place_before(const struct identity_place *a, const struct identity_place *b)
{
    if (a->decision != b->decision)
        return a->decision > b->decision;
    return a->pair.score != b->pair.score ? a->pair.score > b->pair.score : a->cluster < b->cluster;
}

int identity_place(const struct person *record, const struct person *known, const int64_t *cluster_of, int count,
                   const struct identity_verdict *verdicts, int verdicts_count, const struct identity_rules *rules,
                   struct identity_place *out, int max)
{
    const struct limits *limits = rules && rules->limits ? rules->limits : &limits_default;
    int                  found = 0;

    for (int i = 0; i < count; i++) {
        struct identity_place one;
        bool                  seen = false;
        for (int j = 0; j < i && !seen; j++)
            seen = cluster_of[j] == cluster_of[i];
        if (seen || !place_one(record, known, cluster_of, count, i, verdicts, verdicts_count, rules, limits, &one))
            continue;
        int at = found < max ? found++ : max;
        for (; at > 0 && place_before(&one, &out[at - 1]); at--)
            if (at < max)
                out[at] = out[at - 1];
        if (at < max)
            out[at] = one;
    }
    /* Two clusters want it, and neither is clearly better: a person decides. */
    if (found > 1 && !limits->best_guess && out[0].decision == DECISION_AUTOMATIC && out[1].decision == DECISION_AUTOMATIC &&
        out[0].pair.rule != RULE_VERDICT && out[0].pair.score - out[1].pair.score < MARGIN) {
        out[0].decision = DECISION_SUGGEST;
        out[0].guard    = GUARD_NOT_SINGLE;
    }
    for (int i = 1; i < found; i++)
        if (out[i].decision == DECISION_AUTOMATIC) {
            out[i].decision = DECISION_SUGGEST;
            out[i].guard    = GUARD_NOT_SINGLE;
        }
    return found;
}
