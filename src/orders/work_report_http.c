/* How the work went: how long until orders were confirmed, and which deadlines were missed, by cause and by person. */
#include "orders/standing_http.h"

#include "deadlines/shop.h"
#include "orders/period.h"
#include "orders/queue_http.h"
#include "orders/standing_store.h"

#include <stdlib.h>

#define DAYS_MAX      92
#define CONFIRMED_MAX 500000
#define MISSED_MAX    100000
#define MISSED_SHOWN  200

struct report {
    struct request *rq;
    struct arena   *a;
    struct period   period;
    struct standing_account_list accounts;
    struct confirm_time_list     times;
    struct missed_list           missed;
    bool            times_more, missed_more;
};

static bool in_scope(const struct request *rq, rid account)
{
    for (int i = 0; i < rq->who.accounts_count; i++)
        if (id_eq(rq->who.accounts[i], account))
            return true;
    return rq->who.accounts_count == 0;
}

/* Who sees no returns is not told how many of them were late either. */
static bool may_see(const struct request *rq, const struct missed *m)
{
    return in_scope(rq, m->account_id) && (str_is(m->object, "order") || permission_in(rq->who.permissions, PERM_RETURNS_SEE));
}

static int by_ms(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The value below which so many of a hundred lie: the nearest rank. */
static int64_t rank_of(const int64_t *ms, int n, int percent)
{
    int64_t at = ((int64_t)n * percent + 99) / 100;
    return ms[at > 0 ? at - 1 : 0];
}

/* Of times that are in order. */
static void spread_members(struct json_out *j, const int64_t *ms, int n)
{
    json_number(j, "orders", n);
    if (n) {
        json_number(j, "median_s", rank_of(ms, n, 50) / SECOND_MS);
        json_number(j, "p90_s", rank_of(ms, n, 90) / SECOND_MS);
    } else {
        json_null(j, "median_s");
        json_null(j, "p90_s");
    }
}

static void spread_write(struct json_out *j, int64_t *ms, int n)
{
    qsort(ms, (size_t)n, sizeof *ms, by_ms);
    spread_members(j, ms, n);
}

static int times_of(const struct report *r, rid account, int64_t *out)
{
    int n = 0;
    for (int i = 0; i < r->times.count; i++) {
        const struct confirm_time *t = &r->times.at[i];
        if (in_scope(r->rq, t->account_id) && (!id_is_set(account) || id_eq(account, t->account_id)))
            out[n++] = t->ms;
    }
    return n;
}

/* ---- who confirmed ---- */

struct one_time { rid person; int64_t ms; };
struct one_person { rid id; int from, n; };
LIST(one_person)

static int by_person(const void *pa, const void *pb)
{
    const struct one_time *a = pa, *b = pb;
    return a->person.v != b->person.v ? (a->person.v < b->person.v ? -1 : 1) : (a->ms > b->ms) - (a->ms < b->ms);
}

static int by_orders(const void *pa, const void *pb)
{
    const struct one_person *a = pa, *b = pb;
    return a->n != b->n ? (a->n < b->n ? 1 : -1) : (a->id.v > b->id.v) - (a->id.v < b->id.v);
}

/* Sorted once by person and time: the times of each lie together and in order. */
static void people_write(struct json_out *j, const struct report *r)
{
    struct one_time       *all    = ARENA_ARRAY(r->a, struct one_time, r->times.count + 1);
    int64_t               *ms     = ARENA_ARRAY(r->a, int64_t, r->times.count + 1);
    struct one_person_list people = { 0 };
    int n = 0;
    for (int i = 0; i < r->times.count; i++)
        if (in_scope(r->rq, r->times.at[i].account_id))
            all[n++] = (struct one_time){ r->times.at[i].person_id, r->times.at[i].ms };
    qsort(all, (size_t)n, sizeof *all, by_person);
    for (int i = 0; i < n; i++) {
        ms[i] = all[i].ms;
        if (i == 0 || !id_eq(all[i].person, all[i - 1].person))
            *one_person_list_add(&people, r->a) = (struct one_person){ all[i].person, i, 0 };
        people.at[people.count - 1].n++;
    }
    if (people.count)
        qsort(people.at, (size_t)people.count, sizeof *people.at, by_orders);
    json_begin(j, "people", '[');
    for (int i = 0; i < people.count; i++) {
        json_begin(j, NULL, '{');
        json_id(j, "person_id", people.at[i].id);
        spread_members(j, ms + people.at[i].from, people.at[i].n);
        json_end(j);
    }
    json_end(j);
}

static void confirm_write(struct json_out *j, const struct report *r)
{
    int64_t *ms = ARENA_ARRAY(r->a, int64_t, r->times.count + 1);
    json_begin(j, "confirm", '{');
    spread_write(j, ms, times_of(r, (rid){ 0 }, ms));
    json_bool(j, "cut", r->times_more);
    json_begin(j, "accounts", '[');
    for (int i = 0; i < r->accounts.count; i++) {
        const struct standing_account *acc = &r->accounts.at[i];
        if (!in_scope(r->rq, acc->id))
            continue;
        json_begin(j, NULL, '{');
        json_id(j, "account_id", acc->id);
        json_text(j, "channel", acc->channel);
        json_text(j, "name", acc->name);
        spread_write(j, ms, times_of(r, acc->id, ms));
        json_end(j);
    }
    json_end(j);
    people_write(j, r);
    json_end(j);
}

struct tally { str key; rid person; int64_t n, open; };
LIST(tally)

static void tally_add(struct tally_list *list, struct arena *a, str key, rid person, bool open)
{
    struct tally *t = NULL;
    for (int i = 0; i < list->count && !t; i++)
        if (str_eq(list->at[i].key, key) && id_eq(list->at[i].person, person))
            t = &list->at[i];
    if (!t) {
        t  = tally_list_add(list, a);
        *t = (struct tally){ .key = key, .person = person };
    }
    t->n++;
    t->open += open;
}

static int by_count(const void *pa, const void *pb)
{
    const struct tally *a = pa, *b = pb;
    return a->n != b->n ? (a->n < b->n ? 1 : -1) : str_cmp(a->key, b->key);
}

static void tallies_write(struct json_out *j, const char *key, struct tally_list *list, bool people)
{
    if (list->count)
        qsort(list->at, (size_t)list->count, sizeof *list->at, by_count);
    json_begin(j, key, '[');
    for (int i = 0; i < list->count; i++) {
        json_begin(j, NULL, '{');
        if (people)
            json_id(j, "person_id", list->at[i].person);
        else
            json_text(j, "key", list->at[i].key);
        json_number(j, "count", list->at[i].n);
        json_number(j, "open", list->at[i].open);
        json_end(j);
    }
    json_end(j);
}

static void missed_rows(struct json_out *j, const struct report *r)
{
    int shown = 0;
    json_begin(j, "items", '[');
    for (int i = 0; i < r->missed.count && shown < MISSED_SHOWN; i++) {
        const struct missed *m = &r->missed.at[i];
        if (!may_see(r->rq, m))
            continue;
        shown++;
        json_begin(j, NULL, '{');
        json_text(j, "object", m->object);
        json_id(j, "id", m->object_id);
        json_text(j, "number", m->number);
        json_id(j, "account_id", m->account_id);
        json_text(j, "step", m->step);
        json_text(j, "cause", m->cause);
        json_id(j, "person_id", m->person_id);
        json_instant(j, "at", m->at);
        json_instant(j, "ended_at", m->ended_at);
        json_end(j);
    }
    json_end(j);
}

static void missed_write(struct json_out *j, const struct report *r)
{
    struct tally_list causes = { 0 }, people = { 0 }, steps = { 0 };
    int64_t hours[24] = { 0 }, n = 0;
    for (int i = 0; i < r->missed.count; i++) {
        const struct missed *m = &r->missed.at[i];
        if (!may_see(r->rq, m))
            continue;
        bool open = !instant_is_set(m->ended_at);
        n++;
        tally_add(&causes, r->a, m->cause, (rid){ 0 }, open);
        tally_add(&steps, r->a, m->step, (rid){ 0 }, open);
        tally_add(&people, r->a, STR(""), m->person_id, open);
        hours[zone_civil(r->rq->work.shop->zone, m->at).hour]++;
    }
    json_begin(j, "missed", '{');
    json_number(j, "count", n);
    json_bool(j, "cut", r->missed_more);
    tallies_write(j, "causes", &causes, false);
    tallies_write(j, "steps", &steps, false);
    tallies_write(j, "people", &people, true);
    json_begin(j, "hours", '[');
    for (int h = 0; h < 24; h++)
        json_number(j, NULL, hours[h]);
    json_end(j);
    missed_rows(j, r);
    json_end(j);
}

static bool work_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct report r = { .rq = rq, .a = rq->work.arena };
    if (!period_of(rq->work.shop->zone, rq->work.now, query_text(rq, "from"), query_text(rq, "to"), DAYS_MAX, &r.period, err) ||
        !standing_accounts(rq->work.db, r.a, &r.accounts, err) ||
        !confirm_times(rq->work.db, r.period.from, r.period.until, CONFIRMED_MAX, r.a, &r.times, &r.times_more, err) ||
        !missed_deadlines(rq->work.db, r.period.from, r.period.until, MISSED_MAX, r.a, &r.missed, &r.missed_more, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_text(&j, "from", date_text(r.a, r.period.first));
    json_text(&j, "to", date_text(r.a, r.period.last));
    json_text(&j, "time_zone", zone_name(rq->work.shop->zone));
    confirm_write(&j, &r);
    missed_write(&j, &r);
    json_end(&j);
    return true;
}

/* clang-format off */
static const struct query_param work_query[] = {
    { "from", "first day, 2026-12-07; without it the week before this one" }, { "to", "last day; 92 days at most" }, { NULL, NULL }
};
const struct route work_report_routes[] = {
    { HTTP_GET, "/api/reports/work", PERM_ORDERS_WORK, work_get, .reply_schema = "WorkReport", .query = work_query,
      .doc = "How long until orders were confirmed (median, nine of ten) by account and person, and which deadlines were missed, by cause and person", .tag = "reports" },
    { .method = HTTP_NONE },
};
/* clang-format on */
