#include "accounts/invitation.h"

#include "accounts/body.h"
#include "base/permission.h"

/* clang-format off */
static const struct field invitation_fields[] = {
    FIELD(invitation, id,         .access = READ_ONLY),
    FIELD(invitation, digest,     .access = READ_ONLY, .internal = true),
    FIELD(invitation, login,      .required = true, .max = 64),
    FIELD(invitation, name,       .max = 200, .doc = "as the person may change it"),
    FIELD(invitation, roles,      .access = READ_ONLY, .internal = true),
    FIELD(invitation, own_roles,  .access = READ_ONLY, .internal = true),
    FIELD(invitation, accounts,   .access = READ_ONLY, .internal = true),
    FIELD(invitation, created_by, .access = READ_ONLY),
    FIELD(invitation, created_at, .access = READ_ONLY),
    FIELD(invitation, expires_at, .access = READ_ONLY),
};
const struct record invitation_record = RECORD(invitation, "invitations", invitation_fields);
/* clang-format on */

void invitation_write(struct json_out *j, const char *key, const struct invitation *i, str token)
{
    json_begin(j, key, '{');
    record_write_fields(&invitation_record, i, j, NULL);
    bits_write(j, "roles", role_names, bits_read(role_names, i->roles));
    ids_write(j, "own_roles", i->own_roles);
    ids_write(j, "accounts", i->accounts);
    if (token.len)
        json_text(j, "token", token);
    json_end(j);
}

str invitation_audit(struct arena *a, const struct invitation *i)
{
    struct buf b = buf_in(a);
    struct json_out j = json_out(&b);
    invitation_write(&j, NULL, i, (str){ 0 });
    return buf_str(&b);
}
