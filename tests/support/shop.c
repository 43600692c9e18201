#include "support/shop.h"

#include "base/secret.h"

struct seeding { struct test_shop *s; };

static bool seed(struct db *db, void *ctx, struct err *err)
{
    static const struct sql add = { "test.account",
        "INSERT INTO channel_accounts (id, channel, name, base_url, mode, state, sealed, options, accepted_means_assembling, "
        "hook_digest, error_code, error_text, version, created_at, updated_at) "
        "VALUES ($1, 'kaspi', 'Kaspi', '', 'live', 'active', '', '{}', 0, '', '', '', 1, 1, 1)", NULL };
    struct seeding *job = ctx;
    CLEANUP(stmt_done) struct stmt st = db_query(db, &add);
    bind_id(&st, 1, job->s->account);
    return db_exec(&st, err);
}

void test_shop_init(struct test_shop *s, void **state)
{
    int applied;
    *s         = (struct test_shop){ .store = *state, .account = { 77 } };
    s->pool    = test_store_open(s->store);
    assert_true(secret_init(&s->err));
    if (!migrate(s->pool, &applied, &s->err))
        fail_msg("%s", s->err.item[0].text);
    s->shop = (struct shop){ .name = STR("Карапуз"), .country = STR("KZ"), .currency = STR("KZT"),
                             .zone = zone_find(STR("Asia/Almaty")), .hold_s = 5 };
    static const enum sla_step steps[] = { SLA_CONFIRM, SLA_ASSEMBLE };
    for (int i = 0; i < COUNT_OF(steps); i++)
        *policy_list_add(&s->shop.book.policies, &s->arena) = (struct policy){
            .id = { i + 1 }, .name = STR("24 h"), .step = steps[i], .minutes = 24 * 60, .clock = SLA_WALL,
            .red_minutes = 120, .red_share_bp = 2000,
        };
    s->work = (struct work){ .db = db_borrow(s->pool), .arena = &s->arena, .ids = &s->ids, .now = { SHOP_NOW }, .shop = &s->shop,
                             .actor = { .kind = ACTOR_USER, .id = { 5 }, .name = STR("Айгерим") } };
    struct seeding job = { s };
    assert_true(db_tx(s->work.db, seed, &job, &s->err));
}

void test_shop_done(struct test_shop *s)
{
    db_return(s->pool, s->work.db);
    db_close(s->pool);
    arena_done(&s->arena);
}

void test_shop_advance(struct test_shop *s, int64_t ms)
{
    s->work.now.ms += ms;
}

struct order_draft a_draft(struct test_shop *s, const char *external_id)
{
    struct order_draft d = {
        .external_id = str_of(external_id), .number = str_of(external_id), .external_status = STR("APPROVED_BY_BANK"),
        .status_key = STR("APPROVED_BY_BANK"), .currency = STR("KZT"), .has_total = true, .goods_total = { 1520000 },
        .grand_total = { 1520000 }, .placed_at = { s->work.now.ms - HOUR_MS }, .has_lines = true,
    };
    d.customer.name  = STR("Мария Иванова");
    d.customer.phone = STR("7771234567");
    *draft_line_list_add(&d.lines, &s->arena) = (struct draft_line){
        .external_offer_id = STR("NUTR-1"), .article = STR("NUTR-1"), .title = STR("Смесь Nutrilon 1, 800 г"), .qty = 2,
        .has_price = true, .unit_price = { 760000 }, .line_total = { 1520000 },
    };
    return d;
}

struct intake_counts take_drafts(struct test_shop *s, const struct order_draft *drafts, int count, enum hub_status to,
                                 const char *key)
{
    struct intake_item *items = ARENA_ARRAY(&s->arena, struct intake_item, count + 1);
    for (int i = 0; i < count; i++)
        items[i] = (struct intake_item){
            .event_key = str_print(&s->arena, "%.*s:%s", STR_ARG(drafts[i].external_id), key),
            .external_id = drafts[i].external_id, .payload = STR("{}"), .draft = &drafts[i], .status = STATUS_KNOWN,
            .choice = { .to = to },
        };
    struct intake_page page = { .account_id = s->account, .channel = STR("kaspi"), .account_name = STR("Kaspi"),
                                .stream = STR("active"), .items = items, .count = count };
    struct intake_counts counts = { 0 };
    struct actor         who    = s->work.actor;
    if (!intake_apply(&s->work, &page, &counts, &s->err))
        fail_msg("%s: %s", s->err.item[0].text, s->err.trail);
    s->work.actor = who;
    return counts;
}

struct order the_order(struct test_shop *s, const char *external_id)
{
    struct order_list list = { 0 };
    str               id   = str_of(external_id);
    assert_true(orders_by_external(s->work.db, s->account, &id, 1, &s->arena, &list, &s->err));
    assert_int_equal(list.count, 1);
    return list.at[0];
}

static bool run_tx(struct db *db, void *ctx, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query_text(db, "test.run", str_of(ctx));
    return db_exec(&st, err);
}

void test_shop_run(struct test_shop *s, const char *sql)
{
    if (!db_tx(s->work.db, run_tx, (void *)(uintptr_t)sql, &s->err))
        fail_msg("%s: %s", sql, s->err.item[0].text);
}

int64_t count_rows(struct test_shop *s, const char *sql)
{
    CLEANUP(stmt_done) struct stmt st = db_query_text(s->work.db, "test.count", str_of(sql));
    int64_t n = db_row(&st) ? col_int(&st, 0) : -1;
    if (!db_ok(&st, &s->err))
        fail_msg("%s: %s", sql, s->err.item[0].text);
    return n;
}
