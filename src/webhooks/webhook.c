#include "webhooks/webhook.h"

#include "accounts/body.h"
#include "base/secret.h"

#define SECRET_BYTES 32

const char *const webhook_event_names[] = {
    [WEBHOOK_ORDER_CREATED] = "order.created", [WEBHOOK_ORDER_UPDATED] = "order.updated",
    [WEBHOOK_ORDER_STATUS] = "order.status_changed", [WEBHOOK_ORDER_CANCELLED] = "order.cancelled",
    [WEBHOOK_RETURN_CREATED] = "return.created", [WEBHOOK_RETURN_UPDATED] = "return.updated", [WEBHOOK_RETURN_STATE] = "return.state_changed",
    [WEBHOOK_RETURN_DECIDED] = "return.decided", [WEBHOOK_RETURN_REFUNDED] = "return.refunded",
    [WEBHOOK_CLAIM_CREATED] = "claim.created", [WEBHOOK_CLAIM_UPDATED] = "claim.updated", [WEBHOOK_CLAIM_STATE] = "claim.state_changed",
    [WEBHOOK_CLAIM_DECIDED] = "claim.decided", NULL
};
_Static_assert(COUNT_OF(webhook_event_names) == WEBHOOK_EVENT_COUNT + 1, "a name per event");

const char *const webhook_contents_names[] = { [WEBHOOK_THIN] = "thin", [WEBHOOK_FULL] = "full", NULL };
_Static_assert(COUNT_OF(webhook_contents_names) == WEBHOOK_CONTENTS_COUNT + 1, "a name per kind of contents");

/* clang-format off */
#define SEEN(type, member) FIELD(type, member, .access = READ_ONLY)
#define OURS(type, member) FIELD(type, member, .access = READ_ONLY, .internal = true)
static const struct field webhook_fields[] = {
    SEEN(webhook, id),
    FIELD(webhook, name,     .required = true, .max = 200, .doc = "what listens there"),
    FIELD(webhook, url,      .required = true, .max = 2000, .doc = "https address that is told"),
    OURS(webhook, events), OURS(webhook, accounts),
    FIELD(webhook, contents, .choices = webhook_contents_names, .doc = "thin: ids and status alone; full: with lines and buyer"),
    FIELD(webhook, enabled,  .doc = "nothing is sent while it is off; what happened meanwhile is sent later"),
    FIELD(webhook, stopped,  .access = READ_ONLY, .max = 20, .doc = "why the server switched it off: gone, failing"),
    OURS(webhook, sealed), OURS(webhook, sealed_old), SEEN(webhook, old_until), OURS(webhook, since_event),
    SEEN(webhook, failures), SEEN(webhook, failing_since), OURS(webhook, pause_until), SEEN(webhook, created_by),
    SEEN(webhook, version), SEEN(webhook, created_at), SEEN(webhook, updated_at),
};
const struct record webhook_record = RECORD(webhook, "webhooks", webhook_fields);

static const struct field delivery_fields[] = {
    FIELD(webhook_delivery, id, .access = READ_ONLY, .sortable = true),
    FIELD(webhook_delivery, webhook_id, .access = READ_ONLY, .filterable = true),
    OURS(webhook_delivery, event_id), FIELD(webhook_delivery, type, .access = READ_ONLY, .max = 60),
    FIELD(webhook_delivery, body, .access = READ_ONLY, .max = 1 << 20),
    FIELD(webhook_delivery, state, .access = READ_ONLY, .max = 10, .filterable = true, .doc = "waiting, sending, done or dead"),
    SEEN(webhook_delivery, not_before), SEEN(webhook_delivery, tries), OURS(webhook_delivery, taken_by),
    OURS(webhook_delivery, lease_until), SEEN(webhook_delivery, created_at), SEEN(webhook_delivery, done_at),
};
const struct record webhook_delivery_record = RECORD(webhook_delivery, "webhook_deliveries", delivery_fields);

static const struct field attempt_fields[] = {
    OURS(webhook_attempt, delivery_id), SEEN(webhook_attempt, n), SEEN(webhook_attempt, at), SEEN(webhook_attempt, status),
    SEEN(webhook_attempt, took_ms), FIELD(webhook_attempt, text, .access = READ_ONLY, .max = WEBHOOK_TEXT_BYTES),
};
const struct record webhook_attempt_record = RECORD(webhook_attempt, "webhook_attempts", attempt_fields);
/* clang-format on */

