/* record_sql.c - rows in and out of the database by the field table.
 *
 * The SQL of a record never changes while the process lives, so it is built at first use and kept in one
 * table for all threads: looking it up takes no lock and allocates nothing. The only writers are first uses,
 * under a mutex. */
#include "record/record_own.h"
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#define PLANS        1024               /* slots; a power of two */
#define PLANS_MAX     768
#define PLANS_UPDATES 384               /* clients choose the fields of an update: they must not fill it */

struct plan {
    const struct record *record;
    enum record_op       op;
    uint64_t             set;
    struct sql           sql;
};
static struct {
    pthread_mutex_t lock;               /* over the arena, the counts and new slots */
    struct arena    arena;
    int             count, updates;
    _Atomic(struct plan *) slots[PLANS];
} plans = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* ---- texts ---- */

void columns_add(struct buf *b, const struct record *r, const char *prefix)
{
    bool more = false;
    for (int i = 0; i < r->count; i++) {
        if (!field_stored(&r->fields[i]))
            continue;
        if (more)
            buf_add(b, STR(", "));
        more = true;
        buf_add(b, str_of(prefix));
        buf_add(b, str_of(r->fields[i].name));
    }
}

str record_columns(const struct record *r, struct arena *a, const char *prefix)
{
    struct buf b = buf_in(a);
    columns_add(&b, r, prefix);
    return buf_str(&b);
}

static bool is_versioned(const struct record *r) { return record_field(r, STR("version")) != NULL; }

/* May an update change it? The id is the row itself and the version is counted by the statement. */
static bool in_update(const struct record *r, int i, uint64_t set)
{
    const struct field *f = &r->fields[i];
    return (set >> i & 1) && field_stored(f) && strcmp(f->name, "id") != 0 && strcmp(f->name, "version") != 0;
}

static void insert_add(struct buf *b, const struct record *r)
{
    buf_print(b, "INSERT INTO %s (", r->name);
    columns_add(b, r, "");
    buf_add(b, STR(") VALUES ("));
    int n = 0;
    for (int i = 0; i < r->count; i++)
        if (field_stored(&r->fields[i])) {
            n++;
            buf_print(b, n > 1 ? ", $%d" : "$%d", n);
        }
    buf_add_char(b, ')');
}

static void update_add(struct buf *b, const struct record *r, uint64_t set)
{
    int n = 0;
    buf_print(b, "UPDATE %s SET ", r->name);
    for (int i = 0; i < r->count; i++)
        if (in_update(r, i, set)) {
            n++;
            buf_print(b, "%s%s = $%d", n > 1 ? ", " : "", r->fields[i].name, n);
        }
    if (is_versioned(r))
        buf_print(b, "%sversion = version + 1 WHERE id = $%d AND version = $%d RETURNING id", n ? ", " : "",
                  n + 1, n + 2);
    else
        buf_print(b, "%s WHERE id = $%d RETURNING id", n ? "" : "id = id", n + 1);
}

/* With IN (…) SQLite first puts the list into a table of its own, which costs more than the rows; joined to the list, PostgreSQL
 * may take the whole table for the shorter way (db/sql_expand.c). */
static void load_add(struct buf *b, const struct record *r, bool postgres)
{
    buf_add(b, STR("SELECT "));
    columns_add(b, r, "t.");
    buf_print(b, postgres ? " FROM %s t WHERE t.id IN ({ids:$1})" : " FROM {texts:$1} CROSS JOIN %s t ON t.id = list.value", r->name);
}

void record_sql_build(const struct record *r, enum record_op op, uint64_t set, struct buf *b)
{
    switch (op) {
    case OP_INSERT:
        insert_add(b, r);
        break;
    case OP_GET:
        buf_add(b, STR("SELECT "));
        columns_add(b, r, "");
        buf_print(b, " FROM %s WHERE id = $1", r->name);
        break;
    case OP_LOAD:
        load_add(b, r, false);
        break;
    case OP_UPDATE:
        update_add(b, r, set);
        break;
    case OP_DELETE:
        buf_print(b, "DELETE FROM %s WHERE id = $1%s RETURNING id", r->name,
                  is_versioned(r) ? " AND version = $2" : "");
        break;
    case OP_EXISTS:
        buf_print(b, "SELECT 1 FROM %s WHERE id = $1", r->name);
        break;
    case OP_CHECK:
        buf_add(b, STR("SELECT name, upper(type), "
                       "CASE WHEN \"notnull\" = 1 AND dflt_value IS NULL AND pk = 0 THEN 1 ELSE 0 END "
                       "FROM pragma_table_info($1)"));
        break;
    }
}

