/* record_list.c - one page of a list in one statement.
 *
 * Rows whose sort value is not set come last. Written as one condition (… OR x IS NULL, NULLS LAST) neither
 * database would walk its index, so such a list is two walks joined by UNION ALL: rows with a value, then
 * those without. Both databases produce the second part only when the first did not fill the page; their
 * order is looked at again while reading. */
#include "record/record_own.h"
#include "record/record_groups.h"
#include <assert.h>

struct listing {
    const struct record       *record;
    const struct record_query *query;
    const struct list_ask     *ask;
    struct buf                 sql;
    int                        param;   /* the last one handed out */
    int                        account_param, filter_param, word_param, value_param, id_param, limit_param;
    int                        conditions;
};

static int param_add(struct listing *l) { return ++l->param; }

static void condition_begin(struct listing *l)
{
    buf_add(&l->sql, l->conditions++ ? STR(" AND ") : STR(" WHERE "));
}

/* Numbers are handed out once; both halves of a union use the same. */
static void params_number(struct listing *l)
{
    const struct list_ask *ask = l->ask;
    if (l->query->accounts_count)
        l->account_param = param_add(l);
    l->filter_param = l->param + 1;
    for (int i = 0; i < ask->filters_count; i++)
        if (ask->filters[i].how != FILTER_UNSET)
            l->param++;
    l->word_param = l->param + 1;
    l->param += ask->words_count;
    if (ask->after && !ask->after_unset && ask->sort != ask->id)
        l->value_param = param_add(l);
    if (ask->after)
        l->id_param = param_add(l);
    l->limit_param = param_add(l);
}

static void filter_write(struct listing *l, const struct list_filter *f, int *param)
{
    const char *name = f->field->name;
    condition_begin(l);
    switch (f->how) {
    case FILTER_UNSET:
        buf_print(&l->sql, f->field->kind == KIND_TEXT ? "o.%s = ''" : "o.%s IS NULL", name);
        return;
    case FILTER_NUMBER:
    case FILTER_TEXT:    buf_print(&l->sql, "o.%s = $%d", name, *param); break;
    case FILTER_NUMBERS: buf_print(&l->sql, "o.%s IN ({ids:$%d})", name, *param); break;
    case FILTER_TEXTS:   buf_print(&l->sql, "o.%s IN ({texts:$%d})", name, *param); break;
    case FILTER_FROM:    buf_print(&l->sql, "o.%s >= $%d", name, *param); break;
    case FILTER_TO:
        buf_print(&l->sql, f->field->kind == KIND_INSTANT ? "o.%s < $%d" : "o.%s <= $%d", name, *param);
        break;
    }
    ++*param;
}

static void conditions_write(struct listing *l)
{
    const struct list_ask *ask = l->ask;
    if (l->query->where) {
        condition_begin(l);
        buf_print(&l->sql, "(%s)", l->query->where);
    }
    if (l->query->accounts_count) {
        condition_begin(l);
        buf_print(&l->sql,
                  l->query->accounts_count == 1 ? "o.account_id = $%d" : "o.account_id IN ({ids:$%d})",
                  l->account_param);
    }
    int param = l->filter_param;
    for (int i = 0; i < ask->filters_count; i++)
        filter_write(l, &ask->filters[i], &param);
    for (int i = 0; i < ask->words_count; i++) {
        condition_begin(l);
        buf_print(&l->sql, "%s LIKE $%d", l->query->search_column, l->word_param + i);
    }
}

enum half { WHOLE, WITH_VALUE, WITHOUT_VALUE };

static void position_write(struct listing *l, enum half half)
{
    const struct list_ask *ask = l->ask;
    const char *name = ask->sort->name, *past = ask->down ? "<" : ">";
    if (half == WITHOUT_VALUE) {
        condition_begin(l);
        buf_print(&l->sql, "o.%s IS NULL", name);
        if (!ask->after_unset)
            return;
    }
    if (half == WITH_VALUE && !ask->after) {
        condition_begin(l);
        buf_print(&l->sql, "o.%s IS NOT NULL", name);
    }
    if (!ask->after)
        return;
    condition_begin(l);
    if (half == WITHOUT_VALUE || ask->sort == ask->id)
        buf_print(&l->sql, "o.id %s $%d", past, l->id_param);
    else
        buf_print(&l->sql, "(o.%s, o.id) %s ($%d, $%d)", name, past, l->value_param, l->id_param);
}

static void half_write(struct listing *l, enum half half)
{
    const struct list_ask *ask = l->ask;
    const char *down = ask->down ? " DESC" : "";
    buf_add(&l->sql, STR("SELECT "));
    columns_add(&l->sql, l->record, "o.");
    if (l->query->from)
        buf_print(&l->sql, " FROM %s", l->query->from);
    else
        buf_print(&l->sql, " FROM %s o", l->record->name);
    l->conditions = 0;
    conditions_write(l);
    position_write(l, half);
    buf_add(&l->sql, STR(" ORDER BY "));
    if (half != WITHOUT_VALUE && ask->sort != ask->id)
        buf_print(&l->sql, "o.%s%s, ", ask->sort->name, down);
    buf_print(&l->sql, "o.id%s LIMIT $%d", down, l->limit_param);
}

/* A required field always has a value, and so has the id. */
static bool may_be_unset(const struct list_ask *ask) { return ask->sort != ask->id && !ask->sort->required; }

