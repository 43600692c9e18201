/* factor_flow.h - a person takes a second factor, uses it, gives it back; a shop demands it of roles.
 *
 * Codes are tried against a throttle of their own, which a right password does not reset. A code is taken once.
 */
#pragma once
#include "accounts/factor_store.h"
#include "accounts/session_flow.h"

struct secret_key;

struct factor_ask { rid user_id; str password, code; const struct secret_key *key; str agent; };

/* The password must be right (counted like a sign-in). Nothing is asked for at the sign-in until factor_confirm. ERR_CONFLICT when the
 * person has one already. */
struct factor_begun { str secret, address, picture; int picture_size; };
MUST_CHECK bool factor_enrol(struct work *, const struct factor_ask *, struct factor_begun *out, struct err *);
/* The first code of the app: from now on it is asked for. All sessions end, one new begins. */
struct factor_codes { str code[RECOVERY_CODES]; int count; };
MUST_CHECK bool factor_confirm(struct work *, const struct factor_ask *, struct factor_codes *out, struct signed_in *in, struct err *);
/* Password and a code. */
MUST_CHECK bool factor_renew_codes(struct work *, const struct factor_ask *, struct factor_codes *out, struct err *);
MUST_CHECK bool factor_leave(struct work *, const struct factor_ask *, struct err *);
/* Somebody with rights over people, or the command line (`by` NULL): telephone and codes are gone. The person is signed out. */
MUST_CHECK bool factor_reset(struct work *, rid user_id, const struct grantor *by, struct err *);

/* `of` names people who have one of the roles now: their sessions are to be looked at anew. */
MUST_CHECK bool factor_demand(struct work *, const struct factor_roles *, struct user_list *of, struct err *);
