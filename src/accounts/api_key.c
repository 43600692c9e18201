#include "accounts/api_key.h"

#include "accounts/body.h"

/* clang-format off */
static const struct field api_key_fields[] = {
    FIELD(api_key, id,           .access = READ_ONLY),
    FIELD(api_key, name,         .required = true, .max = 200, .doc = "what the key is for"),
    FIELD(api_key, digest,       .access = READ_ONLY, .internal = true),
    FIELD(api_key, scopes,       .access = READ_ONLY, .internal = true),
    FIELD(api_key, accounts,     .access = READ_ONLY, .internal = true),
    FIELD(api_key, created_by,   .access = READ_ONLY),
    FIELD(api_key, created_at,   .access = READ_ONLY),
    FIELD(api_key, last_used_at, .access = READ_ONLY),
    FIELD(api_key, revoked_at,   .access = READ_ONLY, .internal = true),
};
const struct record api_key_record = RECORD(api_key, "api_keys", api_key_fields);
/* clang-format on */

/* The names that are not rights of their own are never in a key's text. */
uint64_t api_key_permissions(const struct api_key *k)
{
    return bits_read(permission_names, k->scopes) | (uint64_t)1 << PERM_PUBLIC |
           (uint64_t)1 << PERM_SIGNED_IN;
}

void api_key_write(struct json_out *j, const char *key, const struct api_key *k, str secret)
{
    json_begin(j, key, '{');
    record_write_fields(&api_key_record, k, j, NULL);
    bits_write(j, "scopes", permission_names, bits_read(permission_names, k->scopes));
    ids_write(j, "accounts", k->accounts);
    if (secret.len)
        json_text(j, "secret", secret);
    json_end(j);
}
