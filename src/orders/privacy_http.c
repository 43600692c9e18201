/* Personal data of one person: consents, a copy of everything, being forgotten. */
#include "customers/card_note_store.h"
#include "orders/customers_http.h"

#include "accounts/audit.h"
#include "orders/erase_ask_flow.h"
#include "orders/person_data.h"

#define ORDERS_MAX 5000
#define SEEN_MAX   1000

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
    bool ok = one_of(purposes, "purpose", n.c.purpose, err);
    ok &= one_of(media, "medium", n.c.medium, err);
    ok &= one_of(said, "state", n.c.state, err);
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

/* All that was said, the newest first; what a merge had brought and its end took away is void. */
static bool consents_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct record_view  view = contact_view(rq);
    struct consent_list all  = { 0 };
    rid id;
    if (!request_customer(rq, &id, err) || !consents_of(rq->work.db, &id, 1, rq->work.arena, &all, err))
        return false;
    for (int i = 1; i < all.count; i++)
        for (int k = i; k > 0 && all.at[k - 1].at.ms <= all.at[k].at.ms; k--) {
            struct consent swap = all.at[k];
            all.at[k]     = all.at[k - 1];
            all.at[k - 1] = swap;
        }
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < all.count; i++)
        record_write_json(&consent_record, &all.at[i], &j, NULL, &view);
    json_end(&j);
    json_null(&j, "next");
    json_end(&j);
    return true;
}

/* ---- a copy of everything ---- */

/* Who sees some accounts gets what these know: their records and their orders, and no decisions, which are about all of them. */
static void sources_seen(const struct request *rq, struct customer_source_list *list)
{
    int kept = 0;
    for (int i = 0; i < list->count; i++)
        if (source_in_scope(rq, &list->at[i]))
            list->at[kept++] = list->at[i];
    list->count = kept;
}

static void orders_seen(const struct request *rq, struct order_list *list)
{
    int kept = 0;
    for (int i = 0; i < list->count; i++) {
        bool seen = rq->who.accounts_count == 0;
        for (int k = 0; k < rq->who.accounts_count && !seen; k++)
            seen = id_eq(rq->who.accounts[k], list->at[i].account_id);
        if (seen)
            list->at[kept++] = list->at[i];
    }
    list->count = kept;
}

static bool data_load(struct request *rq, rid id, struct person_data *d, struct err *err)
{
    struct db    *db = rq->work.db;
    struct arena *a  = rq->work.arena;
    int           n  = 0;

    d->at   = rq->work.now;
    d->seen = ARENA_ARRAY(a, struct audit_entry, SEEN_MAX);
    if (!record_get(db, &customer_record, id, a, &d->who, err) || !customer_sources_of(db, &id, 1, a, &d->sources, err) ||
        !customers_as_seen(rq, &d->who, 1, err))
        return false;
    sources_seen(rq, &d->sources);
    rid *sources = ARENA_ARRAY(a, rid, d->sources.count + 1);
    for (int i = 0; i < d->sources.count; i++)
        sources[n++] = d->sources.at[i].id;
    if (!links_live(db, sources, n, a, &d->links, err) || !orders_of_customer(db, id, ORDERS_MAX, a, &d->orders, err) ||
        !sent_back_by(db, id, ORDERS_MAX, a, &d->sent_back, err))
        return false;
    orders_seen(rq, &d->orders);
    rid *orders = ARENA_ARRAY(a, rid, d->orders.count + 1);
    for (int i = 0; i < d->orders.count; i++)
        orders[i] = d->orders.at[i].id;
    return (!d->orders.count || order_lines_of(db, orders, d->orders.count, a, &d->lines, err)) && consents_of(db, &id, 1, a, &d->consents, err) &&
           customer_tags_of(db, &id, 1, a, &d->tags, err) && card_notes_of(db, id, CARD_NOTES_MAX, a, &d->notes, err) &&
           (rq->who.accounts_count || merge_events_of(db, id, 200, a, &d->merges, err)) && contacts_seen_by(db, id, SEEN_MAX, a, d->seen, &d->seen_n, err);
}

struct copying { struct request *rq; rid id; };

static bool copied_tx(struct db *db, void *ctx, struct err *err)
{
    struct copying *c = ctx;
    return audit_write(db, &c->rq->work, STR("customer.data_export"), STR("customer"), c->id, STR(""), STR(""), err);
}

static bool data_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct copying     c = { .rq = rq };
    struct person_data d = { 0 };
    str  format = query_text(rq, "format");
    bool page   = str_is(format, "html");

    if (format.len && !page && !str_is(format, "json"))
        return err_set(err, ERR_QUERY_INVALID, "format", "must be json or html");
    if (!request_customer(rq, &c.id, err) || !data_load(rq, c.id, &d, err) || !db_tx(rq->work.db, copied_tx, &c, err))
        return false;
    rp->body = buf_in(rq->work.arena);
    if (page)
        person_data_page(&rp->body, &d, rq->who.language);
    else
        person_data_json(&rp->body, &d);
    rp->type = page ? STR("text/html; charset=utf-8") : STR("application/json");
    reply_header(rp, rq, STR("Content-Disposition"), str_print(rq->work.arena, "attachment; filename=\"customer-%lld.%s\"", (long long)c.id.v,
                                                             page ? "html" : "json"));
    return true;
}

