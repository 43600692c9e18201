/* session_store.h - SQL of sessions and of the login throttle. */
#pragma once
#include "accounts/session.h"
#include "accounts/user.h"

MUST_CHECK bool session_insert(struct db *, const struct session *, struct err *);
/* The session and its person in one statement; *found false: no such session. */
MUST_CHECK bool session_find(struct db *, str digest, struct arena *, struct session *, struct user *, bool *found, struct err *);
MUST_CHECK bool session_of_user(struct db *, rid user_id, instant now, struct arena *, struct session_list *out, struct err *);
/* False with ERR_NOT_FOUND when the person has no such session; its digest is given back. */
MUST_CHECK bool session_end(struct db *, rid id, rid user_id, struct arena *, str *digest, struct err *);
bool session_end_digest(struct db *, str digest, struct err *);
MUST_CHECK bool session_end_others_of(struct db *, rid user_id, str digest, int64_t *count, struct err *);
bool session_end_of_user(struct db *, rid user_id, struct err *);
bool session_seen(struct db *, str digest, instant now, instant expires_at, struct err *);

MUST_CHECK bool throttle_load(struct db *, str key, struct arena *, struct throttle *out, struct err *);
bool throttle_save(struct db *, const struct throttle *, struct err *);
bool throttle_forget(struct db *, str key, struct err *);
/* Forgets what is over: sessions, throttles, stored answers older than a day, invitations a week after their end. */
bool accounts_forget(struct db *, instant now, struct err *);

/* "accounts" of the session answer: channel accounts a person may see, {id,channel,name}. */
struct account_name { rid id; str channel, name; };
LIST(account_name)
MUST_CHECK bool account_names(struct db *, struct arena *, struct account_name_list *out, struct err *);
