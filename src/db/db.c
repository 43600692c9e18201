/* db.c - the contract of db.h over either driver: pool, statement cache, binding, reading, transactions with retry. */
#include "db/db_driver.h"
#include "base/clock.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define TX_PATIENCE_NS INT64_C(10000000000)              /* no further try after this long */

/* --- memory, errors ------------------------------------------------------------------------------------------------ */

void *db_calloc(size_t count, size_t size)
{
    void *at = calloc(count, size);
    if (!at) {
        fputs("sauda: out of memory in the database layer\n", stderr);
        abort();
    }
    return at;
}

void *db_realloc(void *at, size_t bytes)
{
    at = realloc(at, bytes);
    if (!at) {
        fputs("sauda: out of memory in the database layer\n", stderr);
        abort();
    }
    return at;
}

bool failure_set(struct failure *f, enum err_code code, const char *text)
{
    f->code = code;
    snprintf(f->text, sizeof f->text, "%s", text ? text : "");
    f->text[strcspn(f->text, "\n")] = 0;
    return false;
}

bool failure_report(const struct failure *f, const char *name, struct err *err)
{
    const struct err_kind *kind = err_kind(f->code);
    err_set(err, f->code, "", "%s", kind->title);
    return err_note(err, "%s: %s", name, f->text);
}

/* --- pool ---------------------------------------------------------------------------------------------------------- */

static bool address_read(const char *url, const struct db_driver **driver, const char **where, struct err *err)
{
    if (strncmp(url, "sqlite:", 7) == 0 && url[7]) {
        *driver = &sqlite_driver;
        *where  = url + 7;
        return true;
    }
    if (strncmp(url, "postgresql://", 13) == 0 || strncmp(url, "postgres://", 11) == 0) {
        *driver = &postgres_driver;
        *where  = url;
        return true;
    }
    return err_set(err, ERR_SETTING, "database", "must be sqlite:FILE or postgresql://…");
}

bool db_open(const char *url, const struct db_options *options, struct db_pool **out, struct err *err)
{
    const struct db_driver *driver;
    const char *where;
    if (!address_read(url, &driver, &where, err))
        return false;

    struct db_pool *pool = db_calloc(1, sizeof *pool);
    pool->driver = driver;
    if (options)
        pool->options = *options;
    if (pool->options.readers <= 0)
        pool->options.readers = DB_READERS;
    size_t len  = strlen(where) + 1;
    pool->where = db_calloc(1, len);
    memcpy(pool->where, where, len);
    pthread_mutex_init(&pool->lock, NULL);
    pthread_mutex_init(&pool->again, NULL);
    pthread_cond_init(&pool->returned, NULL);
    if (!driver->open(pool, err)) {
        db_close(pool);
        return false;
    }
    *out = pool;
    return true;
}

void db_close(struct db_pool *pool)
{
    if (!pool)
        return;
    assert(pool->borrowed == 0);                         /* somebody still works with this database */
    while (pool->free) {
        struct db *db = pool->free;
        pool->free = db->next_free;
        db_discard(db);
    }
    pool->driver->close(pool);
    pthread_cond_destroy(&pool->returned);
    pthread_mutex_destroy(&pool->again);
    pthread_mutex_destroy(&pool->lock);
    free(pool->where);
    free(pool);
}

bool db_is_postgres(const struct db_pool *pool) { return pool->driver->is_postgres; }
struct db_pool *db_pool_of(struct db *db) { return db->pool; }
bool db_in_tx(const struct db *db) { return db->in_tx; }
int64_t db_statements(const struct db *db) { return db->statements; }

/* The connection itself is made with the first statement. */
struct db *db_make(struct db_pool *pool)
{
    struct db *db = db_calloc(1, pool->driver->db_size);
    db->pool = pool;
    return db;
}

static void prepared_drop(struct db *db, struct prepared *p)
{
    db->pool->driver->forget(db, p);
    for (int i = 0; p->lists && i <= p->params; i++)
        free(p->lists[i].at);
    if (p->is_text) {
        free((char *)p->own.text);
        free((char *)p->own.name);
        db->texts--;
    }
    free(p->lists);
    free(p->text);
    free(p);
}

