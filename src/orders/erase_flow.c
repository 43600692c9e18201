#include "orders/erase_flow.h"

#include "accounts/body.h"
#include "base/fold.h"
#include "base/secret.h"
#include "customers/leaving_flow.h"
#include "customers/parting_flow.h"
#include "deadlines/shop.h"
#include "orders/erase_ask_store.h"
#include "orders/no_contact_flow.h"

struct erasing {
    struct work             *w;
    struct db               *db;
    const struct erase_plan *plan;
    struct erasure          *out;
    const struct erasure    *again;
};

/* The last ten digits find a phone in whatever form it was written without spaces. */
static str phone_core(struct arena *a, str phone)
{
    str digits = fold_digits(a, phone);
    return digits.len > 10 ? str_sub(digits, digits.len - 10, 10) : digits;
}

static bool traces_drop(struct erasing *e, const struct customer *c, const struct customer_source_list *sources, struct err *err)
{
    struct arena *a = e->w->arena;
    for (int i = -1; i < sources->count; i++) {
        const struct customer_source *s = i < 0 ? NULL : &sources->at[i];
        const str texts[] = { phone_core(a, s ? s->phone : c->phone), s ? s->email : c->email, s ? s->name : c->name };
        for (int k = 0; k < COUNT_OF(texts); k++)
            if (texts[k].len >= 6 && !traces_erase(e->db, texts[k], a, err))
                return false;
    }
    return true;
}

static bool never_write(struct erasing *e, const struct customer *c, const struct customer_source_list *sources, struct err *err)
{
    str *contacts = ARENA_ARRAY(e->w->arena, str, 2 * sources->count + 3);
    int  n = 0;
    contacts[n++] = c->phone;
    contacts[n++] = c->email;
    for (int i = 0; i < sources->count; i++) {
        contacts[n++] = sources->at[i].phone;
        contacts[n++] = sources->at[i].email;
    }
    return no_contact_add(e->db, e->w, contacts, n, err);
}

/* Neither "same" nor "different" says anything of nobody. */
static bool verdicts_drop(struct erasing *e, const rid *records, int count, struct err *err)
{
    struct verdict_list all = { 0 };
    if (!verdicts_of(e->db, records, count, e->w->arena, &all, err))
        return false;
    rid *ids = ARENA_ARRAY(e->w->arena, rid, all.count + 1);
    for (int i = 0; i < all.count; i++)
        ids[i] = all.at[i].id;
    return !all.count || verdicts_withdraw(e->db, ids, all.count, e->w->now, e->w->actor.name, err);
}

static bool forget(struct erasing *e, const struct customer *c, bool do_not_contact, struct err *err)
{
    struct arena               *a       = e->w->arena;
    struct customer_source_list sources = { 0 };
    struct int_list             cards   = { 0 };
    int64_t all = 0, open = 0;
    int     n = 0;

    if (!cards_of(e->db, c->id, a, &cards, err) || !customer_sources_of(e->db, &c->id, 1, a, &sources, err) ||
        !orders_of_customer_count(e->db, c->id, &all, &open, err))
        return false;
    if (open && !e->again)
        return err_set(err, ERR_CONFLICT, "id", "%lld orders are under way and need the address; erase when they have ended", (long long)open);
    rid *ids = ARENA_ARRAY(a, rid, cards.count + 1);
    for (int i = 0; i < cards.count; i++)
        ids[i] = (rid){ cards.at[i] };
    rid *records = source_ids(a, &sources, (rid){ 0 }, &n);
    str  token   = str_print(a, ERASED_PREFIX "%.*s", STR_ARG(secret_token(a, 6)));
    if ((do_not_contact && !never_write(e, c, &sources, err)) || !traces_drop(e, c, &sources, err) ||
        !person_erase(e->db, c->id, ids, cards.count, token, e->w->now, err))
        return false;
    struct records_gone gone = { .was = &sources, .country = e->w->shop->country };
    if (!verdicts_drop(e, records, n, err) || !records_left(e->db, e->w, &gone, err))
        return false;
    e->out->customers = id_list_text(a, ids, cards.count);
    e->out->sources   = id_list_text(a, records, n);
    e->out->orders_n += all;
    return customer_event(e->db, e->w, c->id, "erased", err);
}

static bool request_done(struct erasing *e, struct err *err)
{
    struct erase_request r = { .id = e->plan->request, .state = STR("done"), .decided_id = e->w->actor.id, .decided_name = e->w->actor.name,
                               .decided_at = e->w->now, .erasure_id = e->out->id };
    return !id_is_set(r.id) || erase_request_decide(e->db, &r, err);
}

static bool erase_tx(struct db *db, void *ctx, struct err *err)
{
    struct erasing *e = ctx;
    struct customer c;
    e->db   = db;
    *e->out = (struct erasure){ .id = work_id(e->w), .at = e->w->now, .actor_kind = str_of(actor_kind_names[e->w->actor.kind]),
                                .actor_id = e->w->actor.id, .actor_name = e->w->actor.name, .do_not_contact = e->plan->do_not_contact,
                                .reason = e->plan->reason, .asked_name = e->plan->asked_name };
    if (!record_get(db, &customer_record, e->plan->customer, e->w->arena, &c, err))
        return false;
    if (e->plan->version != c.version)
        return err_set(err, ERR_VERSION_OLD, "version", "somebody changed this card meanwhile");
    if (!str_is(c.state, "active") || id_is_set(c.merged_into))
        return err_set(err, ERR_CONFLICT, "id", "this card lives no more");
    return forget(e, &c, e->plan->do_not_contact, err) && record_insert(db, &erasure_record, e->out, err) && request_done(e, err) &&
           audit_write(db, e->w, STR("customer.erase"), STR("customer"), c.id, STR(""), STR(""), err);
}

bool customer_erase(struct work *w, const struct erase_plan *plan, struct erasure *out, struct err *err)
{
    struct erasing e = { .w = w, .plan = plan, .out = out };
    return db_tx(w->db, erase_tx, &e, err);
}

/* ---- a restored copy ---- */

static bool again_one(struct erasing *e, rid id, struct err *err)
{
    struct customer c;
    rid             now;
    if (!customer_living(e->db, id, &now, err))
        return false;
    if (!id_is_set(now))
        return true;
    return record_get(e->db, &customer_record, now, e->w->arena, &c, err) &&
           (!str_is(c.state, "active") || forget(e, &c, e->again->do_not_contact, err));
}

static bool again_tx(struct db *db, void *ctx, struct err *err)
{
    struct erasing             *e = ctx;
    struct arena               *a = e->w->arena;
    struct customer_source_list sources = { 0 };
    rid *cards = NULL, *records = NULL;
    int  cards_n = ids_read(a, e->again->customers, &cards), records_n = ids_read(a, e->again->sources, &records);

    e->db   = db;
    *e->out = *e->again;
    e->out->orders_n = 0;
    for (int i = 0; i < cards_n; i++)
        if (!again_one(e, cards[i], err))
            return false;
    if (records_n && !customer_sources_by_ids(db, records, records_n, a, &sources, err))
        return false;
    for (int i = 0; i < sources.count; i++)
        if (!again_one(e, sources.at[i].customer_id, err))
            return false;
    e->out->customers = e->again->customers;
    e->out->sources   = e->again->sources;
    e->out->orders_n  = e->again->orders_n;
    return record_insert(db, &erasure_record, e->out, err);
}

bool customer_erase_again(struct work *w, const struct erasure *done, struct err *err)
{
    struct erasure out;
    struct erasing e = { .w = w, .out = &out, .again = done };
    return db_tx(w->db, again_tx, &e, err);
}
