#include "orders/people_import.h"

#include "base/email.h"
#include "base/fold.h"
#include "base/phone.h"
#include "base/secret.h"

#define ROWS_MAX 5000000

const char *const people_column_names[] = {
    "external_id", "customer_id", "name", "surname", "patronymic", "phone", "email", "city", "address", "birth_date", "created", NULL
};
_Static_assert(COUNT_OF(people_column_names) == PEOPLE_COLUMN_COUNT + 1, "a name per column");

/* clang-format off */
/* Further headings, '|' between them; folded when compared. */
static const struct { const char *others; size_t max; } columns[PEOPLE_COLUMN_COUNT] = {
    [PEOPLE_ID]         = { "id|код|код клиента|номер клиента|id клиента|внешний id|клиент коды|код клієнта|ид|client id|external id", 200 },
    [PEOPLE_CUSTOMER_ID] = { "", 20 },
    [PEOPLE_NAME]       = { "имя|фио|клиент|покупатель|имя клиента|полное имя|full name|first name|customer|аты|аты-жөні|тек|ім'я|імʼя|піб|клієнт", 400 },
    [PEOPLE_SURNAME]    = { "фамилия|last name|тегі|прізвище", 200 },
    [PEOPLE_PATRONYMIC] = { "отчество|middle name|әкесінің аты|по батькові", 200 },
    [PEOPLE_PHONE]      = { "телефон|телефоны|моб. телефон|мобильный|мобильный телефон|номер телефона|mobile|tel|ұялы телефон|телефон клієнта", 64 },
    [PEOPLE_EMAIL]      = { "e-mail|почта|эл. почта|электронная почта|mail|пошта|электрондық пошта", 320 },
    [PEOPLE_CITY]       = { "город|қала|місто|населённый пункт|town", 200 },
    [PEOPLE_ADDRESS]    = { "адрес|адрес доставки|мекенжай|адреса", 1000 },
    [PEOPLE_BIRTH_DATE] = { "дата рождения|день рождения|др|birthday|birth date|туған күні|дата народження", 20 },
    [PEOPLE_CREATED]    = { "создан|дата создания|дата регистрации|created at|registered|құрылған|тіркелген күні|створено|дата реєстрації", 40 },
};
/* clang-format on */

struct reader {
    const struct import_options *options;
    struct arena        *batch, *kept;
    struct people_sheet *sheet;
    people_row_fn       *tell;
    void                *ctx;
    uint8_t              column[CSV_COLUMNS_MAX];
    int                  columns;
    bool                 has_head, is_ours;
    uint64_t            *seen;          /* hashes of the ids that had their turn */
    size_t               seen_count, seen_size;
};

/* ---- headings ---- */

static enum people_column column_named(str word)
{
    for (int i = 0; i < PEOPLE_COLUMN_COUNT; i++)
        if (str_is(word, people_column_names[i]))
            return (enum people_column)i;
    return PEOPLE_COLUMN_COUNT;
}

/* "phone=Контакт,name=Кто": ERR_QUERY_INVALID when that is no map. */
static bool mapped(const struct reader *r, str heading, enum people_column *out, struct err *err)
{
    str rest = r->options->map, pair, ours;
    *out = PEOPLE_COLUMN_COUNT;
    while (rest.len && str_split(&rest, ',', &pair)) {
        str theirs = pair;
        if (!str_has(pair, STR("=")) || !str_split(&theirs, '=', &ours))
            return err_set(err, ERR_QUERY_INVALID, "map", "must be \"ours=theirs,…\", as in phone=Контакт");
        enum people_column col = column_named(str_trim(ours));
        if (col == PEOPLE_COLUMN_COUNT)
            return err_set(err, ERR_QUERY_INVALID, "map", "\"%.*s\" is none of our columns", STR_ARG(utf8_cut(ours, 60)));
        if (str_eq(str_trim(theirs), str_trim(heading)))
            *out = col;
    }
    return true;
}

static enum people_column guessed(struct reader *r, str heading)
{
    enum people_column same = column_named(str_trim(heading));
    str folded = fold_search(r->batch, utf8_cut(heading, 200)), other;
    if (same != PEOPLE_COLUMN_COUNT || !folded.len)
        return same;
    for (int i = 0; i < PEOPLE_COLUMN_COUNT; i++)
        for (str rest = str_of(columns[i].others); rest.len && str_split(&rest, '|', &other);)
            if (str_eq(fold_search(r->batch, other), folded))
                return (enum people_column)i;
    return PEOPLE_COLUMN_COUNT;
}

