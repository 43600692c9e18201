/* push.c - sends commands: takes due rows of an account, talks to the market, stores the fate.
 *
 * The connector's memory is stored before each request that follows from it, so a process that dies between sending and storing
 * knows afterwards that something may have been sent, and reads back instead of repeating.
 */
#include "base/crash.h"
#include "base/json_read.h"
#include "deadlines/shop.h"
#include "orders/order_flow.h"
#include "returns/return_command_flow.h"
#include "sync/sync_own.h"

#include <assert.h>

#define TAKE_MAX   8
#define MARGIN_MS  (45 * SECOND_MS)      /* a lease must outlast one call: the next request is not begun with less */

struct sending {
    struct talk        *talk;
    struct command_row *row;
    struct command      command;
    str                 memory;         /* the connector's */
    bool                lost;           /* the lease has passed on */
    bool                answered;       /* the last reply was an answer */
};

/* ---- the command in the connector's words ---- */

static bool payload_read(struct sending *s, struct arena *a, struct err *err)
{
    const struct json *root;
    int64_t boxes;
    if (!s->row->payload.len)
        return true;
    if (!json_read(a, s->row->payload, 1 << 16, &root, err))
        return err_note(err, "payload of command %lld", (long long)s->row->id.v);
    s->command.reason  = json_str(json_get(root, "reason"));
    s->command.comment = json_str(json_get(root, "comment"));
    s->command.code    = json_str(json_get(root, "code"));
    if (json_get(root, "amount") && !amount_parse(json_str(json_get(root, "amount")), &s->command.sum))
        return err_set(err, ERR_INTERNAL, "amount", "command %lld tells no amount", (long long)s->row->id.v);
    if (json_int(json_get(root, "boxes"), &boxes) && boxes > 0 && boxes < 1000)
        s->command.boxes = (int)boxes;
    return true;
}

/* The order of a return may not be known. */
static bool return_load(struct sending *s, enum order_op op, struct err *err)
{
    struct work  *w = s->talk->w;
    struct rma    r = { 0 };
    if (!return_get(w->db, s->row->return_id, w->arena, &r, err))
        return false;
    s->command = (struct command){ .op = op, .key = str_print(w->arena, "%lld", (long long)s->row->id.v), .return_id = r.external_id,
                                   .external_id = r.order_external, .number = r.order_number, .external_status = r.external_state };
    return payload_read(s, w->arena, err) &&
           (!id_is_set(r.order_id) || intake_last_payload(w->db, r.order_id, w->arena, &s->command.payload, err));
}

static bool command_load(struct sending *s, struct err *err)
{
    struct work           *w = s->talk->w;
    struct order           o = { 0 };
    struct order_line_list lines = { 0 };
    int op = name_find(order_op_names, s->row->op);
    if (op < 0)
        return err_set(err, ERR_INTERNAL, "op", "no such command \"%.*s\"", STR_ARG(s->row->op));
    if (id_is_set(s->row->return_id))
        return return_load(s, (enum order_op)op, err);
    if (!order_get(w->db, s->row->order_id, w->arena, &o, err) || !order_lines_of(w->db, &o.id, 1, w->arena, &lines, err))
        return false;
    s->command = (struct command){ .op = (enum order_op)op, .key = str_print(w->arena, "%lld", (long long)s->row->id.v),
                                   .external_id = o.external_id, .number = o.number, .external_status = o.external_status };
    for (int i = 0; i < lines.count; i++) {
        const struct order_line *l = &lines.at[i];
        *command_line_list_add(&s->command.lines, w->arena) =
            (struct command_line){ l->external_id, l->external_offer_id, l->article, l->qty };
    }
    return payload_read(s, w->arena, err) && intake_last_payload(w->db, o.id, w->arena, &s->command.payload, err);
}

/* ---- before each request: what we are about to do is kept ---- */

static bool remember_tx(struct db *db, void *ctx, struct err *err)
{
    struct sending *s = ctx;
    instant until = instant_add(clock_now(s->talk->e->o.clock), LEASE_MS);
    s->row->lease_until = until.ms;
    return outbox_remember(db, s->row->id, s->memory, until, err);
}

static bool before_send(void *ctx, struct err *err)
{
    struct sending *s   = ctx;
    int64_t         now = clock_now(s->talk->e->o.clock).ms;
    if (now >= s->row->lease_until) {
        s->lost = true;                                     /* somebody else may be sending it this moment */
        return err_set(err, ERR_CONFLICT, "lease", "the command was taken by somebody else");
    }
    bool is_kept = str_eq(s->memory, s->row->memory) && s->row->lease_until - now > MARGIN_MS;
    if (!is_kept && !db_tx(s->talk->w->db, remember_tx, s, err))
        return false;
    s->row->memory = s->memory;
    crash_point("outbox.remembered");
    return true;
}

