#include "accounts/audit.h"

#include "base/secret.h"

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
    FIELD(audit_entry, digest,      .access = READ_ONLY, .internal = true),
    FIELD(audit_entry, chain,       .access = READ_ONLY, .internal = true),
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

/* A text with its length before it, so that two texts cannot be read as others. */
static void add(struct buf *b, str text)
{
    buf_print(b, "%zu:", text.len);
    buf_add(b, text);
}

str audit_digest(struct arena *a, str before_json, str after_json)
{
    struct buf b = buf_in(a);
    add(&b, before_json);
    add(&b, after_json);
    return secret_digest(a, buf_str(&b));
}

bool audit_is_blank(const struct audit_entry *e)
{
    return !e->before_json.len && !e->after_json.len;
}

str audit_link(struct arena *a, str before, const struct audit_entry *e)
{
    struct buf b = buf_in(a);
    add(&b, before);
    buf_print(&b, "%lld,%lld,%lld,%lld,", (long long)e->id.v, (long long)e->at.ms, (long long)e->actor_id.v,
              (long long)e->entity_id.v);
    add(&b, e->actor_kind);
    add(&b, e->actor_name);
    add(&b, e->action);
    add(&b, e->entity);
    add(&b, e->address);
    add(&b, e->digest);
    return secret_digest(a, buf_str(&b));
}

str audit_seal_of(struct arena *a, const struct audit_seal *s)
{
    struct buf b = buf_in(a);
    add(&b, s->before);
    buf_print(&b, "%lld,%lld,%lld,", (long long)s->day, (long long)s->last_id.v, (long long)s->entries);
    add(&b, s->chain);
    return secret_digest(a, buf_str(&b));
}
