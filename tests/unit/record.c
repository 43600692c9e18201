/* One record with a field of every kind, through every door of the engine. */
#include "support/pg.h"
#include "record/record.h"
#include "record/record_own.h"
#include "base/csv.h"
#include <stdio.h>
#include <stdlib.h>

enum colour { COLOUR_RED, COLOUR_GREEN, COLOUR_BLUE };
static const char *const colour_names[] = { "red", "green", "blue", NULL };

struct thing {
    rid         id, account_id, owner_id;
    str         name, phone, secret, search;
    enum colour colour;
    bool        is_open;
    int64_t     qty;
    amount      price;
    instant     made_at, due_at;
    str         hint;
    int64_t     version;
};
static const struct field thing_fields[] = {
    FIELD(thing, id, .access = READ_ONLY),
    FIELD(thing, account_id, .access = ON_CREATE, .required = true, .filterable = true),
    FIELD(thing, owner_id, .filterable = true, .sortable = true),
    FIELD(thing, name, .required = true, .max = 40, .sortable = true, .searchable = true, .filterable = true,
          .doc = "what people call it"),
    FIELD(thing, phone, .max = 32, .contact = true, .searchable = true),
    FIELD(thing, secret, .access = SECRET, .max = 20),
    FIELD(thing, search, .internal = true),
    FIELD(thing, colour, .choices = colour_names, .filterable = true, .sortable = true),
    FIELD(thing, is_open, .filterable = true),
    FIELD(thing, qty, .min = -5, .max = 1000, .filterable = true, .sortable = true),
    FIELD(thing, price, .price = true, .sortable = true, .filterable = true),
    FIELD(thing, made_at, .access = ON_CREATE, .required = true, .sortable = true, .filterable = true),
    FIELD(thing, due_at, .sortable = true, .filterable = true),
    FIELD(thing, hint, .no_column = true, .access = READ_ONLY),
    FIELD(thing, version, .access = READ_ONLY),
};
static const struct record thing_record = RECORD(thing, "things", thing_fields);

/* ---- JSON ---- */

struct json_case {
    const char *text;
    enum record_read_mode mode;
    const char *errors;
}; /* "field: text; …" */

static const char create_min[] =
    "{\"account_id\":\"7\",\"name\":\"Pram\",\"made_at\":\"2026-01-02T03:04:05Z\"}";

static str errors_text(struct arena *a, const struct err *err)
{
    struct buf b = buf_in(a);
    for (int i = 0; i < err->count; i++)
        buf_print(&b, "%s%s: %s", i ? "; " : "", err->item[i].field, err->item[i].text);
    return buf_str(&b);
}

static bool read_thing(struct arena *a, const char *text, enum record_read_mode mode, struct thing *out,
                       uint64_t *set, struct err *err)
{
    const struct json *root;
    return json_read(a, str_of(text), 1 << 16, &root, err) &&
           record_read_json(&thing_record, root, mode, a, out, set, err);
}

static void a_body_tells_all_its_errors_at_once(void **state)
{
    (void)state;
    static const struct json_case cases[] = {
        { create_min, READ_CREATE, "" },
        { "{}", READ_CREATE, "account_id: is needed; name: is needed; made_at: is needed" },
        { "{}", READ_UPDATE, "" },
        { "[]", READ_UPDATE, ": must be an object" },
        { "null", READ_UPDATE, ": must be an object" },
        { "{\"id\":\"5\",\"account_id\":\"7\",\"x\":1}", READ_UPDATE,
          "id: can only be read; account_id: cannot be changed later; x: is not known here" },
        { "{\"search\":\"x\",\"hint\":\"y\",\"version\":3}", READ_UPDATE,
          "search: is not known here; hint: can only be read; version: can only be read" },
        { "{\"name\":\"  "
          "\",\"qty\":1.5,\"price\":12.5,\"due_at\":\"tomorrow\",\"owner_id\":5,\"colour\":\"pink\",\"is_"
          "open\":1}",
          READ_UPDATE,
          "name: is needed; qty: must be a whole number; price: must be an amount such as \"12.50\"; "
          "due_at: must be a time such as \"2026-12-16T04:04:00Z\"; owner_id: must be an id, as text; "
          "colour: must be one of red, green, blue; is_open: must be true or false" },
        { "{\"name\":null,\"qty\":null,\"price\":null,\"colour\":null,\"due_at\":null,\"owner_id\":null,"
          "\"phone\":null}",
          READ_UPDATE,
          "name: is needed; qty: must not be null; price: must not be null; colour: must not be null" },
        { "{\"qty\":1001}", READ_UPDATE, "qty: must be -5 to 1000" },
        { "{\"qty\":\"7\"}", READ_UPDATE, "qty: must be a whole number" },
        { "{\"qty\":1e2}", READ_UPDATE, "qty: must be a whole number" },
        { "{\"qty\":99999999999999999999}", READ_UPDATE, "qty: must be a whole number" },
        { "{\"owner_id\":\"-1\",\"price\":\"1,5\"}", READ_UPDATE,
          "owner_id: must be an id, as text; price: must be an amount such as \"12.50\"" },
        { "{\"name\":\"12345678901234567890123456789012345678901\"}", READ_UPDATE,
          "name: must be at most 40 bytes long" },
        { "{\"name\":{\"a\":[]},\"phone\":[1]}", READ_UPDATE, "name: must be a text; phone: must be a text" },
        { "{\""
          "\xD1\x8F\xD1\x8F\xD1\x8F\xD1\x8F\xD1\x8F\xD1\x8F\xD1\x8F\xD1\x8F\xD1\x8F\xD1\x8F\xD1\x8F\xD1\x8F"
          "\xD1\x8F\xD1\x8F\xD1\x8F\xD1\x8F"
          "\xD1\x8F\xD1\x8F\xD1\x8F\xD1\x8F\xD1\x8F\xD1\x8F\xD1\x8F\xD1\x8F\xD1\x8F\xD1\x8F\xD1\x8F\xD1\x8F"
          "\xD1\x8F\xD1\x8F\xD1\x8F\xD1\x8F"
          "\":1}",
          READ_UPDATE, "яяяяяяяяяяяяяяяяяяяяяяяяяяяяяяя: is not known here" },
    };
    CLEANUP(arena_done) struct arena a = { 0 };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct thing t = { .qty = 42 }, before = t;
        uint64_t set = 99;
        struct err err = { 0 };
        bool ok = read_thing(&a, cases[i].text, cases[i].mode, &t, &set, &err);
        assert_string_equal(str_zero(&a, errors_text(&a, &err)), cases[i].errors);
        assert_int_equal(ok, !*cases[i].errors);
        if (!ok) {
            assert_int_equal(err.code, ERR_BODY_INVALID);
            assert_memory_equal(&t, &before, sizeof t);
            assert_int_equal(set, 99);
        }
    }
}

