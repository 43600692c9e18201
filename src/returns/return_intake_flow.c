#include "returns/return_intake_flow.h"

#include "base/fold.h"
#include "deadlines/shop.h"
#include "orders/order_store.h"
#include "returns/exchange_flow.h"
#include "returns/media_store.h"
#include "returns/refund_flow.h"
#include "returns/return_command_flow.h"
#include "returns/return_rule_flow.h"

struct page {
    struct work             *w;
    const struct return_page *in;
    struct db               *db;
    struct return_edit_list  edits;
    struct return_ground     ground;
    struct reason_word_list  words;
    struct return_counts     counts;
};

static struct return_edit *edit_of(struct page *p, str external_id)
{
    for (int i = 0; i < p->edits.count; i++)
        if (str_eq(p->edits.at[i].now.external_id, external_id))
            return &p->edits.at[i];
    return NULL;
}

static struct return_edit *edit_add(struct page *p, const struct rma *stored, int64_t seq)
{
    for (int i = 0; i < p->edits.count; i++)
        if (id_eq(p->edits.at[i].old.id, stored->id))
            return &p->edits.at[i];
    struct return_edit *e = return_edit_list_add(&p->edits, p->w->arena);
    *e = (struct return_edit){ .old = *stored, .now = *stored, .seq = seq };
    return e;
}

static bool load(struct page *p, struct err *err)
{
    struct arena   *a      = p->w->arena;
    struct rma_list stored = { 0 };
    struct int_list seqs   = { 0 };
    str            *ids    = ARENA_ARRAY(a, str, p->in->count + 1);
    for (int i = 0; i < p->in->count; i++)
        ids[i] = p->in->drafts[i].external_id;
    if (!returns_by_external(p->db, p->in->account_id, ids, p->in->count, a, &stored, err) || !return_ground_read(p->db, p->w, &p->ground, err) ||
        !reason_words(p->db, a, &p->words, err))
        return false;
    rid *rids = ARENA_ARRAY(a, rid, stored.count + 1);
    for (int i = 0; i < stored.count; i++)
        rids[i] = stored.at[i].id;
    if (stored.count && !return_steps_last(p->db, rids, stored.count, a, &seqs, err))
        return false;
    for (int i = 0; i < stored.count; i++)
        edit_add(p, &stored.at[i], seqs.at[i]);
    return true;
}

/* ---- the order ---- */

static bool find_order(struct page *p, const struct rma *r, struct order *out, bool *found, struct err *err)
{
    struct arena          *a     = p->w->arena;
    struct order_list      list  = { 0 };
    struct line_order_list lines = { 0 };
    *found = false;
    if (id_is_set(r->order_id)) {
        *found = true;
        return order_get(p->db, r->order_id, a, out, err);
    }
    if (!r->order_external.len)
        return true;
    if (!orders_by_external(p->db, r->account_id, &r->order_external, 1, a, &list, err))
        return false;
    if (!list.count) {
        if (!orders_by_line(p->db, r->account_id, &r->order_external, 1, a, &lines, err))
            return false;
        if (lines.count && !orders_by_ids(p->db, &lines.at[0].order_id, 1, a, &list, err))
            return false;
    }
    *found = list.count > 0;
    if (*found)
        *out = list.at[0];
    return true;
}

static bool goods_differ(const struct rma_line *l, const struct return_draft_line *d)
{
    return l->qty != d->qty || (d->external_offer_id.len && !str_eq(l->external_offer_id, d->external_offer_id)) ||
           (d->article.len && !str_eq(l->article, d->article));
}

/* Does the market tell other goods than we hold? What people found in the parcel stands on the lines that we hold. */
static bool lines_differ(struct page *p, struct return_edit *e, const struct return_draft *d, bool *out, struct err *err)
{
    struct rma_line_list held = { 0 };
    *out = true;
    if (e->is_new)
        return true;
    if (!return_lines_of(p->db, &e->now.id, 1, p->w->arena, &held, err))
        return false;
    *out = held.count != d->lines.count;
    for (int i = 0; i < held.count && !*out; i++)
        *out = goods_differ(&held.at[i], &d->lines.at[i]);
    return true;
}

