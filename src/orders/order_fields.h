/* order_fields.h - fields of an order as plain texts: for showing differences, keeping what was, and putting it back. Pure. */
#pragma once
#include "orders/order.h"

/* What a person or a market said; not what follows from it (deadlines, zone, rank, version). */
bool order_field_is_content(const struct field *);
/* As it is kept: numbers in their stored form, choices by name. */
str  order_field_text(struct arena *, const struct field *, const void *row);
/* As people read it: amounts with a point, times in RFC 3339. */
str  order_field_shown(struct arena *, const struct field *, const void *row);
MUST_CHECK bool order_field_set(struct arena *, const struct field *, str text, void *row);
/* Content fields in which two orders differ. */
uint64_t order_content_diff(const struct order *, const struct order *);
bool     order_lines_same(const struct order_line *, int, const struct order_line *, int);
/* Fingerprint of the content and the lines. */
int64_t  order_mark_of(struct arena *, const struct order *, const struct order_line *, int);
