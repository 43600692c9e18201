/* view_flow.h - saving, changing and removing views. Another person's view is not found, unless one is an owner of the shop. */
#pragma once
#include "accounts/view_store.h"
#include "db/work.h"

#define VIEWS_MAX 50                    /* per person */

struct view_edit { rid id, user_id; str screen; int64_t version; bool any; const struct json *json; };

MUST_CHECK bool view_create(struct work *, struct view *io, struct err *);
/* ERR_VERSION_OLD leaves the present row in *out. */
MUST_CHECK bool view_change(struct work *, const struct view_edit *, struct view *out, struct err *);
MUST_CHECK bool view_remove(struct work *, const struct view_edit *, struct err *);