static void lines_told(struct return_edit *e, const struct return_draft *d, struct arena *a)
{
    e->lines = (struct rma_line_list){ 0 };
    for (int i = 0; i < d->lines.count; i++) {
        const struct return_draft_line *l = &d->lines.at[i];
        *rma_line_list_add(&e->lines, a) = (struct rma_line){ .line = i + 1, .external_offer_id = l->external_offer_id, .article = l->article,
                                                              .title = l->title, .qty = l->qty, .amount = l->amount, .condition = l->condition };
    }
    e->lines_changed = true;
}

static bool same_goods(const struct rma_line *l, const struct order_line *o)
{
    return (l->external_offer_id.len && str_eq(l->external_offer_id, o->external_offer_id)) || (l->article.len && str_eq(l->article, o->article));
}

/* Lines that the market has not told are those of the whole order. */
static void lines_of_order(struct return_edit *e, const struct order_line_list *lines, struct arena *a)
{
    e->now.units = 0;
    for (int i = 0; i < lines->count; i++) {
        const struct order_line *o = &lines->at[i];
        *rma_line_list_add(&e->lines, a) = (struct rma_line){ .line = i + 1, .order_line = o->line, .external_offer_id = o->external_offer_id,
                                                              .article = o->article, .title = o->title, .qty = o->qty, .amount = o->line_total };
        e->now.units += o->qty;
    }
    e->now.lines_count = e->lines.count;
    e->lines_changed   = true;
}

static void lines_match(struct return_edit *e, const struct order_line_list *lines)
{
    for (int i = 0; i < e->lines.count; i++) {
        struct rma_line *l = &e->lines.at[i];
        for (int k = 0; k < lines->count && !l->order_line; k++)
            if (same_goods(l, &lines->at[k]) || (lines->count == 1 && !l->external_offer_id.len && !l->article.len)) {
                l->order_line = lines->at[k].line;
                if (!l->title.len)
                    l->title = lines->at[k].title;
                if (!l->amount.minor && lines->at[k].has_price && lines->at[k].qty == l->qty)
                    l->amount = lines->at[k].line_total;
                e->lines_changed = true;
            }
    }
}

static bool check_units(struct page *p, struct return_edit *e, const struct order_line_list *lines, struct err *err)
{
    struct line_held_list held = { 0 };
    if (!order_lines_held(p->db, e->now.order_id, e->now.id, p->w->arena, &held, err))
        return false;
    e->now.problem = STR("");
    for (int i = 0; i < lines->count; i++) {
        int64_t units = 0;
        for (int k = 0; k < held.count; k++)
            units += held.at[k].line == lines->at[i].line ? held.at[k].qty : 0;
        for (int k = 0; k < e->lines.count; k++)
            units += e->lines.at[k].order_line == lines->at[i].line ? e->lines.at[k].qty : 0;
        if (units > lines->at[i].qty)
            e->now.problem = str_print(p->w->arena, "more units than were bought: %lld of %lld", (long long)units, (long long)lines->at[i].qty);
    }
    return true;
}

static bool take_order(struct page *p, struct return_edit *e, const struct order *o, struct err *err)
{
    struct arena          *a     = p->w->arena;
    struct order_line_list lines = { 0 };
    if (!order_lines_of(p->db, &o->id, 1, a, &lines, err))
        return false;
    if (!e->is_new && !e->lines.count && !return_lines_of(p->db, &e->now.id, 1, a, &e->lines, err))
        return false;
    e->now.order_id       = o->id;
    e->now.order_external = o->external_id;
    e->now.order_number   = o->number;
    if (!e->now.currency.len)
        e->now.currency = o->currency;
    if (!e->lines.count)
        lines_of_order(e, &lines, a);
    lines_match(e, &lines);
    if (!e->now.title.len && e->lines.count)
        e->now.title = e->lines.at[0].title.len ? e->lines.at[0].title : e->lines.at[0].article;
    return check_units(p, e, &lines, err);
}

/* ---- a parcel that is told twice ---- */

static bool is_of_order(str external_id) { return str_starts(external_id, STR("order:")); }
static bool is_of_goods(str external_id) { return str_starts(external_id, STR("goods:")); }
static bool is_parcel(const struct rma *r) { return r->kind == RETURN_REFUSAL || r->kind == RETURN_CANCELLATION; }
static bool is_parcel_draft(const struct return_draft *d) { return d->kind == RETURN_REFUSAL || d->kind == RETURN_CANCELLATION; }

