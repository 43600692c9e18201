/* What a browser says in a line: which file, which coding, which version it holds; and a path against the routes. */
#include "fuzz/fuzz.h"
#include "http/asset.h"
#include "http/encoding.h"
#include "http/http.h"

static bool nothing(struct request *rq, struct reply *r, struct err *err)
{
    (void)rq, (void)r, (void)err;
    return true;
}
static const struct route routes[] = {
    { .method = HTTP_GET, .path = "/api/orders", .permission = PERM_SIGNED_IN, .run = nothing, .doc = "list" },
    { .method = HTTP_GET, .path = "/api/orders/{id}", .permission = PERM_SIGNED_IN, .run = nothing, .doc = "one" },
    { .method = HTTP_POST, .path = "/api/orders/{id}/lines/{line}", .permission = PERM_SIGNED_IN, .run = nothing, .doc = "line" },
    { .method = HTTP_NONE },
};
static const char gz[] = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00";
static const struct asset *find(str path)
{
    static const struct asset index = { .path = "/index.html", .type = "text/html", .etag = "0123", .gzip = { gz, sizeof gz - 1 } };
    return str_is(path, "/index.html") ? &index : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { .ceiling_bytes = FUZZ_ARENA_BYTES };
    struct err   err   = { 0 };
    struct http_options options = { .asset_find = find };
    const struct route *const tables[] = { routes, NULL };
    struct router *router = router_new(&arena, tables, &err);
    FUZZ_CHECK(router != NULL);
    str rest = utf8_mend(&arena, (str){ (const char *)data, size }), path = { 0 }, query = { 0 }, accept = { 0 };
    if (str_split(&rest, '\n', &path) && str_split(&rest, '\n', &query) && str_split(&rest, '\n', &accept)) {
    }
    struct asset_answer answer = asset_choose(&options, path, accept, rest, &arena);
    FUZZ_CHECK(!answer.asset || answer.etag.len);
    encoding_taken(accept, "br");
    struct request rq = { .path = path, .query = query, .work = { .arena = &arena } };
    bool known = false;
    if (router_find(router, HTTP_GET, path, &rq, &known)) {
        rid id;
        struct err bad = { 0 };
        if (path_id(&rq, "id", &id, &bad))
            FUZZ_CHECK(id.v > 0);
    }
    router_methods(router, path);
    int64_t n;
    FUZZ_CHECK(utf8_valid(query_text(&rq, "q")));
    if (query_int(&rq, "limit", 1, 200, 50, &n, &err))
        FUZZ_CHECK(n >= 1 && n <= 200);
    size_t len;
    char *plain = gzip_open((str){ (const char *)data, size }, 1 << 20, &len);
    free(plain);
    arena_done(&arena);
    return 0;
}
