/* card_note_store.h - what colleagues write down about a person. A note stays on the card on which it was written; a card shows those of
 * all cards that are part of it, so merging and parting need not touch them. */
#pragma once
#include "customers/card_note.h"
#include "db/work.h"
#include "record/record.h"

extern const struct record card_note_record;

/* Of the card and of those that are part of it, the newest first. */
MUST_CHECK bool card_notes_of(struct db *, rid card, int max, struct arena *, struct card_note_list *out, struct err *);
MUST_CHECK bool card_note_write(struct db *, const struct card_note *, struct err *);
MUST_CHECK bool card_note_drop(struct db *, rid id, struct err *);
