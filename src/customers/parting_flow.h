/* parting_flow.h - what merging and taking apart share. */
#pragma once
#include "customers/merge_flow.h"

#define VERDICT_PAIRS_MAX 400           /* of two cards; more sources than that are told apart by their first ones */

/* An event of the log with the actor of the work. */
struct merge_event merge_event_of(const struct work *, const char *kind, rid kept, rid gone);
struct identity_row_link link_of(const struct work *, rid source, rid customer, str rule, rid event);
/* "different" or "same" for every pair of the two lists. */
bool verdicts_write(struct db *, const struct work *, const rid *a, int a_count, const rid *b, int b_count, str verdict, rid event,
                    struct err *);
/* The word for open screens. */
bool customer_event(struct db *, const struct work *, rid customer, const char *what, struct err *);
/* The cards around these records are made what a rebuild would make of them; without a country nothing is done. */
bool cards_settle(struct db *, const struct work *, const struct customer_source_list *, str country, struct err *);
rid *source_ids(struct arena *, const struct customer_source_list *, rid customer, int *count);