/* ---- the table of statements ---- */

static const char *const op_names[] = {
    [OP_INSERT] = "insert", [OP_GET] = "get",       [OP_LOAD] = "load",   [OP_UPDATE] = "update",
    [OP_DELETE] = "delete", [OP_EXISTS] = "exists", [OP_CHECK] = "check",
};
/* The catalogues have nothing in common, so this one statement has a text for each database. */
static const char check_postgres[] =
    "SELECT column_name, upper(data_type), "
    "CAST(CASE WHEN is_nullable = 'NO' AND column_default IS NULL THEN 1 ELSE 0 END AS BIGINT) "
    "FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1";

static unsigned plan_slot(const struct record *r, enum record_op op, uint64_t set)
{
    uint64_t h = ((uint64_t)(uintptr_t)r >> 3) * UINT64_C(0x9e3779b97f4a7c15) +
                 (set + 1) * UINT64_C(0xbf58476d1ce4e5b9) + (uint64_t)op;
    h ^= h >> 31;
    return (unsigned)((h * UINT64_C(0x94d049bb133111eb)) >> 40) & (PLANS - 1);
}

/* The plan, or NULL with *slot at the free place where it belongs. */
static struct plan *plan_find(const struct record *r, enum record_op op, uint64_t set, unsigned *slot)
{
    for (*slot = plan_slot(r, op, set);; *slot = (*slot + 1) & (PLANS - 1)) {
        struct plan *p = atomic_load_explicit(&plans.slots[*slot], memory_order_acquire);
        if (!p || (p->record == r && p->op == op && p->set == set))
            return p;
    }
}

static struct plan *plan_make(const struct record *r, enum record_op op, uint64_t set)
{
    struct plan *p = ARENA_NEW(&plans.arena, struct plan);
    struct buf b = buf_in(&plans.arena);
    record_sql_build(r, op, set, &b);
    *p = (struct plan){ .record = r, .op = op, .set = set };
    p->sql.text = str_zero(&plans.arena, buf_str(&b));
    p->sql.name = str_zero(&plans.arena, str_print(&plans.arena, "%s.%s", r->name, op_names[op]));
    if (op == OP_CHECK)
        p->sql.postgres = check_postgres;
    if (op == OP_LOAD) {
        struct buf other = buf_in(&plans.arena);
        load_add(&other, r, true);
        p->sql.postgres = str_zero(&plans.arena, buf_str(&other));
    }
    return p;
}

const struct sql *record_sql(const struct record *r, enum record_op op, uint64_t set)
{
    unsigned slot;
    struct plan *p = plan_find(r, op, set, &slot);
    if (p)
        return &p->sql;
    pthread_mutex_lock(&plans.lock);
    p = plan_find(r, op, set, &slot);
    bool room = plans.count < PLANS_MAX && (op != OP_UPDATE || plans.updates < PLANS_UPDATES);
    if (!p && room) {
        p = plan_make(r, op, set);
        plans.count++;
        plans.updates += op == OP_UPDATE;
        atomic_store_explicit(&plans.slots[slot], p, memory_order_release);
    }
    pthread_mutex_unlock(&plans.lock);
    return p ? &p->sql : NULL;
}

static struct stmt statement(struct db *db, const struct record *r, enum record_op op)
{
    const struct sql *sql = record_sql(r, op, 0);
    assert(sql);                        /* more than a hundred records: raise PLANS */
    return db_query(db, sql);
}

/* ---- values ---- */

