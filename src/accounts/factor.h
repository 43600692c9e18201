/* factor.h - the second factor of a person: an authenticator app, and recovery codes for when it is gone. Pure.
 *
 * The secret is sealed with the key that is kept apart from the database. Recovery codes are random 80 bits, so their plain digest
 * tells nothing; each is taken once.
 */
#pragma once
#include "base/totp.h"
#include "base/id.h"

#define RECOVERY_CODES 10

/* "7k3m-9qxd-…": 16 letters and figures that cannot be mistaken for each other. */
str recovery_code_make(struct arena *);
/* What is kept of a code as somebody types it: spaces, signs and the case of letters do not matter. Empty: it is none. */
str recovery_code_digest(struct arena *, rid user_id, str typed);
/* Six figures of what was typed ("123 456"), or empty. */
str factor_code(struct arena *, str typed);
/* What the sealed secret is bound to. */
str factor_seal_context(struct arena *, rid user_id);
