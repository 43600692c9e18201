/* ozon_label.c - labels of Ozon: a task is ordered, drawn in a while, and leaves a file on a host of its own.
 * Source: specs/ozon supplement of June 2026, sheet channels/ozon.md section 5.3. That a label comes 45 s after the posting was packed and
 * is drawn in 2 s is ours, and so is what is drawn.
 *
 * A task lives in its number alone: when it was ordered, of which posting (its place in the list), and which size.
 */
#include "sandbox/label.h"
#include "sandbox/ozon.h"

#define LABEL_MS (45 * SECOND_MS)
#define DRAWN_MS (2 * SECOND_MS)
#define PLACES   INT64_C(1000000)

struct task { int64_t at_s, place, size; };              /* size: 1 big, 2 small */

static struct task task_of(int64_t id)
{
    return (struct task){ id / (PLACES * 10), id / 10 % PLACES, id % 10 };
}

static bool is_drawn(const struct ask *a, const struct morder *o)
{
    return (o->stage == STAGE_ACCEPTED || o->stage == STAGE_ASSEMBLED || o->stage == STAGE_HANDED || o->stage == STAGE_SORTED) &&
           a->now.ms >= o->accepted_at.ms + LABEL_MS;
}

/* One posting a task is played; the market takes several, and then one that cannot be drawn is named in the answer. */
void ozon_label_create(struct ask *a)
{
    const struct json *list = json_get(a->body, "posting_numbers");
    struct morder *o = morder_find(a->sb, MARKET_OZON, json_str(json_at(list, 0)));
    int64_t place = 0;
    while (o && place < a->sb->orders.count && a->sb->orders.at[place] != o)
        place++;
    if (!o || list->count != 1) {
        ozon_error(a, 404, 5, "POSTING_NOT_FOUND");
        return;
    }
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "tasks", '[');
    for (int size = 1; size <= 2; size++) {
        json_begin(&j, NULL, '{');
        json_number(&j, "task_id", (a->now.ms / SECOND_MS * PLACES + place) * 10 + size);
        json_text(&j, "task_type", size == 1 ? STR("big_label") : STR("small_label"));
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
}

static struct morder *task_posting(struct ask *a, struct task t)
{
    bool known = t.place >= 0 && t.place < a->sb->orders.count && t.size >= 1 && t.size <= 2 && a->sb->orders.at[t.place]->market == MARKET_OZON;
    return known ? a->sb->orders.at[t.place] : NULL;
}

static void task_write(struct ask *a, struct json_out *j, const struct morder *o, bool done)
{
    bool drawn = is_drawn(a, o);
    json_begin(j, "status", '{');
    json_text(j, "code", done ? STR("completed") : STR("in_progress"));
    json_number(j, "postings_count", 1);
    json_number(j, "printed_postings_count", done && drawn);
    json_begin(j, "unprinted_postings", '[');
    if (done && !drawn) {
        json_begin(j, NULL, '{');
        json_text(j, "posting_number", o->id);
        json_text(j, "message", o->stage >= STAGE_AT_PICKUP ? STR("label not allowed for delivered postings") : STR("The next postings aren't ready"));
        json_end(j);
    }
    json_end(j);
    json_end(j);
}

void ozon_label_get(struct ask *a)
{
    int64_t id = 0;
    if (!json_int(json_get(a->body, "task_id"), &id))
        id = 0;
    struct task    t = task_of(id);
    struct morder *o = task_posting(a, t);
    if (!o) {
        ozon_error(a, 404, 5, "task not found");
        return;
    }
    bool done = a->now.ms >= t.at_s * SECOND_MS + DRAWN_MS;
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_text(&j, "file_url", done && is_drawn(a, o) ? str_print(a->arena, "https://cdn1.ozone.ru/s3/ord-tmp-12/%s/ticket-%lld.pdf",
                                                                  t.size == 1 ? "big_label" : "small_label", (long long)id) : STR(""));
    task_write(a, &j, o, done);
    json_begin(&j, "error", '{');
    json_text(&j, "code", STR(""));
    json_text(&j, "message", STR(""));
    json_end(&j);
    json_end(&j);
}

void ozon_label_file(struct ask *a)
{
    str     file = path_text(a->rq, "file"), head;
    int64_t id = 0;
    struct morder *o = NULL;
    if (str_split(&file, '-', &head) && str_split(&file, '.', &head) && str_to_int(head, &id))
        o = task_posting(a, task_of(id));
    if (!o || !is_drawn(a, o)) {
        a->rp->status = 404;
        file_reply(a, "text/plain", STR("not found"));
        return;
    }
    bool small = task_of(id).size == 2;
    file_reply(a, "application/pdf", sandbox_pdf(a->arena, STR("OZON"), o->id, small ? 58 : 75, small ? 40 : 120, 1));
}

const struct rule ozon_label_rules[] = { { "posting_numbers", RULE_TEXTS, true, 1, 100 }, { 0 } };
const struct rule ozon_task_rules[] = { { "task_id", RULE_INT, true }, { 0 } };
