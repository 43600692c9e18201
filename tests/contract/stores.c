/* The database as the migrations leave it against what the program believes of it, on both databases: the columns of every
 * record, and every statement of every store. */
#include "contract/lists.h"
#include "db/db_driver.h"
#include "db/migrate.h"
#include "support/pg.h"
#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdlib.h>

static const struct sql TABLE_SQL = {
    "contract.table", "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = $1",
    "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'public' AND table_name = $1"
};

static struct db_pool *migrated(const struct test_store *s)
{
    struct db_pool *pool = test_store_open(s);
    struct err err = { 0 };
    if (!migrate(pool, NULL, &err))
        fail_msg("%s: %s (%s)", err.item[0].field, err.item[0].text, err.trail);
    return pool;
}

static bool table_exists(struct db *db, const char *name)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &TABLE_SQL);
    bind_text(&st, 1, str_of(name));
    return db_row(&st) && col_int(&st, 0) == 1;
}

/* A record of a request's body, or one that shows a part of another's table, has no table of its own; the shop's settings are
 * kept as rows of key and value. */
static bool has_own_table(struct db *db, const struct record *r)
{
    int stored = 0, written = 0;
    if (strcmp(r->name, "settings") == 0)
        return false;
    for (int i = 0; i < r->count; i++) {
        stored += !r->fields[i].no_column;
        written += r->fields[i].access != READ_ONLY || strcmp(r->fields[i].name, "id") == 0;
    }
    for (const struct record_name *o = record_names; o->name; o++)
        if (o->record != r && strcmp(o->record->name, r->name) == 0 && o->record->count > r->count)
            return false;
    return stored && written && table_exists(db, r->name);
}

static void records_hold_the_columns_of_their_tables(void **state)
{
    struct db_pool *pool = migrated(*state);
    struct db      *db   = db_borrow(pool);
    struct findings wrong = { 0 };
    int checked = 0;
    for (const struct record_name *r = record_names; r->name; r++) {
        struct err err = { 0 };
        if (!has_own_table(db, r->record))
            continue;
        if (!record_check(db, r->record, &err))
            found(&wrong, "%s: %s: %s", r->name, err.item[0].field, err.item[0].text);
        checked++;
    }
    db_return(pool, db);
    db_close(pool);
    NOTHING_FOUND(wrong);
    assert_true(checked >= 5);
}

/* Of such a statement many rows may be gathered. */
static bool takes_rows(const struct sql *sql)
{
    const char *values = strstr(sql->text, "VALUES ("), *tail = strstr(sql->text, ") ON CONFLICT");
    return strncmp(sql->text, "INSERT INTO ", 12) == 0 && values && !sql->postgres && !strstr(sql->text, "RETURNING") &&
           !(tail && strchr(tail, '$'));
}

static void sqlite_prepares(sqlite3 *conn, const struct sql *sql, struct findings *wrong)
{
    int   params = 0;
    char *text   = sql_expand(sql->text, strlen(sql->text), false, &params);
    sqlite3_stmt *st = NULL;
    const char *tail = "";
    if (sqlite3_prepare_v2(conn, text, -1, &st, &tail) != SQLITE_OK || !st)
        found(wrong, "%s: %s", sql->name, sqlite3_errmsg(conn));
    else if (tail[strspn(tail, " \n\t;")])
        found(wrong, "%s: more than one statement", sql->name);
    sqlite3_finalize(st);
    free(text);
}

static void postgres_prepares(PGconn *conn, const struct sql *sql, struct findings *wrong)
{
    int         params = 0;
    const char *source = sql->postgres ? sql->postgres : sql->text;
    char       *text   = sql_expand(source, strlen(source), true, &params);
    PGresult   *r      = PQprepare(conn, "", text, 0, NULL);
    if (PQresultStatus(r) != PGRES_COMMAND_OK)
        found(wrong, "%s: %s", sql->name, PQerrorMessage(conn));
    PQclear(r);
    free(text);
}

static void every_statement_of_a_store_is_understood(void **state)
{
    const struct test_store *s = *state;
    struct db_pool *pool = migrated(s);
    sqlite3 *lite = NULL;
    PGconn  *pg   = NULL;
    struct findings wrong = { 0 };
    int count = 0, rows = 0;
    if (s->is_postgres) {
        pg = PQconnectdb(s->url);
        assert_int_equal(PQstatus(pg), CONNECTION_OK);
    } else {
        assert_int_equal(sqlite3_open(s->url + strlen("sqlite:"), &lite), SQLITE_OK);
    }
    for (const struct store_sql *store = stores_sql(); store->name; store++)
        for (int i = 0; i < store->count; i++, count++) {
            if (!store->sql[i].name || !store->sql[i].text)
                found(&wrong, "%s: row %d of its statements is empty", store->name, i);
            else if (pg)
                postgres_prepares(pg, &store->sql[i], &wrong);
            else
                sqlite_prepares(lite, &store->sql[i], &wrong);
            if (!takes_rows(&store->sql[i]))
                continue;
            struct sql many = { store->sql[i].name, sql_rows(store->sql[i].text, s->is_postgres, 3), NULL };
            if (pg)
                postgres_prepares(pg, &many, &wrong);
            else
                sqlite_prepares(lite, &many, &wrong);
            free((char *)many.text);
            rows++;
        }
    if (pg)
        PQfinish(pg);
    sqlite3_close(lite);
    db_close(pool);
    NOTHING_FOUND(wrong);
    assert_true(count > 20 && rows > 5);
}

static void statements_have_names_of_their_own(void **state)
{
    struct findings wrong = { 0 };
    (void)state;
    for (const struct store_sql *a = stores_sql(); a->name; a++)
        for (int i = 0; i < a->count; i++)
            for (const struct store_sql *b = stores_sql(); b->name; b++)
                for (int k = 0; k < b->count; k++)
                    if ((a != b || i != k) && strcmp(a->sql[i].name, b->sql[k].name) == 0)
                        found(&wrong, "%s is a statement of %s and of %s", a->sql[i].name, a->name, b->name);
    NOTHING_FOUND(wrong);
}

static void migrating_twice_changes_nothing(void **state)
{
    struct db_pool *pool = migrated(*state);
    struct err err = { 0 };
    int applied = -1;
    assert_true(migrate(pool, &applied, &err));
    assert_int_equal(applied, 0);
    db_close(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_hold_the_columns_of_their_tables),
        cmocka_unit_test(every_statement_of_a_store_is_understood),
        cmocka_unit_test(statements_have_names_of_their_own),
        cmocka_unit_test(migrating_twice_changes_nothing),
    };
    return test_stores(tests, COUNT_OF(tests));
}
