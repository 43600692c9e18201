/* played.h - accounts at the marketplaces that the sandbox plays: of the demo shop, and of the example inside a shop. */
#pragma once
#include "base/list.h"
#include "base/secret.h"
#include "db/work.h"

/* Adds an account at each played market, named "<before>Kaspi" and so on, with streams that are due at once. `sandbox` is
 * "http://127.0.0.1:8090". Inside db_tx. */
MUST_CHECK bool played_accounts_add(struct db *, struct work *, const struct secret_key *, str before, str sandbox, struct int_list *out, struct err *);
/* The sandbox has another address than last time: its accounts follow. Inside db_tx. */
MUST_CHECK bool played_accounts_move(struct db *, struct work *, str from, str to, struct err *);
