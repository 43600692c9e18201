#include "orders/order_export.h"

#include "base/email.h"
#include "base/phone.h"
#include "base/zone.h"

const char *const export_format_names[] = { [EXPORT_CSV] = "csv", [EXPORT_XLSX] = "xlsx", [EXPORT_JSON] = "jsonl", NULL };
const char *const export_types[] = {
    [EXPORT_CSV] = "text/csv; charset=utf-8", [EXPORT_XLSX] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    [EXPORT_JSON] = "application/x-ndjson", NULL
};

static bool shown(int col, const struct row_view *v) { return v->prices || !transfer_columns[col].price; }

static str number(char room[32], int64_t n)
{
    char  digits[24];
    int   count = 0;
    size_t len = 0;
    for (uint64_t rest = (uint64_t)n; count == 0 || rest; rest /= 10)
        digits[count++] = (char)('0' + rest % 10);
    while (count)
        room[len++] = digits[--count];
    return (str){ room, len };
}

static str money(char room[32], bool has, amount value)
{
    size_t len = 0;
    if (has)
        amount_write(room, value, &len);
    return (str){ room, len };
}

static str moment(char room[32], instant at)
{
    size_t len = 0;
    if (instant_is_set(at))
        instant_write(room, at, &len);
    return (str){ room, len };
}

static str marks_of(struct arena *a, int64_t marks)
{
    struct buf b = buf_in(a);
    for (int i = 0; marks && i < MARK_COUNT; i++)
        if (marks & (int64_t)BIT(i)) {
            if (b.len)
                buf_add_char(&b, ',');
            buf_add(&b, str_of(order_mark_names[i]));
        }
    return buf_str(&b);
}

/* Masked for who may not see contacts. Recipients' telephones come as the market wrote them: only the last digits stay. */
static str contact(struct arena *a, int col, str s, const struct row_view *v)
{
    if (v->contacts || !s.len)
        return s;
    if (col == COL_CUSTOMER_EMAIL)
        return email_masked(a, s);
    if (col == COL_CUSTOMER_PHONE && s.len >= 8)
        return phone_masked(a, s);
    if (col == COL_RECIPIENT_PHONE && s.len >= 8)
        return str_print(a, "•••%.*s", STR_ARG(str_sub(s, s.len - 2, 2)));
    return STR("•••");
}

static str order_text(struct arena *a, char room[32], int col, const struct export_order *x)
{
    const struct order *o = x->order;
    str tags = o->tags;
    switch ((enum transfer_column)col) {
    case COL_NUMBER:           return o->number;
    case COL_EXTERNAL_ID:      return o->external_id;
    case COL_ACCOUNT:          return x->account;
    case COL_CHANNEL:          return o->channel;
    case COL_STATUS:           return str_of(hub_status_names[o->status]);
    case COL_EXTERNAL_STATUS:  return o->external_status;
    case COL_PLACED_AT:        return moment(room, o->placed_at);
    case COL_PAYMENT:          return str_of(payment_status_names[o->payment]);
    case COL_SCHEME:           return str_of(order_scheme_names[o->scheme]);
    case COL_MARKS:            return marks_of(a, o->marks);
    case COL_GROUP_NUMBER:     return o->group_number;
    case COL_CURRENCY:         return o->currency;
    case COL_GOODS_TOTAL:      return money(room, o->has_total, o->goods_total);
    case COL_DISCOUNT_TOTAL:   return money(room, o->has_total, o->discount_total);
    case COL_DELIVERY_TOTAL:   return money(room, o->has_total, o->delivery_total);
    case COL_GRAND_TOTAL:      return money(room, o->has_total, o->grand_total);
    case COL_CUSTOMER_NAME:    return x->customer_name;
    case COL_CUSTOMER_PHONE:   return x->customer_phone;
    case COL_CUSTOMER_EMAIL:   return x->customer_email;
    case COL_RECIPIENT_NAME:   return o->recipient_name;
    case COL_RECIPIENT_PHONE:  return o->recipient_phone;
    case COL_DELIVERY_METHOD:  return o->delivery_method;
    case COL_DELIVERY_ADDRESS: return o->delivery_address;
    case COL_CITY:             return o->city;
    case COL_POINT_ID:         return o->point_id;
    case COL_CARRIER:          return o->carrier;
    case COL_TRACK:            return o->track;
    case COL_PROMISED_FROM:    return moment(room, o->promised_from);
    case COL_PROMISED_TO:      return moment(room, o->promised_to);
    case COL_CONFIRM_BY:       return moment(room, o->channel_confirm_by);
    case COL_SHIP_BY:          return moment(room, o->channel_ship_by);
    case COL_CANCEL_REASON:    return o->cancel_reason;
    case COL_CANCEL_SIDE:      return str_of(cancel_side_names[o->cancel_side]);
    case COL_COMMENT_BUYER:    return o->comment_buyer;
    case COL_COMMENT:          return o->comment;
    case COL_TAGS:             return tags.len > 2 ? str_sub(tags, 1, tags.len - 2) : STR("");
    default:                   return (str){ 0 };
    }
}

static str line_text(char room[32], int col, const struct order_line *l)
{
    if (!l)
        return (str){ 0 };
    switch ((enum transfer_column)col) {
    case COL_LINE_ID:    return l->external_id;
    case COL_OFFER_ID:   return l->external_offer_id;
    case COL_ARTICLE:    return l->article;
    case COL_BARCODE:    return l->barcode;
    case COL_TITLE:      return l->title;
    case COL_QTY:        return number(room, l->qty);
    case COL_UNIT_PRICE: return money(room, l->has_price, l->unit_price);
    case COL_LINE_TOTAL: return money(room, l->has_price, l->line_total);
    case COL_MARKING:    return l->marking_required ? STR("yes") : STR("no");
    default:             return (str){ 0 };
    }
}

