/* What the server stands on goes away under its work: the power of its disk, or the database server. What was acknowledged is there once in
 * the end, meanwhile people are told in words, and it goes on by itself.
 *
 * SAUDA_CUTS (4): losses of power, SAUDA_DB_KILLS (3): deaths of PostgreSQL; SAUDA_POWER_EXE is the program on the disk of power_vfs.h,
 * SAUDA_PG_SCRIPT starts a PostgreSQL. */
#include "crash/morning.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHANGES_A_CUT 2500              /* the power goes at one of so many first changes; starting is some of them */

static int number_of(const char *name, int otherwise)
{
    const char *value = getenv(name);
    return value && *value ? (int)strtol(value, NULL, 10) : otherwise;
}

/* Steps of people, an order of a file, a push of a market. */
static void work_a_little(struct morning *m)
{
    if (steps_some(m, 2) && order_put_in(m))
        (void)order_pushed(m);
    tick(m);
}

/* ---- the power goes ---- */

/* What the disk has kept takes the place of what the programs saw. */
static void files_replace(const struct test_store *store)
{
    static const char *const names[] = { "shop.db", "shop.db-wal", "shop.db-shm", "shop.db-journal" };
    for (int i = 0; i < COUNT_OF(names); i++) {
        char from[220], to[220];
        snprintf(from, sizeof from, "%s/after/%s", store->folder, names[i]);
        snprintf(to, sizeof to, "%s/%s", store->folder, names[i]);
        (void)unlink(to);
        if (access(from, F_OK) == 0)
            assert_int_equal(rename(from, to), 0);
    }
}

static const char *setting(struct morning *m, const char *name, const char *value)
{
    return str_zero(&m->arena, str_print(&m->arena, "%s=%s", name, value));
}

static void disk_choose(struct morning *m, uint64_t at, bool lies)
{
    const char *folder = m->store->folder;
    m->exe     = getenv("SAUDA_POWER_EXE");
    m->more[0] = setting(m, "SAUDA_POWER_FOLDER", folder);
    m->more[1] = str_zero(&m->arena, str_print(&m->arena, "SAUDA_POWER_INTO=%s/after", folder));
    m->more[2] = str_zero(&m->arena, str_print(&m->arena, "SAUDA_POWER_AT=%llu", (unsigned long long)at));
    m->more[3] = str_zero(&m->arena, str_print(&m->arena, "SAUDA_POWER_SEED=%llu", (unsigned long long)random_next(m)));
    m->more[4] = lies ? "SAUDA_POWER_LIES=yes" : NULL;
}

static void disk_is_fine(struct morning *m)
{
    m->exe = NULL;
    memset(m->more, 0, sizeof m->more);
}

/* Works until the power goes, then puts there what the disk has kept. */
static void lose_power(struct morning *m, bool lies)
{
    disk_choose(m, 1 + random_next(m) % CHANGES_A_CUT, lies);
    bool started = server_start(m, NULL);
    int  code    = -1;
    for (int tries = 0; tries < 3000 && (code = process_wait(&m->server, 0)) < 0; tries++)
        if (started)
            work_a_little(m);
        else
            pause_ms(5);
    assert_int_equal(code, 137);
    m->places[m->place].kills++;
    files_replace(m->store);
    disk_is_fine(m);
}

static struct morning *morning_on_disk(const struct test_store *store, struct place *places)
{
    char after[220];
    snprintf(after, sizeof after, "%s/after", store->folder);
    assert_int_equal(mkdir(after, 0700), 0);
    struct morning *m = morning_begin(store, places);
    all_orders_come(m);
    process_kill(&m->server);
    return m;
}

static void what_was_acknowledged_survives_the_loss_of_power(void **state)
{
    struct place    places[PLACES_MAX] = { { .name = "(nothing happens)" }, { .name = "the power goes" } };
    struct morning *m = morning_on_disk(*state, places);
    m->place = 1;
    for (int left = number_of("SAUDA_CUTS", 4); left > 0; left--)
        lose_power(m, false);
    m->place = 0;
    assert_true(server_start(m, NULL));
    morning_end(m);
    places_print(places, "loss of power");
}

