#include "identity/table.h"

#include "base/fold.h"

#define BUFFER_BYTES      ((size_t)1 << 20)
#define QUOTED_BYTES_MAX  ((size_t)1 << 20)     /* a quoted cell over this was no quoted cell */
#define QUOTED_LINES_MAX  100
#define BOM               "\xef\xbb\xbf"

/* ---- bytes ---- */

char *table_room(struct table *t, size_t *bytes)
{
    if (t->start > 0 && t->at) {
        memmove(t->at, t->at + t->start, t->len - t->start);
        t->len  -= t->start;
        t->start = 0;
    }
    if (t->cap - t->len < BUFFER_BYTES / 2) {
        size_t cap = t->cap ? t->cap * 2 : BUFFER_BYTES;
        char  *at  = arena_raw(&t->arena, cap);
        if (t->len)
            memcpy(at, t->at, t->len);
        t->at  = at;
        t->cap = cap;
    }
    *bytes = t->cap - t->len;
    return t->at + t->len;
}

void table_filled(struct table *t, size_t bytes, bool is_end)
{
    t->len  += bytes;
    t->ended = is_end;
}

void table_done(struct table *t) { arena_done(&t->arena); }

/* ---- rows ---- */

static void delimiter_find(struct table *t, const char *at, size_t len)
{
    static const char signs[] = { '\t', ';', ',', '|' };
    int               best = 0, seen[COUNT_OF(signs)] = { 0 };
    bool              quoted = false;
    for (size_t i = 0; i < len && (quoted || (at[i] != '\n' && at[i] != '\r')); i++) {
        quoted ^= at[i] == '"';
        for (int s = 0; s < COUNT_OF(signs) && !quoted; s++)
            seen[s] += at[i] == signs[s];
    }
    for (int s = 1; s < COUNT_OF(signs); s++)
        if (seen[s] > seen[best])
            best = s;
    t->delimiter = signs[best];
}

static bool is_cell_end(const struct table *t, char c) { return c == t->delimiter || c == '\n' || c == '\r'; }

enum quoted { QUOTED_CLOSED, QUOTED_UNKNOWN, QUOTED_NOT };

/* Looks for the end of a cell that begins with a quotation mark at `i`; *end is behind the closing mark. */
static enum quoted quoted_find(const struct table *t, size_t i, size_t *end)
{
    int    lines = 0;
    size_t first = i;
    for (i++; i < t->len; i++) {
        if (t->at[i] == '\n' && ++lines > QUOTED_LINES_MAX)
            return QUOTED_NOT;
        if (i - first > QUOTED_BYTES_MAX)
            return QUOTED_NOT;
        if (t->at[i] != '"')
            continue;
        if (i + 1 == t->len && !t->ended)
            return QUOTED_UNKNOWN;
        if (i + 1 < t->len && t->at[i + 1] == '"') {
            i++;
            continue;
        }
        size_t j = i + 1;
        while (j < t->len && t->at[j] == ' ')
            j++;
        if (j == t->len && !t->ended)
            return QUOTED_UNKNOWN;
        *end = j;
        return j == t->len || is_cell_end(t, t->at[j]) ? QUOTED_CLOSED : QUOTED_NOT;
    }
    return t->ended ? QUOTED_NOT : QUOTED_UNKNOWN;
}

/* The text between the marks with doubled ones made single, in place. */
static str unquote(char *at, size_t len)
{
    size_t n = 0, end = len;
    while (end > 1 && at[end - 1] != '"')
        end--;
    for (size_t i = 1; i + 1 < end; i++) {
        at[n++] = at[i];
        i += at[i] == '"' && i + 2 < end && at[i + 1] == '"';
    }
    return (str){ at, n };
}

/* Cuts the row at t->start. Returns where the next begins; 0: the row is not whole yet. Nothing is changed unless it is. */
struct span { size_t from, to; bool quoted; };
static size_t row_cut(const struct table *t, struct span *spans, int *count)
{
    size_t i = t->start;
    *count = 0;
    for (;;) {
        struct span s = { .from = i };
        if (i < t->len && t->at[i] == '"') {
            size_t      end;
            enum quoted q = quoted_find(t, i, &end);
            if (q == QUOTED_UNKNOWN)
                return 0;
            s.quoted = q == QUOTED_CLOSED;
            if (s.quoted)
                i = end;
        }
        while (i < t->len && !is_cell_end(t, t->at[i]))
            i++;
        if (i == t->len && !t->ended)
            return 0;
        s.to = i;
        if (*count < TABLE_CELLS_MAX)
            spans[(*count)++] = s;
        if (i == t->len || t->at[i] != t->delimiter)
            break;
        i++;
    }
    if (i < t->len && t->at[i] == '\r') {
        if (i + 1 == t->len && !t->ended)
            return 0;
        i++;
        return i < t->len && t->at[i] == '\n' ? i + 1 : i;
    }
    return i < t->len ? i + 1 : t->len + 1;
}

/* A row longer than may be: what is there is dropped up to the end of a line. */
static bool row_skip(struct table *t)
{
    char *end = t->len > t->start ? memchr(t->at + t->start, '\n', t->len - t->start) : NULL;
    if (!t->is_skipping)
        t->rows_skipped++;
    t->is_skipping = !end;
    t->start       = end ? (size_t)(end - t->at) + 1 : t->len;
    return end != NULL;
}

