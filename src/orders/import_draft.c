/* import_draft.c - rows under our names become a draft. Every row says all that is wrong with it at once. */
#include "orders/import_own.h"

#include "base/email.h"
#include "base/phone.h"

void import_trouble(struct arena *a, struct import_order *o, int64_t row, enum transfer_column col, const char *text)
{
    *import_trouble_list_add(&o->troubles, a) = (struct import_trouble){
        row, col < COL_COUNT ? str_of(transfer_columns[col].name) : STR(""), str_copy(a, str_of(text))
    };
}

/* What an export had to hide says nothing. */
static bool is_hidden(str text) { return str_has(text, STR("•")); }

struct taking { struct arena *a; const struct import_rules *rules; const struct import_row *row; struct import_order *o; };

static bool told(const struct taking *t, enum transfer_column col) { return t->row->told >> col & 1; }

static void complain(const struct taking *t, enum transfer_column col, const char *text)
{
    if (text)
        import_trouble(t->a, t->o, t->row->row, col, text);
}

static str text_of(const struct taking *t, enum transfer_column col)
{
    const struct transfer_info *info = &transfer_columns[col];
    str s = t->row->cells[col];
    if (!told(t, col) || is_hidden(s))
        return (str){ 0 };
    if ((int64_t)s.len > info->max) {
        complain(t, col, "is too long");
        return (str){ 0 };
    }
    return s;
}

static amount money_of(const struct taking *t, enum transfer_column col)
{
    amount out = { 0 };
    if (told(t, col))
        complain(t, col, import_money(t->a, t->row->cells[col], &out));
    return out;
}

static instant time_of(const struct taking *t, enum transfer_column col)
{
    instant out = { 0 };
    if (told(t, col))
        complain(t, col, import_time(t->a, t->row->cells[col], t->rules->zone, &out));
    return out;
}

static void take_words(const struct taking *t)
{
    struct import_order *o = t->o;
    const str *cells = t->row->cells;
    if (told(t, COL_STATUS)) {
        complain(t, COL_STATUS, import_status(t->a, cells[COL_STATUS], &o->status));
        o->has_status = true;
    }
    if (told(t, COL_PAYMENT))
        complain(t, COL_PAYMENT, import_payment(t->a, cells[COL_PAYMENT], &o->draft.payment));
    if (told(t, COL_SCHEME))
        complain(t, COL_SCHEME, import_scheme(t->a, cells[COL_SCHEME], &o->draft.scheme));
    if (told(t, COL_MARKS))
        complain(t, COL_MARKS, import_marks(cells[COL_MARKS], &o->draft.marks));
    if (told(t, COL_CANCEL_SIDE))
        complain(t, COL_CANCEL_SIDE, import_side(t->a, cells[COL_CANCEL_SIDE], &o->draft.cancel_side));
    if (told(t, COL_CURRENCY))
        complain(t, COL_CURRENCY, import_currency(t->a, cells[COL_CURRENCY], &o->draft.currency));
    if (told(t, COL_COMMENT)) {
        o->has_comment = true;
        o->comment     = text_of(t, COL_COMMENT);
    }
    if (told(t, COL_TAGS)) {
        o->has_tags = true;
        o->tags     = import_tags(t->a, text_of(t, COL_TAGS));
    }
}

static void take_people(const struct taking *t)
{
    struct order_draft *d = &t->o->draft;
    d->customer.name   = text_of(t, COL_CUSTOMER_NAME);
    d->customer.phone  = text_of(t, COL_CUSTOMER_PHONE);
    d->customer.email  = text_of(t, COL_CUSTOMER_EMAIL);
    d->recipient.name  = text_of(t, COL_RECIPIENT_NAME);
    d->recipient.phone = text_of(t, COL_RECIPIENT_PHONE);
    if (d->customer.phone.len && phone_is_masked(d->customer.phone))
        d->customer.phone = (str){ 0 };
    if (d->customer.phone.len && !phone_normalise(t->a, d->customer.phone, t->rules->options->country).len)
        complain(t, COL_CUSTOMER_PHONE, "is no telephone number");
    if (d->customer.email.len && !email_normalise(t->a, d->customer.email).len)
        complain(t, COL_CUSTOMER_EMAIL, "is no e-mail address");
}

