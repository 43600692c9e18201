/* link.h - why a source record belongs to a person, and everything that changed that: verdicts, suggestions, merges, runs.
 *
 * A source has exactly one live link; those that ended stay, so that a merge can be taken back exactly. `evidence` is JSON
 * without personal data: which fields agree and what that weighs. Pure.
 */
#pragma once
#include "base/list.h"
#include "db/work.h"
#include "record/record.h"

struct identity_row_link {
    rid     id, source_id, customer_id;
    str     rule;                       /* "first": the person was made of it; "manual"; else the engine's rule */
    int64_t score;
    rid     with_source;                /* the record it agrees with */
    str     evidence;
    str     actor_kind;
    rid     actor_id;
    str     actor_name;
    instant at;
    rid     run_id, event_id;
    instant ended_at;
    rid     ended_event;
};
LIST(identity_row_link)
extern const struct record link_record;

struct verdict {
    rid     id, a_id, b_id;             /* sources, the smaller first */
    str     verdict;                    /* "same" "different" */
    str     actor_kind;
    rid     actor_id;
    str     actor_name;
    instant at;
    rid     event_id;
    instant withdrawn_at;
    str     withdrawn_name;
};
LIST(verdict)
extern const struct record verdict_record;

struct suggestion {
    rid     id, a_id, b_id;             /* sources */
    rid     customer_a, customer_b;     /* whose they are, the smaller first */
    str     rule;
    int64_t score;
    str     evidence;
    str     state;                      /* "open" "merged" "refused" "stale" */
    instant at;
    rid     run_id, event_id;
    instant decided_at;
    str     decided_name;
};
LIST(suggestion)
extern const struct record suggestion_record;

struct merge_event {
    rid     id;
    str     kind;                       /* "merge" "unmerge" */
    rid     kept_id, gone_id;
    str     sources;                    /* ids that moved, comma between */
    str     choices, before_json, after_json;
    str     rule;
    int64_t score;
    str     actor_kind;
    rid     actor_id;
    str     actor_name;
    instant at;
    rid     run_id, undo_of, undone_by;
};
LIST(merge_event)
extern const struct record merge_event_record;

struct identity_run {
    rid     id;
    str     kind, state;
    str     actor_kind;
    rid     actor_id;
    str     actor_name;
    int64_t sources_n, merges_n, splits_n, suggestions_n;
    instant at, ended_at;
};
extern const struct record run_record;

struct consent {
    rid     id, customer_id;
    str     purpose, medium, state;
    instant at;
    str     text_version, proof, channel;
    str     actor_kind;
    rid     actor_id;
    str     actor_name;
    rid     event_id, voided_by;
};
LIST(consent)
extern const struct record consent_record;

/* What holds for each purpose and medium: the latest row that is not void, in the order of the table of purposes and media. */
void consents_effective(const struct consent_list *all, rid customer, struct arena *, struct consent_list *out);
/* What `kept` must be told so that it has the stricter of both: withdrawn wins over given, given over nothing. Only purpose, medium
 * and state of `out` are filled. */
void consents_stricter(const struct consent_list *all, rid kept, rid gone, struct arena *, struct consent_list *out);

/* Ids as text "1,2,3"; ids_read of accounts/body.h reads them. */
str id_list_text(struct arena *, const rid *, int count);
