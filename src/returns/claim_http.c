/* Claims: ours to markets and carriers, theirs to us. The list is by deadline; one shows its evidence and its history. */
#include "returns/claim_flow.h"
#include "returns/return_http.h"

#define PAGE_MAX 200

static const enum permission changes = PERM_RETURNS_DECIDE;

static void price_for(struct json_out *j, const char *key, amount v, bool prices)
{
    if (prices)
        json_amount_text(j, key, v);
    else
        json_null(j, key);
}

static void write_row(struct json_out *j, const struct claim_row *row, const struct return_view *v)
{
    const struct claim *c = &row->c;
    json_id(j, "id", c->id);
    json_number(j, "version", c->version);
    json_id(j, "account_id", c->account_id);
    json_text(j, "channel", row->channel);
    json_text(j, "external_id", c->external_id);
    json_text(j, "side", str_of(claim_side_names[c->side]));
    json_text(j, "state", str_of(claim_state_names[c->state]));
    json_text(j, "subject", c->subject);
    json_id(j, "order_id", c->order_id);
    json_text(j, "order_number", row->order_number);
    json_id(j, "return_id", c->return_id);
    json_text(j, "title", row->title);
    json_text(j, "customer_name", v->nameless ? STR("") : row->customer_name);
    price_for(j, "amount", c->amount, v->prices);
    price_for(j, "money_effect", c->money_effect, v->prices);
    json_text_or_null(j, "currency", c->currency);
    json_bool(j, "waits_for_us", claim_waits_for_us(c->state));
    json_instant(j, "deadline_at", claim_waits_for_us(c->state) ? c->deadline_at : (instant){ 0 });
    json_text(j, "decision", c->decision);
    json_number(j, "appeals", c->appeals);
    json_instant(j, "created_at", c->created_at);
    json_instant(j, "updated_at", c->updated_at);
}

static bool read_after(str text, struct claim_ask *q, struct err *err)
{
    str due;
    if (!text.len)
        return true;
    q->has_after = str_split(&text, '.', &due) && str_to_int(due, &q->after_due) && id_parse(text, &q->after_id);
    return q->has_after || err_set(err, ERR_QUERY_INVALID, "after", "is not a cursor of this list");
}

static bool read_names(str value, const char *const *names, const char *what, unsigned *bits, struct err *err)
{
    str word;
    while (value.len && str_split(&value, ',', &word)) {
        int i = name_find(names, str_trim(word));
        if (i < 0)
            return err_set(err, ERR_QUERY_INVALID, what, "there is no %s \"%.*s\"", what, STR_ARG(utf8_cut(word, 40)));
        *bits |= BIT(i);
    }
    return true;
}

static bool ask_read(struct request *rq, struct claim_ask *q, struct err *err)
{
    int64_t limit;
    str     order = query_text(rq, "order_id"), of = query_text(rq, "return_id");
    *q = (struct claim_ask){ .closed = str_is(query_text(rq, "closed"), "1"), .accounts = rq->who.accounts, .accounts_count = rq->who.accounts_count };
    if (!query_int(rq, "limit", 1, PAGE_MAX, 100, &limit, err) || !read_after(query_text(rq, "after"), q, err) ||
        !read_names(query_text(rq, "state"), claim_state_names, "state", &q->states, err) ||
        !read_names(query_text(rq, "side"), claim_side_names, "side", &q->sides, err))
        return false;
    if ((order.len && !id_parse(order, &q->order_id)) || (of.len && !id_parse(of, &q->return_id)))
        return err_set(err, ERR_QUERY_INVALID, order.len ? "order_id" : "return_id", "must be an id");
    q->limit = (int)limit;
    return true;
}

static bool list_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct claim_ask      q;
    struct claim_row_list list = { 0 };
    struct return_view    view = request_return_view(rq);
    bool                  more;
    if (!ask_read(rq, &q, err) || !claim_rows(rq->work.db, &q, rq->work.arena, &list, &more, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < list.count; i++) {
        json_begin(&j, NULL, '{');
        write_row(&j, &list.at[i], &view);
        json_end(&j);
    }
    json_end(&j);
    str next = STR("");
    if (more) {
        const struct claim *last = &list.at[list.count - 1].c;
        int64_t due = q.closed ? last->created_at.ms : instant_is_set(last->deadline_at) ? last->deadline_at.ms : INT64_MAX;
        next = str_print(rq->work.arena, "%lld.%lld", (long long)due, (long long)last->id.v);
    }
    json_text_or_null(&j, "next", next);
    json_instant(&j, "now", rq->work.now);
    json_end(&j);
    return true;
}

static void write_actions(struct json_out *j, const struct request *rq, const struct claim *c)
{
    json_begin(j, "actions", '[');
    for (int i = 0; i < CLAIM_ACTION_COUNT && permission_in(rq->who.permissions, changes); i++)
        if (claim_may(c, (enum claim_action)i))
            json_text(j, NULL, str_of(claim_action_names[i]));
    json_end(j);
}

