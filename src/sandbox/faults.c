/* faults.c - replies that are spoilt on demand: what a client must live through. */
#include "sandbox/market.h"

const char *const fault_names[] = {
    [FAULT_429] = "429", [FAULT_500] = "500", [FAULT_CUT] = "cut", [FAULT_SILENT] = "silent",
    [FAULT_DUPLICATE] = "duplicate", [FAULT_REORDER] = "reorder", [FAULT_RETIRED] = "retired",
    [FAULT_FIELD] = "changed_field", [FAULT_WORD] = "changed_word", [FAULT_SLOW] = "slow", [FAULT_LOST] = "lost",
    [FAULT_BROKEN] = "broken", NULL
};
_Static_assert(COUNT_OF(fault_names) == FAULT_COUNT + 1, "a name per fault");

struct fault *fault_next(struct sandbox *sb, enum market market, str path)
{
    for (int i = 0; i < sb->faults.count; i++) {
        struct fault *f = &sb->faults.at[i];
        if (f->times > 0 && (f->market < 0 || f->market == (int)market) && str_has(path, f->path_contains)) {
            f->times--;
            return f;
        }
    }
    return NULL;
}

static void body_clear(struct reply *rp)
{
    rp->body.len = 0;
    rp->headers.count = 0;
}

/* Answers in the market's own words for the broken state. */
static void fault_answer(struct ask *a, const struct fault *f)
{
    body_clear(a->rp);
    if (f->kind == FAULT_429) {
        int64_t wait_ms = (f->retry_after_s ? f->retry_after_s : 1) * 1000;
        struct bucket empty = { .def = a->market->buckets ? &a->market->buckets[a->op->bucket] : NULL };
        a->market->limited(a, empty.def ? &empty : NULL, wait_ms);
    } else if (f->kind == FAULT_500) {
        a->market->refuse(a, 500, "internal", "internal error");
    } else if (f->kind == FAULT_RETIRED) {
        a->market->retired(a);
    }
}

/* A reply without its effect: the market never saw the request. Reads may be cut or spoilt after they were
 * made. */
bool fault_before(struct ask *a, const struct fault *f)
{
    if (f->after_effect)
        return false;
    switch (f->kind) {
    case FAULT_429:
    case FAULT_500:
    case FAULT_RETIRED:
        fault_answer(a, f);
        return true;
    case FAULT_SILENT:
        a->rp->silent = true;
        return true;
    case FAULT_CUT:
        if (!a->op->writes)
            return false;
        a->market->refuse(a, 500, "internal", "connection lost");
        a->rp->status = 200;
        a->rp->cut = true;
        return true;
    default:
        return false;
    }
}

/* Renames every occurrence of a key or a text: "createdAt": becomes "createdAt_v2":, "NEW" becomes "NEW_v2". */
static void word_rename(struct ask *a, str word, const char *end)
{
    str whole = buf_str(&a->rp->body), key = str_print(a->arena, "\"%.*s%s", STR_ARG(word), end);
    struct buf out = buf_in(a->arena);
    for (ptrdiff_t at; word.len && (at = str_find(whole, key)) >= 0;) {
        buf_add(&out, str_sub(whole, 0, (size_t)at + key.len - strlen(end)));
        buf_add(&out, STR("_v2"));
        buf_add(&out, str_of(end));
        whole = str_sub(whole, (size_t)at + key.len, whole.len);
    }
    buf_add(&out, whole);
    a->rp->body = out;
}

/* Spoils a reply whose effect has happened. */
void fault_after(struct ask *a, const struct fault *f)
{
    switch (f->kind) {
    case FAULT_429:
    case FAULT_500:
    case FAULT_RETIRED:
        fault_answer(a, f);
        break;
    case FAULT_SILENT:
        a->rp->silent = true;
        break;
    case FAULT_CUT:
        if (!a->rp->body.len)
            a->rp->body = buf_in(a->arena);
        if (!a->rp->body.len)
            buf_add(&a->rp->body, STR("{\"result\":true}"));
        if (a->rp->status == REPLY_NO_CONTENT)
            a->rp->status = REPLY_OK;
        a->rp->cut = true;
        break;
    case FAULT_BROKEN:                  /* a whole answer with half a file in it */
        a->rp->body.len /= 2;
        break;
    case FAULT_FIELD:
        word_rename(a, f->field, "\":");
        break;
    case FAULT_WORD:
        word_rename(a, f->field, "\"");
        break;
    default:
        break;
    }
}

void page_spoil(struct ask *a, struct morder_refs *page)
{
    if (!a->fault)
        return;
    if (a->fault->kind == FAULT_DUPLICATE) {
        int count = page->count;
        for (int i = 0; i < count; i++) {
            struct morder *o = page->at[i];
            *morder_refs_add(page, a->arena) = o;
        }
    } else if (a->fault->kind == FAULT_LOST && page->count > 1) {
        page->at[0] = page->at[page->count - 1];
        page->count = 1;
    } else if (a->fault->kind == FAULT_REORDER) {
        for (int i = 0, k = page->count - 1; i < k; i++, k--) {
            struct morder *o = page->at[i];
            page->at[i] = page->at[k];
            page->at[k] = o;
        }
    }
}
