#include "orders/customers_http.h"

#include "base/email.h"
#include "base/fold.h"
#include "base/phone.h"
#include "customers/customer_store.h"
#include "deadlines/shop.h"
#include "orders/queue_http.h"

#define PAGE_MAX 200

struct people {
    struct customer              rows[PAGE_MAX];
    int                          count;
    str                          next;
    struct customer_channel_list channels;
};

static bool find(struct request *rq, str q, struct people *p, struct err *err)
{
    struct arena   *a      = rq->work.arena;
    struct int_list found  = { 0 };
    str             digits = fold_digits(a, q), words[8];
    rid             ids[PAGE_MAX];

    if (digits.len >= 3) {
        str e164 = digits.len >= 9 ? phone_normalise(a, q, rq->work.shop->country) : STR("");
        bool guess = !e164.len && !request_view(rq).contacts;       /* a phone that is hidden cannot be found digit by digit */
        if (!guess && !customer_by_phone_tail(rq->work.db, fold_reverse(a, e164.len ? fold_digits(a, e164) : digits), PAGE_MAX, a, &found, err))
            return false;
    } else if (str_has(q, STR("@"))) {
        if (!customer_by_email(rq->work.db, email_normalise(a, q), PAGE_MAX, a, &found, err))
            return false;
    } else if (!customer_by_words(rq->work.db, words, name_words(a, q, words), PAGE_MAX, a, &found, err)) {
        return false;
    }
    if (!customers_in_accounts(rq->work.db, rq->who.accounts, rq->who.accounts_count, a, &found, err))
        return false;
    for (int i = 0; i < found.count && i < PAGE_MAX; i++)
        ids[i] = (rid){ found.at[i] };
    int count = found.count < PAGE_MAX ? found.count : PAGE_MAX;
    return !count || record_load(rq->work.db, &customer_record, ids, count, a, p->rows, &p->count, err);
}

/* Whom the accounts of who asks know; NULL: everybody. Numbers only go into the text. */
static const char *scope_condition(struct request *rq)
{
    struct buf b = buf_in(rq->work.arena);
    if (!rq->who.accounts_count)
        return NULL;
    buf_add(&b, STR("EXISTS (SELECT 1 FROM customer_sources s WHERE s.customer_id = o.id AND s.account_id + 0 IN ("));
    for (int i = 0; i < rq->who.accounts_count; i++)
        buf_print(&b, "%s%lld", i ? ", " : "", (long long)rq->who.accounts[i].v);
    buf_add(&b, STR("))"));
    return str_zero(rq->work.arena, buf_str(&b));
}

static bool is_known(struct request *rq, rid customer, struct err *err)
{
    struct int_list one = { 0 };
    *int_list_add(&one, rq->work.arena) = customer.v;
    return customers_in_accounts(rq->work.db, rq->who.accounts, rq->who.accounts_count, rq->work.arena, &one, err) &&
           (one.count || err_set(err, ERR_NOT_FOUND, "id", "there is no such customer"));
}

static bool source_in_scope(const struct request *rq, const struct customer_source *s)
{
    for (int i = 0; i < rq->who.accounts_count; i++)
        if (id_eq(rq->who.accounts[i], s->account_id))
            return true;
    return rq->who.accounts_count == 0;
}

static bool load_channels(struct request *rq, struct people *p, struct err *err)
{
    rid ids[PAGE_MAX];
    for (int i = 0; i < p->count; i++)
        ids[i] = p->rows[i].id;
    return !p->count || customer_channels(rq->work.db, ids, p->count, rq->work.arena, &p->channels, err);
}

static void person_members(struct json_out *j, struct request *rq, const struct people *p, const struct customer *c)
{
    struct record_view view = { request_view(rq).contacts, request_view(rq).prices };
    record_write_fields(&customer_record, c, j, &view);
    json_begin(j, "channels", '[');
    for (int i = 0; i < p->channels.count; i++)
        if (id_eq(p->channels.at[i].customer_id, c->id))
            json_text(j, NULL, p->channels.at[i].channel);
    json_end(j);
}

static bool customers_get(struct request *rq, struct reply *rp, struct err *err)
{
    static const char *const own[] = { "q", NULL };
    struct people       *p = ARENA_NEW(rq->work.arena, struct people);
    str                  q = str_trim(query_text(rq, "q"));
    struct record_query  list = { .default_sort = "-last_order_at", .limit_max = PAGE_MAX, .own = own,
                                  .where = scope_condition(rq) };

    bool fine = q.len ? find(rq, q, p, err)
                      : record_list(rq->work.db, &customer_record, &list, rq->query, rq->work.arena, p->rows, &p->count, &p->next, err);
    if (!fine || !load_channels(rq, p, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < p->count; i++) {
        json_begin(&j, NULL, '{');
        person_members(&j, rq, p, &p->rows[i]);
        json_end(&j);
    }
    json_end(&j);
    json_text_or_null(&j, "next", p->next);
    json_end(&j);
    return true;
}

static bool customer_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct people              *p       = ARENA_NEW(rq->work.arena, struct people);
    struct customer_source_list sources = { 0 };
    struct queue_row_list       orders  = { 0 };
    struct queue_scope          scope   = request_scope(rq);
    struct row_view             view    = request_view(rq);
    struct record_view          fields  = { view.contacts, view.prices };
    struct queue_filter         f       = { .sort = SORT_NEWEST, .limit = 100 };
    bool                        more;
    rid                         id;

    if (!path_id(rq, "id", &id, err) || !is_known(rq, id, err) || !record_get(rq->work.db, &customer_record, id, rq->work.arena, &p->rows[0], err))
        return false;
    p->count      = 1;
    f.customer_id = id;
    if (!load_channels(rq, p, err) || !customer_sources_of(rq->work.db, &id, 1, rq->work.arena, &sources, err) ||
        !queue_rows(rq->work.db, &f, &scope, rq->work.arena, &orders, &more, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    person_members(&j, rq, p, &p->rows[0]);
    json_begin(&j, "sources", '[');
    for (int i = 0; i < sources.count; i++)
        if (source_in_scope(rq, &sources.at[i]))
            record_write_json(&customer_source_record, &sources.at[i], &j, NULL, &fields);
    json_end(&j);
    json_begin(&j, "orders", '[');
    for (int i = 0; i < orders.count; i++)
        queue_row_write(&j, NULL, &orders.at[i], &view);
    json_end(&j);
    json_end(&j);
    return true;
}

static const struct query_param params[] = { { "q", "name in any layout, phone in any form, last digits, e-mail" }, { NULL, NULL } };
const struct route customer_routes[] = {
    { HTTP_GET, "/api/customers", PERM_CUSTOMERS_SEE, customers_get, .reply = &customer_record, .list = true, .query = params,
      .tag = "customers", .doc = "People who buy, the latest first" },
    { HTTP_GET, "/api/customers/{id}", PERM_CUSTOMERS_SEE, customer_get, .reply_schema = "CustomerCard", .tag = "customers",
      .doc = "One person: totals, source records with the reason of each link, orders" },
    { .method = HTTP_NONE },
};
