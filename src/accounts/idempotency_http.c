/* A request that is sent again with the same Idempotency-Key gets the first answer again. */
#include "accounts/accounts_http.h"
#include "accounts/idempotency_store.h"

#include "base/secret.h"

#include <assert.h>

static str actor_of(const struct request *rq)
{
    return str_print(rq->work.arena, "%s:%lld", rq->who.is_key ? "key" : "user",
                     (long long)rq->who.user_id.v);
}

/* The parts are told apart by their lengths, so that no two requests run together. */
static str print_of(const struct request *rq)
{
    struct buf b = buf_in(rq->work.arena);
    buf_print(&b, "%s %zu %zu ", http_method_names[rq->method], rq->path.len, rq->query.len);
    buf_add(&b, rq->path);
    buf_add(&b, rq->query);
    buf_add(&b, rq->body);
    return secret_digest(rq->work.arena, buf_str(&b));
}

bool accounts_idempotent_find(struct request *rq, struct reply *rp, bool *found, struct err *err)
{
    struct kept_answer k = { 0 };
    str key = http_header_get(&rq->headers, "Idempotency-Key");
    if (!utf8_valid(key))
        return err_set(err, ERR_BODY_INVALID, "Idempotency-Key", "must be UTF-8");
    if (!idempotency_find(rq->work.db, actor_of(rq), key, rq->work.now, rq->work.arena, &k, found, err) ||
        !*found)
        return !err_is_set(err);
    if (!str_eq(k.request, print_of(rq)))
        return err_set(err, ERR_KEY_REUSED, "Idempotency-Key", "was used for another request");
    rp->status = (int)k.status;
    rp->body = buf_in(rq->work.arena);
    buf_add(&rp->body, k.body);
    return true;
}

/* Inside the transaction of what the request does. */
bool accounts_idempotent_save(struct request *rq, const struct reply *rp, struct err *err)
{
    struct kept_answer k = {
        .actor = actor_of(rq),
        .key = http_header_get(&rq->headers, "Idempotency-Key"),
        .request = print_of(rq),
        .status = rp->status ? rp->status : REPLY_OK,
        .body = buf_str(&rp->body),
        .created_at = rq->work.now,
    };
    assert(!rp->stream);                /* what is sent piece by piece cannot be given again */
    return idempotency_save(rq->work.db, &k, err);
}
