#include "http/pipeline.h"

#include "base/crash.h"
#include "base/secret.h"

#include <strings.h>

#define BODY_BYTES_DEFAULT ((size_t)1 << 20)
#define KEY_BYTES_MAX      200

static bool text_is(str s, const char *word) { return s.len == strlen(word) && strncasecmp(s.at ? s.at : "", word, s.len) == 0; }

bool address_ok(struct arena *a, str path)
{
    bool plain = true;
    str  text  = path;
    for (size_t i = 0; i < path.len; i++)
        plain = plain && path.at[i] > ' ' && path.at[i] < 127 && path.at[i] != '%';
    if (plain)
        return true;
    if (!url_decode(a, path, false, &text))
        return false;
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] < ' ' || text.at[i] == 127)
            return false;
    return true;
}

static bool query_ok(struct request *rq, struct err *err)
{
    str out = { 0 };
    bool plain = true;
    for (size_t i = 0; i < rq->query.len; i++)
        plain = plain && rq->query.at[i] > ' ' && rq->query.at[i] < 127 && rq->query.at[i] != '%';
    return plain || url_decode(rq->work.arena, rq->query, true, &out) ||
           err_set(err, ERR_QUERY_INVALID, "", "the part of the address behind ? is not encoded UTF-8");
}

static bool is_unsafe(const struct request *rq) { return rq->method != HTTP_GET; }

/* "https://shop.kz:8443" → "shop.kz:8443" */
static str authority_of(str origin)
{
    ptrdiff_t at = str_find(origin, STR("://"));
    return at < 0 ? (str){ 0 } : str_sub(origin, (size_t)at + 3, SIZE_MAX);
}

static void host_cut(str authority, str *host, str *port)
{
    *host = authority;
    *port = (str){ 0 };
    const char *colon = authority.len ? memrchr(authority.at, ':', authority.len) : NULL;
    if (colon && !memchr(colon, ']', (size_t)(authority.at + authority.len - colon))) {
        *host = str_sub(authority, 0, (size_t)(colon - authority.at));
        *port = str_sub(authority, host->len + 1, SIZE_MAX);
    }
}

/* A front proxy often passes the host without its port, so ports are compared only when both sides name one. */
static bool is_same_host(str origin, str host)
{
    str a_host, a_port, b_host, b_port;
    host_cut(authority_of(origin), &a_host, &a_port);
    host_cut(host, &b_host, &b_port);
    return a_host.len && a_host.len == b_host.len && strncasecmp(a_host.at, b_host.at, a_host.len) == 0 &&
           (!a_port.len || !b_port.len || str_eq(a_port, b_port));
}

/* What a browser says by itself about where a request comes from. Programs say nothing of it and pass. */
static bool origin_ok(const struct request *rq, struct err *err)
{
    str site   = http_header_get(&rq->headers, "Sec-Fetch-Site");
    str origin = http_header_get(&rq->headers, "Origin");
    if (site.len && !text_is(site, "same-origin") && !text_is(site, "none"))
        return err_set(err, ERR_CSRF, "Sec-Fetch-Site", "the request comes from another site");
    if (origin.len && !is_same_host(origin, http_header_get(&rq->headers, "Host")))
        return err_set(err, ERR_CSRF, "Origin", "the request comes from another site");
    return true;
}

/* A public raw row is a hook: its caller is no browser, and proves itself by the channel's signature. */
static bool csrf_ok(const struct request *rq, struct err *err)
{
    bool is_hook = rq->route->raw && rq->route->permission == PERM_PUBLIC;
    if (!is_unsafe(rq) || rq->who.is_key || is_hook)
        return true;
    if (!origin_ok(rq, err))
        return false;
    if (rq->route->no_csrf || rq->route->permission == PERM_PUBLIC)
        return true;
    str token = http_header_get(&rq->headers, "X-CSRF-Token");
    return (rq->who.csrf.len && secret_equal(token, rq->who.csrf)) ||
           err_set(err, ERR_CSRF, "X-CSRF-Token", "must be the token of the session");
}

static bool who_ok(const struct http_options *o, struct request *rq, struct err *err)
{
    enum permission need = rq->route->permission;
    rq->work.actor = (struct actor){ .kind = ACTOR_SYSTEM, .address = rq->peer };
    if (need == PERM_PUBLIC)
        return true;
    if (!o->authenticate)
        return err_set(err, ERR_SIGN_IN, "", "nobody can sign in here");
    if (!o->authenticate(rq, &rq->who, err))
        return false;
    rq->work.actor = (struct actor){ .kind = rq->who.is_key ? ACTOR_KEY : ACTOR_USER, .id = rq->who.user_id,
                                     .name = rq->who.name, .address = rq->peer };
    if (rq->who.factor_due && !rq->route->before_factor)
        return err_set(err, ERR_SECOND_FACTOR_DUE, "", "the role demands a second factor: set it up first");
    return need == PERM_SIGNED_IN || permission_in(rq->who.permissions, need) ||
           err_set(err, ERR_FORBIDDEN, "", "this needs the right \"%s\"", permission_names[need]);
}

