/* Writes damaged JSON texts and what json_read makes of them, for json_oracle.c. A program of its own, because jansson and
 * base both have functions called json_null and json_true. */
#include "base/buf.h"
#include "base/json_read.h"

#include <stdio.h>

static const char *const seeds[] = {
    ("{\"data\":[{\"id\":\"MTIz\",\"price\":5990.0,\"n\":12345678901234567890,\"name\":\"\\u041c\\ud83d\\ude00 Иванова\",\"ok\":true,"
    "\"no\":false,\"none\":null,\"e\\u0061\":\"a\\\"b\\\\c\\/d\\b\\f\\n\\r\\t\"},[],{}, -0.50e+2 ]\n,\"x\":{\"y\":1}}"),
    "[1,2,3]", "{\"a\":1,\"b\":[true,false,null]}", "[\"a\",\"b\",[[]],{\"\":\"\"}]", "[0,-0,1e5,1E-5,0.1]", "[[[[[[]]]]],\"\\\\\"]",
    "{\"aa\":1,\"ab\":2,\"ba\":3,\"bb\":4}", "[\"\\ud83d\\ude00\",\"\\u0001\"]",
};

static uint64_t seed = 20260101;
static size_t   below(size_t n)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (size_t)(seed >> 33) % n;
}

static void part_put(str s)
{
    uint32_t len = (uint32_t)s.len;
    fwrite(&len, sizeof len, 1, stdout);
    fwrite(s.at ? s.at : "", 1, s.len, stdout);
}

int main(void)
{
    /* Without NUL: jansson takes "[1\0]", which json_read.c of this folder refuses on its own. */
    static const char spice[] = "{}[]:,\"\\u0d8tfnab1-+.eE \n\t\xD0\xFF\xC0\x80";
    struct arena a = { 0 };
    for (int round = 0; round < 100000; round++) {
        char   text[600];
        str    whole = str_of(seeds[round % COUNT_OF(seeds)]);
        size_t len   = whole.len;
        memcpy(text, whole.at, len);
        for (size_t hits = below(4); hits > 0 && len > 0; hits--) {
            size_t at = below(len);
            switch (below(4)) {
            case 0:
                text[at] = spice[below(sizeof spice - 1)];
                break;
            case 1:
                memmove(text + at + 1, text + at, len - at);
                text[at] = spice[below(sizeof spice - 1)];
                len++;
                break;
            case 2:
                memmove(text + at, text + at + 1, --len - at);
                break;
            default:
                len = round % 5 ? len : at;
            }
        }
        const struct json *root;
        struct err err;
        err_clear(&err);
        arena_reset(&a);
        bool taken = json_read(&a, (str){ text, len }, 1 << 20, &root, &err);
        putchar(taken ? 'y' : 'n');
        part_put((str){ text, len });
        part_put(taken ? json_print(&a, root) : str_of(err.item[0].text));
    }
    arena_done(&a);
    return 0;
}
