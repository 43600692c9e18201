/* Whom not to write to: a list that is added to by contacts, and asked about contacts; it cannot be read out. */
#include "orders/customers_http.h"

#include "accounts/audit.h"
#include "base/email.h"
#include "base/phone.h"
#include "deadlines/shop.h"
#include "orders/no_contact_flow.h"

#define CONTACTS_MAX 5000

struct listing { struct request *rq; str *contacts; int count; bool remove; rid customer; };

static bool list_tx(struct db *db, void *ctx, struct err *err)
{
    struct listing    *l = ctx;
    const struct work *w = &l->rq->work;
    struct buf         b = buf_in(w->arena);
    struct json_out    j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_number(&j, l->remove ? "removed" : "added", l->count);
    json_end(&j);
    return (l->remove ? no_contact_remove(db, w, l->contacts, l->count, err) : no_contact_add(db, w, l->contacts, l->count, err)) &&
           audit_write(db, w, l->remove ? STR("customer.may_contact") : STR("customer.do_not_contact"), STR("customer"), l->customer, STR(""),
                       buf_str(&b), err);
}

/* One contact a line, or parted by comma, semicolon, tab; what is neither telephone nor e-mail is told by its number. */
static bool contacts_read(struct request *rq, struct listing *l, struct int_list *bad, struct err *err)
{
    struct arena *a    = rq->work.arena;
    char         *text = str_zero(a, json_str(json_get(rq->json, "contacts")));
    int           number = 0;
    for (char *c = text; *c; c++)
        if (strchr("\r,;\t", *c))
            *c = '\n';
    l->contacts = ARENA_ARRAY(a, str, CONTACTS_MAX + 1);
    for (str rest = str_of(text), line; rest.len && str_split(&rest, '\n', &line);) {
        str one = str_trim(line), contact;
        if (!one.len)
            continue;
        if (++number > CONTACTS_MAX)
            return err_add(err, "contacts", "more than %d at once", CONTACTS_MAX);
        contact = str_has(one, STR("@")) ? email_normalise(a, one) : phone_normalise(a, one, rq->work.shop->country);
        if (contact.len)
            l->contacts[l->count++] = contact;
        else
            *int_list_add(bad, a) = number;
    }
    return number > 0 || err_add(err, "contacts", "must hold telephones or e-mails, one a line");
}

static bool list_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct listing  l   = { .rq = rq, .remove = json_true(json_get(rq->json, "remove")) };
    struct int_list bad = { 0 };
    int             was = 0;
    if (!contacts_read(rq, &l, &bad, err))
        return false;
    bool *known = ARENA_ARRAY(rq->work.arena, bool, l.count + 1);
    if (!no_contact_known(rq->work.db, rq->work.arena, l.contacts, l.count, known, err) || (l.count && !db_tx(rq->work.db, list_tx, &l, err)))
        return false;
    for (int i = 0; i < l.count; i++)
        was += known[i];
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_number(&j, "contacts", l.count);
    json_number(&j, "known", was);
    json_begin(&j, "bad", '[');
    for (int i = 0; i < bad.count && i < 100; i++)
        json_number(&j, NULL, bad.at[i]);
    json_end(&j);
    json_end(&j);
    return true;
}

static bool card_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct listing l = { .rq = rq, .remove = json_true(json_get(rq->json, "remove")) };
    struct customer_source_list sources = { 0 };
    struct customer c;
    struct arena   *a = rq->work.arena;

    if (!request_customer(rq, &l.customer, err) || !record_get(rq->work.db, &customer_record, l.customer, a, &c, err) ||
        !customer_sources_of(rq->work.db, &l.customer, 1, a, &sources, err))
        return false;
    l.contacts = ARENA_ARRAY(a, str, 2 * sources.count + 3);
    for (int i = -1; i < sources.count; i++)
        for (int k = 0; k < 2; k++) {
            const struct customer_source *s = i < 0 ? NULL : &sources.at[i];
            str contact = k ? s ? s->email : c.email : s ? s->phone : c.phone;
            if (contact.len)
                l.contacts[l.count++] = contact;
        }
    if (!l.count)
        return err_set(err, ERR_CONFLICT, "id", "no telephone and no e-mail of this person is known");
    if (!db_tx(rq->work.db, list_tx, &l, err))
        return false;
    rp->status = REPLY_NO_CONTENT;
    return true;
}

const struct route no_contact_routes[] = {
    { HTTP_POST, "/api/do-not-contact", PERM_CUSTOMERS_MERGE, list_post, .json = true, .reply_schema = "DoNotContact", .tag = "customers",
      .doc = "Put `contacts` (telephones and e-mails, one a line) on the list of whom not to write to; `remove` takes them off" },
    { HTTP_POST, "/api/customers/{id}/do-not-contact", PERM_CUSTOMERS_MERGE, card_post, .json = true, .tag = "customers",
      .doc = "Put all contacts of this person on the list of whom not to write to; `remove` takes them off" },
    { .method = HTTP_NONE },
};
