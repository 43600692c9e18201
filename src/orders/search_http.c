/* Finding by anything that is typed: last digits, a whole phone, a name in any layout, e-mail, an order number. */
#include "base/fold.h"
#include "base/phone.h"
#include "customers/sound_store.h"
#include "deadlines/shop.h"
#include "orders/customers_http.h"

#define FOUND_MAX 5                     /* of each kind: what a palette shows (a longer list is the search of the lists) */
#define LOOKED_AT (2 * FOUND_MAX)       /* of the people known last, those who ordered last are shown */

struct finding {
    struct request       *rq;
    str                   q, digits;
    struct int_list       people;
    const char           *matched;      /* "phone" "name" "email" */
    struct customer      *found;
    int                   found_count;
    struct queue_row_list orders;
    struct customer_channel_list channels;
};

/* A part of those who are found may be of other accounts and falls away. */
static int looked_at(const struct finding *f)
{
    return f->rq->who.accounts_count ? 200 : LOOKED_AT;
}

static bool by_digits(struct finding *f, struct err *err)
{
    struct arena      *a     = f->rq->work.arena;
    struct queue_scope scope = request_scope(f->rq);
    str                e164  = f->digits.len >= 9 ? phone_normalise(a, f->q, f->rq->work.shop->country) : STR("");
    str                tail  = fold_reverse(a, e164.len ? fold_digits(a, e164) : f->digits);

    f->matched = "phone";
    bool guess = !e164.len && !request_view(f->rq).contacts;        /* a phone that is hidden cannot be found digit by digit */
    if (permission_in(f->rq->who.permissions, PERM_CUSTOMERS_SEE) && !guess &&
        !customer_by_phone_tail(f->rq->work.db, tail, looked_at(f), a, &f->people, err))
        return false;
    return orders_by_number_tail(f->rq->work.db, fold_reverse(a, f->digits), &scope, FOUND_MAX, a, &f->orders, err) &&
           (f->orders.count || orders_of_basket(f->rq->work.db, f->q, &scope, FOUND_MAX, a, &f->orders, err));
}

static bool by_words(struct finding *f, str text, struct err *err)
{
    f->matched = "name";
    return customer_by_name(f->rq->work.db, text, looked_at(f), f->rq->work.arena, &f->people, err);
}

static bool look(struct finding *f, struct err *err)
{
    struct arena *a     = f->rq->work.arena;

    f->digits = fold_digits(a, f->q);
    if (f->digits.len >= 3 && f->digits.len * 2 >= f->q.len)
        return by_digits(f, err);
    struct queue_scope scope = request_scope(f->rq);
    if (!orders_by_spelled_number(f->rq->work.db, f->q, &scope, FOUND_MAX, a, &f->orders, err))
        return false;
    if (!permission_in(f->rq->who.permissions, PERM_CUSTOMERS_SEE))
        return true;
    if (str_has(f->q, STR("@"))) {
        f->matched = "email";
        return people_by_email(f->rq, f->q, looked_at(f), &f->people, err);
    }
    if (!by_words(f, f->q, err))
        return false;
    str meant[FOLD_LAYOUTS_MAX];
    int count = f->people.count ? 0 : fold_other_layouts(a, f->q, meant);
    for (int i = 0; i < count && !f->people.count; i++)
        if (!by_words(f, meant[i], err))
            return false;
    return true;
}

/* Whoever sees some accounts only finds the people of these. */
static bool find(struct finding *f, struct err *err)
{
    const struct principal *who = &f->rq->who;
    if (!look(f, err) || !customers_in_accounts(f->rq->work.db, who->accounts, who->accounts_count, f->rq->work.arena, &f->people, err))
        return false;
    if (f->people.count > LOOKED_AT)
        f->people.count = LOOKED_AT;
    return true;
}

static bool load_people(struct finding *f, struct err *err)
{
    struct arena *a   = f->rq->work.arena;
    rid          *ids = ARENA_ARRAY(a, rid, f->people.count + 1);
    f->found          = ARENA_ARRAY(a, struct customer, f->people.count + 1);
    for (int i = 0; i < f->people.count; i++)
        ids[i] = (rid){ f->people.at[i] };
    if (f->people.count && !record_load(f->rq->work.db, &customer_record, ids, f->people.count, a, f->found, &f->found_count, err))
        return false;
    customers_recent_first(f->found, f->found_count);
    if (f->found_count > FOUND_MAX)
        f->found_count = FOUND_MAX;
    return true;
}

