/* Claims: ours to markets and carriers, theirs to us. The list is by deadline; one shows its evidence and its history. */
#include "returns/claim_flow.h"
#include "returns/return_http.h"

#define PAGE_MAX 200

static const enum permission changes = PERM_CLAIMS_WORK;

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
    json_bool(j, "found", str_starts(c->external_id, STR(CLAIM_FOUND)));
    json_id(j, "order_id", c->order_id);
    json_text(j, "order_number", row->order_number);
    json_id(j, "return_id", c->return_id);
    json_text(j, "title", row->title);
    json_text(j, "customer_name", v->nameless ? STR("") : row->customer_name);
    price_for(j, "amount", c->amount, v->prices);
    price_for(j, "money_effect", c->money_effect, v->prices);
    json_text_or_null(j, "currency", c->currency);
    json_bool(j, "waits_for_us", claim_waits_for_us(c->state));
    json_instant(j, "answer_by", c->deadline_at);
    json_instant(j, "deadline_at", row->clock.due);
    json_text(j, "zone", str_of(sla_zone_names[row->clock.zone]));
    json_instant(j, "yellow_at", row->clock.yellow);
    json_instant(j, "red_at", row->clock.red);
    json_text(j, "decision", c->decision);
    json_number(j, "appeals", c->appeals);
    json_instant(j, "created_at", c->created_at);
    json_instant(j, "updated_at", c->updated_at);
}

static bool read_after(str text, struct claim_ask *q, struct err *err)
{
    str due, sum;
    if (!text.len)
        return true;
    q->has_after = str_split(&text, '.', &due) && str_to_int(due, &q->after_due) && str_split(&text, '.', &sum) && str_to_int(sum, &q->after_sum) &&
                   id_parse(text, &q->after_id);
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

static void read_texts(struct arena *a, str value, struct str_list *out)
{
    str word;
    while (value.len && str_split(&value, ',', &word))
        if (str_trim(word).len)
            *str_list_add(out, a) = str_trim(word);
}

static bool ask_read(struct request *rq, struct claim_ask *q, struct err *err)
{
    int64_t limit;
    str     order = query_text(rq, "order_id"), of = query_text(rq, "return_id");
    *q = (struct claim_ask){ .closed = str_is(query_text(rq, "closed"), "1"), .accounts = rq->who.accounts, .accounts_count = rq->who.accounts_count };
    q->found = str_is(query_text(rq, "found"), "1");
    read_texts(rq->work.arena, query_text(rq, "channel"), &q->channels);
    read_texts(rq->work.arena, query_text(rq, "subject"), &q->subjects);
    if (!query_int(rq, "limit", 1, PAGE_MAX, 100, &limit, err) || !read_after(query_text(rq, "after"), q, err) ||
        !read_names(query_text(rq, "state"), claim_state_names, "state", &q->states, err) ||
        !read_names(query_text(rq, "side"), claim_side_names, "side", &q->sides, err) ||
        !read_names(query_text(rq, "zone"), sla_zone_names, "zone", &q->zones, err))
        return false;
    if ((order.len && !id_parse(order, &q->order_id)) || (of.len && !id_parse(of, &q->return_id)))
        return err_set(err, ERR_QUERY_INVALID, order.len ? "order_id" : "return_id", "must be an id");
    q->limit = (int)limit;
    q->now   = rq->work.now;
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
        const struct claim_row *last = &list.at[list.count - 1];
        int64_t due = q.closed ? last->c.created_at.ms : instant_is_set(last->clock.due) ? last->clock.due.ms : INT64_MAX;
        next = str_print(rq->work.arena, "%lld.%lld.%lld", (long long)due, (long long)last->c.amount.minor, (long long)last->c.id.v);
    }
    json_text_or_null(&j, "next", next);
    json_instant(&j, "now", rq->work.now);
    json_end(&j);
    return true;
}

/* ---- counts ---- */

/* What people do with a claim next: finish it, wait for an answer, see the money come. */
static const struct { const char *name; unsigned states; } stages[] = {
    { "ours",    BIT(CLAIM_OPEN) | BIT(CLAIM_EVIDENCE) },
    { "sent",    BIT(CLAIM_SUBMITTED) | BIT(CLAIM_IN_REVIEW) | BIT(CLAIM_APPEALED) },
    { "decided", BIT(CLAIM_WON) | BIT(CLAIM_LOST) | BIT(CLAIM_PARTLY_WON) },
};

