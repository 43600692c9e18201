#include "identity/table.h"

#include "base/fold.h"
#include "base/instant.h"

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
    [COLUMN_CARD] = "card", [COLUMN_SURNAME] = "surname", [COLUMN_PATRONYMIC] = "patronymic", [COLUMN_COUNT] = NULL
};
_Static_assert(sizeof column_names / sizeof *column_names == COLUMN_COUNT + 1, "a name per column");

struct alias { const char *word; enum column is; };
/* As people and other programs call them, folded: no case, no marks, words apart by one space. */
static const struct alias aliases[] = {
    { "record id", COLUMN_ID }, { "customer id", COLUMN_ID }, { "client id", COLUMN_ID }, { "row id", COLUMN_ID }, { "rec id", COLUMN_ID },
    { "user id", COLUMN_ID }, { "uid", COLUMN_ID }, { "ид", COLUMN_ID }, { "код", COLUMN_ID }, { "код клиента", COLUMN_ID },
    { "no", COLUMN_ID }, { "номер", COLUMN_ID },
    { "channel", COLUMN_SOURCE }, { "marketplace", COLUMN_SOURCE }, { "platform", COLUMN_SOURCE }, { "shop", COLUMN_SOURCE },
    { "источник", COLUMN_SOURCE }, { "канал", COLUMN_SOURCE }, { "маркетплеис", COLUMN_SOURCE }, { "маркетплейс", COLUMN_SOURCE },
    { "площадка", COLUMN_SOURCE }, { "магазин", COLUMN_SOURCE }, { "джерело", COLUMN_SOURCE }, { "дереккоз", COLUMN_SOURCE },
    { "fio", COLUMN_NAME }, { "фио", COLUMN_NAME }, { "ф и о", COLUMN_NAME }, { "пиб", COLUMN_NAME }, { "п и б", COLUMN_NAME }, { "имя", COLUMN_NAME },
    { "ім я", COLUMN_NAME }, { "имя клиента", COLUMN_NAME }, { "full name", COLUMN_NAME }, { "fullname", COLUMN_NAME }, { "first name", COLUMN_NAME },
    { "given name", COLUMN_NAME }, { "customer name", COLUMN_NAME }, { "client name", COLUMN_NAME }, { "buyer name", COLUMN_NAME },
    { "customer", COLUMN_NAME }, { "client", COLUMN_NAME }, { "buyer", COLUMN_NAME }, { "recipient", COLUMN_NAME }, { "покупатель", COLUMN_NAME },
    { "клиент", COLUMN_NAME }, { "получатель", COLUMN_NAME }, { "заказчик", COLUMN_NAME }, { "аты жони", COLUMN_NAME }, { "аты", COLUMN_NAME },
    { "last name", COLUMN_SURNAME }, { "family name", COLUMN_SURNAME }, { "lastname", COLUMN_SURNAME }, { "фамилия", COLUMN_SURNAME },
    { "прізвище", COLUMN_SURNAME }, { "тегі", COLUMN_SURNAME },
    { "middle name", COLUMN_PATRONYMIC }, { "отчество", COLUMN_PATRONYMIC }, { "по батькові", COLUMN_PATRONYMIC },
    { "tel", COLUMN_PHONE }, { "telephone", COLUMN_PHONE }, { "phone number", COLUMN_PHONE }, { "mobile", COLUMN_PHONE },
    { "mobile phone", COLUMN_PHONE }, { "cell", COLUMN_PHONE }, { "msisdn", COLUMN_PHONE }, { "тел", COLUMN_PHONE }, { "телефон", COLUMN_PHONE },
    { "номер телефона", COLUMN_PHONE }, { "мобильный", COLUMN_PHONE }, { "моб телефон", COLUMN_PHONE }, { "сотовый", COLUMN_PHONE },
    { "контактный телефон", COLUMN_PHONE },
    { "e mail", COLUMN_EMAIL }, { "mail", COLUMN_EMAIL }, { "email address", COLUMN_EMAIL }, { "e mail address", COLUMN_EMAIL },
    { "почта", COLUMN_EMAIL }, { "эл почта", COLUMN_EMAIL }, { "электронная почта", COLUMN_EMAIL }, { "пошта", COLUMN_EMAIL }, { "имейл", COLUMN_EMAIL },
    { "town", COLUMN_CITY }, { "locality", COLUMN_CITY }, { "город", COLUMN_CITY }, { "місто", COLUMN_CITY }, { "қала", COLUMN_CITY },
    { "населенный пункт", COLUMN_CITY },
    { "street address", COLUMN_ADDRESS }, { "delivery address", COLUMN_ADDRESS }, { "shipping address", COLUMN_ADDRESS }, { "addr", COLUMN_ADDRESS },
    { "адрес", COLUMN_ADDRESS }, { "адрес доставки", COLUMN_ADDRESS }, { "адреса", COLUMN_ADDRESS }, { "мекенжай", COLUMN_ADDRESS },
    { "created at", COLUMN_CREATED }, { "created on", COLUMN_CREATED }, { "creation date", COLUMN_CREATED }, { "registered at", COLUMN_CREATED },
    { "date", COLUMN_CREATED }, { "дата", COLUMN_CREATED }, { "дата создания", COLUMN_CREATED }, { "создан", COLUMN_CREATED },
    { "дата регистрации", COLUMN_CREATED },
    { "birthday", COLUMN_BIRTH }, { "birth date", COLUMN_BIRTH }, { "birthdate", COLUMN_BIRTH }, { "date of birth", COLUMN_BIRTH }, { "dob", COLUMN_BIRTH },
    { "дата рождения", COLUMN_BIRTH }, { "день рождения", COLUMN_BIRTH },
    { "loyalty card", COLUMN_CARD }, { "card number", COLUMN_CARD }, { "карта", COLUMN_CARD }, { "карта лояльности", COLUMN_CARD },
};

