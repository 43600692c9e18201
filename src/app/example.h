/* example.h - «Show me on an example»: the played marketplaces inside this server, and their orders in a shop that has none of its own yet.
 *
 * What is shown is real all through: the sandbox plays Kaspi, Wildberries and Ozon, three accounts read from it and send to it, their
 * orders are marked by the names of the accounts. Taken away, nothing of it is left but what the log of changes says; what the shop has
 * got of its own meanwhile stays as it is (example_store.c lists the tables).
 *
 * One room a process; its sandbox comes back after a restart with what it knew. Not offered where several servers share a database: the
 * markets live in the memory of one.
 */
#pragma once
#include "app/app.h"
#include "base/list.h"
#include "http/http.h"

struct example_room;

/* Starts the markets again when the shop shows an example. */
MUST_CHECK bool example_open(struct app *, struct example_room **out, struct err *err);
void example_close(struct example_room *);               /* NULL is fine */

/* Why it cannot be shown now. */
enum example_why { EXAMPLE_MAY, EXAMPLE_SHOWN, EXAMPLE_SHOP_USED, EXAMPLE_DEMO, EXAMPLE_SERVERS, EXAMPLE_WHY_COUNT };
extern const char *const example_why_names[];            /* "" "shown" "used" "demo" "servers" */
MUST_CHECK bool example_ask(struct work *, enum example_why *out, struct err *);
/* ERR_CONFLICT with the reason in words. `language`: of who asks; the accounts are named in it. */
MUST_CHECK bool example_show(struct example_room *, struct work *, str language, struct err *);
struct example_gone { int orders, returns, people; };
/* ERR_CONFLICT when none is shown; ERR_DB_BUSY when the markets are still talking: the accounts have stopped, ask again. */
MUST_CHECK bool example_remove(struct example_room *, struct work *, struct example_gone *out, struct err *);
/* The deletion itself, inside db_tx: of these accounts and all that came with them. */
MUST_CHECK bool example_take_out(struct db *, struct work *, const struct int_list *accounts, struct example_gone *out, struct err *);

extern const struct route example_routes[];
