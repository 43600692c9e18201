/* shop.h - a migrated database with one shop and one channel account, for tests of flows and routes. Source: shop.c. */
#pragma once
#include "db/migrate.h"
#include "deadlines/shop.h"
#include "orders/intake_flow.h"
#include "orders/order_flow.h"
#include "support/pg.h"

#define SHOP_NOW INT64_C(1797393840000)          /* 2026-12-16T04:04:00Z, 9:04 in Almaty */

struct test_shop {
    struct test_store *store;
    struct db_pool    *pool;
    struct arena       arena;
    struct id_source   ids;
    struct shop        shop;
    struct work        work;                      /* of a manager */
    rid                account;
    struct err         err;
};
/* Policies: confirm 24 h wall, assemble 24 h wall; hold window 5 s. */
void test_shop_init(struct test_shop *, void **state);
void test_shop_done(struct test_shop *);
void test_shop_advance(struct test_shop *, int64_t ms);

/* A draft of a new order with one line; change what the test is about. */
struct order_draft a_draft(struct test_shop *, const char *external_id);
/* Applies drafts as one page; event keys are made of the id and `key`. */
struct intake_counts take_drafts(struct test_shop *, const struct order_draft *, int count, enum hub_status, const char *key);
struct order the_order(struct test_shop *, const char *external_id);
void test_shop_run(struct test_shop *, const char *sql);  /* changes rows as no code of ours would */
int64_t count_rows(struct test_shop *, const char *sql);    /* "SELECT COUNT(*) …" or any single number */