/* What is found tells no whole telephone but the one that was typed: a list that changes with each letter is no view of contacts.
 * The last digits, by which people know each other, are those of the lists of orders. The card tells all, and is written down. */
static str phone_found(const struct finding *f, str phone, bool contacts)
{
    struct arena *a = f->rq->work.arena;
    if (!phone.len || (contacts && f->digits.len >= 9 && str_ends(fold_digits(a, phone), str_sub(f->digits, f->digits.len - 9, 9))))
        return phone;
    str masked = phone_masked(a, phone);
    ptrdiff_t middle = str_find(masked, STR("-"));
    return contacts && middle > 0 && phone.len > 9 ? str_print(a, "%.*s-%.*s-%.*s", (int)middle, masked.at, 2, phone.at + phone.len - 4, 2,
                                                     phone.at + phone.len - 2) : masked;
}

static void write_person(struct json_out *j, const struct finding *f, const struct customer *c)
{
    struct row_view v = request_view(f->rq);
    json_begin(j, NULL, '{');
    json_id(j, "id", c->id);
    json_text(j, "name", c->name);
    json_text(j, "phone", phone_found(f, c->phone, v.contacts));
    json_number(j, "orders_count", c->orders_count);
    if (v.prices)
        json_amount_text(j, "net_spent", c->net_spent);
    else
        json_null(j, "net_spent");
    json_text(j, "currency", c->currency);
    json_begin(j, "channels", '[');
    for (int i = 0; i < f->channels.count; i++)
        if (id_eq(f->channels.at[i].customer_id, c->id))
            json_text(j, NULL, f->channels.at[i].channel);
    json_end(j);
    json_text(j, "city", c->city);
    json_instant(j, "last_order_at", c->last_order_at);
    json_text(j, "matched", str_of(f->matched));
    json_end(j);
}

/* The newest orders of the best person complete the answer. */
static bool orders_of_first(struct finding *f, struct err *err)
{
    if (f->orders.count || !f->found_count)
        return true;
    struct queue_filter q     = { .customer_id = f->found[0].id, .sort = SORT_NEWEST, .limit = 5, .brief = true };
    struct queue_scope  scope = request_scope(f->rq);
    bool                more;
    return queue_rows(f->rq->work.db, &q, &scope, f->rq->work.arena, &f->orders, &more, err);
}

static void write_exact(struct json_out *j, const struct finding *f)
{
    bool whole = f->orders.count == 1 && str_eq(f->digits, fold_digits(f->rq->work.arena, f->orders.at[0].number));
    bool phone = f->found_count == 1 && f->digits.len >= 10;
    if (!whole && !phone) {
        json_null(j, "exact");
        return;
    }
    json_begin(j, "exact", '{');
    json_text(j, "kind", whole ? STR("order") : STR("customer"));
    json_id(j, "id", whole ? f->orders.at[0].id : f->found[0].id);
    json_end(j);
}

static bool load_channels(struct finding *f, struct err *err)
{
    rid ids[FOUND_MAX];
    for (int i = 0; i < f->found_count; i++)
        ids[i] = f->found[i].id;
    return !f->found_count || customer_channels(f->rq->work.db, ids, f->found_count, f->rq->work.arena, &f->channels, err);
}

static bool search_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct finding  f     = { .rq = rq, .q = str_trim(utf8_cut(query_text(rq, "q"), 100)), .matched = "name" };
    struct row_view view  = request_view(rq);

    if (f.q.len && (!find(&f, err) || !load_people(&f, err) || !load_channels(&f, err) ||
                    !customers_as_seen(rq, f.found, f.found_count, err) || !orders_of_first(&f, err)))
        return false;

    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "customers", '[');
    for (int i = 0; i < f.found_count; i++)
        write_person(&j, &f, &f.found[i]);
    json_end(&j);
    json_begin(&j, "orders", '[');
    for (int i = 0; i < f.orders.count; i++)
        queue_brief_write(&j, NULL, &f.orders.at[i], &view);
    json_end(&j);
    write_exact(&j, &f);
    json_end(&j);
    return true;
}

static const struct query_param search_params[] = { { "q", "what was typed" }, { NULL, NULL } };
const struct route search_routes[] = {
    { HTTP_GET, "/api/search", PERM_ORDERS_SEE, search_get, .reply_schema = "SearchResult", .query = search_params, .tag = "orders",
      .doc = "Customers and orders by name, phone, last digits, e-mail or number" },
    { .method = HTTP_NONE },
};