static str list_sql(struct listing *l)
{
    const struct list_ask *ask = l->ask;
    params_number(l);
    if (!may_be_unset(ask)) {
        half_write(l, WHOLE);
    } else if (ask->after_unset) {
        half_write(l, WITHOUT_VALUE);
    } else {
        buf_add(&l->sql, STR("SELECT * FROM ("));
        half_write(l, WITH_VALUE);
        buf_add(&l->sql, STR(") AS first UNION ALL SELECT * FROM ("));
        half_write(l, WITHOUT_VALUE);
        buf_print(&l->sql, ") AS last LIMIT $%d", l->limit_param);
    }
    return buf_str(&l->sql);
}

static void filter_bind(struct stmt *st, const struct list_filter *f, int *param)
{
    switch (f->how) {
    case FILTER_UNSET:   return;
    case FILTER_NUMBER:
    case FILTER_FROM:
    case FILTER_TO:      bind_int(st, *param, f->number); break;
    case FILTER_TEXT:    bind_text(st, *param, f->text); break;
    case FILTER_NUMBERS: bind_ids(st, *param, f->numbers, f->count); break;
    case FILTER_TEXTS:   bind_texts(st, *param, f->texts, f->count); break;
    }
    ++*param;
}

static void list_bind(struct listing *l, struct stmt *st)
{
    const struct list_ask *ask = l->ask;
    if (l->query->accounts_count == 1)
        bind_id(st, l->account_param, l->query->accounts[0]);
    else if (l->query->accounts_count)
        bind_ids(st, l->account_param, l->query->accounts, l->query->accounts_count);
    int param = l->filter_param;
    for (int i = 0; i < ask->filters_count; i++)
        filter_bind(st, &ask->filters[i], &param);
    for (int i = 0; i < ask->words_count; i++)
        bind_text(st, l->word_param + i, ask->words[i]);
    if (l->value_param && kind_is_number(ask->sort->kind))
        bind_int(st, l->value_param, ask->after_number);
    else if (l->value_param)
        bind_text(st, l->value_param, ask->after_text);
    if (ask->after)
        bind_id(st, l->id_param, ask->after_id);
    bind_int(st, l->limit_param, ask->limit + 1);        /* one more tells whether there is a next page */
}

static str groups_sql(struct listing *l, const struct record_grouping *g)
{
    params_number(l);
    buf_print(&l->sql, "SELECT t.by_value, COUNT(*), CAST(COALESCE(SUM(t.of_value), 0) AS BIGINT) FROM (SELECT o.%s AS by_value, o.%s AS of_value FROM ",
              g->by, g->of);
    if (l->query->from)
        buf_print(&l->sql, "%s", l->query->from);
    else
        buf_print(&l->sql, "%s o", l->record->name);
    conditions_write(l);
    buf_print(&l->sql, " LIMIT $%d) t GROUP BY t.by_value ORDER BY 2 DESC, 1", l->limit_param);
    return buf_str(&l->sql);
}

static int column_of(const struct record *r, const struct field *field)
{
    int column = 0;
    for (const struct field *f = r->fields; f != field; f++)
        column += field_stored(f);
    return column;
}

static bool page_read(struct listing *l, struct stmt *st, struct arena *a, char *rows, int *count, str *next,
                      struct err *err)
{
    const struct list_ask *ask = l->ask;
    int sort_column = column_of(l->record, ask->sort), n = 0;
    bool unset = false, more = false;
    while (!more && db_row(st)) {
        if (n == ask->limit) {
            more = true;
            break;
        }
        bool is_unset = col_is_null(st, sort_column);
        if (unset && !is_unset)
            return err_set(err, ERR_INTERNAL, "",
                           "the database joined the parts of a list in the wrong order");
        unset = is_unset;
        scan_all(l->record, st, a, rows + (size_t)n++ * l->record->size);
    }
    if (!db_ok(st, err))
        return false;
    *count = n;
    *next  = more ? list_cursor(ask, rows + (size_t)(n - 1) * l->record->size, unset, a) : (str){ 0 };
    return true;
}

bool record_list(struct db *db, const struct record *r, const struct record_query *query, str url_query,
                 struct arena *a, void *rows, int *count, str *next, struct err *err)
{
    struct list_ask ask;
    if (!list_ask_read(r, query, url_query, a, &ask, err))
        return false;
    struct listing l = { .record = r, .query = query, .ask = &ask, .sql = buf_in(a) };
    str text = list_sql(&l);
    const char *name = str_zero(a, str_print(a, "%s.list", r->name));
    CLEANUP(stmt_done) struct stmt st = db_query_text(db, name, text);
    list_bind(&l, &st);
    return page_read(&l, &st, a, rows, count, next, err);
}

bool record_groups(struct db *db, const struct record *r, const struct record_query *query, str url_query, const struct record_grouping *g,
                   struct arena *a, struct record_group_list *out, struct err *err)
{
    struct list_ask ask;
    if (!list_ask_read(r, query, url_query, a, &ask, err))
        return false;
    ask.after = false;
    ask.limit = (int)g->max - 1;
    struct listing l = { .record = r, .query = query, .ask = &ask, .sql = buf_in(a) };
    str text = groups_sql(&l, g);
    const char *name = str_zero(a, str_print(a, "%s.groups", r->name));
    CLEANUP(stmt_done) struct stmt st = db_query_text(db, name, text);
    list_bind(&l, &st);
    while (db_row(&st))
        *record_group_list_add(out, a) = (struct record_group){ col_text_copy(&st, 0, a), col_int(&st, 1), col_int(&st, 2) };
    return db_ok(&st, err);
}
