/* What colleagues write on a card, and all that happened with a person in one line of time. */
#include "customers/card_note_flow.h"
#include "orders/customers_http.h"
#include "orders/timeline_store.h"

#define MOMENTS_SHOWN 40

/* ---- notes ---- */

/* Words may name a telephone: who is shown masked contacts reads but what he wrote himself. */
static bool may_read(const struct request *rq, rid author)
{
    return contact_view(rq).contacts || id_eq(author, rq->who.user_id);
}

static void note_write(struct json_out *j, const struct request *rq, const struct card_note *n)
{
    json_id(j, "id", n->id);
    json_instant(j, "at", n->at);
    json_text(j, "author", n->author_name);
    json_text(j, "text", n->text);
    json_instant(j, "edited_at", n->edited_at);
    json_number(j, "version", n->version);
    json_bool(j, "own", id_eq(n->author_id, rq->who.user_id));
}

static bool note_reply(struct request *rq, struct reply *rp, const struct card_note *n)
{
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    note_write(&j, rq, n);
    json_end(&j);
    return true;
}

static bool notes_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct card_note_list notes = { 0 };
    rid                   id;
    if (!request_customer(rq, &id, err) || !card_notes_of(rq->work.db, id, CARD_NOTES_MAX, rq->work.arena, &notes, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < notes.count; i++)
        if (may_read(rq, notes.at[i].author_id)) {
            json_begin(&j, NULL, '{');
            note_write(&j, rq, &notes.at[i]);
            json_end(&j);
        }
    json_end(&j);
    json_end(&j);
    return true;
}

static bool text_read(struct request *rq, str *out, struct err *err)
{
    const struct card_note *in = rq->record;
    *out = str_trim(in->text);
    return out->len || err_add(err, "text", "must not be empty");
}

static bool notes_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct card_note n;
    rid              id;
    str              text;
    if (!request_customer(rq, &id, err) || !text_read(rq, &text, err) || !card_note_add(&rq->work, id, text, &n, err))
        return false;
    rp->status = REPLY_CREATED;
    return note_reply(rq, rp, &n);
}

static bool notes_patch(struct request *rq, struct reply *rp, struct err *err)
{
    struct card_note n = { .version = 0 };
    rid              id, note;
    int64_t          version;
    str              text;
    if (!request_customer(rq, &id, err) || !path_id(rq, "note", &note, err) || !request_version(rq, &version, err) || !text_read(rq, &text, err))
        return false;
    bool ok = card_note_edit(&rq->work, id, note, version, text, &n, err);
    if (ok || (err->code == ERR_VERSION_OLD && id_is_set(n.id)))
        note_reply(rq, rp, &n);
    return ok;
}

static bool notes_delete(struct request *rq, struct reply *rp, struct err *err)
{
    rid id, note;
    if (!request_customer(rq, &id, err) || !path_id(rq, "note", &note, err) || !card_note_remove(&rq->work, id, note, err))
        return false;
    rp->status = REPLY_NO_CONTENT;
    return true;
}

/* ---- the line of time ---- */

/* "1763800000000.4.77": time, kind and id of the last one shown. */
static bool cursor_read(str text, struct moment *out, struct err *err)
{
    str     part[3] = { { 0 } };
    int64_t at, kind, id;
    int     n = 0;
    while (text.len && n < 3 && str_split(&text, '.', &part[n]))
        n++;
    if (n != 3 || text.len || !str_to_int(part[0], &at) || !str_to_int(part[1], &kind) || !str_to_int(part[2], &id) || kind < 0 ||
        kind >= MOMENT_KIND_COUNT || id < 1)
        return err_set(err, ERR_QUERY_INVALID, "after", "is no cursor");
    *out = (struct moment){ .kind = (enum moment_kind)kind, .id = { id }, .at = { at } };
    return true;
}

static void words_write(struct json_out *j, const struct moment *m, const char *const names[4])
{
    const str values[4] = { m->a, m->b, m->c, m->d };
    for (int i = 0; i < 4; i++)
        if (names[i])
            json_text(j, names[i], values[i]);
}

