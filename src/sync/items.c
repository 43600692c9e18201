/* items.c - raw events of a market become items of an intake page; parked ones are tried again. */
#include "base/metric.h"
#include "orders/order_store.h"
#include "sync/sync_own.h"

#define REAPPLY_MAX 5000

static void park_item(struct intake_item *item, str code, str problem)
{
    item->draft        = NULL;
    item->problem_code = code;
    item->problem      = problem;
}

/* Maps the payload of an item. What cannot be read is to be parked with its reason. */
void item_read(struct talk *t, struct intake_item *item)
{
    struct arena       *a     = t->w->arena;
    struct call         call  = talk_call(t, a);
    struct order_draft *draft = ARENA_NEW(a, struct order_draft);
    struct err          bad   = { 0 };

    item->status = STATUS_NOT_TOLD;
    item->problem_code = item->problem = STR("");
    if (!t->channel->order_read(&call, item->payload, draft, &bad)) {
        park_item(item, str_of(err_kind(bad.code)->code), tidy_text(a, err_line(a, &bad)));
        return;
    }
    if (!draft->external_id.len) {
        park_item(item, STR("channel.payload"), STR("the order has no id"));
        return;
    }
    item->draft       = draft;
    item->external_id = draft->external_id;
    if (draft->status_key.len)
        item->status = status_map_find(&t->map, draft->status_key, &item->choice) ? STATUS_KNOWN : STATUS_UNKNOWN;
}

void item_of(struct talk *t, const struct raw_event *ev, struct intake_item *item)
{
    struct arena *a = t->w->arena;
    *item = (struct intake_item){ .event_key = tidy_text(a, ev->event_key), .external_id = tidy_text(a, ev->external_id) };
    if (ev->payload.len > PAYLOAD_BYTES_MAX) {
        item->payload = STR("");
        park_item(item, STR("channel.payload"), STR("the order is larger than what we take (1 MiB)"));
        return;
    }
    item->payload = tidy_text(a, ev->payload);
    if (ev->problem.len)
        park_item(item, STR("channel.payload"), tidy_text(a, ev->problem));
    else
        item_read(t, item);
}

static const struct order_told *told_of(const struct order_told_list *list, str external_id)
{
    for (int i = 0; i < list->count; i++)
        if (str_eq(list->at[i].external_id, external_id))
            return &list->at[i];
    return NULL;
}

/* A market may go back to a state that it was in before (a cancellation was withdrawn). Without a time of change that looks like a
 * late repeat and is dropped; the nightly pass sees that the order has stood otherwise for hours, and takes it. */
static bool has_gone_back(struct talk *t, const struct order_told_list *told, struct intake_item *item)
{
    const struct order_told *o = item->draft ? told_of(told, item->external_id) : NULL;
    if (!o || t->w->now.ms - o->updated_at.ms < HOUR_MS || order_draft_hash(item->draft) == o->draft_hash)
        return false;
    item->event_key = str_print(t->w->arena, "%.*s@%lld", STR_ARG(item->event_key), (long long)(t->w->now.ms / DAY_MS));
    return true;
}

static bool told_load(struct talk *t, const struct raw_event *events, int count, struct order_told_list *out, struct err *err)
{
    str *ids = ARENA_ARRAY(t->w->arena, str, count + 1);
    for (int i = 0; i < count; i++)
        ids[i] = tidy_text(t->w->arena, events[i].external_id);
    return orders_told(t->w->db, t->account.id, ids, count, t->w->arena, out, err);
}

bool items_read(struct talk *t, const struct raw_event *events, int count, bool deep, struct intake_item *items, int *n, int *known,
                struct err *err)
{
    struct arena          *a    = t->w->arena;
    str                   *keys = ARENA_ARRAY(a, str, count + 1);
    bool                  *had  = ARENA_ARRAY(a, bool, count + 1);
    struct order_told_list told = { 0 };
    *n = *known = 0;
    for (int i = 0; i < count; i++)
        keys[i] = tidy_text(a, events[i].event_key);
    if (count && !intake_known(t->w->db, t->account.id, keys, count, a, had, err))
        return false;
    if (count && deep && !told_load(t, events, count, &told, err))
        return false;
    for (int i = 0; i < count; i++) {
        if (had[i] && !deep) {
            (*known)++;
            continue;
        }
        item_of(t, &events[i], &items[*n]);
        if (had[i] && !has_gone_back(t, &told, &items[*n]))
            (*known)++;
        else
            (*n)++;
    }
    return true;
}