static void more_errors_than_fit_are_no_harm(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    struct buf b = buf_in(&a);
    buf_add_char(&b, '{');
    for (int i = 0; i < 500; i++)
        buf_print(&b, "%s\"k%d\":[[[{}]]]", i ? "," : "", i);
    buf_add_char(&b, '}');
    struct thing t = { 0 };
    struct err err = { 0 };
    assert_false(read_thing(&a, str_zero(&a, buf_str(&b)), READ_UPDATE, &t, NULL, &err));
    assert_int_equal(err.code, ERR_BODY_INVALID);
    assert_int_equal(err.count, ERR_ITEMS_MAX);
}

static void an_edit_keeps_what_did_not_come(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    struct thing t = { .name = STR("Pram"), .qty = 3, .due_at = { 5000 }, .owner_id = { 9 } };
    uint64_t set = 0;
    struct err err = { 0 };
    assert_true(read_thing(
        &a, "{\"price\":\"129.90\",\"due_at\":null,\"colour\":\"blue\",\"is_open\":true,\"secret\":\"s\"}",
        READ_UPDATE, &t, &set, &err));
    assert_true(str_is(t.name, "Pram") && t.qty == 3 && t.owner_id.v == 9);
    assert_int_equal(t.price.minor, 12990);
    assert_false(instant_is_set(t.due_at));
    assert_true(t.colour == COLOUR_BLUE && t.is_open && str_is(t.secret, "s"));
    uint64_t expected = 0;
    static const char *const came[] = { "price", "due_at", "colour", "is_open", "secret" };
    for (int i = 0; i < COUNT_OF(came); i++)
        expected |= UINT64_C(1) << (record_field(&thing_record, str_of(came[i])) - thing_fields);
    assert_int_equal(set, expected);
}

static struct thing sample(void)
{
    return (struct thing){ .id = { 11 },
                           .account_id = { 7 },
                           .name = STR("Коляска \"А\";1"),
                           .phone = STR("+77771234567"),
                           .secret = STR("hush"),
                           .search = STR("коляска"),
                           .colour = COLOUR_GREEN,
                           .is_open = true,
                           .qty = -2,
                           .price = { 12990 },
                           .made_at = { 1767322800123 },
                           .hint = STR("h"),
                           .version = 4 };
}

static const char *thing_json(struct arena *a, const struct thing *t, const struct record_view *view)
{
    struct buf b = buf_in(a);
    struct json_out j = json_out(&b);
    record_write_json(&thing_record, t, &j, NULL, view);
    return str_zero(a, buf_str(&b));
}

static void a_reader_gets_what_he_may_see(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    struct thing t = sample();
    struct record_view none = { 0 };
    assert_string_equal(thing_json(&a, &t, NULL),
                        "{\"id\":\"11\",\"account_id\":\"7\",\"owner_id\":null,\"name\":\"Коляска "
                        "\\\"А\\\";1\",\"phone\":\"+77771234567\","
                        "\"colour\":\"green\",\"is_open\":true,\"qty\":-2,\"price\":\"129.90\",\"made_at\":"
                        "\"2026-01-02T03:00:00.123Z\","
                        "\"due_at\":null,\"hint\":\"h\",\"version\":4}");
    assert_null(strstr(thing_json(&a, &t, &none), "1234567"));
    assert_null(strstr(thing_json(&a, &t, &none), "price"));
    t.phone = STR("maria@example.kz");
    assert_null(strstr(thing_json(&a, &t, &none), "maria"));
    t.phone = STR("Абая 10, кв. 5");
    assert_non_null(strstr(thing_json(&a, &t, &none), "\"phone\":\"•••\""));
    t.phone = (str){ 0 };
    assert_non_null(strstr(thing_json(&a, &t, &none), "\"phone\":\"\""));
}

