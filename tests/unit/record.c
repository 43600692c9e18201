/* The pure half of the record engine: JSON, CSV, schema. */
#include "unit/record_thing.h"

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

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_tells_all_its_errors_at_once),
        cmocka_unit_test(more_errors_than_fit_are_no_harm),
        cmocka_unit_test(an_edit_keeps_what_did_not_come),
        cmocka_unit_test(a_reader_gets_what_he_may_see),
        cmocka_unit_test(a_table_row_quotes_and_hides_as_json_does),
        cmocka_unit_test(a_schema_says_what_may_be_sent_and_what_comes),
        cmocka_unit_test(a_difference_names_the_fields_that_differ),
        cmocka_unit_test(the_search_key_holds_every_searchable_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
