/* CSV by libcsv. The file is fed a line at a time, so that a row knows on which line it began. */
#include "base/csv.h"
#include <csv.h>
#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>

#define CSV_BYTES_MAX ((size_t)512 << 20)
#define PIECE_BYTES   16384 /* fed to the parser at once; also the slack over CSV_CELL_BYTES_MAX */
#define LOOK_BYTES    65536 /* of the beginning, for finding the delimiter */
#define LOOK_ROWS     20
#define BOM           "\xef\xbb\xbf"

struct reader {
    struct csv_parser parser;
    iconv_t           from_1251; /* NULL: the bytes are UTF-8 already */
    struct arena      arena;     /* one row */
    csv_row_fn       *row;
    void             *ctx;
    struct err       *err;
    struct buf        text; /* the cells of the row one after another */
    size_t            ends[CSV_COLUMNS_MAX];
    int               count;
    int64_t           line, row_line;
    bool              stopped; /* by the callback or by an error: nothing more is told */
};

static void cell_seen(void *data, size_t len, void *ctx)
{
    struct reader *r = ctx;

    if (r->stopped)
        return;
    if (r->count == CSV_COLUMNS_MAX) {
        err_set(r->err, ERR_LIMIT, NULL, "line %lld: more than %d columns", (long long)r->row_line,
                CSV_COLUMNS_MAX);
        r->stopped = true;
    } else if (len > CSV_CELL_BYTES_MAX) {
        err_set(r->err, ERR_LIMIT, NULL, "line %lld: a cell is longer than %d bytes", (long long)r->row_line,
                CSV_CELL_BYTES_MAX);
        r->stopped = true;
    } else {
        buf_add(&r->text, (str){ data, len });
        r->ends[r->count++] = r->text.len;
    }
}

static void row_seen(int ended_by, void *ctx)
{
    struct reader *r = ctx;
    str            cells[CSV_COLUMNS_MAX];
    size_t         from = 0;

    (void)ended_by;
    if (!r->stopped && r->count) {
        for (int i = 0; i < r->count; i++) {
            cells[i] = (str){ r->text.at ? r->text.at + from : "", r->ends[i] - from };
            from = r->ends[i];
        }
        struct csv_row row = { cells, r->count, r->row_line };
        r->stopped = !r->row(r->ctx, &row, r->err);
    }
    r->count = 0;
    arena_reset(&r->arena);
    r->text = buf_in(&r->arena);
    r->row_line = r->line + 1;
}

/* --- looking at the file --- */

/* The delimiter that most often, and in every row alike, stands outside quotes. Decimal commas in a file with
 * semicolons lose, because the heading has none. */
static char delimiter_find(str bytes)
{
    static const char signs[] = { ';', '\t', '|', ',' };
    int               least[4] = { 0 }, here[4] = { 0 }, best = 0, rows = 0;
    bool              quoted = false, any = false, begun = false;   /* begun: the cell has a first letter */

    bool cut = bytes.len > LOOK_BYTES;
    bytes = str_sub(bytes, 0, LOOK_BYTES);
    for (size_t i = 0; i <= bytes.len && rows < LOOK_ROWS; i++) {
        char c = i < bytes.len ? bytes.at[i] : '\n';
        if (i == bytes.len && cut && rows)
            break; /* half a row says nothing */
        if (c == '"' && (quoted || !begun || (i && bytes.at[i - 1] == '"')))
            quoted = !quoted;
        begun = quoted || (c != ' ' && c != '\n' && c != '\r' && (begun || !memchr(signs, c, sizeof signs)) && !memchr(signs, c, sizeof signs));
        if ((c == '\n' || c == '\r') && (!quoted || i == bytes.len)) {
            for (int s = 0; any && s < COUNT_OF(signs); s++) {
                least[s] = rows == 0 || here[s] < least[s] ? here[s] : least[s];
                here[s] = 0;
            }
            rows += any;
            any = false;
            continue;
        }
        any = true;
        for (int s = 0; !quoted && s < COUNT_OF(signs); s++)
            here[s] += c == signs[s];
    }
    for (int s = 1; s < COUNT_OF(signs); s++)
        if (least[s] > least[best])
            best = s;
    return signs[best];
}

