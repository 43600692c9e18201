/* str.h - text as a slice, and lists.
 *
 * A str points at bytes it does not own; it is valid UTF-8 inside the program, because text is
 * checked once where it enters (json_read, csv, http). Not zero-terminated. {0} is the empty text.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define CLEANUP(fn) __attribute__((cleanup(fn), unused))
#define COUNT_OF(array) ((int)(sizeof(array) / sizeof *(array)))
#define BIT(n) (1u << (n))

struct arena;

typedef struct {
    const char *at;
    size_t      len;
} str;

#define STR(literal)       ((str){ "" literal, sizeof(literal) - 1 })
#define STR_INIT(literal)  { "" literal, sizeof(literal) - 1 }       /* for constant tables */
#define STR_ARG(s)         (int)(s).len, (s).at ? (s).at : ""        /* for "%.*s" */

str  str_of(const char *zero_terminated);          /* NULL gives the empty text */
bool str_eq(str a, str b);
bool str_is(str a, const char *b);                 /* equal to a zero-terminated text */
int  str_cmp(str a, str b);                        /* by bytes */
bool str_starts(str s, str prefix);
bool str_ends(str s, str suffix);
bool str_has(str s, str part);
ptrdiff_t str_find(str s, str part);               /* byte offset, or -1 */
str  str_trim(str s);                              /* ASCII white space at both ends */
str  str_sub(str s, size_t from, size_t len);      /* clamped */
/* Cuts *rest at `sep`: returns the part before it, moves *rest behind it. False when *rest is used up. */
bool str_split(str *rest, char sep, str *out);
/* Whole text is a decimal int64, optional minus, no spaces, no plus. */
MUST_CHECK bool str_to_int(str s, int64_t *out);

str   str_copy(struct arena *, str);
char *str_zero(struct arena *, str);               /* zero-terminated copy */
str   str_print(struct arena *, const char *fmt, ...) PRINTF_LIKE(2, 3);
str   str_join(struct arena *, const str *parts, int count, str between);
str   str_lower_ascii(struct arena *, str);

/* UTF-8: is all of it valid (no overlong forms, no surrogates, at most U+10FFFF)? */
bool   utf8_valid(str s);
/* Copy in which every bad byte became U+FFFD: for showing foreign bytes to people. */
str    utf8_mend(struct arena *, str bytes);
size_t utf8_count(str s);                          /* code points */
/* Longest prefix of at most `bytes` bytes that does not cut a code point. */
str    utf8_cut(str s, size_t bytes);
