/* record_query.c - reads what the address of a list asks for: filters, words, sort, page. Pure. */
#include "record/record_own.h"
#include "base/fold.h"
#include "base/secret.h"

#define QUERY_BYTES_MAX  8192
#define SEARCH_BYTES_MAX 200
#define WORD_LETTERS_MIN 3              /* of the longest word: what a trigram index needs */
#define CURSOR_BYTES_MAX 2048

/* What one reading needs at hand. */
struct asking {
    const struct record       *record;
    const struct record_query *query;
    struct arena              *arena;
    struct list_ask           *out;
    str                        after;   /* read last: it depends on the sort */
    struct err                *err;
};

static bool wrong(struct asking *q, str name, const char *text)
{
    char field[64];
    str shown = utf8_cut(name, sizeof field - 1);
    memcpy(field, shown.at ? shown.at : "", shown.len);
    field[shown.len] = 0;
    return err_set(q->err, ERR_QUERY_INVALID, field, "%s", text);
}

/* ---- values ---- */

static bool number_read(const struct field *f, str s, int64_t *out)
{
    amount  sum;
    instant at;
    rid     id;
    switch ((enum kind)f->kind) {
    case KIND_INT:
        return str_to_int(s, out);
    case KIND_BOOL:
        *out = str_is(s, "true");
        return *out || str_is(s, "false");
    case KIND_AMOUNT:
        if (!amount_parse(s, &sum))
            return false;
        *out = sum.minor;
        return true;
    case KIND_INSTANT:
        if (!instant_parse(s, &at))
            return false;
        *out = at.ms;
        return true;
    case KIND_ID:
        if (!id_parse(s, &id))
            return false;
        *out = id.v;
        return true;
    case KIND_TEXT:
    case KIND_CHOICE:
        break;
    }
    return false;
}

static const char *const kind_texts[] = {
    [KIND_INT]     = "must be a whole number",
    [KIND_BOOL]    = "must be true or false",
    [KIND_TEXT]    = "must be a text",
    [KIND_AMOUNT]  = "must be an amount such as \"12.50\"",
    [KIND_INSTANT] = "must be a time such as \"2026-12-16T04:04:00Z\"",
    [KIND_ID]      = "must be an id",
    [KIND_CHOICE]  = "is not one of the names known here",
};

/* One value of a list, into place i. */
static bool value_read(struct asking *q, struct list_filter *f, str name, str s, int i)
{
    unsigned choice;
    int64_t  number = 0;
    bool ok = f->field->kind == KIND_TEXT     ? s.len > 0
              : f->field->kind == KIND_CHOICE ? field_choice(f->field, s, &choice)
                                              : number_read(f->field, s, &number);
    if (!ok)
        return wrong(q, name, kind_texts[f->field->kind]);
    if (kind_is_number(f->field->kind))
        f->numbers[i] = (rid){ number };
    else
        f->texts[i] = s;
    return true;
}

static bool values_read(struct asking *q, struct list_filter *f, str name, str value)
{
    bool numbers = kind_is_number(f->field->kind);
    if (!value.len) {
        if (f->field->kind != KIND_TEXT && f->field->kind != KIND_ID && f->field->kind != KIND_INSTANT)
            return wrong(q, name, kind_texts[f->field->kind]);
        f->how = FILTER_UNSET;
        return true;
    }
    int count = 1;
    for (size_t i = 0; i < value.len; i++)
        count += value.at[i] == ',';
    if (count > LIST_VALUES_MAX)
        return wrong(q, name, "has more values than can be asked for at once");
    if (numbers)
        f->numbers = ARENA_ARRAY(q->arena, rid, count);
    else
        f->texts = ARENA_ARRAY(q->arena, str, count);
    const char *at = value.at, *end = value.at + value.len;
    for (int i = 0; i < count; i++) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        size_t len = (size_t)((comma ? comma : end) - at);
        if (!value_read(q, f, name, (str){ at, len }, i))
            return false;
        at += len + 1;
    }
    f->count = count;
    f->how = count > 1 ? (numbers ? FILTER_NUMBERS : FILTER_TEXTS) : numbers ? FILTER_NUMBER : FILTER_TEXT;
    if (f->how == FILTER_NUMBER)
        f->number = f->numbers[0].v;
    if (f->how == FILTER_TEXT)
        f->text = f->texts[0];
    return true;
}

/* ---- filters ---- */

static bool is_allowed(const struct asking *q, const struct field *f)
{
    return field_stored(f) && f->access != SECRET && !field_masked(f, q->query->view) &&
           (f->internal || field_shown(f, q->query->view));
}