/* ---- being forgotten ---- */

static bool ask_post(struct request *rq, struct reply *rp, struct err *err)
{
    const struct erase_request *in = rq->record;
    struct erase_request        out;
    rid                         id;
    if (rq->who.is_key)
        return err_set(err, ERR_FORBIDDEN, "", "people ask for this");
    if (!request_customer(rq, &id, err) || !erase_ask(&rq->work, id, in->reason, in->do_not_contact, &out, err))
        return false;
    rp->status = REPLY_CREATED;
    return reply_record(rq, rp, &erase_request_record, &out);
}

static bool approve_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct erasure done;
    int64_t        version;
    rid            id;
    if (rq->who.accounts_count || rq->who.is_key)
        return err_set(err, ERR_FORBIDDEN, "", "erasing is for people who see all accounts");
    if (!path_id(rq, "id", &id, err))
        return false;
    if (!json_int(json_get(rq->json, "version"), &version))
        return err_set(err, ERR_VERSION_MISSING, "version", "say which version of the card you have seen");
    return erase_approve(&rq->work, id, version, &done, err) && request_erasures_keep(rq, err) && reply_record(rq, rp, &erasure_record, &done);
}

/* Who may erase refuses; who asked takes it back. */
static bool refuse_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct erase_request r;
    rid                  id;
    if (!path_id(rq, "id", &id, err) || !record_get(rq->work.db, &erase_request_record, id, rq->work.arena, &r, err))
        return false;
    if (!permission_in(rq->who.permissions, PERM_CUSTOMERS_DATA) && !id_eq(r.asked_id, rq->who.user_id))
        return err_set(err, ERR_FORBIDDEN, "", "this is for who asked, and for who may erase");
    return customer_in_scope(rq, r.customer_id, err) && erase_refuse(&rq->work, id, &r, err) && reply_record(rq, rp, &erase_request_record, &r);
}

static bool requests_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct erase_request *rows = ARENA_ARRAY(rq->work.arena, struct erase_request, 200);
    struct record_query   list = { .default_sort = "-id", .limit_max = 200 };
    str next  = STR("");
    int count = 0;
    if (!record_list(rq->work.db, &erase_request_record, &list, rq->query, rq->work.arena, rows, &count, &next, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < count; i++)
        record_write_json(&erase_request_record, &rows[i], &j, NULL, NULL);
    json_end(&j);
    json_text_or_null(&j, "next", next);
    json_end(&j);
    return true;
}

static bool erasures_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct erasure     *rows = ARENA_ARRAY(rq->work.arena, struct erasure, 200);
    struct record_query list = { .default_sort = "-id", .limit_max = 200 };
    str next  = STR("");
    int count = 0;
    if (!record_list(rq->work.db, &erasure_record, &list, rq->query, rq->work.arena, rows, &count, &next, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < count; i++)
        record_write_json(&erasure_record, &rows[i], &j, NULL, NULL);
    json_end(&j);
    json_text_or_null(&j, "next", next);
    json_end(&j);
    return true;
}

static const struct query_param data_params[] = { { "format", "json or html" }, { NULL, NULL } };
const struct route privacy_routes[] = {
    { HTTP_POST, "/api/customers/{id}/consents", PERM_CUSTOMERS_MERGE, consent_post, .body = &consent_record, .reply = &consent_record,
      .creates = true, .tag = "customers", .doc = "Note that a person has given or withdrawn a consent; the latest holds" },
    { HTTP_GET, "/api/customers/{id}/consents", PERM_CUSTOMERS_SEE, consents_get, .reply = &consent_record, .list = true, .tag = "customers",
      .doc = "Every consent that was given or withdrawn, the newest first" },
    { HTTP_GET, "/api/customers/{id}/data", PERM_CUSTOMERS_DATA, data_get, .reply_schema = "PersonData", .query = data_params, .tag = "customers",
      .doc = "All that is kept of one person, as one file: JSON, or a page to read" },
    { HTTP_POST, "/api/customers/{id}/erase-requests", PERM_CONTACTS_SEE, ask_post, .body = &erase_request_record, .reply = &erase_request_record,
      .creates = true, .tag = "customers", .doc = "Ask for a person to be forgotten, with a reason; another person approves it" },
    { HTTP_GET, "/api/erase-requests", PERM_CUSTOMERS_DATA, requests_get, .reply = &erase_request_record, .list = true, .tag = "customers",
      .doc = "Who is asked to be forgotten, and how that was decided" },
    { HTTP_POST, "/api/erase-requests/{id}/approve", PERM_CUSTOMERS_DATA, approve_post, .json = true, .reply = &erasure_record, .tag = "customers",
      .doc = "Forget this person everywhere; `version` of the card as seen. Orders stay with their sums. The answer is the proof. Whoever asked "
             "cannot approve unless nobody else could" },
    { HTTP_POST, "/api/erase-requests/{id}/refuse", PERM_CONTACTS_SEE, refuse_post, .json = true, .reply = &erase_request_record, .tag = "customers",
      .doc = "Leave this person as they are; whoever asked may take it back" },
    { HTTP_GET, "/api/erasures", PERM_CUSTOMERS_DATA, erasures_get, .reply = &erasure_record, .list = true, .tag = "customers",
      .doc = "Who was erased, by ids: proofs without personal data" },
    { .method = HTTP_NONE },
};
