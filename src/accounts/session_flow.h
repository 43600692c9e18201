/* session_flow.h - signing in and out.
 *
 * A wrong login, a wrong password and a blocked person get the same answer after the same time: ERR_CREDENTIALS. Too many
 * wrong ones: ERR_TOO_MANY with retry_after_s, whether the login exists or not. Who has a second factor and brings no code gets
 * ERR_SECOND_FACTOR after the right password, and ERR_SECOND_FACTOR_WRONG for a wrong one. Each refusal is in the log of changes.
 */
#pragma once
#include "accounts/session_store.h"
#include "db/work.h"

struct secret_key;
struct sign_in {
    str login, password, agent;
    str code;                           /* of the app, or a recovery code; empty: none came */
    str old_digest;                     /* a session that came along, ended */
    const struct secret_key *key;       /* that seals second factors */
};
struct signed_in { str token; struct session session; struct user user; };

/* For other secrets that may be guessed: a try is counted before it is made, and taken back, inside db_tx, when it was right. */
MUST_CHECK bool address_count(struct work *, struct err *);
MUST_CHECK bool address_forgive(struct db *, struct work *, struct err *);

/* A letter with a code is about to leave for an address, asked for by who is signed in: counted by both, ERR_TOO_MANY when there were
 * too many, so that nobody's mailbox is filled from here. */
MUST_CHECK bool letter_count(struct work *, str address, struct err *);

/* A code is about to be tried for this person: ERR_TOO_MANY when there were too many wrong ones. */
MUST_CHECK bool code_count(struct work *, rid user_id, struct err *);
/* Inside db_tx, after code_count: the code is right and was not taken before; now it is taken. */
MUST_CHECK bool factor_take(struct db *, struct work *, const struct secret_key *, const struct user *, str code, struct err *);
/* Of somebody who is signed in: is this the own password? Counted like a sign-in; `field` is named when it is not. */
MUST_CHECK bool password_prove(struct work *, const struct user *, str password, const char *field, struct err *);

MUST_CHECK bool session_sign_in(struct work *, const struct sign_in *, struct signed_in *out, struct err *);
/* Inside db_tx: a new session of this person. The token is shown to the browser once. */
MUST_CHECK bool session_open(struct db *, const struct work *, const struct user *, str agent, struct signed_in *out, struct err *);
MUST_CHECK bool session_sign_out(struct work *, str digest, rid user_id, struct err *);
/* All but this one; how many ended. */
MUST_CHECK bool session_end_others(struct work *, str digest, rid user_id, int64_t *count, struct err *);
MUST_CHECK bool session_end_one(struct work *, rid id, rid user_id, str *digest, struct err *);
/* A new password of one's own: the old one must be right (counted like a sign-in); all sessions end, one new begins. */
struct password_change { rid user_id; str old_password, new_password, agent; };
MUST_CHECK bool session_password(struct work *, const struct password_change *, struct signed_in *out, struct err *);
/* Notes that the person was here; when nothing can be written, reading goes on. */
void session_touch(struct work *, str digest, rid user_id);
