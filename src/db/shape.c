#include "db/shape.h"

#include "db/db_driver.h"

#include <stdlib.h>

enum { Q_TABLES, Q_COLUMNS, Q_PARENTS };
static const struct sql SQL[] = {                        /* each store tells of itself in its own words */
    [Q_TABLES] = { "shape.tables",
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' AND name <> 'schema_migrations' ORDER BY name",
        "SELECT c.relname FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' "
        "   AND c.relname <> 'schema_migrations' ORDER BY c.relname COLLATE \"C\"" },
    [Q_COLUMNS] = { "shape.columns",
        "SELECT name, type, pk, 0 FROM pragma_table_info($1) ORDER BY name",
        "SELECT a.attname, format_type(a.atttypid, NULL), COALESCE((SELECT k.n FROM pg_index i, unnest(i.indkey) WITH ORDINALITY k (att, n) "
        "          WHERE i.indrelid = a.attrelid AND i.indisprimary AND k.att = a.attnum), 0), "
        "       CASE WHEN a.attidentity <> '' THEN 1 ELSE 0 END "
        "  FROM pg_attribute a WHERE a.attrelid = to_regclass(quote_ident($1)) AND a.attnum > 0 AND NOT a.attisdropped "
        " ORDER BY a.attname COLLATE \"C\"" },
    [Q_PARENTS] = { "shape.parents",
        "SELECT DISTINCT \"table\" FROM pragma_foreign_key_list($1)",
        "SELECT DISTINCT p.relname FROM pg_constraint k JOIN pg_class p ON p.oid = k.confrelid "
        " WHERE k.contype = 'f' AND k.conrelid = to_regclass(quote_ident($1))" },
};

static bool type_read(str word, enum column_type *out)
{
    static const struct { const char *word; enum column_type type; } known[] = {
        { "INTEGER", COLUMN_INT }, { "TEXT", COLUMN_TEXT }, { "BLOB", COLUMN_BYTES },
        { "bigint", COLUMN_INT }, { "text", COLUMN_TEXT }, { "bytea", COLUMN_BYTES },
    };
    for (int i = 0; i < COUNT_OF(known); i++)
        if (str_is(word, known[i].word)) {
            *out = known[i].type;
            return true;
        }
    return false;
}

static bool columns_read(struct db *db, struct table *t, struct arena *a, struct err *err)
{
    int place[16] = { 0 }, keys = 0;
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_COLUMNS]);
    bind_text(&st, 1, t->name);
    while (db_row(&st)) {
        struct column *c = column_list_add(&t->columns, a);
        int            k = (int)col_int(&st, 2);
        c->name = col_text_copy(&st, 0, a);
        if (!type_read(col_text(&st, 1), &c->type))
            return err_set(err, ERR_SETTING, "database", "column %.*s.%.*s has the type %.*s, which is not one of this program's",
                           STR_ARG(t->name), STR_ARG(c->name), STR_ARG(col_text(&st, 1)));
        if (col_bool(&st, 3))
            t->counted = c->name;
        if (k > 0 && k < COUNT_OF(place)) {
            place[k] = t->columns.count;
            keys     = k > keys ? k : keys;
        }
    }
    for (int k = 1; k <= keys; k++)
        *int_list_add(&t->keys, a) = place[k] - 1;
    return db_ok(&st, err);
}

static bool parents_read(struct db *db, struct table *t, struct arena *a, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_PARENTS]);
    bind_text(&st, 1, t->name);
    while (db_row(&st))
        if (!str_eq(col_text(&st, 0), t->name))
            *str_list_add(&t->parents, a) = col_text_copy(&st, 0, a);
    return db_ok(&st, err);
}

static bool stands_in(const struct table_list *list, str name)
{
    for (int i = 0; i < list->count; i++)
        if (str_eq(list->at[i].name, name))
            return true;
    return false;
}

static bool parents_stand(const struct table *t, const struct table_list *list)
{
    for (int i = 0; i < t->parents.count; i++)
        if (!stands_in(list, t->parents.at[i]))
            return false;
    return true;
}

/* By name within what may come next, so that both stores give one order. */
static bool parents_first(const struct table_list *all, struct arena *a, struct table_list *out, struct err *err)
{
    while (out->count < all->count) {
        int before = out->count;
        for (int i = 0; i < all->count; i++)
            if (!stands_in(out, all->at[i].name) && parents_stand(&all->at[i], out))
                *table_list_add(out, a) = all->at[i];
        if (out->count == before)
            return err_set(err, ERR_SETTING, "database", "its tables name each other in a ring");
    }
    return true;
}

bool tables_read(struct db *db, struct arena *a, struct table_list *out, struct err *err)
{
    struct table_list all = { 0 };
    {
        CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_TABLES]);
        while (db_row(&st))
            table_list_add(&all, a)->name = col_text_copy(&st, 0, a);
        if (!db_ok(&st, err))
            return false;
    }
    for (int i = 0; i < all.count; i++)
        if (!columns_read(db, &all.at[i], a, err) || !parents_read(db, &all.at[i], a, err))
            return false;
    return parents_first(&all, a, out, err);
}

static const struct table *table_named(const struct table_list *list, str name)
{
    for (int i = 0; i < list->count; i++)
        if (str_eq(list->at[i].name, name))
            return &list->at[i];
    return NULL;
}

str tables_difference(struct arena *a, const struct table_list *x, const struct table_list *y)
{
    if (x->count != y->count)
        return str_print(a, "%d tables here and %d there", x->count, y->count);
    for (int i = 0; i < x->count; i++) {
        const struct table *one = &x->at[i], *other = table_named(y, one->name);
        if (!other || one->columns.count != other->columns.count)
            return str_print(a, "the table %.*s", STR_ARG(one->name));
        for (int k = 0; k < one->columns.count; k++)
            if (!str_eq(one->columns.at[k].name, other->columns.at[k].name) || one->columns.at[k].type != other->columns.at[k].type)
                return str_print(a, "the column %.*s.%.*s", STR_ARG(one->name), STR_ARG(one->columns.at[k].name));
    }
    return STR("");
}
