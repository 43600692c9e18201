/* errand.c - the one way in which all connectors carry out a write: send it, and after any doubt read back before deciding.
 *
 * No market here has idempotency keys. A write whose reply was cut may have been done; a refusal may mean "done already".
 * Both end in reading the order back and judging what it says. The phase is remembered before the request goes out, so a
 * process that died in between also reads back first.
 */
#include "channels/memory.h"

#define TRIES_MAX     3
#define READ_WAIT_S   30
#define SETTLE_READS_MAX 60

static const struct memory_field errand_memory[] = {
    { "phase", MEMORY_TEXT,   offsetof(struct errand, phase) },
    { "tries", MEMORY_NUMBER, offsetof(struct errand, tries) },
    { "next",  MEMORY_NUMBER, offsetof(struct errand, next) },
    { "wrote", MEMORY_FLAG,   offsetof(struct errand, wrote) },
    { "words", MEMORY_TEXT,   offsetof(struct errand, words) },
    { "thing", MEMORY_TEXT,   offsetof(struct errand, thing) },
    { "name",  MEMORY_TEXT,   offsetof(struct errand, name) },
    { "list",  MEMORY_TEXT,   offsetof(struct errand, list) },
    { 0 }
};

struct errand errand_of(struct arena *arena, str memory)
{
    struct errand e = { 0 };
    struct err ignored = { 0 };
    if (memory.len && !memory_read(arena, errand_memory, memory, &e, "memory of a command", &ignored))
        e = (struct errand){ 0 };
    return e;
}

str errand_text(struct arena *arena, const struct errand *e)
{
    return memory_text(arena, errand_memory, e);
}

void receipt_refuse(struct receipt *r, str text)
{
    r->kind = RECEIPT_REFUSED;
    r->text = text;
}

/* The end of this conversation. Who sends the command again after it wants it written again, if it still is not done. */
static void refusal_stands(struct errand *e, struct receipt *r, str text)
{
    receipt_refuse(r, text);
    e->phase = STR("refused");
}

static void begin_again(struct errand *e)
{
    e->phase = STR("read");
    e->words = (str){ 0 };
    e->wrote = false;
    e->tries = e->next = 0;
}

static void receipt_later(struct receipt *r, int wait_s, str text)
{
    r->kind   = RECEIPT_LATER;
    r->wait_s = wait_s;
    r->text   = text;
}

enum answer answer_of(const struct call *call, const struct http_reply *reply, struct receipt *r)
{
    if (reply->fate == HTTP_NOT_SENT) {
        receipt_later(r, 5, STR("could not connect"));
        return ANSWER_LATER;
    }
    if (reply->fate == HTTP_UNKNOWN || reply->status >= 500 || reply->status == 408 || reply->status < 200)
        return ANSWER_UNKNOWN;
    if (reply->status < 300)
        return ANSWER_OK;
    str words = reply_words(call->arena, reply);
    if (!words.len)
        words = str_print(call->arena, "HTTP %d", reply->status);
    if (reply->status == 429) {
        int wait_s = reply_wait_s(call, reply);
        receipt_later(r, wait_s ? wait_s : 10, words);
        return ANSWER_LATER;
    }
    /* A method of a paid plan answers 403 too; the key itself is fine then (sheet ozon.md, trap 8). */
    if ((reply->status == 401 || reply->status == 403) && !str_has(words, STR("subscription"))) {
        r->kind = RECEIPT_AUTH;
        r->text = words;
        return ANSWER_AUTH;
    }
    receipt_refuse(r, words);
    return ANSWER_REFUSED;
}

static bool ask(const struct call *call, const struct command *cmd, const struct errand_plan *plan, struct errand *e, bool write,
                struct http_request *out, struct receipt *r, struct err *err)
{
    if (!(write ? plan->write : plan->read)(call, cmd, e, out, err))
        return false;
    e->phase = write ? STR("write") : STR("read");
    r->kind  = RECEIPT_MORE;
    return true;
}

static bool judge_read(const struct call *call, const struct command *cmd, const struct errand_plan *plan, struct errand *e,
                       const struct http_reply *reply, struct http_request *out, struct receipt *r, struct err *err)
{
    const struct json *root;
    str text = { 0 };
    if (!reply_read_json(call, reply, &root, err))
        return false;
    enum verdict verdict = plan->judge(call, cmd, root, &text);
    if (verdict == VERDICT_TODO && plan->settles_later && e->wrote && !e->words.len)
        verdict = VERDICT_WAIT;
    if (verdict == VERDICT_DONE) {
        r->kind = e->wrote ? RECEIPT_DONE : RECEIPT_DONE_BEFORE;
        r->text = e->words;
        return true;
    }
    if (verdict == VERDICT_NEVER) {
        refusal_stands(e, r, e->words.len ? e->words : text);
        return true;
    }
    if (verdict == VERDICT_WAIT) {
        if (e->wrote && ++e->next > SETTLE_READS_MAX)
            refusal_stands(e, r, STR("the market took the request, but its effect cannot be seen"));
        else
            receipt_later(r, plan->wait_s ? plan->wait_s : 10, text);
        return true;
    }
    if (e->words.len && verdict != VERDICT_AGAIN) {         /* it was refused and is not done: the refusal stands */
        refusal_stands(e, r, e->words);
        return true;
    }
    if (e->tries >= TRIES_MAX) {
        e->tries = 0;
        receipt_later(r, 300, STR("the request was sent several times and has no effect yet"));
        return true;
    }
    e->tries++;
    e->wrote = false;
    return ask(call, cmd, plan, e, true, out, r, err);
}

bool errand_step(const struct call *call, const struct command *cmd, const struct errand_plan *plan, struct errand *e,
                 const struct http_reply *reply, struct http_request *out, struct receipt *r, struct err *err)
{
    if (!reply && str_is(e->phase, "refused"))
        begin_again(e);
    bool wrote = str_is(e->phase, "write"), read = str_is(e->phase, "read");
    if (!reply)
        return ask(call, cmd, plan, e, !(wrote || read || plan->read_first), out, r, err);
    enum answer answer = answer_of(call, reply, r);
    if (answer == ANSWER_AUTH || answer == ANSWER_LATER) {
        if (wrote)
            e->phase = (str){ 0 };                          /* surely not done */
        return true;
    }
    if (wrote && answer == ANSWER_OK) {
        if (plan->learn)
            plan->learn(call, e, reply, r);
        e->wrote = true;
        if (plan->settles_later) {
            e->next = 0;
            return ask(call, cmd, plan, e, false, out, r, err);
        }
        r->kind = RECEIPT_DONE;
        return true;
    }
    if (wrote && answer == ANSWER_REFUSED) {
        e->words = r->text;
        if (plan->is_done_before && plan->is_done_before(e->words)) {
            r->kind = RECEIPT_DONE_BEFORE;
            return true;
        }
    }
    if (wrote)
        return ask(call, cmd, plan, e, false, out, r, err);
    if (answer == ANSWER_UNKNOWN) {                         /* cannot even look: look again later */
        receipt_later(r, READ_WAIT_S, STR("the market does not answer"));
        return true;
    }
    if (answer == ANSWER_REFUSED) {
        refusal_stands(e, r, e->words.len ? e->words : r->text);
        return true;
    }
    return judge_read(call, cmd, plan, e, reply, out, r, err);
}
