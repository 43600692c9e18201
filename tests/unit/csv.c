/* CSV: what people and marketplaces send, and what spreadsheets get from us. */
#include "base/csv.h"
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Rows are written down as "2:a|b " so that a case is one line: line number, cells, a space behind each row. */
struct seen { struct buf text; int rows, rows_max; };

static bool row_note(void *ctx, const struct csv_row *row, struct err *err)
{
    struct seen *s = ctx;

    (void)err;
    buf_print(&s->text, "%lld:", (long long)row->line);
    for (int i = 0; i < row->count; i++) {
        buf_add(&s->text, i ? STR("|") : STR(""));
        buf_add(&s->text, row->cells[i]);
    }
    buf_add_char(&s->text, ' ');
    return ++s->rows != s->rows_max;
}

static int arena_make(void **state)
{
    static struct arena arena;
    *state = &arena;
    return 0;
}

static int arena_drop(void **state)
{
    arena_done(*state);
    return 0;
}

static void assert_str(str got, const char *want)
{
    if (!str_is(got, want))
        fail_msg("got \"%.*s\", want \"%s\"", STR_ARG(got), want);
}

static void tables_of_many_habits_are_read(void **state)
{
    static const struct { str in; const char *want; } cases[] = {
        { STR_INIT(""), "" },
        { STR_INIT("\n\n"), "" },
        { STR_INIT("a;b\r\n1;2\r\n"), "1:a|b 2:1|2 " },
        { STR_INIT("a,b\n1,2"), "1:a|b 2:1|2 " },
        { STR_INIT("a\tb\n1\t2\n"), "1:a|b 2:1|2 " },
        { STR_INIT("a|b\n1|2\n"), "1:a|b 2:1|2 " },
        { STR_INIT("\xef\xbb\xbf" "a;b\n1;2\n"), "1:a|b 2:1|2 " },
        { STR_INIT("name;price\nx;1,5\ny;2,5\n"), "1:name|price 2:x|1,5 3:y|2,5 " },
        { STR_INIT("a\n1\n"), "1:a 2:1 " },
        { STR_INIT("sep=,\r\na,b;c\r\n1,2\r\n"), "2:a|b;c 3:1|2 " },
        { STR_INIT("a;b\n\"1\n2\";3\n4;5\n"), "1:a|b 2:1\n2|3 4:4|5 " },
        { STR_INIT("a;b\n\n\n1;2\n"), "1:a|b 4:1|2 " },
        { STR_INIT("a;b\r1;2\r"), "1:a|b 2:1|2 " },
        { STR_INIT("\"a;\"\"x\"\"\";b\n"), "1:a;\"x\"|b " },
        { STR_INIT(";;\n;1;\n"), "1:|| 2:|1| " },
        { STR_INIT("n;t\n1;Труба 5\" белая\n2;\"x\"\n"), "1:n|t 2:1|Труба 5\" белая 3:2|x " },
        { STR_INIT("n,t\n1,a\"b\"c\n2,6\"\n3,\"6\"\"\"\n"), "1:n|t 2:1|a\"b\"c 3:2|6\" 4:3|6\" " },
        { STR_INIT("n;t\n5\";x,y\n7\";z,q\n"), "1:n|t 2:5\"|x,y 3:7\"|z,q " },
        { STR_INIT("\"x, y\";b\n\"z, q\";c\n"), "1:x, y|b 2:z, q|c " },
        { STR_INIT("\xd6\xe5\xed\xe0;\xc8\xec\xff\n5;\xc0\n"), "1:Цена|Имя 2:5|А " },          /* windows-1251 */
        { STR_INIT("Цена;Имя\n5;Ә\n"), "1:Цена|Имя 2:5|Ә " },
        { STR_INIT("a;b;c\n1\n1;2;3;4\n"), "1:a|b|c 2:1 3:1|2|3|4 " },
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct seen s = { .text = buf_in(*state) };
        struct err  err = { 0 };
        if (!csv_read(cases[i].in, row_note, &s, &err))
            fail_msg("\"%.*s\": %.*s", STR_ARG(cases[i].in), STR_ARG(err_line(*state, &err)));
        assert_str(buf_str(&s.text), cases[i].want);
    }
}

