/* Scores, decisions and clusters: the handbook's examples (§7) and the guards. */
#include "identity/candidates.h"
#include "identity/cluster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

struct buyer { const char *source, *name, *phone, *email, *city, *address; int32_t birth; const char *card; int64_t day; };

static struct person person_of(struct arena *a, const struct buyer *b, int64_t id)
{
    struct person p;
    person_read(a, &(struct person_record){ .id = id, .source = str_of(b->source), .name = str_of(b->name), .phone = str_of(b->phone),
                .email = str_of(b->email), .city = str_of(b->city), .address = str_of(b->address), .birth_date = b->birth, .card = str_of(b->card), .created = b->day },
                STR("KZ"), NULL, &p);
    return p;
}

static struct pair pair_of(const struct buyer *x, const struct buyer *y)
{
    CLEANUP(arena_done) struct arena a = { 0 };
    struct person p = person_of(&a, x, 1), q = person_of(&a, y, 2);
    struct pair   pair, back;
    pair_score(&p, &q, &pair_weights_default, NULL, &pair);
    pair_score(&q, &p, &pair_weights_default, NULL, &back);
    assert_int_equal(pair.score, back.score);
    return pair;
}

#define MARIA .name = "Мария Иванова"
#define PHONE .phone = "+7 777 123 45 67"

struct scored { struct buyer a, b; int score; enum decision decision; enum identity_rule rule; };

static void scores_are_those_of_the_handbook(void **state)
{
    (void)state;
    static const struct scored cases[] = {
        { { MARIA, PHONE }, { MARIA, .phone = "87771234567" }, 1350, DECISION_AUTOMATIC, RULE_PHONE_NAME },
        { { MARIA, PHONE }, { .name = "Ерлан Оспанов", PHONE }, 500, DECISION_SEPARATE, RULE_PHONE },
        { { MARIA, PHONE }, { .name = "Анна Иванова", PHONE }, 500, DECISION_SEPARATE, RULE_PHONE },
        { { MARIA, .email = "m@email.kz" }, { .name = "Маша Иванова", .email = "M@email.kz" }, 1050, DECISION_SUGGEST, RULE_EMAIL_NAME },
        { { MARIA, .city = "Алматы", .address = "Абая 10-5" }, { MARIA, .city = "Алма-Ата", .address = "ул. Абая, д. 10, кв. 5" }, 850,
          DECISION_SUGGEST, RULE_NAME_ADDRESS },
        { { .name = "Мария И.", PHONE }, { MARIA, PHONE }, 1150, DECISION_AUTOMATIC, RULE_PHONE_NAME },
        { { PHONE }, { MARIA, PHONE }, 1000, DECISION_AUTOMATIC, RULE_PHONE },
        { { MARIA, PHONE, .birth = 19870531 }, { MARIA, PHONE, .birth = 19900101 }, 450, DECISION_SEPARATE, RULE_PHONE_NAME },
        { { MARIA, .birth = 19870531 }, { MARIA, .birth = 19870531 }, 1050, DECISION_SUGGEST, RULE_NAME_BIRTH },
        { { MARIA, PHONE, .email = "a@email.kz" }, { MARIA, .phone = "87011234567", .email = "b@email.kz" }, 100, DECISION_SEPARATE, RULE_SCORE },
        { { MARIA, .email = "maria.i@gmail.com" }, { MARIA, .email = "mariai@gmail.com" }, 850, DECISION_SUGGEST, RULE_EMAIL_NAME },
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct pair p = pair_of(&cases[i].a, &cases[i].b);
        int         sum = 0;
        for (int e = 0; e < p.evidence_count; e++)
            sum += p.evidence[e].weight;
        assert_int_equal(sum, p.score);
        if (p.score != cases[i].score || pair_decide(&p, &limits_default) != cases[i].decision || p.rule != cases[i].rule)
            fail_msg("case %d: %d %s %s", i, p.score, decision_names[pair_decide(&p, &limits_default)], identity_rule_names[p.rule]);
    }
}

