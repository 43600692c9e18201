#include "orders/label.h"

const char *const label_state_names[] = {
    [LABEL_WAITING] = "waiting", [LABEL_FETCHED] = "here", [LABEL_REFUSED] = "refused", [LABEL_FORGOTTEN] = "forgotten", NULL
};
_Static_assert(COUNT_OF(label_state_names) == LABEL_STATE_COUNT + 1, "a name per state");
const char *const label_type_names[] = { [LABEL_TYPE_NONE] = "", [LABEL_PDF] = "pdf", [LABEL_PNG] = "png", [LABEL_ZPL] = "zpl", NULL };
_Static_assert(COUNT_OF(label_type_names) == LABEL_TYPE_COUNT + 1, "a name per type");

static uint32_t big32(str s, size_t i)
{
    const unsigned char *at = (const unsigned char *)s.at + i;
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* The head may stand behind a few bytes of anything and the end before some (PDF 1.7, annex H.3): readers take both, so do we. */
static bool is_pdf(str s)
{
    str head = str_sub(s, 0, 1024), tail = str_sub(s, s.len > 1024 ? s.len - 1024 : 0, s.len);
    return s.len > 64 && str_has(head, STR("%PDF-")) && str_has(tail, STR("%%EOF"));
}

/* Chunk by chunk up to the last, of sides that a printer knows. */
static bool is_png(str s)
{
    bool drawn = false;
    if (!str_starts(s, STR("\x89PNG\r\n\x1a\n")) || s.len < 33 || !str_eq(str_sub(s, 12, 4), STR("IHDR")) || big32(s, 16) < 1 || big32(s, 20) < 1 ||
        big32(s, 16) > LABEL_SIDE_MAX || big32(s, 20) > LABEL_SIDE_MAX)
        return false;
    for (size_t at = 8; s.len - at >= 12;) {
        size_t size = big32(s, at);
        str    name = str_sub(s, at + 4, 4);
        if (size > s.len - at - 12)
            return false;
        drawn = drawn || (str_eq(name, STR("IDAT")) && size > 0);
        if (str_eq(name, STR("IEND")))
            return drawn;
        at += 12 + size;
    }
    return false;
}

/* What a label printer is told: one or more formats from ^XA to ^XZ, and no byte that is no text. */
static bool is_zpl(str s)
{
    s = str_trim(s);
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.at[i] < ' ' && s.at[i] != '\n' && s.at[i] != '\r' && s.at[i] != '\t')
            return false;
    return s.len > 6 && (str_starts(s, STR("^XA")) || (str_starts(s, STR("~DG")) && str_has(s, STR("^XA")))) && str_ends(s, STR("^XZ"));
}

enum label_type label_type_of(str bytes)
{
    if (bytes.len > LABEL_BYTES_MAX)
        return LABEL_TYPE_NONE;
    return is_pdf(bytes) ? LABEL_PDF : is_png(bytes) ? LABEL_PNG : is_zpl(bytes) ? LABEL_ZPL : LABEL_TYPE_NONE;
}

const char *label_media_type(enum label_type type)
{
    static const char *const types[LABEL_TYPE_COUNT] = { "", "application/pdf", "image/png", "text/plain; charset=utf-8" };
    return types[type];
}
