/* Orders out of and into files: what is exported comes back the same; what people and attackers write is told apart. */
#include "orders/export_flow.h"
#include "orders/import_flow.h"
#include "orders/order_fields.h"
#include "support/shop.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- a shop, and what an import said ---- */

struct said { int64_t fates[IMPORT_FATE_COUNT]; struct buf text; };
static struct arena heard;              /* what is heard must not lie in the arena of the work: that one is taken back batch by batch */

static void hear(void *ctx, const struct import_result *r)
{
    struct said *s = ctx;
    s->fates[r->fate]++;
    for (int i = 0; i < r->diffs.count; i++)
        buf_print(&s->text, "%.*s %.*s>%.*s;", STR_ARG(r->diffs.at[i].field), STR_ARG(r->diffs.at[i].before), STR_ARG(r->diffs.at[i].after));
    for (int i = 0; i < r->order->troubles.count; i++)
        buf_print(&s->text, "%lld %.*s;", (long long)r->order->troubles.at[i].row, STR_ARG(r->order->troubles.at[i].field));
}

static bool try_take(struct test_shop *s, str bytes, const char *path, const char *account, bool dry, struct said *said, rid *job)
{
    struct import_outcome out;
    arena_reset(&heard);
    *said = (struct said){ .text = buf_in(&heard) };
    struct import_plan plan = { .bytes = bytes, .path = path, .file_name = STR("f"), .account = str_of(account), .dry_run = dry,
                                .told = hear, .ctx = said };
    err_clear(&s->err);
    bool ok = import_orders(&s->work, &plan, &out, &s->err);
    if (job)
        *job = out.job_id;
    return ok;
}

static struct said take(struct test_shop *s, const char *text, bool dry, rid *job)
{
    struct said said;
    if (!try_take(s, str_of(text), NULL, NULL, dry, &said, job))
        fail_msg("%s: %s", s->err.item[0].field, s->err.item[0].text);
    return said;
}

static int64_t orders_of(struct test_shop *s, const char *channel)
{
    return count_rows(s, str_zero(&s->arena, str_print(&s->arena, "SELECT COUNT(*) FROM orders WHERE channel = '%s'", channel)));
}

static void assert_counters_hold(struct test_shop *s)
{
    assert_int_equal(count_rows(s, "SELECT COALESCE(CAST(SUM(n) AS BIGINT), 0) FROM order_totals"), count_rows(s, "SELECT COUNT(*) FROM orders"));
    assert_int_equal(count_rows(s, "SELECT COALESCE(CAST(SUM(total) AS BIGINT), 0) FROM order_totals"),
                     count_rows(s, "SELECT COALESCE(CAST(SUM(grand_total) AS BIGINT), 0) FROM orders"));
    assert_int_equal(count_rows(s, "SELECT COALESCE(CAST(SUM(orders_count) AS BIGINT), 0) FROM customers"),
                     count_rows(s, "SELECT COUNT(*) FROM orders WHERE status <> 'cancelled' AND customer_id IS NOT NULL"));
    assert_int_equal(count_rows(s, "SELECT COALESCE(CAST(SUM(n) AS BIGINT), 0) FROM day_totals WHERE figure = 'orders'"),
                     count_rows(s, "SELECT COUNT(*) FROM orders"));
}

#define TWO "number;status;customer_name;customer_phone;title;qty;unit_price\r\n" \
            "A-1;новый;Мария;8 777 123 45 67;Коляска;1;45 000,50\r\nA-1;;;;Шапка;2;1500\r\nA-2;в доставке;Пётр;;Мяч;3;100\r\n"

/* ---- reading ---- */

