#include "deadlines/setup.h"

/* clang-format off */
static const struct field setup_fields[] = {
    FIELD(setup, shop_name, .required = true, .max = 200),
    FIELD(setup, country,   .required = true, .min = 2, .max = 2, .doc = "\"KZ\""),
    FIELD(setup, currency,  .required = true, .min = 3, .max = 3, .doc = "\"KZT\""),
    FIELD(setup, time_zone, .required = true, .max = 64, .doc = "\"Asia/Almaty\""),
    FIELD(setup, name,      .required = true, .max = 200, .doc = "of the owner"),
    FIELD(setup, login,     .required = true, .max = 64),
    FIELD(setup, password,  .access = SECRET, .required = true, .max = 200),
    FIELD(setup, language,  .choices = language_names),
};
const struct record setup_record = RECORD(setup, "setup", setup_fields);
/* clang-format on */