static bool head_take(struct reader *r, const struct csv_row *row, struct err *err)
{
    unsigned taken = 0;
    r->has_head = true;
    r->columns  = row->count;
    for (int pass = 0; pass < 2; pass++)                    /* what was mapped by name goes before what was guessed */
        for (int i = 0; i < row->count; i++) {
            enum people_column col;
            if (!mapped(r, row->cells[i], &col, err))
                return false;
            if (pass == 0)
                r->column[i] = PEOPLE_COLUMN_COUNT;
            else if (col == PEOPLE_COLUMN_COUNT)
                col = guessed(r, row->cells[i]);
            if (r->column[i] != PEOPLE_COLUMN_COUNT || col == PEOPLE_COLUMN_COUNT || (taken & BIT(col)))
                continue;
            r->column[i] = (uint8_t)col;
            taken |= BIT(col);
        }
    for (int i = 0; i < row->count; i++) {
        *str_list_add(&r->sheet->headings, r->kept) = str_copy(r->kept, utf8_cut(row->cells[i], 400));
        if (r->column[i] == PEOPLE_COLUMN_COUNT && row->cells[i].len && r->sheet->unknown.count < 100)
            *str_list_add(&r->sheet->unknown, r->kept) = str_copy(r->kept, utf8_cut(row->cells[i], 100));
    }
    if (taken & (BIT(PEOPLE_NAME) | BIT(PEOPLE_PHONE) | BIT(PEOPLE_EMAIL)))
        return true;
    return err_set(err, ERR_BODY_INVALID, "name", "no column holds a name, a phone or an e-mail; name one with map, as in phone=%.*s",
                   STR_ARG(row->count ? utf8_cut(row->cells[0], 60) : STR("Heading")));
}

/* ---- a row ---- */

static void trouble(struct reader *r, struct people_row *p, enum people_column col, const char *text)
{
    *import_trouble_list_add(&p->troubles, r->batch) = (struct import_trouble){ p->row, str_of(people_column_names[col]), str_of(text) };
}

/* The apostrophe that keeps a spreadsheet from running a cell is ours and no part of it. */
static str cell_bare(const struct reader *r, str cell)
{
    bool guarded = r->is_ours && cell.len > 1 && cell.at[0] == '\'' && strchr("=+-@\t\r", cell.at[1]);
    return str_trim(guarded ? str_sub(cell, 1, SIZE_MAX) : cell);
}

static bool is_new_id(struct reader *r, str id)
{
    uint64_t hash = secret_hash64(id) | 1;              /* 0 is a free place */
    if (r->seen_count * 2 >= r->seen_size) {
        size_t    size = r->seen_size ? r->seen_size * 2 : 1024;
        uint64_t *at   = ARENA_ARRAY(r->kept, uint64_t, size);
        for (size_t i = 0; i < r->seen_size; i++)
            if (r->seen[i]) {
                size_t k = r->seen[i] & (size - 1);
                while (at[k])
                    k = (k + 1) & (size - 1);
                at[k] = r->seen[i];
            }
        r->seen      = at;
        r->seen_size = size;
    }
    size_t i = hash & (r->seen_size - 1);
    for (; r->seen[i]; i = (i + 1) & (r->seen_size - 1))
        if (r->seen[i] == hash)
            return false;
    r->seen[i] = hash;
    r->seen_count++;
    return true;
}

/* "17.05.1990" and "1990-05-17" are one day. */
static str date_of(struct arena *a, str text)
{
    instant at;
    int64_t day;
    if (date_parse(text, &day))
        return text;
    if (text.len != 10 || import_time(a, text, NULL, &at))
        return STR("");
    return str_sub(instant_text(a, at), 0, 10);
}

static void contacts_read(struct reader *r, const str *cells, struct people_row *p)
{
    struct arena *a = r->batch;
    struct buyer *b = &p->buyer;
    str phone = cells[PEOPLE_PHONE], email = cells[PEOPLE_EMAIL], born = cells[PEOPLE_BIRTH_DATE];

    b->phone_raw = phone;
    b->masked    = phone.len && phone_is_masked(phone);
    if (phone.len && !b->masked && !(b->phone = phone_normalise(a, phone, r->options->country)).len)
        trouble(r, p, PEOPLE_PHONE, "is no telephone number");
    if (email.len && !(b->email = email_normalise(a, email)).len)
        trouble(r, p, PEOPLE_EMAIL, "is no address of a person");
    if (born.len && !(b->birth_date = date_of(a, born)).len)
        trouble(r, p, PEOPLE_BIRTH_DATE, "is no date such as 1990-05-17 or 17.05.1990");
}

