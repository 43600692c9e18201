#include "orders/erase_ask_flow.h"

#include "accounts/audit.h"
#include "accounts/user_store.h"
#include "customers/customer_store.h"

const char *const erase_reasons[] = { "asked", "withdrawn", "expired", "mistake", NULL };

struct asking { struct work *w; struct erase_request *r; };

static bool ask_tx(struct db *db, void *ctx, struct err *err)
{
    struct asking       *k = ctx;
    struct customer      c;
    struct erase_request waits;
    bool                 found;
    if (!record_get(db, &customer_record, k->r->customer_id, k->w->arena, &c, err) ||
        !erase_request_of(db, k->r->customer_id, k->w->arena, &waits, &found, err))
        return false;
    if (!str_is(c.state, "active") || id_is_set(c.merged_into))
        return err_set(err, ERR_CONFLICT, "id", "this card lives no more");
    if (found)
        return err_set(err, ERR_CONFLICT, "id", "somebody has asked for this already");
    return record_insert(db, &erase_request_record, k->r, err) &&
           audit_write(db, k->w, STR("customer.erase_asked"), STR("customer"), c.id, STR(""), audit_json(k->w->arena, &erase_request_record, k->r), err);
}

bool erase_ask(struct work *w, rid customer, str reason, bool do_not_contact, struct erase_request *out, struct err *err)
{
    struct asking k = { w, out };
    if (name_find(erase_reasons, reason) < 0)
        return err_add(err, "reason", "must be asked, withdrawn, expired or mistake");
    *out = (struct erase_request){
        .id = work_id(w), .customer_id = customer, .reason = reason, .do_not_contact = do_not_contact, .state = STR("waiting"),
        .asked_id = w->actor.id, .asked_name = w->actor.name, .at = w->now, .version = 1,
    };
    return db_tx(w->db, ask_tx, &k, err);
}

/* Whoever sees contacts may ask, so such a person is the second one; rights of the shop's own roles count as any. */
bool erase_alone(struct work *w, rid user, bool *out, struct err *err)
{
    const uint64_t   either = UINT64_C(1) << PERM_CONTACTS_SEE | UINT64_C(1) << PERM_CUSTOMERS_DATA;
    struct user_list users  = { 0 };
    *out = true;
    if (!user_all(w->db, w->arena, &users, err))
        return false;
    for (int i = 0; i < users.count; i++) {
        const struct user *u = &users.at[i];
        *out = *out && (id_eq(u->id, user) || u->state != USER_ACTIVE || !(user_permissions(u) & either));
    }
    return true;
}

static bool waiting_get(struct work *w, rid id, struct erase_request *r, struct err *err)
{
    return record_get(w->db, &erase_request_record, id, w->arena, r, err) &&
           (str_is(r->state, "waiting") || err_set(err, ERR_CONFLICT, "id", "this was decided meanwhile"));
}

bool erase_approve(struct work *w, rid request, int64_t version, struct erasure *out, struct err *err)
{
    struct erase_request r;
    rid                  living;
    bool                 alone = true;
    if (!waiting_get(w, request, &r, err) || !customer_living(w->db, r.customer_id, &living, err))
        return false;
    if (id_eq(r.asked_id, w->actor.id) && !erase_alone(w, w->actor.id, &alone, err))
        return false;
    if (!alone)
        return err_set(err, ERR_CONFLICT, "id", "whoever asked cannot approve: erasing takes two persons");
    struct erase_plan plan = { .customer = living, .version = version, .do_not_contact = r.do_not_contact, .request = r.id, .reason = r.reason,
                               .asked_name = r.asked_name };
    return customer_erase(w, &plan, out, err);
}

static bool refuse_tx(struct db *db, void *ctx, struct err *err)
{
    struct asking *k = ctx;
    return erase_request_decide(db, k->r, err) &&
           audit_write(db, k->w, STR("customer.erase_refused"), STR("customer"), k->r->customer_id, STR(""),
                       audit_json(k->w->arena, &erase_request_record, k->r), err);
}

bool erase_refuse(struct work *w, rid request, struct erase_request *out, struct err *err)
{
    struct asking k = { w, out };
    if (!waiting_get(w, request, out, err))
        return false;
    out->state        = STR("refused");
    out->decided_id   = w->actor.id;
    out->decided_name = w->actor.name;
    out->decided_at   = w->now;
    return db_tx(w->db, refuse_tx, &k, err);
}

bool erase_waiting(struct db *db, rid customer, struct arena *a, struct erase_request *out, bool *found, struct err *err)
{
    return erase_request_of(db, customer, a, out, found, err);
}
