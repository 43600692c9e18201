/* api_key_flow.h - making and revoking keys. */
#pragma once
#include "accounts/api_key_store.h"
#include "accounts/user.h"
#include "db/work.h"

/* Fills id, digest and times of `io` (name, scopes, accounts are given) and the secret, which is nowhere else. */
MUST_CHECK bool api_key_create(struct work *, const struct grantor *, struct api_key *io, str *secret, struct err *);
MUST_CHECK bool api_key_revoke(struct work *, rid id, struct err *);
/* Notes the use; when nothing can be written, reading goes on. */
void api_key_touch(struct work *, rid id);
