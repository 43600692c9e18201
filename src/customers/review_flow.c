#include "customers/review_flow.h"

#include "accounts/audit.h"
#include "base/buf.h"
#include "base/json_write.h"
#include "customers/match_flow.h"
#include "customers/match_store.h"
#include "customers/settle_flow.h"

#define BATCH        500
#define SEEDS_MAX    50                 /* settled in one transaction */
#define REVIEW_BYTES ((size_t)1 << 30)
#define SINCE_MS     (26 * HOUR_MS)

/* ---- keys ---- */

struct rekeying { struct work *w; str country; int64_t done; bool more; };

/* Reads and writes in one transaction: a record that changes meanwhile must not get its old keys back. */
static bool rekey_tx(struct db *db, void *ctx, struct err *err)
{
    struct rekeying   *r    = ctx;
    struct arena      *a    = r->w->arena;
    struct key_of_list keys = { 0 };
    struct customer_source_list page = { 0 };
    int64_t made = 0, making = 0, at = 0;
    if (!match_number(db, MATCH_RECIPE, &made, err) || !match_number(db, MATCH_MAKING, &making, err) || !match_number(db, MATCH_AT, &at, err))
        return false;
    r->more = made != KEYS_RECIPE;
    if (!r->more)
        return true;
    if (making != KEYS_RECIPE) {
        at = 0;
        if (!match_keys_clear(db, err) || !match_number_set(db, MATCH_RECIPE, 0, a, err) ||
            !match_number_set(db, MATCH_MAKING, KEYS_RECIPE, a, err))
            return false;
    }
    if (!customer_sources_after(db, (rid){ at }, BATCH, a, &page, err))
        return false;
    for (int i = 0; i < page.count; i++) {
        uint64_t      of[PERSON_KEYS_MAX];
        struct person p;
        source_person(a, &page.at[i], r->country, &p);
        int n = person_keys(&p, of);
        for (int k = 0; k < n; k++)
            *key_of_list_add(&keys, a) = (struct key_of){ of[k], page.at[i].id };
        at = page.at[i].id.v;
    }
    r->done += page.count;
    r->more  = page.count == BATCH;
    if (!match_keys_add(db, keys.at, keys.count, a, err) || !match_number_set(db, MATCH_AT, at, a, err))
        return false;
    /* Complete: what came meanwhile was not compared with everybody, so it is looked at in the next minutes. */
    return r->more || (match_number_set(db, MATCH_RECIPE, KEYS_RECIPE, a, err) && match_number_set(db, MATCH_NIGHT, at ? 1 : 0, a, err));
}

bool identity_keys_made(struct db *db, int64_t *recipe, struct err *err) { return match_number(db, MATCH_RECIPE, recipe, err); }

bool identity_keys_step(struct work *w, str country, int max, bool *more, struct err *err)
{
    int64_t made = 0, done = 0;
    *more = false;
    if (!match_number(w->db, MATCH_RECIPE, &made, err))
        return false;
    *more = made != KEYS_RECIPE;
    while (*more && done < max) {
        CLEANUP(arena_back) struct arena_mark mark = arena_mark(w->arena);
        struct rekeying r = { .w = w, .country = country };
        if (!db_tx(w->db, rekey_tx, &r, err))
            return false;
        done += r.done;
        *more = r.more;
    }
    return true;
}

bool identity_keys_ready(struct work *w, str country, struct err *err)
{
    bool more = true;
    while (more)
        if (!identity_keys_step(w, country, BATCH, &more, err))
            return false;
    return true;
}

/* ---- the night ---- */

struct claiming { struct work *w; int64_t day; bool mine; };

static bool claim_tx(struct db *db, void *ctx, struct err *err)
{
    struct claiming *c = ctx;
    int64_t last = 0;
    if (!match_number(db, MATCH_NIGHT, &last, err))
        return false;
    c->mine = last < c->day;
    return !c->mine || (match_number_set(db, MATCH_NIGHT, c->day, c->w->arena, err) &&
                        runs_give_up(db, instant_add(c->w->now, -6 * HOUR_MS), c->w->now, err));
}

bool identity_review_due(struct work *w, int64_t day, bool is_night, bool *due, struct err *err)
{
    struct claiming first = { w, day, false };
    int64_t         last  = 0;
    *due = false;
    if (!match_number(w->db, MATCH_NIGHT, &last, err))
        return false;
    if (last)
        *due = last < day && (is_night || last == 1);        /* 1: at once, for keys were made anew */
    return last || db_tx(w->db, claim_tx, &first, err);
}

struct settling_tx { struct work *w; str country; const rid *seeds; int count; rid run; struct settled done; };

static bool settle_tx(struct db *db, void *ctx, struct err *err)
{
    struct settling_tx *s = ctx;
    return identity_settle(db, s->w, s->seeds, s->count, s->country, s->run, &s->done, err);
}

struct running { struct identity_run run; instant now; };

static bool begin_tx(struct db *db, void *ctx, struct err *err)
{
    return record_insert(db, &run_record, &((struct running *)ctx)->run, err);
}

