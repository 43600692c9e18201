#include "orders/label_flow.h"

#include "accounts/audit.h"
#include "base/json_write.h"
#include "events/event.h"
#include "orders/label_store.h"
#include "orders/order_store.h"

struct ordering { struct work *w; const struct order *const *orders; int count; bool again; };

static bool order_tx(struct db *db, void *ctx, struct err *err)
{
    const struct ordering *o = ctx;
    for (int i = 0; i < o->count; i++)
        if (!label_ask(db, o->orders[i]->id, o->orders[i]->account_id, o->w->now, o->again, err))
            return false;
    return true;
}

bool labels_order(struct work *w, const struct order *const *orders, int count, bool again, struct err *err)
{
    struct ordering o = { w, orders, count, again };
    return !count || db_tx(w->db, order_tx, &o, err);
}

bool label_tell(struct db *db, const struct work *w, rid order, rid account, struct err *err)
{
    struct buf      b = buf_in(w->arena);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_id(&j, "id", order);
    json_id(&j, "account_id", account);
    json_text(&j, "kind", STR("label"));
    json_end(&j);
    return event_add(db, w->now, STR("order"), account, order, buf_str(&b), err);
}

struct printing { struct work *w; const struct order *orders; int count; struct int_list *out; };

static const struct label *label_find(const struct label_list *list, rid order)
{
    for (int i = 0; i < list->count; i++)
        if (id_eq(list->at[i].order_id, order) && list->at[i].state == LABEL_FETCHED)
            return &list->at[i];
    return NULL;
}

static int64_t seq_of(const struct last_seq_list *last, rid order)
{
    for (int i = 0; i < last->count; i++)
        if (id_eq(last->at[i].order_id, order))
            return last->at[i].seq;
    return 0;
}

static bool print_one(struct db *db, const struct work *w, const struct order *o, bool again, int64_t seq, struct err *err)
{
    str status = str_of(hub_status_names[o->status]), note = again ? STR("label_reprinted") : STR("label_printed");
    const struct history_row row = { .order_id = o->id, .seq = seq, .at = w->now, .from_status = status, .to_status = status,
                                     .actor_kind = str_of(actor_kind_names[w->actor.kind]), .actor_id = w->actor.id, .actor_name = w->actor.name,
                                     .external_status = o->external_status, .note = note };
    return history_add(db, &row, err) && label_tell(db, w, o->id, o->account_id, err) &&
           audit_write(db, w, again ? STR("order.label_reprint") : STR("order.label_print"), STR("order"), o->id, STR(""), STR(""), err);
}

static bool print_tx(struct db *db, void *ctx, struct err *err)
{
    struct printing     *p    = ctx;
    struct arena        *a    = p->w->arena;
    struct label_list    list = { 0 };
    struct last_seq_list last = { 0 };
    rid *ids = ARENA_ARRAY(a, rid, p->count + 1);
    int  n   = 0;
    *p->out  = (struct int_list){ 0 };
    for (int i = 0; i < p->count; i++)
        ids[i] = p->orders[i].id;
    if (!labels_of(db, ids, p->count, a, &list, err) || !history_last(db, ids, p->count, a, &last, err))
        return false;
    for (int i = 0; i < p->count; i++) {
        const struct order *o = &p->orders[i];
        const struct label *l = label_find(&list, o->id);
        if (!l)
            continue;
        if (!print_one(db, p->w, o, l->prints > 0, seq_of(&last, o->id) + 1, err))
            return false;
        ids[n++] = o->id;
        *int_list_add(p->out, a) = o->id.v;
    }
    return !n || labels_printed(db, ids, n, p->w, err);
}

bool labels_print(struct work *w, const struct order *orders, int count, struct int_list *out, struct err *err)
{
    struct printing p = { w, orders, count, out };
    *out = (struct int_list){ 0 };
    return !count || db_tx(w->db, print_tx, &p, err);
}
