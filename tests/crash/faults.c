/* Hours at markets that have a bad day: refusals of every kind, answers that are cut, repeated, shuffled, spoilt, methods that are gone for
 * a while. In the end everything is as after the same hours at markets that are well: each order, each return, each effect of a command.
 *
 * The hours are simulated: the clocks of the server and of the markets move together by five minutes. SAUDA_SEED repeats a day,
 * SAUDA_HOURS (4) says how long it is, SAUDA_DAYS (1) how many are played on each database, SAUDA_SILENT=yes lets markets also say
 * nothing at all, which costs half a minute of real time each. */
#include "base/clock.h"
#include "support/house.h"

#include <stdio.h>
#include <stdlib.h>

#define STEP_MS     (5 * MINUTE_MS)
#define PLANS_MAX   400
#define SETTLE_MAX  400

/* What happens to one order; decided by the seed alone, so that both days have the same. */
enum fate { WORKED, WORKED_AND_SENT_BACK, BUYER_CANCELS, SELLER_CANCELS, CABINET_ACCEPTS, FATES };
struct plan { int market; enum fate fate; str number; rid order; int done; bool told; };

struct day {
    struct house     house;
    struct arena    *a;
    uint64_t         script, bad;       /* random numbers of what happens, and of what goes wrong */
    bool             has_faults;
    int              faults[16];        /* by kind */
    struct plan      plans[PLANS_MAX];
    int              count;
    str              accounts[3], hook;
};

static const char *const markets[] = { "kaspi", "wildberries", "ozon" };
static const char *const connects[] = { "kaspi", "wb", "ozon" };
static const char *const reasons[] = { "{\"reason\":\"MERCHANT_OUT_OF_STOCK\"}", "{\"reason\":\"seller\"}", "{\"reason\":\"352\"}" };

static uint64_t next(uint64_t *r)
{
    *r ^= *r << 13;
    *r ^= *r >> 7;
    *r ^= *r << 17;
    return *r >> 8;
}

static void must_run(struct day *d, bool ok, const struct err *err)
{
    if (!ok)
        fail_msg("%.*s", STR_ARG(err_line(d->a, err)));
}

static struct client_reply control(struct day *d, const char *path, str body)
{
    struct client_reply r = house_control(&d->house, "POST", str_of(path), body);
    if (r.status < 200 || r.status > 299)
        fail_msg("%s %.*s: %d %.*s", path, STR_ARG(body), r.status, STR_ARG(utf8_cut(r.body, 300)));
    return r;
}

/* ---- what happens, on both days ---- */

static void order_comes(struct day *d)
{
    struct plan *p = &d->plans[d->count];
    int          n = ++d->count;
    *p = (struct plan){ .market = (int)(next(&d->script) % 3), .fate = (enum fate)(next(&d->script) % FATES) };
    if (p->fate == CABINET_ACCEPTS && p->market == 2)
        p->fate = BUYER_CANCELS;                        /* at Ozon nobody accepts */
    p->number = p->market == 2 ? str_print(d->a, "%08d-0001-1", 41000000 + n) : str_print(d->a, "%d", 438000000 + p->market * 1000000 + n);
    control(d, "/control/order", str_print(d->a, "{\"market\":\"%s\",\"number\":\"%.*s\",\"fate\":\"stays\",\"lines\":[{\"qty\":%d,\"price\":\"%d.00\"}]}",
                                           markets[p->market], STR_ARG(p->number), (int)(1 + next(&d->script) % 3), (int)(1000 + next(&d->script) % 9000)));
    if (p->market == 2 && d->hook.len) {                 /* pushes come too, once or three times */
        for (int i = (int)(next(&d->script) % 2) * 2; i >= 0; i--)
            (void)house_send(&d->house, "POST", d->hook, str_print(d->a, "{\"message_type\":\"TYPE_NEW_POSTING\",\"posting_number\":\"%.*s\"}", STR_ARG(p->number)));
    }
}

static void act(struct day *d, const struct plan *p, const char *event)
{
    control(d, "/control/act", str_print(d->a, "{\"market\":\"%s\",\"order\":\"%.*s\",\"event\":\"%s\"}", markets[p->market], STR_ARG(p->number), event));
}

