/* bench_hook.h - notifications with whole orders: one POST an order, over HTTP, many at once. */
#pragma once
#include "channels/channel.h"

/* The markets of the program, of which Kaspi also takes a page of its own as a notification: none of the three sends whole orders. */
const struct channel *const *hook_channels(void);
/* The account that they come to, 77, at /hooks/77/HOOK_SECRET, and a rule of 24 hours. */
#define HOOK_SECRET "benchbenchbenchbenchbenchbenchbe"
str  hook_account_sql(struct arena *);
/* `postgres`: address of a PostgreSQL, or NULL for SQLite. */
void measure_hooks(const char *postgres);
/* Two servers that share the work against one that has it alone, and whether anything was lost or done twice. */
void measure_two(const char *postgres);