static bool counts_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct claim_count_list list = { 0 };
    int64_t                 of[COUNT_OF(stages)] = { 0 }, all = 0, found = 0;
    amount                  sum = { 0 };
    bool                    mixed = false;
    if (!claim_counts(rq->work.db, rq->who.accounts, rq->who.accounts_count, rq->work.arena, &list, err))
        return false;
    for (int i = 0; i < list.count; i++) {
        const struct claim_count *c = &list.at[i];
        int state = name_find(claim_state_names, c->state);
        for (int k = 0; k < COUNT_OF(stages) && state >= 0; k++)
            of[k] += stages[k].states & BIT(state) ? c->n : 0;
        all += c->n;
        found += c->found && state == CLAIM_OPEN ? c->n : 0;
        bool same = str_eq(c->currency, list.at[0].currency);
        mixed |= !same;
        sum.minor += same ? c->total.minor : 0;
    }
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_number(&j, "total", all);
    for (int k = 0; k < COUNT_OF(stages); k++)
        json_number(&j, stages[k].name, of[k]);
    json_number(&j, "found", found);
    price_for(&j, "sum", sum, request_return_view(rq).prices && !mixed);
    json_text_or_null(&j, "currency", list.count ? list.at[0].currency : STR(""));
    json_end(&j);
    return true;
}

/* ---- one ---- */

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
    struct claim_ask       q     = { .id = id, .limit = 1, .now = rq->work.now, .accounts = rq->who.accounts, .accounts_count = rq->who.accounts_count };
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
    bool works = permission_in(rq->who.permissions, changes);
    json_instant(&j, "undo_until", works ? claim_undo_until(rq->work.arena, &steps, rq->work.now) : (instant){ 0 });
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

/* The claim as it is now: after a change, and with the refusal of one that had seen another. */
static bool card_after(struct request *rq, struct reply *rp, rid id, bool done, struct err *err)
{
    struct err other = { 0 };
    if (!done && err->code != ERR_VERSION_OLD)
        return false;
    return card_reply(rq, rp, id, done ? err : &other) && done;
}

static bool card_get(struct request *rq, struct reply *rp, struct err *err)
{
    rid id;
    return path_id(rq, "id", &id, err) && card_reply(rq, rp, id, err);
}

/* ---- changing ---- */

/* Who does not see sums does not set them. */
static bool sum_allowed(const struct request *rq, const char *field, amount sum, struct err *err)
{
    if (!permission_in(rq->who.permissions, PERM_PRICES_SEE))
        return err_set(err, ERR_FORBIDDEN, field, "this needs the right \"%s\"", permission_names[PERM_PRICES_SEE]);
    return sum.minor >= 0 || err_add(err, field, "cannot be below nothing");
}

struct open_body { rid account_id, order_id, return_id; enum claim_side side; enum claim_subject subject; str text; amount amount; instant deadline_at; };
static const struct field open_fields[] = {
    FIELD(open_body, return_id,   .doc = "of a return; then its order and account are its own"),
    FIELD(open_body, order_id,    .doc = "or of an order"),
    FIELD(open_body, account_id,  .doc = "or of neither: the channel account"),
    FIELD(open_body, side,        .required = true, .choices = claim_side_names),
    FIELD(open_body, subject,     .required = true, .choices = claim_subject_names),
    FIELD(open_body, text,        .max = 4000, .doc = "the words of the evidence"),
    FIELD(open_body, amount,      .doc = "what is claimed; without it what the return is worth"),
    FIELD(open_body, deadline_at, .doc = "by when it has to be sent"),
};
static const struct record open_record = RECORD(open_body, "ClaimNew", open_fields);

static bool open_post(struct request *rq, struct reply *rp, struct err *err)
{
    const struct open_body *in = rq->record;
    struct claim_new        c  = { .account_id = in->account_id, .order_id = in->order_id, .return_id = in->return_id, .side = in->side,
                                   .subject = in->subject, .text = str_trim(in->text), .amount = in->amount, .deadline_at = in->deadline_at,
                                   .has_amount = json_get(rq->json, "amount") && !json_is_null(json_get(rq->json, "amount")),
                                   .accounts = rq->who.accounts, .accounts_count = rq->who.accounts_count };
    rid                     id;
    if (c.side != CLAIM_TO_CHANNEL && c.side != CLAIM_TO_CARRIER)
        return err_add(err, "side", "a claim of ours goes to the channel or to the carrier");
    if (!id_is_set(c.account_id) && !id_is_set(c.order_id) && !id_is_set(c.return_id))
        return err_add(err, "account_id", "say what the claim is about: a return, an order or a channel account");
    if (!id_is_set(c.order_id) && !id_is_set(c.return_id) && !c.text.len)
        return err_add(err, "text", "without an order the claim is its words");
    if (c.has_amount && !sum_allowed(rq, "amount", c.amount, err))
        return false;
    if (!claim_open(&rq->work, &c, &id, err))
        return false;
    rp->status = REPLY_CREATED;
    return card_reply(rq, rp, id, err);
}