void db_discard(struct db *db)
{
    db->is_ending = true;
    for (int i = 0; i < DB_BUCKETS; i++)
        while (db->buckets[i]) {
            struct prepared *p = db->buckets[i];
            db->buckets[i] = p->next;
            prepared_drop(db, p);
        }
    db->pool->driver->disconnect(db);
    free(db->after);
    free(db);
}

struct db *db_borrow(struct db_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    pool->waiting++;
    while (!pool->free && pool->made == pool->options.readers)
        pthread_cond_wait(&pool->returned, &pool->lock);
    pool->waiting--;
    struct db *db = pool->free;
    if (db)
        pool->free = db->next_free;
    else
        pool->made++;
    pool->borrowed++;
    pthread_mutex_unlock(&pool->lock);
    if (!db)
        db = db_make(pool);
    db->statements = 0;
    return db;
}

void db_return(struct db_pool *pool, struct db *db)
{
    assert(db->pool == pool);
    assert(!db->in_tx && db->open_statements == 0);      /* a statement was not ended */
    pthread_mutex_lock(&pool->lock);
    db->next_free = pool->free;
    pool->free    = db;
    pool->borrowed--;
    bool wake = pool->waiting > 0;
    pthread_mutex_unlock(&pool->lock);
    if (wake)
        pthread_cond_signal(&pool->returned);
}

void db_release(struct db **db)
{
    if (*db)
        db_return((*db)->pool, *db);
    *db = NULL;
}

/* --- statement cache ------------------------------------------------------------------------------------------------ */

static uint64_t hash_pointer(const void *at)
{
    uint64_t h = (uint64_t)(uintptr_t)at * UINT64_C(0x9E3779B97F4A7C15);
    return h >> 32;
}

static uint64_t hash_text(str text)
{
    uint64_t h = UINT64_C(0x9E3779B97F4A7C15) ^ text.len;
    while (text.len >= 8) {
        uint64_t word;
        memcpy(&word, text.at, 8);
        h = (h ^ word) * UINT64_C(0xFF51AFD7ED558CCD);
        h ^= h >> 32;
        text.at += 8;
        text.len -= 8;
    }
    uint64_t word = 0;
    if (text.len)
        memcpy(&word, text.at, text.len);
    h = (h ^ word) * UINT64_C(0xFF51AFD7ED558CCD);
    return h ^ (h >> 29);
}

static char *zero_copy(str text)
{
    char *copy = db_calloc(1, text.len + 1);
    if (text.len)
        memcpy(copy, text.at, text.len);
    return copy;
}

/* Texts made at run time have no natural end, so the one unused for longest makes room. */
static void texts_trim(struct db *db)
{
    if (db->texts < DB_TEXTS_MAX)
        return;
    struct prepared **oldest = NULL;
    for (int i = 0; i < DB_BUCKETS; i++)
        for (struct prepared **at = &db->buckets[i]; *at; at = &(*at)->next)
            if ((*at)->is_text && !(*at)->is_busy && (!oldest || (*at)->used < (*oldest)->used))
                oldest = at;
    if (!oldest)
        return;
    struct prepared *p = *oldest;
    *oldest = p->next;
    prepared_drop(db, p);
}

static struct prepared *prepared_add(struct db *db, const struct sql *sql, const char *name, str text, uint64_t hash)
{
    const struct db_driver *driver = db->pool->driver;
    if (!sql)
        texts_trim(db);
    struct prepared *p = db_calloc(1, driver->prepared_size);
    p->hash = hash;
    p->sql  = sql;
    if (!sql) {
        p->own     = (struct sql){ .name = zero_copy(str_of(name)), .text = zero_copy(text) };
        p->sql     = &p->own;
        p->is_text = true;
        db->texts++;
    }
    const char *body = driver->is_postgres && p->sql->postgres ? p->sql->postgres : p->sql->text;
    p->text = sql_expand(body, strlen(body), driver->is_postgres, &p->params);
    struct prepared **bucket = &db->buckets[hash & (DB_BUCKETS - 1)];
    p->next = *bucket;
    *bucket = p;
    return p;
}

