#include "accounts/accounts_http.h"
#include "accounts/audit.h"

static bool audit_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct audit_entry *rows = ARENA_ARRAY(rq->work.arena, struct audit_entry, 200);
    int count = 0;
    str next = { 0 };
    const struct audit_scope scope = { rq->who.accounts, rq->who.accounts_count, rq->work.actor.id };
    if (!audit_list(rq->work.db, rq->query, &scope, rq->work.arena, rows, &count, &next, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < count; i++) {
        json_begin(&j, NULL, '{');
        record_write_fields(&audit_record, &rows[i], &j, NULL);
        json_raw(&j, "before", rows[i].before_json.len ? rows[i].before_json : STR("null"));
        json_raw(&j, "after", rows[i].after_json.len ? rows[i].after_json : STR("null"));
        json_end(&j);
    }
    json_end(&j);
    json_text_or_null(&j, "next", next);
    json_end(&j);
    return true;
}

/* clang-format off */
static const struct query_param audit_query[] = {
    { "entity", "\"user\", \"order\", \"policy\" …" }, { "entity_id", "one thing" }, { "actor_id", "one person" },
    { "action", "\"user.edit\" …" }, { "from", "not before this time" }, { "to", "before this time" },
    { "after", "cursor" }, { "limit", "at most 200" }, { NULL, NULL },
};
/* clang-format on */

/* clang-format off */
const struct route audit_routes[] = {
    { HTTP_GET, "/api/audit", PERM_AUDIT, audit_get, .reply_schema = "audit_page", .query = audit_query,
      .doc = "Who changed what, newest first", .tag = "people" },
    { .method = HTTP_NONE },
};
/* clang-format on */
