/* weights_store.h - sets of learnt weights, and the pairs that teach them. */
#pragma once
#include "customers/weights.h"

/* Those that hold; in the arena. NULL: the handbook's. */
MUST_CHECK bool weights_now(struct db *, struct arena *, const struct pair_weights **out, struct err *);
/* The newest first, taken back or not, at most `max`. */
MUST_CHECK bool weight_sets(struct db *, int max, struct arena *, struct weight_set_list *out, struct err *);
MUST_CHECK bool weight_set_end(struct db *, rid id, instant now, str by, struct err *);
MUST_CHECK bool verdicts_by_people_count(struct db *, int64_t *out, struct err *);

/* Two records, and what a person has said of them; the newest first. Of suggestions that are open nothing was said. */
struct judged { rid a, b; bool is_judged, same; };
LIST(judged)
MUST_CHECK bool judged_pairs(struct db *, int max, struct arena *, struct judged_list *out, struct err *);
MUST_CHECK bool open_pairs(struct db *, int max, struct arena *, struct judged_list *out, struct err *);