static str cell_text(struct arena *a, char room[32], int col, const struct export_order *x, const struct order_line *l,
                     const struct row_view *v)
{
    if (transfer_columns[col].line)
        return line_text(room, col, l);
    str s = order_text(a, room, col, x);
    return transfer_columns[col].contact ? contact(a, col, s, v) : s;
}

/* ---- CSV ---- */

static void head_cells(struct arena *a, const struct export_head *h, str cells[9])
{
    cells[0] = STR(TRANSFER_MARK);
    cells[1] = STR("filter");
    cells[2] = h->filter;
    cells[3] = STR("at");
    cells[4] = instant_text(a, h->at);
    cells[5] = STR("zone");
    cells[6] = h->zone ? zone_name(h->zone) : STR("UTC");
    cells[7] = STR("orders");
    cells[8] = str_print(a, "%lld", (long long)h->orders);
}

void export_csv_head(struct buf *b, const struct export_head *h, const struct row_view *v)
{
    str cells[9];
    head_cells(b->arena, h, cells);
    csv_begin(b);
    for (int i = 0; i < COUNT_OF(cells); i++)
        csv_cell(b, cells[i], i == COUNT_OF(cells) - 1);
    for (int i = 0; i < COL_COUNT; i++)
        if (shown(i, v))
            csv_cell(b, str_of(transfer_columns[i].name), i == COL_COUNT - 1);
}

void export_csv_order(struct buf *b, const struct export_order *x, const struct row_view *v)
{
    char room[32];
    for (int line = 0; line < x->lines_count || line == 0; line++) {
        const struct order_line *l = x->lines_count ? &x->lines[line] : NULL;
        for (int i = 0; i < COL_COUNT; i++)
            if (shown(i, v))
                csv_cell(b, cell_text(b->arena, room, i, x, l, v), i == COL_COUNT - 1);
    }
}

/* ---- JSON lines ---- */

static void json_cell(struct json_out *j, struct arena *a, int col, const struct export_order *x, const struct order_line *l,
                      const struct row_view *v)
{
    char room[32];
    const struct transfer_info *info = &transfer_columns[col];
    if (!shown(col, v))
        return;
    if (col == COL_TAGS)
        tags_write(j, info->name, x->order->tags);
    else if (col == COL_MARKS)
        marks_write(j, info->name, x->order->marks);
    else if (col == COL_QTY)
        json_number(j, info->name, l->qty);
    else if (info->kind == TRANSFER_FLAG)
        json_bool(j, info->name, l->marking_required);
    else
        json_text_or_null(j, info->name, cell_text(a, room, col, x, l, v));
}

void export_json_order(struct buf *b, const struct export_order *x, const struct row_view *v)
{
    struct json_out j = json_out(b);
    json_begin(&j, NULL, '{');
    for (int i = 0; i < COL_COUNT; i++)
        if (!transfer_columns[i].line)
            json_cell(&j, b->arena, i, x, NULL, v);
    json_begin(&j, "lines", '[');
    for (int line = 0; line < x->lines_count; line++) {
        json_begin(&j, NULL, '{');
        for (int i = 0; i < COL_COUNT; i++)
            if (transfer_columns[i].line)
                json_cell(&j, b->arena, i, x, &x->lines[line], v);
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
    buf_add_char(b, '\n');
}

/* ---- XLSX ---- */

void export_xlsx_head(struct xlsx *out, struct arena *a, const struct export_head *h, const struct row_view *v)
{
    str cells[9];
    head_cells(a, h, cells);
    for (int i = 0; i < COUNT_OF(cells); i++)
        xlsx_cell(out, XLSX_TEXT, cells[i], i == COUNT_OF(cells) - 1);
    for (int i = 0; i < COL_COUNT; i++)
        if (shown(i, v))
            xlsx_cell(out, XLSX_TEXT, str_of(transfer_columns[i].name), i == COL_COUNT - 1);
}

/* Dates are days and hours of the shop's zone there: a spreadsheet knows no other. */
static str local(struct arena *a, str text, const struct zone *zone)
{
    instant at;
    if (!text.len || !instant_parse(text, &at))
        return text;
    struct civil c = zone ? zone_civil(zone, at) : civil_of_days(at.ms / DAY_MS);
    return str_print(a, "%04d-%02d-%02dT%02d:%02d:%02d", c.year, c.month, c.day, c.hour, c.minute, c.second);
}

void export_xlsx_order(struct xlsx *out, struct arena *a, const struct zone *zone, const struct export_order *x, const struct row_view *v)
{
    static const enum xlsx_cell kinds[] = { [TRANSFER_TEXT] = XLSX_TEXT, [TRANSFER_MONEY] = XLSX_MONEY, [TRANSFER_COUNT] = XLSX_NUMBER,
                                            [TRANSFER_TIME] = XLSX_DATE, [TRANSFER_FLAG] = XLSX_TEXT };
    char room[32];
    for (int line = 0; line < x->lines_count || line == 0; line++) {
        const struct order_line *l = x->lines_count ? &x->lines[line] : NULL;
        for (int i = 0; i < COL_COUNT; i++) {
            if (!shown(i, v))
                continue;
            str text = cell_text(a, room, i, x, l, v);
            if (transfer_columns[i].kind == TRANSFER_TIME)
                text = local(a, text, zone);
            xlsx_cell(out, kinds[transfer_columns[i].kind], text, i == COL_COUNT - 1);
        }
    }
}