static bool end_tx(struct db *db, void *ctx, struct err *err)
{
    const struct running *r = ctx;
    return run_save(db, &r->run, err) && suggestions_tidy(db, r->now, err);
}

static bool seeds_settle(struct settling_tx *s, struct rebuild_done *out, struct err *err)
{
    if (!s->count)
        return true;
    CLEANUP(arena_back) struct arena_mark mark = arena_mark(s->w->arena);
    if (!db_tx(s->w->db, settle_tx, s, err))
        return false;
    out->merges += s->done.merges;
    out->splits += s->done.splits;
    s->count     = 0;
    return true;
}

static bool changed_walk(struct work *w, str country, instant since, rid run, struct rebuild_done *out, struct err *err)
{
    rid  seeds[SEEDS_MAX], after = { 0 };
    bool more = true;
    struct settling_tx s = { .w = w, .country = country, .seeds = seeds, .run = run };
    while (more) {
        CLEANUP(arena_back) struct arena_mark mark = arena_mark(w->arena);
        struct customer_source_list page = { 0 };
        if (!customer_sources_changed(w->db, after, since, BATCH, w->arena, &page, err))
            return false;
        for (int i = 0; i < page.count; i++) {
            after = page.at[i].id;
            seeds[s.count++] = page.at[i].id;
            if (s.count == SEEDS_MAX && !seeds_settle(&s, out, err))
                return false;
        }
        out->sources += page.count;
        more = page.count == BATCH;
    }
    return seeds_settle(&s, out, err);
}

bool identity_review_changed(struct work *w, str country, instant since, struct rebuild_done *out, struct err *err)
{
    struct running r = { .now = w->now };
    r.run = (struct identity_run){ .id = work_id(w), .kind = STR("nightly"), .state = STR("running"), .at = w->now,
                                   .actor_kind = str_of(actor_kind_names[w->actor.kind]), .actor_id = w->actor.id, .actor_name = w->actor.name };
    *out = (struct rebuild_done){ .run = r.run.id };
    if (!db_tx(w->db, begin_tx, &r, err))
        return false;
    bool ok = changed_walk(w, country, since, r.run.id, out, err);
    struct err other = { 0 };
    r.run.state     = ok ? STR("done") : STR("failed");
    r.run.sources_n = out->sources;
    r.run.merges_n  = out->merges;
    r.run.splits_n  = out->splits;
    r.run.ended_at  = w->now;
    return db_tx(w->db, end_tx, &r, ok ? err : &other) && ok;
}

bool identity_review(struct work *w, str country, int64_t day, struct rebuild_done *out, struct err *err)
{
    CLEANUP(arena_done) struct arena big = { .ceiling_bytes = REVIEW_BYTES };
    struct claiming     c    = { w, day, false };
    struct rebuild_plan plan = { .country = country, .kind = STR("nightly") };
    struct work         own  = *w;
    int64_t             count = 0;
    *out = (struct rebuild_done){ 0 };
    if (!db_tx(w->db, claim_tx, &c, err) || (c.mine && !customer_sources_count(w->db, &count, err)))
        return false;
    if (!c.mine || !count)
        return true;
    own.arena = &big;
    return count <= NIGHT_WHOLE_MAX ? identity_rebuild(&own, &plan, out, err)
                                    : identity_review_changed(&own, country, instant_add(w->now, -SINCE_MS), out, err);
}

/* ---- hubs ---- */

struct deciding { struct work *w; const struct block_choice *choice; };

/* Who shares the key is asked while it makes pairs: before it is called a hub again, after it was spared. */
static bool decide_tx(struct db *db, void *ctx, struct err *err)
{
    const struct deciding     *d = ctx;
    const struct block_choice *c = d->choice;
    struct arena              *a = d->w->arena;
    struct key_member_list     members = { 0 };
    struct settled             done;
    struct block               was;
    str state = c->spare ? STR("spared") : STR("hub");
    if (!block_find(db, c->key, a, &was, err) || (!c->spare && !match_keys_find(db, &c->key, 1, a, &members, err)) ||
        !block_decide(db, c->key, state, d->w->actor.name, d->w->now, err) || (c->spare && !match_keys_find(db, &c->key, 1, a, &members, err)))
        return false;
    struct buf      b   = buf_in(a);
    struct json_out j   = json_out(&b);
    rid            *ids = ARENA_ARRAY(a, rid, members.count + 1);
    for (int i = 0; i < members.count; i++)
        ids[i] = members.at[i].source_id;
    json_begin(&j, NULL, '{');
    json_text(&j, "kind", was.kind);
    json_text(&j, "state", state);
    json_number(&j, "members", was.members);
    json_end(&j);
    return audit_write(db, d->w, STR("identity.block"), STR("identity_block"), (rid){ 0 }, STR(""), buf_str(&b), err) &&
           identity_settle(db, d->w, ids, members.count, c->country, (rid){ 0 }, &done, err);
}

bool identity_block_decide(struct work *w, const struct block_choice *choice, struct err *err)
{
    struct deciding d = { w, choice };
    return db_tx(w->db, decide_tx, &d, err);
}
