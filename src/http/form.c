#include "http/form.h"

#include <strings.h>

static bool name_is(str name, const char *word, size_t len) { return name.len == len && strncasecmp(name.at, word, len) == 0; }

/* RFC 9110 tchar. */
static const bool token_chars[256] = {
    ['!'] = 1, ['#'] = 1, ['$'] = 1, ['%'] = 1, ['&'] = 1, ['\''] = 1, ['*'] = 1, ['+'] = 1, ['-'] = 1, ['.'] = 1, ['^'] = 1,
    ['_'] = 1, ['`'] = 1, ['|'] = 1, ['~'] = 1, ['0' ... '9'] = 1, ['A' ... 'Z'] = 1, ['a' ... 'z'] = 1,
};

static bool is_token(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!token_chars[(unsigned char)s.at[i]])
            return false;
    return s.len > 0;
}

static bool is_value(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (((unsigned char)s.at[i] < ' ' && s.at[i] != '\t') || s.at[i] == 127)
            return false;
    return true;
}

/* The library ends a value at the first NUL, and writes NULs over the line's end: more NULs than CR LF has bytes, or anything else
 * between a value and what follows, were part of the value; fewer were a LF alone, which not every server takes for an end of line.
 * Folded lines are kept elsewhere by the library, and so refused as well. */
static bool is_gap_clean(const struct form *f, const char *next, ptrdiff_t bytes)
{
    if (!f->behind)
        return true;
    if (f->behind < f->start || f->behind > next || next > f->end || next - f->behind != bytes)
        return false;
    for (const char *at = f->behind; at < next; at++)
        if (*at)
            return false;
    return true;
}

static void length_read(struct form *f, str value)
{
    int64_t length = 0;
    f->lengths++;
    f->is_bad = f->is_bad || !str_to_int(value, &length) || length < 0 || value.at[0] == '-';
    f->length = length > 0 ? (uint64_t)length : 0;
}

void form_header(struct form *f, str name, str value)
{
    f->is_bad = f->is_bad || !is_token(name) || !is_value(value) || !is_gap_clean(f, name.at, 2);
    f->behind = value.at + value.len;
    if (name_is(name, "Host", 4)) {
        f->hosts++;
    } else if (name_is(name, "Content-Length", 14)) {
        length_read(f, value);
    } else if (name_is(name, "Transfer-Encoding", 17)) {
        f->codings++;
        f->is_chunked = name_is(value, "chunked", 7);
    }
}

bool form_ok(const struct form *f, bool is_http_1_1)
{
    return !f->is_bad && is_gap_clean(f, f->end, 4) && f->lengths + f->codings <= 1 && f->is_chunked == (f->codings == 1) &&
           (is_http_1_1 ? f->hosts == 1 : f->hosts <= 1 && !f->codings);
}