static void hostile_files_are_refused_with_a_reason(void **state)
{
    static const struct { str in; enum err_code code; const char *says; } cases[] = {
        { STR_INIT("a;b\n\"1;2\n"), ERR_BODY_SYNTAX, "line 2: a quotation mark is not closed" },
        { STR_INIT("a;b\n\"1\"x;2\n"), ERR_BODY_SYNTAX, "line 2: a quotation mark stands out of place" },
        { STR_INIT("a;b\n1;\0\n"), ERR_BODY_SYNTAX, "zero bytes" },
        { STR_INIT("\xff\xfe" "a\0"), ERR_BODY_SYNTAX, "UTF-16" },
        { STR_INIT("PK\x03\x04xx"), ERR_BODY_SYNTAX, "not CSV" },
        { STR_INIT("a;b\n\x98;1\n"), ERR_BODY_SYNTAX, "line 2: neither UTF-8 nor windows-1251" },
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct seen s = { .text = buf_in(*state) };
        struct err  err = { 0 };
        if (csv_read(cases[i].in, row_note, &s, &err))
            fail_msg("case %d was read", i);
        assert_int_equal(err.code, cases[i].code);
        if (!str_has(err_line(*state, &err), str_of(cases[i].says)))
            fail_msg("case %d says \"%.*s\"", i, STR_ARG(err_line(*state, &err)));
    }
}

static str repeat(struct arena *arena, const char *part, size_t times, const char *end)
{
    struct buf b = buf_in(arena);
    for (size_t i = 0; i < times; i++)
        buf_add(&b, str_of(part));
    buf_add(&b, str_of(end));
    return buf_str(&b);
}

static void limits_of_rows_and_cells_hold(void **state)
{
    struct { str in; bool ok; } cases[] = {
        { repeat(*state, "x;", CSV_COLUMNS_MAX - 1, "x\n"), true },
        { repeat(*state, "x;", CSV_COLUMNS_MAX, "x\n"), false },
        { repeat(*state, ";", 1000000, "\n"), false },
        { repeat(*state, "x", CSV_CELL_BYTES_MAX, "\n"), true },
        { repeat(*state, "x", CSV_CELL_BYTES_MAX + 1, "\n"), false },
        { repeat(*state, "\"\n", 1, str_zero(*state, repeat(*state, "line of text\n", 500000, ""))), false },
        { repeat(*state, "\"\"", 500000, ""), false },
        { repeat(*state, "\xe0\xff", CSV_CELL_BYTES_MAX / 4, "\n"), true },         /* windows-1251 doubles */
        { repeat(*state, "\xe0\xff", CSV_CELL_BYTES_MAX / 2, "\n"), false },
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct seen s = { .text = buf_in(*state) };
        struct err  err = { 0 };
        bool        ok = csv_read(cases[i].in, row_note, &s, &err);
        if (ok != cases[i].ok || ok == err_is_set(&err))
            fail_msg("case %d: %d %.*s", i, ok, STR_ARG(err_line(*state, &err)));
    }
    arena_reset(*state);
}

static void the_reader_stops_when_told(void **state)
{
    struct seen s = { .text = buf_in(*state), .rows_max = 2 };
    struct err  err = { 0 };

    assert_true(csv_read(STR("a;b\n1;2\n3;4\n\"bad"), row_note, &s, &err));
    assert_str(buf_str(&s.text), "1:a|b 2:1|2 ");
}

static bool row_refuse(void *ctx, const struct csv_row *row, struct err *err)
{
    (void)ctx;
    return row->line < 2 || err_set(err, ERR_BODY_INVALID, "price", "is wrong");
}

static void an_error_of_the_caller_fails_the_reading(void **state)
{
    struct err err = { 0 };

    (void)state;
    assert_false(csv_read(STR("a\nb\nc\n"), row_refuse, NULL, &err));
    assert_int_equal(err.code, ERR_BODY_INVALID);
}

