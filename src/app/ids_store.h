/* ids_store.h - the largest id that the database holds, so that ids made after a start are above it even when the clock went back. */
#pragma once
#include "db/db.h"

MUST_CHECK bool ids_last(struct db *, rid *out, struct err *);
