/* match_store.h - the hashes by which records worth a comparison find each other. */
#pragma once
#include "base/list.h"
#include "db/work.h"
#include "identity/candidates.h"

struct key_of { uint64_t key; rid source_id; };
LIST(key_of)
struct key_member { uint64_t key; rid source_id, customer_id; };
LIST(key_member)
/* Who holds these keys. One of more than BLOCK_HOT records is passed over: it makes no pairs. One that a person has called no hub may
 * have BLOCK_SPARED. */
MUST_CHECK bool match_keys_find(struct db *, const uint64_t *keys, int count, struct arena *, struct key_member_list *out, struct err *);
bool match_keys_add(struct db *, const struct key_of *, int count, struct arena *, struct err *);
bool match_keys_drop(struct db *, const struct key_of *, int count, struct arena *, struct err *);

/* Those that are no hubs, for they were called so. */
MUST_CHECK bool blocks_spared(struct db *, struct arena *, struct block_rules *out, struct err *);

struct block { uint64_t key; str kind, state; int64_t members; rid source; instant at; str actor_name; instant decided_at; };
LIST(block)
#define BLOCKS_MAX 1000
/* The largest first. */
MUST_CHECK bool blocks_list(struct db *, int max, struct arena *, struct block_list *out, struct err *);
MUST_CHECK bool block_find(struct db *, uint64_t key, struct arena *, struct block *out, struct err *);       /* ERR_NOT_FOUND */
/* What a run has counted: hubs of before are forgotten, those that were called none are kept, with their size. */
bool blocks_replace(struct db *, const struct block *, int count, instant now, struct err *);
bool block_decide(struct db *, uint64_t key, str state, str by, instant now, struct err *);

/* Kept in the settings; 0 when never set: by which rules the stored keys were made; by which they are being made, and behind which
 * record; the shop's day of the last review; by which rules the keys of sounds were made, by which they are being made, and behind which
 * record and which card. */
enum match_number { MATCH_RECIPE, MATCH_MAKING, MATCH_AT, MATCH_NIGHT, SOUNDS_MADE, SOUNDS_MAKING, SOUNDS_AT, SOUNDS_CARD, MATCH_NUMBER_COUNT };
MUST_CHECK bool match_number(struct db *, enum match_number, int64_t *out, struct err *);
bool match_number_set(struct db *, enum match_number, int64_t value, struct arena *, struct err *);
bool match_keys_clear(struct db *, struct err *);