/* The number was one's in 2021 and is another's since 2024. Without days, or where something else agrees, years say nothing. */
static void a_number_that_may_have_passed_to_another_joins_nobody_by_itself(void **state)
{
    (void)state;
    enum { IN_2021 = 18700, IN_2022 = 19000, IN_2024 = 19900 };
    static const struct scored cases[] = {
        { { .name = "М. Иванова", PHONE, .email = "a@email.kz", .city = "Алматы", .day = IN_2021 },
          { .name = "Марина Иванова", PHONE, .email = "b@email.kz", .city = "Астана", .day = IN_2024 }, 650, DECISION_SUGGEST, RULE_PHONE_NAME },
        { { .name = "М. Иванова", PHONE, .email = "a@email.kz", .city = "Алматы", .day = IN_2021 },
          { .name = "Марина Иванова", PHONE, .email = "b@email.kz", .city = "Астана", .day = IN_2022 }, 950, DECISION_AUTOMATIC, RULE_PHONE_NAME },
        { { .name = "М. Иванова", PHONE, .email = "a@email.kz", .city = "Алматы" },
          { .name = "Марина Иванова", PHONE, .email = "b@email.kz", .city = "Астана", .day = IN_2024 }, 950, DECISION_AUTOMATIC, RULE_PHONE_NAME },
        { { .name = "М. Иванова", PHONE, .email = "a@email.kz", .day = IN_2021 },
          { .name = "Марина Иванова", PHONE, .email = "a@email.kz", .city = "Астана", .day = IN_2024 }, 2050, DECISION_AUTOMATIC, RULE_PHONE_NAME },
        { { MARIA, PHONE, .email = "a@email.kz", .day = IN_2021 }, { MARIA, PHONE, .email = "b@email.kz", .day = IN_2024 }, 1250,
          DECISION_AUTOMATIC, RULE_PHONE_NAME },
        { { MARIA, PHONE, .email = "a@email.kz", .city = "Алматы", .day = IN_2021 },
          { .name = "Ерлан Оспанов", PHONE, .email = "b@email.kz", .city = "Астана", .day = IN_2024 }, 0, DECISION_SEPARATE, RULE_PHONE },
        { { PHONE, .email = "a@email.kz", .day = IN_2021 }, { MARIA, PHONE, .email = "b@email.kz", .day = IN_2024 }, 600, DECISION_SUGGEST, RULE_PHONE },
        { { PHONE, .email = "a@email.kz", .day = IN_2024 }, { MARIA, PHONE, .email = "b@email.kz", .day = IN_2024 }, 900, DECISION_AUTOMATIC, RULE_PHONE },
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct pair p = pair_of(&cases[i].a, &cases[i].b);
        if (p.score != cases[i].score || pair_decide(&p, &limits_default) != cases[i].decision || p.rule != cases[i].rule)
            fail_msg("case %d: %d %s %s", i, p.score, decision_names[pair_decide(&p, &limits_default)], identity_rule_names[p.rule]);
    }
}

/* Two of one name write, or are written to, at maria.ivanova@; a phone or a place that agrees says that it is one of them. */
static void a_mailbox_that_is_but_the_name_asks_where_phone_and_place_differ(void **state)
{
    (void)state;
    static const struct scored cases[] = {
        { { MARIA, PHONE, .email = "maria.ivanova@mail.ru", .city = "Алматы" },
          { MARIA, .phone = "87011234567", .email = "maria.ivanova@mail.ru", .city = "Астана" }, 700, DECISION_SUGGEST, RULE_EMAIL_NAME },
        { { MARIA, PHONE, .email = "maria.ivanova@mail.ru", .city = "Алматы" },
          { MARIA, .phone = "87011234567", .email = "maria.ivanova@mail.ru", .city = "Алматы" }, 1100, DECISION_SUGGEST, RULE_EMAIL_NAME },
        { { MARIA, PHONE, .email = "maria.ivanova@mail.ru", .city = "Алматы" },
          { MARIA, PHONE, .email = "maria.ivanova@mail.ru", .city = "Астана" }, 2150, DECISION_AUTOMATIC, RULE_PHONE_NAME },
        { { MARIA, PHONE, .email = "kotik87@mail.ru", .city = "Алматы" },
          { MARIA, .phone = "87011234567", .email = "kotik87@mail.ru", .city = "Астана" }, 1000, DECISION_SUGGEST, RULE_EMAIL_NAME },
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct pair p = pair_of(&cases[i].a, &cases[i].b);
        if (p.score != cases[i].score || pair_decide(&p, &limits_default) != cases[i].decision || p.rule != cases[i].rule)
            fail_msg("case %d: %d %s %s", i, p.score, decision_names[pair_decide(&p, &limits_default)], identity_rule_names[p.rule]);
    }
}

