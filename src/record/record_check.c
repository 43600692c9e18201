/* record_check.c - does the table in the database hold what the field table says? */
#include "record/record_own.h"
#include <assert.h>

static bool type_fits(const struct field *f, str type)
{
    if (kind_is_number(f->kind))
        return str_is(type, "BIGINT") || str_is(type, "INTEGER") || str_is(type, "INT");
    return str_is(type, "TEXT");
}

static bool column_check(const struct record *r, struct stmt *st, uint64_t *seen, struct err *err)
{
    str name = col_text(st, 0), type = col_text(st, 1);
    const struct field *f = record_field(r, name);
    if (!f || !field_stored(f)) {
        if (!col_int(st, 2))
            return true;                /* inserting works without it */
        return err_set(err, ERR_INTERNAL, r->name,
                       "column %.*s must be filled, but the record has no such field", STR_ARG(name));
    }
    *seen |= UINT64_C(1) << (f - r->fields);
    if (type_fits(f, type))
        return true;
    return err_set(err, ERR_INTERNAL, r->name, "column %.*s is %.*s, which the field cannot read",
                   STR_ARG(name), STR_ARG(type));
}

static bool fields_check(const struct record *r, struct err *err)
{
    if (r->count > RECORD_FIELDS_MAX)
        return err_set(err, ERR_INTERNAL, r->name, "has more than %d fields", RECORD_FIELDS_MAX);
    for (int i = 0; i < r->count; i++) {
        const struct field *f = &r->fields[i];
        if (f->kind == KIND_CHOICE && !f->choices)
            return err_set(err, ERR_INTERNAL, r->name, "field %s has no choices", f->name);
        if (record_field(r, str_of(f->name)) != f)
            return err_set(err, ERR_INTERNAL, r->name, "field %s is there twice", f->name);
    }
    return true;
}

bool record_check(struct db *db, const struct record *r, struct err *err)
{
    if (!fields_check(r, err))
        return false;
    uint64_t seen = 0;
    int columns = 0;
    bool fits = true;
    CLEANUP(stmt_done) struct stmt st = db_query(db, record_sql(r, OP_CHECK, 0));
    bind_text(&st, 1, str_of(r->name));
    while (fits && db_row(&st)) {
        columns++;
        fits = column_check(r, &st, &seen, err);
    }
    if (!fits || !db_ok(&st, err))
        return false;
    if (!columns)
        return err_set(err, ERR_INTERNAL, r->name, "there is no such table");
    for (int i = 0; i < r->count; i++)
        if (field_stored(&r->fields[i]) && !(seen >> i & 1))
            return err_set(err, ERR_INTERNAL, r->name, "there is no column %s", r->fields[i].name);
    return true;
}
