/* bench_online - a new buyer against two million that the shop knows, through the database: the whole of what intake does about people,
 * within its transaction. Time of the processor is what counts on a machine that is busy with something else too.
 *
 *     bench_online            BENCH_KNOWN=2000000 BENCH_ASKED=3000
 */
#include "bench/bench.h"

#include "base/email.h"
#include "base/phone.h"
#include "base/secret.h"
#include "bench/people_gen.h"
#include "customers/customer_flow.h"
#include "customers/match_flow.h"
#include "customers/rebuild_flow.h"
#include "customers/sound_flow.h"
#include "db/migrate.h"
#include "deadlines/shop.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define NOW       INT64_C(1797393840000)
#define SOURCE(i) (INT64_C(100000000000000000) + (i))
#define CARD(p)   (INT64_C(110000000000000000) + (int64_t)(p))

struct made { struct people_gen *gen; struct people_record rows[PEOPLE_BATCH]; int at, count; };

static const struct people_record *next_record(struct made *m)
{
    while (m->at == m->count) {
        m->count = people_gen_next(m->gen, m->rows);
        m->at    = 0;
    }
    return &m->rows[m->at++];
}

static struct buyer buyer_of(struct arena *a, const struct people_record *r, int64_t number)
{
    str phone = str_copy(a, str_of(r->phone));
    return (struct buyer){
        .account_id = { 1 + r->source[strlen(r->source) - 1] % 8 }, .external_id = str_print(a, "B%lld", (long long)number), .name = str_copy(a, str_of(r->name)),
        .phone = phone_normalise(a, phone, STR("KZ")), .phone_raw = phone, .email = email_normalise(a, str_of(r->email)),
        .address = str_copy(a, str_of(r->address)), .city = str_copy(a, str_of(r->city)), .masked = phone_is_masked(phone), .seen = { NOW }, .orders = 1,
        .sum = { 100000 }, .currency = STR("KZT"),
    };
}

/* ---- those that are known ---- */

static void lite(sqlite3 *db, const char *sql)
{
    char *why = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK) {
        fprintf(stderr, "filling: %s\n%s\n", why, sql);
        exit(1);
    }
}

static sqlite3_stmt *prepared(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *st;
    if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK) {
        fprintf(stderr, "filling: %s\n", sqlite3_errmsg(db));
        exit(1);
    }
    return st;
}

static void text(sqlite3_stmt *st, int n, str s) { sqlite3_bind_text(st, n, s.at ? s.at : "", (int)s.len, SQLITE_STATIC); }
static void step(sqlite3_stmt *st)
{
    if (sqlite3_step(st) != SQLITE_DONE)
        exit(1);
    sqlite3_reset(st);
}

static void fill(const char *path, struct made *m, int64_t known)
{
    struct arena a = { 0 };
    sqlite3     *db;
    if (sqlite3_open(path, &db) != SQLITE_OK)
        exit(1);
    lite(db, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-1500000; PRAGMA foreign_keys=OFF; BEGIN;"
             "CREATE TEMP TABLE made (key BIGINT, source_id BIGINT);"
             "DROP INDEX customer_sources_external; DROP INDEX customer_sources_customer");
    sqlite3_stmt *source = prepared(db, "INSERT INTO customer_sources (id, account_id, external_id, customer_id, rule, name, phone, phone_raw, email, "
                                        "address, city, masked, first_seen, last_seen) VALUES (?1, ?2, ?3, ?4, 'first', ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12)");
    sqlite3_stmt *card = prepared(db, "INSERT OR IGNORE INTO customers (id, name, phone, email, city, currency, orders_count, net_spent, state, version, "
                                      "created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, 'KZT', 0, 0, 'active', 1, ?6, ?6)");
    sqlite3_stmt *key = prepared(db, "INSERT INTO made VALUES (?1, ?2)");
    for (int64_t i = 0; i < known; i++) {
        const struct people_record *r = next_record(m);
        struct buyer                b = buyer_of(&a, r, i);
        struct customer_source      s = { .id = { SOURCE(i) }, .account_id = b.account_id, .external_id = b.external_id, .name = b.name, .phone = b.phone,
                                          .phone_raw = b.phone_raw, .email = b.email, .address = b.address, .city = b.city, .masked = b.masked, .first_seen = { NOW } };
        struct person p;
        uint64_t      keys[PERSON_KEYS_MAX];
        sqlite3_bind_int64(source, 1, s.id.v);
        sqlite3_bind_int64(source, 2, s.account_id.v);
        text(source, 3, s.external_id);
        sqlite3_bind_int64(source, 4, CARD(r->person));
        text(source, 5, s.name);
        text(source, 6, s.phone);
        text(source, 7, s.phone_raw);
        text(source, 8, s.email);
        text(source, 9, s.address);
        text(source, 10, s.city);
        sqlite3_bind_int64(source, 11, s.masked);
        sqlite3_bind_int64(source, 12, NOW);
        step(source);
        sqlite3_bind_int64(card, 1, CARD(r->person));
        text(card, 2, s.name);
        text(card, 3, s.phone);
        text(card, 4, s.email);
        text(card, 5, s.city);
        sqlite3_bind_int64(card, 6, NOW);
        step(card);
        source_person(&a, &s, STR("KZ"), &p);
        for (int k = person_keys(&p, keys) - 1; k >= 0; k--) {
            sqlite3_bind_int64(key, 1, (int64_t)keys[k]);
            sqlite3_bind_int64(key, 2, s.id.v);
            step(key);
        }
        arena_reset(&a);
    }
    lite(db, "INSERT OR IGNORE INTO identity_keys SELECT key, source_id FROM made ORDER BY 1, 2; DROP TABLE made");
    lite(db, "INSERT INTO identity_links (id, source_id, customer_id, rule, score, evidence, actor_kind, actor_name, at) "
             "SELECT id, id, customer_id, 'first', 0, '', 'rule', '', first_seen FROM customer_sources");
    lite(db, "CREATE UNIQUE INDEX customer_sources_external ON customer_sources (account_id, external_id);"
             "CREATE INDEX customer_sources_customer ON customer_sources (customer_id, id)");
    char recipe[200];
    snprintf(recipe, sizeof recipe, "INSERT OR REPLACE INTO settings (key, value) VALUES ('identity.keys', '%d'), ('search.sounds', '%d'); COMMIT; PRAGMA journal_mode=WAL", KEYS_RECIPE,
             SOUNDS_RECIPE);
    lite(db, recipe);
    sqlite3_finalize(source);
    sqlite3_finalize(card);
    sqlite3_finalize(key);
    sqlite3_close(db);
    arena_done(&a);
}

