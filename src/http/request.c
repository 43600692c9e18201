/* request.c - reading what came with the address and the headers. */
#include "http/http.h"

#include "base/secret.h"

str path_text(const struct request *rq, const char *name)
{
    for (int i = 0; i < rq->params_count; i++) {
        if (!str_is(rq->params[i].name, name))
            continue;
        str out = { 0 };
        if (!str_has(rq->params[i].value, STR("%")))
            return rq->params[i].value;
        return url_decode(rq->work.arena, rq->params[i].value, false, &out) ? out : (str){ 0 };
    }
    return (str){ 0 };
}

bool path_id(const struct request *rq, const char *name, rid *out, struct err *err)
{
    return id_parse(path_text(rq, name), out) || err_set(err, ERR_NOT_FOUND, name, "this is not an id");
}

static bool part_decoded(const struct request *rq, str raw, str *out)
{
    if (!str_has(raw, STR("%")) && !str_has(raw, STR("+"))) {
        *out = raw;
        return true;
    }
    return url_decode(rq->work.arena, raw, true, out);
}

static bool query_find(const struct request *rq, const char *name, str *value)
{
    str rest = rq->query, pair;
    while (rest.len && str_split(&rest, '&', &pair)) {
        str key, raw = pair;
        if (!pair.len || !str_split(&raw, '=', &key) || !part_decoded(rq, key, &key) || !str_is(key, name))
            continue;
        return part_decoded(rq, raw, value);
    }
    return false;
}

bool query_has(const struct request *rq, const char *name)
{
    str value;
    return query_find(rq, name, &value);
}

str query_text(const struct request *rq, const char *name)
{
    str value = { 0 };
    return query_find(rq, name, &value) ? value : (str){ 0 };
}

bool query_int(const struct request *rq, const char *name, int64_t min, int64_t max, int64_t fallback, int64_t *out,
               struct err *err)
{
    str     text = { 0 };
    int64_t n;
    if (!query_find(rq, name, &text)) {
        *out = fallback;
        return true;
    }
    if (!str_to_int(text, &n) || n < min || n > max)
        return err_set(err, ERR_QUERY_INVALID, name, "must be a number from %lld to %lld", (long long)min, (long long)max);
    *out = n;
    return true;
}

/* "7", W/"7" and 7 are all taken: proxies make the weak form of it. */
bool request_version(const struct request *rq, int64_t *out, struct err *err)
{
    str     text = str_trim(http_header_get(&rq->headers, "If-Match"));
    int64_t n;
    if (str_starts(text, STR("W/")))
        text = str_sub(text, 2, SIZE_MAX);
    if (text.len >= 2 && text.at[0] == '"' && text.at[text.len - 1] == '"')
        text = str_sub(text, 1, text.len - 2);
    if (!str_to_int(text, &n) || n < 0)
        return err_set(err, ERR_VERSION_MISSING, "If-Match", "must be the version you have seen");
    *out = n;
    return true;
}