/* ---- the conversation ---- */

static bool converse(struct sending *s, struct receipt *out, struct err *err)
{
    struct work             *w     = s->talk->w;
    const struct http_reply *reply = NULL;
    struct talk_gate         gate  = { before_send, s };
    for (int i = 0; i < COMMAND_STEPS_MAX; i++) {
        struct call         call = talk_call(s->talk, w->arena);
        struct http_request rq   = { 0 };
        *out = (struct receipt){ .kind = RECEIPT_DONE };
        if (!s->talk->channel->command_step(&call, &s->command, &s->memory, reply, &rq, out, err))
            return false;
        if (out->kind != RECEIPT_MORE)
            return true;
        assert(rq.method != HTTP_NONE);
        struct http_reply *got = ARENA_NEW(w->arena, struct http_reply);
        bool sent = talk_send(s->talk, w->arena, &rq, &gate, got, err);
        if (got->fate != HTTP_NOT_SENT && !instant_is_set(s->row->sent_at))
            s->row->sent_at = clock_now(s->talk->e->o.clock);
        if (!sent)
            return false;
        crash_point("outbox.sent");
        s->answered = got->fate == HTTP_ANSWERED && got->status < 500;
        reply = got;
    }
    return err_set(err, ERR_CHANNEL_PAYLOAD, "steps", "the conversation with the market does not end");
}

/* ---- the fate ---- */

static void row_done(struct sending *s, const struct receipt *r)
{
    s->row->state   = STR("done");
    s->row->done_at = s->talk->w->now;
    s->row->text    = r->text;
}

/* Back into the queue. What failed counts against the command; what the market merely asked to wait for does not. */
static void row_later(struct sending *s, int64_t wait_ms, bool failed, str text)
{
    instant now = s->talk->w->now;
    s->row->text = text;
    if (failed) {
        s->row->tries++;
        int64_t back = backoff_ms(s->talk->e, s->row->tries - 1);
        wait_ms = wait_ms > back ? wait_ms : back;
    }
    if (s->row->tries >= TRIES_MAX) {
        s->row->state   = STR("dead");
        s->row->done_at = now;
        return;
    }
    s->row->state      = STR("queued");
    s->row->not_before = instant_add(now, wait_ms);
}

static void row_fate(struct sending *s, const struct receipt *r)
{
    struct arena *a = s->talk->w->arena;
    if (r->note.len)
        s->row->note = tidy_text(a, r->note);
    struct receipt told = *r;
    told.text = utf8_cut(tidy_text(a, r->text), 1000);
    switch (r->kind) {
    case RECEIPT_DONE:
    case RECEIPT_DONE_BEFORE:
    case RECEIPT_NOTHING:
        row_done(s, &told);
        break;
    case RECEIPT_REFUSED:
        row_done(s, &told);
        s->row->state = STR("refused");
        break;
    case RECEIPT_LATER:
        row_later(s, (int64_t)(r->wait_s > 0 ? r->wait_s : 1) * SECOND_MS, !s->answered, told.text);
        break;
    case RECEIPT_AUTH:
    case RECEIPT_MORE:
        row_later(s, 0, false, told.text);
        break;
    }
}

static void row_error(struct sending *s, const struct err *bad)
{
    str     line = utf8_cut(tidy_text(s->talk->w->arena, err_line(s->talk->w->arena, bad)), 1000);
    int64_t wait = (int64_t)bad->retry_after_s * SECOND_MS;
    switch (bad->code) {
    case ERR_BUSY:                                          /* we are stopping: at once after the start */
    case ERR_CHANNEL_AUTH:
        row_later(s, 0, false, line);
        break;
    case ERR_CHANNEL_BUSY:
        row_later(s, wait > 0 ? wait : SECOND_MS, false, line);
        break;
    default:
        row_later(s, wait, true, line);
    }
}

/* ---- one command ---- */

/* The fate is stored in the name of the market: it is what answered. */
static bool fate_save(struct sending *s, struct err *err)
{
    struct work *w    = s->talk->w;
    bool         kept = false;
    w->actor = (struct actor){ .kind = ACTOR_CHANNEL, .id = s->talk->account.id, .name = s->talk->account.name };
    str  title = str_print(w->arena, "%s: %.*s", s->talk->channel->title, STR_ARG(s->row->op));
    bool ok    = id_is_set(s->row->return_id) ? return_command_settle(w, s->row, title, &kept, err) : command_settle(w, s->row, title, &kept, err);
    w->actor = (struct actor){ .kind = ACTOR_SYSTEM };
    crash_point("outbox.settled");
    s->lost = s->lost || !kept;
    return ok;
}