static void rows_of_one_number_are_one_order(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct said said = take(&s, TWO, false, NULL);
    assert_int_equal(said.fates[IMPORT_NEW], 2);
    assert_int_equal(orders_of(&s, "manual"), 2);
    assert_int_equal(count_rows(&s, "SELECT grand_total FROM orders WHERE number = 'A-1'"), 4800050);
    assert_int_equal(count_rows(&s, "SELECT lines_count FROM orders WHERE number = 'A-1'"), 2);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM orders WHERE number = 'A-2' AND status = 'in_delivery'"), 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM customers WHERE phone = '+77771234567'"), 1);
    assert_counters_hold(&s);
    test_shop_done(&s);
}

static void a_dry_run_changes_nothing(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct said said = take(&s, TWO, true, NULL);
    assert_int_equal(said.fates[IMPORT_NEW], 2);
    assert_int_equal(orders_of(&s, "manual"), 0);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM import_jobs"), 0);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM channel_accounts"), 1);
    test_shop_done(&s);
}

static void the_same_file_again_changes_nothing(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    take(&s, TWO, false, NULL);
    int64_t events = count_rows(&s, "SELECT COUNT(*) FROM events");
    struct said said = take(&s, TWO, false, NULL);
    assert_int_equal(said.fates[IMPORT_SAME], 2);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM events"), events);
    test_shop_done(&s);
}

