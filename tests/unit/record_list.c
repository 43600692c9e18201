/* Lists on both databases: all pages together, and what is refused. */
#include "unit/record_ground.h"
#include <stdio.h>
#include <stdlib.h>

static unsigned next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(*seed >> 33);
}

#define ROWS 120
static void random_rows(struct ground *g, uint64_t seed, struct thing *rows)
{
    static const char *const names[] = { "a", "b", "bb", "Яблоко", "коляска", "a b", "z\n1", "ё" };
    for (int i = 0; i < ROWS; i++) {
        rows[i] = (struct thing){ .id = { (int64_t)i * 3 + 1 },
                                  .account_id = { 1 + next_random(&seed) % 3 },
                                  .owner_id = { next_random(&seed) % 4 },
                                  .name = str_of(names[next_random(&seed) % COUNT_OF(names)]),
                                  .colour = next_random(&seed) % 3,
                                  .qty = (int64_t)(next_random(&seed) % 9) - 4,
                                  .is_open = next_random(&seed) % 2,
                                  .price = { next_random(&seed) % 5 },
                                  .made_at = { 1000 + next_random(&seed) % 20 },
                                  .version = 1 };
        rows[i].due_at.ms = next_random(&seed) % 2 ? 0 : 500 + next_random(&seed) % 10;
        rows[i].search = record_search_text(&thing_record, &rows[i], &g->a);
    }
    assert_true(run(g, (struct change){ INSERT, rows, ROWS }));
}

/* What the sort says in C, not set last in both directions. */
static const struct field *order_field;
static bool order_down;

static int order_of(const void *px, const void *py)
{
    const struct thing *x = px, *y = py;
    int sign = order_down ? -1 : 1, by = 0;
    const struct field *f = order_field;
    if (f->kind == KIND_TEXT) {
        by = str_cmp(field_text(f, x), field_text(f, y));
    } else if (f->kind == KIND_CHOICE) {
        by = strcmp(colour_names[x->colour], colour_names[y->colour]);
    } else {
        int64_t a = field_int(f, x), b = field_int(f, y);
        bool nullable = f->kind == KIND_INSTANT || f->kind == KIND_ID;
        if (nullable && (a == 0) != (b == 0))
            return a == 0 ? 1 : -1;
        by = (a > b) - (a < b);
    }
    if (!by)
        by = (x->id.v > y->id.v) - (x->id.v < y->id.v);
    return by * sign;
}

struct list_case { const char *filter; bool (*keeps)(const struct thing *); };
static bool keeps_all(const struct thing *t) { (void)t; return true; }
static bool keeps_some(const struct thing *t)
{
    return t->colour != COLOUR_BLUE && t->qty >= -2 && t->qty <= 3;
}
static bool keeps_unowned(const struct thing *t) { return !t->owner_id.v && t->is_open; }
static bool keeps_dated(const struct thing *t)
{
    return t->made_at.ms >= 1005 && t->made_at.ms < 1015 && t->qty != 0;
}
static bool keeps_found(const struct thing *t) { return str_is(t->name, "коляска"); }
static bool keeps_owned(const struct thing *t) { return t->owner_id.v == 1 || t->owner_id.v == 3; }
static bool keeps_named(const struct thing *t) { return str_is(t->name, "bb") || str_is(t->name, "a b"); }
static bool keeps_priced(const struct thing *t) { return t->price.minor == 3; }

static const struct list_case list_cases[] = {
    { "", keeps_all },
    { "&colour=red%2Cgreen&qty_from=-2&qty_to=3", keeps_some },
    { "&owner_id=&is_open=true", keeps_unowned },
    { "&made_from=1970-01-01T00:00:01.005Z&made_at_to=1970-01-01T00:00:01.015Z&qty=-4,-3,-2,-1,1,2,3,4",
      keeps_dated },
    { "&q=%D0%9A%D0%9E%D0%9B%D1%8F", keeps_found },
    { "&owner_id=1,3", keeps_owned },
    { "&name=bb,a+b", keeps_named },
    { "&price=0.03", keeps_priced },
};