#define JOIN_DAYS 30                    /* a request that comes later than this after ours is another one */

/* Do both speak of the same goods? What the market does not name is the whole order. */
static bool lines_overlap(const struct rma_line_list *held, const struct return_draft *d)
{
    bool same = !d->lines.count;
    for (int i = 0; i < held->count && !same; i++)
        for (int k = 0; k < d->lines.count && !same; k++) {
            const struct return_draft_line *l = &d->lines.at[k];
            same = (l->external_offer_id.len && str_eq(l->external_offer_id, held->at[i].external_offer_id)) ||
                   (l->article.len && str_eq(l->article, held->at[i].article)) || (!l->external_offer_id.len && !l->article.len && held->count == 1);
        }
    return same;
}

/* A return that people have made before the market told it: the buyer has asked twice for the same. */
static bool is_ours_of(struct page *p, const struct rma *r, const struct return_draft *d, bool *out, struct err *err)
{
    struct rma_line_list held = { 0 };
    int64_t              later = (instant_is_set(d->requested_at) ? d->requested_at.ms : p->w->now.ms) - r->requested_at.ms;
    *out = false;
    if (!str_starts(r->external_id, STR("own:")) || d->goods_only || is_parcel_draft(d) || instant_is_set(r->ended_at) ||
        r->state == RETURN_REJECTED_AFTER_CHECK || str_eq(r->apart, d->external_id) || later < -DAY_MS || later > JOIN_DAYS * DAY_MS)
        return true;
    if (!return_lines_of(p->db, &r->id, 1, p->w->arena, &held, err))
        return false;
    *out = lines_overlap(&held, d);
    return true;
}

/* May the draft speak of the goods of this return? Where the goods are may be told before what the buyer asked for. */
static bool hosts(const struct rma *r, const struct return_draft *d)
{
    if (!is_parcel_draft(d))
        return is_of_goods(r->external_id) && !instant_is_set(r->ended_at);
    if (d->goods_only && r->route == ROUTE_TO_SELLER && r->state != RETURN_REJECTED && r->state != RETURN_CANCELLED && !is_parcel(r))
        return true;
    return is_parcel(r) && is_parcel_draft(d) && is_of_order(r->external_id) != is_of_order(d->external_id);
}

/* Returns of the draft's order, or those that wait for it with the draft. */
static bool siblings(struct page *p, const struct return_draft *d, const struct order *o, struct rma_list *out, struct err *err)
{
    const str told[] = { d->order_line_id, d->order_external_id };
    str       ids[COUNT_OF(told)];
    int       n = 0;
    if (id_is_set(o->id))
        return returns_of_order(p->db, o->id, p->w->arena, out, err);
    for (int i = 0; i < COUNT_OF(told); i++)
        if (told[i].len)
            ids[n++] = told[i];
    return n == 0 || returns_orphans(p->db, p->in->account_id, ids, n, p->w->arena, out, err);
}

/* Asked for returns that are seen for the first time only. */
static bool find_host(struct page *p, const struct return_draft *d, const struct order *o, struct return_edit **out, struct err *err)
{
    struct rma_list list = { 0 };
    struct int_list seqs = { 0 };
    *out = NULL;
    if (!siblings(p, d, o, &list, err))
        return false;
    for (int i = 0; i < list.count; i++) {
        bool ours = false;
        if (!is_ours_of(p, &list.at[i], d, &ours, err))
            return false;
        if (ours || hosts(&list.at[i], d)) {
            if (!return_steps_last(p->db, &list.at[i].id, 1, p->w->arena, &seqs, err))
                return false;
            *out = edit_add(p, &list.at[i], seqs.at[0]);
            return true;
        }
    }
    return true;
}

/* Our decision stands, with its goods and its money; the market's request gives the row its name and its words. */
static void share_ours(struct return_edit *host, struct return_draft *d)
{
    enum return_state way[RETURN_STATE_COUNT];
    host->now.own_name    = host->now.external_id;
    host->now.external_id = d->external_id;
    d->has_lines = d->has_refund = false;
    if (d->has_state && (d->state == host->now.state || return_way(d->state, host->now.state, way) >= 0))
        d->has_state = false;
}