static void a_table_row_quotes_and_hides_as_json_does(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    struct thing t = sample();
    struct record_view none = { .contacts = true };
    struct buf b = buf_in(&a);
    record_csv_head(&thing_record, &b, NULL);
    record_csv_row(&thing_record, &t, &b, NULL);
    record_csv_head(&thing_record, &b, &none);
    record_csv_row(&thing_record, &t, &b, &none);
    assert_string_equal(
        str_zero(&a, buf_str(&b)),
        "id;account_id;owner_id;name;phone;colour;is_open;qty;price;made_at;due_at;hint;version\r\n"
        "11;7;;\"Коляска \"\"А\"\";1\";+77771234567;green;true;-2;129.90;2026-01-02T03:00:00.123Z;;h;4\r\n"
        "id;account_id;owner_id;name;phone;colour;is_open;qty;made_at;due_at;hint;version\r\n"
        "11;7;;\"Коляска \"\"А\"\";1\";+77771234567;green;true;-2;2026-01-02T03:00:00.123Z;;h;4\r\n");
}

static const struct json *schema_of(struct arena *a, enum record_schema which)
{
    struct buf b = buf_in(a);
    struct json_out j = json_out(&b);
    const struct json *root;
    struct err err = { 0 };
    record_schema(&thing_record, which, &j, NULL);
    assert_true(json_read(a, buf_str(&b), 1 << 20, &root, &err));
    return root;
}

static const char *names_of(struct arena *a, const struct json *list)
{
    struct buf b = buf_in(a);
    JSON_EACH(name, list)
        buf_print(&b, "%s%.*s", b.len ? " " : "",
                  STR_ARG(list->kind == JSON_OBJECT ? name->key : json_str(name)));
    return str_zero(a, buf_str(&b));
}

static void a_schema_says_what_may_be_sent_and_what_comes(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    const struct json *reply = schema_of(&a, SCHEMA_REPLY), *create = schema_of(&a, SCHEMA_CREATE),
                      *edit = schema_of(&a, SCHEMA_EDIT);
    assert_string_equal(
        names_of(&a, json_get(reply, "properties")),
        "id account_id owner_id name phone colour is_open qty price made_at due_at hint version");
    assert_string_equal(names_of(&a, json_get(reply, "required")),
                        "id account_id owner_id name phone colour is_open qty made_at due_at hint version");
    assert_string_equal(names_of(&a, json_get(create, "properties")),
                        "account_id owner_id name phone secret colour is_open qty price made_at due_at");
    assert_string_equal(names_of(&a, json_get(create, "required")), "account_id name made_at");
    assert_string_equal(names_of(&a, json_get(edit, "properties")),
                        "owner_id name phone secret colour is_open qty price due_at");
    assert_null(json_get(edit, "required"));
    assert_string_equal(names_of(&a, json_path(edit, "properties.colour.enum")), "red green blue");
    assert_string_equal(names_of(&a, json_path(reply, "properties.due_at.type")), "string null");
    assert_true(str_is(json_str(json_path(reply, "properties.id.type")), "string"));
    assert_true(str_is(json_str(json_path(create, "properties.qty.maximum")), "1000"));
    assert_true(json_true(json_path(create, "properties.secret.writeOnly")));
    assert_true(str_is(json_str(json_path(create, "properties.name.description")), "what people call it"));
}

static void the_search_key_holds_every_searchable_field(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    struct thing t = { .name = STR("Ёлка-7"), .phone = STR("+7 777"), .secret = STR("no") };
    assert_string_equal(str_zero(&a, record_search_text(&thing_record, &t, &a)), "елка 7 7 777");
}

static void a_difference_names_the_fields_that_differ(void **state)
{
    (void)state;
    struct thing x = sample(), y = sample();
    y.name = (str){ (char[]){ "Коляска \"А\";1" }, y.name.len };
    y.version = 77;
    assert_int_equal(record_diff(&thing_record, &x, &y), 0);
    y.name.len--;
    y.colour = COLOUR_BLUE;
    y.is_open = false;
    y.due_at = (instant){ 1 };
    uint64_t set = record_diff(&thing_record, &x, &y);
    for (int i = 0; i < thing_record.count; i++) {
        const char *name = thing_fields[i].name;
        bool differs = !strcmp(name, "name") || !strcmp(name, "colour") || !strcmp(name, "is_open") ||
                       !strcmp(name, "due_at");
        assert_int_equal(set >> i & 1, differs);
    }
}