static void pages_are_the_whole(struct ground *g, const struct thing *rows, const char *sort, int limit,
                                const struct list_case *c)
{
    struct record_query query = { .search_column = "o.search", .where = "o.version = 1" };
    struct thing expected[ROWS], page[200];
    int want = 0, seen = 0, count = 0;
    for (int i = 0; i < ROWS; i++)
        if (c->keeps(&rows[i]))
            expected[want++] = rows[i];
    order_down  = sort[0] == '-';
    order_field = record_field(&thing_record, str_of(sort + order_down));
    qsort(expected, (size_t)want, sizeof *expected, order_of);
    str next = { 0 };
    do {
        struct arena_mark mark CLEANUP(arena_back) = arena_mark(&g->a);
        char cursor[400];
        snprintf(cursor, sizeof cursor, "%.*s", STR_ARG(next));
        str url = str_print(&g->a, "sort=%s&limit=%d%s%s%s", sort, limit, c->filter,
                            next.len ? "&after=" : "", cursor);
        int64_t before = db_statements(g->db);
        if (!record_list(g->db, &thing_record, &query, url, &g->a, page, &count, &next, &g->err))
            fail_msg("%.*s: %s %s", STR_ARG(url), g->err.item[0].text, g->err.trail);
        assert_int_equal(db_statements(g->db) - before, 1);
        assert_true(count <= limit && seen + count <= want);
        for (int i = 0; i < count; i++)
            if (!id_eq(page[i].id, expected[seen + i].id))
                fail_msg("%.*s: row %d is %d, not %d", STR_ARG(url), seen + i, (int)page[i].id.v,
                         (int)expected[seen + i].id.v);
        seen += count;
        static char kept[400];
        snprintf(kept, sizeof kept, "%.*s", STR_ARG(next));
        next = str_of(kept);
    } while (next.len);
    assert_int_equal(seen, want);
}

static void all_pages_together_are_the_sorted_whole(void **state)
{
    static const char *const sorts[] = { "id",    "name",    "colour", "qty",
                                         "price", "made_at", "due_at", "owner_id" };
    static const int limits[] = { 7, 40, 200 };
    struct ground g;
    ground_init(&g, state);
    struct thing rows[ROWS];
    random_rows(&g, 20260116, rows);
    char sort[32];
    for (int s = 0; s < COUNT_OF(sorts) * 2; s++)
        for (int l = 0; l < COUNT_OF(limits); l++)
            for (int c = 0; c < COUNT_OF(list_cases); c++) {
                snprintf(sort, sizeof sort, "%s%s", s % 2 ? "-" : "", sorts[s / 2]);
                pages_are_the_whole(&g, rows, sort, limits[l], &list_cases[c]);
            }
    pages_are_the_whole(&g, rows, "due_at", 1, &list_cases[0]);
    pages_are_the_whole(&g, rows, "-due_at", 1, &list_cases[0]);
    ground_done(&g);
}

static void a_scope_leaves_out_other_accounts(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct thing rows[ROWS], page[200];
    random_rows(&g, 7, rows);
    static const rid scope[] = { { 1 }, { 3 } };
    for (int n = 1; n <= 2; n++) {
        struct record_query query = {
            .accounts = scope, .accounts_count = n, .from = "things o", .default_sort = "-made_at"
        };
        int want = 0, count = 0;
        str next;
        for (int i = 0; i < ROWS; i++)
            want += rows[i].account_id.v == 1 || (n == 2 && rows[i].account_id.v == 3);
        assert_true(
            record_list(g.db, &thing_record, &query, STR("limit=200"), &g.a, page, &count, &next, &g.err));
        assert_int_equal(count, want);
        assert_int_equal(next.len, 0);
    }
    ground_done(&g);
}