/* People do what they can see; what is refused because a market's words have not come yet they try again later. */
static void person_works(struct day *d, struct plan *p)
{
    static const char *const steps[] = { "confirm", "assemble", "ready" };
    if (!id_is_set(p->order)) {
        struct client_reply r = house_send(&d->house, "GET", str_print(d->a, "/api/orders?q=%.*s", STR_ARG(p->number)), (str){ 0 });
        JSON_EACH(o, json_get(r.json, "items"))
            if (str_eq(json_str(json_get(o, "number")), p->number))
                assert_true(id_parse(json_str(json_get(o, "id")), &p->order));
        if (!id_is_set(p->order))
            return;
    }
    bool cancels = p->fate == SELLER_CANCELS;
    if (p->done < (cancels ? 1 : 3)) {
        str path = str_print(d->a, "/api/orders/%lld/%s", (long long)p->order.v, cancels ? "cancel" : steps[p->done]);
        struct client_reply r = house_send(&d->house, "POST", path, cancels ? str_of(reasons[p->market]) : STR("{}"));
        p->done += r.status == 200;
    }
}

static void plans_go_on(struct day *d)
{
    for (int i = 0; i < d->count; i++) {
        struct plan *p = &d->plans[i];
        if (p->fate == WORKED || p->fate == WORKED_AND_SENT_BACK || p->fate == SELLER_CANCELS)
            person_works(d, p);
        else if (!p->told && next(&d->script) % 4 == 0) {
            act(d, p, p->fate == BUYER_CANCELS ? "buyer_cancels" : "cabinet_accepts");
            p->told = true;
        }
    }
}

/* ---- what goes wrong, on one of them ---- */

static void something_breaks(struct day *d)
{
    static const struct { const char *kind, *field[3]; } kinds[] = {
        { "429", { "", "", "" } }, { "500", { "", "", "" } }, { "cut", { "", "", "" } }, { "duplicate", { "", "", "" } },
        { "reorder", { "", "", "" } }, { "retired", { "", "", "" } },
        { "changed_field", { "state", "wbStatus", "posting_number" } }, { "changed_word", { "APPROVED_BY_BANK", "waiting", "awaiting_packaging" } },
        { "silent", { "", "", "" } },
    };
    int k = (int)(next(&d->bad) % (COUNT_OF(kinds) - !getenv("SAUDA_SILENT"))), market = (int)(next(&d->bad) % 3);
    bool after = next(&d->bad) % 2;
    int  times = (int)(1 + next(&d->bad) % 6);
    if (strcmp(kinds[k].kind, "silent") == 0)
        times = 1;
    d->faults[k] += times;
    control(d, "/control/fault", str_print(d->a, "{\"market\":\"%s\",\"kind\":\"%s\",\"times\":%d,\"retry_after_s\":%d,\"after_effect\":%s,\"field\":\"%s\"}",
                                           markets[market], kinds[k].kind, times, (int)(1 + next(&d->bad) % 90), after ? "true" : "false", kinds[k].field[market]));
}

static void step(struct day *d)
{
    struct err err = { 0 };
    must_run(d, house_advance(&d->house, STEP_MS, &err) && house_run(&d->house, &err), &err);
}

/* ---- until nothing moves any more ---- */

static bool is_over(struct day *d)
{
    for (int i = 0; i < d->count; i++)
        if ((d->plans[i].fate == WORKED || d->plans[i].fate == WORKED_AND_SENT_BACK) && d->plans[i].done < 3)
            return false;
    struct client_reply r = house_send(&d->house, "GET", STR("/api/outbox?state=held,queued,sending"), (str){ 0 });
    return json_get(r.json, "items") && json_get(r.json, "items")->count == 0;
}

/* What a market refused while its methods were away, people send again when it is well. */
static void people_retry(struct day *d)
{
    struct client_reply r = house_send(&d->house, "GET", STR("/api/outbox?state=refused,dead"), (str){ 0 });
    JSON_EACH(c, json_get(r.json, "items"))
        (void)house_send(&d->house, "POST", str_print(d->a, "/api/commands/%.*s/retry", STR_ARG(json_str(json_get(c, "id")))), (str){ 0 });
}

