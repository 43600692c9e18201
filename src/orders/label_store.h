/* label_store.h - labels of orders and their files, in the database like everything else: one backup holds them, one erasing removes them. */
#pragma once
#include "db/work.h"
#include "orders/label.h"

MUST_CHECK bool labels_of(struct db *, const rid *orders, int count, struct arena *, struct label_list *out, struct err *);
/* Asks for the label of an order: one that waits or is here stays as it is, unless `again`. */
bool label_ask(struct db *, rid order, rid account, instant now, bool again, struct err *);
/* When the next one is to be fetched; not set: none waits. */
MUST_CHECK bool labels_next(struct db *, instant *out, struct err *);
/* Inside db_tx: the one that has waited longest says the account and the memory; up to `max` of them are for whoever fetches them until then. */
MUST_CHECK bool labels_first(struct db *, instant now, struct arena *, struct label *out, bool *found, struct err *);
MUST_CHECK bool labels_take(struct db *, const struct label *like, instant now, instant until, int max, struct arena *, struct label_list *out, struct err *);
/* Inside db_tx: what became of it; with its bytes when it is here. Nothing happens to one that is gone meanwhile. */
MUST_CHECK bool label_settle(struct db *, const struct label *, str bytes, struct err *);
/* ERR_NOT_FOUND. */
MUST_CHECK bool label_bytes(struct db *, rid order, struct arena *, str *out, struct err *);
/* Inside db_tx: those that are here have been printed once more. */
bool labels_printed(struct db *, const rid *orders, int count, const struct work *, struct err *);
/* Files from before that are dropped, with what was said of them. */
bool labels_forget(struct db *, instant before, struct err *);
