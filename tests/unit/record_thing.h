/* record_thing.h - one record with a field of every kind, for the tests of the record engine. */
#pragma once
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "record/record_own.h"

enum colour { COLOUR_RED, COLOUR_GREEN, COLOUR_BLUE };
static const char *const colour_names[] = { "red", "green", "blue", NULL };

struct thing {
    rid         id, account_id, owner_id;
    str         name, phone, secret, search;
    enum colour colour;
    bool        is_open;
    int64_t     qty;
    amount      price;
    instant     made_at, due_at;
    str         hint;
    int64_t     version;
};
static const struct field thing_fields[] = {
    FIELD(thing, id, .access = READ_ONLY),
    FIELD(thing, account_id, .access = ON_CREATE, .required = true, .filterable = true),
    FIELD(thing, owner_id, .filterable = true, .sortable = true),
    FIELD(thing, name, .required = true, .max = 40, .sortable = true, .searchable = true, .filterable = true,
          .doc = "what people call it"),
    FIELD(thing, phone, .max = 32, .contact = true, .searchable = true),
    FIELD(thing, secret, .access = SECRET, .max = 20),
    FIELD(thing, search, .internal = true),
    FIELD(thing, colour, .choices = colour_names, .filterable = true, .sortable = true),
    FIELD(thing, is_open, .filterable = true),
    FIELD(thing, qty, .min = -5, .max = 1000, .filterable = true, .sortable = true),
    FIELD(thing, price, .price = true, .sortable = true, .filterable = true),
    FIELD(thing, made_at, .access = ON_CREATE, .required = true, .sortable = true, .filterable = true),
    FIELD(thing, due_at, .sortable = true, .filterable = true),
    FIELD(thing, hint, .no_column = true, .access = READ_ONLY),
    FIELD(thing, version, .access = READ_ONLY),
};
static const struct record thing_record = RECORD(thing, "things", thing_fields);

static inline struct thing sample(void)
{
    return (struct thing){ .id = { 11 },
                           .account_id = { 7 },
                           .name = STR("Коляска \"А\";1"),
                           .phone = STR("+77771234567"),
                           .secret = STR("hush"),
                           .search = STR("коляска"),
                           .colour = COLOUR_GREEN,
                           .is_open = true,
                           .qty = -2,
                           .price = { 12990 },
                           .made_at = { 1767322800123 },
                           .hint = STR("h"),
                           .version = 4 };
}

static inline const char *thing_json(struct arena *a, const struct thing *t, const struct record_view *view)
{
    struct buf b = buf_in(a);
    struct json_out j = json_out(&b);
    record_write_json(&thing_record, t, &j, NULL, view);
    return str_zero(a, buf_str(&b));
}
