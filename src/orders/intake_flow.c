#include "orders/intake_flow.h"

#include "base/email.h"
#include "base/fold.h"
#include "base/phone.h"
#include "deadlines/shop.h"
#include "orders/effects_flow.h"
#include "orders/erase_flow.h"

/* One order of the page: several events of it meet in one edit, saved once. */
struct slot {
    struct order_edit         edit;
    const struct order_draft *buyer;    /* newest draft that tells something about the buyer */
    rid                       newest;   /* event that was applied; looked up when a parked one is tried again */
    bool                      touched;
    int                       item;     /* the last that changed it */
    bool                      cleared;  /* its problem is over: the word that made it may come again */
};
LIST(slot)

struct page {
    struct work              *w;
    const struct intake_page *in;
    struct db                *db;
    struct slot_list          slots;
    int                      *slot_of;  /* per item, -1: none */
    int                      *table;    /* open addressing over external ids: slot + 1 */
    unsigned                  table_mask;
    struct order_effects      fx;
    struct intake_counts      counts;
};

static unsigned hash_text(str s)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < s.len; i++)
        h = (h ^ (unsigned char)s.at[i]) * 16777619u;
    return h;
}

static int find_slot(const struct page *p, str external_id)
{
    for (unsigned i = hash_text(external_id) & p->table_mask;; i = (i + 1) & p->table_mask) {
        if (!p->table[i])
            return -1;
        if (str_eq(p->slots.at[p->table[i] - 1].edit.now.external_id, external_id))
            return p->table[i] - 1;
    }
}

static int add_slot(struct page *p, const struct order *stored, str external_id)
{
    struct slot *s = slot_list_add(&p->slots, p->w->arena);
    *s             = (struct slot){ 0 };
    if (stored) {
        s->edit.old = s->edit.now = *stored;
    } else {
        s->edit.is_new         = true;
        s->edit.now.account_id = p->in->account_id;
        s->edit.now.channel    = p->in->channel;
        s->edit.now.zone       = ZONE_NONE;
    }
    s->edit.now.external_id = external_id;
    unsigned i = hash_text(external_id) & p->table_mask;
    while (p->table[i])
        i = (i + 1) & p->table_mask;
    p->table[i] = p->slots.count;
    return p->slots.count - 1;
}

/* Finds the stored orders of the page in one statement. */
static bool load_orders(struct page *p, struct err *err)
{
    struct arena     *a    = p->w->arena;
    str              *ids  = ARENA_ARRAY(a, str, p->in->count + 1);
    struct order_list list = { 0 };
    int               n    = 0;
    unsigned          size = 16;

    while (size < (unsigned)p->in->count * 3)
        size *= 2;
    p->table      = ARENA_ARRAY(a, int, size);
    p->table_mask = size - 1;
    p->slots.at  = ARENA_ARRAY(a, struct slot, p->in->count);        /* there are never more than events */
    p->slots.cap = p->in->count;
    for (int i = 0; i < p->in->count; i++)
        if (p->in->items[i].external_id.len)
            ids[n++] = p->in->items[i].external_id;
    if (n && !orders_by_external(p->db, p->in->account_id, ids, n, a, &list, err))
        return false;
    for (int i = 0; i < list.count; i++)
        if (find_slot(p, list.at[i].external_id) < 0)                 /* of a repeated id it comes twice */
            add_slot(p, &list.at[i], list.at[i].external_id);
    return true;
}

static bool load_history(struct page *p, struct err *err)
{
    struct arena        *a    = p->w->arena;
    rid                 *ids  = ARENA_ARRAY(a, rid, p->slots.count + 1);
    struct last_seq_list last = { 0 };

    for (int i = 0; i < p->slots.count; i++)
        ids[i] = p->slots.at[i].edit.now.id;
    if (p->slots.count && !history_last(p->db, ids, p->slots.count, a, &last, err))
        return false;
    for (int i = 0; i < last.count; i++)
        for (int k = 0; k < p->slots.count; k++)
            if (id_eq(p->slots.at[k].edit.now.id, last.at[i].order_id))
                p->slots.at[k].edit.seq = last.at[i].seq;
    return true;
}

/* What stood in the way of a parked event may end long after newer ones of its order were applied. */
static bool load_newest(struct page *p, struct err *err)
{
    struct arena            *a    = p->w->arena;
    rid                     *ids  = ARENA_ARRAY(a, rid, p->slots.count + 1);
    struct newest_event_list list = { 0 };
    bool                     again = false;

    for (int i = 0; i < p->in->count && !again; i++)
        again = id_is_set(p->in->items[i].event_id);
    if (!again || !p->slots.count)
        return true;
    for (int i = 0; i < p->slots.count; i++)
        ids[i] = p->slots.at[i].edit.now.id;
    if (!intake_newest(p->db, ids, p->slots.count, a, &list, err))
        return false;
    for (int i = 0; i < list.count; i++)
        for (int k = 0; k < p->slots.count; k++)
            if (id_eq(p->slots.at[k].edit.now.id, list.at[i].order_id))
                p->slots.at[k].newest = list.at[i].event_id;
    return true;
}

