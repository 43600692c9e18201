/* picture.c - what a played buyer has photographed: a parcel on a table, as a PNG file with the words that a camera writes beside it.
 *
 * The markets give addresses of photos on hosts of their own; the played ones have them under /media/<host>/. No key is asked for there.
 */
#include "sandbox/picture.h"

#define SIDE  360
#define BLOCK 65535                      /* of deflate's stored blocks */

static uint32_t crc_of(const unsigned char *at, size_t len)
{
    uint32_t crc = 0xffffffffu;
    for (size_t i = 0; i < len; i++) {
        crc ^= at[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
    }
    return ~crc;
}

static void add_big32(struct buf *b, uint32_t n)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        buf_add_char(b, (char)(n >> shift & 0xff));
}

static void add_chunk(struct buf *b, const char *name, str data)
{
    add_big32(b, (uint32_t)data.len);
    size_t began = b->len;
    buf_add(b, str_of(name));
    buf_add(b, data);
    add_big32(b, crc_of((const unsigned char *)b->at + began, b->len - began));
}

/* zlib's wrapping around blocks that are not packed. */
static str stored(struct arena *a, str raw)
{
    struct buf b  = buf_in(a);
    uint32_t   lo = 1, hi = 0;
    buf_add(&b, STR("\x78\x01"));
    for (size_t at = 0; at < raw.len; at += BLOCK) {
        size_t n = raw.len - at < BLOCK ? raw.len - at : BLOCK;
        buf_add_char(&b, at + n == raw.len);
        buf_add_char(&b, (char)(n & 0xff));
        buf_add_char(&b, (char)(n >> 8));
        buf_add_char(&b, (char)(~n & 0xff));
        buf_add_char(&b, (char)(~n >> 8 & 0xff));
        buf_add(&b, str_sub(raw, at, n));
    }
    for (size_t i = 0; i < raw.len; i++) {
        lo = (lo + (unsigned char)raw.at[i]) % 65521;
        hi = (hi + lo) % 65521;
    }
    add_big32(&b, hi << 16 | lo);
    return buf_str(&b);
}

static struct buf head_of(struct arena *a, uint32_t width, uint32_t height, int bits, int colour)
{
    struct buf head = buf_in(a);
    add_big32(&head, width);
    add_big32(&head, height);
    buf_add_char(&head, (char)bits);
    buf_add_char(&head, (char)colour);
    buf_add(&head, (str){ "\x00\x00\x00", 3 });
    return head;
}

str png_pack(struct arena *a, uint32_t width, uint32_t height, int bits, str raw)
{
    struct buf b = buf_in(a), head = head_of(a, width, height, bits, 0);
    buf_add(&b, STR("\x89PNG\r\n\x1a\n"));
    add_chunk(&b, "IHDR", buf_str(&head));
    add_chunk(&b, "IDAT", stored(a, raw));
    add_chunk(&b, "IEND", STR(""));
    return buf_str(&b);
}

/* 0 wall, 1 table, 2 shadow, 3 side of the box, 4 lid, 5 tape, 6 dent. `n` moves the box and the dent. */
static char shade(int x, int y, int n)
{
    int  left = 60 + n * 17 % 40, top = 110 + n * 11 % 30, right = left + 210, bottom = top + 160;
    int  dx = x - (left + 60 + n * 37 % 100), dy = y - (top + 70 + n * 23 % 50);
    bool box = x >= left && x < right && y >= top && y < bottom;
    if (box && dx * dx + dy * dy < 18 * 18)
        return 6;
    if (box && x > left + 90 && x < left + 120)
        return 5;
    if (box)
        return y < top + 34 ? 4 : 3;
    if (y >= bottom && y < bottom + 14 && x > left - 12 && x < right + 12)
        return 2;
    return y > 220;
}

str sandbox_picture(struct arena *a, int n)
{
    static const char palette[] = "\xdf\xe6\xec\xb9\xa0\x86\x8e\x78\x62\xc8\x96\x5e\xd9\xae\x79\xef\xdd\xb8\x6b\x48\x2a";
    struct buf raw = buf_in(a), b = buf_in(a), head = head_of(a, SIDE, SIDE, 8, 3);
    for (int y = 0; y < SIDE; y++) {
        buf_add_char(&raw, 0);
        for (int x = 0; x < SIDE; x++)
            buf_add_char(&raw, shade(x, y, n));
    }
    buf_add(&b, STR("\x89PNG\r\n\x1a\n"));
    add_chunk(&b, "IHDR", buf_str(&head));
    add_chunk(&b, "PLTE", (str){ palette, 21 });
    add_chunk(&b, "tEXt", STR("Author\0Camera of Aigul, 43.2389 N 76.8897 E"));
    add_chunk(&b, "IDAT", stored(a, buf_str(&raw)));
    add_chunk(&b, "IEND", STR(""));
    return buf_str(&b);
}

/* /media/<host>/…/<return>/<n>.<type>: those that the return has. */
void market_picture(struct ask *a)
{
    str     id = path_text(a->rq, "id"), file = path_text(a->rq, "file"), digits;
    int64_t n  = 0;
    for (int i = 0; i < a->sb->returns.count; i++) {
        const struct mreturn *r = a->sb->returns.at[i];
        str rest = file;
        if (r->market != ask_market(a) || !str_eq(r->id, id) || !str_split(&rest, '.', &digits) || !str_to_int(digits, &n) || n < 1 || n > r->photos)
            continue;
        a->rp->type = STR("image/png");
        a->rp->body = buf_in(a->arena);
        buf_add(&a->rp->body, sandbox_picture(a->arena, (int)n + (int)id.at[id.len - 1]));
        return;
    }
    a->rp->status = 404;
    a->rp->type   = STR("text/plain");
    a->rp->body   = buf_in(a->arena);
}