/* What the draft adds to a return that is told elsewhere: how far the goods are. The market's own list goes before the order's status,
 * and gives the row its name. */
static void share(struct return_edit *host, struct return_draft *d)
{
    bool own = is_of_order(host->now.external_id) && !is_of_order(d->external_id);
    if (str_starts(host->now.external_id, STR("own:"))) {
        share_ours(host, d);
        return;
    }
    if (!is_parcel_draft(d)) {
        host->now.external_id = d->external_id;
        host->now.kind        = d->kind;
        return;
    }
    if (own)
        host->now.external_id = d->external_id;
    if (own && !d->goods_only)
        return;
    d->external_state = host->now.external_state;
    d->requested_at   = (instant){ 0 };
    d->has_refund = d->has_lines = false;
    if (!own)
        d->reason = d->reason_code = STR("");
    if (is_of_order(d->external_id))                        /* the list knows more than the order's status */
        d->has_state = false;
}

/* ---- one draft ---- */

/* The row of the draft, new or held; NULL: an unknown word about a return that we do not hold. `d` becomes what is to be taken. */
static bool row_of(struct page *p, struct return_draft *d, struct order *o, bool *found, struct return_edit **out, struct err *err)
{
    struct rma wanted = { .account_id = p->in->account_id, .order_external = return_draft_order(d) };
    struct return_edit *e = edit_of(p, d->external_id);
    *out   = e;
    *found = false;
    if (e)                                                  /* an order that it is joined to already is asked for when it is needed */
        return id_is_set(e->now.order_id) || find_order(p, &e->now, o, found, err);
    if (!d->has_state)
        return true;
    if (!find_order(p, &wanted, o, found, err) || !find_host(p, d, o, &e, err))
        return false;
    if (e) {
        share(e, d);
    } else {
        e      = return_edit_list_add(&p->edits, p->w->arena);
        *e     = (struct return_edit){ .is_new = true };
        e->now = (struct rma){ .account_id = p->in->account_id, .channel = p->in->channel, .external_id = d->external_id };
    }
    *out = e;
    return true;
}

#define UNKNOWN_WORD "the marketplace says a word that is not known: "

static void mark_unknown(struct page *p, struct return_edit *e, const struct return_draft *d, bool is_shared)
{
    if (!d->has_state && !is_shared)
        e->now.problem = str_print(p->w->arena, UNKNOWN_WORD "%.*s", STR_ARG(d->external_state));
    else if (d->has_state && str_starts(e->now.problem, STR(UNKNOWN_WORD)))
        e->now.problem = STR("");
}

/* One that was over before we heard of it asks nobody for anything. */
static void end_born(struct page *p, struct return_edit *e, struct return_change *c)
{
    if (e->now.state != RETURN_REFUNDED)
        return;
    c->implied[c->implied_count++] = RETURN_REFUNDED;
    e->now.state = RETURN_CLOSED;
    return_stamp(&e->now, RETURN_CLOSED, instant_is_set(e->now.changed_at) ? e->now.changed_at : p->w->now);
}

/* Decided there while our decision was still on its way: theirs holds, ours ends, and the history says so. */
static bool market_first(struct page *p, struct return_edit *e, const struct return_draft *d, struct return_change *c, struct err *err)
{
    enum return_state from;
    bool              overruled;
    if (!return_command_overruled(p->db, p->w, &e->now, &from, &overruled, err) || !overruled)
        return !err_is_set(err);
    int way = return_way(from, d->state, c->implied);
    if (way < 0 && from != d->state)
        return true;
    if (e->now.state == RETURN_REFUNDING && !refund_step_back(p->db, p->w, e, from, err))
        return false;
    if (e->now.state == RETURN_APPROVED && !exchange_drop(p->db, p->w, e, err))
        return false;
    return_edit_step(e, p->w, e->now.state, NULL, 0, from, true, STR("decided_by_market"));
    e->now.state_at = p->w->now;
    c->news = (c->news & ~(unsigned)RNEWS_BACKWARD) | (from != d->state ? RNEWS_STATE : 0);
    c->from = from;
    c->implied_count = way > 0 ? way : 0;
    e->now.decided_at = e->now.ended_at = (instant){ 0 };
    e->now.route      = d->route;
    e->now.state      = d->state;
    for (int i = 0; i < c->implied_count; i++)
        return_stamp(&e->now, c->implied[i], p->w->now);
    return_stamp(&e->now, d->state, p->w->now);
    return true;
}