static void set_lines(struct slot *s, const struct order_draft *d, struct arena *a)
{
    s->edit.lines_changed = true;
    s->edit.lines         = (struct order_line_list){ 0 };
    for (int i = 0; i < d->lines.count; i++) {
        const struct draft_line *l = &d->lines.at[i];
        *order_line_list_add(&s->edit.lines, a) = (struct order_line){
            .order_id = s->edit.now.id, .line = i + 1, .external_id = l->external_id, .external_offer_id = l->external_offer_id,
            .article = l->article, .barcode = l->barcode, .title = l->title, .qty = l->qty, .has_price = l->has_price,
            .unit_price = l->unit_price, .line_total = l->line_total, .marking_required = l->marking_required,
        };
    }
}

/* Someone worked in the market's own cabinet: our queue never sent a command for this order. */
static bool done_outside(const struct order *old, const struct order *now)
{
    return old->status == HUB_NEW && now->status >= HUB_CONFIRMED && now->status <= HUB_READY_TO_SHIP &&
           !id_is_set(old->command_id);
}

/* An order was marked because its newest word was not understood; now the market shows it as it stood before, word for word. */
static bool problem_is_over(struct order_edit *e, const struct order_draft *d, const struct status_choice *choice)
{
    const int64_t problem = (int64_t)BIT(MARK_PROBLEM);
    if (!choice || !(e->now.marks & problem) || (((int64_t)choice->marks | (int64_t)d->marks) & problem))
        return false;
    e->now.marks &= ~problem;
    return true;
}

/* What a market repeats of somebody who was erased: the order's own facts only. */
static const struct order_draft *without_person(struct arena *a, const struct order_draft *d)
{
    struct order_draft *own = arena_copy(a, d, sizeof *d);
    memset(&own->customer, 0, sizeof own->customer);
    memset(&own->recipient, 0, sizeof own->recipient);
    own->delivery.address = own->comment = STR("");
    return own;
}

static void take(struct page *p, struct slot *s, const struct intake_item *told)
{
    struct intake_item mine = *told;
    const struct intake_item *item = &mine;
    if (mine.draft && !s->edit.is_new && order_is_erased(&s->edit.old))
        mine.draft = without_person(p->w->arena, mine.draft);
    struct work        *w = p->w;
    struct order_edit  *e = &s->edit;
    struct order_change change;
    const struct status_choice *choice = item->status == STATUS_KNOWN ? &item->choice : NULL;

    if (id_is_set(item->event_id) && item->event_id.v < s->newest.v) {
        p->counts.older++;
        return;
    }
    bool born = e->is_new && !id_is_set(e->now.id);
    struct order before = e->now;
    if (born)
        e->now.external_id = STR("");
    order_take_draft(&e->now, item->draft, choice, w->arena, w->now, &change);
    if (change.news == NEWS_NONE && !problem_is_over(e, item->draft, choice)) {
        p->counts.same++;
        return;
    }
    s->cleared = s->cleared || (before.marks & ~e->now.marks & (int64_t)BIT(MARK_PROBLEM));
    if (change.news == NEWS_OLDER) {
        p->counts.older++;
        return;
    }
    if (born)
        e->now.id = work_id(w);
    if (change.news & NEWS_LINES)
        set_lines(s, item->draft, w->arena);
    if (born || (change.news & NEWS_STATUS))
        order_edit_history(e, w, change.from, change.implied, change.implied_count, e->now.status, false, STR(""));
    else if (change.news & NEWS_BACKWARD)
        order_edit_history(e, w, e->now.status, NULL, 0, item->choice.to, true, STR("backward"));
    if (!born && done_outside(&before, &e->now))
        e->now.marks |= (int64_t)BIT(MARK_OUTSIDE);
    if (item->draft->customer.name.len || item->draft->customer.phone.len || item->draft->customer.email.len)
        s->buyer = item->draft;
    s->touched = true;
    if (born)
        p->counts.created++;
    else
        p->counts.changed++;
}

static bool parks(const struct page *p, const struct intake_item *item, int slot, str *code, str *text)
{
    *code = item->problem_code;
    *text = item->problem;
    if (!item->draft) {
        if (!code->len)
            *code = STR("channel.payload");
        return true;
    }
    if (item->status == STATUS_UNKNOWN) {
        *code = STR("channel.status");
        *text = str_print(p->w->arena, "unknown status \"%.*s\"", STR_ARG(item->draft->status_key));
        return true;
    }
    if (slot < 0 && item->status == STATUS_NOT_TOLD) {
        *code = STR("channel.status_missing");
        *text = STR("the marketplace has not told the status yet");
        return true;
    }
    return false;
}

