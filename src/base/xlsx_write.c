/* Writing spreadsheets by libxlsxwriter, a row at a time. */
#include "base/xlsx.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <xlsxwriter.h>

#define ROWS_MAX       1048576
#define COLUMNS_MAX    16384
#define TEXT_CHARS_MAX 32767 /* Excel refuses the file above it */
#define EXACT_DIGITS   15    /* what a spreadsheet's numbers keep */

struct xlsx {
    lxw_workbook  *book;
    lxw_worksheet *sheet;
    lxw_format    *heading, *money, *date, *date_time;
    lxw_row_t      row;
    lxw_col_t      column;
    struct arena   scratch; /* one cell */
    const char    *path;
    const char    *trouble; /* the first failure; told by xlsx_finish */
};

/* Excel takes 31 characters, none of []:*?/\, no apostrophe at the ends, not nothing. */
static char *sheet_name(struct arena *arena, str name)
{
    size_t cut = 0, chars = 0;

    while (cut < name.len && (chars < 31 || ((unsigned char)name.at[cut] & 0xc0) == 0x80)) {
        chars += ((unsigned char)name.at[cut] & 0xc0) != 0x80;
        cut++;
    }
    char *at = str_zero(arena, str_sub(name, 0, cut));
    for (char *c = at; *c; c++)
        if (strchr("[]:*?/\\'", *c) || (unsigned char)*c < 0x20)
            *c = ' ';
    return str_trim(str_of(at)).len ? at : str_zero(arena, STR("Sheet1"));
}

bool xlsx_create(struct arena *arena, const char *path, str sheet, struct xlsx **out, struct err *err)
{
    lxw_workbook_options options = { .constant_memory = LXW_TRUE, .use_zip64 = LXW_TRUE };
    struct xlsx         *x = ARENA_NEW(arena, struct xlsx);

    /* The library opens the file only at the end; whoever exports a million rows wants to know now. */
    FILE *f = fopen(path, "wbe");
    if (!f)
        return err_set(err, ERR_FILE, NULL, "cannot make %s: %s", path, strerror(errno));
    fclose(f);
    x->path = str_zero(arena, str_of(path));
    x->book = workbook_new_opt(x->path, &options);
    if (!x->book)
        return err_set(err, ERR_FILE, NULL, "cannot make %s", path);
    x->sheet = workbook_add_worksheet(x->book, sheet_name(arena, sheet));
    if (!x->sheet) {
        workbook_close(x->book);
        return err_set(err, ERR_FILE, NULL, "cannot make a sheet in %s", path);
    }
    x->heading = workbook_add_format(x->book);
    format_set_bold(x->heading);
    x->money = workbook_add_format(x->book);
    format_set_num_format(x->money, "#,##0.00");
    x->date = workbook_add_format(x->book);
    format_set_num_format(x->date, "yyyy-mm-dd");
    x->date_time = workbook_add_format(x->book);
    format_set_num_format(x->date_time, "yyyy-mm-dd hh:mm:ss");
    worksheet_freeze_panes(x->sheet, 1, 0);
    worksheet_set_column(x->sheet, 0, CSV_COLUMNS_MAX - 1, 16, NULL);
    *out = x;
    return true;
}

/* A number goes in as a number only if the spreadsheet shows the same digits again: an article of 20 digits
 * stays text. */
static bool number_read(struct xlsx *x, str text, double *out)
{
    size_t digits = 0, i = 0;
    bool   has_point = false;

    if (i < text.len && text.at[i] == '-')
        i++;
    for (; i < text.len; i++) {
        char c = text.at[i];
        if (c >= '0' && c <= '9')
            digits++;
        else if (c == '.' && !has_point && digits)
            has_point = true;
        else
            return false;
    }
    if (!digits || digits > EXACT_DIGITS)
        return false;
    *out = strtod(str_zero(&x->scratch, text), NULL);
    return true;
}

static bool number_of(str text, size_t from, size_t len, int low, int high, int *out)
{
    *out = 0;
    if (from + len > text.len)
        return false;
    for (size_t i = from; i < from + len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
        *out = *out * 10 + (text.at[i] - '0');
    }
    return *out >= low && *out <= high;
}

