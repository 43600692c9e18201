/* webhook.h - telling other programs what happened: addresses, deliveries, their signature and when to try again. Pure.
 *
 * Format of "Standard Webhooks" 1.0.0: headers webhook-id (the same on every try), webhook-timestamp (of the try, unix seconds),
 * webhook-signature: "v1,<base64>" of HMAC-SHA256 over id "." timestamp "." body, with each secret in force, a space between.
 * A secret is "whsec_" and base64 of 32 random bytes. Source: the specification's repository, read 2025-11-21.
 */
#pragma once
#include "base/list.h"
#include "record/record.h"

enum webhook_event {
    WEBHOOK_ORDER_CREATED, WEBHOOK_ORDER_UPDATED, WEBHOOK_ORDER_STATUS, WEBHOOK_ORDER_CANCELLED,
    WEBHOOK_RETURN_CREATED, WEBHOOK_RETURN_UPDATED, WEBHOOK_RETURN_STATE, WEBHOOK_RETURN_DECIDED, WEBHOOK_RETURN_REFUNDED,
    WEBHOOK_CLAIM_CREATED, WEBHOOK_CLAIM_UPDATED, WEBHOOK_CLAIM_STATE, WEBHOOK_CLAIM_DECIDED, WEBHOOK_EVENT_COUNT
};
extern const char *const webhook_event_names[];          /* "order.created" "order.updated" … "return.decided" … "claim.decided" */
#define WEBHOOK_TEST "webhook.test"

enum webhook_contents { WEBHOOK_THIN, WEBHOOK_FULL, WEBHOOK_CONTENTS_COUNT };
extern const char *const webhook_contents_names[];       /* "thin": ids and status alone; "full": with lines and buyer */

struct webhook {
    rid     id;
    str     name, url, events, accounts;
    enum webhook_contents contents;
    bool    enabled;
    str     stopped, sealed, sealed_old;
    instant old_until;
    int64_t since_event, failures;
    instant failing_since;
    int64_t pause_until;
    rid     created_by;
    int64_t version;
    instant created_at, updated_at;
};
LIST(webhook)
extern const struct record webhook_record;

struct webhook_delivery {
    rid     id, webhook_id;
    int64_t event_id;
    str     type, body, state;
    instant not_before;
    int64_t tries;
    str     taken_by;
    int64_t lease_until;
    instant created_at, done_at;
};
LIST(webhook_delivery)
extern const struct record webhook_delivery_record;

struct webhook_attempt { rid delivery_id; int64_t n; instant at; int64_t status, took_ms; str text; };
LIST(webhook_attempt)
extern const struct record webhook_attempt_record;

#define WEBHOOK_SECRET_PREFIX "whsec_"
#define WEBHOOK_TEXT_BYTES    1024                       /* kept of an answer */
#define WEBHOOK_FAILING_MS    (3 * DAY_MS)               /* switched off after so long without one success */
#define WEBHOOK_OLD_MS        DAY_MS                     /* a secret that was renewed signs along for so long */

str  webhook_secret_new(struct arena *);
/* "v1,…"; empty when the secret does not read. */
str  webhook_signature(struct arena *, str secret, str id, int64_t timestamp_s, str body);

/* How long to wait after the `tries`th failure (1 is the first): 5 s, 5 min, 30 min, 2, 5, 10, 14, 20, 24 h; -1: give up. */
int64_t webhook_wait_ms(int64_t tries);
/* How long the whole address is left alone after so many failures in a row: at most five minutes. */
int64_t webhook_pause_ms(int64_t failures);

/* Which of the types an event of an order is, as a bit set. `kind` and `from` as in its data; `status` after it. */
unsigned webhook_types(str kind, str from, str status);
/* The same of a return: decided and refunded when it has come to that with this event. */
unsigned webhook_return_types(str kind, str from, bool decided, bool refunded);
unsigned webhook_claim_types(str kind, str from, str state);

void webhook_write(struct json_out *, const char *key, const struct webhook *, str secret);      /* secret: empty after the first time */
void webhook_write_delivery(struct json_out *, const struct webhook_delivery *, const struct webhook_attempt_list *);
str  webhook_audit(struct arena *, const struct webhook *);
