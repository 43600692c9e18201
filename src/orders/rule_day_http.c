/* A rule tried on the orders of yesterday: which of them it would have counted for, and how many would have burnt or been late. */
#include "orders/standing_http.h"

#include "deadlines/tryout_flow.h"
#include "orders/standing_store.h"

#define ORDERS_MAX 20000

struct laying {
    struct request     *rq;
    struct tryout_rules stand, then;
    struct rule_tally  *is, *becomes;   /* a place per rule of `stand` and of `then` */
    struct day_order_list orders;
    int64_t             unknown;
};

static struct rule_tally *tallies_for(struct arena *a, const struct sla_book *book)
{
    return ARENA_ARRAY(a, struct rule_tally, book->policies.count + 1);
}

/* What a person may not see is not counted for them. */
static void drop_others(const struct request *rq, struct day_order_list *list)
{
    int kept = 0;
    for (int i = 0; i < list->count; i++) {
        bool ours = rq->who.accounts_count == 0;
        for (int k = 0; k < rq->who.accounts_count; k++)
            ours |= id_eq(rq->who.accounts[k], list->at[i].account_id);
        if (ours)
            list->at[kept++] = list->at[i];
    }
    list->count = kept;
}

static void tally_write(struct json_out *j, const char *key, const struct rule_tally *t)
{
    static const struct rule_tally none = { 0 };
    const struct rule_tally *it = t ? t : &none;
    json_begin(j, key, '{');
    json_number(j, "orders", it->orders);
    json_number(j, "red", it->red);
    json_number(j, "missed", it->missed);
    json_end(j);
}

static const struct rule_tally *tally_of(const struct sla_book *book, const struct rule_tally *tallies, rid id)
{
    for (int i = 0; i < book->policies.count; i++)
        if (id_is_set(id) && id_eq(book->policies.at[i].id, id))
            return &tallies[i];
    return NULL;
}

static void rule_write(struct json_out *j, const struct laying *l, rid id, str name, enum sla_step step, const struct rule_tally *then)
{
    json_begin(j, NULL, '{');
    json_id(j, "policy_id", id);
    json_text(j, "name", name);
    json_text(j, "step", str_of(sla_step_names[step]));
    json_bool(j, "tried", l->then.has && id_eq(id, l->then.rule.id));
    tally_write(j, "now", tally_of(&l->stand.book, l->is, id));
    tally_write(j, "then", then);
    json_end(j);
}

/* The rule that is tried first, then those of the same step; without one, all that orders have. */
static void rules_write(struct json_out *j, const struct laying *l)
{
    const struct sla_book *book = &l->then.book;
    const struct policy_row *tried = &l->then.rule;
    json_begin(j, "items", '[');
    if (l->then.has)
        rule_write(j, l, tried->id, tried->name, tried->step, l->then.changed >= 0 ? &l->becomes[l->then.changed] : NULL);
    for (int i = 0; i < book->policies.count; i++) {
        const struct policy *p = &book->policies.at[i];
        bool asked = l->then.has ? i != l->then.changed && p->step == tried->step : p->step <= SLA_HAND_OVER;
        if (asked)
            rule_write(j, l, p->id, p->name, p->step, &l->becomes[i]);
    }
    json_end(j);
}

static bool day_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct laying l = { .rq = rq };
    struct work  *w = &rq->work;
    bool cut;
    int64_t seen = 0, day = zone_day(w->shop->zone, w->now) - 1;
    instant from = zone_instant(w->shop->zone, day, 0), to = zone_instant(w->shop->zone, day + 1, 0);
    if (!tryout_rules(w, rq->json, &l.then, err) || !day_orders(w->db, from, to, ORDERS_MAX, w->arena, &l.orders, &cut, err))
        return false;
    l.stand.book = w->shop->book;
    l.is         = tallies_for(w->arena, &l.stand.book);
    l.becomes    = tallies_for(w->arena, &l.then.book);
    drop_others(rq, &l.orders);
    for (int step = SLA_CONFIRM; step <= SLA_HAND_OVER; step++) {
        if (l.then.has && step != (int)l.then.rule.step)
            continue;
        rule_day_count(&l.then.book, &l.orders, (enum sla_step)step, w->now, l.becomes, &l.unknown);
        rule_day_count(&l.stand.book, &l.orders, (enum sla_step)step, w->now, l.is, &seen);
    }
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_text(&j, "day", date_text(w->arena, day));
    json_number(&j, "orders", l.orders.count);
    json_number(&j, "unknown", l.unknown);
    json_bool(&j, "cut", cut);
    rules_write(&j, &l);
    json_end(&j);
    return true;
}

#define RULE_BYTES (256 << 10)
/* clang-format off */
const struct route rule_day_routes[] = {
    { HTTP_POST, "/api/deadlines/yesterday", PERM_SETTINGS, day_post, .json = true, .reply_schema = "RuleDay", .limit_bytes = RULE_BYTES,
      .doc = "What a rule that nobody has saved yet would have meant for yesterday's orders, beside what the rules that stand meant; "
             "without a rule those alone", .tag = "deadlines" },
    { .method = HTTP_NONE },
};
/* clang-format on */
