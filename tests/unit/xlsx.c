/* Spreadsheets: what we write we read again; what is hostile or broken is refused. */
#include "base/xlsx.h"
#include "base/xlsx_date.h"
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <minizip/zip.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

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

static bool row_count(void *ctx, const struct csv_row *row, struct err *err)
{
    (void)row, (void)err;
    ++*(int *)ctx;
    return true;
}

struct setting { struct arena arena; char folder[32], path[64]; };

static int folder_make(void **state)
{
    static struct setting setting = { .folder = "/tmp/sauda-xlsx-XXXXXX" };
    *state = &setting;
    if (!mkdtemp(setting.folder))
        return -1;
    snprintf(setting.path, sizeof setting.path, "%s/t.xlsx", setting.folder);
    return 0;
}

static int folder_drop(void **state)
{
    struct setting *t = *state;
    unlink(t->path);
    arena_done(&t->arena);
    return rmdir(t->folder);
}

static void assert_str(str got, const char *want)
{
    if (!str_is(got, want))
        fail_msg("got \"%.*s\", want \"%s\"", STR_ARG(got), want);
}

/* --- making files by hand --- */

#define WORKBOOK "<workbook xmlns:r=\"r\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"rId7\"/><sheet name=\"T\" r:id=\"rId8\"/></sheets></workbook>"
#define RELATIONS "<Relationships><Relationship Id=\"rId8\" Target=\"worksheets/two.xml\"/>" \
                  "<Relationship Id=\"rId7\" Target=\"worksheets/one.xml\"/></Relationships>"
#define STYLES "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"dd.mm.yyyy\\ hh:mm\"/>" \
               "<numFmt numFmtId=\"165\" formatCode=\"#,##0.00&quot;d&quot;\"/></numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>" \
               "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/><xf numFmtId=\"165\"/><xf numFmtId=\"20\"/></cellXfs></styleSheet>"
#define SHARED "<sst><si><t>first</t></si><si><r><t>se</t></r><r><t>cond</t></r><rPh><t>READING</t></rPh></si><si/></sst>"

static void part_add(zipFile zip, const char *name, str text)
{
    assert_int_equal(zipOpenNewFileInZip(zip, name, NULL, NULL, 0, NULL, 0, NULL, Z_DEFLATED, 6), ZIP_OK);
    assert_int_equal(zipWriteInFileInZip(zip, text.at, (unsigned)text.len), ZIP_OK);
    assert_int_equal(zipCloseFileInZip(zip), ZIP_OK);
}

static void book_make(const struct setting *t, str workbook, str shared, str sheet)
{
    zipFile zip = zipOpen(t->path, APPEND_STATUS_CREATE);

    assert_non_null(zip);
    part_add(zip, "xl/workbook.xml", workbook);
    part_add(zip, "xl/_rels/workbook.xml.rels", STR(RELATIONS));
    part_add(zip, "xl/styles.xml", STR(STYLES));
    part_add(zip, "xl/sharedStrings.xml", shared);
    part_add(zip, "xl/worksheets/two.xml", STR("<worksheet/>"));
    part_add(zip, "xl/worksheets/one.xml", sheet);
    assert_int_equal(zipClose(zip, NULL), ZIP_OK);
}

#define SHEET(rows) STR_INIT("<worksheet><sheetData>" rows "</sheetData></worksheet>")

