#include "base/qr.h"

#include "base/buf.h"

#include <stdlib.h>

#define VERSIONS 12

/* Level M, by version: code words in all, correction words a block, blocks. Source: ISO/IEC 18004:2015, table 9. */
static const struct { int words, correction, blocks; } sizes[VERSIONS + 1] = {
    { 0, 0, 0 },     { 26, 10, 1 },   { 44, 16, 1 },   { 70, 26, 1 },   { 100, 18, 2 },  { 134, 24, 2 },  { 172, 16, 4 },
    { 196, 18, 4 },  { 242, 22, 4 },  { 292, 22, 5 },  { 346, 26, 5 },  { 404, 30, 5 },  { 466, 22, 8 },
};
/* Middles of the small squares, by version. Source: annex E. */
static const int middles[VERSIONS + 1][4] = {
    { 0 }, { 0 }, { 6, 18 }, { 6, 22 }, { 6, 26 }, { 6, 30 }, { 6, 34 }, { 6, 22, 38 }, { 6, 24, 42 }, { 6, 26, 46 }, { 6, 28, 50 },
    { 6, 30, 54 }, { 6, 32, 58 },
};

struct qr { int version, size; unsigned char *dark, *fixed; };

/* ---- words ---- */

static unsigned char times(unsigned char x, unsigned char y)
{
    unsigned z = 0;
    for (int i = 7; i >= 0; i--) {
        z = z << 1 ^ (z >> 7) * 0x11d;
        z ^= (unsigned)(y >> i & 1) * x;
    }
    return (unsigned char)z;
}

/* What is left of the words divided by the polynomial of `count` roots. */
static void correction_of(const unsigned char *words, int len, int count, unsigned char *out)
{
    unsigned char divisor[32] = { 0 }, root = 1;
    divisor[count - 1] = 1;
    for (int i = 0; i < count; i++) {
        for (int k = 0; k < count; k++)
            divisor[k] = (unsigned char)(times(divisor[k], root) ^ (k + 1 < count ? divisor[k + 1] : 0));
        root = times(root, 2);
    }
    memset(out, 0, (size_t)count);
    for (int i = 0; i < len; i++) {
        unsigned char factor = (unsigned char)(words[i] ^ out[0]);
        memmove(out, out + 1, (size_t)count - 1);
        out[count - 1] = 0;
        for (int k = 0; k < count; k++)
            out[k] ^= times(divisor[k], factor);
    }
}

struct bits { unsigned char *at; int len; };

static void put(struct bits *b, unsigned value, int count)
{
    for (int i = count - 1; i >= 0; i--, b->len++)
        b->at[b->len / 8] |= (unsigned char)((value >> i & 1) << (7 - b->len % 8));
}

static int data_words(int version) { return sizes[version].words - sizes[version].correction * sizes[version].blocks; }
static int count_bits(int version) { return version < 10 ? 8 : 16; }

static int version_of(size_t len)
{
    for (int v = 1; v <= VERSIONS; v++)
        if (4 + count_bits(v) + 8 * (int64_t)len <= 8 * data_words(v))
            return v;
    return 0;
}

static unsigned char *data_of(struct arena *a, int version, str text)
{
    int         room = data_words(version);
    struct bits b    = { arena_alloc(a, (size_t)room + 4), 0 };
    put(&b, 4, 4);                      /* bytes */
    put(&b, (unsigned)text.len, count_bits(version));
    for (size_t i = 0; i < text.len; i++)
        put(&b, (unsigned char)text.at[i], 8);
    put(&b, 0, 8 * room - b.len < 4 ? 8 * room - b.len : 4);
    b.len = (b.len + 7) / 8 * 8;
    for (unsigned pad = 0xec; b.len < 8 * room; pad ^= 0xec ^ 0x11)
        put(&b, pad, 8);
    return b.at;
}