static void differences_are_told_field_by_field(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    take(&s, TWO, false, NULL);
    struct said said = take(&s, "number;status;city;tags\nA-2;delivered;Алматы;vip\n", true, NULL);
    assert_int_equal(said.fates[IMPORT_CHANGED], 1);
    str text = buf_str(&said.text);
    assert_true(str_has(text, STR("status in_delivery>delivered;")) && str_has(text, STR("city >Алматы;")) && str_has(text, STR("tags >,vip,;")));
    said = take(&s, "number;status;city;tags\nA-2;delivered;Алматы;vip\n", false, NULL);
    assert_int_equal(said.fates[IMPORT_CHANGED], 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM orders WHERE number = 'A-2' AND city = 'Алматы' AND tags = ',vip,' AND status = 'delivered'"), 1);
    assert_int_equal(count_rows(&s, "SELECT grand_total FROM orders WHERE number = 'A-2'"), 30000);
    said = take(&s, "number;status\nA-2;new\n", false, NULL);
    assert_int_equal(said.fates[IMPORT_BAD], 1);
    assert_counters_hold(&s);
    test_shop_done(&s);
}

static void a_bad_row_says_all_that_is_wrong_and_the_others_go_on(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct said said = take(&s, "number;placed_at;status;customer_phone;customer_email;title;qty;unit_price;currency\n"
                                "B-1;вчера;чудной;12;no;;0;-5;ZZZ\nB-2;16.12.2026 09:04;;;;Мяч;1;100,5;\n;;;;;Ничей;1;1;\n", false, NULL);
    assert_int_equal(said.fates[IMPORT_NEW], 1);
    assert_int_equal(said.fates[IMPORT_BAD], 2);
    static const char *const fields[] = { "placed_at", "status", "customer_phone", "customer_email", "title", "qty", "unit_price", "currency" };
    for (int i = 0; i < COUNT_OF(fields); i++)
        assert_true(str_has(buf_str(&said.text), str_print(&s.arena, "2 %s;", fields[i])));
    assert_true(str_has(buf_str(&said.text), STR("4 number;")));
    assert_int_equal(count_rows(&s, "SELECT placed_at FROM orders WHERE number = 'B-2'"), SHOP_NOW);
    assert_int_equal(count_rows(&s, "SELECT bad_n FROM import_jobs"), 2);
    test_shop_done(&s);
}

static void orders_that_stand_apart_or_contradict_are_bad(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct said said = take(&s, "number;city;title;qty\nA;Алматы;x;1\nA;Астана;y;1\nB;;z;1\nA;;w;1\n", false, NULL);
    assert_int_equal(said.fates[IMPORT_BAD], 2);
    assert_int_equal(said.fates[IMPORT_NEW], 1);
    said = take(&s, "number;goods_total;delivery_total;grand_total\nC;100;20;130\n", false, NULL);
    assert_int_equal(said.fates[IMPORT_BAD], 1);
    said = take(&s, "number;title;qty;unit_price;grand_total\nD;x;2;10;15\nE;y;2;10;20\n", false, NULL);
    assert_int_equal(said.fates[IMPORT_BAD], 1);
    assert_true(str_has(buf_str(&said.text), STR("2 grand_total;")));
    said = take(&s, "{\"number\":\"F\",\"currency\":\"KZT\",\"goods_total\":\"10\",\"lines\":[{\"title\":\"x\",\"qty\":3,\"unit_price\":\"10\"}]}\n"
                    "{\"number\":\"G\",\"currency\":\"KZT\",\"goods_total\":\"10\",\"discount_total\":\"1\",\"delivery_total\":\"0\",\"grand_total\":\"10\"}\n"
                    "{\"number\":\"H\",\"currency\":\"KZT\",\"goods_total\":\"10\",\"discount_total\":\"1\",\"delivery_total\":\"0\",\"grand_total\":\"9\"}\n",
                false, NULL);
    assert_int_equal(said.fates[IMPORT_BAD], 2);
    assert_true(str_has(buf_str(&said.text), STR("1 goods_total;")) && str_has(buf_str(&said.text), STR("2 grand_total;")));
    assert_int_equal(said.fates[IMPORT_NEW], 1);
    test_shop_done(&s);
}

static void headings_are_known_or_named(void **state)
{
    struct test_shop s;
    struct said said;
    test_shop_init(&s, state);
    said = take(&s, "№ заказа,Дата заказа,Наименование товара,Кол-во,Цена за единицу,Город\n1,2026-12-15,Мяч,2,\"1 250,50 ₸\",Алматы\n", false, NULL);
    assert_int_equal(said.fates[IMPORT_NEW], 1);
    assert_int_equal(count_rows(&s, "SELECT grand_total FROM orders WHERE city = 'Алматы'"), 250100);
    assert_false(try_take(&s, STR("Чек;Что\n1;Мяч\n"), NULL, NULL, false, &said, NULL));
    assert_int_equal(s.err.code, ERR_BODY_INVALID);
    struct import_outcome out;
    struct import_plan plan = { .bytes = STR("Чек;Что\n77;Мяч\n"), .file_name = STR("f"), .options = { .map = STR("number=Чек,title=Что") } };
    err_clear(&s.err);
    assert_true(import_orders(&s.work, &plan, &out, &s.err));
    assert_int_equal(out.fates[IMPORT_NEW], 1);
    test_shop_done(&s);
}

/* ---- taking back ---- */

static void undo_removes_what_was_made_and_restores_what_was_changed(void **state)
{
    struct test_shop s;
    struct import_undone undone;
    rid job;
    test_shop_init(&s, state);
    take(&s, TWO, false, NULL);
    int64_t mark = count_rows(&s, "SELECT draft_hash FROM orders WHERE number = 'A-1'");
    take(&s, "number;status;title;qty;unit_price;customer_name;customer_phone\nA-1;confirmed;Другое;5;10;Мария;\nA-9;new;Новый;1;1;Олжас;87010001122\n", false, &job);
    assert_int_equal(orders_of(&s, "manual"), 3);
    assert_true(import_undo(&s.work, job, &undone, &s.err));
    assert_true(undone.removed == 1 && undone.restored == 1 && undone.kept == 0);
    assert_int_equal(orders_of(&s, "manual"), 2);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM orders WHERE number = 'A-1' AND status = 'new' AND lines_count = 2 AND grand_total = 4800050 AND units = 3"), 1);
    assert_int_equal(count_rows(&s, "SELECT draft_hash FROM orders WHERE number = 'A-1'"), mark);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM customers WHERE name = 'Олжас'"), 0);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM customer_keys WHERE customer_id NOT IN (SELECT id FROM customers)"), 0);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM order_lines WHERE order_id NOT IN (SELECT id FROM orders)"), 0);
    assert_counters_hold(&s);
    assert_false(import_undo(&s.work, job, &undone, &s.err));
    assert_int_equal(s.err.code, ERR_CONFLICT);
    struct said said = take(&s, TWO, false, NULL);
    assert_int_equal(said.fates[IMPORT_SAME], 2);
    test_shop_done(&s);
}