static struct stmt statement_begin(struct db *db, struct prepared *p)
{
    struct stmt st = { .db = db, .sql = p->sql, .handle = p };
    p->is_busy      = true;
    p->failure.code = ERR_NONE;
    db->open_statements++;
    if (!p->is_ready && !db->pool->driver->prepare(db, p))
        st.state = 3;
    return st;
}

struct stmt db_query(struct db *db, const struct sql *sql)
{
    uint64_t hash = hash_pointer(sql);
    struct prepared *p = db->buckets[hash & (DB_BUCKETS - 1)];
    while (p && (p->sql != sql || p->is_busy))
        p = p->next;
    return statement_begin(db, p ? p : prepared_add(db, sql, NULL, (str){ 0 }, hash));
}

struct stmt db_query_text(struct db *db, const char *name, str text)
{
    uint64_t hash = hash_text(text);
    struct prepared *p = db->buckets[hash & (DB_BUCKETS - 1)];
    while (p && (!p->is_text || p->hash != hash || p->is_busy || !str_is(text, p->own.text)))
        p = p->next;
    if (!p)
        p = prepared_add(db, NULL, name, text, hash);
    p->used = ++db->tick;
    return statement_begin(db, p);
}

/* --- binding -------------------------------------------------------------------------------------------------------- */

/* The prepared statement to bind to; NULL when it has failed already. */
static struct prepared *to_bind(struct stmt *st, int n)
{
    struct prepared *p = st->handle;
    assert(st->state == 0 || st->state == 3);            /* bound before the first row */
    if (st->state)
        return NULL;
    assert(n >= 1 && n <= p->params);                    /* the text has no such parameter */
    return p;
}

void bind_int(struct stmt *st, int n, int64_t value)
{
    struct prepared *p = to_bind(st, n);
    if (p)
        st->db->pool->driver->bind_int(p, n, value);
}

void bind_null(struct stmt *st, int n)
{
    struct prepared *p = to_bind(st, n);
    if (p)
        st->db->pool->driver->bind_null(p, n);
}

void bind_text(struct stmt *st, int n, str value)
{
    struct prepared *p = to_bind(st, n);
    if (p)
        st->db->pool->driver->bind_text(p, n, value, false);
}

void bind_bytes(struct stmt *st, int n, str value)
{
    struct prepared *p = to_bind(st, n);
    if (p)
        st->db->pool->driver->bind_text(p, n, value, true);
}

void bind_bool(struct stmt *st, int n, bool value) { bind_int(st, n, value); }
void bind_amount(struct stmt *st, int n, amount value) { bind_int(st, n, value.minor); }

void bind_text_or_null(struct stmt *st, int n, str value)
{
    if (value.len)
        bind_text(st, n, value);
    else
        bind_null(st, n);
}

void bind_id(struct stmt *st, int n, rid id)
{
    if (id_is_set(id))
        bind_int(st, n, id.v);
    else
        bind_null(st, n);
}

void bind_instant(struct stmt *st, int n, instant t)
{
    if (instant_is_set(t))
        bind_int(st, n, t.ms);
    else
        bind_null(st, n);
}

/* A list travels as one JSON array. Its text lives with the prepared statement, so that the same memory serves each call. */
static struct list_text *list_begin(struct prepared *p, int n)
{
    if (!p->lists)
        p->lists = db_calloc((size_t)p->params + 1, sizeof *p->lists);
    p->lists[n].len = 0;
    return &p->lists[n];
}

static char *list_room(struct list_text *l, size_t more)
{
    if (l->len + more > l->cap) {
        l->cap = (l->len + more) * 2;
        l->at  = db_realloc(l->at, l->cap);
    }
    return l->at + l->len;
}