/* Refuses what is no text table, takes away marks at the beginning, and settles the delimiter. */
static bool look(str *bytes, char *delimiter, int64_t *line, struct err *err)
{
    if (str_starts(*bytes, STR("\xff\xfe")) || str_starts(*bytes, STR("\xfe\xff")))
        return err_set(err, ERR_BODY_SYNTAX, NULL, "the file is UTF-16: save it as CSV UTF-8");
    if (str_starts(*bytes, STR("PK\x03\x04")))
        return err_set(err, ERR_BODY_SYNTAX, NULL, "the file is a spreadsheet or an archive, not CSV");
    if (bytes->len && memchr(bytes->at, 0, bytes->len))
        return err_set(err, ERR_BODY_SYNTAX, NULL, "the file holds zero bytes: it is not CSV");
    if (str_starts(*bytes, STR(BOM)))
        *bytes = str_sub(*bytes, 3, bytes->len);
    if (bytes->len >= 5 && str_starts(*bytes, STR("sep=")) && strchr(";,|\t", bytes->at[4]) &&
        (bytes->len == 5 || bytes->at[5] == '\n' || bytes->at[5] == '\r')) {
        /* Excel's own first line. */
        *delimiter = bytes->at[4];
        *bytes = str_sub(*bytes, 5, bytes->len);
        *bytes = str_sub(*bytes, str_starts(*bytes, STR("\r\n")) ? 2 : bytes->len ? 1 : 0, bytes->len);
        ++*line;
        return true;
    }
    *delimiter = delimiter_find(*bytes);
    return true;
}

/* --- reading --- */

/* A quotation mark within a cell that did not begin with one stands for itself (Коляска 5" белая), as other readers take it. libcsv stops there
 * when it is strict; behind the end of a quoted cell it shall go on to. */
static bool mark_within(struct reader *r, const char *at, size_t left)
{
    bool within = left && *at == '"' && csv_error(&r->parser) == CSV_EPARSE && !r->parser.quoted;
    if (!within)
        return false;
    csv_set_opts(&r->parser, CSV_STRICT_FINI);
    within = csv_parse(&r->parser, at, 1, cell_seen, row_seen, r) == 1;
    csv_set_opts(&r->parser, CSV_STRICT | CSV_STRICT_FINI);
    return within;
}

static bool parse(struct reader *r, const char *at, size_t len)
{
    size_t done = csv_parse(&r->parser, at, len, cell_seen, row_seen, r);
    while (done < len && mark_within(r, at + done, len - done)) {
        done++;
        done += csv_parse(&r->parser, at + done, len - done, cell_seen, row_seen, r);
    }
    if (done != len) {
        if (csv_error(&r->parser) == CSV_EPARSE)
            return err_set(r->err, ERR_BODY_SYNTAX, NULL, "line %lld: a quotation mark stands out of place",
                           (long long)r->line);
        return err_set(r->err, ERR_LIMIT, NULL, "line %lld: %s", (long long)r->line,
                       csv_strerror(csv_error(&r->parser)));
    }
    /* A quotation mark that never closes must not gather the rest of a large file in memory. */
    if (csv_get_buffer_size(&r->parser) > CSV_CELL_BYTES_MAX + (size_t)4 * PIECE_BYTES)
        return err_set(r->err, ERR_LIMIT, NULL,
                       "line %lld: a cell is longer than %d bytes; is a quotation mark open?",
                       (long long)r->row_line, CSV_CELL_BYTES_MAX);
    return true;
}

static bool feed(struct reader *r, str piece)
{
    char   utf8[3 * PIECE_BYTES], *in = (char *)(uintptr_t)piece.at, *out = utf8;
    size_t in_left = piece.len, out_left = sizeof utf8;

    if (!r->from_1251)
        return parse(r, piece.at, piece.len);
    if (iconv(r->from_1251, &in, &in_left, &out, &out_left) == (size_t)-1)
        return err_set(r->err, ERR_BODY_SYNTAX, NULL, "line %lld: neither UTF-8 nor windows-1251",
                       (long long)r->line);
    return parse(r, utf8, sizeof utf8 - out_left);
}

static bool read_lines(struct reader *r, str bytes)
{
    size_t from = 0;

    while (from < bytes.len && !r->stopped) {
        size_t end = from, most = bytes.len - from < PIECE_BYTES ? bytes.len : from + PIECE_BYTES;
        bool   is_line = false;
        while (end < most && !is_line) {
            char c = bytes.at[end++];
            is_line = c == '\n' || (c == '\r' && end < bytes.len && bytes.at[end] != '\n');
        }
        if (!feed(r, (str){ bytes.at + from, end - from }))
            return false;
        r->line += is_line;
        if (is_line && r->parser.pstate == 0) /* between rows: blank lines count too */
            r->row_line = r->line;
        from = end;
    }
    if (r->stopped)
        return !err_is_set(r->err);
    if (csv_fini(&r->parser, cell_seen, row_seen, r) != 0)
        return err_set(r->err, ERR_BODY_SYNTAX, NULL, "line %lld: a quotation mark is not closed",
                       (long long)r->row_line);
    return !err_is_set(r->err);
}

