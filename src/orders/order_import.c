#include "orders/import_own.h"

#include "base/json_read.h"
#include "base/secret.h"
#include "base/xlsx.h"

#define JSON_LINE_BYTES_MAX ((size_t)1 << 20)
#define CELL_BYTES_MAX      4096        /* more than any column takes: the rest would only fill memory */
#define RAW_BYTES_MAX       65536       /* of a row, kept for the file of bad rows */
#define KEYS_KNOWN_MAX      200

/* A key of JSON that was looked up before: folding a heading for each order would take longer than all the rest. */
struct key_known { str key; enum transfer_column col; };

struct reader {
    const struct import_options *options;
    struct import_rules  rules;
    struct arena        *batch;         /* what the callback gets; it may reset it */
    struct arena        *kept;          /* the sheet's: headings, numbers seen */
    struct import_sheet *sheet;
    import_order_fn     *tell;
    void                *ctx;
    uint8_t              column[CSV_COLUMNS_MAX];
    int                  columns;
    bool                 has_head;
    bool                 is_open;       /* an order is being put together */
    struct import_order  order;
    struct import_row   *first;
    int                  rows;          /* of it */
    struct key_known     known[KEYS_KNOWN_MAX];
    int                  known_count;
    uint64_t            *seen;          /* hashes of the keys that had their turn */
    size_t               seen_count, seen_size;
};

enum import_format import_format_of(str bytes)
{
    str head = bytes;
    if (str_starts(head, STR("PK\x03\x04")))
        return IMPORT_XLSX;
    if (str_starts(head, STR("\xef\xbb\xbf")))
        head = str_sub(head, 3, SIZE_MAX);
    head = str_trim(str_sub(head, 0, 4096));
    return str_starts(head, STR("{")) ? IMPORT_JSON : IMPORT_CSV;
}

/* ---- which orders had their turn ---- */

