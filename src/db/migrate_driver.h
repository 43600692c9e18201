/* migrate_driver.h - the parts of migrate.h that tests reach for: any list of migrations, and their text for one database. */
#pragma once
#include "db/migrate.h"

/* migrate() over any list, ordered by number. */
MUST_CHECK bool migrate_set(struct db_pool *, const struct migration *list, int count, int *applied, struct err *);
bool migrate_set_look(struct db *, const struct migration *list, int count, enum schema_fit *out, bool *parts, struct err *);
/* The text as that database wants it: sections chosen, types and table endings translated. */
str migrate_text(struct arena *, str text, bool postgres);