static void undo_leaves_alone_what_somebody_touched(void **state)
{
    struct test_shop s;
    struct import_undone undone;
    struct action_result done;
    struct note note;
    rid job;
    test_shop_init(&s, state);
    take(&s, "number;title\nT-1;a\nT-2;b\nT-3;c\n", false, &job);
    rid id = { count_rows(&s, "SELECT id FROM orders WHERE number = 'T-1'") }, two = { count_rows(&s, "SELECT id FROM orders WHERE number = 'T-2'") };
    struct action_input confirm = { .action = ACT_CONFIRM, .hold_s = -1 };
    assert_true(order_do(&s.work, id, &confirm, &done, &s.err));
    assert_true(order_note(&s.work, two, STR("позвонить"), &note, &s.err));
    test_shop_advance(&s, 30 * HOUR_MS);
    int changed;
    bool more;
    assert_true(zones_tick(&s.work, 100, &changed, &more, &s.err));       /* a zone's change is nobody's touch */
    assert_true(import_undo(&s.work, job, &undone, &s.err));
    assert_true(undone.removed == 1 && undone.kept == 2);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM orders WHERE number = 'T-3'"), 0);
    assert_counters_hold(&s);
    test_shop_done(&s);
}

/* ---- there and back ---- */

static const char *const words[] = { "Коляска \"Люкс\"", "=1+2", "-5", "+7 (777)", "a;b", "две\nстроки", "  пробелы  ", "@x", "Ёлка — ₸", "x", "'y", "0", "🙂", "" };

static str some_word(unsigned *seed, bool may_be_empty)
{
    *seed = *seed * 1103515245u + 12345u;
    return str_of(words[(*seed >> 16) % (unsigned)(COUNT_OF(words) - !may_be_empty)]);
}

static unsigned some(unsigned *seed, unsigned below)
{
    *seed = *seed * 1103515245u + 12345u;
    return (*seed >> 16) % below;
}

static struct order_draft some_draft(struct test_shop *s, unsigned *seed, int i)
{
    struct order_draft d = a_draft(s, str_zero(&s->arena, str_print(&s->arena, "R-%03d", i)));
    d.number          = str_print(&s->arena, "%d%03d", 7 + i % 3, i);
    d.placed_at       = (instant){ SHOP_NOW - (int64_t)some(seed, 5000) * MINUTE_MS - some(seed, 999) };
    d.customer.name   = some_word(seed, true);
    d.customer.phone  = some(seed, 2) ? str_print(&s->arena, "+7701%07d", i) : STR("");
    d.customer.email  = some(seed, 3) ? STR("") : str_print(&s->arena, "b%d@mail.kz", i);
    d.recipient.name  = some_word(seed, true);
    d.delivery.method = some_word(seed, true);
    d.delivery.address = some_word(seed, true);
    d.delivery.city   = some_word(seed, true);
    d.delivery.track  = some_word(seed, true);
    d.comment         = some_word(seed, true);
    d.payment         = (enum payment_status)some(seed, PAY_STATUS_COUNT);
    d.scheme          = (enum order_scheme)some(seed, SCHEME_COUNT);
    d.marks           = some(seed, 2) ? BIT(MARK_EXPRESS) | BIT(MARK_CLAIM) : 0;
    d.deadline_ship   = (instant){ some(seed, 2) ? SHOP_NOW + DAY_MS : 0 };
    d.delivery.promised_to = (instant){ some(seed, 2) ? SHOP_NOW + 3 * DAY_MS : 0 };
    d.discount_total  = (amount){ (int64_t)some(seed, 1000) };
    d.lines           = (struct draft_line_list){ 0 };
    for (unsigned n = 1 + some(seed, 4); n; n--)
        *draft_line_list_add(&d.lines, &s->arena) = (struct draft_line){
            .external_id = some_word(seed, true), .external_offer_id = some_word(seed, true), .article = some_word(seed, true), .barcode = some_word(seed, true),
            .title = some_word(seed, false), .qty = 1 + (int64_t)some(seed, 9), .has_price = some(seed, 4) > 0, .unit_price = { (int64_t)some(seed, 30000) },
            .line_total = { (int64_t)some(seed, 30000) }, .marking_required = some(seed, 2),
        };
    bool    priced = true;
    int64_t sum    = 0;
    for (int k = 0; k < d.lines.count; k++) {
        if (!d.lines.at[k].has_price)
            d.lines.at[k].unit_price = d.lines.at[k].line_total = (amount){ 0 };
        priced = priced && d.lines.at[k].has_price;
        sum += d.lines.at[k].line_total.minor;
    }
    if (priced)
        d.goods_total.minor = sum;
    d.grand_total = (amount){ d.goods_total.minor - d.discount_total.minor + d.delivery_total.minor };
    return d;
}

