#include "orders/customers_http.h"

#include "accounts/audit.h"
#include "base/email.h"
#include "base/fold.h"
#include "base/phone.h"
#include "customers/sound_store.h"
#include "deadlines/shop.h"
#include "orders/no_contact_flow.h"
#include "orders/person_store.h"
#include "record/record_groups.h"

#define PAGE_MAX    200
#define COUNTED_MAX 10000
#define NEW_DAYS    30
#define ASLEEP_DAYS 90
#define YEAR_DAYS   365
#define VIP_DAYS    60
#define SEEN_ACTION "customer.contacts_seen"

struct people {
    struct customer              rows[PAGE_MAX];
    int                          count;
    str                          next;
    struct customer_channel_list channels;
    struct customer_tag_list     tags;
    struct bought_on_list        on;     /* a person's together, newest first */
};

/* ---- shared with the card and the rest ---- */

bool source_in_scope(const struct request *rq, const struct customer_source *s)
{
    for (int i = 0; i < rq->who.accounts_count; i++)
        if (id_eq(rq->who.accounts[i], s->account_id))
            return true;
    return rq->who.accounts_count == 0;
}

bool customer_in_scope(struct request *rq, rid id, struct err *err)
{
    struct int_list one = { 0 };
    *int_list_add(&one, rq->work.arena) = id.v;
    return customers_in_accounts(rq->work.db, rq->who.accounts, rq->who.accounts_count, rq->work.arena, &one, err) &&
           (one.count || err_set(err, ERR_NOT_FOUND, "id", "there is no such customer"));
}

bool request_customer(struct request *rq, rid *id, struct err *err)
{
    rid asked;
    if (!path_id(rq, "id", &asked, err) || !customer_living(rq->work.db, asked, id, err))
        return false;
    if (!id_is_set(*id))
        return err_set(err, ERR_NOT_FOUND, "id", "there is no such customer");
    return customer_in_scope(rq, *id, err);
}

struct seeing { struct request *rq; str entity; rid id; str after; };

static bool seen_tx(struct db *db, void *ctx, struct err *err)
{
    struct seeing *s = ctx;
    return audit_write(db, &s->rq->work, STR(SEEN_ACTION), s->entity, s->id, STR(""), s->after, err);
}

/* A card that is open is read again with each change: one row an hour tells as much as a hundred. */
static bool seen_write(struct seeing *s, struct err *err)
{
    const struct work *w     = &s->rq->work;
    instant            since = { w->now.ms - w->now.ms % HOUR_MS };
    bool               told;
    return audit_told(w->db, w, STR(SEEN_ACTION), s->entity, s->id, id_is_set(s->id) ? STR("") : s->after, since, &told, err) &&
           (told || db_tx(w->db, seen_tx, s, err));
}

bool contacts_seen(struct request *rq, const rid *customers, int count, const char *where, struct err *err)
{
    struct buf      b = buf_in(rq->work.arena);
    struct json_out j = json_out(&b);
    if (!count || !request_view(rq).contacts)
        return true;
    json_begin(&j, NULL, '{');
    json_text(&j, "where", str_of(where));
    if (count > 1) {
        json_begin(&j, "customers", '[');
        for (int i = 0; i < count; i++)
            json_id(&j, NULL, customers[i]);
        json_end(&j);
    }
    json_end(&j);
    struct seeing s = { rq, STR("customer"), count == 1 ? customers[0] : (rid){ 0 }, buf_str(&b) };
    return seen_write(&s, err);
}

bool order_contacts_seen(struct request *rq, rid order, rid customer, struct err *err)
{
    struct buf      b = buf_in(rq->work.arena);
    struct json_out j = json_out(&b);
    if (!request_view(rq).contacts)
        return true;
    json_begin(&j, NULL, '{');
    json_text(&j, "where", STR("order"));
    json_id(&j, "order", order);
    json_end(&j);
    struct seeing s = { rq, id_is_set(customer) ? STR("customer") : STR("order"), id_is_set(customer) ? customer : order, buf_str(&b) };
    return seen_write(&s, err);
}

