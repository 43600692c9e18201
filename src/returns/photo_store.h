/* photo_store.h - photos of what came back, in the database like everything else: one backup holds them, one erasing removes them. */
#pragma once
#include "base/list.h"
#include "db/work.h"

struct return_photo { rid id, return_id; str type; int64_t width, height, size; rid by_id; str by_name; instant at; rid media_id; };   /* media_id: the buyer's */
LIST(return_photo)
bool photo_insert(struct db *, const struct return_photo *, str bytes, struct err *);
MUST_CHECK bool photos_of(struct db *, rid return_id, struct arena *, struct return_photo_list *out, struct err *);
/* ERR_NOT_FOUND. */
MUST_CHECK bool photo_get(struct db *, rid return_id, rid id, struct arena *, struct return_photo *out, str *bytes, struct err *);
MUST_CHECK bool photo_remove(struct db *, rid return_id, rid id, struct err *);