/* ---- new ones ---- */

struct asking { struct work *w; const struct buyer *buyer; double wall, cpu; };

static double thread_cpu(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool ask_tx(struct db *db, void *ctx, struct err *err)
{
    struct asking     *a = ctx;
    struct buyer_found found;
    double wall = bench_now(), cpu = thread_cpu();
    bool   ok   = customer_resolve(db, a->w, a->buyer, 1, STR("KZ"), &found, err);
    a->wall = (bench_now() - wall) * 1e3;
    a->cpu  = (thread_cpu() - cpu) * 1e3;
    return ok;
}

static void measure(const char *url, struct made *m, int64_t known, int asked)
{
    struct arena     a = { 0 };
    struct id_source ids = { 0 };
    struct shop      shop = { .name = STR("bench"), .country = STR("KZ"), .currency = STR("KZT"), .zone = zone_find(STR("Asia/Almaty")) };
    struct db_pool  *pool;
    struct err       err = { 0 };
    double *wall = calloc((size_t)asked, sizeof *wall), *cpu = calloc((size_t)asked, sizeof *cpu);
    if (!db_open(url, NULL, &pool, &err))
        exit(1);
    struct work w = { .db = db_borrow(pool), .arena = &a, .ids = &ids, .now = { NOW }, .shop = &shop, .actor = { .kind = ACTOR_SYSTEM, .name = STR("bench") } };
    for (int i = -200; i < asked; i++) {
        struct buyer  b   = buyer_of(&a, next_record(m), known + i + 200);
        struct asking one = { .w = &w, .buyer = &b };
        if (!db_tx(w.db, ask_tx, &one, &err)) {
            fprintf(stderr, "%s %s\n", err.item[0].text, err.trail);
            exit(1);
        }
        if (i >= 0) {
            wall[i] = one.wall;
            cpu[i]  = one.cpu;
        }
        w.now.ms += 1000;
        arena_reset(&a);
    }
    char   what[100];
    double half = bench_median(cpu, asked), late = cpu[(int64_t)asked * 99 / 100];
    double wall_half = bench_median(wall, asked), wall_late = wall[(int64_t)asked * 99 / 100];
    snprintf(what, sizeof what, "a new buyer against %lld through SQLite, processor: p99", (long long)known);
    bench_report(&(struct bench_row){ what, "ms", late, 0, 5, 1, true });
    bench_report(&(struct bench_row){ "  processor: middle", "ms", half, 0, 0, 0, true });
    bench_report(&(struct bench_row){ "  by the clock: p99", "ms", wall_late, 0, 0, 0, true });
    bench_report(&(struct bench_row){ "  by the clock: middle", "ms", wall_half, 0, 0, 0, true });
    db_return(pool, w.db);
    db_close(pool);
    free(wall);
    free(cpu);
    arena_done(&a);
}

int main(void)
{
    int64_t     known  = bench_env("BENCH_KNOWN", 2000000);
    const char *folder = getenv("BENCH_FOLDER") ? getenv("BENCH_FOLDER") : "/var/tmp/sauda-bench";
    char        path[600], url[640], gone[700];
    struct db_pool *pool;
    struct err      err = { 0 };
    int             applied;
    struct made     m = { .gen = people_gen_new(PEOPLE_HARD, 1, 3) };
    snprintf(path, sizeof path, "%s/run-people-%lld.db", folder, (long long)known);
    snprintf(url, sizeof url, "sqlite:%s", path);
    snprintf(gone, sizeof gone, "rm -f %s %s-wal %s-shm %s.lock", path, path, path, path);
    mkdir(folder, 0700);
    if (system(gone) != 0 || !secret_init(&err) || !db_open(url, NULL, &pool, &err) || !migrate(pool, &applied, &err)) {
        fprintf(stderr, "%s\n", err.item[0].text);
        return 1;
    }
    db_close(pool);
    fill(path, &m, known);
    measure(url, &m, known, (int)bench_env("BENCH_ASKED", 3000));
    people_gen_done(m.gen);
    return system(gone) != 0;
}