/* ---- the database ---- */

static const struct sql make_table = {
    "test.make",
    "CREATE TABLE things (id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL, owner_id INTEGER, name TEXT "
    "NOT NULL, phone TEXT NOT NULL, "
    "secret TEXT NOT NULL, search TEXT NOT NULL, colour TEXT NOT NULL CHECK (colour IN ('red', 'green', "
    "'blue')), is_open INTEGER NOT NULL, "
    "qty INTEGER NOT NULL, price INTEGER NOT NULL, made_at INTEGER NOT NULL, due_at INTEGER, version INTEGER "
    "NOT NULL, "
    "extra TEXT) STRICT",
    "CREATE TABLE things (id BIGINT PRIMARY KEY, account_id BIGINT NOT NULL, owner_id BIGINT, name TEXT NOT "
    "NULL, phone TEXT NOT NULL, "
    "secret TEXT NOT NULL, search TEXT NOT NULL, colour TEXT NOT NULL CHECK (colour IN ('red', 'green', "
    "'blue')), is_open BIGINT NOT NULL, "
    "qty BIGINT NOT NULL, price BIGINT NOT NULL, made_at BIGINT NOT NULL, due_at BIGINT, version BIGINT NOT "
    "NULL, extra TEXT)",
};

/* One store, one connection, one arena; what a test writes goes through run(). */
struct ground { struct db_pool *pool; struct db *db; struct arena a; struct err err; };

static bool table_work(struct db *db, void *ctx, struct err *err)
{
    (void)ctx;
    struct stmt st = db_query(db, &make_table);
    return db_exec(&st, err);
}

static void ground_init(struct ground *g, void **state)
{
    *g = (struct ground){ .pool = test_store_open(*state) };
    g->db = db_borrow(g->pool);
    assert_true(db_tx(g->db, table_work, NULL, &g->err));
}

static void ground_done(struct ground *g)
{
    db_return(g->pool, g->db);
    db_close(g->pool);
    arena_done(&g->a);
}

enum what { INSERT, UPDATE, DELETE };
struct change { enum what what; const struct thing *rows; int count; uint64_t set; rid id; int64_t version; };

static bool change_work(struct db *db, void *ctx, struct err *err)
{
    const struct change *c = ctx;
    switch (c->what) {
    case INSERT: return record_insert_many(db, &thing_record, c->rows, c->count, err);
    case UPDATE: return record_update(db, &thing_record, c->rows, c->set, err);
    case DELETE: return record_delete(db, &thing_record, c->id, c->version, err);
    }
    return false;
}

static bool run(struct ground *g, struct change c)
{
    err_clear(&g->err);
    return db_tx(g->db, change_work, &c, &g->err);
}

static uint64_t bit(const char *name)
{
    return UINT64_C(1) << (record_field(&thing_record, str_of(name)) - thing_fields);
}

static bool same(struct arena *a, const struct thing *x, const struct thing *y)
{
    return strcmp(thing_json(a, x, NULL), thing_json(a, y, NULL)) == 0 && str_eq(x->secret, y->secret) &&
           str_eq(x->search, y->search);
}

static void a_row_comes_back_as_it_was_stored(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct thing full = sample(),
                 empty = { .id = { 12 }, .account_id = { 1 }, .made_at = { -1 }, .price = { -5 } }, got;
    full.hint = (str){ 0 };
    assert_true(run(&g, (struct change){ INSERT, &full, 1 }));
    assert_true(run(&g, (struct change){ INSERT, &empty, 1 }));
    assert_true(record_get(g.db, &thing_record, full.id, &g.a, &got, &g.err));
    got.hint = (str){ 0 };
    assert_true(same(&g.a, &got, &full));
    got = (struct thing){ 0 };
    assert_true(record_get(g.db, &thing_record, empty.id, &g.a, &got, &g.err));
    assert_true(same(&g.a, &got, &empty));
    assert_false(record_get(g.db, &thing_record, (rid){ 13 }, &g.a, &got, &g.err));
    assert_int_equal(g.err.code, ERR_NOT_FOUND);
    assert_false(run(&g, (struct change){ INSERT, &full, 1 }));
    assert_int_equal(g.err.code, ERR_DB_CONFLICT);
    ground_done(&g);
}

static void rows_load_in_the_order_asked_for(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct thing rows[60] = { 0 };
    for (int i = 0; i < 60; i++)
        rows[i] = (struct thing){
            .id = { i + 1 }, .account_id = { 1 }, .name = str_print(&g.a, "n%d", i + 1), .made_at = { 1 }
        };
    assert_true(run(&g, (struct change){ INSERT, rows, 60 }));
    rid ask[64];
    for (int i = 0; i < 62; i++)
        ask[i] = (rid){ 62 - i };        /* two of them do not exist */
    ask[62] = (rid){ 5 };                /* twice */
    ask[63] = (rid){ 0 };
    struct thing out[64] = { 0 };
    int found = -1;
    int64_t before = db_statements(g.db);
    assert_true(record_load(g.db, &thing_record, ask, 64, &g.a, out, &found, &g.err));
    assert_int_equal(db_statements(g.db) - before, 1);
    assert_int_equal(found, 61);
    for (int i = 0; i < 60; i++)
        assert_int_equal(out[i].id.v, 60 - i);
    assert_true(out[60].id.v == 5 && str_is(out[60].name, "n5"));
    assert_true(record_load(g.db, &thing_record, ask, 0, &g.a, out, &found, &g.err));
    assert_int_equal(found, 0);
    ground_done(&g);
}

