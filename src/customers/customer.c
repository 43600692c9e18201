#include "customers/customer.h"

#include "base/fold.h"
#include "identity/name.h"
#include "identity/sound.h"

#include <stdlib.h>

/* clang-format off */
static const struct field customer_fields[] = {
    FIELD(customer, id,             .access = READ_ONLY),
    FIELD(customer, name,           .access = READ_ONLY, .max = 400),
    FIELD(customer, phone,          .access = READ_ONLY, .max = 32, .contact = true),
    FIELD(customer, email,          .access = READ_ONLY, .max = 320, .contact = true),
    FIELD(customer, city,           .access = READ_ONLY, .max = 200, .filterable = true),
    FIELD(customer, birth_date,     .access = READ_ONLY, .max = 10, .contact = true),
    FIELD(customer, currency,       .access = READ_ONLY, .max = 3),
    FIELD(customer, orders_count,   .access = READ_ONLY, .filterable = true, .doc = "orders that were not cancelled"),
    FIELD(customer, net_spent,      .access = READ_ONLY, .price = true, .filterable = true, .sortable = true),
    FIELD(customer, first_order_at, .access = READ_ONLY, .filterable = true, .sortable = true),
    FIELD(customer, last_order_at,  .access = READ_ONLY, .filterable = true, .sortable = true),
    FIELD(customer, state,          .access = READ_ONLY, .max = 16),
    FIELD(customer, manual,         .access = READ_ONLY, .max = 100, .doc = "fields that a person has set, comma between"),
    FIELD(customer, merged_into,    .access = READ_ONLY, .doc = "the card that goes on in its place"),
    FIELD(customer, version,        .access = READ_ONLY),
    FIELD(customer, created_at,     .access = READ_ONLY),
    FIELD(customer, updated_at,     .access = READ_ONLY),
};
const struct record customer_record = RECORD(customer, "customers", customer_fields);

static const struct field source_fields[] = {
    FIELD(customer_source, id,          .access = READ_ONLY),
    FIELD(customer_source, account_id,  .access = READ_ONLY),
    FIELD(customer_source, external_id, .access = READ_ONLY, .max = 200, .contact = true, .doc = "may be made of the phone"),
    FIELD(customer_source, customer_id, .access = READ_ONLY),
    FIELD(customer_source, rule,        .access = READ_ONLY, .max = 20, .doc = "why it belongs to this person"),
    FIELD(customer_source, name,        .access = READ_ONLY, .max = 400),
    FIELD(customer_source, phone,       .access = READ_ONLY, .max = 32, .contact = true),
    FIELD(customer_source, phone_raw,   .access = READ_ONLY, .max = 64, .contact = true),
    FIELD(customer_source, email,       .access = READ_ONLY, .max = 320, .contact = true),
    FIELD(customer_source, address,     .access = READ_ONLY, .max = 1000, .contact = true),
    FIELD(customer_source, city,        .access = READ_ONLY, .max = 200),
    FIELD(customer_source, birth_date,  .access = READ_ONLY, .max = 10, .contact = true),
    FIELD(customer_source, masked,      .access = READ_ONLY),
    FIELD(customer_source, first_seen,  .access = READ_ONLY),
    FIELD(customer_source, last_seen,   .access = READ_ONLY),
    FIELD(customer_source, contested,   .access = READ_ONLY, .internal = true),
};
const struct record customer_source_record = RECORD(customer_source, "customer_sources", source_fields);
/* clang-format on */

int name_words(struct arena *a, str name, str *words)
{
    str rest  = fold_search(a, name);
    str word  = { 0 };
    int count = 0;

    while (count < 8 && str_split(&rest, ' ', &word)) {
        bool repeated = utf8_count(word) < 2;
        for (int i = 0; i < count && !repeated; i++)
            repeated = str_eq(words[i], word);
        if (!repeated)
            words[count++] = word;
    }
    return count;
}

