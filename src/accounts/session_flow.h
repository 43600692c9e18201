/* session_flow.h - signing in and out.
 *
 * A wrong login, a wrong password and a blocked person get the same answer after the same time: ERR_CREDENTIALS. Too many
 * wrong ones: ERR_TOO_MANY with retry_after_s, whether the login exists or not.
 */
#pragma once
#include "accounts/session_store.h"
#include "db/work.h"

struct sign_in { str login, password, agent; str old_digest; };        /* old_digest: a session that came along, ended */
struct signed_in { str token; struct session session; struct user user; };

/* For other secrets that may be guessed: a try is counted before it is made, and taken back, inside db_tx, when it was right. */
MUST_CHECK bool address_count(struct work *, struct err *);
MUST_CHECK bool address_forgive(struct db *, struct work *, struct err *);

MUST_CHECK bool session_sign_in(struct work *, const struct sign_in *, struct signed_in *out, struct err *);
/* Inside db_tx: a new session of this person. The token is shown to the browser once. */
MUST_CHECK bool session_open(struct db *, const struct work *, const struct user *, str agent, struct signed_in *out, struct err *);
MUST_CHECK bool session_sign_out(struct work *, str digest, rid user_id, struct err *);
MUST_CHECK bool session_end_one(struct work *, rid id, rid user_id, str *digest, struct err *);
/* A new password of one's own: the old one must be right (counted like a sign-in); all sessions end, one new begins. */
struct password_change { rid user_id; str old_password, new_password, agent; };
MUST_CHECK bool session_password(struct work *, const struct password_change *, struct signed_in *out, struct err *);
/* Notes that the person was here; when nothing can be written, reading goes on. */
void session_touch(struct work *, str digest, rid user_id);
