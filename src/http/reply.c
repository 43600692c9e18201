/* reply.c - writing the answer of a handler, and problem+json (RFC 9457). */
#include "http/http.h"

/* When to come again, where nobody knows better: a database that is away is mostly back in a moment, room on a disk is not. */
#define SOON_S 2
#define ROOM_S 30

void reply_header(struct reply *rp, struct request *rq, str name, str value)
{
    *http_header_list_add(&rp->headers, rq->work.arena) = (struct http_header){ name, value };
}

struct json_out reply_json(struct request *rq, struct reply *rp)
{
    rp->body = buf_in(rq->work.arena);
    return json_out(&rp->body);
}

bool reply_record(struct request *rq, struct reply *rp, const struct record *record, const void *row)
{
    struct record_view view = { .contacts = permission_in(rq->who.permissions, PERM_CONTACTS_SEE),
                                .prices   = permission_in(rq->who.permissions, PERM_PRICES_SEE) };
    struct json_out j = reply_json(rq, rp);
    record_write_json(record, row, &j, NULL, &view);
    return true;
}

/* What broke on our side is for the log; a client gets the title only. */
static bool is_ours(enum err_code code)
{
    return code == ERR_INTERNAL || code == ERR_DB || code == ERR_DB_DOWN || code == ERR_DB_DISK || code == ERR_FILE || code == ERR_SETTING;
}

void reply_problem(struct request *rq, struct reply *rp, const struct err *err)
{
    struct arena         *a    = rq->work.arena;
    const struct err_kind *kind = err_kind(err->code == ERR_NONE ? ERR_INTERNAL : err->code);
    bool ours    = err->code == ERR_NONE || is_ours(err->code);
    str  current = err->code == ERR_VERSION_OLD && !rp->type.len ? buf_str(&rp->body) : (str){ 0 };

    rp->status = kind->http;
    rp->type   = STR("application/problem+json");
    rp->stream = NULL;
    rp->live   = false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_text(&j, "type", str_print(a, "/problems/%s", kind->code));
    json_text(&j, "title", str_of(kind->title));
    json_number(&j, "status", kind->http);
    json_text(&j, "code", str_of(kind->code));
    json_text(&j, "detail", ours ? str_of(kind->title) : err_line(a, err));
    json_begin(&j, "errors", '[');
    for (int i = 0; i < err->count && !ours; i++) {
        if (!err->item[i].field[0])
            continue;
        json_begin(&j, NULL, '{');
        json_text(&j, "field", str_of(err->item[i].field));
        json_text(&j, "text", str_of(err->item[i].text));
        json_end(&j);
    }
    json_end(&j);
    if (current.len)
        json_raw(&j, "current", current);
    json_text(&j, "request", rq->id);
    json_end(&j);
    int wait_s = err->retry_after_s > 0 ? err->retry_after_s : kind->http == 503 ? SOON_S : kind->http == 507 ? ROOM_S : 0;
    if (wait_s)
        reply_header(rp, rq, STR("Retry-After"), str_print(a, "%d", wait_s));
    if (err->code == ERR_SIGN_IN)
        reply_header(rp, rq, STR("WWW-Authenticate"), STR("Bearer"));
}
