#include "returns/return_report.h"

#include "base/buf.h"

#include <stdlib.h>

/* clang-format off */
const char *const report_by_names[] = { [BY_REASON] = "reason", [BY_PRODUCT] = "product", [BY_CHANNEL] = "channel", [BY_DAY] = "day", NULL };
const char *const report_what_names[] = {
    [WHAT_RETURNS] = "returns", [WHAT_REFUSALS] = "refusals", [WHAT_CANCELLATIONS] = "cancellations", [WHAT_ALL] = "all", NULL
};
/* clang-format on */
_Static_assert(COUNT_OF(report_by_names) == REPORT_BY_COUNT + 1, "a name per grouping");
_Static_assert(COUNT_OF(report_what_names) == REPORT_WHAT_COUNT + 1, "a name per kind of rows");

#define BUCKETS 4096

struct node { struct node *next; struct report_group g; str article; };   /* article: of a pair of product and reason */
struct table { struct node *bucket[BUCKETS]; int count; };
struct return_report {
    struct arena      *a;
    struct report_plan plan;
    struct table       groups, products, pairs;              /* pairs: key "article\nreason" */
    struct report_group total;
    struct buf         pair;
    rid                account;
    int64_t            day;
    str                account_text, day_text;
};

struct return_report *return_report_new(struct arena *a, const struct report_plan *plan)
{
    struct return_report *r = ARENA_NEW(a, struct return_report);
    r->a    = a;
    r->plan = *plan;
    r->pair = buf_in(a);
    return r;
}

static struct node *node_of(struct return_report *r, struct table *t, str key)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < key.len; i++)
        h = (h ^ (unsigned char)key.at[i]) * UINT64_C(1099511628211);
    struct node **at = &t->bucket[(h ^ h >> 32) % BUCKETS];
    for (struct node *n = *at; n; n = n->next)
        if (str_eq(n->g.key, key))
            return n;
    struct node *made = ARENA_NEW(r->a, struct node);
    made->g.key = str_copy(r->a, key);
    made->next  = *at;
    *at         = made;
    t->count++;
    return made;
}

bool report_takes(const struct report_plan *p, rid account, unsigned kind, unsigned state)
{
    bool in = p->accounts_count == 0;
    for (int i = 0; i < p->accounts_count && !in; i++)
        in = id_eq(p->accounts[i], account);
    bool refusal = kind == RETURN_REFUSAL, cancelled = kind == RETURN_CANCELLATION;
    return in && (!p->states || p->states & BIT(state)) &&
           (p->what == WHAT_ALL || (p->what == WHAT_REFUSALS ? refusal : p->what == WHAT_CANCELLATIONS ? cancelled : !refusal && !cancelled));
}

static void count_in(const struct return_report *r, struct report_group *g, const struct report_line *l, bool by_line)
{
    bool is_new = !id_eq(g->last, l->return_id), ours = str_eq(l->currency, r->plan.currency);
    g->last = l->return_id;
    g->returns += is_new;
    if (by_line || is_new)
        g->units += by_line ? l->qty : l->units;
    if (ours && (by_line || is_new))
        g->sum += by_line ? l->amount : l->refund;
    g->foreign += is_new && !ours;
}

/* Rows are many, keys few: the one of the row before is mostly that of this row. */
static str account_key(struct return_report *r, rid account)
{
    if (!r->account_text.len || !id_eq(account, r->account)) {
        r->account      = account;
        r->account_text = str_print(r->a, "%lld", (long long)account.v);
    }
    return r->account_text;
}

static str day_key(struct return_report *r, instant at)
{
    int64_t day = zone_day(r->plan.zone, at);
    if (!r->day_text.len || day != r->day) {
        r->day      = day;
        r->day_text = date_text(r->a, day);
    }
    return r->day_text;
}

static str key_of(struct return_report *r, const struct report_line *l)
{
    switch (r->plan.by) {
    case BY_PRODUCT: return l->article.len ? l->article : l->title;
    case BY_CHANNEL: return account_key(r, l->account_id);
    case BY_DAY: return day_key(r, l->requested_at);
    default: return l->reason;
    }
}

