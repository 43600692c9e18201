#include "returns/return_intake_flow.h"

#include "base/fold.h"
#include "deadlines/shop.h"
#include "orders/order_store.h"

struct page {
    struct work             *w;
    const struct return_page *in;
    struct db               *db;
    struct return_edit_list  edits;
    struct return_term_list  terms;
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

static bool load(struct page *p, struct err *err)
{
    struct arena   *a      = p->w->arena;
    struct rma_list stored = { 0 };
    struct int_list seqs   = { 0 };
    str            *ids    = ARENA_ARRAY(a, str, p->in->count + 1);
    for (int i = 0; i < p->in->count; i++)
        ids[i] = p->in->drafts[i].external_id;
    if (!returns_by_external(p->db, p->in->account_id, ids, p->in->count, a, &stored, err) || !return_terms_load(p->db, a, &p->terms, err) ||
        !reason_words(p->db, a, &p->words, err))
        return false;
    rid *rids = ARENA_ARRAY(a, rid, stored.count + 1);
    for (int i = 0; i < stored.count; i++)
        rids[i] = stored.at[i].id;
    if (stored.count && !return_steps_last(p->db, rids, stored.count, a, &seqs, err))
        return false;
    for (int i = 0; i < stored.count; i++)
        if (!edit_of(p, stored.at[i].external_id))
            *return_edit_list_add(&p->edits, a) = (struct return_edit){ .old = stored.at[i], .now = stored.at[i], .seq = seqs.at[i] };
    return true;
}

/* A word of the channel itself goes before the same word of any channel. */
static str reason_of(const struct page *p, str native)
{
    str word = fold_search(p->w->arena, native), any = STR("");
    for (int i = 0; i < p->words.count; i++) {
        if (!str_eq(p->words.at[i].word, word))
            continue;
        if (str_eq(p->words.at[i].channel, p->in->channel))
            return p->words.at[i].reason;
        if (!p->words.at[i].channel.len)
            any = p->words.at[i].reason;
    }
    return any;
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

/* ---- one draft ---- */

static bool take(struct page *p, const struct return_draft *d, struct err *err)
{
    struct work         *w = p->w;
    struct return_edit  *e = edit_of(p, d->external_id);
    struct return_change c;
    struct order         o = { 0 };
    bool                 found;

    if (!e) {
        e      = return_edit_list_add(&p->edits, w->arena);
        *e     = (struct return_edit){ .is_new = true };
        e->now = (struct rma){ .account_id = p->in->account_id, .channel = p->in->channel, .external_id = d->external_id };
    }
    bool born = e->is_new && !id_is_set(e->now.id), orphan = !id_is_set(e->now.order_id);
    return_take_draft(&e->now, d, w->arena, w->now, &c);
    if (born)
        e->now.id = work_id(w);
    if (d->has_lines && (c.news & (RNEWS_LINES | RNEWS_CREATED)))
        lines_told(e, d, w->arena);
    if (!e->now.reason.len)
        e->now.reason = d->reason_code.len ? reason_of(p, d->reason_code) : STR("");
    if (!e->now.reason.len && d->reason.len)
        e->now.reason = reason_of(p, d->reason);
    if (!find_order(p, &e->now, &o, &found, err))
        return false;
    if (found && (orphan || e->lines_changed) && !take_order(p, e, &o, err))
        return false;
    p->counts.joined += found && orphan && !born;
    if (born || (c.news & RNEWS_STATE))
        return_edit_step(e, w, c.from, c.implied, c.implied_count, e->now.state, false, STR(""));
    else if (c.news & RNEWS_BACKWARD)
        return_edit_step(e, w, e->now.state, NULL, 0, d->state, true, STR("backward"));
    p->counts.created += born;
    p->counts.older += c.news == RNEWS_OLDER;
    p->counts.same += c.news == RNEWS_NONE;
    p->counts.changed += !born && c.news != RNEWS_NONE && c.news != RNEWS_OLDER;
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
    return_deadline(&e->now, &p->w->shop->book, &p->terms, p->w->shop->country, p->w->now);
    return_derive(&e->now, p->w->arena);
    bool same = !e->is_new && !e->steps.count && !e->lines_changed && !record_diff(&return_record, &e->old, &e->now);
    return same || return_edit_save(p->db, p->w, e, err);
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