/* The buyer has turned down the part that we offered for goods that stay: people decide again, and nothing of the offer is owed. */
static bool offer_declined(struct page *p, struct return_edit *e, const struct return_draft *d, struct err *err)
{
    enum return_state from = e->now.state;
    if (!d->reopens || !d->has_state || e->is_new || (from != RETURN_REFUNDING && from != RETURN_REFUNDED) || e->now.route != ROUTE_KEEP)
        return true;
    e->now.state      = d->state;
    e->now.route      = d->route;
    e->now.decided_at = e->now.refunded_at = (instant){ 0 };
    e->now.state_at   = p->w->now;
    return_edit_step(e, p->w, from, NULL, 0, d->state, false, STR("offer_declined"));
    return refund_step_back(p->db, p->w, e, d->state, err);
}

/* The market waits for an answer that people have given before it asked. */
static bool tell_decision(struct page *p, struct return_edit *e, enum return_state theirs, struct err *err)
{
    const unsigned     undecided = BIT(RETURN_REQUESTED) | BIT(RETURN_CHECKING) | BIT(RETURN_INFO_NEEDED);
    struct return_told told      = { theirs, e->now.route == ROUTE_KEEP ? RACT_KEEP : RACT_APPROVE, e->now.decision_text, -1 };
    bool               waits     = false;
    return_edit_step(e, p->w, e->now.state, NULL, 0, e->now.state, false, STR("joined"));
    if (!(undecided & BIT(theirs)) || (undecided & BIT(e->now.state)))
        return true;
    if (told.action == RACT_KEEP && !refund_waits(p->db, p->w, &e->now, &p->ground.rules, &waits, err))
        return false;
    return waits || return_command_put(p->db, p->w, e, &told, err);
}

static void count_news(struct page *p, bool born, unsigned news)
{
    p->counts.created += born;
    p->counts.older += news == RNEWS_OLDER;
    p->counts.same += news == RNEWS_NONE;
    p->counts.changed += !born && news != RNEWS_NONE && news != RNEWS_OLDER;
}

static bool take(struct page *p, const struct return_draft *told, struct err *err)
{
    struct work         *w = p->w;
    struct return_draft  own = *told, *d = &own;
    struct return_edit  *e;
    struct return_change c;
    struct order         o = { 0 };
    bool                 found;

    if (!row_of(p, d, &o, &found, &e, err))
        return false;
    if (!e) {
        p->counts.same++;
        return true;
    }
    bool born = e->is_new && !id_is_set(e->now.id), orphan = !id_is_set(e->now.order_id);
    if (!offer_declined(p, e, d, err))
        return false;
    return_take_draft(&e->now, d, w->arena, w->now, &c);
    if (born) {
        e->now.id = work_id(w);
        end_born(p, e, &c);
    }
    if (born || (c.news & RNEWS_STATE))
        e->now.state_at = instant_is_set(d->changed_at) && d->changed_at.ms < w->now.ms ? d->changed_at : w->now;
    if (e->now.draft_hash != e->old.draft_hash)
        e->media = d->media;
    bool other_goods = false;
    if (d->has_lines && (c.news & (RNEWS_LINES | RNEWS_CREATED)) && !lines_differ(p, e, d, &other_goods, err))
        return false;
    if (other_goods)
        lines_told(e, d, w->arena);
    if (!e->now.reason.len)
        e->now.reason = reason_of_word(w->arena, &p->words, p->in->channel, d->reason_code);
    if (!e->now.reason.len)
        e->now.reason = reason_of_word(w->arena, &p->words, p->in->channel, d->reason);
    if (!found && e->lines_changed && !find_order(p, &e->now, &o, &found, err))
        return false;
    if (found && (orphan || e->lines_changed) && !take_order(p, e, &o, err))
        return false;
    mark_unknown(p, e, d, told->has_state && !d->has_state);
    p->counts.joined += found && orphan && !born;
    if ((c.news & RNEWS_BACKWARD) && !market_first(p, e, d, &c, err))
        return false;
    if (born || (c.news & RNEWS_STATE))
        return_edit_step(e, w, c.from, c.implied, c.implied_count, e->now.state, false, STR(""));
    else if (c.news & RNEWS_BACKWARD)
        return_edit_step(e, w, e->now.state, NULL, 0, d->state, true, STR("backward"));
    bool joins = e->now.own_name.len && !e->old.own_name.len;
    if (joins && told->has_state && !tell_decision(p, e, told->state, err))
        return false;
    if (found && !return_rule_decide(p->db, w, e, &o, &p->ground, err))
        return false;
    count_news(p, born, c.news);
    return true;
}