str webhook_secret_new(struct arena *a)
{
    unsigned char raw[SECRET_BYTES];
    secret_random(raw, sizeof raw);
    return str_print(a, WEBHOOK_SECRET_PREFIX "%.*s", STR_ARG(base64_encode(a, (str){ (const char *)raw, sizeof raw })));
}

str webhook_signature(struct arena *a, str secret, str id, int64_t timestamp_s, str body)
{
    str key;
    if (!str_starts(secret, STR(WEBHOOK_SECRET_PREFIX)) ||
        !base64_decode(a, str_sub(secret, sizeof WEBHOOK_SECRET_PREFIX - 1, secret.len), &key) || !key.len)
        return STR("");
    str head = str_print(a, "%.*s.%lld.", STR_ARG(id), (long long)timestamp_s);
    return str_print(a, "v1,%.*s", STR_ARG(base64_encode(a, secret_hmac_sha256(a, key, head, body))));
}

int64_t webhook_wait_ms(int64_t tries)
{
    static const int64_t wait[] = { 5 * SECOND_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 5 * HOUR_MS,
                                    10 * HOUR_MS, 14 * HOUR_MS, 20 * HOUR_MS, 24 * HOUR_MS };
    return tries < 1 ? 0 : tries <= COUNT_OF(wait) ? wait[tries - 1] : -1;
}

int64_t webhook_pause_ms(int64_t failures)
{
    int64_t ms = SECOND_MS << (failures < 1 ? 0 : failures < 9 ? failures : 9);
    return failures < 1 ? 0 : ms < 5 * MINUTE_MS ? ms : 5 * MINUTE_MS;
}

unsigned webhook_types(str kind, str from, str status)
{
    if (str_is(kind, "new"))
        return BIT(WEBHOOK_ORDER_CREATED);
    if (from.len)
        return BIT(WEBHOOK_ORDER_STATUS) | (str_is(status, "cancelled") ? BIT(WEBHOOK_ORDER_CANCELLED) : 0u);
    return str_is(kind, "changed") || str_is(kind, "assigned") || str_is(kind, "note") ? BIT(WEBHOOK_ORDER_UPDATED) : 0u;
}

unsigned webhook_return_types(str kind, str from, bool decided, bool refunded)
{
    unsigned also = (decided ? BIT(WEBHOOK_RETURN_DECIDED) : 0u) | (refunded ? BIT(WEBHOOK_RETURN_REFUNDED) : 0u);
    if (str_is(kind, "new"))
        return BIT(WEBHOOK_RETURN_CREATED) | also;
    if (from.len)
        return BIT(WEBHOOK_RETURN_STATE) | also;
    return str_is(kind, "changed") || str_is(kind, "photo") ? BIT(WEBHOOK_RETURN_UPDATED) | also : 0u;
}

unsigned webhook_claim_types(str kind, str from, str state)
{
    bool decided = str_is(state, "won") || str_is(state, "lost") || str_is(state, "partly_won");
    if (str_is(kind, "new"))
        return BIT(WEBHOOK_CLAIM_CREATED);
    if (from.len)
        return BIT(WEBHOOK_CLAIM_STATE) | (decided ? BIT(WEBHOOK_CLAIM_DECIDED) : 0u);
    return str_is(kind, "changed") ? BIT(WEBHOOK_CLAIM_UPDATED) : 0u;
}

void webhook_write(struct json_out *j, const char *key, const struct webhook *h, str secret)
{
    json_begin(j, key, '{');
    record_write_fields(&webhook_record, h, j, NULL);
    bits_write(j, "events", webhook_event_names, bits_read(webhook_event_names, h->events));
    ids_write(j, "accounts", h->accounts);
    if (secret.len)
        json_text(j, "secret", secret);
    json_end(j);
}

void webhook_write_delivery(struct json_out *j, const struct webhook_delivery *d, const struct webhook_attempt_list *attempts)
{
    json_begin(j, NULL, '{');
    record_write_fields(&webhook_delivery_record, d, j, NULL);
    json_begin(j, "attempts", '[');
    for (int i = 0; i < attempts->count; i++)
        if (id_eq(attempts->at[i].delivery_id, d->id))
            record_write_json(&webhook_attempt_record, &attempts->at[i], j, NULL, NULL);
    json_end(j);
    json_end(j);
}

str webhook_audit(struct arena *a, const struct webhook *h)
{
    struct buf      b = buf_in(a);
    struct json_out j = json_out(&b);
    webhook_write(&j, NULL, h, STR(""));
    return buf_str(&b);
}