/* Without an id of its own, a record is known by its phone or e-mail and name; another phone is then another record. */
static str id_of(struct reader *r, const str *cells, const struct people_row *p)
{
    const struct buyer *b = &p->buyer;
    str words[8];
    if (cells[PEOPLE_ID].len)
        return cells[PEOPLE_ID];
    str key = str_join(r->batch, words, name_words(r->batch, b->name, words), STR(" "));
    str by  = b->phone.len ? b->phone : b->email;
    return str_print(r->batch, by.len ? "file:%.*s %.*s" : "file:%.*s%.*s", STR_ARG(by), STR_ARG(utf8_cut(key, 150)));
}

static void row_read(struct reader *r, const str *cells, struct people_row *p)
{
    struct arena *a = r->batch;
    struct buyer *b = &p->buyer;
    const str     parts[] = { cells[PEOPLE_NAME], cells[PEOPLE_PATRONYMIC], cells[PEOPLE_SURNAME] };
    str           said[3];
    int           n = 0;

    for (int i = 0; i < COUNT_OF(parts); i++)
        if (parts[i].len)
            said[n++] = parts[i];
    b->name    = str_join(a, said, n, STR(" "));
    b->city    = cells[PEOPLE_CITY];
    b->address = cells[PEOPLE_ADDRESS];
    contacts_read(r, cells, p);
    for (int c = 0; c < PEOPLE_COLUMN_COUNT; c++)
        if (cells[c].len > columns[c].max)
            trouble(r, p, (enum people_column)c, "is too long");
    if (cells[PEOPLE_CREATED].len && import_time(a, cells[PEOPLE_CREATED], r->options->zone, &b->seen))
        trouble(r, p, PEOPLE_CREATED, "is no time such as 2026-12-16 09:04 or 16.12.2026 09:04");
    if (cells[PEOPLE_CUSTOMER_ID].len && !id_parse(cells[PEOPLE_CUSTOMER_ID], &p->customer_id))
        trouble(r, p, PEOPLE_CUSTOMER_ID, "is no number of a card");
    if (!b->name.len && !cells[PEOPLE_PHONE].len && !cells[PEOPLE_EMAIL].len)
        trouble(r, p, PEOPLE_NAME, "neither name, phone nor e-mail is there");
    b->external_id = id_of(r, cells, p);
    if (!p->troubles.count && !is_new_id(r, b->external_id))
        trouble(r, p, PEOPLE_ID, "stands twice in the file");
}

static bool table_row(void *ctx, const struct csv_row *row, struct err *err)
{
    struct reader    *r = ctx;
    struct people_row p = { .row = row->line, .count = row->count };
    str               cells[PEOPLE_COLUMN_COUNT] = { { 0 } };
    bool              any = false;

    for (int i = 0; i < row->count; i++) {
        any |= str_trim(row->cells[i]).len > 0;
        if (!utf8_valid(row->cells[i]))
            return err_set(err, ERR_BODY_SYNTAX, NULL, "row %lld: bytes that are no text", (long long)row->line);
    }
    if (!any)
        return true;
    if (!r->has_head && str_is(row->cells[0], PEOPLE_MARK)) {
        r->is_ours = true;
        return true;
    }
    if (!r->has_head)
        return head_take(r, row, err);
    if (++r->sheet->rows > ROWS_MAX)
        return err_set(err, ERR_LIMIT, NULL, "the file has more than %d rows", ROWS_MAX);
    str *kept = ARENA_ARRAY(r->batch, str, row->count + 1);
    for (int i = 0; i < row->count; i++) {
        kept[i] = str_copy(r->batch, utf8_cut(row->cells[i], 4096));
        if (i < r->columns && r->column[i] != PEOPLE_COLUMN_COUNT)
            cells[r->column[i]] = cell_bare(r, kept[i]);
    }
    p.cells = kept;
    row_read(r, cells, &p);
    return r->tell(r->ctx, &p, err);
}

bool people_read(str bytes, const struct import_options *options, struct arena *batch, struct arena *sheet_arena, struct people_sheet *sheet,
                 people_row_fn *tell, void *ctx, struct err *err)
{
    struct reader *r = ARENA_NEW(sheet_arena, struct reader);
    *r     = (struct reader){ .options = options, .batch = batch, .kept = sheet_arena, .sheet = sheet, .tell = tell, .ctx = ctx };
    *sheet = (struct people_sheet){ 0 };
    return csv_read(bytes, table_row, r, err) && (r->has_head || err_set(err, ERR_BODY_SYNTAX, NULL, "the file holds no rows"));
}
