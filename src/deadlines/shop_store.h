/* shop_store.h - SQL of settings, and the shop's rules as one snapshot. */
#pragma once
#include "deadlines/policy.h"
#include "deadlines/shop.h"

/* Empty text when it was never set. */
MUST_CHECK bool setting_get(struct db *, str key, struct arena *, str *out, struct err *);
/* Inside db_tx. */
MUST_CHECK bool setting_set(struct db *, str key, str value, struct err *);

MUST_CHECK bool settings_load(struct db *, struct arena *, struct shop_settings *out, bool *demo, struct err *);
/* Inside db_tx. */
MUST_CHECK bool settings_save(struct db *, const struct shop_settings *, struct err *);

/* Name, country, currency, zone, hold window, demo, and the active rules with their calendars resolved. A database without
 * settings gives a nameless shop of Kazakhstan. Everything in `out` is in the arena. */
/* Of accounts that stand near a limit of their market; the others have the last. */
MUST_CHECK bool queue_weights_load(struct db *, struct arena *, struct queue_weight_list *out, struct err *);
MUST_CHECK bool shop_load(struct db *, struct arena *, struct shop *out, struct err *);

/* Defined by the app: the shop's rules have been changed and committed; reload them and reckon the deadlines anew. */
struct request;
void request_shop_changed(struct request *);