#define ORDERS 120
static void fill(struct test_shop *s)
{
    unsigned seed = 4;
    static const enum hub_status to[] = { HUB_NEW, HUB_CONFIRMED, HUB_IN_DELIVERY, HUB_COMPLETED, HUB_CANCELLED, HUB_RETURNED };
    for (int k = 0; k < COUNT_OF(to); k++) {
        struct order_draft drafts[ORDERS / COUNT_OF(to)];
        for (int i = 0; i < COUNT_OF(drafts); i++)
            drafts[i] = some_draft(s, &seed, k * 100 + i);
        take_drafts(s, drafts, COUNT_OF(drafts), to[k], "1");
    }
}

static str exported(struct test_shop *s, enum export_format format, struct queue_filter filter, struct row_view view)
{
    struct export_plan plan = { .format = format, .filter = filter, .view = view };
    struct export *x;
    struct buf b = buf_in(&s->arena);
    bool more = true;
    assert_true(export_start(&s->work, &plan, &x, &s->err));
    while (more)
        assert_true(export_next(x, &b, &more, &s->err));
    export_end(x);
    return buf_str(&b);
}

/* What must be the same in both accounts: all content and the lines. */
static void assert_same_orders(struct test_shop *s, int count, bool seconds_only)
{
    static const char *const other[] = { "external_status", "status_key", "confirmed_at", "changed_at", NULL };
    struct order_list list = { 0 };
    struct order_line_list lines = { 0 };
    CLEANUP(stmt_done) struct stmt st = db_query_text(s->work.db, "test.all", STR("SELECT * FROM orders ORDER BY external_id, channel"));
    while (db_row(&st))
        record_scan(&order_record, &st, &s->arena, order_list_add(&list, &s->arena));
    assert_true(db_ok(&st, &s->err));
    assert_int_equal(list.count, 2 * count);
    rid *ids = ARENA_ARRAY(&s->arena, rid, list.count);
    for (int i = 0; i < list.count; i++)
        ids[i] = list.at[i].id;
    assert_true(order_lines_of(s->work.db, ids, list.count, &s->arena, &lines, &s->err));
    for (int i = 0; i < list.count; i += 2) {
        struct order *a = &list.at[i], *b = &list.at[i + 1];
        if (seconds_only)
            a->placed_at.ms -= a->placed_at.ms % 1000;
        uint64_t set = order_content_diff(a, b);
        for (int k = 0; other[k]; k++)
            set &= ~(UINT64_C(1) << (record_field(&order_record, str_of(other[k])) - order_record.fields));
        if (set) {
            const struct field *f = &order_record.fields[__builtin_ctzll(set)];
            str was = order_field_text(&s->arena, f, a), is = order_field_text(&s->arena, f, b);
            fail_msg("%.*s: %s was \"%.*s\", is \"%.*s\"", STR_ARG(a->external_id), f->name, STR_ARG(was), STR_ARG(is));
        }
        const struct order_line *la = NULL, *lb = NULL;
        int na = 0, nb = 0;
        for (int k = lines.count - 1; k >= 0; k--) {
            if (id_eq(lines.at[k].order_id, a->id)) {
                la = &lines.at[k];
                na++;
            }
            if (id_eq(lines.at[k].order_id, b->id)) {
                lb = &lines.at[k];
                nb++;
            }
        }
        assert_true(order_lines_same(la, na, lb, nb));
    }
}