static void name_and_address_join_by_themselves_when_the_seller_says_so(void **state)
{
    (void)state;
    struct buyer  b = { MARIA, .city = "Алматы", .address = "Абая 10-5" };
    struct limits l = limits_default;
    struct pair   p = pair_of(&b, &b);
    assert_int_equal(pair_decide(&p, &l), DECISION_SUGGEST);
    l.name_address_automatic = true;
    assert_int_equal(pair_decide(&p, &l), DECISION_AUTOMATIC);
}

static void a_rare_name_weighs_more(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    struct name_counts counts = { .at = NULL };
    struct name        common, rare;
    name_read(STR("Мария Иванова"), &common);
    name_read(STR("Пелагея Змиевская"), &rare);
    name_counts_add(&counts, &a, &common, 20000);
    name_counts_add(&counts, &a, &rare, 2);
    struct buyer  b[2] = { { MARIA }, { .name = "Пелагея Змиевская" } };
    int           score[2];
    for (int i = 0; i < 2; i++) {
        struct person p = person_of(&a, &b[i], i);
        struct pair   pair;
        pair_score(&p, &p, &pair_weights_default, &counts, &pair);
        score[i] = pair.score;
    }
    assert_int_equal(score[0], 350);
    assert_int_equal(score[1], 650);
}

static void a_mask_supports_and_contradicts_but_is_no_key(void **state)
{
    (void)state;
    struct buyer whole = { MARIA, PHONE }, fits = { MARIA, .phone = "+7 777 *** ** 67" }, other = { MARIA, .phone = "+7 701 *** ** 67" };
    assert_int_equal(pair_of(&whole, &fits).score, 600);
    assert_int_equal(pair_of(&whole, &other).score, 200);
    CLEANUP(arena_done) struct arena a = { 0 };
    struct person p = person_of(&a, &fits, 1);
    uint64_t      keys[PERSON_KEYS_MAX];
    for (int i = person_keys(&p, keys) - 1; i >= 0; i--)
        assert_int_not_equal(person_key_kind(keys[i]), KEY_PHONE);
}

static bool has_code(const struct pair *p, enum evidence_code code)
{
    for (int i = 0; i < p->evidence_count; i++)
        if (p->evidence[i].code == code)
            return true;
    return false;
}

struct evident { struct buyer a, b; enum evidence_code code; bool there; };

static void what_says_nothing_weighs_nothing(void **state)
{
    (void)state;
    static const struct evident cases[] = {
        { { MARIA, .phone = "+7 (000) 000-00-00" }, { MARIA, .phone = "+70000000000" }, EV_PHONE_MASK, false },
        { { MARIA, .phone = "+0(000)-000-00-00" }, { MARIA, PHONE }, EV_PHONE_DIFFERENT, false },
        { { MARIA, .phone = "+7 *** *** 45 67" }, { MARIA, PHONE }, EV_PHONE_MASK, true },
        { { MARIA, .phone = "+7 *** *** 45 68" }, { MARIA, PHONE }, EV_PHONE_DIFFERENT, true },
        { { MARIA, .email = "maria.ivanova@mail.ru" }, { MARIA, .email = "maria.ivanova@icloud.com" }, EV_EMAIL_MAILBOX, false },
        { { MARIA, .email = "ivanovam@mail.ru" }, { MARIA, .email = "ivanovam@icloud.com" }, EV_EMAIL_MAILBOX, false },
        { { MARIA, .email = "maria.ivanova84@mail.ru" }, { MARIA, .email = "maria.ivanova84@icloud.com" }, EV_EMAIL_MAILBOX, true },
        { { MARIA, .email = "lastochka@mail.ru" }, { MARIA, .email = "lastochka@icloud.com" }, EV_EMAIL_MAILBOX, true },
        { { MARIA, .email = "maria.ivanova@gmial.com" }, { MARIA, .email = "maria.ivanova@gmail.com" }, EV_EMAIL_LOOSE, true },
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct pair p = pair_of(&cases[i].a, &cases[i].b);
        if (has_code(&p, cases[i].code) != cases[i].there)
            fail_msg("case %d: %s is %s there", i, evidence_names[cases[i].code], cases[i].there ? "not" : "");
    }
}