static void an_update_writes_only_what_came_to_the_version_seen(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct thing t = sample(), got = { 0 };
    assert_true(run(&g, (struct change){ INSERT, &t, 1 }));
    t.name = STR("New");
    t.qty  = 77;
    t.due_at = (instant){ 5 };
    assert_true(
        run(&g, (struct change){ UPDATE, &t, 1,
                                 bit("name") | bit("due_at") | bit("id") | bit("version") | bit("hint") }));
    assert_true(record_get(g.db, &thing_record, t.id, &g.a, &got, &g.err));
    assert_true(str_is(got.name, "New") && got.qty == -2 && got.due_at.ms == 5 && got.version == 5);
    assert_false(run(&g, (struct change){ UPDATE, &t, 1, bit("qty") }));
    assert_int_equal(g.err.code, ERR_VERSION_OLD);
    t.version = 5;
    assert_true(run(&g, (struct change){ UPDATE, &t, 1, 0 }));
    t.id = (rid){ 99 };
    assert_false(run(&g, (struct change){ UPDATE, &t, 1, bit("qty") }));
    assert_int_equal(g.err.code, ERR_NOT_FOUND);
    err_clear(&g.err);
    assert_true(record_get(g.db, &thing_record, (rid){ 11 }, &g.a, &got, &g.err));
    assert_int_equal(got.version, 6);
    ground_done(&g);
}

/* Clients choose the fields of an edit: more choices than the table of statements keeps must work as well. */
static void any_set_of_fields_can_be_updated(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct thing t = sample(), got = { 0 };
    assert_true(run(&g, (struct change){ INSERT, &t, 1 }));
    static const char *const names[] = { "owner_id", "name", "phone", "secret", "colour",
                                         "is_open",  "qty",  "price", "due_at" };
    for (unsigned mask = 0; mask < 450; mask++) {
        uint64_t set = 0;
        for (unsigned i = 0; i < COUNT_OF(names); i++)
            set |= mask & BIT(i) ? bit(names[i]) : 0;
        t.price = (amount){ mask };
        assert_true(run(&g, (struct change){ UPDATE, &t, 1, set }));
        t.version++;
    }
    assert_true(record_get(g.db, &thing_record, t.id, &g.a, &got, &g.err));
    assert_int_equal(got.version, t.version);
    assert_int_equal(got.price.minor, 449);              /* the last one had the bit of the price */
    ground_done(&g);
}

static void a_delete_needs_the_version_seen(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct thing t = sample();
    assert_true(run(&g, (struct change){ INSERT, &t, 1 }));
    assert_false(run(&g, (struct change){ DELETE, .id = t.id, .version = 3 }));
    assert_int_equal(g.err.code, ERR_VERSION_OLD);
    assert_true(run(&g, (struct change){ DELETE, .id = t.id, .version = 4 }));
    assert_false(run(&g, (struct change){ DELETE, .id = t.id, .version = 4 }));
    assert_int_equal(g.err.code, ERR_NOT_FOUND);
    ground_done(&g);
}

static void hand_written_columns_find_their_fields_by_name(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct thing rows[3] = { sample(), sample(), sample() };
    rows[1].id.v = 21;
    rows[2].id.v = 31;
    assert_true(run(&g, (struct change){ INSERT, rows, 3 }));
    static const struct sql join = { "test.join",
                                     "SELECT b.version AS more, a.qty, a.name, 'yes' AS hint, b.id AS other, "
                                     "a.id, b.id FROM things a JOIN things b ON b.id <> a.id "
                                     "ORDER BY a.id, b.id" };
    int count = 0;
    {
        CLEANUP(stmt_done) struct stmt st = db_query(g.db, &join);
        while (db_row(&st)) {
            struct thing t = { .version = 9 };
            record_scan(&thing_record, &st, &g.a, &t);
            assert_true(t.qty == -2 && t.version == 9 && str_is(t.hint, "yes") &&
                        str_eq(t.name, rows[0].name));
            assert_int_equal(t.id.v, rows[count / 2].id.v);
            count++;
        }
        assert_true(db_ok(&st, &g.err));
    }
    assert_int_equal(count, 6);
    /* Texts that take turns at one address must not be mixed up. */
    for (int i = 0; i < 300; i++) {
        str text = str_print(
            &g.a, i % 2 ? "SELECT %d AS x, id, qty FROM things" : "SELECT %d AS x, qty, id FROM things", i);
        CLEANUP(stmt_done) struct stmt st = db_query_text(g.db, "test.turn", text);
        struct thing t = { 0 };
        assert_true(db_row(&st));
        record_scan(&thing_record, &st, &g.a, &t);
        assert_true(t.qty == -2 && t.id.v > 0);
    }
    ground_done(&g);
}

