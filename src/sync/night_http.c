/* night_http.c - what the last nightly readings of an account found. */
#include "sync/channels_own_http.h"
#include "sync/night_store.h"

#define NIGHTS_MAX 14

static void finds_write(const struct night_find_list *all, rid run, struct json_out *j)
{
    json_begin(j, "orders", '[');
    for (int i = 0; i < all->count; i++) {
        const struct night_find *f = &all->at[i];
        if (!id_eq(f->run_id, run))
            continue;
        json_begin(j, NULL, '{');
        json_id(j, "order_id", f->order_id);
        json_text(j, "number", f->number);
        json_text(j, "kind", f->kind);
        json_text_or_null(j, "was", f->was);
        json_text(j, "became", f->became);
        json_end(j);
    }
    json_end(j);
}

static void night_write(const struct night_run *r, const struct night_find_list *finds, struct json_out *j)
{
    json_begin(j, NULL, '{');
    json_id(j, "id", r->id);
    json_text(j, "stream", r->stream);
    json_instant(j, "started_at", r->started_at);
    json_instant(j, "ended_at", r->ended_at);
    json_text(j, "state", r->state);
    json_number(j, "read", r->read);
    json_number(j, "missing", r->missing);
    json_number(j, "changed", r->changed);
    json_number(j, "repaired", r->missing + r->changed);    /* found and taken over are one transaction */
    json_number(j, "parked", r->parked);
    json_text_or_null(j, "code", r->problem);
    finds_write(finds, r->id, j);
    json_end(j);
}

bool nights_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct night_run_list  runs  = { 0 };
    struct night_find_list finds = { 0 };
    rid ids[NIGHTS_MAX], account;
    if (!path_account(rq, &account, err) || !nights_of(rq->work.db, account, NIGHTS_MAX, rq->work.arena, &runs, err))
        return false;
    for (int i = 0; i < runs.count; i++)
        ids[i] = runs.at[i].id;
    if (runs.count && !night_finds_of(rq->work.db, ids, runs.count, rq->work.arena, &finds, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < runs.count; i++)
        night_write(&runs.at[i], &finds, &j);
    json_end(&j);
    json_null(&j, "next");
    json_end(&j);
    return true;
}
