/* audit_seal_flow.c - the chain over the log of changes, made when a day is over: who writes a row then waits for no other.
 *
 * Rows are taken in the order of their ids. A day may be sealed when it ended some hours ago: until then a long work may still
 * commit a row of it. One that comes later yet stands outside of the chain, and the check says so. */
#include "accounts/audit_seal_store.h"

#include <stdio.h>

#define SETTLE_MS (6 * HOUR_MS)
#define STEP_ROWS 500
#define STEPS_MAX 20

static int64_t day_of(instant at) { return at.ms / DAY_MS; }

struct step {
    const struct work *w;
    int64_t            over;            /* the first day that is not over */
    bool               more;
};

static bool seal_close(struct db *db, struct arena *a, struct audit_seal *s, struct err *err)
{
    s->seal = audit_seal_of(a, s);
    return audit_seal_save(db, s, err);
}

/* Ids follow each other even when a clock goes back; the day of a row then is that of the one before it. */
static int64_t day_after(const struct audit_seal *s, const struct audit_entry *e)
{
    int64_t day = day_of(e->at), least = s->seal.len ? s->day + 1 : s->day;
    return day > least ? day : least;
}

static bool step_tx(struct db *db, void *ctx, struct err *err)
{
    struct step            *t = ctx;
    struct arena           *a = t->w->arena;
    CLEANUP(arena_back) struct arena_mark mark = arena_mark(a);
    struct audit_seal       s;
    struct audit_entry_list rows = { 0 };
    if (!audit_seal_last(db, a, &s, err) || !audit_rows_after(db, s.last_id, STEP_ROWS, a, &rows, err))
        return false;
    t->more = rows.count == STEP_ROWS;
    for (int i = 0; i < rows.count; i++) {
        struct audit_entry *e = &rows.at[i];
        if (day_of(e->at) >= t->over) {
            t->more = false;
            break;
        }
        int64_t day = day_after(&s, e);
        if (day != s.day || s.seal.len) {
            if (s.day && !s.seal.len && !seal_close(db, a, &s, err))
                return false;
            s = (struct audit_seal){ .day = day, .before = s.seal, .chain = s.seal };
        }
        if (!e->digest.len)
            e->digest = audit_digest(a, e->before_json, e->after_json);
        e->chain  = audit_link(a, s.chain, e);
        s.chain   = e->chain;
        s.last_id = e->id;
        s.entries++;
        if (!audit_row_chain(db, e, err))
            return false;
    }
    if (!s.day || s.seal.len)
        return true;
    return !t->more && s.day < t->over ? seal_close(db, a, &s, err) : audit_seal_save(db, &s, err);
}

static bool clear_tx(struct db *db, void *ctx, struct err *err)
{
    return audit_clear(db, *(const int64_t *)ctx, err);
}

bool audit_tidy(const struct work *w, instant keep_from, struct err *err)
{
    struct step     t = { .w = w, .over = day_of(instant_add(w->now, -SETTLE_MS)), .more = true };
    int64_t         keep = day_of(keep_from);
    for (int i = 0; i < STEPS_MAX && t.more; i++)
        if (!db_tx(w->db, step_tx, &t, err))
            return false;
    return db_tx(w->db, clear_tx, &keep, err);
}

/* ---- looking at it ---- */

struct look {
    struct db *db;
    audit_bad *bad;
    void      *ctx;
    char       chain[80];               /* of the row before, from one page of rows to the next */
};

static void chain_keep(struct look *k, str chain)
{
    snprintf(k->chain, sizeof k->chain, "%.*s", STR_ARG(chain));
}

static void look_row(struct look *k, struct arena *a, const struct audit_entry *e)
{
    if (!e->chain.len)
        k->bad(k->ctx, e->id, "came after its day was sealed");
    else if (!str_eq(audit_link(a, str_of(k->chain), e), e->chain))
        k->bad(k->ctx, e->id, "does not follow the row before it");
    if (!audit_is_blank(e) && !str_eq(audit_digest(a, e->before_json, e->after_json), e->digest))
        k->bad(k->ctx, e->id, "tells other values than were written");
    if (e->chain.len)
        chain_keep(k, e->chain);
}

static bool look_day(struct look *k, const struct audit_seal *s, rid after, struct err *err)
{
    CLEANUP(arena_done) struct arena a = { 0 };
    int64_t seen = 0;
    for (bool more = true; more;) {
        struct audit_entry_list rows = { 0 };
        arena_reset(&a);
        if (!audit_rows_after(k->db, after, STEP_ROWS, &a, &rows, err))
            return false;
        more = rows.count == STEP_ROWS;
        for (int i = 0; i < rows.count; i++) {
            if (rows.at[i].id.v > s->last_id.v) {
                more = false;
                break;
            }
            look_row(k, &a, &rows.at[i]);
            after = rows.at[i].id;
            seen++;
        }
    }
    if (seen != s->entries)
        k->bad(k->ctx, s->last_id, "ends a day that has not as many rows as its seal says");
    if (!str_is(s->chain, k->chain))
        k->bad(k->ctx, s->last_id, "does not end its day as the seal says");
    return true;
}

bool audit_verify(struct db *db, audit_bad *bad, void *ctx, struct err *err)
{
    CLEANUP(arena_done) struct arena a = { 0 };
    struct look k     = { .db = db, .bad = bad, .ctx = ctx };
    str         before = { 0 };
    rid         after  = { 0 };
    int64_t     day    = 0;
    for (;;) {
        struct audit_seal s;
        bool              found;
        if (!audit_seal_next(db, day, &a, &s, &found, err))
            return false;
        if (!found)
            return true;
        if (!str_eq(s.before, before))
            bad(ctx, s.last_id, "ends a day that does not follow the day before it");
        if (s.seal.len && !str_eq(audit_seal_of(&a, &s), s.seal))
            bad(ctx, s.last_id, "ends a day whose seal is broken");
        chain_keep(&k, s.before);
        if (!s.cleared && !look_day(&k, &s, after, err))
            return false;
        before = s.seal;
        after  = s.last_id;
        day    = s.day;
    }
}