/* The harness itself: on a disk where a sync means nothing, what was acknowledged goes, and that is seen. */
static void a_disk_that_lies_is_found_out(void **state)
{
    struct place    places[PLACES_MAX] = { { .name = "a disk that lies" } };
    struct morning *m = morning_on_disk(*state, places);
    for (int tries = 0; tries < 10 && places[0].acknowledged < 10; tries++) {
        places[0].acknowledged = 0;
        lose_power(m, true);
        if (places[0].acknowledged < 10)                /* it died while it started */
            m->promised.count = 0;
    }
    bool started = server_start(m, NULL);
    int  there   = 0;
    for (int i = 0; started && i < m->promised.count; i++) {
        struct client_reply r = ask(&m->client, "GET", str_print(&m->arena, "/api/orders?q=%.*s", STR_ARG(m->promised.at[i].number)), (str){ 0 }, (str){ 0 });
        there += json_get(r.json, "items") && json_get(r.json, "items")->count > 0;
    }
    assert_true(m->promised.count > 0);
    assert_true(there < m->promised.count);
    process_kill(&m->server);
    morning_drop(m);
}

/* ---- the database server dies ---- */

struct database { struct test_store store; struct process server; char folder[80]; };

static void database_start(struct database *d)
{
    const char *argv[] = { "/bin/sh", getenv("SAUDA_PG_SCRIPT"), d->folder, NULL };
    const char *env[]  = { NULL };
    assert_true(process_start(&d->server, argv, env));
    for (int tries = 0; PQping(d->store.url) != PQPING_OK; tries++) {
        if (tries > 1500)
            fail_msg("PostgreSQL does not start");
        pause_ms(20);
    }
}

static int database_make(void **state)
{
    static struct database d;
    d = (struct database){ .store = { .name = "postgres", .is_postgres = true } };
    snprintf(d.folder, sizeof d.folder, "/tmp/sauda-outage-%d", (int)getpid());
    snprintf(d.store.folder, sizeof d.store.folder, "/tmp/sauda-outage-%d-home", (int)getpid());
    snprintf(d.store.url, sizeof d.store.url, "postgresql:///postgres?host=%s&user=sauda", d.folder);
    *state = &d;
    return mkdir(d.store.folder, 0700);
}

/* At once and without a word to anybody: what pg_ctl stop -m immediate does. */
static void database_kill(struct database *d)
{
    kill(d->server.pid, SIGQUIT);
    assert_true(process_wait(&d->server, 20000) >= 0);
}

static int database_drop(void **state)
{
    struct database *d = *state;
    char             command[260];
    if (d->server.pid > 0)
        database_kill(d);
    snprintf(command, sizeof command, "exec rm -rf '%s' '%s'", d->folder, d->store.folder);
    const char *argv[] = { "/bin/sh", "-c", command, NULL }, *env[] = { NULL };
    struct process rm;
    return process_start(&rm, argv, env) ? process_wait(&rm, 30000) : -1;
}

struct killer { pid_t pid; int64_t after_ms; };

static void *kill_later(void *ctx)
{
    struct killer *k = ctx;
    pause_ms(k->after_ms);
    kill(k->pid, SIGQUIT);
    return NULL;
}

/* While it is away every request is answered soon, with 503, words, and when to come again. */
static void people_are_told(struct morning *m)
{
    struct client_reply r = ask(&m->client, "GET", STR("/api/queue"), (str){ 0 }, (str){ 0 });
    assert_int_equal(r.status, 503);
    assert_string_equal(str_zero(&m->arena, json_str(json_get(r.json, "code"))), "db.down");
    assert_true(json_str(json_get(r.json, "title")).len > 0);
    assert_true(http_header_get(&r.headers, "Retry-After").len > 0);
    r = ask(&m->client, "GET", STR("/ready"), (str){ 0 }, (str){ 0 });
    assert_int_equal(r.status, 503);
    r = ask(&m->client, "GET", STR("/health"), (str){ 0 }, (str){ 0 });
    assert_int_equal(r.status, 200);
}