/* A family shares a phone: whom the market does not number is told apart by the words of the name, in any order. */
static str name_key(struct arena *a, str name)
{
    str words[8];
    int n = name_words(a, name, words);
    for (int i = 1; i < n; i++)
        for (int k = i; k > 0 && str_cmp(words[k - 1], words[k]) > 0; k--) {
            str swap     = words[k];
            words[k]     = words[k - 1];
            words[k - 1] = swap;
        }
    return str_join(a, words, n, STR(" "));
}

static struct buyer buyer_of(const struct page *p, const struct order *o, const struct order_draft *d)
{
    struct arena *a = p->w->arena;
    struct buyer  b = {
        .account_id = p->in->account_id, .external_id = d->customer.external_id, .name = d->customer.name,
        .phone_raw = d->customer.phone, .email = email_normalise(a, d->customer.email), .address = d->delivery.address,
        .city = d->delivery.city, .masked = d->customer.masked, .seen = o->sort_at,
    };
    if (order_counts_for_buyer(o)) {
        b.orders   = 1;
        b.sum      = (amount){ o->has_total ? o->grand_total.minor : 0 };
        b.currency = o->currency;
    }
    if (!d->customer.masked)
        b.phone = phone_normalise(a, d->customer.phone, p->w->shop->country);
    if (b.external_id.len)
        return b;
    if (b.phone.len)
        b.external_id = str_print(a, "phone:%.*s %.*s", STR_ARG(b.phone), STR_ARG(name_key(a, b.name)));
    else if (b.email.len)
        b.external_id = str_print(a, "email:%.*s", STR_ARG(b.email));
    else
        b.external_id = str_print(a, "order:%.*s", STR_ARG(o->external_id));
    return b;
}

static bool resolve_buyers(struct page *p, struct err *err)
{
    struct arena       *a      = p->w->arena;
    struct buyer       *buyers = ARENA_ARRAY(a, struct buyer, p->slots.count + 1);
    struct buyer_found *found  = ARENA_ARRAY(a, struct buyer_found, p->slots.count + 1);
    struct order_edit **whose  = ARENA_ARRAY(a, struct order_edit *, p->slots.count + 1);
    int                 n      = 0;

    for (int i = 0; i < p->slots.count; i++) {
        struct slot *s = &p->slots.at[i];
        if (!s->touched || !s->buyer)
            continue;
        whose[n]  = &s->edit;
        buyers[n] = buyer_of(p, &s->edit.now, s->buyer);
        n++;
    }
    if (!customer_resolve(p->db, p->w, buyers, n, p->w->shop->country, found, err))
        return false;
    int64_t day = zone_day(p->w->shop->zone, p->w->now);
    for (int i = 0; i < n; i++) {
        if (!id_is_set(found[i].customer_id))
            continue;
        whose[i]->now.customer_id = found[i].customer_id;
        whose[i]->now.source_id   = found[i].source_id;
        whose[i]->buyer_counted   = found[i].is_new && buyers[i].orders;
        if (found[i].is_new)
            totals_day(&p->fx.totals, a, day, p->in->account_id, STR("customers_new"), STR(""), 1, 0);
    }
    return true;
}

static bool save_orders(struct page *p, struct err *err)
{
    for (int i = 0; i < p->slots.count; i++) {
        struct slot *s = &p->slots.at[i];
        if (!s->touched)
            continue;
        order_deadline(&s->edit.now, &p->w->shop->book, p->w->now);
        if (!order_edit_save(p->db, p->w, &s->edit, &p->fx, err))
            return false;
        if (p->in->turns)
            *order_turn_list_add(p->in->turns, p->w->arena) = (struct order_turn){ &s->edit.old, &s->edit.now, s->edit.is_new, s->item };
        bool closed_now = s->edit.now.closed && !s->edit.is_new && !s->edit.old.closed;
        if (closed_now && id_is_set(s->edit.now.command_id) &&
            !order_commands_drop(p->db, s->edit.now.id, p->w->now, err))
            return false;
    }
    return true;
}