bool customers_as_seen(struct request *rq, struct customer *rows, int count, struct err *err)
{
    struct arena *a   = rq->work.arena;
    rid          *ids = ARENA_ARRAY(a, rid, count + 1);
    struct customer_source_list all = { 0 }, seen = { 0 };
    struct customer_field_list  fields = { 0 };

    if (!count || !rq->who.accounts_count)
        return true;
    for (int i = 0; i < count; i++)
        ids[i] = rows[i].id;
    if (!customer_sources_of(rq->work.db, ids, count, a, &all, err) || !customer_fields_of(rq->work.db, ids, count, a, &fields, err))
        return false;
    for (int i = 0; i < all.count; i++)
        if (source_in_scope(rq, &all.at[i]))
            *customer_source_list_add(&seen, a) = all.at[i];
    for (int i = 0; i < count; i++)
        customer_compute(&rows[i], &seen, &fields, a);
    return true;
}

void customer_members(struct json_out *j, struct request *rq, const struct customer *c, const struct customer_channel_list *channels,
                      const struct customer_tag_list *tags, const struct int_list *silent)
{
    struct record_view view = contact_view(rq);
    record_write_fields(&customer_record, c, j, &view);
    json_begin(j, "channels", '[');
    for (int i = 0; i < channels->count; i++)
        if (id_eq(channels->at[i].customer_id, c->id))
            json_text(j, NULL, channels->at[i].channel);
    json_end(j);
    tags_members(j, tags, c->id);
    bool never = false;
    for (int i = 0; i < silent->count && !never; i++)
        never = silent->at[i] == c->id.v;
    json_bool(j, "do_not_contact", never);
}

void habit_members(struct json_out *j, struct request *rq, const struct habit *h, str currency)
{
    struct rfm r;
    int64_t     days = (h->interval_ms + DAY_MS / 2) / DAY_MS;
    if (h->interval_ms)
        json_number(j, "interval_days", days ? days : 1);
    else
        json_null(j, "interval_days");
    json_instant(j, "next_expected_at", h->next_expected);
    json_bool(j, "overdue", habit_is_overdue(h, rq->work.now));
    /* Scores tell how much somebody spends: not to those who see no sums. */
    if (!request_view(rq).prices || !habit_rfm(h, currency, &r)) {
        json_null(j, "rfm");
        return;
    }
    json_begin(j, "rfm", '{');
    json_number(j, "recency", r.recency);
    json_number(j, "frequency", r.frequency);
    json_number(j, "money", r.money);
    json_text(j, "segment", str_of(segment_names[r.segment]));
    json_end(j);
}

static void row_habit(struct json_out *j, struct request *rq, const struct people *p, const struct customer *c)
{
    int from = 0, end;
    while (from < p->on.count && !id_eq(p->on.at[from].customer_id, c->id))
        from++;
    for (end = from; end < p->on.count && id_eq(p->on.at[end].customer_id, c->id);)
        end++;
    struct habit h = habit_of(p->on.at + from, end - from, rq->work.shop->zone, rq->work.now);
    habit_members(j, rq, &h, c->currency);
}

/* ---- the list ---- */

static bool by_words(struct request *rq, str q, struct int_list *found, struct err *err)
{
    return customer_by_name(rq->work.db, q, PAGE_MAX, rq->work.arena, found, err);
}

static bool by_digits(struct request *rq, str q, str digits, struct int_list *found, struct err *err)
{
    struct arena *a     = rq->work.arena;
    str           e164  = digits.len >= 9 ? phone_normalise(a, q, rq->work.shop->country) : STR("");
    bool          guess = !e164.len && !request_view(rq).contacts;      /* a phone that is hidden cannot be found digit by digit */
    if (!guess && !customer_by_phone_tail(rq->work.db, fold_reverse(a, e164.len ? fold_digits(a, e164) : digits), PAGE_MAX, a, found, err))
        return false;
    return found->count || buyers_by_number(rq->work.db, fold_reverse(a, digits), PAGE_MAX, a, found, err);
}

bool people_by_email(struct request *rq, str typed, int max, struct int_list *out, struct err *err)
{
    struct arena *a     = rq->work.arena;
    str           whole = email_normalise(a, typed);
    if (!request_view(rq).contacts)
        return !whole.len || customer_by_email(rq->work.db, whole, max, a, out, err);
    return customer_by_email_start(rq->work.db, whole.len ? whole : str_lower_ascii(a, typed), max, a, out, err);
}