static struct intake_page page_of(const struct talk *t, str stream, const struct intake_item *items, int n)
{
    return (struct intake_page){ .account_id = t->account.id, .channel = str_of(t->channel->name), .account_name = t->account.name,
                                 .stream = stream, .items = items, .count = n };
}

void counts_sum(struct intake_counts *to, const struct intake_counts *c)
{
    to->created += c->created;
    to->changed += c->changed;
    to->same    += c->same;
    to->parked  += c->parked;
    to->older   += c->older;
}

/* May the same rows succeed later by themselves? Then the run ends and is tried again; else one of the rows is the reason. */
bool is_passing(enum err_code code)
{
    return err_kind(code)->retry || code == ERR_DB_DOWN || code == ERR_DB_FULL || code == ERR_VERSION_OLD;
}

struct applying { struct talk *t; const struct intake_page *page; struct intake_counts c; struct night night; };

/* In the nightly reading: an order that should have been here before, or have stood as it does now. */
static bool night_look(struct applying *x, const struct order_turn *turn, struct err *err)
{
    struct night             *n     = &x->night;
    const struct order_draft *draft = x->page->items[turn->item].draft;
    instant                   when  = draft && instant_is_set(draft->changed_at) && !turn->is_new ? draft->changed_at : turn->now->placed_at;
    if (!instant_is_set(when) || when.ms >= n->seen.ms)
        return true;
    int64_t *count = turn->is_new ? &n->run.missing : &n->run.changed;
    (*count)++;
    if (n->listed == NIGHT_FINDS_MAX)
        return true;
    n->listed++;
    struct night_find found = {
        .id = work_id(x->t->w), .run_id = n->run.id, .order_id = turn->now->id, .number = turn->now->number, .kind = turn->is_new ? STR("missing") : STR("changed"),
        .was = turn->is_new ? STR("") : str_of(hub_status_names[turn->old->status]), .became = str_of(hub_status_names[turn->now->status])
    };
    return night_found(x->t->w->db, &found, err);
}

static bool night_look_all(struct applying *x, const struct order_turn_list *turns, struct err *err)
{
    for (int i = 0; x->t->night && i < turns->count; i++)
        if (!night_look(x, &turns->at[i], err))
            return false;
    return true;
}

/* The orders, and the returns that follow from them, are one transaction. */
static bool apply_page_tx(struct db *db, void *ctx, struct err *err)
{
    struct applying       *x     = ctx;
    struct order_turn_list turns = { 0 };
    struct intake_page     page  = *x->page;
    struct db             *mine  = x->t->w->db;
    page.turns  = &turns;
    x->t->w->db = db;
    if (x->t->night)
        x->night = *x->t->night;                            /* a try that was rolled back has counted nothing */
    bool ok = intake_apply(x->t->w, &page, &x->c, err) && (turns.count == 0 || backs_of_orders(x->t, page.items, &turns, err)) &&
              night_look_all(x, &turns, err);
    x->t->w->db = mine;
    return ok;
}

static bool apply_page(struct talk *t, const struct intake_page *page, struct intake_counts *out, struct err *err)
{
    struct applying x = { .t = t, .page = page };
    t->w->now = clock_now(t->e->o.clock);
    bool ok = db_tx(t->w->db, apply_page_tx, &x, err);
    struct intake_counts c = x.c;
    t->w->actor = (struct actor){ .kind = ACTOR_SYSTEM };
    if (ok)
        counts_sum(out, &c);
    if (ok && t->night)
        *t->night = x.night;
    return ok;
}

/* Each row alone; the one that the database does not take is parked with what it said. */
static bool apply_singly(struct talk *t, struct intake_page page, struct intake_counts *out, struct err *err)
{
    const struct intake_item *items = page.items;
    int  count  = page.count;
    bool cursor = page.save_cursor;
    for (int i = 0; i < count; i++) {
        struct err         bad  = { 0 };
        struct intake_item item = items[i];
        page.items       = &item;
        page.count       = 1;
        page.save_cursor = cursor && i == count - 1;
        if (apply_page(t, &page, out, &bad))
            continue;
        if (is_passing(bad.code)) {
            *err = bad;
            return false;
        }
        log_warn(t->e->o.log, "intake.poison", LOG_INT("account", t->account.id.v), LOG_STR("external_id", item.external_id),
                 LOG_TEXT("code", err_kind(bad.code)->code), LOG_TEXT("trail", bad.trail));
        park_item(&item, str_of(err_kind(bad.code)->code), tidy_text(t->w->arena, err_line(t->w->arena, &bad)));
        if (!apply_page(t, &page, out, err))
            return err_note(err, "parking %.*s", STR_ARG(item.external_id));
    }
    return true;
}