struct undo_body { int64_t version; };
static const struct field undo_fields[] = {
    FIELD(undo_body, version, .required = true, .min = 1, .max = INT64_MAX, .doc = "of the claim that was seen"),
};
static const struct record undo_record = RECORD(undo_body, "ClaimUndo", undo_fields);

static bool undo_post(struct request *rq, struct reply *rp, struct err *err)
{
    const struct undo_body *in = rq->record;
    rid                     id;
    return path_id(rq, "id", &id, err) &&
           card_after(rq, rp, id, claim_undo(&rq->work, id, in->version, rq->who.accounts, rq->who.accounts_count, err), err);
}

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
                                  .deadline_at = in->deadline_at, .hold_s = rq->who.hold_s, .accounts = rq->who.accounts,
                                  .accounts_count = rq->who.accounts_count };
    rid                    id;
    if (a.has_money && !sum_allowed(rq, "money", a.money, err))
        return false;
    return path_id(rq, "id", &id, err) && card_after(rq, rp, id, claim_do(&rq->work, id, &a, err), err);
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
    if (e.has_amount && !sum_allowed(rq, "amount", e.amount, err))
        return false;
    return path_id(rq, "id", &id, err) && card_after(rq, rp, id, claim_change(&rq->work, id, &e, err), err);
}

static const struct query_param filters[] = {
    { "state", "open, evidence, submitted, in_review, won, lost, partly_won, appealed, settled, withdrawn" },
    { "side", "buyer_to_us, channel_to_us, us_to_channel, us_to_carrier" }, { "zone", "breached, red, yellow, green, none: of its clock" }, { "order_id", "an order" },
    { "return_id", "a return" }, { "channel", "channel names" },
    { "subject", "lost, missing, swapped, damaged, underpaid, other" }, { "found", "1: those that matching has made" },
    { "closed", "1: those that have ended, the newest first" }, { "limit", "1 to 200" }, { "after", "cursor of the page before" }, { NULL, NULL },
};

const struct route claim_routes[] = {
    { HTTP_GET, "/api/claims", PERM_RETURNS_SEE, list_get, .reply_schema = "ClaimPage", .query = filters, .tag = "returns",
      .doc = "Claims that have not ended, by their clocks, then the largest sum" },
    { HTTP_GET, "/api/claims/counts", PERM_RETURNS_SEE, counts_get, .reply_schema = "ClaimCounts", .tag = "returns",
      .doc = "How many claims are open, whose move it is, and how many of them matching has made and nobody has looked at" },
    { HTTP_POST, "/api/claims", PERM_CLAIMS_WORK, open_post, .body = &open_record, .reply_schema = "ClaimCard", .creates = true, .tag = "returns",
      .doc = "Begin a claim by hand: about a return, an order, or neither" },
    { HTTP_GET, "/api/claims/{id}", PERM_RETURNS_SEE, card_get, .reply_schema = "ClaimCard", .tag = "returns",
      .doc = "One claim with its evidence, its history and what may be done" },
    { HTTP_POST, "/api/claims/{id}/act", PERM_CLAIMS_WORK, act_post, .body = &act_record, .reply_schema = "ClaimCard", .creates = true, .tag = "returns",
      .doc = "Take a claim one step further" },
    { HTTP_POST, "/api/claims/{id}/evidence", PERM_CLAIMS_WORK, edit_post, .body = &edit_record, .reply_schema = "ClaimCard", .tag = "returns",
      .doc = "The words, the sum and the day of a claim that has not been sent" },
    { HTTP_POST, "/api/claims/{id}/undo", PERM_CLAIMS_WORK, undo_post, .body = &undo_record, .reply_schema = "ClaimCard", .tag = "returns",
      .doc = "Take the last step of a claim back, while its window is open" },
    { .method = HTTP_NONE },
};