static void cells_of_every_kind_become_text(void **state)
{
    struct setting *t = *state;
    static const struct { str workbook, sheet; const char *want; } cases[] = {
        { STR_INIT(WORKBOOK), SHEET(""), "" },
        { STR_INIT(WORKBOOK), SHEET("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"C1\" t=\"s\"><v>1</v></c></row>"), "1:first||second " },
        { STR_INIT(WORKBOOK), SHEET("<row><c t=\"inlineStr\"><is><t>a</t></is></c><c><v>129.90</v></c></row><row/><row><c><v>1</v></c></row>"),
          "1:a|129.90 3:1 " },
        { STR_INIT(WORKBOOK), SHEET("<row r=\"5\"><c t=\"str\"><f>A1&amp;1</f><v>x1</v></c><c t=\"b\"><v>1</v></c><c t=\"e\"><v>#N/A</v></c></row>"),
          "5:x1|true|#N/A " },
        { STR_INIT(WORKBOOK), SHEET("<row><c s=\"1\"><v>45292</v></c><c s=\"2\"><v>45292.5</v></c><c s=\"3\"><v>45292</v></c>"
                                    "<c s=\"4\"><v>0.75</v></c><c s=\"0\"><v>45292</v></c><c s=\"99\"><v>7</v></c></row>"),
          "1:2024-01-01|2024-01-01T12:00:00|45292|18:00:00|45292|7 " },
        { STR_INIT("<workbook xmlns:r=\"r\"><workbookPr date1904=\"1\"/><sheet r:id=\"rId7\"/></workbook>"),
          SHEET("<row><c s=\"1\"><v>43830</v></c></row>"), "1:2024-01-01 " },
        { STR_INIT("<x:workbook xmlns:x=\"x\" xmlns:r=\"r\"><x:sheet r:id=\"rId7\"/></x:workbook>"),
          STR_INIT("<x:worksheet xmlns:x=\"x\"><x:row r=\"2\"><x:c r=\"B2\"><x:v>7</x:v></x:c></x:row></x:worksheet>"), "2:|7 " },
        { STR_INIT(WORKBOOK), SHEET("<row><c t=\"inlineStr\"><is><t>a_x000D_b_x0000_ _x005F_x000D_ _xZZZZ_</t></is></c></row>"),
          "1:a\rb_x0000_ _x000D_ _xZZZZ_ " },
        { STR_INIT(WORKBOOK), SHEET("<row><c r=\"XFD1\" s=\"1\"/><c r=\"A1\"><v>1</v></c></row>"), "1:1 " },
        { STR_INIT(WORKBOOK), SHEET("<row><c t=\"d\"><v>2024-01-31T10:20:30.500Z</v></c></row>"), "1:2024-01-31T10:20:30 " },
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct seen s = { .text = buf_in(&t->arena) };
        struct err  err = { 0 };
        book_make(t, cases[i].workbook, STR(SHARED), cases[i].sheet);
        if (!xlsx_read_file(t->path, row_note, &s, &err))
            fail_msg("case %d: %.*s", i, STR_ARG(err_line(&t->arena, &err)));
        assert_str(buf_str(&s.text), cases[i].want);
    }
}

static str repeat(struct arena *arena, const char *head, const char *part, size_t times, const char *end)
{
    struct buf b = buf_in(arena);
    buf_add(&b, str_of(head));
    for (size_t i = 0; i < times; i++)
        buf_add(&b, str_of(part));
    buf_add(&b, str_of(end));
    return buf_str(&b);
}

static void hostile_books_are_refused_with_a_reason(void **state)
{
    struct setting *t = *state;
    struct arena   *a = &t->arena;
    const struct { str shared, sheet; const char *says; } cases[] = {
        { STR(SHARED), STR("<!DOCTYPE x [<!ENTITY a \"b\">]><worksheet><row><c><v>&a;</v></c></row></worksheet>"), "DOCTYPE" },
        { STR("<!DOCTYPE sst SYSTEM \"file:///etc/passwd\"><sst/>"), STR("<worksheet/>"), "DOCTYPE" },
        { STR(SHARED), STR("<worksheet><row><c r=\"IW1\"><v>1</v></c></row></worksheet>"), "columns" },
        { STR(SHARED), STR("<worksheet><row><c r=\"ZZZZZZZZZZZZZZ1\"><v>1</v></c></row></worksheet>"), "columns" },
        { STR(SHARED), STR("<worksheet><row><c t=\"s\"><v>3</v></c></row></worksheet>"), "not there" },
        { STR(SHARED), STR("<worksheet><row><c t=\"s\"><v>-1</v></c></row></worksheet>"), "not there" },
        { STR(SHARED), STR("<worksheet><row><c><v>1</v></row></worksheet>"), "damaged" },
        { STR(SHARED), STR("<worksheet><row><c><v>1"), "damaged" },
        { STR(SHARED), STR(""), "damaged" },
        { STR(SHARED), STR("<worksheet><row><c><v>\xff</v></c></row></worksheet>"), "damaged" },
        { STR(SHARED), repeat(a, "<worksheet><row><c><v>", "long ", 20000, "</v></c></row></worksheet>"), "longer than" },
        { repeat(a, "<sst><si><t>", "long ", 20000, "</t></si></sst>"), STR("<worksheet/>"), "longer than" },
        { STR(SHARED), repeat(a, "<worksheet>", " ", 60u << 20, "</worksheet>"), "unpacks" },                    /* a zip bomb */
        { STR(SHARED), repeat(a, "<worksheet><row>", "<c r=\"A1\"><v>1</v></c>", 200000, "</row></worksheet>"), "unpacks" },
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        int        rows = 0;
        struct err err = { 0 };
        book_make(t, STR(WORKBOOK), cases[i].shared, cases[i].sheet);
        if (xlsx_read_file(t->path, row_count, &rows, &err))
            fail_msg("case %d was read", i);
        if (!str_has(err_line(a, &err), str_of(cases[i].says)))
            fail_msg("case %d says \"%.*s\"", i, STR_ARG(err_line(a, &err)));
    }
    arena_reset(a);
}

