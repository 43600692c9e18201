/* match_store.h - the hashes by which records worth a comparison find each other. */
#pragma once
#include "base/list.h"
#include "db/work.h"

struct key_of { uint64_t key; rid source_id; };
LIST(key_of)
struct key_member { uint64_t key; rid source_id, customer_id; };
LIST(key_member)
/* Who holds these keys. A key of more than `hot` records is passed over: it makes no pairs. */
MUST_CHECK bool match_keys_find(struct db *, const uint64_t *keys, int count, int hot, struct arena *, struct key_member_list *out, struct err *);
bool match_keys_add(struct db *, const struct key_of *, int count, struct arena *, struct err *);
bool match_keys_drop(struct db *, const struct key_of *, int count, struct arena *, struct err *);

/* By which rules the stored keys were made; 0: none were. */
MUST_CHECK bool match_recipe(struct db *, int64_t *out, struct err *);
bool match_recipe_set(struct db *, int64_t recipe, struct arena *, struct err *);
bool match_keys_clear(struct db *, struct err *);