struct short_thing { rid id; str name; };
static const struct field short_fields[] = { FIELD(short_thing, id), FIELD(short_thing, name) };
struct odd_thing { rid id, account_id; int64_t name; };
static const struct field odd_fields[] = { FIELD(odd_thing, id), FIELD(odd_thing, account_id),
                                           FIELD(odd_thing, name) };
struct long_thing { rid id; int64_t wings; };
static const struct field long_fields[] = { FIELD(long_thing, id), FIELD(long_thing, wings) };

static void a_record_that_differs_from_its_table_is_named(void **state)
{
    static const struct { struct record record; const char *text; } cases[] = {
        { RECORD(short_thing, "things", short_fields), "must be filled" },
        { RECORD(odd_thing, "things", odd_fields), "column name is TEXT" },
        { RECORD(long_thing, "wagons", long_fields), "there is no such table" },
    };
    struct ground g;
    ground_init(&g, state);
    assert_true(record_check(g.db, &thing_record, &g.err));
    for (int i = 0; i < COUNT_OF(cases); i++) {
        err_clear(&g.err);
        assert_false(record_check(g.db, &cases[i].record, &g.err));
        assert_int_equal(g.err.code, ERR_INTERNAL);
        assert_non_null(strstr(g.err.item[0].text, cases[i].text));
    }
    ground_done(&g);
}

/* ---- lists ---- */

static unsigned next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(*seed >> 33);
}

#define ROWS 120
static void random_rows(struct ground *g, uint64_t seed, struct thing *rows)
{
    static const char *const names[] = { "a", "b", "bb", "Яблоко", "коляска", "a b", "z\n1", "ё" };
    for (int i = 0; i < ROWS; i++) {
        rows[i] = (struct thing){ .id = { (int64_t)i * 3 + 1 },
                                  .account_id = { 1 + next_random(&seed) % 3 },
                                  .owner_id = { next_random(&seed) % 4 },
                                  .name = str_of(names[next_random(&seed) % COUNT_OF(names)]),
                                  .colour = next_random(&seed) % 3,
                                  .qty = (int64_t)(next_random(&seed) % 9) - 4,
                                  .is_open = next_random(&seed) % 2,
                                  .price = { next_random(&seed) % 5 },
                                  .made_at = { 1000 + next_random(&seed) % 20 },
                                  .version = 1 };
        rows[i].due_at.ms = next_random(&seed) % 2 ? 0 : 500 + next_random(&seed) % 10;
        rows[i].search = record_search_text(&thing_record, &rows[i], &g->a);
    }
    assert_true(run(g, (struct change){ INSERT, rows, ROWS }));
}

/* What the sort says in C, not set last in both directions. */
static const struct field *order_field;
static bool order_down;

static int order_of(const void *px, const void *py)
{
    const struct thing *x = px, *y = py;
    int sign = order_down ? -1 : 1, by = 0;
    const struct field *f = order_field;
    if (f->kind == KIND_TEXT) {
        by = str_cmp(field_text(f, x), field_text(f, y));
    } else if (f->kind == KIND_CHOICE) {
        by = strcmp(colour_names[x->colour], colour_names[y->colour]);
    } else {
        int64_t a = field_int(f, x), b = field_int(f, y);
        bool nullable = f->kind == KIND_INSTANT || f->kind == KIND_ID;
        if (nullable && (a == 0) != (b == 0))
            return a == 0 ? 1 : -1;
        by = (a > b) - (a < b);
    }
    if (!by)
        by = (x->id.v > y->id.v) - (x->id.v < y->id.v);
    return by * sign;
}

struct list_case { const char *filter; bool (*keeps)(const struct thing *); };
static bool keeps_all(const struct thing *t) { (void)t; return true; }
static bool keeps_some(const struct thing *t)
{
    return t->colour != COLOUR_BLUE && t->qty >= -2 && t->qty <= 3;
}
static bool keeps_unowned(const struct thing *t) { return !t->owner_id.v && t->is_open; }
static bool keeps_dated(const struct thing *t)
{
    return t->made_at.ms >= 1005 && t->made_at.ms < 1015 && t->qty != 0;
}
static bool keeps_found(const struct thing *t) { return str_is(t->name, "коляска"); }
static bool keeps_owned(const struct thing *t) { return t->owner_id.v == 1 || t->owner_id.v == 3; }
static bool keeps_named(const struct thing *t) { return str_is(t->name, "bb") || str_is(t->name, "a b"); }
static bool keeps_priced(const struct thing *t) { return t->price.minor == 3; }

