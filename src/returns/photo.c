#include "returns/photo.h"

static unsigned byte_at(str s, size_t i) { return (unsigned char)s.at[i]; }
static uint32_t big32(str s, size_t i) { return byte_at(s, i) << 24 | byte_at(s, i + 1) << 16 | byte_at(s, i + 2) << 8 | byte_at(s, i + 3); }
static uint32_t big16(str s, size_t i) { return byte_at(s, i) << 8 | byte_at(s, i + 1); }
static uint32_t little32(str s, size_t i) { return byte_at(s, i + 3) << 24 | byte_at(s, i + 2) << 16 | byte_at(s, i + 1) << 8 | byte_at(s, i); }
static uint32_t little24(str s, size_t i) { return byte_at(s, i + 2) << 16 | byte_at(s, i + 1) << 8 | byte_at(s, i); }
static uint32_t little16(str s, size_t i) { return byte_at(s, i + 1) << 8 | byte_at(s, i); }

static bool bad(struct err *err) { return err_set(err, ERR_BODY_TYPE, "body", "is no picture: a JPEG, PNG or WebP file is wanted"); }

/* ---- JPEG: segments up to the picture itself ---- */

/* What the picture cannot be shown without: the frame, tables, and the colours of Adobe's files. A JFIF head with a preview goes. */
static bool jpeg_keeps(unsigned marker, size_t size)
{
    bool application = marker >= 0xe0 && marker <= 0xef;
    return marker != 0xfe && (!application || (marker == 0xe0 && size == 16) || marker == 0xee);
}

