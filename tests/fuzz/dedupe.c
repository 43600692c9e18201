/* A file of any bytes: rows, columns, readers and clusters. The same bytes in other pieces give the same rows. */
#include "fuzz/fuzz.h"
#include "identity/cluster.h"
#include "identity/table.h"

#define ROWS_MAX 300

static int rows_read(const uint8_t *data, size_t size, size_t piece, struct arena *a, struct person *out)
{
    struct table t = { .delimiter = 0 };
    str          cells[TABLE_CELLS_MAX];
    int          columns[COLUMN_COUNT], count, rows = 0;
    bool         heading = false;
    for (size_t at = 0; at <= size;) {
        size_t room, n = size - at < piece ? size - at : piece;
        char  *to = table_room(&t, &room);
        n = n < room ? n : room;
        if (n)
            memcpy(to, data + at, n);
        at += n;
        table_filled(&t, n, at == size);
        while (table_row(&t, cells, &count)) {
            struct person_record r;
            FUZZ_CHECK(count >= 0 && count <= TABLE_CELLS_MAX);
            if (!heading) {
                table_columns(cells, count, columns);
                heading = true;
                continue;
            }
            table_record(a, cells, count, columns, &r);
            if (rows < ROWS_MAX)
                person_read(a, &r, STR("KZ"), NULL, &out[rows++]);
        }
        if (at == size)
            break;
    }
    table_done(&t);
    return rows;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena   a = { .ceiling_bytes = FUZZ_ARENA_BYTES };
    struct person *whole = ARENA_ARRAY(&a, struct person, ROWS_MAX), *pieces = ARENA_ARRAY(&a, struct person, ROWS_MAX);
    int            n = rows_read(data, size, size + 1, &a, whole);
    FUZZ_CHECK(rows_read(data, size, 700, &a, pieces) == n);
    FUZZ_CHECK(n == 0 || memcmp(whole, pieces, sizeof *whole * (size_t)n) == 0);
    int *cluster = ARENA_ARRAY(&a, int, ROWS_MAX);
    identity_mark_shared(&a, whole, n);
    identity_cluster(&a, whole, n, NULL, 0, NULL, cluster, NULL);
    for (int i = 0; i < n; i++)
        FUZZ_CHECK(cluster[i] >= 0 && cluster[i] <= i && cluster[cluster[i]] == cluster[i]);
    arena_done(&a);
    return 0;
}
