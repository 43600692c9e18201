/* map_print.h - what Sauda understands of one payload of a marketplace, a JSON object a line: `sauda map`. No database.
 *
 * Kinds: "orders" (a page), "order" (one), "statuses" (Wildberries' statuses call), "returns", "webhook". A row that cannot be read, or
 * whose status is unknown, is printed as {"external_id", "parked": true, "problem"} and the rest goes on.
 */
#pragma once
#include "base/buf.h"
#include "channels/channel.h"

/* Adds the lines to `out`; *good counts what could be read. Fails when the whole body cannot be read: `field` is the path. */
/* The kind "returns". */
MUST_CHECK bool returns_print(const struct channel *, const struct call *, str body, struct buf *out, int *good, struct err *);
MUST_CHECK bool map_print(const struct channel *, const struct call *, str kind, str body, struct buf *out, int *good, struct err *);
