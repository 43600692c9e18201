/* json_read; what was read and written again reads the same. */
#include "base/json_read.h"
#include "fuzz/fuzz.h"

static void look_up(const struct json *node, int depth)
{
    int64_t n;
    amount  a;
    FUZZ_CHECK(depth <= JSON_DEPTH_MAX + 1);
    FUZZ_CHECK(utf8_valid(node->key) && utf8_valid(node->text));
    if (json_int(node, &n) && node->kind == JSON_NUMBER)
        FUZZ_CHECK(node->text.len > 0);
    if (json_amount(node, &a))
        FUZZ_CHECK(a.minor <= AMOUNT_MAX_MINOR && a.minor >= -AMOUNT_MAX_MINOR);
    int children = 0;
    JSON_EACH (child, node) {
        FUZZ_CHECK(child->parent == node && child->index == children);
        look_up(child, depth + 1);
        children++;
    }
    FUZZ_CHECK(children == node->count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { .ceiling_bytes = FUZZ_ARENA_BYTES };
    struct err   err   = { 0 };
    const struct json *root = NULL, *again = NULL;
    str bytes = { (const char *)data, size };
    if (json_read(&arena, bytes, 1 << 20, &root, &err)) {
        look_up(root, 0);
        str text = json_print(&arena, root);
        FUZZ_CHECK(json_read(&arena, text, 8 << 20, &again, &err));
        FUZZ_CHECK(str_eq(json_print(&arena, again), text));
        json_where(&arena, json_path(root, "data.0.attributes.totalPrice"));
    } else {
        FUZZ_CHECK(err_is_set(&err));
    }
    arena_done(&arena);
    return 0;
}