/* Blocks of the data, the shorter ones first, each with its correction; then a word of each in turn. */
static unsigned char *words_of(struct arena *a, int version, str text)
{
    int blocks = sizes[version].blocks, correction = sizes[version].correction, all = sizes[version].words;
    int longer = all % blocks, shorter_len = all / blocks - correction, filled = 0;
    const unsigned char *data = data_of(a, version, text);
    unsigned char       *out  = arena_alloc(a, (size_t)all), *ends = arena_alloc(a, (size_t)blocks * (size_t)correction);
    for (int b = 0, from = 0; b < blocks; b++) {
        int len = shorter_len + (b >= blocks - longer);
        correction_of(data + from, len, correction, ends + b * correction);
        from += len;
    }
    for (int i = 0; i <= shorter_len; i++)
        for (int b = 0, from = 0; b < blocks; b++) {
            int len = shorter_len + (b >= blocks - longer);
            if (i < len)
                out[filled++] = data[from + i];
            from += len;
        }
    for (int i = 0; i < correction; i++)
        for (int b = 0; b < blocks; b++)
            out[filled++] = ends[b * correction + i];
    return out;
}

/* ---- the picture ---- */

static void set(struct qr *q, int x, int y, bool dark)
{
    if (x < 0 || y < 0 || x >= q->size || y >= q->size)
        return;
    q->dark[y * q->size + x]  = dark;
    q->fixed[y * q->size + x] = 1;
}

static int larger(int a, int b) { return a > b ? a : b; }

static void draw_corner(struct qr *q, int x, int y)
{
    for (int dy = -4; dy <= 4; dy++)
        for (int dx = -4; dx <= 4; dx++) {
            int far = larger(abs(dx), abs(dy));
            set(q, x + dx, y + dy, far != 2 && far != 4);
        }
}

static void draw_middles(struct qr *q)
{
    const int *at = middles[q->version];
    int        n  = 0;
    while (n < 4 && at[n])
        n++;
    for (int i = 0; i < n; i++)
        for (int k = 0; k < n; k++) {
            if ((i == 0 && k == 0) || (i == 0 && k == n - 1) || (i == n - 1 && k == 0))
                continue;               /* a corner stands there */
            for (int dy = -2; dy <= 2; dy++)
                for (int dx = -2; dx <= 2; dx++)
                    set(q, at[i] + dx, at[k] + dy, larger(abs(dx), abs(dy)) != 1);
        }
}

static void draw_format(struct qr *q, int mask)
{
    int data = mask, rest = data;       /* level M is 00 */
    for (int i = 0; i < 10; i++)
        rest = rest << 1 ^ (rest >> 9) * 0x537;
    int bits = (data << 10 | rest) ^ 0x5412, last = q->size - 1;
    for (int i = 0; i < 15; i++) {
        bool dark = bits >> i & 1;
        if (i < 6)
            set(q, 8, i, dark);
        else if (i < 8)
            set(q, 8, i + 1, dark);
        else if (i == 8)
            set(q, 7, 8, dark);
        else
            set(q, 14 - i, 8, dark);
        if (i < 8)
            set(q, last - i, 8, dark);
        else
            set(q, 8, q->size - 15 + i, dark);
    }
    set(q, 8, q->size - 8, true);
}

static void draw_version(struct qr *q)
{
    int rest = q->version;
    if (q->version < 7)
        return;
    for (int i = 0; i < 12; i++)
        rest = rest << 1 ^ (rest >> 11) * 0x1f25;
    int bits = q->version << 12 | rest;
    for (int i = 0; i < 18; i++) {
        set(q, q->size - 11 + i % 3, i / 3, bits >> i & 1);
        set(q, i / 3, q->size - 11 + i % 3, bits >> i & 1);
    }
}

static void draw_fixed(struct qr *q)
{
    for (int i = 0; i < q->size; i++) {
        set(q, 6, i, i % 2 == 0);
        set(q, i, 6, i % 2 == 0);
    }
    draw_corner(q, 3, 3);
    draw_corner(q, q->size - 4, 3);
    draw_corner(q, 3, q->size - 4);
    draw_middles(q);
    draw_format(q, 0);
    draw_version(q);
}

