/* A new key: nothing that is sealed is forgotten. */
#include "app/rekey_store.h"
#include "db/migrate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

static bool is_listed(str table, str column)
{
    for (const struct sealed_column *c = sealed_columns; c->table; c++)
        if (str_is(table, c->table) && str_is(column, c->column))
            return true;
    return false;
}

static str word_after(str line, str before)
{
    ptrdiff_t at = str_find(line, before);
    str rest = at < 0 ? (str){ 0 } : str_trim(str_sub(line, (size_t)at + before.len, SIZE_MAX)), word = { 0 };
    return str_split(&rest, ' ', &word) ? word : (str){ 0 };
}

/* By its name, or by what the schema says of it. */
static bool is_sealed(str column, str comment)
{
    return str_starts(column, STR("sealed")) || str_eq(comment, STR("sealed")) || str_ends(comment, STR(", sealed"));
}

static void every_sealed_column_is_in_the_list(void **state)
{
    int found = 0, listed = 0;
    (void)state;
    for (int i = 0; i < migrations_count; i++) {
        str rest = migrations[i].text, line, table = { 0 };
        while (str_split(&rest, '\n', &line)) {
            str altered = word_after(line, STR("ALTER TABLE ")), made = word_after(line, STR("CREATE TABLE "));
            if (altered.len || made.len)
                table = altered.len ? altered : made;
            str column = altered.len ? word_after(line, STR("ADD COLUMN ")) : word_after(line, STR("    "));
            ptrdiff_t at = str_find(line, STR("--"));
            if (!is_sealed(column, at < 0 ? (str){ 0 } : str_trim(str_sub(line, (size_t)at + 2, SIZE_MAX))))
                continue;
            found++;
            if (!is_listed(table, column))
                fail_msg("%.*s.%.*s is sealed and not in sealed_columns", STR_ARG(table), STR_ARG(column));
        }
    }
    while (sealed_columns[listed].table)
        listed++;
    assert_int_equal(found, listed);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_sealed_column_is_in_the_list) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
