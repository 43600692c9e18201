#include "http/answer.h"

#include "base/metric.h"

#include <stdio.h>
#include <strings.h>

#define GZIP_FROM_BYTES 1024

static const char content_policy[] =
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
    "object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

static bool is_https(str proto) { return proto.len == 5 && strncasecmp(proto.at, "https", 5) == 0; }

void answer_headers(struct request *rq, struct reply *rp, const struct answer_facts *f)
{
    bool has_caching = http_header_get(&rp->headers, "Cache-Control").len > 0;
    if (rp->type.len)
        reply_header(rp, rq, STR("Content-Type"), rp->type);
    else if (rp->body.len)
        reply_header(rp, rq, STR("Content-Type"), STR("application/json"));
    reply_header(rp, rq, STR("Content-Security-Policy"), str_of(content_policy));
    reply_header(rp, rq, STR("X-Content-Type-Options"), STR("nosniff"));
    reply_header(rp, rq, STR("Referrer-Policy"), STR("same-origin"));
    reply_header(rp, rq, STR("Cross-Origin-Opener-Policy"), STR("same-origin"));
    reply_header(rp, rq, STR("Cross-Origin-Resource-Policy"), STR("same-origin"));
    reply_header(rp, rq, STR("X-Frame-Options"), STR("DENY"));      /* for browsers that do not know frame-ancestors */
    if (!has_caching)
        reply_header(rp, rq, STR("Cache-Control"), STR("no-store"));
    if (is_https(f->forwarded_proto))
        reply_header(rp, rq, STR("Strict-Transport-Security"), STR("max-age=31536000"));
    if (f->server_name)
        reply_header(rp, rq, STR("Server"), str_of(f->server_name));
    if (f->closes)
        reply_header(rp, rq, STR("Connection"), STR("close"));
}

char *answer_pack(struct request *rq, struct reply *rp, const struct answer_facts *f, size_t *out_len)
{
    if (!f->packer || rp->cut || rp->body.len <= GZIP_FROM_BYTES || (rp->type.len && !str_has(rp->type, STR("json"))))
        return NULL;
    reply_header(rp, rq, STR("Vary"), STR("Accept-Encoding"));
    if (!encoding_taken(f->accept_encoding, "gzip"))
        return NULL;
    char *packed = packer_gzip(f->packer, buf_str(&rp->body), out_len);
    if (packed)
        reply_header(rp, rq, STR("Content-Encoding"), STR("gzip"));
    return packed;
}

static const char *method_of(const struct request *rq, bool is_head) { return is_head ? "HEAD" : http_method_names[rq->method]; }
/* Never the address itself: it may hold a secret. */
static const char *path_of(const struct request *rq) { return rq->route ? rq->route->path : "-"; }

void answer_counted(const struct request *rq, bool is_head, int status, int64_t us)
{
    char label[160];
    snprintf(label, sizeof label, "%s %s", method_of(rq, is_head), path_of(rq));
    metric_observe(METRIC_HTTP_SECONDS, label, us);
    snprintf(label, sizeof label, "%s %s %d", method_of(rq, is_head), path_of(rq), status);
    metric_count(METRIC_HTTP_REQUESTS, label, 1);
}

void answer_told(const struct request *rq, const struct log *log, bool is_head, int status, int64_t us, int64_t bytes,
                 int64_t statements, const struct err *err)
{
    const char *method = method_of(rq, is_head), *path = path_of(rq);
    bool        failed = status >= 500;

    answer_counted(rq, is_head, status, us);
    enum log_level  level = failed ? LOG_ERROR : rq->route && rq->route->quick ? LOG_DEBUG : LOG_INFO;
    struct log_pair pairs[12] = {
        LOG_TEXT("method", method), LOG_TEXT("route", path), LOG_INT("status", status), LOG_INT("us", us),
        LOG_INT("bytes", bytes), LOG_INT("statements", statements), LOG_STR("request", rq->id),
    };
    int count = 7;
    if (level < log->level)
        return;
    if (id_is_set(rq->who.user_id))
        pairs[count++] = LOG_INT(rq->who.is_key ? "key" : "user", rq->who.user_id.v);
    if (err && err_is_set(err)) {
        pairs[count++] = LOG_TEXT("code", err_kind(err->code)->code);
        if (failed && err->count)
            pairs[count++] = LOG_TEXT("text", err->item[0].text);
        if (err->trail[0])
            pairs[count++] = LOG_TEXT("trail", err->trail);
    }
    log_write(log, level, "http.request", count, pairs);
}