static void draw_words(struct qr *q, const unsigned char *words)
{
    int bit = 0, all = sizes[q->version].words * 8;
    for (int right = q->size - 1; right >= 1; right -= 2) {
        if (right == 6)
            right = 5;
        for (int step = 0; step < q->size; step++)
            for (int k = 0; k < 2; k++) {
                int x = right - k, y = (right + 1) & 2 ? step : q->size - 1 - step;
                if (q->fixed[y * q->size + x] || bit >= all)
                    continue;
                q->dark[y * q->size + x] = words[bit / 8] >> (7 - bit % 8) & 1;
                bit++;
            }
    }
}

static bool is_turned(int mask, int x, int y)
{
    switch (mask) {
    case 0: return (x + y) % 2 == 0;
    case 1: return y % 2 == 0;
    case 2: return x % 3 == 0;
    case 3: return (x + y) % 3 == 0;
    case 4: return (x / 3 + y / 2) % 2 == 0;
    case 5: return x * y % 2 + x * y % 3 == 0;
    case 6: return (x * y % 2 + x * y % 3) % 2 == 0;
    default: return ((x + y) % 2 + x * y % 3) % 2 == 0;
    }
}

static void turn(struct qr *q, int mask)
{
    for (int y = 0; y < q->size; y++)
        for (int x = 0; x < q->size; x++)
            q->dark[y * q->size + x] ^= (unsigned char)(!q->fixed[y * q->size + x] && is_turned(mask, x, y));
}

static bool dark_at(const struct qr *q, bool down, int line, int at) { return q->dark[down ? at * q->size + line : line * q->size + at]; }

/* Runs, and what looks like a corner. */
static int line_cost(const struct qr *q, bool down, int line)
{
    static const unsigned corner[2] = { 0x5d0, 0x05d };     /* 10111010000 and 00001011101 */
    unsigned seen = 0;
    int      cost = 0, run = 0;
    for (int i = 0; i < q->size; i++) {
        bool dark = dark_at(q, down, line, i);
        run  = i && dark == dark_at(q, down, line, i - 1) ? run + 1 : 1;
        cost += run == 5 ? 3 : run > 5;
        seen = (seen << 1 | dark) & 0x7ff;
        if (i >= 10 && (seen == corner[0] || seen == corner[1]))
            cost += 40;
    }
    return cost;
}

static int cost_of(const struct qr *q)
{
    int cost = 0, dark = 0, size = q->size;
    for (int i = 0; i < size; i++)
        cost += line_cost(q, false, i) + line_cost(q, true, i);
    for (int y = 0; y + 1 < size; y++)
        for (int x = 0; x + 1 < size; x++) {
            const unsigned char *at = q->dark + y * size + x;
            cost += at[0] == at[1] && at[0] == at[size] && at[0] == at[size + 1] ? 3 : 0;
        }
    for (int i = 0; i < size * size; i++)
        dark += q->dark[i];
    return cost + abs(dark * 20 - size * size * 10) / (size * size) * 10;
}

const unsigned char *qr_modules(struct arena *a, str text, int *size)
{
    struct qr q = { .version = version_of(text.len) };
    int       best = 0, least = 0;
    if (!q.version)
        return NULL;
    *size   = q.size = 17 + 4 * q.version;
    q.dark  = arena_alloc(a, (size_t)q.size * (size_t)q.size);
    q.fixed = arena_alloc(a, (size_t)q.size * (size_t)q.size);
    draw_fixed(&q);
    draw_words(&q, words_of(a, q.version, text));
    for (int mask = 0; mask < 8; mask++) {
        draw_format(&q, mask);
        turn(&q, mask);
        int cost = cost_of(&q);
        if (!mask || cost < least) {
            best  = mask;
            least = cost;
        }
        turn(&q, mask);
    }
    draw_format(&q, best);
    turn(&q, best);
    return q.dark;
}

str qr_path(struct arena *a, str text, int *size)
{
    const unsigned char *dark = qr_modules(a, text, size);
    struct buf           b    = buf_in(a);
    for (int y = 0; dark && y < *size; y++)
        for (int x = 0, n; x < *size; x += n) {
            for (n = 0; x + n < *size && dark[y * *size + x + n]; n++)
                ;
            if (n)
                buf_print(&b, "M%d %dh%dv1h-%dz", x, y, n, n);
            else
                n = 1;
        }
    return buf_str(&b);
}
