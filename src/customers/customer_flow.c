#include "customers/customer_flow.h"

#include "base/fold.h"
#include "customers/match_flow.h"
#include "customers/settle_flow.h"
#include "customers/sound_store.h"

#include <string.h>

/* What a page knows so far: sources that were in the database, and those it has just made. */
struct page {
    struct db                  *db;
    const struct work          *w;
    struct work                 rule;                    /* the same with the rules as actor: what is merged here nobody has asked for */
    struct customer_source_list sources;
    struct neighbours          *near;
    struct int_list             touched;                 /* customers that got another source */
    struct int_list             renewed;                 /* customers of whom a source told other contacts or another name */
    struct int_list             gone, into;              /* merged by this page */
    struct int_list             recounted;               /* cards whose orders were counted anew */
    str                         country;
};

static str phone_key(struct arena *a, str e164)
{
    return fold_reverse(a, fold_digits(a, e164));
}

static struct customer_source source_of(const struct buyer *b)
{
    return (struct customer_source){
        .account_id = b->account_id, .external_id = b->external_id, .name = b->name, .phone = b->phone, .phone_raw = b->phone_raw,
        .email = b->email, .address = b->address, .city = b->city, .birth_date = b->birth_date, .masked = b->masked,
        .first_seen = b->seen, .last_seen = b->seen,
    };
}

static bool same_copy(const struct customer_source *s, const struct buyer *b)
{
    return str_eq(s->name, b->name) && str_eq(s->phone_raw, b->phone_raw) && str_eq(s->email, b->email) &&
           str_eq(s->address, b->address) && str_eq(s->city, b->city) && str_eq(s->birth_date, b->birth_date);
}

static struct customer_source *find_source(struct page *p, str external_id)
{
    for (int i = 0; i < p->sources.count; i++)
        if (str_eq(p->sources.at[i].external_id, external_id))
            return &p->sources.at[i];
    return NULL;
}

/* What a newer copy of a known source makes of it. What the channel has hidden since does not erase what it had told. */
static struct customer_source renewed(const struct customer_source *was, const struct buyer *b)
{
    struct customer_source s = *was;
    if (b->name.len)
        s.name = b->name;
    if (b->phone.len) {
        s.phone     = b->phone;
        s.phone_raw = b->phone_raw;
        s.masked    = false;
    }
    if (b->email.len)
        s.email = b->email;
    if (b->address.len)
        s.address = b->address;
    if (b->city.len)
        s.city = b->city;
    if (b->birth_date.len)
        s.birth_date = b->birth_date;
    s.last_seen = b->seen;
    return s;
}

static bool says_news(const struct customer_source *s, const struct buyer *b)
{
    return !same_copy(s, b) && b->seen.ms >= s->last_seen.ms;
}

/* Known sources, then the neighbours of those that are new or have changed. Most pages of a market bring neither. */
static bool load(struct page *p, const struct buyer *buyers, int count, str country, struct err *err)
{
    struct arena           *a    = p->w->arena;
    str                    *ids  = ARENA_ARRAY(a, str, count + 1);
    struct customer_source *asked = ARENA_ARRAY(a, struct customer_source, count + 1);
    int                     id_n = 0, asked_n = 0;

    for (int i = 0; i < count; i++)
        if (!buyer_is_nobody(&buyers[i]))
            ids[id_n++] = buyers[i].external_id;
    if (id_n && !customer_sources_by_external(p->db, buyers[0].account_id, ids, id_n, a, &p->sources, err))
        return false;
    for (int i = 0; i < count; i++) {
        const struct customer_source *known = find_source(p, buyers[i].external_id);
        if (buyer_is_nobody(&buyers[i]) || (known && !says_news(known, &buyers[i])))
            continue;
        asked[asked_n++] = known ? renewed(known, &buyers[i]) : source_of(&buyers[i]);
    }
    return neighbours_load(p->db, p->w, asked, asked_n, country, &p->near, err);
}

/* ---- what is found by searching ---- */

static bool add_key(struct page *p, str kind, str value, rid customer_id, struct err *err)
{
    return !value.len || customer_key_add(p->db, kind, value, customer_id, err);
}

/* Everything by which the person can be found again. */
static bool add_keys(struct page *p, const struct buyer *b, rid customer_id, struct err *err)
{
    str words[8];
    int count = name_words(p->w->arena, b->name, words);
    for (int i = 0; i < count; i++)
        if (!add_key(p, STR("word"), words[i], customer_id, err))
            return false;
    return customer_sounds_add(p->db, p->w->arena, b->name, customer_id, err) && add_key(p, STR("phone"), phone_key(p->w->arena, b->phone), customer_id, err) &&
           add_key(p, STR("email"), b->email, customer_id, err);
}

static void note(struct page *p, struct int_list *list, rid customer)
{
    for (int i = 0; i < list->count; i++)
        if (list->at[i] == customer.v)
            return;
    *int_list_add(list, p->w->arena) = customer.v;
}

