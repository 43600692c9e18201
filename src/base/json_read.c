#include "base/json_read.h"

#include "base/buf.h"
#include "base/json_scan.h"
#include "base/json_write.h"

#include <stdlib.h>

#define NODES_AT_ONCE   64
#define REPLACEMENT     0xFFFDu
#define KEYS_BY_LOOKING 32      /* objects with more members are checked for duplicate keys by sorting */

struct reader {
    struct arena   *arena;
    char           *text;       /* own copy, so that escapes are undone in place and slices outlive the request's bytes */
    const uint32_t *at;         /* places of tokens */
    size_t          count, i;
    struct json    *nodes;      /* zeroed, not yet used */
    int             nodes_left;
    bool            foreign;    /* escapes that no database takes are replaced, not refused */
    struct err     *err;
};

static bool read_value(struct reader *r, struct json *v, int depth);

static bool fail(struct reader *r, size_t place, const char *why)
{
    return err_set(r->err, ERR_BODY_SYNTAX, NULL, "not JSON at byte %zu: %s", place, why);
}

/* Where the next token begins. Behind the last one stands the length of the text, where we keep a space. */
static size_t place(const struct reader *r) { return r->at[r->i]; }
static char   peek(const struct reader *r) { return r->text[place(r)]; }

static bool expect(struct reader *r, char c, const char *why)
{
    if (peek(r) != c)
        return fail(r, place(r), r->i == r->count ? "it ends too early" : why);
    r->i++;
    return true;
}

static bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
static bool ends_word(char c) { return is_blank(c) || c == ',' || c == ']' || c == '}'; }

static bool hex4(const char *at, const char *end, unsigned *out)
{
    unsigned n = 0;
    if (end - at < 4)
        return false;
    for (int i = 0; i < 4; i++) {
        char c = at[i];
        if (c >= '0' && c <= '9')
            n = n << 4 | (unsigned)(c - '0');
        else if ((c | 32) >= 'a' && (c | 32) <= 'f')
            n = n << 4 | (unsigned)((c | 32) - 'a' + 10);
        else
            return false;
    }
    *out = n;
    return true;
}

static char *utf8_put(char *out, unsigned c)
{
    if (c < 0x80) {
        *out++ = (char)c;
    } else if (c < 0x800) {
        *out++ = (char)(0xC0 | c >> 6);
        *out++ = (char)(0x80 | (c & 63));
    } else if (c < 0x10000) {
        *out++ = (char)(0xE0 | c >> 12);
        *out++ = (char)(0x80 | (c >> 6 & 63));
        *out++ = (char)(0x80 | (c & 63));
    } else {
        *out++ = (char)(0xF0 | c >> 18);
        *out++ = (char)(0x80 | (c >> 12 & 63));
        *out++ = (char)(0x80 | (c >> 6 & 63));
        *out++ = (char)(0x80 | (c & 63));
    }
    return out;
}

/* The code point of "\uXXXX" or of a surrogate pair; *in stands behind the u and moves behind the digits read. False with
 * *out = U+FFFD when the digits are right but stand for no letter. */
static bool unicode_escape(const char **in, const char *end, unsigned *out)
{
    unsigned c, low;
    *out = 0;
    if (!hex4(*in, end, &c))
        return false;
    *in += 4;
    *out = REPLACEMENT;
    if (c >= 0xD800 && c < 0xDC00) {
        if (end - *in < 6 || (*in)[0] != '\\' || (*in)[1] != 'u' || !hex4(*in + 2, end, &low) || low < 0xDC00 || low > 0xDFFF)
            return false;
        *in += 6;
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
    } else if (c >= 0xDC00 && c < 0xE000) {
        return false;
    }
    if (!c)
        return false;                   /* neither database takes U+0000 in text */
    *out = c;
    return true;
}

/* Undoes escapes in place: what they stand for is never longer. */
static bool unescape(char *at, size_t *len, bool foreign)
{
    static const char plain[256] = { ['"'] = '"', ['\\'] = '\\', ['/'] = '/', ['b'] = '\b', ['f'] = '\f', ['n'] = '\n',
                                     ['r'] = '\r', ['t'] = '\t' };
    const char *in = at, *end = at + *len;
    char       *out = at;
    while (in < end) {
        const char *slash = memchr(in, '\\', (size_t)(end - in));
        size_t      run   = (size_t)((slash ? slash : end) - in);
        memmove(out, in, run);
        out += run;
        in  += run;
        if (!slash)
            break;
        if (++in == end)
            return false;
        char c = *in++;
        if (plain[(unsigned char)c]) {
            *out++ = plain[(unsigned char)c];
            continue;
        }
        unsigned point;
        if (c != 'u' || (!unicode_escape(&in, end, &point) && !(foreign && point)))
            return false;
        out = utf8_put(out, point);
    }
    *len = (size_t)(out - at);
    return true;
}

