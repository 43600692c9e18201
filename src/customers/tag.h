/* tag.h - words that people put on cards: "VIP", "опт". Case and spelling of one letter do not make two of one. */
#pragma once
#include "base/err.h"
#include "base/id.h"
#include "base/list.h"

#define TAG_CHARS_MAX  60
#define TAGS_MAX       30               /* on one card */

struct customer_tag { rid customer_id; int64_t hash; str tag; };
LIST(customer_tag)

/* Trimmed, runs of blanks as one. ERR_BODY_INVALID for `field`: empty, too long, or with one of , % _ or control characters. */
MUST_CHECK bool tag_read(struct arena *, str raw, const char *field, str *out, struct err *);
/* The same for tags that are one: what lists are filtered by. Above zero. */
int64_t tag_hash(struct arena *, str tag);
