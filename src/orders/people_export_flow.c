#include "orders/people_export_flow.h"

#include "accounts/audit.h"
#include "base/csv.h"
#include "base/email.h"
#include "base/phone.h"
#include "base/zone.h"
#include "deadlines/shop.h"
#include "orders/people_import.h"
#include "orders/people_import_store.h"

#define PAGE 500

static const char *const headings[] = {
    "customer_id", "name", "phone", "email", "city", "birth_date", "orders", "sum", "currency", "first_order_at", "last_order_at", "channels", NULL
};

static bool start_tx(struct db *db, void *ctx, struct err *err)
{
    const struct people_export *x = ctx;
    struct buf      b = buf_in(x->w->arena);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_text(&j, "format", x->format == PEOPLE_CSV ? STR("csv") : STR("jsonl"));
    json_bool(&j, "contacts", x->view.contacts);
    if (x->filter)
        json_text(&j, "filter", x->filter->query);
    json_end(&j);
    return audit_write(db, x->w, STR("customers.export"), STR("customer"), (rid){ 0 }, STR(""), buf_str(&b), err);
}

bool people_export_start(struct people_export *x, struct work *w, enum people_format format, const struct row_view *view,
                         const struct people_filter *filter, struct err *err)
{
    *x = (struct people_export){ .w = w, .format = format, .view = *view, .filter = filter };
    return db_tx(w->db, start_tx, x, err);
}

static void head_write(struct people_export *x, struct buf *out)
{
    csv_begin(out);
    csv_cell(out, STR(PEOPLE_MARK), false);
    csv_cell(out, STR("made"), false);
    csv_cell(out, instant_text(&x->page, x->w->now), false);
    csv_cell(out, STR("zone"), false);
    csv_cell(out, zone_name(x->w->shop->zone), true);
    for (int i = 0; headings[i]; i++)
        csv_cell(out, str_of(headings[i]), !headings[i + 1]);
}

static str channels_text(struct arena *a, const struct customer_channel_list *channels, rid id)
{
    struct buf b = buf_in(a);
    for (int i = 0; i < channels->count; i++)
        if (id_eq(channels->at[i].customer_id, id)) {
            buf_add(&b, b.len ? STR(",") : STR(""));
            buf_add(&b, channels->at[i].channel);
        }
    return buf_str(&b);
}

static void person_write(struct people_export *x, const struct customer *c, str channels, struct buf *out)
{
    struct arena *a     = &x->page;
    bool          whole = x->view.contacts;
    const str     cells[] = {
        str_print(a, "%lld", (long long)c->id.v), c->name, whole || !c->phone.len ? c->phone : phone_masked(a, c->phone),
        whole || !c->email.len ? c->email : email_masked(a, c->email), c->city, whole ? c->birth_date : STR(""),
        str_print(a, "%lld", (long long)c->orders_count), x->view.prices ? amount_text(a, c->net_spent) : STR(""), c->currency,
        instant_is_set(c->first_order_at) ? instant_text(a, c->first_order_at) : STR(""),
        instant_is_set(c->last_order_at) ? instant_text(a, c->last_order_at) : STR(""), channels,
    };
    _Static_assert(COUNT_OF(cells) == COUNT_OF(headings) - 1, "a cell per heading");
    x->written++;
    if (x->format == PEOPLE_CSV) {
        for (int i = 0; i < COUNT_OF(cells); i++)
            csv_cell(out, cells[i], i == COUNT_OF(cells) - 1);
        return;
    }
    struct json_out j = json_out(out);
    json_begin(&j, NULL, '{');
    for (int i = 0; i < COUNT_OF(cells); i++)
        json_text(&j, headings[i], cells[i]);
    json_end(&j);
    buf_add_char(out, '\n');
}

/* The pages of a filter follow each other by id, whatever order the list has on the screen. */
static bool filtered_next(struct people_export *x, struct customer *rows, int *n, bool *more, struct err *err)
{
    const struct people_filter *f = x->filter;
    str next  = { 0 };
    str query = str_print(&x->page, "%.*s%ssort=id&limit=%d%s%.*s", STR_ARG(f->query), f->query.len ? "&" : "", f->list->limit_max,
                          x->cursor.len ? "&after=" : "", STR_ARG(x->cursor));
    if (!record_list(x->w->db, &customer_record, f->list, query, &x->page, rows, n, &next, err) || !f->as_seen(f->ctx, rows, *n, err))
        return false;
    *more = next.len > 0;
    if (next.len > sizeof x->cursor_bytes)
        return err_set(err, ERR_INTERNAL, "export", "the cursor of a page is too long");
    memcpy(x->cursor_bytes, next.at ? next.at : "", next.len);
    x->cursor = (str){ x->cursor_bytes, next.len };
    return true;
}

bool people_export_next(struct people_export *x, struct buf *out, bool *more, struct err *err)
{
    struct customer_channel_list channels = { 0 };
    arena_reset(&x->page);
    struct customer *rows = ARENA_ARRAY(&x->page, struct customer, PAGE);
    rid             *ids  = ARENA_ARRAY(&x->page, rid, PAGE);
    int              n    = 0;

    if (!x->has_head && x->format == PEOPLE_CSV)
        head_write(x, out);
    x->has_head = true;
    if (x->filter ? !filtered_next(x, rows, &n, more, err) : !people_after(x->w->db, x->after, PAGE, &x->page, rows, &n, err))
        return false;
    for (int i = 0; i < n; i++)
        ids[i] = rows[i].id;
    if (n && !customer_channels(x->w->db, ids, n, &x->page, &channels, err))
        return false;
    for (int i = 0; i < n; i++)
        person_write(x, &rows[i], channels_text(&x->page, &channels, rows[i].id), out);
    if (n)
        x->after = rows[n - 1].id;
    if (!x->filter)
        *more = n == PAGE;
    return true;
}

void people_export_end(struct people_export *x)
{
    arena_done(&x->page);
}
