/* pg.h - databases for tests: a fresh SQLite file, a fresh PostgreSQL database, empty or with the tables of today.
 *
 * PostgreSQL is the server of $SAUDA_TEST_PG (postgresql://…), which tests/support/with-postgres.sh starts. Without it the
 * PostgreSQL half of a test is skipped, aloud.
 *
 *     static void rows_come_back(void **state) { struct db_pool *pool = test_store_open(*state); … db_close(pool); }
 *     …
 *     return test_stores(tests, COUNT_OF(tests));          // runs all of them once per store
 */
#pragma once
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "db/db.h"

struct test_store {
    const char *name;                   /* "sqlite", "postgres" */
    bool        is_postgres;
    char        url[256];               /* of this test's own database */
    char        folder[128];            /* a temporary folder, removed afterwards */
};

/* A connection address of a new, empty database, in static memory until the next call; NULL when $SAUDA_TEST_PG is not set. */
const char *pg_test_url(void);
/* Gives a store with an empty database; false when it is not there. To be followed by test_store_done. */
MUST_CHECK bool test_store_init(struct test_store *, bool postgres);
/* The same with today's tables in it, as migrate() makes them: they are made once and copied. */
MUST_CHECK bool test_store_filled(struct test_store *, bool postgres);
void test_store_done(struct test_store *);
struct db_pool *test_store_open(const struct test_store *);
/* Runs the tests on SQLite and on PostgreSQL; each gets a store of its own as *state, empty or with today's tables. Returns what main
 * should. */
#define test_stores(tests, count) test_stores_((tests), (size_t)(count), false)
#define test_shops(tests, count)  test_stores_((tests), (size_t)(count), true)
int test_stores_(const struct CMUnitTest *tests, size_t count, bool filled);
