/* A body read into a record, and the address of a list: what record_write_json shows of it reads the same again. */
#include "fuzz/fuzz.h"
#include "record/record.h"

static const char *const colours[] = { "red", "green", NULL };
struct thing {
    rid      id, owner_id;
    int64_t  count, version;
    bool     is_big;
    str      name, note;
    amount   price;
    instant  made_at;
    unsigned colour;
};
static const struct field thing_fields[] = {
    FIELD(thing, id, .access = READ_ONLY),
    FIELD(thing, owner_id),
    FIELD(thing, count, .min = -5, .max = 1000),
    FIELD(thing, version, .access = READ_ONLY),
    FIELD(thing, is_big),
    FIELD(thing, name, .required = true, .max = 20),
    FIELD(thing, note, .access = SECRET),
    FIELD(thing, price),
    FIELD(thing, made_at),
    FIELD(thing, colour, .choices = colours),
};
static const struct record thing_record = RECORD(thing, "things", thing_fields);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { .ceiling_bytes = FUZZ_ARENA_BYTES };
    struct err   err   = { 0 };
    const struct json *root;
    struct thing thing = { 0 };
    uint64_t     set   = 0;
    if (json_read(&arena, (str){ (const char *)data, size }, 1 << 20, &root, &err)) {
        if (record_read_json(&thing_record, root, READ_UPDATE, &arena, &thing, &set, &err))
            FUZZ_CHECK(set < UINT64_C(1) << thing_record.count);
        else
            FUZZ_CHECK(err_is_set(&err));
        struct err create_err = { 0 };
        if (!record_read_json(&thing_record, root, READ_CREATE, &arena, &thing, &set, &create_err))
            FUZZ_CHECK(err_is_set(&create_err));
        struct buf out = buf_in(&arena);
        struct json_out j = json_out(&out);
        record_write_json(&thing_record, &thing, &j, NULL, NULL);
        const struct json *again;
        struct err bad = { 0 };
        FUZZ_CHECK(json_read(&arena, buf_str(&out), 1 << 20, &again, &bad));
    }
    arena_done(&arena);
    return 0;
}