/* "article\nreason", in room that is used again for each row. */
static str pair_key(struct return_report *r, str product, str reason)
{
    r->pair.len = 0;
    buf_add(&r->pair, product);
    buf_add_char(&r->pair, '\n');
    buf_add(&r->pair, reason);
    return buf_str(&r->pair);
}

void return_report_add(struct return_report *r, const struct report_line *l)
{
    if (!report_takes(&r->plan, l->account_id, l->kind, l->state))
        return;
    str product = l->article.len ? l->article : l->title;
    count_in(r, &r->total, l, false);
    struct node *g = node_of(r, &r->groups, key_of(r, l));
    if (!g->g.label.len)
        g->g.label = str_copy(r->a, r->plan.by == BY_PRODUCT ? l->title : r->plan.by == BY_CHANNEL ? l->channel : STR(""));
    g->g.account_id = r->plan.by == BY_CHANNEL ? l->account_id : (rid){ 0 };
    count_in(r, &g->g, l, r->plan.by == BY_PRODUCT);
    struct node *p = node_of(r, &r->products, product), *pair = node_of(r, &r->pairs, pair_key(r, product, l->reason));
    if (!p->g.label.len)
        p->g.label = str_copy(r->a, l->title);
    pair->article  = p->g.key;
    if (!pair->g.label.len)
        pair->g.label = str_copy(r->a, l->reason);
    count_in(r, &p->g, l, true);
    count_in(r, &pair->g, l, true);
}

void return_report_cohort(struct return_report *r, rid account, str article, int64_t delivered, int64_t came_back)
{
    struct report_plan any = r->plan;
    any.what = WHAT_ALL;
    any.states = 0;
    if (!report_takes(&any, account, 0, 0))
        return;
    r->total.delivered += delivered;
    r->total.came_back += came_back;
    if (r->plan.by != BY_PRODUCT && r->plan.by != BY_CHANNEL)
        return;
    str key = r->plan.by == BY_PRODUCT ? article : account_key(r, account);
    struct node *g = node_of(r, &r->groups, key);
    g->g.delivered += delivered;
    g->g.came_back += came_back;
}

struct report_group return_report_total(const struct return_report *r) { return r->total; }

static int by_returns(const void *pa, const void *pb)
{
    const struct report_group *a = pa, *b = pb;
    return a->returns != b->returns ? (a->returns < b->returns ? 1 : -1) : str_cmp(a->key, b->key);
}

static int by_key(const void *pa, const void *pb)
{
    const struct report_group *a = pa, *b = pb;
    return str_cmp(a->key, b->key);
}

/* What was only delivered is no row: the list would be all that is sold. */
void return_report_groups(struct return_report *r, struct report_group_list *out)
{
    for (int i = 0; i < BUCKETS; i++)
        for (const struct node *n = r->groups.bucket[i]; n; n = n->next)
            if (n->g.returns)
                *report_group_list_add(out, r->a) = n->g;
    if (out->count)
        qsort(out->at, (size_t)out->count, sizeof *out->at, r->plan.by == BY_DAY ? by_key : by_returns);
}

static int by_share(const void *pa, const void *pb)
{
    const struct report_alarm *a = pa, *b = pb;
    int64_t x = a->count * b->all, y = b->count * a->all;
    if (x != y)
        return x < y ? 1 : -1;
    int c = str_cmp(a->article, b->article);
    return c ? c : str_cmp(a->reason, b->reason);
}

/* A word that nobody has explained is no reason. */
void return_report_alarms(struct return_report *r, struct report_alarm_list *out)
{
    for (int i = 0; i < BUCKETS; i++)
        for (const struct node *n = r->pairs.bucket[i]; n; n = n->next) {
            const struct node *p = node_of(r, &r->products, n->article);
            if (p->g.returns >= ALARM_RETURNS_MIN && n->g.label.len && n->g.returns * 10000 > ALARM_SHARE_BP * p->g.returns)
                *report_alarm_list_add(out, r->a) = (struct report_alarm){ p->g.key, p->g.label, n->g.label, n->g.returns, p->g.returns };
        }
    if (out->count)
        qsort(out->at, (size_t)out->count, sizeof *out->at, by_share);
}