/* ---- links ---- */

static bool make_customer(struct page *p, const struct buyer *b, rid *out, struct err *err)
{
    struct customer c = {
        .id = work_id(p->w), .name = b->name, .phone = b->phone, .email = b->email, .city = b->city, .birth_date = b->birth_date,
        .currency = b->orders ? b->currency : STR(""), .orders_count = b->orders, .net_spent = b->sum,
        .first_order_at = b->orders ? b->seen : (instant){ 0 }, .last_order_at = b->orders ? b->seen : (instant){ 0 },
        .state = STR("active"), .version = 1, .created_at = p->w->now, .updated_at = p->w->now,
    };
    *out = c.id;
    return customer_insert(p->db, &c, err);
}

static bool make_source(struct page *p, const struct buyer *b, rid customer_id, const struct match *home, rid *out, struct err *err)
{
    struct customer_source *s = customer_source_list_add(&p->sources, p->w->arena);
    bool                    joins = id_is_set(home->customer);
    *s             = source_of(b);
    s->id          = work_id(p->w);
    s->customer_id = customer_id;
    s->rule        = joins ? home->rule : STR("first");
    *out           = s->id;
    struct identity_row_link l = {
        .id = work_id(p->w), .source_id = s->id, .customer_id = customer_id, .rule = s->rule, .score = home->score,
        .with_source = home->with_source, .evidence = home->evidence, .at = p->w->now,
        .actor_kind = str_of(actor_kind_names[joins ? ACTOR_RULE : ACTOR_SYSTEM]), .actor_name = joins ? STR("identity") : STR(""),
    };
    neighbours_take(p->near, s, customer_id);
    return customer_source_save(p->db, s, true, err) && link_add(p->db, &l, err) && add_keys(p, b, customer_id, err);
}

static bool suggest(struct page *p, const struct matching *m, rid source, rid customer, struct err *err)
{
    for (int i = 0; i < m->perhaps.count; i++) {
        const struct match *x = &m->perhaps.at[i];
        struct suggestion   g = {
            .id = work_id(p->w), .a_id = source, .b_id = x->with_source, .customer_a = customer, .customer_b = x->customer,
            .rule = x->rule, .score = x->score, .evidence = x->evidence, .at = p->w->now,
        };
        if (!id_eq(customer, x->customer) && !suggestion_offer(p->db, &g, err))
            return false;
    }
    return true;
}

static rid living(const struct page *p, rid customer)
{
    for (int i = 0; i < p->gone.count; i++)
        if (p->gone.at[i] == customer.v)
            return living(p, (rid){ p->into.at[i] });
    return customer;
}

/* A record shows that two cards are one person: the older goes on. */
static bool join(struct page *p, rid *home, const struct matching *m, rid source, struct err *err)
{
    for (int i = 0; i < m->also.count && m->also.count == 1; i++) {      /* more of them may not fit each other: settling tells */
        rid other = living(p, (rid){ m->also.at[i] }), own = living(p, *home), event;
        struct merge_view now;
        if (id_eq(own, other))
            continue;
        struct merge_plan plan = {
            .kept = own.v < other.v ? own : other, .gone = own.v < other.v ? other : own, .rule = m->home.rule, .score = m->home.score,
            .evidence = m->home.evidence, .source = source, .with_source = m->home.with_source,
        };
        if (!merge_apply(p->db, &p->rule, &plan, &now, &event, err))
            return false;
        *int_list_add(&p->gone, p->w->arena) = plan.gone.v;
        *int_list_add(&p->into, p->w->arena) = plan.kept.v;
        note(p, &p->recounted, plan.kept);
        neighbours_merged(p->near, plan.kept, plan.gone);
        for (int k = 0; k < p->sources.count; k++)
            if (id_eq(p->sources.at[k].customer_id, plan.gone))
                p->sources.at[k].customer_id = plan.kept;
        *home = plan.kept;
    }
    return true;
}

static bool reads_same(struct page *p, const struct customer_source *a, const struct customer_source *b)
{
    struct person x, y;
    source_person(p->w->arena, a, p->country, &x);
    source_person(p->w->arena, b, p->country, &y);
    return memcmp(&x, &y, sizeof x) == 0;
}

/* Where it belongs now is said when the whole page is known: it may leave its card, join another, or let others go. */
static bool renew(struct page *p, struct customer_source *s, const struct buyer *b, struct err *err)
{
    struct matching        m;
    struct customer_source was = *s;
    if (!says_news(s, b))
        return true;
    *s = renewed(s, b);
    note(p, &p->renewed, s->customer_id);
    if (reads_same(p, &was, s))
        return customer_source_save(p->db, s, false, err);
    neighbours_forget(p->near, &was);
    neighbours_ask(p->near, s, s->customer_id, &m);
    neighbours_take(p->near, s, s->customer_id);
    neighbours_doubt(p->near, s->id);
    return customer_source_save(p->db, s, false, err) && suggest(p, &m, s->id, s->customer_id, err);
}

