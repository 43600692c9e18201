#include "accounts/role.h"

#include "accounts/body.h"

/* clang-format off */
static const struct field own_role_fields[] = {
    FIELD(own_role, id,          .access = READ_ONLY),
    FIELD(own_role, name,        .required = true, .max = 100),
    FIELD(own_role, permissions, .access = READ_ONLY, .internal = true),
    FIELD(own_role, version,     .access = READ_ONLY),
    FIELD(own_role, created_at,  .access = READ_ONLY, .internal = true),
    FIELD(own_role, updated_at,  .access = READ_ONLY, .internal = true),
};
const struct record own_role_record = RECORD(own_role, "roles", own_role_fields);
/* clang-format on */

uint64_t permissions_grantable(void)
{
    const uint64_t everybody = (uint64_t)1 << PERM_FORGOTTEN | (uint64_t)1 << PERM_PUBLIC | (uint64_t)1 << PERM_SIGNED_IN;
    return (((uint64_t)1 << PERM_COUNT) - 1) & ~everybody;
}

uint64_t own_role_permissions(const struct own_role *r)
{
    return bits_read(permission_names, r->permissions) & permissions_grantable();
}

bool own_role_read_json(struct arena *a, const struct json *json, enum record_read_mode mode, struct own_role *io, struct err *err)
{
    static const char *const apart[] = { "permissions", NULL };
    struct own_role r    = *io;
    uint64_t        bits = own_role_permissions(&r);
    bool ok = record_read_json(&own_role_record, body_without(a, json, apart), mode, a, &r, NULL, err);
    ok &= body_bits(json, "permissions", permission_names, &bits, err);
    r.name = str_trim(r.name);
    r.permissions = bits_text(a, permission_names, bits & permissions_grantable());
    if (ok && !r.name.len)
        ok = err_add(err, "name", "is needed");
    if (ok && !r.permissions.len)
        ok = err_add(err, "permissions", "must name at least one right");
    if (ok)
        *io = r;
    return ok;
}

void own_role_write(struct json_out *j, const char *key, const struct own_role *r)
{
    json_begin(j, key, '{');
    json_null(j, "role");
    record_write_fields(&own_role_record, r, j, NULL);
    bits_write(j, "permissions", permission_names, own_role_permissions(r));
    json_end(j);
}

str own_role_audit(struct arena *a, const struct own_role *r)
{
    struct buf b = buf_in(a);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_text(&j, "name", r->name);
    bits_write(&j, "permissions", permission_names, own_role_permissions(r));
    json_end(&j);
    return buf_str(&b);
}
