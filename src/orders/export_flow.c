#include "orders/export_flow.h"

#include "customers/customer.h"
#include "deadlines/shop.h"
#include "orders/import_store.h"

struct export {
    struct work       *w;
    struct export_plan plan;
    struct export_head head;
    struct arena       page;            /* of one page of orders */
    struct xlsx       *sheet;
    rid               *accounts;        /* whose names are known so far */
    str               *names;
    int                accounts_count;
    bool               has_head;
    int64_t            written;
};

/* The walk goes along sort_at and id, which a zone's change does not move. */
bool export_start(struct work *w, const struct export_plan *plan, struct export **out, struct err *err)
{
    struct export *x = ARENA_NEW(w->arena, struct export);
    struct queue_counts counts;
    *x = (struct export){ .w = w, .plan = *plan };
    struct queue_filter *f = &x->plan.filter;
    f->sort      = f->sort == SORT_OLDEST ? SORT_OLDEST : SORT_NEWEST;
    f->has_after = false;
    if (!f->country.len)
        f->country = w->shop->country;
    if (!queue_count(w->db, f, &plan->scope, w->arena, &counts, err))
        return false;
    x->head = (struct export_head){ plan->filter_text, w->now, w->shop->zone, counts.all.n };
    *out    = x;
    return true;
}

static bool account_name(struct export *x, rid id, str *out, struct err *err)
{
    for (int i = 0; i < x->accounts_count; i++)
        if (id_eq(x->accounts[i], id)) {
            *out = x->names[i];
            return true;
        }
    struct import_account acc = { 0 };
    struct arena *a = x->w->arena;
    struct err    missing = { 0 };
    bool found = false;
    if (!import_account_find(x->w->db, str_print(a, "%lld", (long long)id.v), a, &acc, &found, &missing) &&
        missing.code != ERR_NOT_FOUND)
        return err_set(err, missing.code, "account", "%s", missing.item[0].text);
    if (x->accounts_count % 16 == 0) {
        rid *ids   = ARENA_ARRAY(a, rid, x->accounts_count + 16);
        str *names = ARENA_ARRAY(a, str, x->accounts_count + 16);
        for (int i = 0; i < x->accounts_count; i++) {
            ids[i]   = x->accounts[i];
            names[i] = x->names[i];
        }
        x->accounts = ids;
        x->names    = names;
    }
    x->accounts[x->accounts_count] = id;
    x->names[x->accounts_count++]  = *out = acc.name;
    return true;
}

struct page { struct order *orders; int count; struct order_line_list lines; struct customer *customers; int customers_count, customers_next; bool more; };

/* Ids in the order of the list, then whole rows by ids: both by an index, whatever the filter. */
static bool page_load(struct export *x, struct page *p, struct err *err)
{
    struct db      *db = x->w->db;
    struct arena   *a  = &x->page;
    struct int_list ids = { 0 };
    if (!queue_ids(db, &x->plan.filter, &x->plan.scope, EXPORT_PAGE, a, &ids, err))
        return false;
    rid *list = ARENA_ARRAY(a, rid, ids.count + 1), *buyers = ARENA_ARRAY(a, rid, ids.count + 1);
    for (int i = 0; i < ids.count; i++)
        list[i] = (rid){ ids.at[i] };
    p->orders = ARENA_ARRAY(a, struct order, ids.count + 1);
    p->more   = ids.count == EXPORT_PAGE;
    if (!record_load(db, &order_record, list, ids.count, a, p->orders, &p->count, err) ||
        (ids.count && !order_lines_of(db, list, ids.count, a, &p->lines, err)))
        return false;
    int n = 0;
    for (int i = 0; i < p->count; i++)
        if (id_is_set(p->orders[i].customer_id))
            buyers[n++] = p->orders[i].customer_id;
    p->customers = ARENA_ARRAY(a, struct customer, n + 1);
    if (!record_load(db, &customer_record, buyers, n, a, p->customers, &p->customers_count, err))
        return false;
    if (ids.count && !p->count)
        return err_set(err, ERR_DB_BUSY, "orders", "were removed while they were exported");
    if (p->count) {
        const struct order *last = &p->orders[p->count - 1];
        x->plan.filter.has_after  = true;
        x->plan.filter.after_rank = last->queue_rank;
        x->plan.filter.after_at   = last->sort_at.ms;
        x->plan.filter.after_id   = last->id;
    }
    return true;
}

/* Customers were loaded in the order of the orders, one for each that has one; a row that is missing is passed over. */
static const struct customer *customer_next(struct page *p, const struct order *o)
{
    int at = p->customers_next;
    if (!id_is_set(o->customer_id) || at == p->customers_count || !id_eq(p->customers[at].id, o->customer_id))
        return NULL;
    p->customers_next++;
    return &p->customers[at];
}

static bool order_fill(struct export *x, struct page *p, const struct order *o, struct export_order *out, struct err *err)
{
    *out = (struct export_order){ .order = o, .customer_name = o->customer_name };
    int low = 0, high = p->lines.count;                     /* lines are sorted by order */
    while (low < high) {
        int mid = (low + high) / 2;
        if (p->lines.at[mid].order_id.v < o->id.v)
            low = mid + 1;
        else
            high = mid;
    }
    out->lines = p->lines.at + low;
    while (low + out->lines_count < p->lines.count && id_eq(p->lines.at[low + out->lines_count].order_id, o->id))
        out->lines_count++;
    const struct customer *c = customer_next(p, o);
    if (c) {
        out->customer_phone = c->phone;
        out->customer_email = c->email;
        if (!out->customer_name.len)
            out->customer_name = c->name;
    }
    return account_name(x, o->account_id, &out->account, err);
}

static bool page_write(struct export *x, struct page *p, struct buf *out, struct err *err)
{
    for (int i = 0; i < p->count; i++) {
        struct export_order order;
        if (!order_fill(x, p, &p->orders[i], &order, err))
            return false;
        switch (x->plan.format) {
        case EXPORT_CSV:  export_csv_order(out, &order, &x->plan.view); break;
        case EXPORT_JSON: export_json_order(out, &order, &x->plan.view); break;
        default:          export_xlsx_order(x->sheet, &x->page, x->head.zone, &order, &x->plan.view);
        }
        x->written++;
    }
    return true;
}

bool export_next(struct export *x, struct buf *out, bool *more, struct err *err)
{
    struct page p = { 0 };
    arena_reset(&x->page);
    if (!x->has_head && x->plan.format == EXPORT_CSV)
        export_csv_head(out, &x->head, &x->plan.view);
    x->has_head = true;
    if (!page_load(x, &p, err) || !page_write(x, &p, out, err))
        return false;
    *more = p.more;
    return true;
}

bool export_xlsx(struct export *x, const char *path, struct err *err)
{
    struct page p = { .more = true };
    bool ok = true;
    if (!xlsx_create(x->w->arena, path, STR("Orders"), &x->sheet, err))
        return false;
    export_xlsx_head(x->sheet, x->w->arena, &x->head, &x->plan.view);
    while (ok && p.more) {
        p = (struct page){ 0 };
        arena_reset(&x->page);
        ok = page_load(x, &p, err) && page_write(x, &p, NULL, err);
    }
    struct err late = { 0 };
    bool whole = xlsx_finish(x->sheet, &late);
    if (ok && !whole)
        return err_set(err, late.code, NULL, "%s", late.item[0].text);
    return ok && whole;
}

int64_t export_count(const struct export *x) { return x->written; }

void export_end(struct export *x)
{
    arena_done(&x->page);
}