static bool card_reply(struct request *rq, struct reply *rp, rid id, struct err *err)
{
    struct claim_ask       q     = { .id = id, .limit = 1, .accounts = rq->who.accounts, .accounts_count = rq->who.accounts_count };
    struct claim_row_list  list  = { 0 };
    struct claim_step_list steps = { 0 };
    struct return_view     view  = request_return_view(rq);
    bool                   more;
    if (!claim_rows(rq->work.db, &q, rq->work.arena, &list, &more, err))
        return false;
    if (!list.count)
        return err_set(err, ERR_NOT_FOUND, "id", "there is no such claim");
    if (!claim_steps_of(rq->work.db, id, rq->work.arena, &steps, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    write_row(&j, &list.at[0], &view);
    json_raw(&j, "evidence", list.at[0].c.evidence.len ? list.at[0].c.evidence : STR("null"));
    json_begin(&j, "history", '[');
    for (int i = 0; i < steps.count; i++) {
        const struct claim_step *s = &steps.at[i];
        json_begin(&j, NULL, '{');
        json_number(&j, "seq", s->seq);
        json_instant(&j, "at", s->at);
        json_text_or_null(&j, "from", s->from_state);
        json_text(&j, "to", s->to_state);
        json_text(&j, "actor_kind", s->actor_kind);
        json_text(&j, "actor_name", s->actor_name);
        json_text(&j, "note", s->note);
        json_end(&j);
    }
    json_end(&j);
    write_actions(&j, rq, &list.at[0].c);
    json_instant(&j, "now", rq->work.now);
    json_end(&j);
    return true;
}

static bool card_get(struct request *rq, struct reply *rp, struct err *err)
{
    rid id;
    return path_id(rq, "id", &id, err) && card_reply(rq, rp, id, err);
}

/* ---- changing ---- */

struct act_body { enum claim_action action; int64_t version; str text; amount money; instant deadline_at; };
static const struct field act_fields[] = {
    FIELD(act_body, action,      .required = true, .choices = claim_action_names),
    FIELD(act_body, version,     .required = true, .min = 1, .max = INT64_MAX, .doc = "of the claim that was seen"),
    FIELD(act_body, text,        .max = 2000, .doc = "what was decided; a withdrawal and a write-off need one"),
    FIELD(act_body, money,       .doc = "what came of it"),
    FIELD(act_body, deadline_at, .doc = "by when more is asked for"),
};
static const struct record act_record = RECORD(act_body, "ClaimAct", act_fields);

static bool act_post(struct request *rq, struct reply *rp, struct err *err)
{
    const struct act_body *in = rq->record;
    struct claim_input     a  = { .action = in->action, .version = in->version, .text = str_trim(in->text), .money = in->money,
                                  .has_money = json_get(rq->json, "money") && !json_is_null(json_get(rq->json, "money")),
                                  .deadline_at = in->deadline_at, .accounts = rq->who.accounts, .accounts_count = rq->who.accounts_count };
    rid                    id;
    if (a.has_money && a.money.minor < 0)
        return err_add(err, "money", "cannot be below nothing");
    return path_id(rq, "id", &id, err) && claim_do(&rq->work, id, &a, err) && card_reply(rq, rp, id, err);
}

struct edit_body { int64_t version; str text; amount amount; instant deadline_at; };
static const struct field edit_fields[] = {
    FIELD(edit_body, version,     .required = true, .min = 1, .max = INT64_MAX, .doc = "of the claim that was seen"),
    FIELD(edit_body, text,        .max = 4000, .doc = "the words of the evidence"),
    FIELD(edit_body, amount,      .doc = "what is claimed"),
    FIELD(edit_body, deadline_at, .doc = "by when it has to be sent"),
};
static const struct record edit_record = RECORD(edit_body, "ClaimEdit", edit_fields);

static bool edit_post(struct request *rq, struct reply *rp, struct err *err)
{
    const struct edit_body *in = rq->record;
    struct claim_edit       e  = { .version = in->version, .has_text = json_get(rq->json, "text"), .has_amount = json_get(rq->json, "amount"),
                                   .has_deadline = json_get(rq->json, "deadline_at"), .text = str_trim(in->text), .amount = in->amount,
                                   .deadline_at = in->deadline_at, .accounts = rq->who.accounts, .accounts_count = rq->who.accounts_count };
    rid                     id;
    if (e.has_amount && e.amount.minor < 0)
        return err_add(err, "amount", "cannot be below nothing");
    return path_id(rq, "id", &id, err) && claim_change(&rq->work, id, &e, err) && card_reply(rq, rp, id, err);
}

static const struct query_param filters[] = {
    { "state", "open, evidence, submitted, in_review, won, lost, partly_won, appealed, settled, withdrawn" },
    { "side", "buyer_to_us, channel_to_us, us_to_channel, us_to_carrier" }, { "order_id", "an order" }, { "return_id", "a return" },
    { "closed", "1: those that have ended, the newest first" }, { "limit", "1 to 200" }, { "after", "cursor of the page before" }, { NULL, NULL },
};

const struct route claim_routes[] = {
    { HTTP_GET, "/api/claims", PERM_RETURNS_SEE, list_get, .reply_schema = "ClaimPage", .query = filters, .tag = "returns",
      .doc = "Claims that have not ended, deadline first" },
    { HTTP_GET, "/api/claims/{id}", PERM_RETURNS_SEE, card_get, .reply_schema = "ClaimCard", .tag = "returns",
      .doc = "One claim with its evidence, its history and what may be done" },
    { HTTP_POST, "/api/claims/{id}/act", PERM_RETURNS_DECIDE, act_post, .body = &act_record, .reply_schema = "ClaimCard", .creates = true, .tag = "returns",
      .doc = "Take a claim one step further" },
    { HTTP_POST, "/api/claims/{id}/evidence", PERM_RETURNS_DECIDE, edit_post, .body = &edit_record, .reply_schema = "ClaimCard", .tag = "returns",
      .doc = "The words, the sum and the day of a claim that has not been sent" },
    { .method = HTTP_NONE },
};
