/* backs.c - what comes back: rows of a market's lists of returns, and orders whose status says that their goods do.
 *
 * A list of returns is read like a list of orders: known keys fall away, what cannot be read or says a word that is not known is parked
 * with its reason, a page is one transaction with its cursor. An order's status speaks only in the moment in which it changes: nothing
 * is asked for the others.
 */
#include "base/metric.h"
#include "returns/return_intake_flow.h"
#include "sync/sync_own.h"

/* ---- lists of returns ---- */

struct back {
    rid             event_id;           /* set: a parked one that is tried again */
    int64_t         tries;
    str             event_key, external_id, payload, code, problem;
    bool            is_known;           /* its event is kept already: told again in the nightly pass */
    struct returned r;
};

static void back_park(struct back *b, const char *code, str problem)
{
    b->code    = str_of(code);
    b->problem = utf8_cut(problem, 500);
}

/* The payload is a page of one row. */
static void back_read(struct talk *t, struct back *b)
{
    struct arena        *a    = t->w->arena;
    struct call          call = talk_call(t, a);
    struct returned_list list = { 0 };
    struct err           bad  = { 0 };
    b->code = b->problem = STR("");
    if (!t->channel->returns_read || !t->channel->returns_read(&call, b->payload, &list, &bad)) {
        back_park(b, "channel.payload", tidy_text(a, err_line(a, &bad)));
        return;
    }
    if (list.count != 1) {
        back_park(b, "channel.payload", STR("is not one return"));
        return;
    }
    b->r = list.at[0];
    if (b->r.external_id.len)
        b->external_id = tidy_text(a, b->r.external_id);
    if (!b->r.problem.len)
        return;
    bool unknown_word = b->r.draft.external_id.len && b->r.draft.external_state.len && !b->r.draft.has_state;
    back_park(b, unknown_word ? "channel.status" : "channel.payload", tidy_text(a, b->r.problem));
}

struct page { struct talk *t; str stream; struct back *at; int count; const str *cursor; struct intake_counts out; };

static bool event_save(struct db *db, struct page *p, const struct back *b, struct err *err)
{
    struct work      *w = p->t->w;
    struct intake_row r = {
        .id = id_is_set(b->event_id) ? b->event_id : work_id(w), .account_id = p->t->account.id, .stream = p->stream, .event_key = b->event_key,
        .external_id = b->external_id, .state = b->problem.len ? STR("parked") : STR("applied"), .tries = b->tries + 1, .problem_code = b->code,
        .problem = b->problem, .received_at = w->now, .payload = b->payload,
    };
    if (b->is_known)
        return true;
    return id_is_set(b->event_id) ? intake_settle(db, &r, err) : intake_add(db, &r, err);
}

static bool page_tx(struct db *db, void *ctx, struct err *err)
{
    struct page         *p      = ctx;
    struct talk         *t      = p->t;
    struct return_draft *drafts = ARENA_ARRAY(t->w->arena, struct return_draft, p->count + 1);
    struct return_page   page   = { t->account.id, str_of(t->channel->name), t->account.name, drafts, 0 };
    struct return_counts c      = { 0 };
    p->out = (struct intake_counts){ 0 };
    for (int i = 0; i < p->count; i++) {
        const struct back *b = &p->at[i];
        if (!b->problem.len || str_is(b->code, "channel.status"))
            drafts[page.count++] = b->r.draft;
        p->out.parked += b->problem.len > 0;
    }
    struct db *mine = t->w->db;
    t->w->db = db;
    bool ok = page.count == 0 || return_intake(t->w, &page, &c, err);
    t->w->db = mine;
    for (int i = 0; i < p->count && ok; i++)
        ok = event_save(db, p, &p->at[i], err);
    if (!ok)
        return false;
    p->out.created = c.created;
    p->out.changed = c.changed + c.joined;
    p->out.same    = c.same;
    p->out.older   = c.older;
    return !p->cursor || cursor_save(db, t->account.id, p->stream, *p->cursor, err);
}

static bool page_apply(struct page *p, struct intake_counts *sum, struct err *err)
{
    struct work *w = p->t->w;
    w->now   = clock_now(p->t->e->o.clock);
    bool ok  = db_tx(w->db, page_tx, p, err);
    w->actor = (struct actor){ .kind = ACTOR_SYSTEM };
    if (ok)
        counts_sum(sum, &p->out);
    return ok;
}

