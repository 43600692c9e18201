/* Reading spreadsheets: a zip (minizip) of XML parts (expat). Every part is streamed; only shared texts and
 * styles are kept. */
#include "base/xlsx.h"
#include "base/xlsx_date.h"
#include <expat.h>
#include <minizip/unzip.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define RATIO_MAX        200
#define RATIO_FREE_BYTES ((size_t)1 << 20) /* so much may unpack from anything */
#define SHARED_MAX       2000000           /* a sheet has 1 048 576 rows at most */
#define STYLES_MAX       65536
#define FORMATS_MAX      1024
#define NAME_BYTES_MAX   512
#define ROW_BYTES_MAX    ((size_t)64 << 20) /* 256 cells of full length fit three times */
#define LINE_MAX_XLSX    INT64_C(1048576)

struct format {
    int64_t         id;
    enum xlsx_style style;
};

struct book {
    unzFile        zip;
    size_t         bytes_left; /* that may still be unpacked */
    struct err    *err;
    struct arena   arena; /* of the book */
    bool           is_1904;
    char           sheet_id[NAME_BYTES_MAX], sheet_path[NAME_BYTES_MAX];
    str           *shared;
    int            shared_count, shared_cap;
    struct format *formats;
    int            format_count;
    uint8_t       *styles; /* enum xlsx_style by cell style number */
    int            style_count;
};

/* One XML part being read. */
struct part {
    struct book *book;
    XML_Parser   xml;
    const char  *name;
    struct buf   text; /* of the element being collected */
    bool         collecting, overlong, phonetic, in_list, stopped;
    struct arena arena; /* one row, or one shared text */
    csv_row_fn  *row;
    void        *ctx;
    str          cells[CSV_COLUMNS_MAX];
    int          count, column;
    int64_t      line, style;
    char         type[16];
    str          value; /* of the cell */
};

static void part_stop(struct part *p)
{
    p->stopped = true;
    XML_StopParser(p->xml, XML_FALSE);
}

