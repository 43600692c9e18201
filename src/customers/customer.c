#include "customers/customer.h"

#include "base/fold.h"

/* clang-format off */
static const struct field customer_fields[] = {
    FIELD(customer, id,             .access = READ_ONLY),
    FIELD(customer, name,           .access = READ_ONLY, .max = 400),
    FIELD(customer, phone,          .access = READ_ONLY, .max = 32, .contact = true),
    FIELD(customer, email,          .access = READ_ONLY, .max = 320, .contact = true),
    FIELD(customer, city,           .access = READ_ONLY, .max = 200, .filterable = true),
    FIELD(customer, currency,       .access = READ_ONLY, .max = 3),
    FIELD(customer, orders_count,   .access = READ_ONLY, .filterable = true, .doc = "orders that were not cancelled"),
    FIELD(customer, net_spent,      .access = READ_ONLY, .price = true),
    FIELD(customer, first_order_at, .access = READ_ONLY, .filterable = true),
    FIELD(customer, last_order_at,  .access = READ_ONLY, .filterable = true, .sortable = true),
    FIELD(customer, state,          .access = READ_ONLY, .max = 16),
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
    FIELD(customer_source, masked,      .access = READ_ONLY),
    FIELD(customer_source, first_seen,  .access = READ_ONLY),
    FIELD(customer_source, last_seen,   .access = READ_ONLY),
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