static void list_add_int(struct list_text *l, int64_t value)
{
    char digits[24];
    size_t at = sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (value < 0)
        digits[--at] = '-';
    memcpy(list_room(l, sizeof digits), digits + at, sizeof digits - at);
    l->len += sizeof digits - at;
}

static void list_add_text(struct list_text *l, str s)
{
    static const char hex[] = "0123456789abcdef";
    char *from = list_room(l, s.len * 6 + 2), *to = from;
    *to++ = '"';
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        if (c < 0x20) {
            memcpy(to, "\\u00", 4);
            to[4] = hex[c >> 4];
            to[5] = hex[c & 15];
            to += 6;
            continue;
        }
        if (c == '"' || c == '\\')
            *to++ = '\\';
        *to++ = (char)c;
    }
    *to++ = '"';
    l->len += (size_t)(to - from);
}

static void list_add_char(struct list_text *l, char c)
{
    *list_room(l, 1) = c;
    l->len++;
}

static void list_bind(struct stmt *st, int n, const struct list_text *l)
{
    st->db->pool->driver->bind_text(st->handle, n, (str){ l->at, l->len }, false);
}

void bind_ids(struct stmt *st, int n, const rid *ids, int count)
{
    struct prepared *p = to_bind(st, n);
    if (!p)
        return;
    struct list_text *l = list_begin(p, n);
    list_add_char(l, '[');
    for (int i = 0; i < count; i++) {
        if (i)
            list_add_char(l, ',');
        list_add_int(l, ids[i].v);
    }
    list_add_char(l, ']');
    list_bind(st, n, l);
}

void bind_texts(struct stmt *st, int n, const str *texts, int count)
{
    struct prepared *p = to_bind(st, n);
    if (!p)
        return;
    struct list_text *l = list_begin(p, n);
    list_add_char(l, '[');
    for (int i = 0; i < count; i++) {
        if (i)
            list_add_char(l, ',');
        list_add_text(l, texts[i]);
    }
    list_add_char(l, ']');
    list_bind(st, n, l);
}

/* --- running and reading -------------------------------------------------------------------------------------------- */

bool db_row(struct stmt *st)
{
    if (st->state > 1)
        return false;
    if (st->state == 0)
        st->db->statements++;
    switch (st->db->pool->driver->row(st->db, st->handle, st->row)) {
    case DB_STEP_ROW:
        st->state = 1;
        st->row++;
        return true;
    case DB_STEP_DONE:
        st->state = 2;
        return false;
    case DB_STEP_FAILED:
        break;
    }
    st->state = 3;
    return false;
}

static void statement_end(struct stmt *st)
{
    struct prepared *p = st->handle;
    if (!p)
        return;
    st->db->pool->driver->reset(st->db, p);
    p->is_busy = false;
    st->handle = NULL;
    st->db->open_statements--;
}

bool db_ok(struct stmt *st, struct err *err)
{
    struct prepared *p = st->handle;
    if (!p)
        return st->state != 3 || err_set(err, ERR_DB, "", "%s", err_kind(ERR_DB)->title);
    if (st->state == 0) {
        st->db->statements++;
        st->state = st->db->pool->driver->exec(st->db, p) ? 2 : 3;
    } else if (st->state == 1) {
        st->state = st->db->pool->driver->finish(st->db, p) ? 2 : 3;
    }
    return st->state == 2 || failure_report(&p->failure, p->sql->name, err);
}

bool db_exec(struct stmt *st, struct err *err)
{
    bool ok = db_ok(st, err);
    statement_end(st);
    return ok;
}

void stmt_done(struct stmt *st)
{
    if (st->handle && st->state == 1)
        st->db->pool->driver->finish(st->db, st->handle);
    statement_end(st);
}

int db_columns(struct stmt *st) { return st->db->pool->driver->columns(st->handle); }
const char *db_column(struct stmt *st, int i) { return st->db->pool->driver->column(st->handle, i); }

/* Columns are read while standing on a row. */
static struct prepared *to_read(struct stmt *st)
{
    assert(st->state == 1);
    return st->handle;
}

