/* demo.h - the shop «Карапуз»: people, rules and three accounts that talk to the sandbox. */
#pragma once
#include "app/app.h"

#define DEMO_LOGIN    "nurlan@karapuz.kz"
#define DEMO_PASSWORD "karapuz-2026"

/* Fills an empty database. `sandbox` is "http://127.0.0.1:8090". ERR_CONFLICT when somebody is there already. */
MUST_CHECK bool demo_fill(struct app *, str sandbox, struct err *);
/* Orders of before it sold at markets: among their buyers are some whom the markets know too. */
MUST_CHECK bool demo_past(struct work *, struct err *);
/* Many more orders than «Карапуз» ever had, and their buyers, for trying out size (orders/bulk_store.h). The app must be closed: the
 * database is filled by a way that suffers nobody beside it. */
struct pour_listener;
MUST_CHECK bool demo_pour(const struct config *, int64_t orders, int64_t customers, const struct pour_listener *, struct err *);
/* *out: the database is a demo's; *empty: nobody is in it yet. */
MUST_CHECK bool demo_look(struct app *, bool *out, bool *empty, struct err *);
/* The sandbox has another address than last time: its accounts follow. */
MUST_CHECK bool demo_connect(struct app *, str sandbox, struct err *);
