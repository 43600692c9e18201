#include "http/asset.h"

#include "http/encoding.h"

static bool is_program_path(str path)
{
    return str_starts(path, STR("/api/")) || str_starts(path, STR("/hooks/")) || str_is(path, "/api") || str_is(path, "/hooks");
}

static const struct asset *asset_of(const struct http_options *o, str path, struct arena *a)
{
    if (!o->asset_find || is_program_path(path) || !path.len)
        return NULL;
    const struct asset *found = o->asset_find(str_is(path, "/") ? STR("/index.html") : path);
    if (found)
        return found;
    const char *slash = memrchr(path.at, '/', path.len);
    size_t      from  = slash ? (size_t)(slash - path.at) : 0;
    if (str_has(str_sub(path, from, SIZE_MAX), STR(".")))
        return NULL;
    const struct asset *own = o->asset_find(str_print(a, "%.*s.html", STR_ARG(path)));
    return own ? own : o->asset_find(STR("/index.html"));
}

static str unquoted(str etag)
{
    if (str_starts(etag, STR("W/")))
        etag = str_sub(etag, 2, SIZE_MAX);
    if (etag.len >= 2 && etag.at[0] == '"' && etag.at[etag.len - 1] == '"')
        etag = str_sub(etag, 1, etag.len - 2);
    return etag;
}

static bool is_held(str if_none_match, str etag)
{
    str part;
    while (str_split(&if_none_match, ',', &part)) {
        part = str_trim(part);
        if (str_is(part, "*") || (part.len && str_eq(unquoted(part), unquoted(etag))))
            return true;
    }
    return false;
}

struct asset_answer asset_choose(const struct http_options *o, str path, str accept, str if_none_match, struct arena *a)
{
    struct asset_answer out = { .asset = asset_of(o, path, a) };
    const struct asset *as  = out.asset;
    if (!as)
        return out;
    if (as->brotli.len && encoding_taken(accept, "br")) {
        out.coding = "br";
        out.bytes  = as->brotli;
    } else if (as->gzip.len && encoding_taken(accept, "gzip")) {
        out.coding = "gzip";
        out.bytes  = as->gzip;
    } else {
        out.unpack = !as->plain.len && as->gzip.len;
        out.bytes  = out.unpack ? as->gzip : as->plain;
    }
    str hash      = unquoted(str_of(as->etag));
    out.etag      = str_print(a, "\"%.*s%s%s\"", STR_ARG(hash), out.coding ? "-" : "", out.coding ? out.coding : "");
    out.caching   = as->immutable ? STR("public, max-age=31536000, immutable") : STR("no-cache");
    out.unchanged = hash.len && is_held(if_none_match, out.etag);
    return out;
}