/* ---- clusters ---- */

#define RECORDS_MAX 64
struct run { struct arena a; struct person p[RECORDS_MAX]; int cluster[RECORDS_MAX]; struct identity_link_list links; };

static void run(struct run *r, const struct buyer *b, int count, const struct identity_verdict *v, int verdicts)
{
    memset(r, 0, sizeof *r);
    for (int i = 0; i < count; i++)
        r->p[i] = person_of(&r->a, &b[i], 100 + i);
    identity_cluster(&r->a, r->p, count, v, verdicts, NULL, r->cluster, &r->links);
}

static void expect(struct run *r, const int *want, int count)
{
    for (int i = 0; i < count; i++)
        if (r->cluster[i] != want[i])
            fail_msg("record %d is in cluster %d, should be in %d", i, r->cluster[i], want[i]);
    arena_done(&r->a);
}

static void maria_of_three_sources_is_one_customer(void **state)
{
    (void)state;
    static const struct buyer b[] = {
        { "kaspi", MARIA, .phone = "+7 777 123 45 67" },
        { "site", MARIA, .phone = "8 777 1234567", .email = "maria@email.kz" },
        { "ozon", .name = "Мария И.", .phone = "77771234567" },
    };
    struct run r;
    run(&r, b, 3, NULL, 0);
    assert_int_equal(r.links.count, 2);
    expect(&r, (int[]){ 0, 0, 0 }, 3);
}

static void a_family_with_one_phone_stays_apart(void **state)
{
    (void)state;
    static const struct buyer b[] = {
        { .name = "Мария Иванова", PHONE }, { .name = "Михаил Иванов", PHONE }, { .name = "Маша Иванова", PHONE }, { .name = "Миша Иванов", PHONE },
    };
    struct run r;
    run(&r, b, 4, NULL, 0);
    expect(&r, (int[]){ 0, 1, 0, 1 }, 4);
}

/* In a file a rare name and a city join, for then it is likelier than not; but not against what the rest of both clusters says. */
static void a_rare_name_does_not_outweigh_two_contacts_that_differ(void **state)
{
    (void)state;
    static const struct buyer b[] = {
        { "kaspi", "Нурпеисова Ботагоз", .phone = "87771234567", .city = "Актобе" },
        { "site", "Нурпеисова Ботагоз", .phone = "87771234567", .email = "bota84@mail.ru", .city = "Актобе", .address = "Абая 10-5" },
        { "site", "Нурпеисова Ботагоз", .email = "n.botagoz@bk.ru", .city = "Актобе" },
        { "ozon", "Нурпеисова Ботагоз", .phone = "87017654321", .email = "n.botagoz@bk.ru", .city = "Актобе", .address = "Гоголя 7-9" },
        { "ozon", "Кусаинова Меруерт", .phone = "87051112233", .city = "Актобе" },
        { "site", "Кусаинова Меруерт", .email = "kus84@mail.ru", .city = "Актобе" },
        /* A couple with one phone and one box are two; a pet name that no table knows is not. */
        { "kaspi", "Яковлева Мария", .phone = "87763773099", .email = "yakovlevy84@mail.ru", .city = "Актобе" },
        { "site", "Яковлев Игорь", .phone = "87763773099", .email = "yakovlevy84@mail.ru", .city = "Актобе" },
        { "kaspi", "Шарипова Томирис", .phone = "87763773011", .email = "shaript84@mail.ru", .city = "Актобе" },
        { "site", "Шарипова Гулька", .phone = "87763773011", .email = "shaript84@mail.ru", .city = "Актобе" },
    };
    static const int          want[] = { 0, 0, 2, 2, 4, 4, 6, 7, 8, 8 };
    struct name_counts        counts = { .at = NULL };
    struct run                r;
    struct name               common;
    memset(&r, 0, sizeof r);
    name_read(STR("Мария Иванова"), &common);
    name_counts_add(&counts, &r.a, &common, 20000);
    for (int i = 0; i < COUNT_OF(b); i++) {
        r.p[i] = person_of(&r.a, &b[i], 100 + i);
        person_counts_add(&counts, &r.a, &r.p[i], 1);
    }
    struct identity_rules rules = { .weights = &pair_weights_file, .limits = &limits_file, .counts = &counts };
    identity_cluster(&r.a, r.p, COUNT_OF(b), NULL, 0, &rules, r.cluster, &r.links);
    expect(&r, want, COUNT_OF(b));
}

