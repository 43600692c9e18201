/* plans.h - how SQLite would carry out each statement of the stories. A story has ten orders and is quick either way; a shop has a
 * million. Every text that is prepared in this process is looked at once. */
#pragma once
#include "base/arena.h"
#include "base/str.h"

/* One line for each statement that walks over all of a growing table, or over all orders of an account; empty: none. */
str plans_bad(struct arena *);
