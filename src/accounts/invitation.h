/* invitation.h - a link that lets one person in, once. Pure.
 *
 * The link carries a token of 32 random bytes; we keep its digest only. Whoever opens it in time sets name and password, and gets
 * the roles and accounts of the invitation, if who invited may still give them. A second invitation of a login replaces the first.
 */
#pragma once
#include "base/list.h"
#include "record/record.h"

#define INVITATION_DAYS 3
#define INVITATIONS_MAX 100             /* open at once */

struct invitation {
    rid     id;
    str     digest, login, name, roles, own_roles, accounts;
    rid     created_by;
    instant created_at, expires_at;
};
LIST(invitation)
extern const struct record invitation_record;

/* `token` is empty but for the answer that made it. */
void invitation_write(struct json_out *, const char *key, const struct invitation *, str token);
str  invitation_audit(struct arena *, const struct invitation *);