/* The token at r->i - 1 is an opening quote. Between the closing one and the next token there is nothing but white space. */
static bool read_text(struct reader *r, str *out)
{
    size_t from = r->at[r->i - 1] + 1u, to = place(r);
    while (to > from && is_blank(r->text[to - 1]))
        to--;
    if (to <= from || r->text[to - 1] != '"')
        return fail(r, from - 1, "a text is not closed");
    size_t len = to - 1 - from;
    char  *at  = r->text + from;
    if (memchr(at, '\\', len) && !unescape(at, &len, r->foreign))
        return fail(r, from - 1, "a text has a wrong escape");
    *out = (str){ at, len };
    return true;
}

static bool read_word(struct reader *r, struct json *v, const char *word, enum json_kind kind)
{
    size_t from = r->at[r->i - 1], len = strlen(word);
    if (place(r) - from < len || memcmp(r->text + from, word, len) != 0 || !ends_word(r->text[from + len]))
        return fail(r, from, "an unknown word");
    v->kind  = kind;
    v->truth = *word == 't';
    return true;
}

static const char *digits_end(const char *at)
{
    while (*at >= '0' && *at <= '9')
        at++;
    return at;
}

/* The space behind the text stops every loop here. */
static bool read_number(struct reader *r, struct json *v)
{
    const char *from = r->text + r->at[r->i - 1], *whole = from + (*from == '-'), *at = digits_end(whole), *part;
    if (at == whole || (*whole == '0' && at - whole > 1))
        return fail(r, r->at[r->i - 1], "a value was expected");
    if (*at == '.') {
        part = at + 1;
        at   = digits_end(part);
        if (at == part)
            return fail(r, r->at[r->i - 1], "a number has no digits behind the point");
    }
    if (*at == 'e' || *at == 'E') {
        part = at + 1 + (at[1] == '-' || at[1] == '+');
        at   = digits_end(part);
        if (at == part)
            return fail(r, r->at[r->i - 1], "a number has no digits in its power");
    }
    if (!ends_word(*at))
        return fail(r, r->at[r->i - 1], "a number with something behind it");
    v->kind = JSON_NUMBER;
    v->text = (str){ from, (size_t)(at - from) };
    return true;
}

/* A new last child. Nodes come in runs: an arena call and a memset per node would be a tenth of the whole time. */
static struct json *child_new(struct reader *r, struct json *parent, struct json *last)
{
    if (!r->nodes_left) {
        size_t bound  = (r->count - r->i) / 2 + 1;
        r->nodes_left = bound < NODES_AT_ONCE ? (int)bound : NODES_AT_ONCE;
        r->nodes      = ARENA_ARRAY(r->arena, struct json, r->nodes_left);
    }
    struct json *child = r->nodes++;
    r->nodes_left--;
    child->parent = parent;
    child->index  = parent->count++;
    if (last)
        last->next = child;
    else
        parent->first = child;
    return child;
}

static int key_order(const void *a, const void *b)
{
    const struct json *x = *(const struct json *const *)a, *y = *(const struct json *const *)b;
    if (x->key.len != y->key.len)
        return x->key.len < y->key.len ? -1 : 1;
    return x->key.len ? memcmp(x->key.at, y->key.at, x->key.len) : 0;
}

static bool fail_twice(struct reader *r, str key)
{
    return err_set(r->err, ERR_BODY_SYNTAX, NULL, "not JSON: the key \"%.*s\" comes twice in one object",
                   key.len < 60 ? (int)key.len : 60, key.at);
}

static bool keys_differ_sorted(struct reader *r, const struct json *object)
{
    CLEANUP(arena_back) struct arena_mark mark = arena_mark(r->arena);
    const struct json **keys = ARENA_ARRAY(r->arena, const struct json *, object->count);
    JSON_EACH(m, object)
        keys[m->index] = m;
    qsort(keys, (size_t)object->count, sizeof *keys, key_order);
    for (int i = 1; i < object->count; i++)
        if (key_order(&keys[i - 1], &keys[i]) == 0)
            return fail_twice(r, keys[i]->key);
    return true;
}

/* `seen` has a bit per rough fingerprint of the keys so far; only when it is taken the siblings are looked through. */
static bool key_differs(struct reader *r, const struct json *object, const struct json *member, uint64_t *seen)
{
    str      key = member->key;
    unsigned print = (unsigned)key.len;
    if (key.len)
        print = print * 5 + (unsigned char)key.at[0] * 3u + (unsigned char)key.at[key.len / 2] * 11u + (unsigned char)key.at[key.len - 1];
    uint64_t bit = UINT64_C(1) << (print & 63);
    if (*seen & bit)
        for (const struct json *m = object->first; m != member; m = m->next)
            if (str_eq(m->key, key))
                return fail_twice(r, key);
    *seen |= bit;
    return true;
}

static bool read_members(struct reader *r, struct json *object, int depth)
{
    uint64_t     seen = 0;
    struct json *last = NULL;
    if (peek(r) == '}') {
        r->i++;
        return true;
    }
    for (;;) {
        if (!expect(r, '"', "a key was expected"))
            return false;
        last = child_new(r, object, last);
        if (!read_text(r, &last->key) || !expect(r, ':', "a colon was expected"))
            return false;
        if (last->index < KEYS_BY_LOOKING && !key_differs(r, object, last, &seen))
            return false;
        if (!read_value(r, last, depth))
            return false;
        if (peek(r) != ',')
            break;
        r->i++;
    }
    if (!expect(r, '}', "a comma or a closing brace was expected"))
        return false;
    return object->count <= KEYS_BY_LOOKING || keys_differ_sorted(r, object);
}

