/* statement.c - statements of db.h over either driver: cache, binding, reading.
 *
 * A connection keeps what it prepared in a hash table, by the address of its table entry or, made at run time, by its text.
 * Nothing is allocated once a statement has been used before, except for lists that grew.
 */
#include "db/db_driver.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

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
    gathered_free(p->gathered);
    free(p->text);
    free(p);
}

void statements_drop(struct db *db)
{
    for (int i = 0; i < DB_BUCKETS; i++)
        while (db->buckets[i]) {
            struct prepared *p = db->buckets[i];
            db->buckets[i] = p->next;
            prepared_drop(db, p);
        }
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

static struct prepared *prepared_add(struct db *db, const struct sql *sql, int rows, const char *name, str text, uint64_t hash)
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
    char *many = rows > 1 ? sql_rows(body, driver->is_postgres, rows) : NULL;
    p->text = sql_expand(many ? many : body, strlen(many ? many : body), driver->is_postgres, &p->params);
    p->rows = rows;
    free(many);
    if (rows == 0) {
        p->gathered = gathered_make(sql, p->params);
        p->is_ready = true;
    }
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
    if (p->gathered)
        gathered_begin(p->gathered);
    if (!p->is_ready && !db->pool->driver->prepare(db, p))
        st.state = 3;
    return st;
}

struct stmt db_query_rows(struct db *db, const struct sql *sql, int rows)
{
    uint64_t hash = hash_pointer(sql) + (uint64_t)rows - 1;
    struct prepared *p = db->buckets[hash & (DB_BUCKETS - 1)];
    while (p && (p->sql != sql || p->rows != rows || p->is_busy))
        p = p->next;
    return statement_begin(db, p ? p : prepared_add(db, sql, rows, NULL, (str){ 0 }, hash));
}

struct stmt db_query(struct db *db, const struct sql *sql) { return db_query_rows(db, sql, 1); }
struct stmt db_insert(struct db *db, const struct sql *sql) { return db_query_rows(db, sql, 0); }

struct stmt db_query_text(struct db *db, const char *name, str text)
{
    uint64_t hash = hash_text(text);
    struct prepared *p = db->buckets[hash & (DB_BUCKETS - 1)];
    while (p && (!p->is_text || p->hash != hash || p->is_busy || !str_is(text, p->own.text)))
        p = p->next;
    if (!p)
        p = prepared_add(db, NULL, 1, name, text, hash);
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
    if (p && p->gathered)
        gathered_int(p->gathered, n, value);
    else if (p)
        st->db->pool->driver->bind_int(p, n, value);
}

void bind_null(struct stmt *st, int n)
{
    struct prepared *p = to_bind(st, n);
    if (p && p->gathered)
        gathered_null(p->gathered, n);
    else if (p)
        st->db->pool->driver->bind_null(p, n);
}

static void put_text(struct stmt *st, int n, str value, bool is_bytes)
{
    struct prepared *p = to_bind(st, n);
    if (p && p->gathered) {
        if (!gathered_text(p->gathered, n, value, is_bytes))
            failure_set(&p->failure, ERR_LIMIT, "a value is too long");
    } else if (p) {
        st->db->pool->driver->bind_text(p, n, value, is_bytes);
    }
}

void bind_text(struct stmt *st, int n, str value) { put_text(st, n, value, false); }
void bind_bytes(struct stmt *st, int n, str value) { put_text(st, n, value, true); }

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

/* What was written before it must be there. */
static bool run_before(struct stmt *st)
{
    struct prepared *p = st->handle;
    struct failure   f = { 0 };
    if (!st->db->waiting || gathered_run(st->db, &f))
        return true;
    if (!p->failure.code)
        p->failure = f;
    st->state = 3;
    return false;
}

bool db_row(struct stmt *st)
{
    if (st->state > 1)
        return false;
    if (st->state == 0) {
        st->db->statements++;
        if (!run_before(st))
            return false;
    }
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

int db_greatest(struct stmt *st, int64_t *out, int max)
{
    int count = 0;
    while (db_row(st)) {
        int64_t n  = col_int(st, 0);
        int     at = count;
        if (count == max && (max == 0 || n <= out[max - 1]))
            continue;
        if (count < max)
            count++;
        else
            at--;
        for (; at > 0 && out[at - 1] < n; at--)
            out[at] = out[at - 1];
        out[at] = n;
    }
    return count;
}

static void statement_end(struct stmt *st)
{
    struct prepared *p = st->handle;
    if (!p)
        return;
    if (!p->gathered)
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
        if (p->gathered)
            st->state = !p->failure.code && gathered_add(st->db, p->gathered, &p->failure) ? 2 : 3;
        else if (run_before(st))
            st->state = st->db->pool->driver->exec(st->db, p) ? 2 : 3;
    } else if (st->state == 1) {
        st->state = st->db->pool->driver->finish(st->db, p) ? 2 : 3;
    }
    return st->state == 2 || failure_report(&p->failure, p->sql->name, err);
}

void failure_of(const struct stmt *st, struct failure *f)
{
    const struct prepared *p = st->handle;
    *f = p->failure;
    if (!f->code)
        f->code = ERR_DB;
    snprintf(f->text, sizeof f->text, "after %s: %.150s", p->sql->name, p->failure.text);
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