static const struct list_case list_cases[] = {
    { "", keeps_all },
    { "&colour=red%2Cgreen&qty_from=-2&qty_to=3", keeps_some },
    { "&owner_id=&is_open=true", keeps_unowned },
    { "&made_from=1970-01-01T00:00:01.005Z&made_at_to=1970-01-01T00:00:01.015Z&qty=-4,-3,-2,-1,1,2,3,4",
      keeps_dated },
    { "&q=%D0%9A%D0%9E%D0%9B%D1%8F", keeps_found },
    { "&owner_id=1,3", keeps_owned },
    { "&name=bb,a+b", keeps_named },
    { "&price=0.03", keeps_priced },
};

static void pages_are_the_whole(struct ground *g, const struct thing *rows, const char *sort, int limit,
                                const struct list_case *c)
{
    struct record_query query = { .search_column = "o.search", .where = "o.version = 1" };
    struct thing expected[ROWS], page[200];
    int want = 0, seen = 0, count = 0;
    for (int i = 0; i < ROWS; i++)
        if (c->keeps(&rows[i]))
            expected[want++] = rows[i];
    order_down  = sort[0] == '-';
    order_field = record_field(&thing_record, str_of(sort + order_down));
    qsort(expected, (size_t)want, sizeof *expected, order_of);
    str next = { 0 };
    do {
        struct arena_mark mark CLEANUP(arena_back) = arena_mark(&g->a);
        char cursor[400];
        snprintf(cursor, sizeof cursor, "%.*s", STR_ARG(next));
        str url = str_print(&g->a, "sort=%s&limit=%d%s%s%s", sort, limit, c->filter,
                            next.len ? "&after=" : "", cursor);
        int64_t before = db_statements(g->db);
        if (!record_list(g->db, &thing_record, &query, url, &g->a, page, &count, &next, &g->err))
            fail_msg("%.*s: %s %s", STR_ARG(url), g->err.item[0].text, g->err.trail);
        assert_int_equal(db_statements(g->db) - before, 1);
        assert_true(count <= limit && seen + count <= want);
        for (int i = 0; i < count; i++)
            if (!id_eq(page[i].id, expected[seen + i].id))
                fail_msg("%.*s: row %d is %d, not %d", STR_ARG(url), seen + i, (int)page[i].id.v,
                         (int)expected[seen + i].id.v);
        seen += count;
        static char kept[400];
        snprintf(kept, sizeof kept, "%.*s", STR_ARG(next));
        next = str_of(kept);
    } while (next.len);
    assert_int_equal(seen, want);
}

static void all_pages_together_are_the_sorted_whole(void **state)
{
    static const char *const sorts[] = { "id",    "name",    "colour", "qty",
                                         "price", "made_at", "due_at", "owner_id" };
    static const int limits[] = { 7, 40, 200 };
    struct ground g;
    ground_init(&g, state);
    struct thing rows[ROWS];
    random_rows(&g, 20260116, rows);
    char sort[32];
    for (int s = 0; s < COUNT_OF(sorts) * 2; s++)
        for (int l = 0; l < COUNT_OF(limits); l++)
            for (int c = 0; c < COUNT_OF(list_cases); c++) {
                snprintf(sort, sizeof sort, "%s%s", s % 2 ? "-" : "", sorts[s / 2]);
                pages_are_the_whole(&g, rows, sort, limits[l], &list_cases[c]);
            }
    pages_are_the_whole(&g, rows, "due_at", 1, &list_cases[0]);
    pages_are_the_whole(&g, rows, "-due_at", 1, &list_cases[0]);
    ground_done(&g);
}

static void a_scope_leaves_out_other_accounts(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct thing rows[ROWS], page[200];
    random_rows(&g, 7, rows);
    static const rid scope[] = { { 1 }, { 3 } };
    for (int n = 1; n <= 2; n++) {
        struct record_query query = {
            .accounts = scope, .accounts_count = n, .from = "things o", .default_sort = "-made_at"
        };
        int want = 0, count = 0;
        str next;
        for (int i = 0; i < ROWS; i++)
            want += rows[i].account_id.v == 1 || (n == 2 && rows[i].account_id.v == 3);
        assert_true(
            record_list(g.db, &thing_record, &query, STR("limit=200"), &g.a, page, &count, &next, &g.err));
        assert_int_equal(count, want);
        assert_int_equal(next.len, 0);
    }
    ground_done(&g);
}

