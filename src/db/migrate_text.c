/* migrate_text.c - one migration text for two databases.
 *
 * Sections "-- only sqlite", "-- only postgres", "-- both" (a line each) choose lines. Outside quotes and comments:
 * BIGINT and BYTES become the database's own types; a CREATE TABLE ends in STRICT on SQLite; WITHOUT ROWID is kept there
 * and dropped on PostgreSQL. Types are written in capitals, columns in small letters, so they are not mistaken.
 * CHECK (column IN (three values or more)) is written out with OR for SQLite, which would put the values into a table of its own
 * each time a row is stored: a third of the cost of an order.
 */
#include "base/buf.h"
#include "db/migrate_driver.h"

struct lexer {
    str         rest;
    bool        postgres;
    struct buf *out;
    int         words, depth;           /* since the statement began */
    bool        is_table;               /* CREATE TABLE … */
    bool        is_closed;              /* its last parenthesis was closed, and nothing but options came since */
    bool        without_rowid;
};

static bool is_word_char(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static str take(struct lexer *l, size_t len)
{
    str part = str_sub(l->rest, 0, len);
    l->rest  = str_sub(l->rest, part.len, l->rest.len);
    return part;
}

/* Length of what is copied as it stands: a quoted text or name, a comment; 0 when none begins here. */
static size_t opaque(str s)
{
    ptrdiff_t end = -1;
    if (s.at[0] == '\'' || s.at[0] == '"') {
        char quote[] = { s.at[0], 0 };
        end = str_find(str_sub(s, 1, s.len), str_of(quote));
        return end < 0 ? s.len : (size_t)end + 2;
    }
    if (str_starts(s, STR("--"))) {
        end = str_find(s, STR("\n"));
        return end < 0 ? s.len : (size_t)end;
    }
    if (str_starts(s, STR("/*"))) {
        end = str_find(s, STR("*/"));
        return end < 0 ? s.len : (size_t)end + 2;
    }
    return 0;
}

static void word(struct lexer *l, str w)
{
    l->words++;
    if (l->words == 1)
        l->is_table = str_is(w, "CREATE");
    else if (l->words == 2)
        l->is_table = l->is_table && str_is(w, "TABLE");
    if (l->is_table && l->is_closed && l->depth == 0) {
        bool is_option = str_is(w, "WITHOUT") || str_is(w, "ROWID") || str_is(w, "STRICT");
        l->without_rowid = l->without_rowid || str_is(w, "ROWID");
        if (is_option)
            return;                                      /* written again at the end of the statement */
        l->is_closed = false;
    }
    if (str_is(w, "BIGINT"))
        buf_add(l->out, l->postgres ? w : STR("INTEGER"));
    else if (str_is(w, "BYTES"))
        buf_add(l->out, l->postgres ? STR("BYTEA") : STR("BLOB"));
    else
        buf_add(l->out, w);
}

static void statement_end(struct lexer *l)
{
    if (l->is_table && l->is_closed && !l->postgres)
        buf_add(l->out, l->without_rowid ? STR(" STRICT, WITHOUT ROWID") : STR(" STRICT"));
    l->words = l->depth = 0;
    l->is_table = l->is_closed = l->without_rowid = false;
}

static void sign(struct lexer *l, char c)
{
    if (c == '(')
        l->depth++;
    if (c == ')')
        l->is_closed = --l->depth == 0;
    if (c == ';' && l->depth <= 0)
        statement_end(l);
    if (c == ',' && l->is_table && l->is_closed && l->depth == 0)
        return;                                          /* between table options */
    buf_add_char(l->out, c);
}

/* Without the blanks in front; what ends a statement stays. */
static str from_word(str s)
{
    size_t blanks = 0;
    while (blanks < s.len && (s.at[blanks] == ' ' || s.at[blanks] == '\n'))
        blanks++;
    return str_sub(s, blanks, s.len);
}

static bool cut(str *from, const char *what)
{
    str left = from_word(*from);
    if (!str_starts(left, str_of(what)))
        return false;
    *from = str_sub(left, strlen(what), left.len);
    return true;
}

/* A quoted text, a number or a name at the start. */
static str cut_value(str *from)
{
    str    left = from_word(*from);
    size_t len  = left.len && left.at[0] == '\'' ? opaque(left) : 0;
    while (len < left.len && is_word_char(left.at[len]))
        len++;
    *from = str_sub(left, len, left.len);
    return str_sub(left, 0, len);
}

#define CHOICES_MAX 32
static bool choices(struct lexer *l)
{
    str left = l->rest, column, values[CHOICES_MAX];
    int n    = 0;
    if (!cut(&left, "CHECK") || !cut(&left, "("))
        return false;
    column = cut_value(&left);
    if (!column.len || !cut(&left, "IN") || !cut(&left, "("))
        return false;
    do
        values[n++] = cut_value(&left);
    while (values[n - 1].len && n < CHOICES_MAX && cut(&left, ","));
    if (n < 3 || !cut(&left, ")") || !cut(&left, ")"))
        return false;
    buf_add(l->out, STR("CHECK ("));
    for (int i = 0; i < n; i++)
        buf_print(l->out, "%s%.*s = %.*s", i ? " OR " : "", STR_ARG(column), STR_ARG(values[i]));
    buf_add_char(l->out, ')');
    l->rest = left;
    return true;
}

static void translate(struct lexer *l)
{
    while (l->rest.len) {
        size_t skip = opaque(l->rest), len = 0;
        if (!l->postgres && l->is_table && l->rest.at[0] == 'C' && choices(l))
            continue;
        if (skip) {
            buf_add(l->out, take(l, skip));
            continue;
        }
        while (len < l->rest.len && is_word_char(l->rest.at[len]))
            len++;
        if (len)
            word(l, take(l, len));
        else
            sign(l, take(l, 1).at[0]);
    }
    statement_end(l);
}

/* Lines of the other database are left out; their line breaks stay, so that line numbers in messages are right. */
static str sections(struct arena *a, str text, bool postgres)
{
    struct buf out = buf_in(a);
    bool wanted = true;
    str line;
    while (str_split(&text, '\n', &line)) {
        str trimmed = str_trim(line);
        if (str_is(trimmed, "-- only sqlite"))
            wanted = !postgres;
        else if (str_is(trimmed, "-- only postgres"))
            wanted = postgres;
        else if (str_is(trimmed, "-- both"))
            wanted = true;
        if (wanted)
            buf_add(&out, line);
        buf_add_char(&out, '\n');
    }
    return buf_str(&out);
}

str migrate_text(struct arena *a, str text, bool postgres)
{
    struct buf out = buf_in(a);
    struct lexer l = { .rest = sections(a, text, postgres), .postgres = postgres, .out = &out };
    translate(&l);
    return str_copy(a, buf_str(&out));
}
