/* The log of changes: chained when its days are over, checked, cleared, and seen within one's accounts. On both stores. */
#include "unit/people_ground.h"

#include "accounts/audit.h"

#include <stdio.h>

struct note { struct ground *g; const char *action, *entity; rid id, actor; };

static bool note_tx(struct db *db, void *ctx, struct err *err)
{
    const struct note *n = ctx;
    struct work        w = work_of(n->g);
    w.actor.id = n->actor;
    return audit_write(db, &w, str_of(n->action), str_of(n->entity), n->id, STR("{\"name\":\"old\"}"), STR("{\"name\":\"new\"}"), err);
}

static void note(struct ground *g, const char *entity, int64_t id, int64_t actor)
{
    struct note n = { g, "thing.edit", entity, { id }, { actor } };
    assert_true(db_tx(g->db, note_tx, &n, &g->err));
}

static bool text_tx(struct db *db, void *ctx, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query_text(db, "test.change", str_of(ctx));
    return db_exec(&st, err);
}

static void change(struct ground *g, const char *sql)
{
    char text[600];
    snprintf(text, sizeof text, "%s", sql);
    assert_true(db_tx(g->db, text_tx, text, &g->err));
}

static int64_t ask_int(struct ground *g, const char *sql)
{
    CLEANUP(stmt_done) struct stmt st = db_query_text(g->db, "test.ask", str_of(sql));
    assert_true(db_row(&st));
    return col_int(&st, 0);
}

struct said { int n; char text[100]; };
static void hear(void *ctx, rid id, const char *text)
{
    struct said *s = ctx;
    (void)id;
    if (!s->n++)
        snprintf(s->text, sizeof s->text, "%s", text);
}

static struct said look(struct ground *g)
{
    struct said s = { 0 };
    assert_true(audit_verify(g->db, hear, &s, &g->err));
    return s;
}

/* Changes, looks, and takes the change back by failing. */
struct tampering { const char *sql; struct said said; };
static bool tamper_tx(struct db *db, void *ctx, struct err *err)
{
    struct tampering *t = ctx;
    CLEANUP(stmt_done) struct stmt st = db_query_text(db, "test.tamper", str_of(t->sql));
    t->said = (struct said){ 0 };
    return db_exec(&st, err) && audit_verify(db, hear, &t->said, err) && err_set(err, ERR_NOT_FOUND, "test", "taken back");
}

static void tidy(struct ground *g, int64_t days)
{
    struct work w = work_of(g);
    if (!audit_tidy(&w, instant_add(g->now, -days * DAY_MS), &g->err))
        fail_msg("%s", g->err.item[0].text);
}

/* Three days of `n` changes each; the third is the running one. */
static void three_days(struct ground *g, void **state, int n)
{
    ground_init(g, state);
    for (int day = 0; day < 3; day++) {
        for (int i = 0; i < n; i++)
            note(g, "thing", i + 1, 7);
        if (day < 2)
            g->now = instant_add(g->now, DAY_MS);
    }
    g->now = instant_add(g->now, 3 * HOUR_MS);
    tidy(g, 1096);
}

static void a_day_is_chained_when_it_is_over(void **state)
{
    struct ground g;
    ground_init(&g, state);
    note(&g, "thing", 1, 7);
    note(&g, "thing", 2, 7);
    tidy(&g, 1096);
    assert_int_equal(ask_int(&g, "SELECT COUNT(*) FROM audit_seals"), 0);
    assert_true(instant_parse(STR("2026-12-17T05:59:00Z"), &g.now));
    tidy(&g, 1096);
    assert_int_equal(ask_int(&g, "SELECT COUNT(*) FROM audit_seals"), 0);
    assert_true(instant_parse(STR("2026-12-17T06:00:00Z"), &g.now));
    note(&g, "thing", 3, 7);
    tidy(&g, 1096);
    tidy(&g, 1096);
    assert_int_equal(ask_int(&g, "SELECT COUNT(*) FROM audit_seals WHERE seal <> '' AND entries = 2"), 1);
    assert_int_equal(ask_int(&g, "SELECT COUNT(*) FROM audit_entries WHERE chain <> ''"), 2);
    assert_int_equal(look(&g).n, 0);
    ground_done(&g);
}