void bind_field(struct stmt *st, int n, const struct field *f, const void *row)
{
    const void *at = field_at(f, row);
    switch ((enum kind)f->kind) {
    case KIND_INT:     bind_int(st, n, *(const int64_t *)at); break;
    case KIND_BOOL:    bind_bool(st, n, *(const bool *)at); break;
    case KIND_TEXT:    bind_text(st, n, *(const str *)at); break;
    case KIND_AMOUNT:  bind_amount(st, n, *(const amount *)at); break;
    case KIND_INSTANT: bind_instant(st, n, *(const instant *)at); break;
    case KIND_ID:      bind_id(st, n, *(const rid *)at); break;
    case KIND_CHOICE:  bind_text(st, n, field_choice_name(f, *(const unsigned *)at)); break;
    }
}

/* A choice whose name this program does not know reads as the first one; the tables' CHECKs keep such names
 * out. */
void scan_field(struct stmt *st, int column, const struct field *f, struct arena *a, void *row)
{
    void *at = field_in(f, row);
    switch ((enum kind)f->kind) {
    case KIND_INT:     *(int64_t *)at = col_int(st, column); break;
    case KIND_BOOL:    *(bool *)at = col_bool(st, column); break;
    case KIND_TEXT:    *(str *)at = col_text_copy(st, column, a); break;
    case KIND_AMOUNT:  *(amount *)at = col_amount(st, column); break;
    case KIND_INSTANT: *(instant *)at = col_instant(st, column); break;
    case KIND_ID:      *(rid *)at = col_id(st, column); break;
    case KIND_CHOICE:
        *(unsigned *)at = 0;
        (void)field_choice(f, col_text(st, column), at);
        break;
    }
}

void scan_all(const struct record *r, struct stmt *st, struct arena *a, void *row)
{
    int column = 0;
    for (int i = 0; i < r->count; i++)
        if (field_stored(&r->fields[i]))
            scan_field(st, column++, &r->fields[i], a, row);
}

/* ---- rows ---- */

static void insert_bind(struct stmt *st, const struct record *r, const void *row)
{
    int n = 0;
    for (int i = 0; i < r->count; i++)
        if (field_stored(&r->fields[i]))
            bind_field(st, ++n, &r->fields[i], row);
}

bool record_insert(struct db *db, const struct record *r, const void *row, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = statement(db, r, OP_INSERT);
    insert_bind(&st, r, row);
    return db_exec(&st, err);
}

bool record_insert_many(struct db *db, const struct record *r, const void *rows, int count, struct err *err)
{
    const struct sql *sql = record_sql(r, OP_INSERT, 0);
    assert(sql);
    for (int i = 0; i < count; i++) {
        struct stmt st = db_insert(db, sql);
        insert_bind(&st, r, (const char *)rows + (size_t)i * r->size);
        if (!db_exec(&st, err))
            return false;
    }
    return true;
}

static bool not_found(const struct record *r, struct err *err)
{
    err_set(err, ERR_NOT_FOUND, "", "there is no such record");
    return err_note(err, "%s", r->name);
}

bool record_get(struct db *db, const struct record *r, rid id, struct arena *a, void *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = statement(db, r, OP_GET);
    bind_id(&st, 1, id);
    bool found = db_row(&st);
    if (found)
        scan_all(r, &st, a, out);
    if (!db_ok(&st, err))
        return false;
    return found || not_found(r, err);
}

/* Places of rows by id: open addressing, twice as many slots as rows. */
struct id_places { int32_t *slot; unsigned mask; const char *rows; size_t size; uint16_t id_offset; };

static rid id_of(const struct id_places *p, int row)
{
    return *(const rid *)(p->rows + (size_t)row * p->size + p->id_offset);
}

static unsigned place_of(const struct id_places *p, rid id)
{
    unsigned at = (unsigned)(((uint64_t)id.v * UINT64_C(0x9e3779b97f4a7c15)) >> 33) & p->mask;
    while (p->slot[at] && !id_eq(id_of(p, p->slot[at] - 1), id))
        at = (at + 1) & p->mask;
    return at;
}