/* Each row alone; the one that the database does not take is parked with what it said. */
static bool apply_singly(struct page all, struct intake_counts *sum, struct err *err)
{
    for (int i = 0; i < all.count; i++) {
        struct err  bad = { 0 };
        struct page one = { all.t, all.stream, &all.at[i], 1, i == all.count - 1 ? all.cursor : NULL, { 0 } };
        if (page_apply(&one, sum, &bad))
            continue;
        if (is_passing(bad.code)) {
            *err = bad;
            return false;
        }
        back_park(&all.at[i], err_kind(bad.code)->code, tidy_text(all.t->w->arena, err_line(all.t->w->arena, &bad)));
        if (!page_apply(&one, sum, err))
            return err_note(err, "parking return %.*s", STR_ARG(all.at[i].external_id));
    }
    return true;
}

static bool backs_apply(struct talk *t, str stream, struct back *at, int count, const str *cursor, struct intake_counts *out, struct err *err)
{
    *out = (struct intake_counts){ 0 };
    for (int from = 0; from < count; from += PAGE_ITEMS) {
        int         n    = count - from < PAGE_ITEMS ? count - from : PAGE_ITEMS;
        struct page page = { t, stream, at + from, n, from + n == count ? cursor : NULL, { 0 } };
        struct err  bad  = { 0 };
        if (page_apply(&page, out, &bad))
            continue;
        if (is_passing(bad.code)) {
            *err = bad;
            return false;
        }
        if (!apply_singly(page, out, err))
            return false;
    }
    return true;
}

bool backs_take(struct talk *t, str stream, const struct raw_event *events, int count, bool deep, const str *cursor, struct intake_counts *out,
                int *known, struct err *err)
{
    struct arena *a    = t->w->arena;
    str          *keys = ARENA_ARRAY(a, str, count + 1);
    bool         *had  = ARENA_ARRAY(a, bool, count + 1);
    struct back  *at   = ARENA_ARRAY(a, struct back, count + 1);
    int           n    = 0;
    for (int i = 0; i < count; i++)
        keys[i] = tidy_text(a, events[i].event_key);
    *known = 0;
    *out   = (struct intake_counts){ 0 };
    if (count && !intake_known(t->w->db, t->account.id, keys, count, a, had, err))
        return false;
    for (int i = 0; i < count; i++) {
        *known += had[i];
        if (had[i] && !deep)                                /* the nightly pass compares what was told with what we hold */
            continue;
        struct back *b = &at[n++];
        *b = (struct back){ .event_key = keys[i], .external_id = tidy_text(a, events[i].external_id), .is_known = had[i],
                            .payload = tidy_text(a, events[i].payload) };
        if (events[i].payload.len > PAYLOAD_BYTES_MAX) {
            b->payload = STR("");
            back_park(b, "channel.payload", STR("the return is larger than what we take (1 MiB)"));
        } else {
            back_read(t, b);
        }
    }
    return n == 0 || backs_apply(t, stream, at, n, cursor, out, err);
}

bool backs_again(struct talk *t, const struct intake_row *rows, int count, struct reapply_counts *out, struct err *err)
{
    struct intake_counts c  = { 0 };
    struct back         *at = ARENA_ARRAY(t->w->arena, struct back, count + 1);
    int                  n  = 0;
    for (int i = 0; i < count; i++) {
        if (!rows[i].payload.len)
            continue;
        at[n] = (struct back){ .event_id = rows[i].id, .tries = rows[i].tries, .event_key = rows[i].event_key, .external_id = rows[i].external_id,
                               .payload = rows[i].payload };
        back_read(t, &at[n++]);
    }
    if (n && !backs_apply(t, rows[0].stream, at, n, NULL, &c, err))
        return false;
    out->tried += count;
    out->parked += c.parked + (count - n);
    out->applied += n - c.parked;
    return true;
}

bool stream_tells_returns(const struct channel *channel, str stream)
{
    for (const struct stream *s = channel->streams; s && s->name; s++)
        if (str_is(stream, s->name))
            return s->returns;
    return false;
}

/* ---- orders whose status says that their goods come back ---- */

static bool is_on_the_way(enum hub_status s) { return s == HUB_IN_DELIVERY || s == HUB_AT_PICKUP || s == HUB_RETURNING; }

/* Cancelled before it left: whoever had picked it puts it back; nobody else has anything to do. */
static enum return_state cancelled_state(const struct order_turn *turn)
{
    bool picked = turn->old->status == HUB_ASSEMBLING || turn->old->status == HUB_READY_TO_SHIP;
    return picked ? RETURN_RECEIVED : RETURN_CLOSED;
}

static bool turned_to(const struct order_turn *turn, enum hub_status s)
{
    return turn->now->status == s && (turn->is_new || turn->old->status != s);
}

/* Of markets that list returns apart. A cancellation that we asked for ourselves is known, one of an order that we see for the first
 * time already cancelled is history. */
