#include "base/json_write.h"

#include <assert.h>

#define OUT_DEPTH_MAX 60

struct json_out json_out(struct buf *b) { return (struct json_out){ .buf = b }; }

/* What stands behind the backslash; 'u' where the number has to be written out. */
static const char escapes[256] = {
    [0] = 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'b', 't', 'n', 'u', 'f', 'r', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u',
    'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', ['"'] = '"', ['\\'] = '\\',
};

#define EACH_BYTE(n) (UINT64_C(0x0101010101010101) * (n))
/* Has the word a byte below 0x20, a quote or a backslash? Bytes from 0x80 up are masked out by ~word. */
static bool has_escape(uint64_t word)
{
    uint64_t quote = word ^ EACH_BYTE('"'), slash = word ^ EACH_BYTE('\\');
    uint64_t low = (word - EACH_BYTE(0x20)) & ~word, q = (quote - EACH_BYTE(1)) & ~quote, s = (slash - EACH_BYTE(1)) & ~slash;
    return ((low | q | s) & EACH_BYTE(0x80)) != 0;
}

/* Bytes at the start that go out as they are. */
static size_t plain_prefix(str s)
{
    size_t i = 0;
    while (s.len - i >= 8) {
        uint64_t word;
        memcpy(&word, s.at + i, 8);
        if (has_escape(word))
            break;
        i += 8;
    }
    while (i < s.len && !escapes[(unsigned char)s.at[i]])
        i++;
    return i;
}

void json_quote(struct buf *b, str s)
{
    *buf_reserve(b, s.len + 2) = '"';
    b->len++;
    while (s.len) {
        size_t plain = plain_prefix(s);
        memcpy(buf_reserve(b, plain + 8), s.at, plain);
        b->len += plain;
        if (plain == s.len)
            break;
        unsigned char c = (unsigned char)s.at[plain];
        char *at = b->at + b->len;
        at[0] = '\\';
        at[1] = escapes[c];
        b->len += 2;
        if (at[1] == 'u') {
            memcpy(at + 2, "00", 2);
            at[4] = "0123456789abcdef"[c >> 4];
            at[5] = "0123456789abcdef"[c & 15];
            b->len += 4;
        }
        s = (str){ s.at + plain + 1, s.len - plain - 1 };
    }
    buf_add_char(b, '"');
}

/* Comma where one is needed, then the key. Leaves room for `more` bytes. */
static char *member_begin(struct json_out *j, const char *key, size_t more)
{
    uint64_t bit     = UINT64_C(1) << j->depth;
    size_t   key_len = key ? strlen(key) : 0;
    char    *at      = buf_reserve(j->buf, key_len + 4 + more), *start = at;
    assert((key != NULL) == ((j->is_object & bit) != 0));
    if (j->has_member & bit)
        *at++ = ',';
    j->has_member |= bit;
    if (key) {
        *at++ = '"';
        at    = mempcpy(at, key, key_len);
        *at++ = '"';
        *at++ = ':';
    }
    j->buf->len += (size_t)(at - start);
    return at;
}

static void member_add(struct json_out *j, const char *key, str value)
{
    memcpy(member_begin(j, key, value.len), value.at, value.len);
    j->buf->len += value.len;
}

void json_begin(struct json_out *j, const char *key, char bracket)
{
    assert(bracket == '{' || bracket == '[');
    assert(j->depth < OUT_DEPTH_MAX);
    *member_begin(j, key, 1) = bracket;
    j->buf->len++;
    j->depth++;
    uint64_t bit = UINT64_C(1) << j->depth;
    j->has_member &= ~bit;
    j->is_object = bracket == '{' ? j->is_object | bit : j->is_object & ~bit;
}

void json_end(struct json_out *j)
{
    assert(j->depth > 0);
    buf_add_char(j->buf, j->is_object & UINT64_C(1) << j->depth ? '}' : ']');
    j->depth--;
}

void json_text(struct json_out *j, const char *key, str s)
{
    (void)member_begin(j, key, s.len + 2);
    json_quote(j->buf, s);
}

void json_text_or_null(struct json_out *j, const char *key, str s)
{
    if (s.len)
        json_text(j, key, s);
    else
        json_null(j, key);
}

void json_number(struct json_out *j, const char *key, int64_t n)
{
    (void)member_begin(j, key, 20);
    buf_add_int(j->buf, n);
}

void json_bool(struct json_out *j, const char *key, bool truth) { member_add(j, key, truth ? STR("true") : STR("false")); }
void json_null(struct json_out *j, const char *key) { member_add(j, key, STR("null")); }

void json_id(struct json_out *j, const char *key, rid id)
{
    if (!id_is_set(id)) {
        json_null(j, key);
        return;
    }
    (void)member_begin(j, key, 22);
    buf_add_char(j->buf, '"');
    buf_add_int(j->buf, id.v);
    buf_add_char(j->buf, '"');
}

/* Text that needs no escapes, between quotes. */
static void member_add_quoted(struct json_out *j, const char *key, const char *text, size_t len)
{
    char *at = member_begin(j, key, len + 2);
    at[0] = '"';
    memcpy(at + 1, text, len);
    at[len + 1] = '"';
    j->buf->len += len + 2;
}

void json_amount_text(struct json_out *j, const char *key, amount a)
{
    char   text[24];
    size_t len;
    amount_write(text, a, &len);
    member_add_quoted(j, key, text, len);
}

void json_instant(struct json_out *j, const char *key, instant t)
{
    char   text[32];
    size_t len;
    if (!instant_is_set(t)) {
        json_null(j, key);
        return;
    }
    instant_write(text, t, &len);
    member_add_quoted(j, key, text, len);
}

void json_raw(struct json_out *j, const char *key, str json)
{
    member_add(j, key, json.len ? json : STR("null"));
}

void json_key_text(struct json_out *j, str key, str value)
{
    uint64_t bit = UINT64_C(1) << j->depth;
    assert(j->is_object & bit);
    if (j->has_member & bit)
        buf_add_char(j->buf, ',');
    j->has_member |= bit;
    json_quote(j->buf, key);
    buf_add_char(j->buf, ':');
    json_quote(j->buf, value);
}