static void a_long_day_is_chained_in_steps(void **state)
{
    struct ground g;
    ground_init(&g, state);
    for (int i = 0; i < 1203; i++)
        note(&g, "thing", i + 1, 7);
    g.now = instant_add(g.now, 2 * DAY_MS);
    tidy(&g, 1096);
    assert_int_equal(ask_int(&g, "SELECT entries FROM audit_seals WHERE seal <> ''"), 1203);
    assert_int_equal(look(&g).n, 0);
    ground_done(&g);
}

static void whatever_is_changed_afterwards_is_told(void **state)
{
    static const struct { const char *sql, *said; } cases[] = {
        { "UPDATE audit_entries SET after_json = '{}' WHERE entity_id = 2 AND id = (SELECT MIN(id) FROM audit_entries WHERE entity_id = 2)",
          "tells other values than were written" },
        { "UPDATE audit_entries SET actor_name = 'nobody' WHERE id = (SELECT MIN(id) FROM audit_entries)", "does not follow the row before it" },
        { "UPDATE audit_entries SET at = at + 1 WHERE id = (SELECT MIN(id) FROM audit_entries)", "does not follow the row before it" },
        { "UPDATE audit_entries SET digest = 'x', before_json = '', after_json = '' WHERE id = (SELECT MIN(id) FROM audit_entries)",
          "does not follow the row before it" },
        { "DELETE FROM audit_entries WHERE id = (SELECT MIN(id) FROM audit_entries WHERE entity_id = 2)", "does not follow the row before it" },
        { "DELETE FROM audit_entries WHERE id = (SELECT last_id FROM audit_seals ORDER BY day LIMIT 1)",
          "ends a day that has not as many rows as its seal says" },
        { "INSERT INTO audit_entries (id, at, actor_kind, actor_name, action, entity, before_json, after_json, address) "
          "SELECT MIN(id) - 1, 1, 'user', 'x', 'x', 'x', '', '', '' FROM audit_entries", "came after its day was sealed" },
        { "UPDATE audit_seals SET entries = entries + 1", "ends a day whose seal is broken" },
        { "DELETE FROM audit_seals WHERE day = (SELECT MIN(day) FROM audit_seals)", "ends a day that does not follow the day before it" },
    };
    struct ground g;
    three_days(&g, state, 3);
    assert_int_equal(look(&g).n, 0);
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct tampering t = { cases[i].sql, { 0 } };
        assert_false(db_tx(g.db, tamper_tx, &t, &g.err));
        if (g.err.code != ERR_NOT_FOUND)
            fail_msg("%s: %s %s", cases[i].sql, g.err.item[0].text, g.err.trail);
        err_clear(&g.err);
        if (!t.said.n)
            fail_msg("not noticed: %s", cases[i].sql);
        assert_string_equal(t.said.text, cases[i].said);
    }
    ground_done(&g);
}

static void what_is_erased_of_a_person_leaves_the_chain_whole(void **state)
{
    struct ground g;
    three_days(&g, state, 3);
    change(&g, "UPDATE audit_entries SET before_json = '', after_json = '' WHERE entity_id = 2");
    assert_int_equal(look(&g).n, 0);
    g.now = instant_add(g.now, 2 * DAY_MS);         /* of the last day it was erased before the day was sealed */
    tidy(&g, 1096);
    assert_int_equal(ask_int(&g, "SELECT COUNT(*) FROM audit_seals WHERE seal <> ''"), 3);
    assert_int_equal(look(&g).n, 0);
    ground_done(&g);
}