static void rows_in_order(const struct record *r, const char *rows, int loaded, const rid *ids, int count,
                          struct arena *a, char *out, int *found)
{
    unsigned slots = 4;
    while (slots < 2 * (unsigned)loaded)
        slots *= 2;
    struct id_places p = { ARENA_ARRAY(a, int32_t, slots), slots - 1, rows, r->size,
                           record_field(r, STR("id"))->offset };
    for (int i = 0; i < loaded; i++)
        p.slot[place_of(&p, id_of(&p, i))] = i + 1;
    int n = 0;
    for (int i = 0; i < count; i++) {
        int32_t row = p.slot[place_of(&p, ids[i])];
        if (row)
            memcpy(out + (size_t)n++ * r->size, rows + (size_t)(row - 1) * r->size, r->size);
    }
    *found = n;
}

bool record_load(struct db *db, const struct record *r, const rid *ids, int count, struct arena *a, void *out,
                 int *found, struct err *err)
{
    *found = 0;
    if (!count)
        return true;
    char *rows = arena_alloc(a, r->size * (size_t)count);
    int loaded = 0;
    CLEANUP(stmt_done) struct stmt st = statement(db, r, count == 1 ? OP_GET : OP_LOAD);
    if (count == 1)
        bind_id(&st, 1, ids[0]);
    else
        bind_ids(&st, 1, ids, count);
    while (loaded < count && db_row(&st))
        scan_all(r, &st, a, rows + (size_t)loaded++ * r->size);
    if (!db_ok(&st, err))
        return false;
    rows_in_order(r, rows, loaded, ids, count, a, out, found);
    return true;
}

/* Nothing matched id and version: which of the two was it? */
static bool refused(struct db *db, const struct record *r, rid id, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = statement(db, r, OP_EXISTS);
    bind_id(&st, 1, id);
    bool exists = db_row(&st);
    if (!db_ok(&st, err))
        return false;
    if (!exists)
        return not_found(r, err);
    err_set(err, ERR_VERSION_OLD, "version", "somebody changed this meanwhile");
    return err_note(err, "%s", r->name);
}

/* Sets that differ only in what no update writes share one text. */
static uint64_t set_written(const struct record *r, uint64_t set)
{
    uint64_t written = 0;
    for (int i = 0; i < r->count; i++)
        if (in_update(r, i, set))
            written |= UINT64_C(1) << i;
    return written;
}

static bool update_run(struct db *db, struct stmt *st, const struct record *r, const void *row, uint64_t set,
                       struct err *err)
{
    int n = 0;
    for (int i = 0; i < r->count; i++)
        if (in_update(r, i, set))
            bind_field(st, ++n, &r->fields[i], row);
    rid id = *(const rid *)field_at(record_field(r, STR("id")), row);
    bind_id(st, n + 1, id);
    const struct field *version = record_field(r, STR("version"));
    if (version)
        bind_int(st, n + 2, *(const int64_t *)field_at(version, row));
    bool done = db_row(st);
    if (!db_ok(st, err))
        return false;
    return done || refused(db, r, id, err);
}

bool record_update(struct db *db, const struct record *r, const void *row, uint64_t set, struct err *err)
{
    set = set_written(r, set);
    const struct sql *sql = record_sql(r, OP_UPDATE, set);
    if (sql) {
        CLEANUP(stmt_done) struct stmt st = db_query(db, sql);
        return update_run(db, &st, r, row, set, err);
    }
    CLEANUP(arena_done) struct arena scratch = { 0 };
    struct buf b = buf_in(&scratch);
    record_sql_build(r, OP_UPDATE, set, &b);
    CLEANUP(stmt_done) struct stmt st = db_query_text(db, "record.update", buf_str(&b));
    return update_run(db, &st, r, row, set, err);
}

bool record_delete(struct db *db, const struct record *r, rid id, int64_t version, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = statement(db, r, OP_DELETE);
    bind_id(&st, 1, id);
    if (is_versioned(r))
        bind_int(&st, 2, version);
    bool done = db_row(&st);
    if (!db_ok(&st, err))
        return false;
    return done || refused(db, r, id, err);
}