/* What else a heading may be when a word of it begins so: "Моб. телефон 1", "Email покупателя". */
static const struct alias stems[] = {
    { "телефон", COLUMN_PHONE }, { "phone", COLUMN_PHONE }, { "тел", COLUMN_PHONE }, { "моб", COLUMN_PHONE }, { "сот", COLUMN_PHONE },
    { "email", COLUMN_EMAIL }, { "mail", COLUMN_EMAIL }, { "почт", COLUMN_EMAIL }, { "пошт", COLUMN_EMAIL }, { "электрон", COLUMN_EMAIL },
    { "город", COLUMN_CITY }, { "city", COLUMN_CITY }, { "місто", COLUMN_CITY }, { "қала", COLUMN_CITY }, { "населен", COLUMN_CITY },
    { "адрес", COLUMN_ADDRESS }, { "address", COLUMN_ADDRESS }, { "street", COLUMN_ADDRESS }, { "улиц", COLUMN_ADDRESS }, { "вулиц", COLUMN_ADDRESS },
    { "мекенжай", COLUMN_ADDRESS }, { "көше", COLUMN_ADDRESS },
    { "source", COLUMN_SOURCE }, { "src", COLUMN_SOURCE }, { "channel", COLUMN_SOURCE }, { "источник", COLUMN_SOURCE }, { "канал", COLUMN_SOURCE },
    { "фио", COLUMN_NAME }, { "fio", COLUMN_NAME }, { "фамилия", COLUMN_SURNAME }, { "покупател", COLUMN_NAME }, { "получател", COLUMN_NAME },
    { "клиент", COLUMN_NAME },
    { "созда", COLUMN_CREATED }, { "created", COLUMN_CREATED }, { "регистр", COLUMN_CREATED }, { "registered", COLUMN_CREATED },
};
/* A column of such a word is about a value, not the value. */
static const char *const not_stems[] = { "id", "ид", "код", "code", "type", "тип", "verified", "confirmed", "подтвержд", "согласие", "count", "количество" };

static bool has_word(str folded, str start)
{
    for (size_t i = 0; i + start.len <= folded.len; i++)
        if ((i == 0 || folded.at[i - 1] == ' ') && str_starts(str_sub(folded, i, folded.len), start))
            return true;
    return false;
}

static enum column column_by_stem(struct arena *a, str heading)
{
    str folded = fold_search(a, heading);
    for (int i = 0; i < COUNT_OF(not_stems); i++)
        if (has_word(folded, fold_search(a, str_of(not_stems[i]))))
            return COLUMN_COUNT;
    for (int i = 0; i < COUNT_OF(stems); i++)
        if (has_word(folded, fold_search(a, str_of(stems[i].word))))
            return stems[i].is;
    return COLUMN_COUNT;
}

/* Folded both ways, so that the list may be written as people write. */
static enum column column_by_alias(struct arena *a, str heading)
{
    str folded = fold_search(a, heading);
    for (int i = 0; i < COUNT_OF(aliases); i++)
        if (str_eq(folded, fold_search(a, str_of(aliases[i].word))))
            return aliases[i].is;
    return COLUMN_COUNT;
}