static void is_well_again(struct morning *m)
{
    struct client_reply r = { 0 };
    for (int tries = 0; tries < 500 && r.status != 200; tries++) {
        r = ask(&m->client, "GET", STR("/api/queue"), (str){ 0 }, (str){ 0 });
        tick(m);
    }
    assert_int_equal(r.status, 200);
}

/* The cluster has another primary now, and who was it answers as a standby: it can be read, and refuses to write. */
static void database_stands_by(struct database *d)
{
    char path[120];
    database_kill(d);
    snprintf(path, sizeof path, "%s/data/standby.signal", d->folder);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fclose(f), 0);
    database_start(d);
}

static void database_promote(struct database *d)
{
    PGconn   *c = PQconnectdb(d->store.url);
    PGresult *r = PQexec(c, "SELECT pg_promote()");
    assert_int_equal(PQresultStatus(r), PGRES_TUPLES_OK);
    PQclear(r);
    PQfinish(c);
}

static void a_note_is_refused_for_now(struct morning *m)
{
    struct client_reply r = ask(&m->client, "POST", str_print(&m->arena, "/api/orders/%.*s/notes", STR_ARG(m->tasks[0].id)), STR("{\"text\":\"?\"}"), (str){ 0 });
    assert_int_equal(r.status, 503);
    assert_string_equal(str_zero(&m->arena, json_str(json_get(r.json, "code"))), "db.down");
    assert_true(http_header_get(&r.headers, "Retry-After").len > 0);
}

static void what_was_acknowledged_survives_the_death_of_the_database_server(void **state)
{
    struct database *d = *state;
    struct place     places[PLACES_MAX] = { { .name = "(nothing happens)" }, { .name = "PostgreSQL dies" } };
    if (access("/usr/lib/postgresql/15/bin/postgres", X_OK) != 0 && !getenv("SAUDA_PG_BIN")) {
        fputs("SKIPPED: PostgreSQL 15 is not installed\n", stderr);
        return;
    }
    database_start(d);
    struct morning *m = morning_begin(&d->store, places);
    all_orders_come(m);
    for (int left = number_of("SAUDA_DB_KILLS", 3); left > 0; left--) {
        pthread_t     thread;
        struct killer k = { d->server.pid, 50 + (int64_t)(random_next(m) % 400) };
        m->place = 1;
        assert_int_equal(pthread_create(&thread, NULL, kill_later, &k), 0);
        int code;
        while ((code = process_wait(&d->server, 0)) < 0)
            work_a_little(m);
        pthread_join(thread, NULL);
        places[1].kills++;
        work_a_little(m);
        people_are_told(m);
        database_start(d);
        is_well_again(m);
        m->place = 0;
    }
    database_stands_by(d);
    is_well_again(m);
    a_note_is_refused_for_now(m);
    database_promote(d);
    assert_true(order_put_in(m));
    morning_end(m);
    places_print(places, "death of the database server");
}

static int make_store(void **state)
{
    static struct test_store store;
    *state = &store;
    return test_store_init(&store, false) ? 0 : -1;
}

static int drop_store(void **state)
{
    test_store_done(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_acknowledged_survives_the_loss_of_power, make_store, drop_store),
        cmocka_unit_test_setup_teardown(a_disk_that_lies_is_found_out, make_store, drop_store),
        cmocka_unit_test_setup_teardown(what_was_acknowledged_survives_the_death_of_the_database_server, database_make, database_drop),
    };
    if (!getenv("SAUDA_EXE") || !getenv("SANDBOX_EXE") || !getenv("SAUDA_POWER_EXE") || !getenv("SAUDA_PG_SCRIPT")) {
        fputs("SAUDA_EXE, SANDBOX_EXE, SAUDA_POWER_EXE and SAUDA_PG_SCRIPT must name the programs\n", stderr);
        return 2;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
