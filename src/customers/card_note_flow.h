/* card_note_flow.h - colleagues write on cards; each changes and takes away but what they wrote themselves. The log of changes says that
 * it happened, never the words, which may name people. */
#pragma once
#include "customers/card_note_store.h"

/* On a living card. */
MUST_CHECK bool card_note_add(struct work *, rid card, str text, struct card_note *out, struct err *);
/* `card` must be the living card of the note, else ERR_NOT_FOUND; of somebody else ERR_FORBIDDEN. On ERR_VERSION_OLD `out` is what is. */
MUST_CHECK bool card_note_edit(struct work *, rid card, rid note, int64_t version, str text, struct card_note *out, struct err *);
MUST_CHECK bool card_note_remove(struct work *, rid card, rid note, struct err *);