static void files_are_read_like_bytes(void **state)
{
    char        path[] = "/tmp/sauda-csv-XXXXXX";
    struct seen s = { .text = buf_in(*state) };
    struct err  err = { 0 };
    int         fd = mkstemp(path);

    assert_true(fd >= 0);
    for (int i = 0; i < 20000; i++)
        assert_int_equal(write(fd, "12345;\"a b\"\r\n", 13), 13);
    close(fd);
    assert_true(csv_read_file(path, row_note, &s, &err));
    assert_int_equal(s.rows, 20000);
    assert_true(str_ends(buf_str(&s.text), STR(" 20000:12345|a b ")));
    unlink(path);
    assert_false(csv_read_file(path, row_note, &s, &err));
    assert_int_equal(err.code, ERR_FILE);
}

static void any_bytes_are_survived(void **state)
{
    static const char signs[] = "ab\"\";;,\n\r\t |\xef\xbb\xbf\xd0\xb0\xff";
    unsigned seed = 99;

    for (int round = 0; round < 5000; round++) {
        char        raw[200];
        struct seen s = { .text = buf_in(*state) };
        struct err  err = { 0 };
        size_t      len = (size_t)round % sizeof raw;
        for (size_t i = 0; i < len; i++) {
            seed = seed * 1664525u + 1013904223u;
            raw[i] = signs[(seed >> 16) % (sizeof signs - 1)];
        }
        bool ok = csv_read((str){ raw, len }, row_note, &s, &err);
        assert_true(ok != err_is_set(&err));
        assert_true(utf8_valid(buf_str(&s.text)));
        arena_reset(*state);
    }
}

static void cells_cannot_run_as_formulas(void **state)
{
    static const struct { const char *in, *want; } cases[] = {
        { "", ";" }, { "abc", "abc;" }, { "a b", "a b;" }, { "a;b", "\"a;b\";" }, { "a\"b", "\"a\"\"b\";" },
        { "a\r\nb", "\"a\r\nb\";" }, { " a", "\" a\";" }, { "1,5", "\"1,5\";" },
        { "=1+1", "'=1+1;" }, { "+7 777", "'+7 777;" }, { "@SUM(A1)", "'@SUM(A1);" }, { "-A1", "'-A1;" },
        { "=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0;" }, { "=\"a\"", "\"'=\"\"a\"\"\";" }, { "\t=1", "\"'\t=1\";" },
        { " =1", "\"' =1\";" }, { "\r=1", "\"'\r=1\";" },
        { "-5", "-5;" }, { "-129.90", "-129.90;" }, { "+77771234567", "+77771234567;" }, { "-", "'-;" }, { "-1+2", "'-1+2;" },
        { "--1", "'--1;" }, { "-1.", "'-1.;" }, { "-1.2.3", "'-1.2.3;" },
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct buf b = buf_in(*state);
        csv_cell(&b, str_of(cases[i].in), false);
        assert_str(buf_str(&b), cases[i].want);
    }
}

static void what_is_written_is_read_again(void **state)
{
    struct buf  b = buf_in(*state);
    struct seen s = { .text = buf_in(*state) };
    struct err  err = { 0 };

    csv_begin(&b);
    csv_cell(&b, STR("Имя"), false);
    csv_cell(&b, STR("a;\"b\"\r\nc "), true);
    csv_cell(&b, STR(""), false);
    csv_cell(&b, STR(" 1,5"), true);
    assert_true(str_starts(buf_str(&b), STR("\xef\xbb\xbf")));
    assert_true(csv_read(buf_str(&b), row_note, &s, &err));
    assert_str(buf_str(&s.text), "1:Имя|a;\"b\"\r\nc  3:| 1,5 ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_of_many_habits_are_read),
        cmocka_unit_test(hostile_files_are_refused_with_a_reason),
        cmocka_unit_test(limits_of_rows_and_cells_hold),
        cmocka_unit_test(the_reader_stops_when_told),
        cmocka_unit_test(an_error_of_the_caller_fails_the_reading),
        cmocka_unit_test(files_are_read_like_bytes),
        cmocka_unit_test(any_bytes_are_survived),
        cmocka_unit_test(cells_cannot_run_as_formulas),
        cmocka_unit_test(what_is_written_is_read_again),
    };
    return cmocka_run_group_tests(tests, arena_make, arena_drop);
}