/* "placed" stands for placed_at where the name is followed by _from or _to. */
static const struct field *ranged_field(const struct record *r, str stem)
{
    for (int i = 0; i < r->count; i++) {
        const struct field *f = &r->fields[i];
        if (f->kind != KIND_INT && f->kind != KIND_AMOUNT && f->kind != KIND_INSTANT)
            continue;
        str name = str_of(f->name);
        if (str_eq(name, stem))
            return f;
        if (name.len == stem.len + 3 && str_starts(name, stem) && str_ends(name, STR("_at")))
            return f;
    }
    return NULL;
}

static const struct field *filter_field(const struct record *r, str name, enum filter_how *how)
{
    const struct field *f = record_field(r, name);
    *how = FILTER_NUMBER;
    if (f)
        return f;
    if (str_ends(name, STR("_from"))) {
        *how = FILTER_FROM;
        return ranged_field(r, str_sub(name, 0, name.len - 5));
    }
    if (str_ends(name, STR("_to"))) {
        *how = FILTER_TO;
        return ranged_field(r, str_sub(name, 0, name.len - 3));
    }
    return NULL;
}

static bool filter_add(struct asking *q, str name, str value)
{
    enum filter_how how;
    const struct field *field = filter_field(q->record, name, &how);
    if (!field || !field->filterable || !is_allowed(q, field))
        return wrong(q, name, "is not a filter of this list");
    struct list_ask *out = q->out;
    bool ranged = how == FILTER_FROM || how == FILTER_TO;
    for (int i = 0; i < out->filters_count; i++) {
        const struct list_filter *other = &out->filters[i];
        bool other_ranged = other->how == FILTER_FROM || other->how == FILTER_TO;
        if (other->field == field && (ranged ? other->how == how : !other_ranged))
            return wrong(q, name, "is given twice");
    }
    if (out->filters_count == LIST_FILTERS_MAX)
        return wrong(q, name, "is one filter too many");
    struct list_filter *f = &out->filters[out->filters_count++];
    *f = (struct list_filter){ .field = field, .how = how };
    if (!ranged)
        return values_read(q, f, name, value);
    return number_read(field, value, &f->number) || wrong(q, name, kind_texts[field->kind]);
}

/* ---- search ---- */

static bool search_read(struct asking *q, str text)
{
    if (!q->query->search_column)
        return wrong(q, STR("q"), "this list cannot be searched");
    if (text.len > SEARCH_BYTES_MAX)
        return wrong(q, STR("q"), "is too long");
    str rest = fold_search(q->arena, text), word;
    size_t longest = 0;
    while (str_split(&rest, ' ', &word)) {
        if (!word.len)
            continue;
        if (q->out->words_count == LIST_WORDS_MAX)
            return wrong(q, STR("q"), "has too many words");
        size_t letters = utf8_count(word);
        longest = letters > longest ? letters : longest;
        q->out->words[q->out->words_count++] = str_print(q->arena, "%%%.*s%%", STR_ARG(word));
    }
    if (q->out->words_count && longest < WORD_LETTERS_MIN)
        return wrong(q, STR("q"), "needs a word of at least 3 letters or digits");
    return true;
}

/* ---- sort and page ---- */

static bool sort_read(struct asking *q, str text, bool by_client)
{
    struct list_ask *out = q->out;
    out->down = text.len && text.at[0] == '-';
    str name = out->down ? str_sub(text, 1, text.len) : text;
    const struct field *f = record_field(q->record, name);
    bool free = f && field_stored(f) && (f == out->id || f->sortable);
    if (!f || (by_client && (!free || !is_allowed(q, f))))
        return wrong(q, STR("sort"), "this list is not sorted by that");
    out->sort      = f;
    out->sort_text = text;
    return true;
}

static bool limit_read(struct asking *q, str text, int most)
{
    int64_t limit;
    if (!str_to_int(text, &limit) || limit < 1 || limit > most)
        return err_set(q->err, ERR_QUERY_INVALID, "limit", "must be 1 to %d", most);
    q->out->limit = (int)limit;
    return true;
}

/* A cursor is base64url of "sort text \n id \n n|v value". Whatever somebody makes of it can only move the
 * page. */