static void who_may_be_two_people_is_asked_about(void **state)
{
    (void)state;
    static const struct buyer b[] = { { .name = "Мария Иванова", PHONE }, { .name = "Анна Иванова", PHONE }, { .name = "Иванова", PHONE } };
    struct run r;
    run(&r, b, 3, NULL, 0);
    assert_int_equal(r.links.count, 2);
    assert_int_equal(r.links.at[0].decision, DECISION_SUGGEST);
    assert_int_equal(r.links.at[0].guard, GUARD_NOT_SINGLE);
    expect(&r, (int[]){ 0, 1, 2 }, 3);
}

static void a_chain_does_not_glue_strangers(void **state)
{
    (void)state;
    static const struct buyer b[] = {
        { .name = "Мария Иванова", .phone = "87771234567" },
        { .phone = "87771234567, 87017654321" },
        { .name = "Ерлан Оспанов", .phone = "87017654321" },
    };
    struct run r;
    run(&r, b, 3, NULL, 0);
    assert_int_not_equal(r.cluster[0], r.cluster[2]);
    arena_done(&r.a);
}

static void verdicts_are_obeyed(void **state)
{
    (void)state;
    static const struct buyer b[] = { { MARIA, PHONE }, { MARIA, PHONE }, { .name = "Ерлан Оспанов", .phone = "87017654321" } };
    static const struct identity_verdict different[] = { { 0, 1, false } }, same[] = { { 0, 2, true } };
    struct run r;
    run(&r, b, 3, different, 1);
    assert_int_equal(r.links.count, 1);         /* a "different" pair is not even suggested */
    assert_int_equal(r.links.at[0].decision, DECISION_SEPARATE);
    assert_int_equal(r.links.at[0].guard, GUARD_VERDICT);
    expect(&r, (int[]){ 0, 1, 2 }, 3);
    run(&r, b, 3, same, 1);
    assert_int_equal(r.cluster[2], r.cluster[0]);
    arena_done(&r.a);
}

static void cyclic_verdicts_keep_what_must_differ_apart(void **state)
{
    (void)state;
    static const struct buyer b[] = { { MARIA, PHONE }, { MARIA, PHONE }, { MARIA, PHONE } };
    static const struct identity_verdict v[] = { { 0, 1, true }, { 1, 2, true }, { 2, 0, false }, { 0, 0, true } };
    struct run r;
    run(&r, b, 3, v, 4);
    assert_int_not_equal(r.cluster[0], r.cluster[2]);
    arena_done(&r.a);
}

/* Two cards that a person made one: neither falls apart because of the other, and no third profits from it. */
static void what_a_person_has_merged_stays_whole_whatever_it_holds(void **state)
{
    (void)state;
    static const struct buyer b[] = { { MARIA, PHONE }, { .name = "Мария И.", PHONE }, { .name = "Ерлан Оспанов", .phone = "87015554433" },
                                      { .name = "Оспанов Ерлан", .phone = "87015554433" }, { .name = "Пётр Сидоров", PHONE } };
    static const struct identity_verdict same[] = { { 0, 2, true } };
    struct run r;
    run(&r, b, 5, same, 1);
    for (int i = 1; i < 4; i++)
        assert_int_equal(r.cluster[i], 0);
    assert_int_equal(r.cluster[4], 4);
    arena_done(&r.a);
}

static void two_large_cards_that_a_person_has_merged_stay_one(void **state)
{
    (void)state;
    struct buyer b[20];
    struct run   r;
    static const struct identity_verdict same[] = { { 0, 19, true } };
    for (int i = 0; i < 20; i++)
        b[i] = i < 10 ? (struct buyer){ MARIA, PHONE } : (struct buyer){ .name = "Ерлан Оспанов", .phone = "87015554433" };
    run(&r, b, 20, same, 1);
    for (int i = 0; i < 20; i++)
        assert_int_equal(r.cluster[i], 0);
    arena_done(&r.a);
}

