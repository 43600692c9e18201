/* choice_store.h - what a person has chosen for a screen of their own: a small JSON object by name. */
#pragma once
#include "db/work.h"

/* Empty text when nothing was chosen. */
MUST_CHECK bool choice_get(struct db *, rid user_id, str name, struct arena *, str *out, struct err *);
/* Inside db_tx. */
MUST_CHECK bool choice_set(struct db *, rid user_id, str name, str value, struct err *);