bool col_is_null(struct stmt *st, int i) { return st->db->pool->driver->is_null(to_read(st), st->row - 1, i); }
int64_t col_int(struct stmt *st, int i) { return st->db->pool->driver->get_int(to_read(st), st->row - 1, i); }
str col_text(struct stmt *st, int i) { return st->db->pool->driver->get_text(to_read(st), st->row - 1, i); }
bool col_bool(struct stmt *st, int i) { return col_int(st, i) != 0; }
str col_text_copy(struct stmt *st, int i, struct arena *a) { return str_copy(a, col_text(st, i)); }
rid col_id(struct stmt *st, int i) { return (rid){ col_int(st, i) }; }
instant col_instant(struct stmt *st, int i) { return (instant){ col_int(st, i) }; }
amount col_amount(struct stmt *st, int i) { return (amount){ col_int(st, i) }; }

str col_bytes(struct stmt *st, int i, struct arena *a)
{
    return st->db->pool->driver->get_bytes(to_read(st), st->row - 1, i, a);
}

bool db_script(struct db *db, const char *text, struct err *err)
{
    struct failure failure = { 0 };
    assert(db->in_tx);
    return db->pool->driver->script(db, text, &failure) || failure_report(&failure, "script", err);
}

/* --- transactions --------------------------------------------------------------------------------------------------- */

void db_after_commit(struct db *db, void (*fn)(void *ctx), void *ctx)
{
    assert(db->in_tx);
    if (db->after_count == db->after_cap) {
        db->after_cap = db->after_cap ? db->after_cap * 2 : 16;
        db->after     = db_realloc(db->after, sizeof *db->after * (size_t)db->after_cap);
    }
    db->after[db->after_count++] = (struct after_commit){ fn, ctx };
}

/* Runs what was registered since `from`, in order, and forgets it. */
void db_run_after(struct db *db, int from)
{
    for (int i = from; i < db->after_count; i++)
        db->after[i].fn(db->after[i].ctx);
    db->after_count = from;
}

/* About 1, 3, 9, 27 ms, spread over half to one and a half of that, so that those who collided part. */
static void wait_before(int try)
{
    int64_t ns = 1000000;
    for (int i = 2; i < try; i++)
        ns *= 3;
    uint64_t r = (uint64_t)clock_tick_ns() * UINT64_C(0x9E3779B97F4A7C15) + (uint64_t)(uintptr_t)&ns;
    ns = ns / 2 + (int64_t)((r >> 20) % (uint64_t)ns);
    struct timespec t = { .tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000 };
    nanosleep(&t, NULL);
}

/* A db_tx inside a db_tx is part of it. When the inner one fails, so does all of it, whatever the outer work returns. */
static bool tx_join(struct db *db, db_work *work, void *ctx, struct err *err)
{
    if (work(db, ctx, err))
        return true;
    db->inner_failed = true;
    return false;
}

bool db_tx(struct db *db, db_work *work, void *ctx, struct err *err)
{
    if (db->in_tx)
        return tx_join(db, work, ctx, err);
    if (db->pool->options.read_only)
        return err_set(err, ERR_SETTING, "database", "is opened for reading only");

    const struct db_driver *driver = db->pool->driver;
    int64_t start = clock_tick_ns();
    enum db_outcome outcome = driver->tx(db, work, ctx, err);
    for (int try = 2; outcome == DB_AGAIN && try <= DB_TRIES_MAX; try++) {
        if (clock_tick_ns() - start > TX_PATIENCE_NS)
            break;
        err_clear(err);
        wait_before(try);
        bool one_at_a_time = driver->is_postgres && try > 2;
        if (one_at_a_time)
            pthread_mutex_lock(&db->pool->again);
        outcome = driver->tx(db, work, ctx, err);
        if (one_at_a_time)
            pthread_mutex_unlock(&db->pool->again);
    }
    return outcome == DB_COMMITTED;
}

bool db_backup(struct db_pool *pool, const char *path, struct err *err)
{
    return pool->driver->backup(pool, path, err);
}