static bool read_items(struct reader *r, struct json *array, int depth)
{
    struct json *last = NULL;
    if (peek(r) == ']') {
        r->i++;
        return true;
    }
    for (;;) {
        last = child_new(r, array, last);
        if (!read_value(r, last, depth))
            return false;
        if (peek(r) != ',')
            break;
        r->i++;
    }
    return expect(r, ']', "a comma or a closing bracket was expected");
}

static bool read_value(struct reader *r, struct json *v, int depth)
{
    if (r->i == r->count)
        return fail(r, place(r), "it ends too early");
    char c = peek(r);
    if ((c == '{' || c == '[') && depth == JSON_DEPTH_MAX)
        return err_set(r->err, ERR_BODY_SYNTAX, NULL, "nested deeper than %d at byte %zu", JSON_DEPTH_MAX, place(r));
    r->i++;
    switch (c) {
    case '{':
        v->kind = JSON_OBJECT;
        return read_members(r, v, depth + 1);
    case '[':
        v->kind = JSON_ARRAY;
        return read_items(r, v, depth + 1);
    case '"':
        v->kind = JSON_TEXT;
        return read_text(r, &v->text);
    case 't':
        return read_word(r, v, "true", JSON_BOOL);
    case 'f':
        return read_word(r, v, "false", JSON_BOOL);
    case 'n':
        return read_word(r, v, "null", JSON_NULL);
    default:
        return read_number(r, v);
    }
}

static bool fail_scan(enum json_scan_result result, struct err *err)
{
    static const char *const why[] = {
        [JSON_SCAN_OK] = "", [JSON_SCAN_UTF8] = "the text is not valid UTF-8", [JSON_SCAN_QUOTE_OPEN] = "a text is not closed",
        [JSON_SCAN_CONTROL] = "a control character stands inside a text", [JSON_SCAN_EMPTY] = "there is nothing",
        [JSON_SCAN_MEMORY] = "too little memory to read it",
    };
    return err_set(err, result == JSON_SCAN_MEMORY ? ERR_BODY_TOO_LARGE : ERR_BODY_SYNTAX, NULL, "not JSON: %s", why[result]);
}

/* The tree of `[1,1,1,…` is forty times its text. Crossing the arena's ceiling would end the process, so this asks first,
 * and leaves half of the room for the work that follows. */
static bool tree_fits(const struct arena *a, size_t bytes, size_t tokens)
{
    size_t ceiling = a->ceiling_bytes ? a->ceiling_bytes : ARENA_CEILING_BYTES;
    size_t left    = a->used < ceiling ? (ceiling - a->used) / 2 : 0;
    return bytes < left && tokens / 2 + NODES_AT_ONCE < (left - bytes) / sizeof(struct json);
}

static bool text_read(struct arena *a, str bytes, size_t limit_bytes, bool foreign, const struct json **out, struct err *err)
{
    if (bytes.len > limit_bytes || bytes.len > UINT32_MAX - 1024 || !tree_fits(a, bytes.len + JSON_SCAN_SPARE_BYTES, 0))
        return err_set(err, ERR_BODY_TOO_LARGE, NULL, "%zu bytes are more than the %zu that are taken", bytes.len, limit_bytes);
    if (str_starts(bytes, STR("\xEF\xBB\xBF")))        /* Windows editors put a byte-order mark in front */
        bytes = str_sub(bytes, 3, bytes.len);
    struct reader    r = { .arena = a, .foreign = foreign, .err = err };
    struct json_scan scan;
    r.text = arena_raw(a, bytes.len + JSON_SCAN_SPARE_BYTES);
    if (bytes.len)
        memcpy(r.text, bytes.at, bytes.len);
    memset(r.text + bytes.len, ' ', JSON_SCAN_SPARE_BYTES);
    enum json_scan_result result = json_scan(r.text, bytes.len, &scan);
    if (result != JSON_SCAN_OK)
        return fail_scan(result, err);
    r.at    = scan.at;
    r.count = scan.count;
    bool ok = tree_fits(a, 0, scan.count) ||
              err_set(err, ERR_BODY_TOO_LARGE, NULL, "%zu values are more than are taken at once", scan.count / 2);
    if (ok) {
        struct json *root = ARENA_NEW(a, struct json);
        ok = read_value(&r, root, 0) && (r.i == r.count || fail(&r, place(&r), "there is more behind the end"));
        if (ok)
            *out = root;
    }
    json_scan_done(&scan);
    return ok;
}

bool json_read(struct arena *a, str bytes, size_t limit_bytes, const struct json **out, struct err *err)
{
    return text_read(a, bytes, limit_bytes, false, out, err);
}

bool json_read_foreign(struct arena *a, str bytes, size_t limit_bytes, const struct json **out, struct err *err)
{
    return text_read(a, bytes, limit_bytes, true, out, err);
}