static void there_and_back(void **state, enum export_format format)
{
    struct test_shop s;
    struct said said;
    char path[] = "/tmp/sauda-export-XXXXXX";
    test_shop_init(&s, state);
    fill(&s);
    str bytes;
    if (format == EXPORT_XLSX) {
        struct export_plan plan = { .format = format, .view = { true, true } };
        struct export *x;
        close(mkstemp(path));
        assert_true(export_start(&s.work, &plan, &x, &s.err) && export_xlsx(x, path, &s.err));
        export_end(x);
        bytes = STR("PK\x03\x04");
    } else {
        bytes = exported(&s, format, (struct queue_filter){ 0 }, (struct row_view){ true, true });
    }
    /* Into the account that they came from nothing is new … */
    if (!try_take(&s, bytes, path, "Kaspi", true, &said, NULL))
        fail_msg("%s %s", s.err.item[0].field, s.err.item[0].text);
    if (said.fates[IMPORT_SAME] != ORDERS)
        fail_msg("%.*s", STR_ARG(buf_str(&said.text)));
    /* … and into another one all of them come the same. */
    assert_true(try_take(&s, bytes, path, NULL, false, &said, NULL));
    if (said.fates[IMPORT_NEW] != ORDERS)
        fail_msg("%.*s", STR_ARG(buf_str(&said.text)));
    assert_same_orders(&s, ORDERS, format == EXPORT_XLSX);
    assert_counters_hold(&s);
    if (format == EXPORT_XLSX)
        unlink(path);
    test_shop_done(&s);
}

/* The market masks the phone of an old order; the buyer's card knows it from another one, and the export writes it. */
static void a_masked_phone_stays_masked_when_its_export_comes_back(void **state)
{
    struct test_shop s;
    struct said said;
    test_shop_init(&s, state);
    struct order_draft drafts[2] = { a_draft(&s, "M-1"), a_draft(&s, "M-2") };
    for (int i = 0; i < 2; i++)
        drafts[i].customer.external_id = STR("buyer-1");
    drafts[1].customer.phone  = (str){ 0 };
    drafts[1].customer.masked = true;
    take_drafts(&s, drafts, 2, HUB_NEW, "1");
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM orders WHERE recipient_phone = '' AND customer_id IN (SELECT id FROM customers WHERE phone <> '')"), 1);
    str bytes = exported(&s, EXPORT_CSV, (struct queue_filter){ 0 }, (struct row_view){ true, true });
    assert_true(try_take(&s, bytes, NULL, "Kaspi", true, &said, NULL));
    if (said.fates[IMPORT_SAME] != 2)
        fail_msg("%.*s", STR_ARG(buf_str(&said.text)));
    test_shop_done(&s);
}

static void csv_brings_the_same_orders_back(void **state) { there_and_back(state, EXPORT_CSV); }
static void json_lines_bring_the_same_orders_back(void **state) { there_and_back(state, EXPORT_JSON); }
static void a_spreadsheet_brings_the_same_orders_back(void **state) { there_and_back(state, EXPORT_XLSX); }

