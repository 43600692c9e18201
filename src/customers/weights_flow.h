/* weights_flow.h - weights learnt from what people have said, and taken back. */
#pragma once
#include "customers/weights_store.h"

#define WEIGHTS_STEP 50                 /* verdicts more or fewer than the last time, before it is tried again */

/* Estimates them anew when there are verdicts enough and they have changed enough. A set that was made is in *out; else its id is not
 * set. Pieces of work that began before go on with the weights that they have. */
MUST_CHECK bool weights_estimate(struct work *, str country, struct weight_set *out, struct err *);
/* The same as somebody asks for it, however few verdicts are new; only tried: nothing is kept. ERR_CONFLICT: too few verdicts, or other
 * weights hold by now. */
MUST_CHECK bool weights_by_hand(struct work *, str country, bool only_try, struct weight_set *out, struct err *);
/* Those that held before hold again. ERR_CONFLICT: it does not hold. */
MUST_CHECK bool weights_undo(struct work *, rid set, struct err *);