static bool save_event(struct page *p, const struct intake_item *item, int slot, bool parked, str code, str text, struct err *err)
{
    struct intake_row r = {
        .id = id_is_set(item->event_id) ? item->event_id : work_id(p->w), .account_id = p->in->account_id,
        .stream = p->in->stream, .event_key = item->event_key, .external_id = item->external_id,
        .order_id = slot >= 0 ? p->slots.at[slot].edit.now.id : (rid){ 0 }, .state = parked ? STR("parked") : STR("applied"),
        .tries = item->tries + 1, .problem_code = code, .problem = utf8_cut(text, 500),
        .status_key = parked && item->draft ? item->draft->status_key : STR(""), .received_at = p->w->now,
        .payload = item->payload,
    };
    if (slot >= 0 && !p->slots.at[slot].edit.is_new && order_is_erased(&p->slots.at[slot].edit.old))
        r.payload = STR("");
    return id_is_set(item->event_id) ? intake_settle(p->db, &r, err) : intake_add(p->db, &r, err);
}

/* An order we hold whose newest word is not understood is a problem to look at. The market may go back to the word before: that
 * event is known by its key, and would fall away before anybody saw that the problem is over. */
static bool mark_problem(struct page *p, struct slot *s, struct err *err)
{
    if (s->edit.now.marks & (int64_t)BIT(MARK_PROBLEM))
        return true;
    s->edit.now.marks |= (int64_t)BIT(MARK_PROBLEM);
    s->touched = true;
    return intake_hear_again(p->db, s->edit.now.id, err);
}

static bool take_items(struct page *p, struct err *err)
{
    int count = p->in->count;
    str *codes = ARENA_ARRAY(p->w->arena, str, count + 1), *texts = ARENA_ARRAY(p->w->arena, str, count + 1);
    bool *parked = ARENA_ARRAY(p->w->arena, bool, count + 1);

    for (int i = 0; i < count; i++) {
        const struct intake_item *item = &p->in->items[i];
        int slot  = item->external_id.len ? find_slot(p, item->external_id) : -1;
        parked[i] = parks(p, item, slot, &codes[i], &texts[i]);
        if (parked[i]) {
            p->counts.parked++;
            if (slot >= 0 && item->status == STATUS_UNKNOWN && id_is_set(p->slots.at[slot].edit.now.id) &&
                !mark_problem(p, &p->slots.at[slot], err))
                return false;
        } else {
            if (slot < 0)
                slot = add_slot(p, NULL, item->external_id);
            take(p, &p->slots.at[slot], item);
            if (p->slots.at[slot].touched)
                p->slots.at[slot].item = i;
        }
        p->slot_of[i] = slot;
    }
    if (!resolve_buyers(p, err) || !save_orders(p, err))
        return false;
    for (int i = 0; i < p->slots.count; i++)
        if (p->slots.at[i].cleared && !intake_hear_parked(p->db, p->slots.at[i].edit.now.id, err))
            return false;
    for (int i = 0; i < count; i++)
        if (!save_event(p, &p->in->items[i], p->slot_of[i], parked[i], codes[i], texts[i], err))
            return false;
    return true;
}

struct apply { struct work *w; const struct intake_page *in; struct intake_counts *out; };

static bool apply_tx(struct db *db, void *ctx, struct err *err)
{
    struct apply *job = ctx;
    struct page   p   = { .w = job->w, .in = job->in, .db = db };

    p.slot_of = ARENA_ARRAY(job->w->arena, int, job->in->count + 1);
    if (job->in->turns)
        job->in->turns->count = 0;
    if (!load_orders(&p, err) || !load_history(&p, err) || !load_newest(&p, err) || !take_items(&p, err) || !order_effects_save(db, &p.fx, err))
        return false;
    if (job->in->save_cursor && !cursor_save(db, job->in->account_id, job->in->stream, job->in->cursor, err))
        return false;
    *job->out = p.counts;
    return true;
}

bool intake_apply(struct work *w, const struct intake_page *in, struct intake_counts *out, struct err *err)
{
    struct apply job = { w, in, out };
    w->actor = (struct actor){ .kind = ACTOR_CHANNEL, .id = in->account_id, .name = in->account_name };
    return db_tx(w->db, apply_tx, &job, err);
}

struct settling { struct work *w; rid order; };

static bool problem_over_tx(struct db *db, void *ctx, struct err *err)
{
    struct settling     *s     = ctx;
    struct order_edit    e     = { .event = "changed" };
    struct order_effects fx    = { 0 };
    bool                 stays = false;
    if (!intake_order_waits(db, s->order, &stays, err) || stays)
        return !err_is_set(err);
    if (!order_get(db, s->order, s->w->arena, &e.old, err))
        return false;
    e.now = e.old;
    e.now.marks &= ~(int64_t)BIT(MARK_PROBLEM);
    return e.now.marks == e.old.marks || (order_edit_save(db, s->w, &e, &fx, err) && order_effects_save(db, &fx, err));
}

bool intake_problem_over(struct work *w, struct db *db, rid order, struct err *err)
{
    struct settling s = { w, order };
    return !id_is_set(order) || db_tx(db, problem_over_tx, &s, err);
}