static enum column column_by_name(str heading)
{
    int c = 0;
    while (c < COLUMN_COUNT && !str_is(heading, column_names[c]))
        c++;
    return (enum column)c;
}

static bool is_taken(const int columns[COLUMN_COUNT], int at)
{
    bool taken = false;
    for (int c = 0; c < COLUMN_COUNT; c++)
        taken |= columns[c] == at;
    return taken;
}

/* The names themselves go first: beside "id" a column "customer_id" is another one; what only begins so comes last. */
int table_columns(const str *cells, int count, int columns[COLUMN_COUNT])
{
    CLEANUP(arena_done) struct arena arena = { 0 };
    int found = 0;
    for (int c = 0; c < COLUMN_COUNT; c++)
        columns[c] = -1;
    for (int pass = 0; pass < 3; pass++)
        for (int i = 0; i < count; i++) {
            str         heading = str_trim(str_sub(cells[i], 0, 200));
            enum column c = column_by_name(str_lower_ascii(&arena, heading));
            if (pass == 1 && c == COLUMN_COUNT)
                c = column_by_alias(&arena, heading);
            if (pass == 2 && !is_taken(columns, i))
                c = column_by_stem(&arena, heading);
            if (c == COLUMN_COUNT || columns[c] >= 0)
                continue;
            columns[c] = i;
            found++;
        }
    return found;
}

/* 1987-05-31, 19870531, 31.05.1987 and 31/05/1987, with or without a time behind; 0: no day. */
static int32_t day_read(str s)
{
    int64_t part[3] = { 0 };
    int     width[3] = { 0 }, n = 0;
    s = str_trim(s);
    for (size_t i = 0; i < s.len && n < 3; i++) {
        bool digit = s.at[i] >= '0' && s.at[i] <= '9';
        if (digit && width[n] < 8) {
            part[n] = part[n] * 10 + (s.at[i] - '0');
            width[n]++;
        }
        if (width[n] && (!digit || i + 1 == s.len))
            n++;
    }
    if (n && width[0] == 8)
        return (int32_t)part[0];
    if (n < 3 || (width[0] != 4 && width[2] != 4))
        return 0;
    int64_t year = width[0] == 4 ? part[0] : part[2], month = part[1], day = width[0] == 4 ? part[2] : part[0];
    if (month > 12 && day <= 12) {      /* 05/31/1987 */
        int64_t swap = month;
        month = day;
        day   = swap;
    }
    return month >= 1 && month <= 12 && day >= 1 && day <= 31 ? (int32_t)(year * 10000 + month * 100 + day) : 0;
}

/* Days since 1970; what cannot have been is unknown. */
static int64_t days_of(int32_t day)
{
    int year = day / 10000, month = day / 100 % 100, of_month = day % 100;
    bool may_be = year >= 1990 && year < 2100 && month >= 1 && month <= 12 && of_month >= 1 && of_month <= 31;
    return may_be ? civil_to_days(year, month, of_month) : 0;
}

static str cell_of(const str *cells, int count, int column)
{
    return column >= 0 && column < count ? cells[column] : (str){ 0 };
}

static str name_joined(struct arena *a, const str *cells, int count, const int columns[COLUMN_COUNT])
{
    str surname = cell_of(cells, count, columns[COLUMN_SURNAME]), given = cell_of(cells, count, columns[COLUMN_NAME]);
    str father  = cell_of(cells, count, columns[COLUMN_PATRONYMIC]);
    if (!surname.len && !father.len)
        return given;
    str parts[] = { str_sub(surname, 0, NAME_BYTES_MAX), str_sub(given, 0, NAME_BYTES_MAX), str_sub(father, 0, NAME_BYTES_MAX) };
    return str_join(a, parts, COUNT_OF(parts), STR(" "));
}

void table_record(struct arena *a, const str *cells, int count, const int columns[COLUMN_COUNT], struct person_record *out)
{
    *out = (struct person_record){
        .source  = cell_of(cells, count, columns[COLUMN_SOURCE]),
        .name    = name_joined(a, cells, count, columns),
        .phone   = cell_of(cells, count, columns[COLUMN_PHONE]),
        .email   = cell_of(cells, count, columns[COLUMN_EMAIL]),
        .city    = cell_of(cells, count, columns[COLUMN_CITY]),
        .address = cell_of(cells, count, columns[COLUMN_ADDRESS]),
        .card    = cell_of(cells, count, columns[COLUMN_CARD]),
        .created = days_of(day_read(cell_of(cells, count, columns[COLUMN_CREATED]))),
        .birth_date = day_read(cell_of(cells, count, columns[COLUMN_BIRTH])),
    };
}
