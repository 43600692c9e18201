/* bench_hook.h - notifications with whole orders: one POST an order, over HTTP, many at once. */
#pragma once
#include "channels/channel.h"

/* The markets of the program, of which Kaspi also takes a page of its own as a notification: none of the three sends whole orders. */
const struct channel *const *hook_channels(void);
void measure_hooks(void);