static bool find(struct request *rq, str q, struct people *p, struct err *err)
{
    struct arena   *a      = rq->work.arena;
    struct int_list found  = { 0 };
    str             digits = fold_digits(a, q), meant[FOLD_LAYOUTS_MAX];
    rid             ids[PAGE_MAX];
    bool            ok;

    if (digits.len >= 3 && digits.len * 2 >= q.len)
        ok = by_digits(rq, q, digits, &found, err);
    else if (str_has(q, STR("@")))
        ok = people_by_email(rq, q, PAGE_MAX, &found, err);
    else
        ok = by_words(rq, q, &found, err);
    ok = ok && (found.count || buyers_by_spelled_number(rq->work.db, q, PAGE_MAX, a, &found, err));
    int meanings = ok && !found.count && digits.len < 3 ? fold_other_layouts(a, q, meant) : 0;
    for (int i = 0; i < meanings && ok && !found.count; i++)
        ok = by_words(rq, meant[i], &found, err);
    if (!ok || !customers_in_accounts(rq->work.db, rq->who.accounts, rq->who.accounts_count, a, &found, err))
        return false;
    for (int i = 0; i < found.count && i < PAGE_MAX; i++)
        ids[i] = (rid){ found.at[i] };
    int count = found.count < PAGE_MAX ? found.count : PAGE_MAX;
    if (count && !record_load(rq->work.db, &customer_record, ids, count, a, p->rows, &p->count, err))
        return false;
    customers_recent_first(p->rows, p->count);
    return true;
}

/* Living cards whom the accounts of who asks know. Numbers only go into the text. */
static bool list_condition(struct request *rq, const char **out, struct err *err)
{
    struct buf b = buf_in(rq->work.arena);
    buf_add(&b, STR("o.merged_into IS NULL AND o.state = 'active'"));
    if (rq->who.accounts_count) {
        buf_add(&b, STR(" AND EXISTS (SELECT 1 FROM customer_sources s WHERE s.customer_id = o.id AND s.account_id + 0 IN ("));
        for (int i = 0; i < rq->who.accounts_count; i++)
            buf_print(&b, "%s%lld", i ? ", " : "", (long long)rq->who.accounts[i].v);
        buf_add(&b, STR("))"));
    }
    if (!tags_condition(rq, &b, err))
        return false;
    *out = str_zero(rq->work.arena, buf_str(&b));
    return true;
}

/* A view is a filter with a name; days are counted back from now. */
static bool view_query(struct request *rq, str *query, struct err *err)
{
    struct arena *a    = rq->work.arena;
    str           view = query_text(rq, "view");
    instant       from = { rq->work.now.ms - NEW_DAYS * DAY_MS }, to = { rq->work.now.ms - ASLEEP_DAYS * DAY_MS };
    instant       year = { rq->work.now.ms - YEAR_DAYS * DAY_MS }, recent = { rq->work.now.ms - VIP_DAYS * DAY_MS };
    *query = rq->query;
    if (!view.len || str_is(view, "all"))
        return true;
    if (str_is(view, "new"))
        *query = str_print(a, "%.*s&first_order_at_from=%.*s", STR_ARG(rq->query), STR_ARG(instant_text(a, from)));
    else if (str_is(view, "asleep"))
        *query = str_print(a, "%.*s&last_order_at_to=%.*s&orders_count_from=1", STR_ARG(rq->query), STR_ARG(instant_text(a, to)));
    else if (str_is(view, "leaving"))
        *query = str_print(a, "%.*s&last_order_at_to=%.*s&last_order_at_from=%.*s&orders_count_from=3", STR_ARG(rq->query),
                           STR_ARG(instant_text(a, to)), STR_ARG(instant_text(a, year)));
    else if (str_is(view, "vip"))
        *query = str_print(a, "%.*s&last_order_at_from=%.*s&orders_count_from=6&net_spent_from=50000.00", STR_ARG(rq->query),
                           STR_ARG(instant_text(a, recent)));
    else
        return err_set(err, ERR_QUERY_INVALID, "view", "must be all, vip, new, asleep or leaving");
    return true;
}