bool items_apply(struct talk *t, str stream, struct intake_item *items, int n, const str *cursor, struct intake_counts *out,
                 struct err *err)
{
    *out = (struct intake_counts){ 0 };
    for (int from = 0; from < n; from += PAGE_ITEMS) {
        int                count = n - from < PAGE_ITEMS ? n - from : PAGE_ITEMS;
        struct intake_page page  = page_of(t, stream, items + from, count);
        struct err         bad   = { 0 };
        if (cursor && from + count == n) {
            page.save_cursor = true;
            page.cursor      = *cursor;
        }
        if (apply_page(t, &page, out, &bad))
            continue;
        if (is_passing(bad.code)) {
            *err = bad;
            return false;
        }
        if (!apply_singly(t, page, out, err))
            return false;
    }
    return true;
}

/* ---- parked events ---- */

static struct intake_item item_again(const struct intake_row *r)
{
    return (struct intake_item){ .event_id = r->id, .tries = r->tries, .event_key = r->event_key, .external_id = r->external_id,
                                 .payload = r->payload };
}

static bool orders_again(struct talk *t, const struct intake_row *rows, int n, struct reapply_counts *out, struct err *err)
{
    struct intake_counts c     = { 0 };
    struct intake_item  *items = ARENA_ARRAY(t->w->arena, struct intake_item, n + 1);
    int                  count = 0;
    for (int i = 0; i < n; i++) {
        if (!rows[i].payload.len)
            continue;                                       /* nothing to read: it stays for people to drop */
        items[count] = item_again(&rows[i]);
        item_read(t, &items[count++]);
    }
    if (count && !items_apply(t, rows[0].stream, items, count, NULL, &c, err))
        return false;
    out->tried   += n;
    out->parked  += c.parked + (n - count);
    out->applied += count - c.parked;
    return true;
}

/* Those of one stream after the other, in their order. */
static bool rows_again(struct talk *t, const struct intake_row *rows, int n, struct reapply_counts *out, struct err *err)
{
    for (int from = 0, to; from < n; from = to) {
        to = from + 1;
        bool returns = stream_tells_returns(t->channel, rows[from].stream);
        while (to < n && (returns ? str_eq(rows[to].stream, rows[from].stream) : !stream_tells_returns(t->channel, rows[to].stream)))
            to++;
        if (!(returns ? backs_again(t, rows + from, to - from, out, err) : orders_again(t, rows + from, to - from, out, err)))
            return false;
    }
    return true;
}

bool items_reapply(struct sync_engine *e, struct work *w, rid account_id, str status_key, str code, struct reapply_counts *out,
                   struct err *err)
{
    struct talk            t;
    struct intake_row_list rows = { 0 };
    int                    kept = 0;
    *out = (struct reapply_counts){ 0 };
    if (!talk_open(e, w, account_id, &t, err) || !intake_parked(w->db, account_id, status_key, REAPPLY_MAX, w->arena, &rows, err))
        return false;
    for (int i = 0; i < rows.count; i++)
        if (!code.len || str_eq(rows.at[i].problem_code, code))
            rows.at[kept++] = rows.at[i];
    rows.count = kept;
    for (int from = 0; from < rows.count; from += PAGE_ITEMS) {
        int n = rows.count - from < PAGE_ITEMS ? rows.count - from : PAGE_ITEMS;
        if (!rows_again(&t, rows.at + from, n, out, err))
            return false;
    }
    return true;
}

bool sync_reapply(struct sync_engine *e, struct work *w, rid account_id, str status_key, struct reapply_counts *out, struct err *err)
{
    return items_reapply(e, w, account_id, status_key, STR(""), out, err);
}

bool sync_reapply_one(struct sync_engine *e, struct work *w, rid event_id, bool *applied, struct err *err)
{
    struct talk           t;
    struct intake_row     row = { 0 };
    struct reapply_counts c   = { 0 };
    if (!intake_get(w->db, event_id, w->arena, &row, err))
        return false;
    if (!str_is(row.state, "parked"))
        return err_set(err, ERR_ACTION_REFUSED, "state", "only a parked record can be tried again");
    if (!talk_open(e, w, row.account_id, &t, err) || !rows_again(&t, &row, 1, &c, err))
        return false;
    *applied = c.applied > 0;
    return true;
}
