/* Personal data of one person: consents. */
#include "orders/customers_http.h"

#include "accounts/audit.h"

static const char *const purposes[] = { "processing", "service", "marketing", NULL };
static const char *const media[]    = { "any", "sms", "whatsapp", "telegram", "viber", "email", "push", "call", NULL };
static const char *const said[]     = { "given", "withdrawn", NULL };

struct noting { struct request *rq; struct consent c; };

static bool note_tx(struct db *db, void *ctx, struct err *err)
{
    struct noting     *n = ctx;
    const struct work *w = &n->rq->work;
    return record_insert(db, &consent_record, &n->c, err) &&
           audit_write(db, w, STR("customer.consent"), STR("customer"), n->c.customer_id, STR(""), audit_json(w->arena, &consent_record, &n->c), err);
}

static bool one_of(const char *const *names, const char *field, str value, struct err *err)
{
    return name_find(names, value) >= 0 || err_add(err, field, "is none of those that are known");
}

static bool consent_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct noting n = { .rq = rq, .c = *(const struct consent *)rq->record };
    if (!request_customer(rq, &n.c.customer_id, err))
        return false;
    bool ok = one_of(purposes, "purpose", n.c.purpose, err) & one_of(media, "medium", n.c.medium, err) & one_of(said, "state", n.c.state, err);
    if (n.c.at.ms > rq->work.now.ms)
        ok = err_add(err, "at", "must not lie ahead");
    if (!ok)
        return false;
    n.c.id         = work_id(&rq->work);
    n.c.at         = instant_is_set(n.c.at) ? n.c.at : rq->work.now;
    n.c.actor_kind = str_of(actor_kind_names[rq->work.actor.kind]);
    n.c.actor_id   = rq->work.actor.id;
    n.c.actor_name = rq->work.actor.name;
    if (!db_tx(rq->work.db, note_tx, &n, err))
        return false;
    rp->status = REPLY_CREATED;
    return reply_record(rq, rp, &consent_record, &n.c);
}

const struct route privacy_routes[] = {
    { HTTP_POST, "/api/customers/{id}/consents", PERM_CUSTOMERS_MERGE, consent_post, .body = &consent_record, .reply = &consent_record,
      .creates = true, .tag = "customers", .doc = "Note that a person has given or withdrawn a consent; the latest holds" },
    { .method = HTTP_NONE },
};
