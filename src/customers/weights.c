#include "customers/weights.h"

#include "base/buf.h"
#include "base/json_read.h"
#include "base/json_write.h"
#include "identity/learn.h"

#define WEIGHTS_BYTES_MAX 16384

/* clang-format off */
static const struct field weight_set_fields[] = {
    FIELD(weight_set, id,          .access = READ_ONLY),
    FIELD(weight_set, state,       .access = READ_ONLY, .max = 16),
    FIELD(weight_set, verdicts_n,  .access = READ_ONLY, .doc = "learnt from so many verdicts"),
    FIELD(weight_set, weights,     .access = READ_ONLY, .max = WEIGHTS_BYTES_MAX, .internal = true),
    FIELD(weight_set, before_json, .access = READ_ONLY, .max = WEIGHTS_BYTES_MAX, .internal = true),
    FIELD(weight_set, actor_kind,  .access = READ_ONLY, .max = 16),
    FIELD(weight_set, actor_id,    .access = READ_ONLY),
    FIELD(weight_set, actor_name,  .access = READ_ONLY, .max = 200),
    FIELD(weight_set, at,          .access = READ_ONLY),
    FIELD(weight_set, ended_at,    .access = READ_ONLY),
    FIELD(weight_set, ended_name,  .access = READ_ONLY, .max = 200),
};
const struct record weight_set_record = RECORD(weight_set, "identity_weights", weight_set_fields);
/* clang-format on */

str weights_json(struct arena *a, const struct pair_weights *w)
{
    struct buf      b = buf_in(a);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    for (int c = 1; c < EV_COUNT; c++)
        if (learn_is_free((enum evidence_code)c))
            json_number(&j, evidence_names[c], w->of[c]);
    json_end(&j);
    return buf_str(&b);
}

void weights_read(struct arena *a, str text, struct pair_weights *out)
{
    const struct json *root;
    struct err         err = { 0 };
    *out = pair_weights_default;
    if (!json_read(a, text, WEIGHTS_BYTES_MAX, &root, &err))
        return;
    for (int c = 1; c < EV_COUNT; c++) {
        const struct json *m = json_get(root, evidence_names[c]);
        int64_t            n;
        if (m && learn_is_free((enum evidence_code)c) && str_to_int(m->text, &n) && n >= pair_weights_default.of[c] - LEARN_MOST &&
            n <= pair_weights_default.of[c] + LEARN_MOST)
            out->of[c] = (int16_t)n;
    }
}