static void what_is_no_spreadsheet_is_refused(void **state)
{
    struct setting *t = *state;
    struct err      err = { 0 };
    int             rows = 0;

    unlink(t->path);
    assert_false(xlsx_read_file(t->path, row_count, &rows, &err));
    assert_int_equal(err.code, ERR_FILE);
    err_clear(&err);
    assert_false(xlsx_read_file(t->folder, row_count, &rows, &err));
    err_clear(&err);
    FILE *f = fopen(t->path, "w");
    fputs("a;b\n1;2\n", f);
    fclose(f);
    assert_false(xlsx_read_file(t->path, row_count, &rows, &err));
    assert_int_equal(err.code, ERR_BODY_SYNTAX);
    err_clear(&err);
    zipFile zip = zipOpen(t->path, APPEND_STATUS_CREATE);
    part_add(zip, "word/document.xml", STR("<d/>"));
    zipClose(zip, NULL);
    assert_false(xlsx_read_file(t->path, row_count, &rows, &err));
    assert_int_equal(err.code, ERR_BODY_SYNTAX);
}

static void book_write(struct setting *t, int rows)
{
    struct xlsx *x;
    struct err   err = { 0 };

    assert_true(xlsx_create(&t->arena, t->path, STR("Заказы [июнь]: 1/2 и ещё очень длинное имя"), &x, &err));
    xlsx_cell(x, XLSX_TEXT, STR("Номер"), false);
    xlsx_cell(x, XLSX_NUMBER, STR("Штук"), false);
    xlsx_cell(x, XLSX_MONEY, STR("Сумма"), false);
    xlsx_cell(x, XLSX_DATE, STR("Создан"), false);
    xlsx_cell(x, XLSX_DATE, STR("День"), true);
    for (int i = 0; i < rows; i++) {
        xlsx_cell(x, XLSX_TEXT, STR("=1+1 <&\"Ә\r\n_x0041_ _x"), false);
        xlsx_cell(x, XLSX_NUMBER, STR("3"), false);
        xlsx_cell(x, XLSX_MONEY, STR("-1234567.89"), false);
        xlsx_cell(x, XLSX_DATE, STR("2024-02-29T23:59:59+05:00"), false);
        xlsx_cell(x, XLSX_DATE, STR("2026-01-15"), true);
    }
    xlsx_cell(x, XLSX_NUMBER, STR("12345678901234567890"), false);
    xlsx_cell(x, XLSX_MONEY, STR("нет"), false);
    xlsx_cell(x, XLSX_TEXT, STR(""), false);
    xlsx_cell(x, XLSX_DATE, STR("2023-02-29"), false);
    xlsx_cell(x, XLSX_DATE, STR("2023"), true);
    assert_true(xlsx_finish(x, &err));
}

static void what_is_written_is_read_again(void **state)
{
    struct setting *t = *state;
    struct seen     s = { .text = buf_in(&t->arena) };
    struct err      err = { 0 };

    book_write(t, 1);
    if (!xlsx_read_file(t->path, row_note, &s, &err))
        fail_msg("%.*s", STR_ARG(err_line(&t->arena, &err)));
    assert_str(buf_str(&s.text),
               "1:Номер|Штук|Сумма|Создан|День "
               "2:=1+1 <&\"Ә\r\n_x0041_ _x|3|-1234567.89|2024-02-29T23:59:59|2026-01-15 "
               "3:12345678901234567890|нет||2023-02-29|2023 ");
}

static void an_export_that_cannot_be_written_says_so(void **state)
{
    struct setting *t = *state;
    struct xlsx    *x;
    struct err      err = { 0 };

    assert_false(xlsx_create(&t->arena, "/nowhere/at/all.xlsx", STR(""), &x, &err));
    assert_int_equal(err.code, ERR_FILE);
}

static void reading_stops_when_told(void **state)
{
    struct setting *t = *state;
    struct seen     s = { .text = buf_in(&t->arena), .rows_max = 1 };
    struct err      err = { 0 };

    book_write(t, 5);
    assert_true(xlsx_read_file(t->path, row_note, &s, &err));
    assert_int_equal(s.rows, 1);
}

/* Every cut and thousands of changed bytes: an error or rows, never a crash, and never rows with wrong bytes in silence
 * where the checksum could tell. */