static void a_wrong_address_is_refused_with_its_parameter(void **state)
{
    static const struct { const char *query, *field;
    } cases[] = {
        { "wings=2", "wings" },
        { "phone=1", "phone" },
        { "secret=x", "secret" },
        { "hint=x", "hint" },
        { "search=x", "search" },
        { "limit=0", "limit" },
        { "limit=201", "limit" },
        { "limit=x", "limit" },
        { "limit=1&limit=2", "limit" },
        { "sort=phone", "sort" },
        { "sort=", "sort" },
        { "sort=--id", "sort" },
        { "sort=id;drop", "sort" },
        { "colour=pink", "colour" },
        { "colour=", "colour" },
        { "colour=red,", "colour" },
        { "colour=red&colour=green", "colour" },
        { "qty=x", "qty" },
        { "qty=1.0", "qty" },
        { "qty_from=", "qty_from" },
        { "qty=", "qty" },
        { "name_from=a", "name_from" },
        { "price=1,,2", "price" },
        { "price_to=0.001", "price_to" },
        { "made_at=now", "made_at" },
        { "is_open=1", "is_open" },
        { "owner_id=0", "owner_id" },
        { "owner_id=99999999999999999999", "owner_id" },
        { "_from=1", "_from" },
        { "=1", "" },
        { "q=ab", "q" },
        { "q=a+b+c+d", "q" },
        { "q=aaa+b+c+d+e+f+g+h+i", "q" },
        { "after=x", "after" },
        { "after=AAAA", "after" },
        { "after=%FF", "after" },
        { "name=%00", "name" },
        { "%zz=1", "" },
        { "after=aWQKMQp2eA", "after" },
        /* id 1 vx */ { "after=cXR5CjEKdjE", "after" }, /* of sort qty */
        { "after=aWQKMQpu", "after" },
        /* id 1 n */ { "after=aWQKMA", "after" }, /* id 0 */
    };
    struct ground g;
    ground_init(&g, state);
    struct record_query query = { .search_column = "o.search" };
    struct thing page[200];
    int count = -1;
    str next;
    for (int i = 0; i < COUNT_OF(cases); i++) {
        err_clear(&g.err);
        if (record_list(g.db, &thing_record, &query, str_of(cases[i].query), &g.a, page, &count, &next,
                        &g.err))
            fail_msg("%s was taken", cases[i].query);
        assert_int_equal(g.err.code, ERR_QUERY_INVALID);
        assert_string_equal(g.err.item[0].field, cases[i].field);
    }
    struct record_view none = { 0 };
    query.view = &none;
    query.own  = (const char *const[]){ "wings", NULL };
    assert_false(
        record_list(g.db, &thing_record, &query, STR("sort=price"), &g.a, page, &count, &next, &g.err));
    assert_false(
        record_list(g.db, &thing_record, &query, STR("price_from=1"), &g.a, page, &count, &next, &g.err));
    err_clear(&g.err);
    assert_true(record_list(g.db, &thing_record, &query, STR("wings=2&&q=&after="), &g.a, page, &count, &next,
                            &g.err));
    assert_int_equal(count, 0);
    ground_done(&g);
}

/* Random bytes in place of a cursor or a whole address: refused or harmless, never a database error. */
static void no_cursor_breaks_a_list(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct record_query query = { .search_column = "o.search" };
    struct thing rows[ROWS], page[200];
    random_rows(&g, 3, rows);
    uint64_t seed = 99;
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    int count;
    str next, good;
    assert_true(record_list(g.db, &thing_record, &query, STR("sort=name&limit=5"), &g.a, page, &count, &good,
                            &g.err));
    for (int i = 0; i < 2000; i++) {
        struct arena_mark mark CLEANUP(arena_back) = arena_mark(&g.a);
        char *cursor = str_zero(&g.a, good);
        for (unsigned k = 0; k < 1 + next_random(&seed) % 3; k++)
            cursor[next_random(&seed) % good.len] = letters[next_random(&seed) % 64];
        str url = str_print(&g.a, "sort=name&after=%s", cursor);
        err_clear(&g.err);
        if (!record_list(g.db, &thing_record, &query, url, &g.a, page, &count, &next, &g.err))
            assert_int_equal(g.err.code, ERR_QUERY_INVALID);
    }
    ground_done(&g);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_pages_together_are_the_sorted_whole),
        cmocka_unit_test(a_scope_leaves_out_other_accounts),
        cmocka_unit_test(a_wrong_address_is_refused_with_its_parameter),
        cmocka_unit_test(no_cursor_breaks_a_list),
    };
    return test_stores(tests, COUNT_OF(tests));
}
