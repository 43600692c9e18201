/* webhook_store.h - addresses, deliveries and tries in the database. A row of a delivery is taken under a lease, as in the outbox. */
#pragma once
#include "db/work.h"
#include "webhooks/webhook.h"

MUST_CHECK bool webhooks_all(struct db *, struct arena *, struct webhook_list *out, struct err *);
MUST_CHECK bool webhooks_enabled(struct db *, struct arena *, struct webhook_list *out, struct err *);
MUST_CHECK bool webhook_get(struct db *, rid id, struct arena *, struct webhook *out, struct err *);
MUST_CHECK bool webhook_insert(struct db *, const struct webhook *, struct err *);
/* Writes what differs, version + 1. ERR_VERSION_OLD. */
MUST_CHECK bool webhook_save(struct db *, const struct webhook *old, struct webhook *now, struct err *);
/* With all that was on its way. */
MUST_CHECK bool webhook_remove(struct db *, rid id, struct err *);
/* What a try came to for the address as a whole; no version, for nobody edits these. */
MUST_CHECK bool webhook_health(struct db *, const struct webhook *, struct err *);

/* Up to which event everything has been told. */
MUST_CHECK bool webhook_cursor(struct db *, struct arena *, int64_t *out, struct err *);
MUST_CHECK bool webhook_cursor_set(struct db *, struct arena *, int64_t, struct err *);
/* Is there an address that is on, and an event behind the cursor? And which addresses have something due? One statement each. */
MUST_CHECK bool webhook_news(struct db *, struct arena *, bool *out, struct err *);
MUST_CHECK bool webhook_due(struct db *, instant now, struct arena *, struct int_list *out, struct err *);

/* Adds those that are not there yet. */
MUST_CHECK bool deliveries_add(struct db *, struct webhook_delivery *, int count, struct arena *, struct err *);
MUST_CHECK bool deliveries_take(struct db *, rid webhook_id, instant now, str worker, instant lease_until, int max, struct arena *,
                                struct webhook_delivery_list *out, struct err *);
/* Writes state, not_before, tries, done_at; only while `taken_by` still holds it. */
MUST_CHECK bool delivery_settle(struct db *, const struct webhook_delivery *, bool *kept, struct err *);
MUST_CHECK bool delivery_get(struct db *, rid id, struct arena *, struct webhook_delivery *out, struct err *);
/* done or dead → waiting, due now. ERR_ACTION_REFUSED. */
MUST_CHECK bool delivery_again(struct db *, rid id, instant now, struct err *);
MUST_CHECK bool deliveries_list(struct db *, str query, struct arena *, struct webhook_delivery *rows, int *count, str *next, struct err *);
MUST_CHECK bool attempt_add(struct db *, const struct webhook_attempt *, struct err *);
/* Of these deliveries, oldest first. */
MUST_CHECK bool attempts_of(struct db *, const rid *deliveries, int count, struct arena *, struct webhook_attempt_list *out, struct err *);
/* What ended before is forgotten, some thousand rows at once. */
MUST_CHECK bool deliveries_forget(struct db *, instant before, struct err *);
/* What a killed server had taken is free again. */
MUST_CHECK bool deliveries_release(struct db *, str worker_prefix, struct err *);
bool deliveries_hasten(struct db *, instant now, instant lease, struct err *);     /* the clock was set back */