static void cut_and_damaged_files_do_no_harm(void **state)
{
    struct setting *t = *state;
    int             rows;
    FILE           *f;

    book_write(t, 3);
    f = fopen(t->path, "rb");
    char  *whole = arena_alloc(&t->arena, 65536), *bad = arena_alloc(&t->arena, 65536);
    size_t len = fread(whole, 1, 65536, f);
    fclose(f);
    assert_in_range(len, 1000, 65535);

    /* The last six bytes of a zip of this size are all zero, and the library takes missing ones for that. */
    for (size_t cut = 0; cut < len - 6; cut += cut + 40 > len ? 1 : 37) {
        struct err err = { 0 };
        f = fopen(t->path, "wb");
        fwrite(whole, 1, cut, f);
        fclose(f);
        if (xlsx_read_file(t->path, row_count, &rows, &err))
            fail_msg("read when cut at %zu of %zu", cut, len);
        assert_true(err_is_set(&err));
    }
    unsigned seed = 5;
    for (int round = 0; round < 2000; round++) {
        struct err err = { 0 };
        memcpy(bad, whole, len);
        for (int k = 0; k <= round % 4; k++) {
            seed = seed * 1664525u + 1013904223u;
            bad[(seed >> 8) % len] = (char)(seed >> 3);
        }
        f = fopen(t->path, "wb");
        fwrite(bad, 1, len, f);
        fclose(f);
        if (xlsx_read_file(t->path, row_count, &rows, &err) == err_is_set(&err))
            fail_msg("round %d", round);
    }
}

static void number_formats_tell_dates_from_numbers(void **state)
{
    struct setting *t = *state;
    static const struct { const char *code; enum xlsx_style want; } codes[] = {
        { "General", XLSX_STYLE_PLAIN }, { "0.00", XLSX_STYLE_PLAIN }, { "#,##0.00\\ \"дней\"", XLSX_STYLE_PLAIN },
        { "[Red]#,##0", XLSX_STYLE_PLAIN }, { "@", XLSX_STYLE_PLAIN }, { "0.00E+00", XLSX_STYLE_PLAIN }, { "", XLSX_STYLE_PLAIN },
        { "dd.mm.yyyy", XLSX_STYLE_DATE }, { "[$-419]d mmmm yyyy;@", XLSX_STYLE_DATE }, { "mmm-yy", XLSX_STYLE_DATE },
        { "dd/mm/yy hh:mm", XLSX_STYLE_DATE_TIME }, { "yyyy\\-mm\\-dd\\Thh:mm:ss.000", XLSX_STYLE_DATE_TIME },
        { "h:mm AM/PM", XLSX_STYLE_TIME }, { "mm:ss.0", XLSX_STYLE_TIME }, { "[h]:mm", XLSX_STYLE_DATE },
    };
    static const struct { const char *serial; enum xlsx_style style; const char *want; } dates[] = {
        { "1", XLSX_STYLE_DATE, "1900-01-01" }, { "59", XLSX_STYLE_DATE, "1900-02-28" }, { "61", XLSX_STYLE_DATE, "1900-03-01" },
        { "45351", XLSX_STYLE_DATE, "2024-02-29" }, { "2958465", XLSX_STYLE_DATE, "9999-12-31" },
        { "2958466", XLSX_STYLE_DATE, "2958466" }, { "-1", XLSX_STYLE_DATE, "-1" }, { "4.5E4", XLSX_STYLE_DATE, "4.5E4" },
        { "45292.999999999", XLSX_STYLE_DATE_TIME, "2024-01-02T00:00:00" }, { "45292.25", XLSX_STYLE_DATE, "2024-01-01T06:00:00" },
        { "45292.52436342593", XLSX_STYLE_DATE_TIME, "2024-01-01T12:35:05" }, { "0.5", XLSX_STYLE_DATE, "0.5" },
        { "x", XLSX_STYLE_DATE, "x" }, { "", XLSX_STYLE_DATE, "" }, { "45292", XLSX_STYLE_PLAIN, "45292" },
    };
    for (int i = 0; i < COUNT_OF(codes) - 1; i++)
        if (xlsx_style_of_code(str_of(codes[i].code)) != codes[i].want)
            fail_msg("\"%s\": %d", codes[i].code, (int)xlsx_style_of_code(str_of(codes[i].code)));
    for (int i = 0; i < COUNT_OF(dates); i++)
        assert_str(xlsx_date_text(&t->arena, str_of(dates[i].serial), dates[i].style, false), dates[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_of_every_kind_become_text),
        cmocka_unit_test(hostile_books_are_refused_with_a_reason),
        cmocka_unit_test(what_is_no_spreadsheet_is_refused),
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(an_export_that_cannot_be_written_says_so),
        cmocka_unit_test(reading_stops_when_told),
        cmocka_unit_test(cut_and_damaged_files_do_no_harm),
        cmocka_unit_test(number_formats_tell_dates_from_numbers),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_drop);
}
