#include "accounts/audit.h"

/* clang-format off */
static const struct field audit_fields[] = {
    FIELD(audit_entry, id,          .access = READ_ONLY, .sortable = true),
    FIELD(audit_entry, at,          .access = READ_ONLY, .filterable = true),
    FIELD(audit_entry, actor_kind,  .access = READ_ONLY, .max = 16, .filterable = true, .doc = "system, user, key, channel or rule"),
    FIELD(audit_entry, actor_id,    .access = READ_ONLY, .filterable = true),
    FIELD(audit_entry, actor_name,  .access = READ_ONLY, .max = 200),
    FIELD(audit_entry, action,      .access = READ_ONLY, .max = 64, .filterable = true, .doc = "\"user.edit\", \"policy.delete\" …"),
    FIELD(audit_entry, entity,      .access = READ_ONLY, .max = 64, .filterable = true),
    FIELD(audit_entry, entity_id,   .access = READ_ONLY, .filterable = true),
    FIELD(audit_entry, before_json, .access = READ_ONLY, .internal = true),
    FIELD(audit_entry, after_json,  .access = READ_ONLY, .internal = true),
    FIELD(audit_entry, address,     .access = READ_ONLY, .max = 64, .doc = "network address of the person"),
};
const struct record audit_record = RECORD(audit_entry, "audit_entries", audit_fields);
/* clang-format on */

str audit_json(struct arena *a, const struct record *r, const void *row)
{
    const struct record_view view = { .contacts = false, .prices = true };
    struct buf b = buf_in(a);
    struct json_out j = json_out(&b);
    record_write_json(r, row, &j, NULL, &view);
    return buf_str(&b);
}

/* First and last two characters stay, as far as there are enough of them. */
str audit_mask(struct arena *a, str contact)
{
    size_t count = utf8_count(contact);
    if (count < 7)
        return contact.len ? STR("•••") : (str){ 0 };
    size_t head = 0, tail = contact.len;
    for (int i = 0; i < 2; i++)
        for (head++; head < contact.len && ((unsigned char)contact.at[head] & 0xc0) == 0x80; head++)
            ;
    for (int i = 0; i < 2; i++)
        for (tail--; tail > 0 && ((unsigned char)contact.at[tail] & 0xc0) == 0x80; tail--)
            ;
    return str_print(a, "%.*s•••%.*s", STR_ARG(str_sub(contact, 0, head)),
                     STR_ARG(str_sub(contact, tail, SIZE_MAX)));
}
