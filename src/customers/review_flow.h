/* review_flow.h - what is done about people behind the server's back: blocking keys made anew after an upgrade, and once a night a
 * second look at all records.
 *
 * Keys are made in pieces, and how far they are is stored, so that a start goes on where the end was. Until they are complete a new
 * record is compared with those whose keys are there; nothing is parted (settle_flow.h), and when they are, a review follows.
 */
#pragma once
#include "customers/rebuild_flow.h"

/* Of a shop with up to so many records the night is a rebuild; of a larger one those that changed since, or are contested, are settled. */
#define NIGHT_WHOLE_MAX 200000

/* Makes keys of up to `max` records; *more: not all have theirs. Safe on several servers at once. */
MUST_CHECK bool identity_keys_step(struct work *, str country, int max, bool *more, struct err *);
/* By which rules they were made; KEYS_RECIPE: all are there. */
MUST_CHECK bool identity_keys_made(struct db *, int64_t *recipe, struct err *);
/* To the end, for who has no engine: tests and commands. */
MUST_CHECK bool identity_keys_ready(struct work *, str country, struct err *);

/* `day` is the shop's, `is_night` when its hour has come. A shop that was never reviewed begins with the next night. */
MUST_CHECK bool identity_review_due(struct work *, int64_t day, bool is_night, bool *due, struct err *);
/* Takes the day, so that only one server does it, and reviews. A run of the kind "nightly"; *out is empty when another has taken it. */
MUST_CHECK bool identity_review(struct work *, str country, int64_t day, struct rebuild_done *out, struct err *);
/* The same whatever the day and the size, for tests: as a large shop would. */
MUST_CHECK bool identity_review_changed(struct work *, str country, instant since, struct rebuild_done *out, struct err *);

/* A key that a run has found too common is no hub after all, or is one again: the records that share it are settled at once. */
struct block_choice { uint64_t key; bool spare; str country; };
MUST_CHECK bool identity_block_decide(struct work *, const struct block_choice *, struct err *);
