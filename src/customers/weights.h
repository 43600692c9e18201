/* weights.h - the weights by which records of buyers are compared: those of the handbook, until people have said enough
 * (identity/learn.h). Each set that was learnt stays, with who, when and from what; the newest that nobody took back counts. */
#pragma once
#include "base/list.h"
#include "db/work.h"
#include "identity/pair.h"
#include "record/record.h"

struct weight_set {
    rid     id;
    str     state;                      /* "kept" "undone" */
    int64_t verdicts_n;                 /* it was learnt from so many */
    str     weights, before_json;       /* JSON by code of evidence, those of `before_json` held until then */
    str     actor_kind;
    rid     actor_id;
    str     actor_name;
    instant at, ended_at;
    str     ended_name;
};
LIST(weight_set)
extern const struct record weight_set_record;

str  weights_json(struct arena *, const struct pair_weights *);
/* Codes that the text does not name keep the handbook's weight; what is not of this world is passed over. */
void weights_read(struct arena *, str json, struct pair_weights *out);

static inline const struct pair_weights *weights_of(const struct work *w) { return w->weights ? w->weights : &pair_weights_default; }
