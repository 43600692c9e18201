#include "orders/changes_store.h"

#include "base/phone.h"
#include "orders/order_fields.h"

/* clang-format off */
#define SEEN(member)        FIELD(field_change, member, .access = READ_ONLY)
#define TEXT(member, bytes) FIELD(field_change, member, .access = READ_ONLY, .max = (bytes))
static const struct field change_fields[] = {
    SEEN(order_id), SEEN(version), TEXT(field, 40), SEEN(at), TEXT(was, 2000), TEXT(became, 2000), SEEN(seen_at), SEEN(seen_by),
};
const struct record field_change_record = RECORD(field_change, "order_changes", change_fields);

static const struct { const char *field; bool contact, price; } watched[] = {
    { "grand_total", false, true }, { "delivery_address", true, false }, { "recipient_name", false, false },
    { "recipient_phone", true, false }, { "delivery_method", false, false }, { "point_id", false, false },
    { "promised_to", false, false }, { "comment_buyer", false, false }, { "units", false, false },
};

enum { Q_OF, Q_SEE, Q_COUNT };
static const struct sql SQL[Q_COUNT] = {
    [Q_OF]  = { "order_changes.of", "SELECT * FROM order_changes WHERE order_id = $1 ORDER BY version, field LIMIT 100", NULL },
    [Q_SEE] = { "order_changes.see",
        "UPDATE order_changes SET seen_at = $3, seen_by = $4 WHERE order_id = $1 AND version <= $2 AND seen_at IS NULL", NULL },
};
/* clang-format on */

static const struct field *field_named(const char *name)
{
    for (int i = 0; i < order_record.count; i++)
        if (strcmp(order_record.fields[i].name, name) == 0)
            return &order_record.fields[i];
    return NULL;
}

static str shown(struct arena *a, const struct field *f, const struct order *o)
{
    if (strcmp(f->name, "recipient_phone") == 0)
        return o->recipient_phone.len ? phone_masked(a, o->recipient_phone) : STR("");
    if (strcmp(f->name, "grand_total") == 0 && !o->has_total)
        return STR("");
    if (strcmp(f->name, "units") == 0 && !o->lines_count)
        return STR("");
    return order_field_shown(a, f, o);
}

void order_changes_of(struct arena *a, const struct order *old, const struct order *now, struct field_change_list *out)
{
    for (int i = 0; i < COUNT_OF(watched); i++) {
        const struct field *f = field_named(watched[i].field);
        if (str_eq(order_field_text(a, f, old), order_field_text(a, f, now)))
            continue;
        str was = shown(a, f, old);
        if (was.len)
            *field_change_list_add(out, a) = (struct field_change){
                .order_id = now->id, .version = now->version, .field = str_of(f->name), .was = was, .became = shown(a, f, now),
            };
    }
}

bool field_change_shown(str field, bool contacts, bool prices)
{
    for (int i = 0; i < COUNT_OF(watched); i++)
        if (str_is(field, watched[i].field))
            return (contacts || !watched[i].contact) && (prices || !watched[i].price);
    return false;
}

bool changes_add(struct db *db, const struct field_change *rows, int count, struct err *err)
{
    return !count || record_insert_many(db, &field_change_record, rows, count, err);
}

bool changes_of(struct db *db, rid order_id, struct arena *a, struct field_change_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_OF]);
    bind_id(&st, 1, order_id);
    while (db_row(&st))
        record_scan(&field_change_record, &st, a, field_change_list_add(out, a));
    return db_ok(&st, err);
}

bool changes_see(struct db *db, rid order_id, int64_t version, instant now, rid by, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SEE]);
    bind_id(&st, 1, order_id);
    bind_int(&st, 2, version);
    bind_instant(&st, 3, now);
    bind_id(&st, 4, by);
    return db_exec(&st, err);
}