static bool jpeg_is_frame(unsigned marker)
{
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/* Coded points go on up to the next marker that is neither an escape nor a restart. */
static size_t jpeg_points_end(str s, size_t at)
{
    while (at + 1 < s.len && (byte_at(s, at) != 0xff || byte_at(s, at + 1) == 0 || byte_at(s, at + 1) == 0xff ||
                              (byte_at(s, at + 1) >= 0xd0 && byte_at(s, at + 1) <= 0xd7)))
        at++;
    return at;
}

/* How the picture is to be turned (Exif 2.32, tag 0x0112): 2 to 8; 0: not at all, or it cannot be read. */
static unsigned jpeg_turn(str segment)
{
    str  tiff   = str_sub(segment, 6, SIZE_MAX);
    bool little = str_starts(tiff, STR("II*\0")), big = str_starts(tiff, STR("MM\0*"));
    if (!str_starts(segment, STR("Exif\0\0")) || (!little && !big) || tiff.len < 8)
        return 0;
    size_t at = little ? little32(tiff, 4) : big32(tiff, 4);
    if (at > tiff.len || tiff.len - at < 2)
        return 0;
    size_t rows = little ? little16(tiff, at) : big16(tiff, at);
    for (at += 2; rows-- && tiff.len - at >= 12; at += 12) {
        unsigned tag  = little ? little16(tiff, at) : big16(tiff, at), type = little ? little16(tiff, at + 2) : big16(tiff, at + 2);
        unsigned turn = little ? little16(tiff, at + 8) : big16(tiff, at + 8);
        if (tag == 0x0112 && type == 3)
            return turn >= 2 && turn <= 8 ? turn : 0;
    }
    return 0;
}

static void jpeg_turn_write(struct buf *b, unsigned turn)
{
    static const char head[] = "\xff\xe1\x00\x22" "Exif\0\0" "MM\0*\0\0\0\x08" "\0\x01" "\x01\x12\0\x03\0\0\0\x01\0";
    buf_add(b, (str){ head, sizeof head - 1 });
    buf_add_char(b, (char)turn);
    buf_add(b, (str){ "\0\0\0\0\0\0", 6 });           /* the number's filling, and no second list */
}

static void photo_turn(struct photo *p, unsigned turn)
{
    if (turn < 5)
        return;
    int64_t width = p->width;
    p->width  = p->height;
    p->height = width;
}

/* What stands behind the end of the picture is no part of it: a second picture, a film. */
static bool jpeg_read(str s, struct buf *b, struct photo *out, struct err *err)
{
    size_t   at = 2;
    bool     picture = false;
    unsigned turn = 0;
    buf_add(b, str_sub(s, 0, 2));
    while (at + 2 <= s.len) {
        unsigned marker = byte_at(s, at + 1);
        if (byte_at(s, at) == 0xff && marker == 0xd9 && picture) {
            buf_add(b, str_sub(s, at, 2));
            out->type = "image/jpeg";
            photo_turn(out, turn);
            return true;
        }
        if (at + 4 > s.len || byte_at(s, at) != 0xff || marker < 0xc0 || marker == 0xd8 || marker == 0xd9)
            return bad(err);
        size_t size = big16(s, at + 2), end = at + 2 + size;
        if (size < 2 || end > s.len)
            return bad(err);
        if (jpeg_is_frame(marker) && size >= 8 && !out->width) {
            out->height = big16(s, at + 5);
            out->width  = big16(s, at + 7);
        }
        if (marker == 0xda) {
            picture = true;
            end     = jpeg_points_end(s, end);
        }
        if (marker == 0xe1 && !turn) {
            turn = jpeg_turn(str_sub(s, at + 4, size - 2));
            if (turn)
                jpeg_turn_write(b, turn);
        }
        if (jpeg_keeps(marker, size))
            buf_add(b, str_sub(s, at, end - at));
        at = end;
    }
    return bad(err);
}

/* ---- PNG: chunks with sums of their own ---- */

static bool png_keeps(str name)
{
    static const char *const kept[] = { "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "sBIT", "bKGD", "pHYs" };
    for (int i = 0; i < COUNT_OF(kept); i++)
        if (str_is(name, kept[i]))
            return true;
    return false;
}

static bool png_read(str s, struct buf *b, struct photo *out, struct err *err)
{
    size_t at = 8;
    bool   picture = false;
    buf_add(b, str_sub(s, 0, 8));
    while (at + 12 <= s.len) {
        size_t size = big32(s, at);
        str    name = str_sub(s, at + 4, 4);
        if (size > s.len - at - 12 || (at == 8) != str_is(name, "IHDR") || (at == 8 && size != 13))
            return bad(err);
        if (at == 8) {
            out->width  = big32(s, at + 8);
            out->height = big32(s, at + 12);
        }
        picture |= str_is(name, "IDAT");
        if (png_keeps(name))
            buf_add(b, str_sub(s, at, 12 + size));
        at += 12 + size;
        if (str_is(name, "IEND")) {
            out->type = "image/png";
            return picture || bad(err);
        }
    }
    return bad(err);
}

/* ---- WebP: a RIFF file ---- */

static void webp_size(str data, str name, struct photo *out)
{
    if (str_is(name, "VP8X") && data.len >= 10) {
        out->width  = little24(data, 4) + 1;
        out->height = little24(data, 7) + 1;
    } else if (str_is(name, "VP8 ") && data.len >= 10 && !out->width) {
        out->width  = little16(data, 6) & 0x3fff;
        out->height = little16(data, 8) & 0x3fff;
    } else if (str_is(name, "VP8L") && data.len >= 5 && !out->width) {
        uint32_t bits = little32(data, 1);
        out->width  = (bits & 0x3fff) + 1;
        out->height = (bits >> 14 & 0x3fff) + 1;
    }
}

static bool webp_read(str s, struct buf *b, struct photo *out, struct err *err)
{
    static const char *const kept[] = { "VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF" };
    size_t at = 12;
    bool   picture = false;
    buf_add(b, str_sub(s, 0, 12));
    while (at + 8 <= s.len) {
        str    name = str_sub(s, at, 4);
        size_t size = little32(s, at + 4), whole = 8 + size + (size & 1);
        if (size > s.len - at - 8)
            return bad(err);
        bool keeps = false;
        for (int i = 0; i < COUNT_OF(kept); i++)
            keeps |= str_is(name, kept[i]);
        str data = str_sub(s, at + 8, size);
        webp_size(data, name, out);
        picture |= str_is(name, "VP8 ") || str_is(name, "VP8L") || str_is(name, "ANMF");
        if (keeps) {
            size_t began = b->len;
            buf_add(b, str_sub(s, at, whole));
            if (whole > s.len - at)             /* the padding of the last chunk may be left out */
                buf_add_char(b, 0);
            if (str_is(name, "VP8X") && size >= 1)      /* it says that no profile, Exif or XMP follows */
                b->at[began + 8] = (char)(byte_at(data, 0) & 0x12);
        }
        at = whole > s.len - at ? s.len : at + whole;
    }
    if (!picture || at != s.len)
        return bad(err);
    uint32_t size = (uint32_t)b->len - 8;
    for (int i = 0; i < 4; i++)
        b->at[4 + i] = (char)(size >> (8 * i) & 0xff);
    out->type = "image/webp";
    return true;
}

bool photo_read(struct arena *a, str s, struct photo *out, struct err *err)
{
    struct buf b = buf_in(a);
    bool       ok;
    *out = (struct photo){ 0 };
    if (s.len > PHOTO_BYTES_MAX)
        return err_set(err, ERR_BODY_TOO_LARGE, "body", "must be %d MiB or less", PHOTO_BYTES_MAX / 1024 / 1024);
    if (str_starts(s, STR("\xff\xd8\xff")))
        ok = jpeg_read(s, &b, out, err);
    else if (str_starts(s, STR("\x89PNG\r\n\x1a\n")))
        ok = png_read(s, &b, out, err);
    else if (s.len >= 12 && str_starts(s, STR("RIFF")) && str_is(str_sub(s, 8, 4), "WEBP"))
        ok = webp_read(s, &b, out, err);
    else
        ok = bad(err);
    if (!ok)
        return false;
    if (out->width < 1 || out->height < 1 || out->width > PHOTO_SIDE_MAX || out->height > PHOTO_SIDE_MAX)
        return err_set(err, ERR_LIMIT, "body", "a side of the picture must be 1 to %d points", PHOTO_SIDE_MAX);
    out->bytes = buf_str(&b);
    return true;
}
