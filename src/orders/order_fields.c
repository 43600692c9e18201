#include "orders/order_fields.h"

#include "base/secret.h"

bool order_field_is_content(const struct field *f)
{
    static const char *const derived[] = {
        "id", "account_id", "channel", "version", "created_at", "updated_at", "draft_hash", "customer_id", "source_id", "number_tail",
        "sort_at", "closed", "queue_rank", "zone", "zone_next_at", "deadline_step", "policy_id", "deadline_start", "deadline_total",
        "deadline_used", "deadline_at", "yellow_at", "red_at", "command_id", "title", "lines_count", "units", NULL
    };
    for (int i = 0; derived[i]; i++)
        if (strcmp(f->name, derived[i]) == 0)
            return false;
    return true;
}

static int64_t number_of(const struct field *f, const void *row)
{
    const void *at = (const char *)row + f->offset;
    switch ((enum kind)f->kind) {
    case KIND_BOOL:    return *(const bool *)at;
    case KIND_AMOUNT:  return ((const amount *)at)->minor;
    case KIND_INSTANT: return ((const instant *)at)->ms;
    case KIND_ID:      return ((const rid *)at)->v;
    case KIND_CHOICE:  return *(const unsigned *)at;
    default:           return *(const int64_t *)at;
    }
}

str order_field_text(struct arena *a, const struct field *f, const void *row)
{
    if (f->kind == KIND_TEXT)
        return *(const str *)((const char *)row + f->offset);
    if (f->kind == KIND_CHOICE)
        return str_of(f->choices[number_of(f, row)]);
    return str_print(a, "%lld", (long long)number_of(f, row));
}

str order_field_shown(struct arena *a, const struct field *f, const void *row)
{
    if (f->kind == KIND_AMOUNT)
        return amount_text(a, (amount){ number_of(f, row) });
    if (f->kind == KIND_INSTANT)
        return instant_text(a, (instant){ number_of(f, row) });
    if (f->kind == KIND_BOOL)
        return number_of(f, row) ? STR("yes") : STR("no");
    if (strcmp(f->name, "marks") == 0) {
        struct buf b = buf_in(a);
        for (int i = 0; i < MARK_COUNT; i++)
            if (number_of(f, row) & (int64_t)BIT(i))
                buf_print(&b, "%s%s", b.len ? "," : "", order_mark_names[i]);
        return buf_str(&b);
    }
    return order_field_text(a, f, row);
}

bool order_field_set(struct arena *a, const struct field *f, str text, void *row)
{
    void   *at = (char *)row + f->offset;
    int64_t n  = 0;
    if (f->kind == KIND_TEXT) {
        *(str *)at = str_copy(a, text);
        return true;
    }
    if (f->kind == KIND_CHOICE) {
        int i = name_find(f->choices, text);
        *(unsigned *)at = i < 0 ? 0 : (unsigned)i;
        return i >= 0;
    }
    if (!str_to_int(text, &n))
        return false;
    switch ((enum kind)f->kind) {
    case KIND_BOOL:    *(bool *)at = n != 0; break;
    case KIND_AMOUNT:  ((amount *)at)->minor = n; break;
    case KIND_INSTANT: ((instant *)at)->ms = n; break;
    case KIND_ID:      ((rid *)at)->v = n; break;
    default:           *(int64_t *)at = n;
    }
    return true;
}

uint64_t order_content_diff(const struct order *a, const struct order *b)
{
    uint64_t set = record_diff(&order_record, a, b);
    for (int i = 0; i < order_record.count; i++)
        if (!order_field_is_content(&order_record.fields[i]))
            set &= ~(UINT64_C(1) << i);
    return set;
}

bool order_lines_same(const struct order_line *a, int a_count, const struct order_line *b, int b_count)
{
    bool same = a_count == b_count;
    for (int i = 0; same && i < a_count; i++) {
        struct order_line x = a[i], y = b[i];
        x.order_id = y.order_id;
        x.line     = y.line;
        same = record_diff(&order_line_record, &x, &y) == 0;
    }
    return same;
}

static void mark_add(struct arena *a, const struct record *r, const void *row, struct buf *b)
{
    for (int i = 0; i < r->count; i++) {
        if (r == &order_record && !order_field_is_content(&r->fields[i]))
            continue;
        str text = order_field_text(a, &r->fields[i], row);
        buf_print(b, "%zu:", text.len);
        buf_add(b, text);
    }
}

int64_t order_mark_of(struct arena *a, const struct order *o, const struct order_line *lines, int count)
{
    struct buf b = buf_in(a);
    mark_add(a, &order_record, o, &b);
    for (int i = 0; i < count; i++)
        mark_add(a, &order_line_record, &lines[i], &b);
    return (int64_t)secret_hash64(buf_str(&b));
}
