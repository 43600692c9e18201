/* invitation_flow.h - inviting, and taking an invitation.
 *
 * Tries are counted by network address together with wrong passwords (session.h). A link that is used, over or made up gets one
 * answer: ERR_NOT_FOUND.
 */
#pragma once
#include "accounts/invitation_store.h"
#include "accounts/session_flow.h"
#include "accounts/user.h"

/* `io` names login, name, roles, own_roles and accounts. The token is told once. */
MUST_CHECK bool invitation_create(struct work *, const struct grantor *, struct invitation *io, str *token, struct err *);
MUST_CHECK bool invitation_revoke(struct work *, rid id, struct err *);

MUST_CHECK bool invitation_look(struct work *, str token, struct invitation *out, struct err *);
struct invitation_answer { str token, name, password, agent; enum language language; };
MUST_CHECK bool invitation_accept(struct work *, const struct invitation_answer *, struct signed_in *out, struct err *);