static void a_wrong_address_is_refused_with_its_parameter(void **state)
{
    static const struct { const char *query, *field;
    } cases[] = {
        { "wings=2", "wings" },
        { "phone=1", "phone" },
        { "secret=x", "secret" },
        { "hint=x", "hint" },
        { "search=x", "search" },
        { "limit=0", "limit" },
        { "limit=201", "limit" },
        { "limit=x", "limit" },
        { "limit=1&limit=2", "limit" },
        { "sort=phone", "sort" },
        { "sort=", "sort" },
        { "sort=--id", "sort" },
        { "sort=id;drop", "sort" },
        { "colour=pink", "colour" },
        { "colour=", "colour" },
        { "colour=red,", "colour" },
        { "colour=red&colour=green", "colour" },
        { "qty=x", "qty" },
        { "qty=1.0", "qty" },
        { "qty_from=", "qty_from" },
        { "qty=", "qty" },
        { "name_from=a", "name_from" },
        { "price=1,,2", "price" },
        { "price_to=0.001", "price_to" },
        { "made_at=now", "made_at" },
        { "is_open=1", "is_open" },
        { "owner_id=0", "owner_id" },
        { "owner_id=99999999999999999999", "owner_id" },
        { "_from=1", "_from" },
        { "=1", "" },
        { "q=ab", "q" },
        { "q=a+b+c+d", "q" },
        { "q=aaa+b+c+d+e+f+g+h+i", "q" },
        { "after=x", "after" },
        { "after=AAAA", "after" },
        { "after=%FF", "after" },
        { "name=%00", "name" },
        { "%zz=1", "" },
        { "after=aWQKMQp2eA", "after" },
        /* id 1 vx */ { "after=cXR5CjEKdjE", "after" }, /* of sort qty */
        { "after=aWQKMQpu", "after" },
        /* id 1 n */ { "after=aWQKMA", "after" }, /* id 0 */
    };
    struct ground g;
    ground_init(&g, state);
    struct record_query query = { .search_column = "o.search" };
    struct thing page[200];
    int count = -1;
    str next;
    for (int i = 0; i < COUNT_OF(cases); i++) {
        err_clear(&g.err);
        if (record_list(g.db, &thing_record, &query, str_of(cases[i].query), &g.a, page, &count, &next,
                        &g.err))
            fail_msg("%s was taken", cases[i].query);
        assert_int_equal(g.err.code, ERR_QUERY_INVALID);
        assert_string_equal(g.err.item[0].field, cases[i].field);
    }
    struct record_view none = { 0 };
    query.view = &none;
    query.own  = (const char *const[]){ "wings", NULL };
    assert_false(
        record_list(g.db, &thing_record, &query, STR("sort=price"), &g.a, page, &count, &next, &g.err));
    assert_false(
        record_list(g.db, &thing_record, &query, STR("price_from=1"), &g.a, page, &count, &next, &g.err));
    err_clear(&g.err);
    assert_true(record_list(g.db, &thing_record, &query, STR("wings=2&&q=&after="), &g.a, page, &count, &next,
                            &g.err));
    assert_int_equal(count, 0);
    ground_done(&g);
}

/* Random bytes in place of a cursor or a whole address: refused or harmless, never a database error. */
static void no_cursor_breaks_a_list(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct record_query query = { .search_column = "o.search" };
    struct thing rows[ROWS], page[200];
    random_rows(&g, 3, rows);
    uint64_t seed = 99;
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    int count;
    str next, good;
    assert_true(record_list(g.db, &thing_record, &query, STR("sort=name&limit=5"), &g.a, page, &count, &good,
                            &g.err));
    for (int i = 0; i < 2000; i++) {
        struct arena_mark mark CLEANUP(arena_back) = arena_mark(&g.a);
        char *cursor = str_zero(&g.a, good);
        for (unsigned k = 0; k < 1 + next_random(&seed) % 3; k++)
            cursor[next_random(&seed) % good.len] = letters[next_random(&seed) % 64];
        str url = str_print(&g.a, "sort=name&after=%s", cursor);
        err_clear(&g.err);
        if (!record_list(g.db, &thing_record, &query, url, &g.a, page, &count, &next, &g.err))
            assert_int_equal(g.err.code, ERR_QUERY_INVALID);
    }
    ground_done(&g);
}

int main(void)
{
    static const struct CMUnitTest plain[] = {
        cmocka_unit_test(a_body_tells_all_its_errors_at_once),
        cmocka_unit_test(more_errors_than_fit_are_no_harm),
        cmocka_unit_test(an_edit_keeps_what_did_not_come),
        cmocka_unit_test(a_reader_gets_what_he_may_see),
        cmocka_unit_test(a_table_row_quotes_and_hides_as_json_does),
        cmocka_unit_test(a_schema_says_what_may_be_sent_and_what_comes),
        cmocka_unit_test(a_difference_names_the_fields_that_differ),
        cmocka_unit_test(the_search_key_holds_every_searchable_field),
    };
    static const struct CMUnitTest stored[] = {
        cmocka_unit_test(a_row_comes_back_as_it_was_stored),
        cmocka_unit_test(rows_load_in_the_order_asked_for),
        cmocka_unit_test(an_update_writes_only_what_came_to_the_version_seen),
        cmocka_unit_test(any_set_of_fields_can_be_updated),
        cmocka_unit_test(a_delete_needs_the_version_seen),
        cmocka_unit_test(hand_written_columns_find_their_fields_by_name),
        cmocka_unit_test(a_record_that_differs_from_its_table_is_named),
        cmocka_unit_test(all_pages_together_are_the_sorted_whole),
        cmocka_unit_test(a_scope_leaves_out_other_accounts),
        cmocka_unit_test(a_wrong_address_is_refused_with_its_parameter),
        cmocka_unit_test(no_cursor_breaks_a_list),
    };
    return cmocka_run_group_tests(plain, NULL, NULL) + test_stores(stored, COUNT_OF(stored));
}
