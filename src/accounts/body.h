/* body.h - bodies with lists in them: what the flat records cannot hold (roles, scopes, accounts, calendars). Pure. */
#pragma once
#include "base/err.h"
#include "base/id.h"
#include "base/json_read.h"
#include "base/json_write.h"
#include "base/list.h"

/* The object without the members named (NULL at the end), for reading the rest into a record. */
const struct json *body_without(struct arena *, const struct json *object, const char *const *names);
/* A list of names of a NULL-ended table as a bit set. Missing or null: *out stays. Adds to `err` and gives false when wrong. */
MUST_CHECK bool body_bits(const struct json *object, const char *key, const char *const *names, uint64_t *out, struct err *);
/* A list of ids as text "1,2,3", sorted, without repeats. Missing: *out stays; null and []: empty. */
MUST_CHECK bool body_ids(struct arena *, const struct json *object, const char *key, str *out, struct err *);
/* A text member. Missing: *out stays and `came` is false. */
MUST_CHECK bool body_text(struct arena *, const struct json *object, const char *key, size_t max, str *out, bool *came, struct err *);

/* "a,c" of a bit set, and back; names that are not in the table are passed over. */
str      bits_text(struct arena *, const char *const *names, uint64_t bits);
uint64_t bits_read(const char *const *names, str text);
void     bits_write(struct json_out *, const char *key, const char *const *names, uint64_t bits);
/* "1,2,3" into ids. */
int      ids_read(struct arena *, str text, rid **out);
void     ids_write(struct json_out *, const char *key, str text);