/* "2024-01-31", "2024-01-31T10:20:30" and what may follow (fraction, zone). */
static bool date_read(str text, lxw_datetime *out, bool *has_time)
{
    static const int month_days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int              second = 0;

    *out = (lxw_datetime){ 0 };
    if (!number_of(text, 0, 4, 1900, 9999, &out->year) || !number_of(text, 5, 2, 1, 12, &out->month) ||
        text.at[4] != '-' || text.at[7] != '-')
        return false;
    bool is_leap = (out->year % 4 == 0 && out->year % 100 != 0) || out->year % 400 == 0;
    if (!number_of(text, 8, 2, 1, month_days[out->month - 1] + (out->month == 2 && is_leap), &out->day))
        return false;
    *has_time = text.len > 10;
    if (!*has_time)
        return true;
    if ((text.at[10] != 'T' && text.at[10] != ' ') || !number_of(text, 11, 2, 0, 23, &out->hour) ||
        !number_of(text, 14, 2, 0, 59, &out->min) || text.at[13] != ':')
        return false;
    if (text.len > 16 && text.at[16] == ':' && !number_of(text, 17, 2, 0, 59, &second))
        return false;
    out->sec = second;
    return true;
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Text that happens to hold _x0041_ would be shown as A. The library writes control signs in that way, but
 * does not keep such text from being taken for one. */
static str escape(struct arena *arena, str text)
{
    struct buf b = buf_in(arena);

    if (str_find(text, STR("_x")) < 0)
        return text;
    for (size_t i = 0; i < text.len; i++) {
        const char *c = text.at + i;
        if (i + 6 < text.len && c[0] == '_' && c[1] == 'x' && is_hex(c[2]) && is_hex(c[3]) && is_hex(c[4]) &&
            is_hex(c[5]) && c[6] == '_')
            buf_add(&b, STR("_x005F"));
        buf_add_char(&b, *c);
    }
    return buf_str(&b);
}

static const char *text_write(struct xlsx *x, str text)
{
    size_t units = 0, cut = 0;

    /* UTF-16 units, as Excel counts: four bytes of UTF-8 make two. */
    while (cut < text.len) {
        unsigned char c = (unsigned char)text.at[cut];
        size_t        more = (c & 0xc0) == 0x80 ? 0 : c >= 0xf0 ? 2 : 1;
        if (units + more > TEXT_CHARS_MAX)
            break;
        units += more;
        cut++;
    }
    char     *zero = str_zero(&x->scratch, escape(&x->scratch, str_sub(text, 0, cut)));
    lxw_error e = worksheet_write_string(x->sheet, x->row, x->column, zero, x->row == 0 ? x->heading : NULL);
    return e ? lxw_strerror(e) : NULL;
}

static const char *cell_write(struct xlsx *x, enum xlsx_cell kind, str text)
{
    lxw_datetime when;
    double       number;
    bool         has_time;
    lxw_error    e;

    if (!text.len)
        return NULL;
    if (x->row == 0 || kind == XLSX_TEXT)
        return text_write(x, text);
    if (kind == XLSX_DATE) {
        if (!date_read(text, &when, &has_time))
            return text_write(x, text);
        e = worksheet_write_datetime(x->sheet, x->row, x->column, &when, has_time ? x->date_time : x->date);
    } else {
        if (!number_read(x, text, &number))
            return text_write(x, text);
        e = worksheet_write_number(x->sheet, x->row, x->column, number, kind == XLSX_MONEY ? x->money : NULL);
    }
    return e ? lxw_strerror(e) : NULL;
}

void xlsx_cell(struct xlsx *x, enum xlsx_cell kind, str text, bool last)
{
    if (!x->trouble && x->row >= ROWS_MAX)
        x->trouble = "more rows than a sheet can hold (1048576)";
    if (!x->trouble && x->column >= COLUMNS_MAX)
        x->trouble = "more columns than a sheet can hold (16384)";
    if (!x->trouble)
        x->trouble = cell_write(x, kind, text);
    arena_reset(&x->scratch);
    x->column = last ? 0 : (lxw_col_t)(x->column + 1);
    x->row += last && x->row < ROWS_MAX;
}

bool xlsx_finish(struct xlsx *x, struct err *err)
{
    lxw_error e = workbook_close(x->book); /* frees the book, also when it fails */

    arena_done(&x->scratch);
    if (e && !x->trouble)
        x->trouble = lxw_strerror(e);
    if (x->trouble)
        return err_set(err, ERR_FILE, NULL, "cannot write %s: %s", x->path, x->trouble);
    return true;
}
