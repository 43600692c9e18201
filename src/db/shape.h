/* shape.h - which tables a database has, and what their columns are, read from the database itself: for work that is about every
 * table, whatever it is for.
 */
#pragma once
#include "base/list.h"
#include "db/db.h"

enum column_type { COLUMN_INT, COLUMN_TEXT, COLUMN_BYTES };
struct column { str name; enum column_type type; };
LIST(column)
struct table {
    str                name;
    struct column_list columns;         /* by name, so that two stores give the same order */
    struct int_list    keys;            /* of the primary key, in its order: places in `columns`; none: it has no key */
    struct str_list    parents;         /* tables that its rows name */
    str                counted;         /* the column that numbers its rows by itself (PostgreSQL: identity); empty: none */
};
LIST(table)

/* All tables but `schema_migrations` and those of the store itself, each behind those that its rows name. ERR_SETTING: a column has a type
 * that is none of ours, or tables name each other in a ring. */
MUST_CHECK bool tables_read(struct db *, struct arena *, struct table_list *out, struct err *);
/* The first difference in words; empty: both have the same tables with the same columns. */
str tables_difference(struct arena *, const struct table_list *, const struct table_list *);