static void a_block_that_is_hot_elsewhere_makes_no_pair_and_a_spared_one_does(void **state)
{
    (void)state;
    enum { COUNT = 60 };
    CLEANUP(arena_done) struct arena a = { 0 };
    struct person p[COUNT];
    uint64_t      keys[PERSON_KEYS_MAX];
    int           cluster[COUNT];
    for (int i = 0; i < COUNT; i++)
        p[i] = person_of(&a, &(struct buyer){ PHONE }, i);
    assert_int_equal(person_keys(&p[0], keys), 1);
    struct block_rules    hot = { .hot = keys, .hot_count = 1 }, spared = { .spared = keys, .spared_count = 1 };
    struct identity_rules rules = { .blocks = &hot };
    identity_cluster(&a, p, 2, NULL, 0, &rules, cluster, NULL);
    assert_int_equal(cluster[1], 1);
    identity_cluster(&a, p, COUNT, NULL, 0, NULL, cluster, NULL);
    assert_int_equal(cluster[COUNT - 1], COUNT - 1);
    rules.blocks = &spared;
    identity_cluster(&a, p, COUNT, NULL, 0, &rules, cluster, NULL);
    assert_true(cluster[COUNT - 1] < COUNT - 1);
}

static void a_cluster_grows_to_its_limit_and_no_further(void **state)
{
    (void)state;
    struct buyer b[20];
    struct run   r;
    for (int i = 0; i < 20; i++)
        b[i] = (struct buyer){ MARIA, PHONE };
    run(&r, b, 20, NULL, 0);
    int sizes[20] = { 0 };
    for (int i = 0; i < 20; i++)
        sizes[r.cluster[i]]++;
    for (int i = 0; i < 20; i++)
        assert_true(sizes[i] <= limits_default.members_max);
    arena_done(&r.a);
}

static void ten_thousand_records_with_one_phone_cost_no_quadratic_time(void **state)
{
    (void)state;
    enum { COUNT = 10000 };
    CLEANUP(arena_done) struct arena a = { 0 };
    static const char *const given[] = { "Мария", "Анна", "Ерлан", "Олег", "Сауле", "Пётр", "Дина" };
    struct person *p = ARENA_ARRAY(&a, struct person, COUNT);
    int           *cluster = ARENA_ARRAY(&a, int, COUNT);
    struct candidates c;
    for (int i = 0; i < COUNT; i++)
        p[i] = person_of(&a, &(struct buyer){ .name = given[i % 7], PHONE }, i);
    candidates_find(&a, p, COUNT, NULL, &c);
    assert_int_equal(c.pairs, 0);
    assert_true(c.hot_blocks >= 1);
    identity_mark_shared(&a, p, COUNT);
    assert_int_equal(p[0].phone[0], 0);         /* a hub is no key */
    identity_cluster(&a, p, COUNT, NULL, 0, NULL, cluster, NULL);
    for (int i = 0; i < COUNT; i++)
        assert_int_equal(cluster[i], i);
}

/* ---- the incremental step ---- */

static int place(const struct buyer *fresh, const struct buyer *known, const int64_t *clusters, int count, const struct identity_verdict *v,
                 int verdicts, struct identity_place out[4])
{
    CLEANUP(arena_done) struct arena a = { 0 };
    struct person p[16], one = person_of(&a, fresh, 99);
    for (int i = 0; i < count; i++)
        p[i] = person_of(&a, &known[i], i);
    return identity_place(&one, p, clusters, count, v, verdicts, NULL, out, 4);
}

static void a_new_record_joins_the_only_cluster_that_fits(void **state)
{
    (void)state;
    static const struct buyer known[] = { { MARIA, PHONE }, { .name = "Мария И.", PHONE }, { .name = "Ерлан Оспанов", PHONE } };
    static const int64_t      clusters[] = { 7, 7, 8 };
    struct identity_place     out[4];
    assert_int_equal(place(&(struct buyer){ .name = "Маша Иванова", PHONE }, known, clusters, 3, NULL, 0, out), 1);
    assert_int_equal(out[0].cluster, 7);
    assert_int_equal(out[0].decision, DECISION_AUTOMATIC);
    assert_int_equal(out[0].member, 0);
    assert_int_equal(out[0].pair.rule, RULE_PHONE_NAME);
}

