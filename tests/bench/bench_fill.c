/* bench_fill FILE ORDERS [CUSTOMERS] - makes a database of a shop with years behind it; see fill.h. For whoever wants to look at a big shop. */
#include "base/secret.h"
#include "bench/fill.h"
#include "db/migrate.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    char           url[600];
    struct db_pool *pool;
    struct err      err = { 0 };
    int             applied;
    int64_t         orders    = argc > 2 ? strtoll(argv[2], NULL, 10) : 0;
    int64_t         customers = argc > 3 ? strtoll(argv[3], NULL, 10) : orders;

    if (argc > 4 || orders < 1 || customers > 20000000) {
        fprintf(stderr, "Usage: bench_fill FILE ORDERS [CUSTOMERS]\n");
        return 2;
    }
    snprintf(url, sizeof url, "sqlite:%s", argv[1]);
    if (!secret_init(&err) || !db_open(url, NULL, &pool, &err) || !migrate(pool, &applied, &err)) {
        fprintf(stderr, "%s\n", err.item[0].text);
        return 1;
    }
    db_close(pool);
    fill_sqlite(argv[1], orders, customers);
    return 0;
}
