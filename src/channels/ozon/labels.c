/* labels.c - labels of Ozon: a task is ordered, asked after, and leaves an address of a PDF.
 *
 * Source: sheet channels/ozon.md section 5.3; fields: specs/ozon supplement of June 2026. /v2/posting/fbs/package-label, which answered
 * with the file at once, has been switched off on 2026-11-02. A task of one posting gives a file of one posting, and one that cannot be
 * drawn spoils no other. The number of the task is kept, so that a task is asked after and not ordered again.
 */
#include "channels/memory.h"
#include "channels/ozon/ozon.h"

#define TASK_WAIT_S  5
#define LABEL_WAIT_S 30                     /* labels are drawn 45-60 s after a posting was packed */

struct drawing { int64_t task; str phase; };
static const struct memory_field drawing_memory[] = {
    { "task",  MEMORY_NUMBER, offsetof(struct drawing, task) },
    { "phase", MEMORY_TEXT, offsetof(struct drawing, phase) },
    { 0 }
};

enum label_wait ozon_label_wait(const struct label_order *o)
{
    enum label_wait wait = label_wait_common(o);
    bool unpacked = str_is(o->external_status, "awaiting_packaging") || str_starts(o->external_status, STR("awaiting_reg")) ||
                    str_is(o->external_status, "awaiting_approve") || str_is(o->external_status, "acceptance_in_progress") ||
                    str_is(o->external_status, "awaiting_verification");
    if (wait == LABEL_AFTER_CONFIRM || (wait == LABEL_MAY && unpacked && o->status < HUB_READY_TO_SHIP))
        return LABEL_AFTER_READY;
    return wait;
}

static void task_order(const struct call *call, str posting, struct http_request *out)
{
    struct buf buf = buf_in(call->arena);
    struct json_out j = json_out(&buf);
    json_begin(&j, NULL, '{');
    json_begin(&j, "posting_numbers", '[');
    json_text(&j, NULL, posting);
    json_end(&j);
    json_end(&j);
    ozon_request(call, out, "/v3/posting/fbs/package-label/create", buf_str(&buf));
}

static void task_ask(const struct call *call, int64_t task, struct http_request *out)
{
    struct buf buf = buf_in(call->arena);
    struct json_out j = json_out(&buf);
    json_begin(&j, NULL, '{');
    json_number(&j, "task_id", task);
    json_end(&j);
    ozon_request(call, out, "/v2/posting/fbs/package-label/get", buf_str(&buf));
}

/* "The next postings aren't ready" is a matter of a minute; what is not allowed will never be. What says neither is asked for again. */
static void not_drawn(struct label_told *t, str words)
{
    bool never = str_has(words, STR("not allowed")) || str_has(words, STR("NOT_FOUND")) || str_has(words, STR("not found"));
    *t = (struct label_told){ .fate = never ? LABEL_NEVER : LABEL_LATER, .words = utf8_cut(words, 300), .wait_s = LABEL_WAIT_S };
}

/* The task of the wanted size, else the first. */
static int64_t task_of(const struct call *call, const struct json *root)
{
    str     wanted = str_is(setting_text(call, ozon_settings, "label_size"), "small") ? STR("small_label") : STR("big_label");
    int64_t first = 0, task;
    JSON_EACH(row, json_get(root, "tasks")) {
        if (!payload_whole(json_get(row, "task_id"), &task) || task <= 0)
            continue;
        if (str_eq(payload_text(json_get(row, "task_type")), wanted))
            return task;
        if (!first)
            first = task;
    }
    return first;
}

/* What became of the task; an address to fetch from goes to `out`. */
static void task_told(const struct call *call, struct label_talk *t, const struct json *root, struct drawing *d, struct http_request *out)
{
    struct label_told *told = &t->told[0];
    str code = payload_text(json_path(root, "status.code")), url = payload_text(json_get(root, "file_url")), words = payload_text(json_path(root, "error.message"));
    JSON_EACH(row, json_path(root, "status.unprinted_postings")) {
        if (!str_eq(payload_text(json_get(row, "posting_number")), t->orders[0].number) && !str_eq(payload_text(json_get(row, "posting_number")), t->orders[0].external_id))
            continue;
        not_drawn(told, payload_text(json_get(row, "message")));
        return;
    }
    if (str_is(code, "pending") || str_is(code, "in_progress")) {
        *told = (struct label_told){ .memory = memory_text(call->arena, drawing_memory, d), .wait_s = TASK_WAIT_S };
    } else if (str_is(code, "completed") && url.len) {
        d->phase = STR("file");
        if (!file_ask(call, setting_text(call, ozon_settings, "photo_hosts"), url, STR("application/pdf"), out))
            *told = (struct label_told){ .fate = LABEL_NEVER, .words = str_print(call->arena, "the label is at %.*s", STR_ARG(utf8_cut(url, 200))) };
    } else {
        not_drawn(told, words);
    }
}

static bool replied(const struct call *call, struct label_talk *t, const struct http_reply *reply, struct drawing *d, struct http_request *out,
                    struct err *err)
{
    const struct json *root;
    if (str_is(d->phase, "file")) {
        label_file(call, reply, &t->told[0]);
        return true;
    }
    if (reply->fate == HTTP_ANSWERED && (reply->status == 400 || reply->status == 404)) {
        not_drawn(&t->told[0], reply_words(call->arena, reply));        /* a task that Ozon has forgotten is ordered anew */
        if (str_is(d->phase, "task"))
            t->told[0].fate = LABEL_LATER;
        return true;
    }
    if (!reply_read_json(call, reply, &root, err))
        return false;
    if (str_is(d->phase, "task")) {
        task_told(call, t, root, d, out);
        return true;
    }
    d->task  = task_of(call, root);
    d->phase = STR("task");
    if (!d->task)
        return payload_missing(call->arena, root, "tasks", err);
    task_ask(call, d->task, out);
    return true;
}

bool ozon_labels_step(const struct call *call, struct label_talk *t, const struct http_reply *reply, struct http_request *out, struct err *err)
{
    struct drawing d = { 0 };
    if (t->memory.len && !memory_read(call->arena, drawing_memory, t->memory, &d, "memory of an ozon label", err))
        return false;
    if (reply) {
        if (!replied(call, t, reply, &d, out, err))
            return false;
    } else if (d.task) {
        d.phase = STR("task");
        task_ask(call, d.task, out);
    } else {
        d.phase = STR("order");
        task_order(call, t->orders[0].external_id, out);
    }
    t->memory = memory_text(call->arena, drawing_memory, &d);
    return true;
}