int name_sounds(struct arena *a, str name, struct name_sound *out)
{
    str words[8];
    int count = name_words(a, name, words), n = 0;
    for (int i = 0; i < count; i++) {
        struct name_sound *w = &out[n];
        struct sounds      s;
        uint64_t           full[NAME_FORMS_MAX];
        sounds_read(words[i], &s);
        if (s.len < 2)
            continue;
        *w = (struct name_sound){ .count = name_full_forms(sounds_pack(s.at, s.len), full, NAME_FORMS_MAX) };
        w->is_given = w->count > 0;
        for (int k = 0; k < w->count; k++) {
            char letters[PACKED_MAX];
            int  len = sounds_unpack(full[k], letters);
            w->forms[k] = str_copy(a, (str){ letters, (size_t)len });
        }
        if (!w->is_given)
            w->forms[w->count++] = str_copy(a, (str){ s.at, (size_t)s.len });
        n++;
    }
    return n;
}

const char *const customer_value_names[] = { "name", "phone", "email", "city", "birth_date", NULL };
_Static_assert(COUNT_OF(customer_value_names) == VALUE_COUNT + 1, "a name per value");

str *customer_value(struct customer *c, enum customer_value v)
{
    str *const at[] = { &c->name, &c->phone, &c->email, &c->city, &c->birth_date };
    return at[v];
}

enum customer_value customer_value_find(str name)
{
    int v = 0;
    while (v < VALUE_COUNT && !str_is(name, customer_value_names[v]))
        v++;
    return (enum customer_value)v;
}

static str source_value(const struct customer_source *s, enum customer_value v)
{
    const str at[] = { s->name, s->phone, s->email, s->city, s->birth_date };
    return at[v];
}

/* "Мария Иванова" tells more than "Мария И." or "Мария". */
static int fullness(struct arena *a, const struct customer_source *s, enum customer_value v)
{
    str words[8];
    return v == VALUE_NAME ? name_words(a, s->name, words) : 1;
}

static str best(const struct customer *c, const struct customer_source_list *sources, enum customer_value v, struct arena *a)
{
    const struct customer_source *top  = NULL;
    int                           full = 0;
    for (int i = 0; i < sources->count; i++) {
        const struct customer_source *s = &sources->at[i];
        if (!id_eq(s->customer_id, c->id) || !source_value(s, v).len)
            continue;
        int  mine  = fullness(a, s, v);
        bool newer = !top || s->last_seen.ms > top->last_seen.ms || (s->last_seen.ms == top->last_seen.ms && s->id.v > top->id.v);
        if (!top || mine > full || (mine == full && newer)) {
            top  = s;
            full = mine;
        }
    }
    return top ? source_value(top, v) : STR("");
}

void customer_compute(struct customer *c, const struct customer_source_list *sources, const struct customer_field_list *fields,
                      struct arena *a)
{
    str parts[VALUE_COUNT];
    int n = 0;
    for (int v = 0; v < VALUE_COUNT; v++) {
        str *at = customer_value(c, (enum customer_value)v);
        *at     = best(c, sources, (enum customer_value)v, a);
        for (int i = 0; i < fields->count; i++)
            if (id_eq(fields->at[i].customer_id, c->id) && (int)fields->at[i].field == v) {
                *at        = fields->at[i].value;
                parts[n++] = str_of(customer_value_names[v]);
            }
    }
    c->manual = n ? str_join(a, parts, n, STR(",")) : STR("");
}

static int by_last_order(const void *pa, const void *pb)
{
    const struct customer *a = pa, *b = pb;
    if (a->last_order_at.ms != b->last_order_at.ms)
        return a->last_order_at.ms < b->last_order_at.ms ? 1 : -1;
    return a->id.v < b->id.v ? 1 : a->id.v > b->id.v ? -1 : 0;
}

void customers_recent_first(struct customer *list, int count)
{
    if (count)
        qsort(list, (size_t)count, sizeof *list, by_last_order);
}