bool csv_read(str bytes, csv_row_fn *row, void *ctx, struct err *err)
{
    struct reader r = { .row = row, .ctx = ctx, .err = err, .line = 1 };
    char          delimiter = ';';
    bool          ok;

    if (bytes.len > CSV_BYTES_MAX)
        return err_set(err, ERR_LIMIT, NULL, "the file is larger than %zu MiB", CSV_BYTES_MAX >> 20);
    if (!look(&bytes, &delimiter, &r.line, err))
        return false;
    if (csv_init(&r.parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        return err_set(err, ERR_INTERNAL, NULL, "libcsv does not start");
    csv_set_delim(&r.parser, (unsigned char)delimiter);
    csv_set_blk_size(&r.parser, 4096);
    if (!utf8_valid(bytes)) {
        r.from_1251 = iconv_open("UTF-8", "WINDOWS-1251");
        if (r.from_1251 == (iconv_t)-1) {
            csv_free(&r.parser);
            return err_set(err, ERR_INTERNAL, NULL, "iconv does not know windows-1251");
        }
    }
    r.row_line = r.line;
    r.text = buf_in(&r.arena);
    ok = read_lines(&r, bytes);
    if (r.from_1251)
        iconv_close(r.from_1251);
    csv_free(&r.parser);
    arena_done(&r.arena);
    return ok;
}

static void file_done(FILE **f)
{
    if (*f && *f != stdin)
        fclose(*f);
}

static void bytes_done(char **at)
{
    free(*at);
}

/* Whole in memory: whether it is UTF-8 is known only at the end, and the same table may also come as one body
 * over HTTP. */
bool csv_read_file(const char *path, csv_row_fn *row, void *ctx, struct err *err)
{
    CLEANUP(file_done) FILE  *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "rbe");
    CLEANUP(bytes_done) char *at = NULL;
    size_t                    len = 0, cap = 0;

    if (!f)
        return err_set(err, ERR_FILE, NULL, "cannot open %s: %s", path, strerror(errno));
    for (;;) {
        if (len == cap) {
            cap = cap ? 2 * cap : 65536;
            char *more = cap <= 2 * CSV_BYTES_MAX ? realloc(at, cap) : NULL;
            if (!more)
                return err_set(err, ERR_LIMIT, NULL, "%s is larger than %zu MiB", path, CSV_BYTES_MAX >> 20);
            at = more;
        }
        size_t n = fread(at + len, 1, cap - len, f);
        if (n == 0)
            break;
        len += n;
    }
    if (ferror(f))
        return err_set(err, ERR_FILE, NULL, "cannot read %s: %s", path, strerror(errno));
    if (!csv_read((str){ at, len }, row, ctx, err)) {
        err_note(err, "read %s", path);
        return false;
    }
    return true;
}

/* --- writing --- */

void csv_begin(struct buf *b)
{
    buf_add(b, STR(BOM));
}

/* Optional sign, digits, at most one decimal sign with digits behind it. */
static bool is_plain_number(str s)
{
    size_t i = 0, digits = 0;
    bool   has_point = false;

    if (i < s.len && (s.at[i] == '+' || s.at[i] == '-'))
        i++;
    for (; i < s.len; i++) {
        if (s.at[i] >= '0' && s.at[i] <= '9')
            digits++;
        else if ((s.at[i] == '.' || s.at[i] == ',') && !has_point && digits)
            has_point = true;
        else
            return false;
    }
    return digits > 0 && s.at[s.len - 1] >= '0';
}

/* What a cell may not have inside without quotes around it. */
static const bool quoted[256] = { [';'] = true, ['"'] = true, ['\n'] = true, ['\r'] = true, ['\t'] = true, [','] = true };

void csv_cell(struct buf *b, str cell, bool last)
{
    str  head = str_trim(cell);
    bool is_formula = (head.len && strchr("=+-@", head.at[0]) && !is_plain_number(cell)) ||
                      (cell.len && (cell.at[0] == '\t' || cell.at[0] == '\r'));
    bool needs_quotes = head.len != cell.len; /* readers trim bare white space */

    for (size_t i = 0; i < cell.len && !needs_quotes; i++)
        needs_quotes = quoted[(unsigned char)cell.at[i]];
    if (needs_quotes)
        buf_add_char(b, '"');
    if (is_formula)
        buf_add_char(b, '\'');
    for (const char *quote; needs_quotes && (quote = memchr(cell.at, '"', cell.len));) {
        size_t upto = (size_t)(quote - cell.at) + 1;
        buf_add(b, (str){ cell.at, upto });
        buf_add_char(b, '"');
        cell = (str){ cell.at + upto, cell.len - upto };
    }
    buf_add(b, cell);
    if (needs_quotes)
        buf_add_char(b, '"');
    buf_add(b, last ? STR("\r\n") : STR(";"));
}