/* "application/json" or "application/…+json", UTF-8 if it says a charset at all. */
static bool is_json_type(str type)
{
    str name, param;
    if (!str_split(&type, ';', &name))
        return false;
    name = str_trim(name);
    bool named = text_is(name, "application/json") ||
                 (name.len > 17 && strncasecmp(name.at, "application/", 12) == 0 &&
                  strncasecmp(name.at + name.len - 5, "+json", 5) == 0);
    while (named && str_split(&type, ';', &param)) {
        str key, value = str_trim(param);
        if (str_split(&value, '=', &key) && text_is(str_trim(key), "charset"))
            named = text_is(str_trim(value), "utf-8") || text_is(str_trim(value), "\"utf-8\"");
    }
    return named;
}

static bool body_read(struct request *rq, struct err *err)
{
    const struct route *r = rq->route;
    if (!r->body && !r->json)
        return true;
    str type = http_header_get(&rq->headers, "Content-Type");
    str body = rq->body;
    if (!is_json_type(type) && (body.len || type.len))
        return err_set(err, ERR_BODY_TYPE, "Content-Type", "must be application/json");
    if (!body.len)                      /* an action without options may leave the body out */
        body = STR("{}");
    if (!json_read(rq->work.arena, body, r->limit_bytes ? r->limit_bytes : BODY_BYTES_DEFAULT, &rq->json, err))
        return false;
    if (rq->json->kind != JSON_OBJECT)
        return err_set(err, ERR_BODY_INVALID, "", "must be a JSON object");
    if (!r->body)
        return true;
    rq->record = arena_alloc(rq->work.arena, r->body->size);
    return record_read_json(r->body, rq->json, rq->method == HTTP_PATCH ? READ_UPDATE : READ_CREATE, rq->work.arena,
                            rq->record, &rq->record_set, err);
}

/* ---- the handler, and the answer kept for its key ---- */

struct keyed { const struct http_options *o; struct request *rq; struct reply *rp, empty; };

static bool keyed_run(struct keyed *k, struct err *err)
{
    struct request *rq = k->rq;
    bool found = false;
    *k->rp    = k->empty;               /* an earlier try may have written into it */
    rq->after = NULL;
    if (!k->o->idempotent_find(rq, k->rp, &found, err))
        return false;
    return found || (rq->route->run(rq, k->rp, err) && (k->rp->status >= 400 || k->o->idempotent_save(rq, k->rp, err)));
}

/* What the request does and the answer to its key are stored together or not at all. The key is looked up again in here: of two
 * equal requests at the same moment one acts, and the other one waits for it and then finds its answer. */
static bool keyed_tx(struct db *db, void *ctx, struct err *err)
{
    struct keyed *k   = ctx;
    struct db    *own = k->rq->work.db;
    k->rq->work.db    = db;
    bool ok           = keyed_run(k, err);
    k->rq->work.db    = own;
    if (ok)
        crash_point("answer.written");
    return ok;
}

static bool run_once(const struct http_options *o, struct request *rq, struct reply *rp, struct err *err)
{
    struct keyed k = { o, rq, rp, *rp };
    bool found     = false;
    if (!o->idempotent_find(rq, rp, &found, err))
        return false;
    if (found)
        return true;
    if (rq->route->first && !rq->route->first(rq, err))
        return false;
    if (!rq->work.db)
        return keyed_run(&k, err);
    if (!db_tx(rq->work.db, keyed_tx, &k, err))
        return false;
    crash_point("answer.kept");
    return true;
}

static bool run_plain(struct request *rq, struct reply *rp, struct err *err)
{
    return (!rq->route->first || rq->route->first(rq, err)) && rq->route->run(rq, rp, err);
}

static bool handler_run(const struct http_options *o, struct request *rq, struct reply *rp, struct err *err)
{
    str key = rq->route->creates && o->idempotent_find ? http_header_get(&rq->headers, "Idempotency-Key") : (str){ 0 };
    if (key.len > KEY_BYTES_MAX)
        return err_set(err, ERR_LIMIT, "Idempotency-Key", "must be %d characters or less", KEY_BYTES_MAX);
    bool ok = key.len ? run_once(o, rq, rp, err) : run_plain(rq, rp, err);
    if (ok && rq->after)
        rq->after(rq);
    return ok;
}

/* Fills what the program adds to the work; never fails. */
static bool prepared(const struct http_options *o, struct request *rq)
{
    if (o->prepare)
        o->prepare(rq);
    return true;
}

static bool steps(const struct http_options *o, struct request *rq, struct reply *rp, struct err *err)
{
    int64_t version;
    return query_ok(rq, err)
        && prepared(o, rq)
        && who_ok(o, rq, err)
        && csrf_ok(rq, err)
        && (!rq->route->edits || request_version(rq, &version, err))
        && body_read(rq, err)
        && handler_run(o, rq, rp, err);
}

void pipeline_run(const struct http_options *o, struct request *rq, struct reply *rp, struct err *err)
{
    if (!steps(o, rq, rp, err)) {
        if (rp->stream && rp->stream_done)
            rp->stream_done(rp->stream_ctx);
        reply_problem(rq, rp, err);
    }
    if (!rp->status)
        rp->status = REPLY_OK;
    if (o->tell_statements && rq->work.db)
        reply_header(rp, rq, STR("X-Statements"), str_print(rq->work.arena, "%lld", (long long)db_statements(rq->work.db)));
}