str list_cursor(const struct list_ask *ask, const void *row, bool unset, struct arena *a)
{
    struct buf b = buf_in(a);
    buf_add(&b, ask->sort_text);
    buf_add_char(&b, '\n');
    buf_add_int(&b, field_int(ask->id, row));
    buf_add_char(&b, '\n');
    buf_add_char(&b, unset ? 'n' : 'v');
    if (!unset) {
        if (kind_is_number(ask->sort->kind))
            buf_add_int(&b, field_int(ask->sort, row));
        else if (ask->sort->kind == KIND_TEXT)
            buf_add(&b, field_text(ask->sort, row));
        else
            buf_add(&b, field_choice_name(ask->sort, field_choice_value(ask->sort, row)));
    }
    str plain = base64_encode(a, buf_str(&b));
    char *url = ARENA_ARRAY(a, char, plain.len + 1);
    size_t len = 0;
    for (; len < plain.len && plain.at[len] != '='; len++)
        url[len] = plain.at[len] == '+' ? '-' : plain.at[len] == '/' ? '_' : plain.at[len];
    return (str){ url, len };
}

static bool cursor_parts(struct asking *q, str text)
{
    struct list_ask *out = q->out;
    str sort, id, plain;
    if (text.len > CURSOR_BYTES_MAX * 2 || !base64_decode(q->arena, text, &plain) || !utf8_valid(plain))
        return false;
    if (!str_split(&plain, '\n', &sort) || !str_eq(sort, out->sort_text))
        return false;
    if (!str_split(&plain, '\n', &id) || !id_parse(id, &out->after_id) || !plain.len)
        return false;
    str value = str_sub(plain, 1, plain.len);
    out->after = true;
    if (plain.at[0] == 'n') {
        out->after_unset = true;
        return !value.len && out->sort != out->id;
    }
    out->after_text = value;
    return plain.at[0] == 'v' && !memchr(plain.at, 0, plain.len) &&
           (!kind_is_number(out->sort->kind) || str_to_int(value, &out->after_number));
}

static bool cursor_read(struct asking *q, str text)
{
    return cursor_parts(q, text) || wrong(q, STR("after"), "is not a cursor of this list and sort");
}

/* ---- the whole ---- */

static bool is_own(const struct asking *q, str name)
{
    for (const char *const *own = q->query->own; own && *own; own++)
        if (str_is(name, *own))
            return true;
    return false;
}

struct paging { str limit, sort, words; bool has_limit, has_sort, has_words, has_after; };

static bool once(struct asking *q, str name, str value, bool *has, str *out)
{
    if (*has)
        return wrong(q, name, "is given twice");
    *has = true;
    *out = value;
    return true;
}

static bool param_read(struct asking *q, struct paging *p, str name, str value)
{
    if (is_own(q, name))
        return true;
    if (str_is(name, "limit"))
        return once(q, name, value, &p->has_limit, &p->limit);
    if (str_is(name, "sort"))
        return once(q, name, value, &p->has_sort, &p->sort);
    if (str_is(name, "q"))
        return once(q, name, value, &p->has_words, &p->words);
    if (str_is(name, "after"))
        return once(q, name, value, &p->has_after, &q->after);
    return filter_add(q, name, value);
}

static bool params_read(struct asking *q, str url_query, struct paging *p)
{
    str pair;
    if (url_query.len > QUERY_BYTES_MAX)
        return err_set(q->err, ERR_QUERY_INVALID, "", "the address is too long");
    while (str_split(&url_query, '&', &pair)) {
        if (!pair.len)
            continue;
        ptrdiff_t is = str_find(pair, STR("="));
        str raw_name = is < 0 ? pair : str_sub(pair, 0, (size_t)is), name;
        str raw_value = is < 0 ? (str){ 0 } : str_sub(pair, (size_t)is + 1, pair.len), value;
        if (!url_decode(q->arena, raw_name, true, &name))
            return err_set(q->err, ERR_QUERY_INVALID, "", "the address is not well written");
        if (!url_decode(q->arena, raw_value, true, &value))
            return wrong(q, name, "is not well written");
        if (!param_read(q, p, name, value))
            return false;
    }
    return true;
}

bool list_ask_read(const struct record *r, const struct record_query *query, str url_query, struct arena *a,
                   struct list_ask *out, struct err *err)
{
    struct asking q = { .record = r, .query = query, .arena = a, .out = out, .err = err };
    struct paging p = { 0 };
    int most = query->limit_max ? query->limit_max : LIST_LIMIT_MAX;
    *out = (struct list_ask){ .id = record_field(r, STR("id")), .limit = LIST_LIMIT };
    if (out->limit > most)
        out->limit = most;
    if (!params_read(&q, url_query, &p))
        return false;
    if (p.has_limit && !limit_read(&q, p.limit, most))
        return false;
    if (!sort_read(&q, p.has_sort ? p.sort : str_of(query->default_sort ? query->default_sort : "id"),
                   p.has_sort))
        return false;
    if (p.has_words && !search_read(&q, p.words))
        return false;
    return !p.has_after || !q.after.len || cursor_read(&q, q.after);
}