/* *go_on false: no use trying the other rows of the account now. */
static bool command_run(struct talk *t, struct command_row *row, bool *go_on, struct err *err)
{
    struct sending s   = { .talk = t, .row = row, .memory = row->memory };
    struct receipt r   = { 0 };
    struct err     bad = { 0 };
    t->is_urgent = row->priority <= 1;
    t->w->now    = clock_now(t->e->o.clock);
    bool ok = command_load(&s, &bad) && converse(&s, &r, &bad);
    t->w->now = clock_now(t->e->o.clock);
    if (s.lost)
        return true;
    row->memory = tidy_text(t->w->arena, s.memory);
    if (ok && r.kind == RECEIPT_AUTH && id_is_set(row->return_id))
        r.kind = RECEIPT_REFUSED;                           /* a key without the right to answer returns still sells */
    if (ok)
        row_fate(&s, &r);
    else
        row_error(&s, &bad);
    bool is_auth = (ok && r.kind == RECEIPT_AUTH) || bad.code == ERR_CHANNEL_AUTH;
    *go_on = !is_auth && bad.code != ERR_BUSY;
    if (is_auth) {
        if (ok)
            err_set(&bad, ERR_CHANNEL_AUTH, "reply", "%.*s", STR_ARG(r.text));
        account_trouble(t, ACCOUNT_AUTH_FAILED, &bad);
    }
    log_info(t->e->o.log, "command.sent", LOG_TEXT("channel", t->channel->name), LOG_INT("account", t->account.id.v),
             LOG_INT("command", row->id.v), LOG_STR("op", row->op), LOG_STR("state", row->state), LOG_INT("tries", row->tries));
    return fate_save(&s, err);
}

struct taking { struct work *w; rid account; bool alone; str worker; instant until; struct command_row_list *rows; };

static bool take_tx(struct db *db, void *ctx, struct err *err)
{
    struct taking *t    = ctx;
    bool           busy = false;
    *t->rows = (struct command_row_list){ 0 };
    if (t->alone && !command_under_way(db, t->account, t->w->now, &busy, err))
        return false;
    if (busy)
        return true;
    return outbox_take(db, t->account, t->w->now, t->worker, t->until, TAKE_MAX, t->w->arena, t->rows, err);
}

static bool free_tx(struct db *db, void *ctx, struct err *err)
{
    const struct command_row *row = ctx;
    bool kept;
    return outbox_settle(db, row, &kept, err);
}

/* A taken row that will not be sent now: the next one who looks may have it. */
static bool command_free(struct talk *t, struct command_row *row, struct err *err)
{
    row->state = STR("queued");
    return db_tx(t->w->db, free_tx, row, err);
}

/* RETURNING gives rows in no order. */
static void by_urgency(struct command_row_list *rows)
{
    for (int i = 1; i < rows->count; i++)
        for (int k = i; k > 0; k--) {
            struct command_row *a = &rows->at[k - 1], *b = &rows->at[k], swap;
            bool in_order = a->priority != b->priority ? a->priority < b->priority
                            : a->not_before.ms != b->not_before.ms ? a->not_before.ms < b->not_before.ms : a->id.v < b->id.v;
            if (in_order)
                break;
            swap = *a;
            *a   = *b;
            *b   = swap;
        }
}

bool sync_push(struct sync_engine *e, struct work *w, rid account_id, int *sent, struct err *err)
{
    struct talk             t;
    struct command_row_list rows  = { 0 };
    struct taking           take  = { .w = w, .account = account_id, .rows = &rows };
    bool                    go_on = true;
    *sent = 0;
    if (!talk_begin(e, w, account_id, &t, err))
        return false;
    if (!account_works(&t.account) || t.account.mode != ACCOUNT_LIVE)
        return true;
    w->now      = clock_now(e->o.clock);
    take.alone  = t.channel->commands_alone;
    take.worker = str_print(w->arena, "%s#%lld", e->server, (long long)work_id(w).v);
    take.until  = instant_add(w->now, LEASE_MS);
    if (!db_tx(w->db, take_tx, &take, err))
        return false;
    by_urgency(&rows);
    crash_point("outbox.taken");
    for (int i = 0; i < rows.count; i++) {
        struct command_row *row = &rows.at[i];
        bool is_late = row->lease_until - clock_now(e->o.clock).ms < MARGIN_MS;
        if (!go_on || is_late || atomic_load(&e->stop)) {
            if (!command_free(&t, row, err))
                return false;
            continue;
        }
        if (!command_run(&t, row, &go_on, err))
            return false;
        (*sent)++;
    }
    return true;
}
