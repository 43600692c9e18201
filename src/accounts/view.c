#include "accounts/view.h"

/* clang-format off */
static const struct field view_fields[] = {
    FIELD(view, id,         .access = READ_ONLY),
    FIELD(view, owner_id,   .access = READ_ONLY),
    FIELD(view, name,       .required = true, .max = 100),
    FIELD(view, query,      .required = true, .max = 2000, .doc = "filters as in the address: \"status=new&zone=red\""),
    FIELD(view, shared,     .doc = "everybody sees it"),
    FIELD(view, position,   .min = 0, .max = 1000),
    FIELD(view, screen,     .access = READ_ONLY, .internal = true),
    FIELD(view, version,    .access = READ_ONLY),
    FIELD(view, created_at, .access = READ_ONLY, .internal = true),
    FIELD(view, updated_at, .access = READ_ONLY, .internal = true),
};
const struct record view_record = RECORD(view, "views", view_fields);
/* clang-format on */