static bool seen_add(struct reader *r, uint64_t hash)
{
    hash |= 1;                          /* 0 is a free place */
    if (r->seen_count * 2 >= r->seen_size) {
        size_t    size = r->seen_size ? r->seen_size * 2 : 1024;
        uint64_t *at   = ARENA_ARRAY(r->kept, uint64_t, size);
        for (size_t i = 0; i < r->seen_size; i++)
            for (size_t k = r->seen[i] & (size - 1); r->seen[i]; k = (k + 1) & (size - 1))
                if (!at[k]) {
                    at[k] = r->seen[i];
                    break;
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

/* ---- orders out of rows ---- */

static bool order_close(struct reader *r, struct err *err)
{
    if (!r->is_open)
        return true;
    r->is_open = false;
    import_order_end(r->batch, &r->rules, &r->order);
    str id = r->order.draft.external_id;
    if (id.len && !seen_add(r, secret_hash64(id)))
        import_trouble(r->batch, &r->order, r->order.row, COL_NUMBER, "stands twice in the file: rows of one order must stand together");
    return r->tell(r->ctx, &r->order, err);
}

static str key_of(const struct import_row *row)
{
    return row->told >> COL_EXTERNAL_ID & 1 ? row->cells[COL_EXTERNAL_ID] : row->cells[COL_NUMBER];
}

/* What belongs to the order must be the same in all its rows, or be left out in the later ones. */
static void compare_rows(struct reader *r, const struct import_row *row)
{
    for (int i = 0; i < COL_COUNT; i++) {
        if (transfer_columns[i].line || !(row->told >> i & 1) || str_eq(row->cells[i], r->first->cells[i]))
            continue;
        import_trouble(r->batch, &r->order, row->row, (enum transfer_column)i,
                       str_zero(r->batch, str_print(r->batch, "differs from row %lld of the same order", (long long)r->order.row)));
    }
}

static struct import_row *row_copy(struct arena *a, const struct import_row *row)
{
    struct import_row *copy = arena_copy(a, row, sizeof *row);
    for (int i = 0; i < COL_COUNT; i++)
        copy->cells[i] = str_copy(a, utf8_cut(row->cells[i], CELL_BYTES_MAX));
    return copy;
}

static void raw_keep(struct reader *r, const struct import_raw *raw)
{
    str   *cells = ARENA_ARRAY(r->batch, str, raw->count + 1);
    size_t left  = RAW_BYTES_MAX;
    for (int i = 0; i < raw->count; i++) {
        cells[i] = str_copy(r->batch, utf8_cut(raw->cells[i], left));
        left -= cells[i].len;
    }
    *import_raw_list_add(&r->order.raw, r->batch) = (struct import_raw){ raw->row, cells, raw->count };
}

/* `raw` may be NULL: a further line of an order that came whole. */
static bool row_take(struct reader *r, const struct import_row *row, const struct import_raw *raw, struct err *err)
{
    str key = key_of(row);
    if (++r->sheet->rows > IMPORT_ROWS_MAX)
        return err_set(err, ERR_LIMIT, NULL, "the file has more than %d rows", IMPORT_ROWS_MAX);
    bool goes_on = r->is_open && key.len && str_eq(key, key_of(r->first));
    if (!goes_on && !order_close(r, err))
        return false;
    r->rows = goes_on ? r->rows + 1 : 1;
    if (r->rows > IMPORT_LINES_MAX) {
        if (r->rows == IMPORT_LINES_MAX + 1)
            import_trouble(r->batch, &r->order, row->row, COL_NUMBER, "has more than 1000 lines");
        return true;
    }
    struct import_row *copy = row_copy(r->batch, row);
    if (goes_on) {
        compare_rows(r, copy);
    } else {
        import_row_first(r->batch, &r->rules, copy, &r->order);
        r->first   = copy;
        r->is_open = true;
    }
    import_row_line(r->batch, &r->rules, copy, &r->order);
    if (raw)
        raw_keep(r, raw);
    return true;
}

/* ---- headings ---- */

/* "number=Заказ №,title=Позиция": which of ours does this heading stand for? */
static enum transfer_column mapped(struct reader *r, str heading)
{
    str rest = r->options->map, pair, ours;
    while (rest.len && str_split(&rest, ',', &pair)) {
        str theirs = pair;
        if (str_has(pair, STR("=")) && str_split(&theirs, '=', &ours) && str_eq(str_trim(theirs), str_trim(heading)))
            for (int i = 0; i < COL_COUNT; i++)
                if (str_is(str_trim(ours), transfer_columns[i].name))
                    return (enum transfer_column)i;
    }
    return COL_COUNT;
}

static bool map_ok(const struct reader *r, struct err *err)
{
    str rest = r->options->map, pair, ours;
    while (rest.len && str_split(&rest, ',', &pair)) {
        bool known = false;
        str  theirs = pair;
        if (!str_has(pair, STR("=")) || !str_split(&theirs, '=', &ours))
            return err_set(err, ERR_QUERY_INVALID, "map", "must be \"ours=theirs,…\", as in number=Заказ");
        for (int i = 0; i < COL_COUNT; i++)
            known |= str_is(str_trim(ours), transfer_columns[i].name);
        if (!known)
            return err_set(err, ERR_QUERY_INVALID, "map", "\"%.*s\" is none of our columns", STR_ARG(utf8_cut(ours, 60)));
    }
    return true;
}

static void pass_over(struct reader *r, str heading)
{
    for (int i = 0; i < r->sheet->unknown.count; i++)
        if (str_eq(r->sheet->unknown.at[i], heading))
            return;
    if (heading.len && r->sheet->unknown.count < 100)
        *str_list_add(&r->sheet->unknown, r->kept) = str_copy(r->kept, utf8_cut(heading, 100));
}

static enum transfer_column column_of(struct reader *r, str heading)
{
    for (int i = 0; i < r->known_count; i++)
        if (str_eq(r->known[i].key, heading))
            return r->known[i].col;
    enum transfer_column col = mapped(r, heading);
    if (col == COL_COUNT)
        col = transfer_find(r->batch, heading);
    if (r->known_count < KEYS_KNOWN_MAX && heading.len <= 200)
        r->known[r->known_count++] = (struct key_known){ str_copy(r->kept, heading), col };
    return col;
}

static bool head_take(struct reader *r, const struct csv_row *row, struct err *err)
{
    uint64_t taken = 0;
    r->has_head = true;
    r->columns  = row->count;
    for (int pass = 0; pass < 2; pass++)                    /* what was mapped by name goes before what was guessed */
        for (int i = 0; i < row->count; i++) {
            enum transfer_column col = pass ? column_of(r, row->cells[i]) : mapped(r, row->cells[i]);
            if (pass == 0)
                r->column[i] = COL_COUNT;
            if (r->column[i] != COL_COUNT || col == COL_COUNT || taken >> col & 1)
                continue;
            r->column[i] = (uint8_t)col;
            taken |= UINT64_C(1) << col;
        }
    for (int i = 0; i < row->count; i++) {
        *str_list_add(&r->sheet->headings, r->kept) = str_copy(r->kept, row->cells[i]);
        if (r->column[i] == COL_COUNT)
            pass_over(r, row->cells[i]);
    }
    if (taken & (UINT64_C(1) << COL_NUMBER | UINT64_C(1) << COL_EXTERNAL_ID))
        return true;
    return err_set(err, ERR_BODY_INVALID, "number", "no column holds the order's number; name it with map, as in number=%.*s",
                   STR_ARG(row->count ? utf8_cut(row->cells[0], 60) : STR("Heading")));
}

/* Our own first row: what the times are in. */
static void mark_take(struct reader *r, const struct csv_row *row)
{
    r->rules.is_ours = true;
    for (int i = 0; i + 1 < row->count; i++)
        if (str_is(row->cells[i], "zone")) {
            const struct zone *zone = zone_find(row->cells[i + 1]);
            r->rules.zone = zone ? zone : r->rules.zone;
        }
}

/* ---- tables ---- */

/* The apostrophe that keeps a spreadsheet from running a cell is not a part of it. */
static str cell_bare(const struct reader *r, str cell)
{
    if (!r->rules.is_ours)
        return str_trim(cell);
    bool guarded = r->sheet->format == IMPORT_CSV && cell.len > 1 && cell.at[0] == '\'';
    str  behind  = guarded ? str_trim(str_sub(cell, 1, SIZE_MAX)) : (str){ 0 };
    if (guarded && ((behind.len && strchr("=+-@", behind.at[0])) || cell.at[1] == '\t' || cell.at[1] == '\r'))
        return str_sub(cell, 1, SIZE_MAX);
    return cell;
}

static bool table_row(void *ctx, const struct csv_row *cells, struct err *err)
{
    struct reader    *r   = ctx;
    struct import_row row = { .row = cells->line };
    bool              any = false;

    for (int i = 0; i < cells->count && !any; i++)
        any = str_trim(cells->cells[i]).len > 0;
    if (!any)
        return true;
    if (!r->has_head && str_is(cells->cells[0], TRANSFER_MARK)) {
        mark_take(r, cells);
        return true;
    }
    for (int i = 0; i < cells->count; i++)
        if (!utf8_valid(cells->cells[i]))
            return err_set(err, ERR_BODY_SYNTAX, NULL, "row %lld: bytes that are no text", (long long)cells->line);
    if (!r->has_head)
        return head_take(r, cells, err);
    for (int i = 0; i < cells->count && i < r->columns; i++) {
        enum transfer_column col = r->column[i];
        str cell = cell_bare(r, cells->cells[i]);
        if (col == COL_COUNT || !cell.len)
            continue;
        row.cells[col] = cell;
        row.told |= UINT64_C(1) << col;
    }
    struct import_raw raw = { cells->line, cells->cells, cells->count };
    return row_take(r, &row, &raw, err);
}

/* ---- JSON lines ---- */

static void json_cells(struct reader *r, const struct json *object, bool of_line, struct import_row *row, struct import_trouble_list *bad)
{
    JSON_EACH(m, object) {
        enum transfer_column col = column_of(r, m->key);
        if (m->kind == JSON_NULL || (!of_line && str_is(m->key, "lines")))
            continue;
        if (col == COL_COUNT || (of_line && !transfer_columns[col].line)) {
            pass_over(r, m->key);
            continue;
        }
        str text = m->kind == JSON_BOOL ? m->truth ? STR("yes") : STR("no") : json_str(m);
        if (m->kind == JSON_ARRAY && (col == COL_TAGS || col == COL_MARKS)) {
            struct buf b = buf_in(r->batch);
            JSON_EACH(word, m)
                buf_print(&b, "%s%.*s", word->index ? "," : "", STR_ARG(json_str(word)));
            text = buf_str(&b);
        } else if (m->kind == JSON_ARRAY || m->kind == JSON_OBJECT) {
            *import_trouble_list_add(bad, r->batch) = (struct import_trouble){ row->row, str_of(transfer_columns[col].name), STR("must be a text or a number") };
            continue;
        }
        if (!text.len)
            continue;
        row->cells[col] = text;
        row->told |= UINT64_C(1) << col;
    }
}

/* An order that came whole in one object: a row per line of it. */
static bool json_order(struct reader *r, const struct json *root, str line, int64_t number, struct err *err)
{
    struct import_trouble_list bad = { 0 };
    struct import_row          row = { .row = number };
    struct import_raw          raw = { number, &line, 1 };
    const struct json *lines = json_get(root, "lines");

    json_cells(r, root, false, &row, &bad);
    if (lines && lines->kind != JSON_ARRAY && lines->kind != JSON_NULL)
        *import_trouble_list_add(&bad, r->batch) = (struct import_trouble){ number, STR("lines"), STR("must be a list") };
    const struct json *first = lines && lines->kind == JSON_ARRAY ? lines->first : NULL;
    struct import_row  whole = row;
    if (first)
        json_cells(r, first, true, &whole, &bad);
    if (!row_take(r, &whole, &raw, err))
        return false;
    for (const struct json *l = first ? first->next : NULL; l; l = l->next) {
        struct import_row next = row;
        json_cells(r, l, true, &next, &bad);
        if (!key_of(&row).len)
            break;
        if (!row_take(r, &next, NULL, err))
            return false;
    }
    for (int i = 0; i < bad.count; i++)
        *import_trouble_list_add(&r->order.troubles, r->batch) = bad.at[i];
    return order_close(r, err);
}

static bool json_broken(struct reader *r, str line, int64_t number, const char *text, struct err *err)
{
    struct import_raw raw = { number, &line, 1 };
    r->order = (struct import_order){ .row = number };
    *import_raw_list_add(&r->order.raw, r->batch) = raw;
    *import_trouble_list_add(&r->order.troubles, r->batch) = (struct import_trouble){ number, STR(""), str_copy(r->batch, str_of(text)) };
    r->sheet->rows++;
    return r->tell(r->ctx, &r->order, err);
}

static bool json_lines(struct reader *r, str bytes, struct err *err)
{
    str line;
    if (str_starts(bytes, STR("\xef\xbb\xbf")))
        bytes = str_sub(bytes, 3, SIZE_MAX);
    r->rules.is_ours = true;            /* JSON has no spreadsheet's habits: what is not there is not guessed */
    for (int64_t number = 1; bytes.len && str_split(&bytes, '\n', &line); number++) {
        const struct json *root = NULL;
        struct err         bad  = { 0 };
        CLEANUP(arena_done) struct arena tree = { 0 };
        if (!str_trim(line).len)
            continue;
        bool ok = json_read(&tree, line, JSON_LINE_BYTES_MAX, &root, &bad);
        if (ok && root->kind != JSON_OBJECT)
            ok = err_set(&bad, ERR_BODY_SYNTAX, NULL, "must be a JSON object");
        line = utf8_mend(&tree, str_sub(line, 0, JSON_LINE_BYTES_MAX));
        if (!(ok ? json_order(r, root, line, number, err) : json_broken(r, line, number, bad.item[0].text, err)))
            return false;
    }
    return true;
}

bool import_read(str bytes, const char *path, const struct import_options *options, struct arena *batch, struct arena *sheet_arena,
                 struct import_sheet *sheet, import_order_fn *tell, void *ctx, struct err *err)
{
    struct reader *r = ARENA_NEW(sheet_arena, struct reader);
    *r = (struct reader){ .options = options, .rules = { options, options->zone, false }, .batch = batch, .kept = sheet_arena,
                          .sheet = sheet, .tell = tell, .ctx = ctx };
    *sheet = (struct import_sheet){ .format = import_format_of(bytes) };
    if (!map_ok(r, err))
        return false;
    bool ok = false;
    switch (sheet->format) {
    case IMPORT_CSV:  ok = csv_read(bytes, table_row, r, err); break;
    case IMPORT_XLSX: ok = xlsx_read_file(path, table_row, r, err); break;
    case IMPORT_JSON: ok = json_lines(r, bytes, err); break;
    }
    if (!ok || !order_close(r, err))
        return false;
    return r->has_head || sheet->format == IMPORT_JSON || err_set(err, ERR_BODY_SYNTAX, NULL, "the file holds no rows");
}