bool table_row(struct table *t, str cells[TABLE_CELLS_MAX], int *count)
{
    struct span spans[TABLE_CELLS_MAX];
    if (t->is_skipping && !row_skip(t))
        return false;
    if (t->start >= t->len)
        return false;
    if (!t->delimiter) {
        if (!t->ended && t->len < 65536)
            return false;
        if (t->len >= 3 && memcmp(t->at, BOM, 3) == 0)
            t->start = 3;
        delimiter_find(t, t->at + t->start, t->len - t->start);
    }
    size_t next = row_cut(t, spans, count);
    if (!next) {
        if (t->len - t->start > TABLE_ROW_BYTES_MAX && row_skip(t))
            return table_row(t, cells, count);
        return false;
    }
    for (int i = 0; i < *count; i++) {
        str raw  = { t->at + spans[i].from, spans[i].to - spans[i].from };
        cells[i] = spans[i].quoted ? unquote(t->at + spans[i].from, raw.len) : raw;
    }
    if (*count == 1 && !str_trim(cells[0]).len)
        *count = 0;
    t->start = next > t->len ? t->len : next;
    t->lines++;
    return true;
}

/* ---- columns ---- */

const char *const column_names[] = {
    [COLUMN_ID] = "id", [COLUMN_SOURCE] = "source", [COLUMN_NAME] = "name", [COLUMN_PHONE] = "phone", [COLUMN_EMAIL] = "email",
    [COLUMN_CITY] = "city", [COLUMN_ADDRESS] = "address", [COLUMN_CREATED] = "created", [COLUMN_BIRTH] = "birth_date",
    [COLUMN_CARD] = "card", [COLUMN_COUNT] = NULL
};
_Static_assert(sizeof column_names / sizeof *column_names == COLUMN_COUNT + 1, "a name per column");

static enum column column_of(str heading)
{
    static const struct alias { const char *word; enum column is; } aliases[] = {
        { "record id", COLUMN_ID }, { "ид", COLUMN_ID }, { "код", COLUMN_ID }, { "channel", COLUMN_SOURCE },
        { "источник", COLUMN_SOURCE }, { "канал", COLUMN_SOURCE }, { "fio", COLUMN_NAME }, { "фио", COLUMN_NAME },
        { "имя", COLUMN_NAME }, { "full name", COLUMN_NAME }, { "покупатель", COLUMN_NAME }, { "tel", COLUMN_PHONE },
        { "telephone", COLUMN_PHONE }, { "телефон", COLUMN_PHONE }, { "e mail", COLUMN_EMAIL }, { "mail", COLUMN_EMAIL },
        { "почта", COLUMN_EMAIL }, { "город", COLUMN_CITY }, { "адрес", COLUMN_ADDRESS }, { "created at", COLUMN_CREATED },
        { "date", COLUMN_CREATED }, { "дата", COLUMN_CREATED }, { "birthday", COLUMN_BIRTH }, { "birth date", COLUMN_BIRTH },
        { "дата рождения", COLUMN_BIRTH }, { "loyalty card", COLUMN_CARD }, { "карта", COLUMN_CARD },
    };
    for (int i = 0; i < COLUMN_COUNT; i++)
        if (str_is(heading, column_names[i]))
            return (enum column)i;
    for (int i = 0; i < COUNT_OF(aliases); i++)
        if (str_is(heading, aliases[i].word))
            return aliases[i].is;
    return COLUMN_COUNT;
}

int table_columns(const str *cells, int count, int columns[COLUMN_COUNT])
{
    CLEANUP(arena_done) struct arena arena = { 0 };
    int found = 0;
    for (int c = 0; c < COLUMN_COUNT; c++)
        columns[c] = -1;
    for (int i = 0; i < count; i++) {
        enum column c = column_of(str_lower_ascii(&arena, str_trim(str_sub(cells[i], 0, 200))));
        if (c == COLUMN_COUNT)
            c = column_of(fold_search(&arena, str_sub(cells[i], 0, 200)));
        if (c == COLUMN_COUNT || columns[c] >= 0)
            continue;
        columns[c] = i;
        found++;
    }
    return found;
}

static int64_t digits_number(str s, int max)
{
    int64_t n = 0;
    int     digits = 0;
    for (size_t i = 0; i < s.len && digits < max; i++)
        if (s.at[i] >= '0' && s.at[i] <= '9') {
            n = n * 10 + (s.at[i] - '0');
            digits++;
        }
    return n;
}

/* 1987-05-31, 19870531 or 31.05.1987. */
static int32_t birth_read(str s)
{
    s = str_trim(s);
    if (s.len == 10 && (s.at[2] == '.' || s.at[2] == '/')) {
        char iso[8] = { s.at[6], s.at[7], s.at[8], s.at[9], s.at[3], s.at[4], s.at[0], s.at[1] };
        return (int32_t)digits_number((str){ iso, 8 }, 8);
    }
    return s.len >= 8 ? (int32_t)digits_number(s, 8) : 0;
}

static str cell_of(const str *cells, int count, int column)
{
    return column >= 0 && column < count ? cells[column] : (str){ 0 };
}

void table_record(const str *cells, int count, const int columns[COLUMN_COUNT], struct person_record *out)
{
    *out = (struct person_record){
        .source  = cell_of(cells, count, columns[COLUMN_SOURCE]),
        .name    = cell_of(cells, count, columns[COLUMN_NAME]),
        .phone   = cell_of(cells, count, columns[COLUMN_PHONE]),
        .email   = cell_of(cells, count, columns[COLUMN_EMAIL]),
        .city    = cell_of(cells, count, columns[COLUMN_CITY]),
        .address = cell_of(cells, count, columns[COLUMN_ADDRESS]),
        .card    = cell_of(cells, count, columns[COLUMN_CARD]),
        .created = digits_number(cell_of(cells, count, columns[COLUMN_CREATED]), 14),
        .birth_date = birth_read(cell_of(cells, count, columns[COLUMN_BIRTH])),
    };
}
