/* label.c - what the played markets draw for a parcel: a sticker as a PNG or in ZPL (Wildberries), a label (Ozon) or waybill (Kaspi) as a PDF.
 *
 * The drawings are ours: a number that people can read, and stripes that stand for a barcode without being one.
 */
#include "sandbox/label.h"

#include "base/secret.h"
#include "sandbox/picture.h"

/* ---- a sticker: one bit a point, 10 points a millimetre as Wildberries has them ---- */

static const unsigned char digits[10][7] = {            /* five points wide, from the left */
    { 14, 17, 19, 21, 25, 17, 14 }, { 4, 12, 4, 4, 4, 4, 14 }, { 14, 17, 1, 2, 4, 8, 31 }, { 31, 2, 4, 2, 1, 17, 14 }, { 2, 6, 10, 18, 31, 2, 2 },
    { 31, 16, 30, 1, 1, 17, 14 },   { 6, 8, 16, 30, 17, 17, 14 }, { 31, 1, 2, 4, 8, 8, 8 }, { 14, 17, 17, 14, 17, 17, 14 }, { 14, 17, 17, 15, 1, 2, 12 },
};

struct sheet { unsigned char *bits; int width, height, row; };

static void ink(struct sheet *s, int x, int y, int w, int h)
{
    for (int i = y; i < y + h; i++)
        for (int k = x; k < x + w; k++)
            if (i >= 0 && i < s->height && k >= 0 && k < s->width)
                s->bits[i * s->row + 1 + k / 8] &= (unsigned char)~(0x80 >> k % 8);
}

static void number_ink(struct sheet *s, str text, int x, int y, int scale)
{
    for (size_t i = 0; i < text.len; i++, x += 6 * scale)
        for (int line = 0; line < 7 && text.at[i] >= '0' && text.at[i] <= '9'; line++)
            for (int bit = 0; bit < 5; bit++)
                if (digits[text.at[i] - '0'][line] & 16 >> bit)
                    ink(s, x + bit * scale, y + line * scale, scale, scale);
}

str sandbox_sticker(struct arena *a, str number, int width_mm, int height_mm)
{
    struct sheet s = { .width = width_mm * 10, .height = height_mm * 10, .row = (width_mm * 10 + 7) / 8 + 1 };
    uint64_t     seed = secret_hash64(number);
    size_t       size = (size_t)(s.row * s.height);
    int          cell = s.height / 32;
    s.bits = arena_raw(a, size);
    memset(s.bits, 0xff, size);
    for (int i = 0; i < s.height; i++)
        s.bits[i * s.row] = 0;
    for (int y = 0; y < 21; y++)
        for (int x = 0; x < 21; x++, seed = seed * 6364136223846793005u + 1442695040888963407u)
            if (seed >> 63 || x == 0 || y == 20)
                ink(&s, 20 + x * cell, 20 + y * cell, cell, cell);
    str tail = number.len > 4 ? str_sub(number, number.len - 4, 4) : number;
    number_ink(&s, str_sub(number, 0, number.len - tail.len), 40 + 21 * cell, 30, 5);
    number_ink(&s, tail, 40 + 21 * cell, 90, 10);
    return png_pack(a, (uint32_t)s.width, (uint32_t)s.height, 1, (str){ (char *)s.bits, size });
}

str sandbox_zpl(struct arena *a, str number, bool upright)
{
    return str_print(a, "^XA^CI28%s^FO30,30^BQN,2,6^FDMM,A%.*s^FS^FO240,40^A0N,60,60^FD%.*s^FS^XZ\n", upright ? "^FWR" : "", STR_ARG(number), STR_ARG(number));
}

/* ---- a PDF of one page per parcel ---- */

#define POINTS(mm) ((mm) * 72.0 / 25.4)

static void object_begin(struct buf *b, struct int_list *at, struct arena *a)
{
    *int_list_add(at, a) = (int64_t)b->len;
    buf_print(b, "%d 0 obj\n", at->count);
}

static str page_drawn(struct arena *a, str title, str number, int page, int pages, int height_mm)
{
    struct buf b    = buf_in(a);
    uint64_t   seed = secret_hash64(number);
    double     top  = POINTS(height_mm);
    buf_print(&b, "BT /F1 14 Tf 14 %.2f Td (%.*s) Tj ET\n", top - 26, STR_ARG(title));
    buf_print(&b, "BT /F1 20 Tf 14 %.2f Td (%.*s) Tj ET\n", top - 52, STR_ARG(number));
    buf_print(&b, "BT /F1 10 Tf 14 %.2f Td (%d / %d) Tj ET\n", top - 70, page, pages);
    for (int i = 0; i < 48; i++, seed = seed * 6364136223846793005u + 1442695040888963407u)
        if (seed >> 63 || i == 0 || i == 47)
            buf_print(&b, "%d %.2f 3 60 re f\n", 14 + i * 3, top - 140);
    return buf_str(&b);
}

str sandbox_pdf(struct arena *a, str title, str number, int width_mm, int height_mm, int pages)
{
    struct buf      b  = buf_in(a);
    struct int_list at = { 0 };
    buf_add(&b, STR("%PDF-1.4\n"));
    object_begin(&b, &at, a);
    buf_add(&b, STR("<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"));
    object_begin(&b, &at, a);
    buf_add(&b, STR("<< /Type /Pages /Kids ["));
    for (int i = 0; i < pages; i++)
        buf_print(&b, " %d 0 R", 4 + i * 2);
    buf_print(&b, " ] /Count %d >>\nendobj\n", pages);
    object_begin(&b, &at, a);
    buf_add(&b, STR("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>\nendobj\n"));
    for (int i = 0; i < pages; i++) {
        str drawn = page_drawn(a, title, number, i + 1, pages, height_mm);
        object_begin(&b, &at, a);
        buf_print(&b, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %.2f %.2f] /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>\nendobj\n",
                  POINTS(width_mm), POINTS(height_mm), 5 + i * 2);
        object_begin(&b, &at, a);
        buf_print(&b, "<< /Length %d >>\nstream\n%.*sendstream\nendobj\n", (int)drawn.len, STR_ARG(drawn));
    }
    int64_t table = (int64_t)b.len;
    buf_print(&b, "xref\n0 %d\n0000000000 65535 f \n", at.count + 1);
    for (int i = 0; i < at.count; i++)
        buf_print(&b, "%010lld 00000 n \n", (long long)at.at[i]);
    buf_print(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%lld\n%%%%EOF\n", at.count + 1, (long long)table);
    return buf_str(&b);
}

void file_reply(struct ask *a, const char *type, str bytes)
{
    a->rp->type = str_of(type);
    a->rp->body = buf_in(a->arena);
    buf_add(&a->rp->body, bytes);
}