static void a_new_record_that_fits_two_clusters_is_suggested_to_both(void **state)
{
    (void)state;
    static const struct buyer known[] = { { MARIA, PHONE }, { .name = "Анна Иванова", PHONE } };
    static const int64_t      clusters[] = { 7, 8 };
    struct identity_place     out[4];
    assert_int_equal(place(&(struct buyer){ .name = "Иванова", PHONE }, known, clusters, 2, NULL, 0, out), 2);
    assert_int_equal(out[0].decision, DECISION_SUGGEST);
    assert_int_equal(out[0].guard, GUARD_NOT_SINGLE);
    assert_int_equal(out[1].decision, DECISION_SUGGEST);
}

static void a_new_record_obeys_verdicts_and_guards(void **state)
{
    (void)state;
    static const struct buyer known[] = { { MARIA, PHONE }, { .name = "Иванова", PHONE } };
    static const int64_t      one[] = { 7, 7 };
    static const struct identity_verdict different[] = { { 1, 0, false } }, same[] = { { 0, 0, true } };
    struct identity_place     out[4];
    assert_int_equal(place(&known[0], known, one, 2, different, 1, out), 0);
    assert_int_equal(place(&(struct buyer){ .name = "Анна Иванова", PHONE }, known, one, 2, NULL, 0, out), 1);
    assert_int_equal(out[0].decision, DECISION_SUGGEST);
    assert_int_equal(out[0].guard, GUARD_CONTRADICTION);
    assert_int_equal(place(&(struct buyer){ .name = "Ерлан Оспанов" }, known, one, 2, same, 1, out), 1);
    assert_int_equal(out[0].decision, DECISION_AUTOMATIC);
    assert_int_equal(out[0].pair.rule, RULE_VERDICT);
}

static void clusters_that_contradict_may_not_join(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    struct buyer  b[] = { { MARIA, PHONE }, { .name = "Анна Иванова", PHONE }, { .name = "Маша Иванова", .card = "A" }, { MARIA, .card = "B" } };
    struct person p[4];
    int           x, y;
    for (int i = 0; i < 4; i++)
        p[i] = person_of(&a, &b[i], i);
    assert_int_equal(identity_may_join(p, 1, p + 1, 1, NULL, &x, &y), GUARD_CONTRADICTION);
    assert_int_equal(identity_may_join(p, 1, p + 2, 1, NULL, &x, &y), GUARD_NONE);
    assert_int_equal(identity_may_join(p + 2, 1, p + 3, 1, NULL, &x, &y), GUARD_CONTRADICTION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scores_are_those_of_the_handbook),
        cmocka_unit_test(a_number_that_may_have_passed_to_another_joins_nobody_by_itself),
        cmocka_unit_test(a_mailbox_that_is_but_the_name_asks_where_phone_and_place_differ),
        cmocka_unit_test(name_and_address_join_by_themselves_when_the_seller_says_so),
        cmocka_unit_test(a_rare_name_weighs_more),
        cmocka_unit_test(a_mask_supports_and_contradicts_but_is_no_key),
        cmocka_unit_test(what_says_nothing_weighs_nothing),
        cmocka_unit_test(maria_of_three_sources_is_one_customer),
        cmocka_unit_test(a_family_with_one_phone_stays_apart),
        cmocka_unit_test(a_rare_name_does_not_outweigh_two_contacts_that_differ),
        cmocka_unit_test(who_may_be_two_people_is_asked_about),
        cmocka_unit_test(a_chain_does_not_glue_strangers),
        cmocka_unit_test(verdicts_are_obeyed),
        cmocka_unit_test(cyclic_verdicts_keep_what_must_differ_apart),
        cmocka_unit_test(what_a_person_has_merged_stays_whole_whatever_it_holds),
        cmocka_unit_test(two_large_cards_that_a_person_has_merged_stay_one),
        cmocka_unit_test(a_block_that_is_hot_elsewhere_makes_no_pair_and_a_spared_one_does),
        cmocka_unit_test(a_cluster_grows_to_its_limit_and_no_further),
        cmocka_unit_test(ten_thousand_records_with_one_phone_cost_no_quadratic_time),
        cmocka_unit_test(a_new_record_joins_the_only_cluster_that_fits),
        cmocka_unit_test(a_new_record_that_fits_two_clusters_is_suggested_to_both),
        cmocka_unit_test(a_new_record_obeys_verdicts_and_guards),
        cmocka_unit_test(clusters_that_contradict_may_not_join),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