static bool status_back(const struct order_turn *turn, struct return_draft *d)
{
    const struct order *o = turn->now;
    bool travels = is_on_the_way(turn->old->status) || (o->marks & (int64_t)BIT(MARK_RETURN_REQUESTED));
    d->has_state = true;
    d->kind      = RETURN_REFUSAL;
    d->state     = RETURN_IN_TRANSIT;
    if (turned_to(turn, HUB_RETURNING))
        return true;
    if (turned_to(turn, HUB_RETURNED) && !turn->is_new && turn->old->status == HUB_RETURNING) {
        d->state = RETURN_RECEIVED;
        return true;
    }
    if (!turned_to(turn, HUB_CANCELLED))
        return false;
    if (!turn->is_new && travels)
        return true;
    if (turn->is_new)
        return o->marks & (int64_t)BIT(MARK_RETURN_REQUESTED);
    d->kind  = RETURN_CANCELLATION;
    d->state = cancelled_state(turn);
    d->route = ROUTE_KEEP;
    return true;
}

static void draft_of_order(const struct order *o, struct return_draft *d, struct arena *a)
{
    d->external_id       = str_print(a, "order:%.*s", STR_ARG(o->external_id));
    d->order_external_id = o->external_id;
    d->order_number      = o->number;
    d->external_state    = o->external_status;
    d->reason            = o->cancel_reason;
    d->currency          = o->currency;
    d->has_refund        = o->has_total;
    d->refund_amount     = o->grand_total;
}

/* Of a market that tells of returns by the order alone. */
static bool payload_back(struct talk *t, const struct intake_item *item, const struct order_turn *turn, struct return_draft *d)
{
    struct call          call = talk_call(t, t->w->arena);
    struct raw_event     e    = { .external_id = item->external_id, .payload = item->payload };
    struct returned_list list = { 0 };
    const int64_t        told = (int64_t)BIT(MARK_RETURN_REQUESTED) | (int64_t)BIT(MARK_CANCEL_REQUESTED);
    enum hub_status      s    = turn->now->status;
    bool over = s == HUB_CANCELLED || s == HUB_RETURNING || s == HUB_RETURNED || s == HUB_PARTLY_RETURNED;
    if (!over && !(turn->now->marks & told))
        return false;
    t->channel->order_back(&call, &e, &list);
    if (list.count != 1 || list.at[0].problem.len)
        return false;
    *d = list.at[0].draft;
    if (d->kind != RETURN_CANCELLATION)
        return !turn->is_new || d->state != RETURN_REFUNDED;
    if (turn->is_new || (s == HUB_CANCELLED && turn->old->status == HUB_CANCELLED))
        return !turn->is_new && (turn->old->marks & told);  /* it had been asked for: the row is there, and ends */
    if (s == HUB_CANCELLED)
        d->state = cancelled_state(turn);
    return true;
}

static bool orphans_join(struct talk *t, const struct intake_item *items, const struct order_turn_list *turns, const struct return_page *page,
                         struct err *err)
{
    struct arena        *a   = t->w->arena;
    struct str_list      ids = { 0 };
    struct return_counts c   = { 0 };
    for (int i = 0; i < turns->count; i++) {
        const struct order_turn  *turn = &turns->at[i];
        const struct order_draft *d    = items[turn->item].draft;
        if (!turn->is_new)
            continue;
        *str_list_add(&ids, a) = turn->now->external_id;
        for (int k = 0; d && k < d->lines.count; k++)
            if (d->lines.at[k].external_id.len)
                *str_list_add(&ids, a) = d->lines.at[k].external_id;
    }
    return return_join(t->w, page, ids.at, ids.count, &c, err);
}

bool backs_of_orders(struct talk *t, const struct intake_item *items, const struct order_turn_list *turns, struct err *err)
{
    struct arena        *a      = t->w->arena;
    struct return_draft *drafts = ARENA_ARRAY(a, struct return_draft, turns->count + 1);
    struct return_page   page   = { t->account.id, str_of(t->channel->name), t->account.name, drafts, 0 };
    struct return_counts c      = { 0 };
    for (int i = 0; i < turns->count; i++) {
        const struct order_turn *turn = &turns->at[i];
        struct return_draft      d    = { 0 };
        if (t->channel->order_back ? !payload_back(t, &items[turn->item], turn, &d) : !status_back(turn, &d))
            continue;
        if (!t->channel->order_back)
            draft_of_order(turn->now, &d, a);
        drafts[page.count++] = d;
    }
    return orphans_join(t, items, turns, &page, err) && (page.count == 0 || return_intake(t->w, &page, &c, err));
}