static bool resolve_one(struct page *p, const struct buyer *b, struct buyer_found *out, struct err *err)
{
    struct customer_source *s = find_source(p, b->external_id);
    struct matching         m;
    if (s) {
        bool ok = renew(p, s, b, err);
        *out = (struct buyer_found){ s->customer_id, s->id, false };
        return ok;
    }
    struct customer_source asked = source_of(b);
    neighbours_ask(p->near, &asked, (rid){ 0 }, &m);
    out->is_new = !id_is_set(m.home.customer);
    if (out->is_new) {
        if (!make_customer(p, b, &out->customer_id, err))
            return false;
    } else {
        out->customer_id = m.home.customer;
        note(p, &p->touched, out->customer_id);
    }
    if (!make_source(p, b, out->customer_id, &m.home, &out->source_id, err))
        return false;
    if (!m.is_settled)
        neighbours_doubt(p->near, out->source_id);
    return suggest(p, &m, out->source_id, out->customer_id, err) &&
           join(p, &out->customer_id, &m, out->source_id, err);
}

/* ---- what the cards show ---- */

/* It follows the sources: for the whole page in three statements, and one for each card that changed. */
static bool refresh(struct page *p, struct err *err)
{
    struct arena               *a       = p->w->arena;
    int                         n       = 0, found = 0;
    rid                        *ids     = ARENA_ARRAY(a, rid, p->touched.count + 1);
    struct customer            *rows    = ARENA_ARRAY(a, struct customer, p->touched.count + 1);
    struct customer_source_list sources = { 0 };
    struct customer_field_list  fields  = { 0 };

    for (int i = 0; i < p->renewed.count; i++) {
        rid one = living(p, (rid){ p->renewed.at[i] });  /* rare: what it said before finds it no more */
        if (!customers_refresh(p->db, p->w, &one, 1, err))
            return false;
    }
    for (int i = 0; i < p->touched.count; i++)
        if (id_eq(living(p, (rid){ p->touched.at[i] }), (rid){ p->touched.at[i] }))
            ids[n++] = (rid){ p->touched.at[i] };
    if (!n)
        return true;
    if (!record_load(p->db, &customer_record, ids, n, a, rows, &found, err) || !customer_sources_of(p->db, ids, n, a, &sources, err) ||
        !customer_fields_of(p->db, ids, n, a, &fields, err))
        return false;
    for (int i = 0; i < found; i++) {
        struct customer was = rows[i];
        if (id_is_set(was.merged_into))
            continue;                   /* by settling: the other card has been refreshed */
        customer_compute(&rows[i], &sources, &fields, a);
        if (record_diff(&customer_record, &was, &rows[i]) && !customer_values_save(p->db, &rows[i], p->w->now, err))
            return false;
    }
    return true;
}

/* What could not be said for sure from the records at hand. Mostly there is nothing, and nothing is asked. */
static bool settle(struct page *p, struct buyer_found *out, int count, struct err *err)
{
    const struct int_list *doubts = neighbours_doubts(p->near);
    rid                   *ids    = ARENA_ARRAY(p->w->arena, rid, doubts->count + 1);
    struct settled         done;
    for (int i = 0; i < doubts->count; i++)
        ids[i] = (rid){ doubts->at[i] };
    if (!identity_settle(p->db, p->w, ids, doubts->count, p->country, (rid){ 0 }, &done, err))
        return false;
    for (int i = 0; i < done.recounted.count; i++)
        note(p, &p->recounted, (rid){ done.recounted.at[i] });
    for (int i = 0; i < count; i++) {
        if (!id_is_set(out[i].source_id))
            continue;
        rid  now     = settled_home(&done, out[i].source_id, living(p, out[i].customer_id));
        bool counted = !id_eq(now, out[i].customer_id);      /* what the card began with was counted again */
        for (int k = 0; k < p->recounted.count && !counted; k++)
            counted = p->recounted.at[k] == now.v;
        out[i] = (struct buyer_found){ now, out[i].source_id, out[i].is_new && !counted };
    }
    return true;
}

bool customer_resolve(struct db *db, const struct work *w, const struct buyer *buyers, int count, str country, struct buyer_found *out,
                      struct err *err)
{
    struct page p = { .db = db, .w = w, .rule = *w, .country = country };
    p.rule.actor  = (struct actor){ .kind = ACTOR_RULE, .name = STR("identity") };
    if (count && !load(&p, buyers, count, country, err))
        return false;
    for (int i = 0; i < count; i++) {
        out[i] = (struct buyer_found){ 0 };
        if (!buyer_is_nobody(&buyers[i]) && !resolve_one(&p, &buyers[i], &out[i], err))
            return false;
    }
    return !count || (neighbours_save(p.near, db, err) && settle(&p, out, count, err) && refresh(&p, err));
}