bool people_list_query(struct request *rq, struct record_query *list, str *query, struct err *err)
{
    static const char *const own[] = { "q", "view", "tag", "format", NULL };
    struct record_view      *view = ARENA_NEW(rq->work.arena, struct record_view);
    *view = contact_view(rq);
    *list = (struct record_query){ .default_sort = "-last_order_at", .limit_max = PAGE_MAX, .own = own, .view = view };
    return list_condition(rq, &list->where, err) && view_query(rq, query, err);
}

static bool load_beside(struct request *rq, struct people *p, rid *ids, struct err *err)
{
    for (int i = 0; i < p->count; i++)
        ids[i] = p->rows[i].id;
    return !p->count || (customer_channels(rq->work.db, ids, p->count, rq->work.arena, &p->channels, err) &&
                         customer_tags_of(rq->work.db, ids, p->count, rq->work.arena, &p->tags, err) &&
                         bought_on_by(rq->work.db, ids, p->count, rq->work.now, rq->work.arena, &p->on, err));
}

static bool customers_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct people       *p = ARENA_NEW(rq->work.arena, struct people);
    str                  q = str_trim(query_text(rq, "q")), query;
    struct record_query  list;
    rid                  ids[PAGE_MAX];
    struct int_list      silent = { 0 };

    if (!people_list_query(rq, &list, &query, err))
        return false;
    bool fine = q.len ? find(rq, q, p, err)
                      : record_list(rq->work.db, &customer_record, &list, query, rq->work.arena, p->rows, &p->count, &p->next, err);
    if (!fine || !customers_as_seen(rq, p->rows, p->count, err) || !load_beside(rq, p, ids, err) ||
        !no_contact_cards(rq->work.db, rq->work.arena, p->rows, p->count, NULL, &silent, err) || !contacts_seen(rq, ids, p->count, "list", err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < p->count; i++) {
        json_begin(&j, NULL, '{');
        customer_members(&j, rq, &p->rows[i], &p->channels, &p->tags, &silent);
        row_habit(&j, rq, p, &p->rows[i]);
        json_end(&j);
    }
    json_end(&j);
    json_text_or_null(&j, "next", p->next);
    json_end(&j);
    return true;
}

/* Never more of them are looked at than this; what a search finds is counted by the list itself. */
static bool totals_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct record_query      list;
    struct record_group_list groups = { 0 };
    struct record_grouping   by     = { "currency", "net_spent", COUNTED_MAX + 1 };
    str     query;
    int64_t count = 0;
    if (!people_list_query(rq, &list, &query, err) ||
        !record_groups(rq->work.db, &customer_record, &list, query, &by, rq->work.arena, &groups, err))
        return false;
    for (int i = 0; i < groups.count; i++)
        count += groups.at[i].count;
    bool            is_floor = count > COUNTED_MAX, sums = !is_floor && request_view(rq).prices && !rq->who.accounts_count;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_number(&j, "count", is_floor ? COUNTED_MAX : count);
    json_bool(&j, "count_is_floor", is_floor);
    json_begin(&j, "sums", '[');
    for (int i = 0; i < groups.count && sums; i++)
        if (groups.at[i].value.len) {
            json_begin(&j, NULL, '{');
            json_text(&j, "currency", groups.at[i].value);
            json_amount_text(&j, "sum", (amount){ groups.at[i].sum });
            json_end(&j);
        }
    json_end(&j);
    json_end(&j);
    return true;
}

static const struct query_param params[] = {
    { "q", "name in any layout, phone in any form, last digits, e-mail, number of an order" }, { "view", "all, vip, new, asleep or leaving" },
    { "tag", "words on the card, any of them" }, { NULL, NULL },
};
const struct route customer_routes[] = {
    { HTTP_GET, "/api/customers", PERM_CUSTOMERS_SEE, customers_get, .reply = &customer_record, .list = true, .query = params,
      .tag = "customers", .doc = "People who buy, the latest first" },
    { HTTP_GET, "/api/customers/totals", PERM_CUSTOMERS_SEE, totals_get, .reply_schema = "CustomerTotals", .query = params, .tag = "customers",
      .doc = "How many people a filter of the list has, up to 10 000, and what they have spent" },
    { .method = HTTP_NONE },
};