static void settle(struct day *d)
{
    control(d, "/control/fault", STR("{\"clear\":true}"));
    int quiet = 0;
    for (int i = 0; quiet < 24 && i < SETTLE_MAX; i++) {
        plans_go_on(d);
        people_retry(d);
        step(d);
        quiet = is_over(d) ? quiet + 1 : 0;
    }
    if (quiet >= 24)
        return;
    struct client_reply r = house_send(&d->house, "GET", STR("/api/outbox"), (str){ 0 });
    fprintf(stderr, "outbox: %.*s\n", STR_ARG(utf8_cut(r.body, 2000)));
    for (int i = 0; i < d->count; i++)
        fprintf(stderr, "%s %.*s fate %d, order %lld, %d steps done\n", markets[d->plans[i].market], STR_ARG(d->plans[i].number), d->plans[i].fate,
                (long long)d->plans[i].order.v, d->plans[i].done);
    fail_msg("it never ends");
}

/* After three of the shop's night whole days are read again: what was told in words that could not be read is told once more. */
static void night_falls(struct day *d)
{
    struct err err = { 0 };
    for (int i = 0; i < 60; i++)
        must_run(d, house_advance(&d->house, 20 * MINUTE_MS, &err) && house_run(&d->house, &err), &err);
    settle(d);
}

static void parcels_travel(struct day *d)
{
    for (int i = 0; i < d->count; i++) {
        struct plan *p = &d->plans[i];
        if (p->fate != WORKED_AND_SENT_BACK || p->market != 0)
            continue;
        act(d, p, "courier_takes");
        act(d, p, "delivered");
    }
    for (int i = 0; i < 8; i++) {
        if (d->has_faults && next(&d->bad) % 2)
            something_breaks(d);
        step(d);
    }
    for (int i = 0; i < d->count; i++)
        if (d->plans[i].fate == WORKED_AND_SENT_BACK && d->plans[i].market == 0)
            act(d, &d->plans[i], "returns");
    settle(d);
}

/* ---- what must be the same ---- */

static int by_text(const void *a, const void *b)
{
    const str *x = a, *y = b;
    size_t     n = x->len < y->len ? x->len : y->len;
    int        c = memcmp(x->at, y->at, n);
    return c ? c : (x->len > y->len) - (x->len < y->len);
}

static str text_of(const struct json *j, const char *key) { return json_str(json_get(j, key)); }

static void orders_tell(struct day *d, struct str_list *out)
{
    for (int i = 0; i < d->count; i++) {
        const struct plan  *p = &d->plans[i];
        struct client_reply r = house_send(&d->house, "GET", str_print(d->a, "/api/orders?q=%.*s", STR_ARG(p->number)), (str){ 0 });
        int found = 0;
        JSON_EACH(o, json_get(r.json, "items")) {
            if (!str_eq(text_of(o, "number"), p->number))
                continue;
            struct client_reply card = house_send(&d->house, "GET", str_print(d->a, "/api/orders/%.*s", STR_ARG(text_of(o, "id"))), (str){ 0 });
            struct buf line = buf_in(d->a);
            buf_print(&line, "order %s %.*s fate %d: %.*s %.*s", markets[p->market], STR_ARG(p->number), p->fate, STR_ARG(text_of(card.json, "status")),
                      STR_ARG(text_of(card.json, "total")));
            JSON_EACH(l, json_get(card.json, "lines"))
                buf_print(&line, " | %.*s x%.*s", STR_ARG(text_of(l, "article")), STR_ARG(json_print(d->a, json_get(l, "qty"))));
            *str_list_add(out, d->a) = buf_str(&line);
            found++;
        }
        if (found != 1)
            *str_list_add(out, d->a) = str_print(d->a, "order %s %.*s fate %d: is there %d times", markets[p->market], STR_ARG(p->number), p->fate, found);
    }
}

static void returns_tell(struct day *d, struct str_list *out)
{
    struct client_reply r = house_send(&d->house, "GET", STR("/api/returns?limit=200"), (str){ 0 });
    JSON_EACH(x, json_get(r.json, "items"))
        *str_list_add(out, d->a) = str_print(d->a, "return of %.*s: %.*s", STR_ARG(text_of(x, "order_number")), STR_ARG(text_of(x, "status")));
}