static bool save(struct page *p, struct return_edit *e, struct err *err)
{
    int64_t sum = 0;
    for (int i = 0; i < e->lines.count; i++) {
        e->lines.at[i].return_id = e->now.id;
        sum += e->lines.at[i].amount.minor;
    }
    if (!e->now.refund_amount.minor)
        e->now.refund_amount.minor = sum;
    if (instant_is_set(e->now.refunded_at) && !instant_is_set(e->old.refunded_at) && !refund_by_market(p->db, p->w, e, err))
        return false;
    return_deadline(&e->now, &p->w->shop->book, &p->ground.terms, p->w->shop->country, p->w->now);
    return_wake(&e->now, &p->ground.rules);
    return_derive(&e->now, p->w->arena);
    bool same = !e->is_new && !e->steps.count && !e->lines_changed && !record_diff(&return_record, &e->old, &e->now);
    return (same || return_edit_save(p->db, p->w, e, err)) && media_told(p->db, p->w, &e->now, &e->media, err);
}

struct apply { struct work *w; const struct return_page *in; struct return_counts *out; };

static bool apply_tx(struct db *db, void *ctx, struct err *err)
{
    struct apply *job = ctx;
    struct page   p   = { .w = job->w, .in = job->in, .db = db };
    if (!load(&p, err))
        return false;
    for (int i = 0; i < job->in->count; i++)
        if (!take(&p, &job->in->drafts[i], err))
            return false;
    for (int i = 0; i < p.edits.count; i++)
        if (!save(&p, &p.edits.at[i], err))
            return false;
    *job->out = p.counts;
    return true;
}

bool return_intake(struct work *w, const struct return_page *in, struct return_counts *out, struct err *err)
{
    struct apply job = { w, in, out };
    w->actor = (struct actor){ .kind = ACTOR_CHANNEL, .id = in->account_id, .name = in->account_name };
    return db_tx(w->db, apply_tx, &job, err);
}

/* ---- orders that came later than their returns ---- */

struct joining { struct work *w; const struct return_page *in; const str *ids; int count; struct return_counts *out; };

static bool join_tx(struct db *db, void *ctx, struct err *err)
{
    struct joining *job   = ctx;
    struct page     p     = { .w = job->w, .in = job->in, .db = db };
    struct rma_list list  = { 0 };
    struct order    o     = { 0 };
    bool            found = false;
    if (!returns_orphans(db, job->in->account_id, job->ids, job->count, job->w->arena, &list, err))
        return false;
    if (list.count && (!return_ground_read(db, job->w, &p.ground, err) || !reason_words(db, job->w->arena, &p.words, err)))
        return false;
    for (int i = 0; i < list.count; i++) {
        struct return_edit e = { .old = list.at[i], .now = list.at[i] };
        struct int_list    seqs = { 0 };
        if (!return_steps_last(db, &e.now.id, 1, job->w->arena, &seqs, err) || !find_order(&p, &e.now, &o, &found, err))
            return false;
        e.seq = seqs.count ? seqs.at[0] : 0;
        if (!found)
            continue;
        if (!take_order(&p, &e, &o, err) || !return_rule_decide(db, job->w, &e, &o, &p.ground, err) || !save(&p, &e, err))
            return false;
        p.counts.joined++;
    }
    *job->out = p.counts;
    return true;
}

bool return_join(struct work *w, const struct return_page *account, const str *ids, int count, struct return_counts *out, struct err *err)
{
    struct joining job = { w, account, ids, count, out };
    w->actor = (struct actor){ .kind = ACTOR_CHANNEL, .id = account->account_id, .name = account->account_name };
    return count == 0 || db_tx(w->db, join_tx, &job, err);
}
