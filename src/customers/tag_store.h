/* tag_store.h - every SQL statement about tags on cards. */
#pragma once
#include "customers/tag.h"
#include "db/work.h"

/* Of these cards, by card and then as they were put on; one statement. */
MUST_CHECK bool customer_tags_of(struct db *, const rid *customers, int count, struct arena *, struct customer_tag_list *out, struct err *);
/* A person puts it on; one that a merge has brought is theirs from then on. */
bool customer_tag_put(struct db *, const struct work *, const struct customer_tag *, struct err *);
bool customer_tag_drop(struct db *, const rid *customers, int count, int64_t hash, struct err *);
/* Tags that some card has or had on, by their letters. */
MUST_CHECK bool customer_tag_names(struct db *, int max, struct arena *, struct str_list *out, struct err *);
/* What the merge `event` brings from one card to the other, and taking that back. The gone card keeps its own. */
bool customer_tags_follow(struct db *, rid kept, rid gone, rid event, struct err *);
bool customer_tags_back(struct db *, rid event, struct err *);