static int64_t count_in(str text, const char *what)
{
    int64_t   n = 0;
    ptrdiff_t at;
    while ((at = str_find(text, str_of(what))) >= 0) {
        n++;
        text = str_sub(text, (size_t)at + strlen(what), SIZE_MAX);
    }
    return n;
}

static void an_export_keeps_to_its_filter_page_by_page(void **state)
{
    struct test_shop s;
    struct queue_filter filter;
    test_shop_init(&s, state);
    static char id[1200][8];
    struct order_draft *drafts = ARENA_ARRAY(&s.arena, struct order_draft, 1200);
    for (int i = 0; i < 1200; i++) {
        snprintf(id[i], sizeof id[i], "P%d", i);
        drafts[i] = a_draft(&s, id[i]);
    }
    take_drafts(&s, drafts, 1100, HUB_NEW, "1");
    take_drafts(&s, drafts + 1100, 100, HUB_CONFIRMED, "1");
    int64_t before = db_statements(s.work.db);
    str all = exported(&s, EXPORT_JSON, (struct queue_filter){ 0 }, (struct row_view){ true, true });
    assert_int_equal(count_in(all, "\n"), 1200);
    assert_true(db_statements(s.work.db) - before <= 16);                 /* a count, an account, four for each of three pages */
    assert_true(queue_filter_read(&s.arena, STR("status=confirmed"), (rid){ 0 }, &filter, &s.err));
    str some_of = exported(&s, EXPORT_JSON, filter, (struct row_view){ true, true });
    assert_int_equal(count_in(some_of, "\n"), 100);
    assert_int_equal(count_in(some_of, "\"status\":\"confirmed\""), 100);
    test_shop_done(&s);
}

static void an_export_hides_what_the_reader_may_not_see(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct order_draft d = a_draft(&s, "H-1");
    d.customer.phone = STR("+77771234567");
    d.customer.email = STR("maria@mail.kz");
    d.delivery.address = STR("Абая 10, кв. 5");
    take_drafts(&s, &d, 1, HUB_NEW, "1");
    for (int f = 0; f < 2; f++) {
        enum export_format format = f ? EXPORT_JSON : EXPORT_CSV;
        str hidden = exported(&s, format, (struct queue_filter){ 0 }, (struct row_view){ false, false });
        assert_false(str_has(hidden, STR("1234567")) || str_has(hidden, STR("maria")) || str_has(hidden, STR("Абая")) ||
                     str_has(hidden, STR("15200")) || str_has(hidden, STR("7600")) || str_has(hidden, STR("grand_total")));
        assert_true(str_has(hidden, STR("Nutrilon")));
        str shown = exported(&s, format, (struct queue_filter){ 0 }, (struct row_view){ true, true });
        assert_true(str_has(shown, STR("+77771234567")) && str_has(shown, STR("15200.00")) && str_has(shown, STR("Абая")));
        /* What was hidden is not taken for data when it comes back. */
        struct said said;
        assert_true(try_take(&s, hidden, NULL, "Kaspi", true, &said, NULL));
        assert_int_equal(said.fates[IMPORT_SAME], 1);
    }
    test_shop_done(&s);
}

/* ---- hostile files ---- */