static void moment_write(struct json_out *j, const struct request *rq, const struct moment *m)
{
    static const char *const names[MOMENT_KIND_COUNT][4] = {
        [MOMENT_NOTE] = { "text", "actor_name" },
        [MOMENT_CONSENT] = { "purpose", "medium", "state", "actor_name" },
        [MOMENT_MERGE] = { "event", "rule", "actor_kind", "actor_name" },
        [MOMENT_RETURN] = { "number", "state", "return_kind", "channel" },
        [MOMENT_ORDER] = { "number", "status", "external_status", "channel" },
    };
    json_begin(j, NULL, '{');
    json_text(j, "kind", str_of(moment_kind_names[m->kind]));
    json_id(j, "id", m->id);
    json_instant(j, "at", m->at);
    words_write(j, m, names[m->kind]);
    if (m->kind == MOMENT_NOTE) {
        json_bool(j, "own", id_eq(m->author_id, rq->who.user_id));
        json_instant(j, "edited_at", m->edited_at);
        json_number(j, "version", m->version);
    }
    if (m->kind == MOMENT_ORDER || m->kind == MOMENT_RETURN) {
        if (m->has_sum && contact_view(rq).prices)
            json_amount_text(j, "sum", m->sum);
        else
            json_null(j, "sum");
        json_text_or_null(j, "currency", m->currency);
    }
    json_end(j);
}

static bool timeline_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct queue_scope    scope = request_scope(rq);
    struct timeline_query q     = { .accounts = scope.accounts, .accounts_count = scope.count, .statuses = scope.statuses, .limit = MOMENTS_SHOWN,
                                    .no_returns = !permission_in(rq->who.permissions, PERM_RETURNS_SEE) };
    struct moment_list    line  = { 0 };
    struct moment         last;
    str                   after = query_text(rq, "after");
    if ((after.len && !cursor_read(after, &q.after, err)) || !request_customer(rq, &q.card, err) ||
        !timeline_of(rq->work.db, &q, rq->work.arena, &line, &last, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < line.count; i++)
        if (line.at[i].kind != MOMENT_NOTE || may_read(rq, line.at[i].author_id))
            moment_write(&j, rq, &line.at[i]);
    json_end(&j);
    json_text_or_null(&j, "next", id_is_set(last.id) ? str_print(rq->work.arena, "%lld.%d.%lld", (long long)last.at.ms, (int)last.kind, (long long)last.id.v)
                                                     : STR(""));
    json_end(&j);
    return true;
}

static const struct query_param timeline_params[] = { { "after", "`next` of the page before" }, { NULL, NULL } };
const struct route card_note_routes[] = {
    { HTTP_GET, "/api/customers/{id}/timeline", PERM_CUSTOMERS_SEE, timeline_get, .reply_schema = "Timeline", .query = timeline_params, .tag = "customers",
      .doc = "All that happened with a person, the newest first: orders, returns, merges, consents, notes; a page of 40" },
    { HTTP_GET, "/api/customers/{id}/notes", PERM_CUSTOMERS_SEE, notes_get, .reply_schema = "CardNotes", .tag = "customers",
      .doc = "What colleagues wrote about a person, also on cards that are part of this one; one's own only where contacts are masked" },
    { HTTP_POST, "/api/customers/{id}/notes", PERM_CUSTOMERS_TAG, notes_post, .body = &card_note_record, .reply_schema = "CardNote", .creates = true,
      .tag = "customers", .doc = "Write a note about a person" },
    { HTTP_PATCH, "/api/customers/{id}/notes/{note}", PERM_CUSTOMERS_TAG, notes_patch, .body = &card_note_record, .reply_schema = "CardNote",
      .edits = true, .tag = "customers", .doc = "Change a note that one wrote" },
    { HTTP_DELETE, "/api/customers/{id}/notes/{note}", PERM_CUSTOMERS_TAG, notes_delete, .tag = "customers", .doc = "Take away a note that one wrote" },
    { .method = HTTP_NONE },
};