static void take_delivery(const struct taking *t)
{
    struct order_draft *d = &t->o->draft;
    d->delivery.method        = text_of(t, COL_DELIVERY_METHOD);
    d->delivery.address       = text_of(t, COL_DELIVERY_ADDRESS);
    d->delivery.city          = text_of(t, COL_CITY);
    d->delivery.point_id      = text_of(t, COL_POINT_ID);
    d->delivery.carrier       = text_of(t, COL_CARRIER);
    d->delivery.track         = text_of(t, COL_TRACK);
    d->delivery.promised_from = time_of(t, COL_PROMISED_FROM);
    d->delivery.promised_to   = time_of(t, COL_PROMISED_TO);
}

void import_row_first(struct arena *a, const struct import_rules *rules, const struct import_row *row, struct import_order *o)
{
    struct taking t = { a, rules, row, o };
    struct order_draft *d = &o->draft;

    *o = (struct import_order){ .row = row->row, .told = row->told };
    d->number       = text_of(&t, COL_NUMBER);
    d->external_id  = text_of(&t, COL_EXTERNAL_ID);
    if (!d->number.len)
        d->number = d->external_id;
    if (!d->external_id.len)
        d->external_id = d->number;
    if (!d->number.len)
        complain(&t, COL_NUMBER, "is needed");
    d->external_status  = text_of(&t, COL_EXTERNAL_STATUS);
    d->group_number     = text_of(&t, COL_GROUP_NUMBER);
    d->placed_at        = time_of(&t, COL_PLACED_AT);
    d->deadline_confirm = time_of(&t, COL_CONFIRM_BY);
    d->deadline_ship    = time_of(&t, COL_SHIP_BY);
    d->goods_total      = money_of(&t, COL_GOODS_TOTAL);
    d->discount_total   = money_of(&t, COL_DISCOUNT_TOTAL);
    d->delivery_total   = money_of(&t, COL_DELIVERY_TOTAL);
    d->grand_total      = money_of(&t, COL_GRAND_TOTAL);
    d->cancel_reason    = text_of(&t, COL_CANCEL_REASON);
    d->comment          = text_of(&t, COL_COMMENT_BUYER);
    take_words(&t);
    take_people(&t);
    take_delivery(&t);
}

/* ---- lines ---- */

static void take_price(const struct taking *t, struct draft_line *l)
{
    bool unit = told(t, COL_UNIT_PRICE), total = told(t, COL_LINE_TOTAL);
    l->has_price  = unit || total;
    l->unit_price = money_of(t, COL_UNIT_PRICE);
    l->line_total = money_of(t, COL_LINE_TOTAL);
    if (unit && !total && !amount_mul(l->unit_price, l->qty, &l->line_total))
        complain(t, COL_UNIT_PRICE, "is too large");
    if (total && !unit && !amount_scale(l->line_total, 1, l->qty, &l->unit_price))
        complain(t, COL_LINE_TOTAL, "is too large");
}

void import_row_line(struct arena *a, const struct import_rules *rules, const struct import_row *row, struct import_order *o)
{
    struct taking t = { a, rules, row, o };
    uint64_t about_goods = 0;
    for (int i = 0; i < COL_COUNT; i++)
        if (transfer_columns[i].line)
            about_goods |= UINT64_C(1) << i;
    if (!(row->told & about_goods))
        return;
    struct draft_line *l = draft_line_list_add(&o->draft.lines, a);
    o->draft.has_lines   = true;
    l->qty               = 1;
    l->external_id       = text_of(&t, COL_LINE_ID);
    l->external_offer_id = text_of(&t, COL_OFFER_ID);
    l->article           = text_of(&t, COL_ARTICLE);
    l->barcode           = text_of(&t, COL_BARCODE);
    l->title             = text_of(&t, COL_TITLE);
    if (!l->title.len && !rules->is_ours)
        l->title = l->article.len ? l->article : l->external_offer_id;
    if (!l->title.len && !l->article.len && !rules->is_ours)
        complain(&t, COL_TITLE, "is needed, or an article");
    if (told(&t, COL_QTY))
        complain(&t, COL_QTY, import_count(a, row->cells[COL_QTY], &l->qty));
    if (told(&t, COL_MARKING))
        complain(&t, COL_MARKING, import_flag(a, row->cells[COL_MARKING], &l->marking_required));
    take_price(&t, l);
}

