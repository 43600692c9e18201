/* webhook_flow.h - who is told: making and changing addresses, and turning events into deliveries. Sending is in sync/deliver. */
#pragma once
#include "accounts/user.h"
#include "db/work.h"
#include "webhooks/webhook_store.h"

struct secret_key;

/* `io` holds name, url, events, accounts, contents; the secret is nowhere else. */
MUST_CHECK bool webhook_create(struct work *, const struct secret_key *, const struct grantor *, struct webhook *io, str *secret,
                               struct err *);
/* `change` gets the stored row inside the transaction. ERR_VERSION_OLD with the stored row in *out. */
struct webhook_edit { rid id; int64_t version; const struct grantor *by; bool (*change)(struct webhook *, const void *, struct err *); const void *input; };
MUST_CHECK bool webhook_change(struct work *, const struct webhook_edit *, struct webhook *out, struct err *);
MUST_CHECK bool webhook_delete(struct work *, rid id, struct err *);
/* A new secret; the old one signs along for a day. */
MUST_CHECK bool webhook_rotate(struct work *, const struct secret_key *, rid id, struct webhook *out, str *secret, struct err *);
/* A test event with every field filled, on its way at once. */
MUST_CHECK bool webhook_test(struct work *, rid id, struct webhook_delivery *out, struct err *);
MUST_CHECK bool webhook_delivery_again(struct work *, rid delivery_id, struct err *);

/* The secrets in force, the newest first; count is 1 or 2. */
MUST_CHECK bool webhook_secrets(struct work *, const struct secret_key *, const struct webhook *, str out[2], int *count, struct err *);

/* New events of the log become deliveries of those who want them; *more says that there are others. */
MUST_CHECK bool webhooks_spread(struct work *, bool *more, struct err *);
/* A try came to an end: the row, the try, the health of its address. */
struct webhook_outcome { bool ok, gone; int64_t wait_ms; struct webhook_attempt attempt; };
MUST_CHECK bool webhook_settle(struct work *, const struct webhook_delivery *, const struct webhook_outcome *, struct err *);