static void any_bytes_are_told_what_they_are(void **state)
{
    static const char *const files[] = {
        "", "\n\n\n", "number", "number;title\n", "\xff\xfe", "PK\x03\x04nothing", "{", "{}\n{}\n", "{\"number\":1,\"lines\":[[[[]]]]}", "[1,2]",
        "{\"number\":\"1\",\"lines\":{\"a\":1}}", "{\"number\":{\"a\":[]}}", "number;number;number\n1;2;3\n", "number\n\"open\n", ";;;;;\n;;;;\n",
        "# orders;zone;Nowhere/Here\nnumber\n1\n", "number;qty\n1;99999999999999999999\n", "number;unit_price\n1;9e99\n", "number;placed_at\n1;9999-99-99\n",
        "number;placed_at\n1;32.13.2026 25:61\n", "{\"number\":\"1\",\"tags\":[{},[],null,1]}", "{\"number\":\"\\ud800\"}", "number;title\n1;\xd0\xd1\xff\n",
    };
    struct test_shop s;
    struct said said;
    test_shop_init(&s, state);
    for (int i = 0; i < COUNT_OF(files); i++) {
        bool ok = try_take(&s, str_of(files[i]), "/nonexistent", NULL, false, &said, NULL);
        assert_true(ok || s.err.item[0].text[0]);
        assert_counters_hold(&s);
    }
    test_shop_done(&s);
}

static void broken_pieces_of_a_real_file_do_no_harm(void **state)
{
    struct test_shop s;
    struct said said;
    unsigned seed = 9;
    test_shop_init(&s, state);
    for (int i = 0; i < 10; i++) {
        struct order_draft d = some_draft(&s, &seed, i);
        take_drafts(&s, &d, 1, HUB_NEW, "1");
    }
    for (int f = 0; f < 2; f++) {
        str whole = exported(&s, f ? EXPORT_JSON : EXPORT_CSV, (struct queue_filter){ 0 }, (struct row_view){ true, true });
        for (int i = 0; i < 60; i++) {
            char *bytes = arena_copy(&s.arena, whole.at, whole.len);
            for (unsigned k = 1 + some(&seed, 8); k; k--)
                bytes[some(&seed, (unsigned)whole.len)] = (char)some(&seed, 256);
            size_t len = some(&seed, 4) ? whole.len : some(&seed, (unsigned)whole.len);
            (void)try_take(&s, (str){ bytes, len }, "/nonexistent", NULL, true, &said, NULL);
        }
    }
    test_shop_done(&s);
}

static void an_order_has_an_end(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct buf b = buf_in(&s.arena);
    buf_add(&b, STR("number;title\n"));
    for (int i = 0; i < 1200; i++)
        buf_add(&b, STR("LONG;x\n"));
    buf_add(&b, STR("NEXT;x\n"));
    struct said said = take(&s, str_zero(&s.arena, buf_str(&b)), false, NULL);
    assert_true(said.fates[IMPORT_BAD] == 1 && said.fates[IMPORT_NEW] == 1);
    test_shop_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_of_one_number_are_one_order), cmocka_unit_test(a_dry_run_changes_nothing),
        cmocka_unit_test(the_same_file_again_changes_nothing), cmocka_unit_test(differences_are_told_field_by_field),
        cmocka_unit_test(a_bad_row_says_all_that_is_wrong_and_the_others_go_on), cmocka_unit_test(orders_that_stand_apart_or_contradict_are_bad),
        cmocka_unit_test(headings_are_known_or_named), cmocka_unit_test(undo_removes_what_was_made_and_restores_what_was_changed),
        cmocka_unit_test(undo_leaves_alone_what_somebody_touched), cmocka_unit_test(csv_brings_the_same_orders_back),
        cmocka_unit_test(json_lines_bring_the_same_orders_back), cmocka_unit_test(a_spreadsheet_brings_the_same_orders_back),
        cmocka_unit_test(a_masked_phone_stays_masked_when_its_export_comes_back),
        cmocka_unit_test(an_export_keeps_to_its_filter_page_by_page), cmocka_unit_test(an_export_hides_what_the_reader_may_not_see),
        cmocka_unit_test(any_bytes_are_told_what_they_are), cmocka_unit_test(broken_pieces_of_a_real_file_do_no_harm),
        cmocka_unit_test(an_order_has_an_end),
    };
    int failed = test_shops(tests, COUNT_OF(tests));
    arena_done(&heard);
    return failed;
}