static bool has(const struct import_order *o, enum transfer_column col) { return o->told >> col & 1; }

/* What our own export says is not guessed from parts, but what it says of them must agree: an order whose sums contradict each
 * other would be told by every `sauda check`. No goods total, as with prices hidden, is no claim. */
static void check_sums(struct arena *a, struct import_order *o, bool priced, amount lines)
{
    const struct order_draft *d = &o->draft;
    amount sum;
    if (!has(o, COL_GOODS_TOTAL) || !d->goods_total.minor)
        return;
    if (priced && lines.minor != d->goods_total.minor)
        import_trouble(a, o, o->row, COL_GOODS_TOTAL,
                       str_zero(a, str_print(a, "must be %.*s: the sum of the lines", STR_ARG(amount_text(a, lines)))));
    else if (!has(o, COL_GRAND_TOTAL) || !has(o, COL_DISCOUNT_TOTAL) || !has(o, COL_DELIVERY_TOTAL))
        return;
    else if (!amount_sub(d->goods_total, d->discount_total, &sum) || !amount_add(sum, d->delivery_total, &sum))
        import_trouble(a, o, o->row, COL_GRAND_TOTAL, "is too large");
    else if (sum.minor != d->grand_total.minor)
        import_trouble(a, o, o->row, COL_GRAND_TOTAL,
                       str_zero(a, str_print(a, "must be %.*s: goods less discount plus delivery", STR_ARG(amount_text(a, sum)))));
}

/* A file often names the lines' prices alone; then the sum is theirs. A sum that contradicts its parts is refused. */
static void take_sums(struct arena *a, const struct import_rules *rules, struct import_order *o)
{
    struct order_draft *d = &o->draft;
    bool   priced = d->lines.count > 0, fits = true;
    amount lines = { 0 }, sum;

    for (int i = 0; i < d->lines.count; i++) {
        priced = priced && d->lines.at[i].has_price;
        fits   = fits && amount_add(lines, d->lines.at[i].line_total, &lines);
    }
    d->has_total = has(o, COL_GRAND_TOTAL) || (priced && !rules->is_ours) || has(o, COL_GOODS_TOTAL);
    if (rules->is_ours && fits)
        check_sums(a, o, priced, lines);
    if (!d->has_total || rules->is_ours)
        return;
    if (!has(o, COL_GOODS_TOTAL) && priced)
        d->goods_total = lines;
    bool parts = has(o, COL_GOODS_TOTAL) || priced;
    fits = fits && amount_sub(d->goods_total, d->discount_total, &sum) && amount_add(sum, d->delivery_total, &sum);
    if (!fits)
        import_trouble(a, o, o->row, COL_GRAND_TOTAL, "is too large");
    else if (!has(o, COL_GRAND_TOTAL))
        d->grand_total = sum;
    else if (!parts && !has(o, COL_DISCOUNT_TOTAL) && !has(o, COL_DELIVERY_TOTAL))
        d->goods_total = d->grand_total;
    else if (parts && sum.minor != d->grand_total.minor)
        import_trouble(a, o, o->row, COL_GRAND_TOTAL,
                       str_zero(a, str_print(a, "must be %.*s: goods less discount plus delivery", STR_ARG(amount_text(a, sum)))));
}

void import_order_end(struct arena *a, const struct import_rules *rules, struct import_order *o)
{
    struct order_draft *d = &o->draft;
    if (!o->troubles.count)
        take_sums(a, rules, o);
    bool money = d->has_total;
    for (int i = 0; i < d->lines.count; i++)
        money |= d->lines.at[i].has_price;
    if (money && !d->currency.len && !rules->is_ours) {
        d->currency = rules->options->currency;
        if (!d->currency.len)
            import_trouble(a, o, o->row, COL_CURRENCY, "is needed beside amounts");
    }
    if (o->has_status)
        d->status_key = str_of(hub_status_names[o->status]);
    if (!d->external_status.len)
        d->external_status = d->status_key;
}