/* Supplies and carriages are made anew by whoever does not know whether theirs was; the orders in them are what counts. */
static void effects_tell(struct day *d, struct str_list *out)
{
    struct client_reply r = house_control(&d->house, "GET", STR("/control/received"), (str){ 0 });
    JSON_EACH(e, json_get(r.json, "items"))
        if (json_true(json_get(e, "applied")) && text_of(e, "number").len)
            *str_list_add(out, d->a) = str_print(d->a, "effect %.*s of %.*s", STR_ARG(text_of(e, "op")), STR_ARG(text_of(e, "number")));
}

static str day_play(const struct test_store *store, struct arena *a, uint64_t seed, bool has_faults)
{
    struct day        *d   = calloc(1, sizeof *d);
    struct err         err = { 0 };
    struct str_list    all = { 0 };
    struct buf         out = buf_in(a);
    const char        *hours = getenv("SAUDA_HOURS");
    int                steps = (int)((hours ? strtol(hours, NULL, 10) : 4) * HOUR_MS / STEP_MS);
    assert_non_null(d);
    *d = (struct day){ .a = a, .script = seed | 1, .bad = seed * 7 + 3, .has_faults = has_faults };
    must_run(d, house_open(&d->house, store, STR(""), &err), &err);
    for (int i = 0; i < 3; i++)
        must_run(d, house_connect(&d->house, str_of(connects[i]), str_of(connects[i]), NULL, &d->accounts[i], &err), &err);
    for (int i = 0; i < steps; i++) {
        if (d->count < PLANS_MAX && next(&d->script) % 3)
            order_comes(d);
        if (has_faults && next(&d->bad) % 3)
            something_breaks(d);
        plans_go_on(d);
        step(d);
    }
    settle(d);
    parcels_travel(d);
    night_falls(d);
    orders_tell(d, &all);
    returns_tell(d, &all);
    effects_tell(d, &all);
    qsort(all.at, (size_t)all.count, sizeof *all.at, by_text);
    for (int i = 0; i < all.count; i++)
        buf_print(&out, "%.*s\n", STR_ARG(all.at[i]));
    int faults = 0;
    for (int i = 0; i < COUNT_OF(d->faults); i++)
        faults += d->faults[i];
    printf("# %s, seed %llu: %d orders, %d faults of all kinds, %d lines to compare\n", store->name, (unsigned long long)seed, d->count, faults, all.count);
    house_close(&d->house);
    free(d);
    return buf_str(&out);
}

static void first_difference(str well, str bad, uint64_t seed)
{
    for (bool more = true; more;) {
        str  a = { 0 }, b = { 0 };
        bool is_a = str_split(&well, '\n', &a), is_b = str_split(&bad, '\n', &b);
        more = is_a || is_b;
        if (!str_eq(a, b))
            fail_msg("SAUDA_SEED=%llu: at markets that are well\n  %.*s\nat markets that are not\n  %.*s", (unsigned long long)seed, STR_ARG(a), STR_ARG(b));
    }
}

static void a_bad_day_of_the_markets_ends_like_a_good_one(void **state)
{
    const struct test_store *store = *state;
    const char *seed_text = getenv("SAUDA_SEED"), *days = getenv("SAUDA_DAYS");
    uint64_t    seed = seed_text ? strtoull(seed_text, NULL, 10) : (uint64_t)clock_tick_ns() % 1000000007;
    for (int left = days ? (int)strtol(days, NULL, 10) : 1; left > 0; left--, seed++) {
        CLEANUP(arena_done) struct arena arena = { 0 };
        struct test_store one, other;
        assert_true(test_store_filled(&one, store->is_postgres) && test_store_filled(&other, store->is_postgres));
        str well = day_play(&one, &arena, seed, false);
        str bad  = day_play(&other, &arena, seed, true);
        test_store_done(&one);
        test_store_done(&other);
        first_difference(well, bad, seed);
        assert_true(well.len > 100);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_bad_day_of_the_markets_ends_like_a_good_one) };
    return test_shops(tests, COUNT_OF(tests));
}
