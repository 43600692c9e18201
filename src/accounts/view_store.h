/* view_store.h - SQL of saved views. */
#pragma once
#include "accounts/view.h"

/* A person's own views and what others share, in order of position. */
MUST_CHECK bool views_list(struct db *, rid user_id, str screen, struct arena *, struct view_list *out, struct err *);
MUST_CHECK bool views_count(struct db *, rid user_id, int64_t *out, struct err *);
