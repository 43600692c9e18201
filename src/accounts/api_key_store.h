/* api_key_store.h - SQL of keys. */
#pragma once
#include "accounts/api_key.h"

/* Keys that are not revoked; *found false: there is none. */
MUST_CHECK bool api_key_find(struct db *, str digest, struct arena *, struct api_key *out, bool *found, struct err *);
MUST_CHECK bool api_key_all(struct db *, struct arena *, struct api_key_list *out, struct err *);
/* ERR_NOT_FOUND when there is no such key or it is revoked already. */
MUST_CHECK bool api_key_revoke_row(struct db *, rid id, instant now, struct err *);
bool api_key_used(struct db *, rid id, instant now, struct err *);