static void rows_older_than_they_are_kept_go_and_their_seals_stay(void **state)
{
    struct ground g;
    three_days(&g, state, 3);
    g.now = instant_add(g.now, 2 * DAY_MS);
    tidy(&g, 3);
    assert_int_equal(ask_int(&g, "SELECT COUNT(*) FROM audit_entries"), 6);
    assert_int_equal(ask_int(&g, "SELECT COUNT(*) FROM audit_seals WHERE cleared = 1"), 1);
    assert_int_equal(ask_int(&g, "SELECT COUNT(*) FROM audit_seals"), 3);
    assert_int_equal(look(&g).n, 0);
    tidy(&g, 0);
    assert_int_equal(ask_int(&g, "SELECT COUNT(*) FROM audit_entries"), 0);
    assert_int_equal(look(&g).n, 0);
    ground_done(&g);
}

static void a_clock_that_went_back_breaks_no_chain(void **state)
{
    struct ground g;
    three_days(&g, state, 2);
    g.now = instant_add(g.now, -2 * DAY_MS);
    note(&g, "thing", 9, 7);
    g.now = instant_add(g.now, 6 * DAY_MS);
    tidy(&g, 1096);
    assert_int_equal(look(&g).n, 0);
    assert_int_equal(ask_int(&g, "SELECT COUNT(*) FROM audit_entries WHERE chain = ''"), 0);
    ground_done(&g);
}

static void who_sees_some_accounts_sees_what_concerns_these(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct client owner = first_run(&g);
    struct answer a = ask(&g, &owner, HTTP_POST, "/api/keys", "{\"name\":\"robot\",\"scopes\":[\"audit\"],\"accounts\":[\"12\",\"5\"]}");
    need(a, 201, "key");
    struct client key = { .key = text_at(a, "secret") };
    rid           own;
    assert_true(id_parse(text_at(a, "id"), &own));
    change(&g, "INSERT INTO customer_sources (id, account_id, external_id, customer_id, rule, name, phone, phone_raw, email, address, city, "
               "masked, first_seen, last_seen, birth_date) VALUES (1, 5, 'a', 41, '', '', '', '', '', '', '', 0, 1, 1, ''), "
               "(2, 6, 'b', 42, '', '', '', '', '', '', '', 0, 1, 1, '')");
    note(&g, "channel_account", 5, 7);
    note(&g, "channel_account", 6, 7);
    note(&g, "customer", 41, 7);
    note(&g, "customer", 42, 7);
    note(&g, "order", 12, 7);
    note(&g, "policy", 5, 7);
    note(&g, "policy", 5, own.v);
    a = ask(&g, &key, HTTP_GET, "/api/audit?limit=2", NULL);
    need(a, 200, "scoped");
    assert_int_equal(json_get(a.json, "items")->count, 2);
    assert_true(str_is(text_at(a, "items.0.entity"), "policy") && str_is(text_at(a, "items.1.entity_id"), "41"));
    a = ask(&g, &key, HTTP_GET, str_zero(&g.a, str_print(&g.a, "/api/audit?limit=2&after=%.*s", STR_ARG(text_at(a, "next")))), NULL);
    assert_int_equal(json_get(a.json, "items")->count, 1);
    assert_true(str_is(text_at(a, "items.0.entity"), "channel_account") && str_is(text_at(a, "items.0.entity_id"), "5"));
    assert_false(str_has(a.body, STR("\"digest\"")) || str_has(a.body, STR("\"chain\"")));
    a = ask(&g, &owner, HTTP_GET, "/api/audit?limit=200", NULL);
    assert_true(json_get(a.json, "items")->count >= 9);
    ground_done(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_is_chained_when_it_is_over),
        cmocka_unit_test(a_long_day_is_chained_in_steps),
        cmocka_unit_test(whatever_is_changed_afterwards_is_told),
        cmocka_unit_test(what_is_erased_of_a_person_leaves_the_chain_whole),
        cmocka_unit_test(rows_older_than_they_are_kept_go_and_their_seals_stay),
        cmocka_unit_test(a_clock_that_went_back_breaks_no_chain),
        cmocka_unit_test(who_sees_some_accounts_sees_what_concerns_these),
    };
    return test_shops(tests, COUNT_OF(tests));
}