/* Element and attribute names without the prefix that some programs write ("x:row"). */
static const char *plain(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

static bool is(const char *name, const char *wanted)
{
    return strcmp(plain(name), wanted) == 0;
}

static const char *attribute(const char **attrs, const char *wanted)
{
    for (int i = 0; attrs[i]; i += 2)
        if (is(attrs[i], wanted))
            return attrs[i + 1];
    return NULL;
}

static bool attribute_int(const char **attrs, const char *wanted, int64_t *out)
{
    const char *text = attribute(attrs, wanted);
    return text && str_to_int(str_of(text), out);
}

static void doctype_seen(void *ctx, const XML_Char *name, const XML_Char *sysid, const XML_Char *pubid,
                         int has_subset)
{
    struct part *p = ctx;

    (void)name, (void)sysid, (void)pubid, (void)has_subset;
    err_set(p->book->err, ERR_BODY_SYNTAX, NULL, "%s declares a DOCTYPE", p->name);
    part_stop(p);
}

static void text_seen(void *ctx, const XML_Char *at, int len)
{
    struct part *p = ctx;

    if (!p->collecting || p->overlong)
        return;
    if (p->text.len + (size_t)len > CSV_CELL_BYTES_MAX) {
        err_set(p->book->err, ERR_LIMIT, NULL, "row %lld of %s: a cell is longer than %d bytes",
                (long long)p->line, p->name, CSV_CELL_BYTES_MAX);
        p->overlong = true;
        part_stop(p);
        return;
    }
    if (p->arena.used > ROW_BYTES_MAX) { /* one row that repeats its cells millions of times */
        err_set(p->book->err, ERR_LIMIT, NULL, "row %lld of %s is too large", (long long)p->line, p->name);
        p->overlong = true;
        part_stop(p);
        return;
    }
    buf_add(&p->text, (str){ at, (size_t)len });
}

static int hex4(const char *at)
{
    int value = 0;

    for (int i = 0; i < 4; i++) {
        char c = at[i];
        int  digit = c >= '0' && c <= '9'   ? c - '0'
                     : c >= 'A' && c <= 'F' ? c - 'A' + 10
                     : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                            : -1;
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* Signs that XML cannot hold, and the underscore before such a thing, are written _x000D_. Only those of
 * ASCII are turned back, without NUL: anything else may stand there by chance. */
static str unescape(struct arena *arena, str s)
{
    if (str_find(s, STR("_x")) < 0)
        return s;
    char  *at = arena_alloc(arena, s.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < s.len; i++) {
        int value = s.at[i] == '_' && i + 6 < s.len && s.at[i + 1] == 'x' && s.at[i + 6] == '_'
                        ? hex4(s.at + i + 2)
                        : -1;
        if (value > 0 && value < 0x80) {
            at[len++] = (char)value;
            i += 6;
        } else {
            at[len++] = s.at[i];
        }
    }
    return (str){ at, len };
}

/* --- workbook, relations, styles, shared texts --- */

static void workbook_start(void *ctx, const XML_Char *name, const XML_Char **attrs)
{
    struct part *p = ctx;

    if (is(name, "workbookPr")) {
        const char *flag = attribute(attrs, "date1904");
        p->book->is_1904 = flag && (strcmp(flag, "1") == 0 || strcmp(flag, "true") == 0);
    } else if (is(name, "sheet") && !p->book->sheet_id[0]) {
        /* r:id, not sheetId; the prefix is a matter of taste, so look for the attribute that is called just
         * "id". */
        const char *id = attribute(attrs, "id");
        if (id && strlen(id) < NAME_BYTES_MAX)
            memcpy(p->book->sheet_id, id, strlen(id) + 1);
    }
}

static void relations_start(void *ctx, const XML_Char *name, const XML_Char **attrs)
{
    struct part *p = ctx;
    const char  *id = attribute(attrs, "Id"), *target = attribute(attrs, "Target");

    if (!is(name, "Relationship") || !id || !target || strcmp(id, p->book->sheet_id) != 0)
        return;
    if (target[0] == '/')
        snprintf(p->book->sheet_path, sizeof p->book->sheet_path, "%s", target + 1);
    else
        snprintf(p->book->sheet_path, sizeof p->book->sheet_path, "xl/%s", target);
}

static enum xlsx_style style_of(const struct book *b, int64_t id)
{
    for (int i = 0; i < b->format_count; i++)
        if (b->formats[i].id == id)
            return b->formats[i].style;
    return xlsx_style_of_id(id);
}

static void styles_start(void *ctx, const XML_Char *name, const XML_Char **attrs)
{
    struct part *p = ctx;
    struct book *b = p->book;
    int64_t      id = 0;

    if (is(name, "numFmt")) {
        const char *code = attribute(attrs, "formatCode");
        if (!code || !attribute_int(attrs, "numFmtId", &id) || b->format_count == FORMATS_MAX)
            return;
        if (!b->formats)
            b->formats = ARENA_ARRAY(&b->arena, struct format, FORMATS_MAX);
        b->formats[b->format_count++] = (struct format){ id, xlsx_style_of_code(str_of(code)) };
    } else if (is(name, "cellXfs")) {
        p->in_list = true;
    } else if (p->in_list && is(name, "xf") && b->style_count < STYLES_MAX) {
        if (!b->styles)
            b->styles = ARENA_ARRAY(&b->arena, uint8_t, STYLES_MAX);
        enum xlsx_style style = attribute_int(attrs, "numFmtId", &id) ? style_of(b, id) : XLSX_STYLE_PLAIN;
        b->styles[b->style_count++] = (uint8_t)style;
    }
}

static void styles_end(void *ctx, const XML_Char *name)
{
    struct part *p = ctx;

    if (is(name, "cellXfs"))
        p->in_list = false;
}

/* Texts come in <t>, several of them when parts are bold; <rPh> holds the reading of Japanese and is no part
 * of the text. */
static void text_start(struct part *p, const char *name)
{
    if (is(name, "rPh"))
        p->phonetic = true;
    else if (is(name, "t"))
        p->collecting = !p->phonetic;
}

static void text_end(struct part *p, const char *name)
{
    if (is(name, "rPh"))
        p->phonetic = false;
    else if (is(name, "t"))
        p->collecting = false;
}

static void shared_start(void *ctx, const XML_Char *name, const XML_Char **attrs)
{
    struct part *p = ctx;

    (void)attrs;
    text_start(p, name);
}

static void shared_end(void *ctx, const XML_Char *name)
{
    struct part *p = ctx;
    struct book *b = p->book;

    text_end(p, name);
    if (!is(name, "si") || p->stopped)
        return;
    if (b->shared_count == SHARED_MAX) {
        err_set(b->err, ERR_LIMIT, NULL, "more than %d texts in the spreadsheet", SHARED_MAX);
        part_stop(p);
        return;
    }
    if (b->shared_count == b->shared_cap) {
        b->shared_cap = b->shared_cap ? 2 * b->shared_cap : 256;
        str *more = ARENA_ARRAY(&b->arena, str, b->shared_cap);
        if (b->shared_count)
            memcpy(more, b->shared, sizeof(str) * (size_t)b->shared_count);
        b->shared = more;
    }
    str text = unescape(&p->arena, buf_str(&p->text));
    b->shared[b->shared_count++] = text.len ? str_copy(&b->arena, text) : (str){ 0 };
    arena_reset(&p->arena);
    p->text = buf_in(&p->arena);
}

/* --- the sheet --- */

/* "AB12" → 27; -1 when there are no letters; past the limit it stays past the limit. */
static int column_of(const char *ref)
{
    int column = 0, i = 0;

    for (; (ref[i] | 0x20) >= 'a' && (ref[i] | 0x20) <= 'z'; i++)
        if (column <= CSV_COLUMNS_MAX)
            column = column * 26 + ((ref[i] | 0x20) - 'a' + 1);
    return i ? column - 1 : -1;
}

static void sheet_start(void *ctx, const XML_Char *name, const XML_Char **attrs)
{
    struct part *p = ctx;

    if (is(name, "row")) {
        int64_t line;
        p->line = attribute_int(attrs, "r", &line) && line > 0 && line <= LINE_MAX_XLSX ? line : p->line + 1;
        p->column = -1;
        p->count = 0;
    } else if (is(name, "c")) {
        const char *ref = attribute(attrs, "r"), *type = attribute(attrs, "t");
        int         column = ref ? column_of(ref) : -1;
        p->column = column >= 0 ? column : p->column + 1;
        p->style = 0;
        if (!attribute_int(attrs, "s", &p->style))
            p->style = 0;
        snprintf(p->type, sizeof p->type, "%s", type ? type : "n");
        p->text = buf_in(&p->arena);
        p->value = (str){ 0 };
    } else if (is(name, "v")) {
        p->text = buf_in(&p->arena);
        p->collecting = true;
    } else {
        text_start(p, name);
    }
}

static str cell_value(struct part *p)
{
    struct book *b = p->book;
    str          v = buf_str(&p->text);
    int64_t      index;

    if (strcmp(p->type, "s") == 0) {
        if (!v.len)
            return v;
        if (str_to_int(str_trim(v), &index) && index >= 0 && index < b->shared_count)
            return b->shared[index];
        err_set(b->err, ERR_BODY_SYNTAX, NULL, "row %lld: a cell points at a text that is not there",
                (long long)p->line);
        part_stop(p);
        return (str){ 0 };
    }
    if (strcmp(p->type, "b") == 0)
        return str_is(v, "1") ? STR("true") : STR("false");
    if (strcmp(p->type, "n") == 0) {
        enum xlsx_style style =
            p->style > 0 && p->style < b->style_count ? b->styles[p->style] : XLSX_STYLE_PLAIN;
        return xlsx_date_text(&p->arena, str_trim(v), style, b->is_1904);
    }
    if (strcmp(p->type, "d") == 0)
        return str_sub(v, 0, 19);  /* ISO 8601; fractions and zone are cut */
    return unescape(&p->arena, v); /* inlineStr, str, e */
}

static void cell_end(struct part *p)
{
    str value = cell_value(p);

    if (!value.len || p->stopped)
        return; /* styled but empty cells may go on to column XFD */
    if (p->column >= CSV_COLUMNS_MAX) {
        err_set(p->book->err, ERR_LIMIT, NULL, "row %lld: more than %d columns", (long long)p->line,
                CSV_COLUMNS_MAX);
        part_stop(p);
        return;
    }
    while (p->count <= p->column)
        p->cells[p->count++] = (str){ 0 };
    p->cells[p->column] = value;
}

static void sheet_end(void *ctx, const XML_Char *name)
{
    struct part *p = ctx;

    if (p->stopped)
        return;
    if (is(name, "v")) {
        p->collecting = false;
    } else if (is(name, "c")) {
        cell_end(p);
    } else if (is(name, "row")) {
        struct csv_row row = { p->cells, p->count, p->line };
        if (p->count && !p->row(p->ctx, &row, p->book->err))
            part_stop(p);
        p->count = 0;
        arena_reset(&p->arena);
        p->text = buf_in(&p->arena);
    } else {
        text_end(p, name);
    }
}

/* --- parts out of the zip --- */

static bool part_feed(struct part *p)
{
    struct book *b = p->book;

    for (;;) {
        void *at = XML_GetBuffer(p->xml, 65536);
        int   n = at ? unzReadCurrentFile(b->zip, at, 65536) : -1;
        if (n < 0)
            return err_set(b->err, ERR_BODY_SYNTAX, NULL, "the spreadsheet is damaged in %s", p->name);
        if ((size_t)n > b->bytes_left)
            return err_set(b->err, ERR_LIMIT, NULL, "the spreadsheet unpacks to more than is allowed");
        b->bytes_left -= (size_t)n;
        if (XML_ParseBuffer(p->xml, n, n == 0) != XML_STATUS_OK) {
            if (p->stopped)
                return !err_is_set(b->err);
            return err_set(b->err, ERR_BODY_SYNTAX, NULL, "the spreadsheet is damaged in %s, line %lu: %s",
                           p->name, (unsigned long)XML_GetCurrentLineNumber(p->xml),
                           XML_ErrorString(XML_GetErrorCode(p->xml)));
        }
        if (n == 0)
            return true;
    }
}

/* Reads one part. A part that is not there is no error when `optional`. */
static bool part_read(struct part *p, bool optional, XML_StartElementHandler start, XML_EndElementHandler end)
{
    struct book *b = p->book;
    bool         ok;

    if (unzLocateFile(b->zip, p->name, 2) != UNZ_OK) {
        if (optional)
            return true;
        return err_set(b->err, ERR_BODY_SYNTAX, NULL, "%s is missing: not an Excel file (.xlsx)", p->name);
    }
    if (unzOpenCurrentFile(b->zip) != UNZ_OK)
        return err_set(b->err, ERR_BODY_SYNTAX, NULL, "%s cannot be unpacked: damaged or with a password",
                       p->name);
    p->xml = XML_ParserCreate(NULL);
    if (!p->xml) {
        unzCloseCurrentFile(b->zip);
        return err_set(b->err, ERR_INTERNAL, NULL, "expat does not start");
    }
    XML_SetUserData(p->xml, p);
    XML_SetElementHandler(p->xml, start, end);
    XML_SetCharacterDataHandler(p->xml, text_seen);
    XML_SetStartDoctypeDeclHandler(p->xml, doctype_seen);
    p->text = buf_in(&p->arena);
    ok = part_feed(p);
    XML_ParserFree(p->xml);
    arena_done(&p->arena);
    if (unzCloseCurrentFile(b->zip) == UNZ_CRCERROR && ok && !p->stopped)
        return err_set(b->err, ERR_BODY_SYNTAX, NULL, "%s has a wrong checksum: the file is damaged",
                       p->name);
    return ok;
}

static bool book_read(struct book *b, csv_row_fn *row, void *ctx)
{
    struct part workbook = { .book = b, .name = "xl/workbook.xml" };
    struct part relations = { .book = b, .name = "xl/_rels/workbook.xml.rels" };
    struct part styles = { .book = b, .name = "xl/styles.xml" };
    struct part shared = { .book = b, .name = "xl/sharedStrings.xml" };
    struct part sheet = { .book = b, .name = b->sheet_path, .row = row, .ctx = ctx };

    if (!part_read(&workbook, false, workbook_start, NULL) ||
        !part_read(&relations, true, relations_start, NULL) ||
        !part_read(&styles, true, styles_start, styles_end) ||
        !part_read(&shared, true, shared_start, shared_end))
        return false;
    if (!b->sheet_path[0])
        snprintf(b->sheet_path, sizeof b->sheet_path, "xl/worksheets/sheet1.xml");
    return part_read(&sheet, false, sheet_start, sheet_end);
}

bool xlsx_read_file(const char *path, csv_row_fn *row, void *ctx, struct err *err)
{
    struct stat  st;
    struct book *b;
    bool         ok;

    if (stat(path, &st) < 0 || !S_ISREG(st.st_mode))
        return err_set(err, ERR_FILE, NULL, "cannot open %s", path);
    b = calloc(1, sizeof *b);
    if (!b)
        return err_set(err, ERR_INTERNAL, NULL, "out of memory");
    b->err = err;
    b->arena.ceiling_bytes = 3 * XLSX_BYTES_MAX;
    /* By the size of the file itself: sizes written inside are the word of whoever made it. */
    b->bytes_left =
        (uint64_t)st.st_size > XLSX_BYTES_MAX / RATIO_MAX ? XLSX_BYTES_MAX : (size_t)st.st_size * RATIO_MAX;
    if (b->bytes_left < RATIO_FREE_BYTES)
        b->bytes_left = RATIO_FREE_BYTES;
    b->zip = unzOpen64(path);
    if (b->zip) {
        ok = book_read(b, row, ctx);
        unzClose(b->zip);
    } else {
        ok = err_set(err, ERR_BODY_SYNTAX, NULL, "%s is not an Excel file (.xlsx), or cut short", path);
    }
    arena_done(&b->arena);
    free(b);
    return ok;
}
