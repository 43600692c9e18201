/* sound_flow.h - the keys by which names are found in any spelling, for people that an older version has stored.
 *
 * Made in pieces behind the server's back, and how far they are is stored, so that a start goes on where the end was. Whoever comes
 * meanwhile gets theirs at once; the others are found by their words as typed until it is their turn.
 */
#pragma once
#include "db/work.h"

/* The rules by which sounds are made (identity/sound.h, names/given.txt); raise it when they change, and the keys are added to. */
#define SOUNDS_RECIPE 2
/* By which rules the keys of all were made; 0: by none yet. */
MUST_CHECK bool customer_sounds_made(struct db *, int64_t *recipe, struct err *);
/* Makes those of up to `max` records and cards; *more: not all have theirs. Safe on several servers at once. */
MUST_CHECK bool customer_sounds_step(struct work *, int max, bool *more, struct err *);
