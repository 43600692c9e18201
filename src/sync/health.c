/* health.c - what talking to a market says about the account: works, waits, is refused. Open screens hear of changes. */
#include "base/json_write.h"
#include "events/event.h"
#include "sync/sync_own.h"

struct saving { struct talk *t; struct account_health h; };

static bool tell(struct db *db, const struct saving *s, str state, struct err *err)
{
    struct buf      b = buf_in(s->t->w->arena);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_id(&j, "id", s->h.id);
    json_text(&j, "state", state);
    json_end(&j);
    return event_add(db, s->h.now, STR("account"), s->h.id, s->h.id, buf_str(&b), err);
}

static bool save_tx(struct db *db, void *ctx, struct err *err)
{
    struct saving *s = ctx;
    str  state = { 0 };
    bool changed;
    return account_health_save(db, &s->h, s->t->w->arena, &state, &changed, err) && (!changed || tell(db, s, state, err));
}

static void save(struct talk *t, struct account_health h)
{
    struct saving s   = { t, h };
    struct err    err = { 0 };
    s.h.id  = t->account.id;
    s.h.now = clock_now(t->e->o.clock);
    if (!db_tx(t->w->db, save_tx, &s, &err))
        log_error(t->e->o.log, "account.health", LOG_INT("account", t->account.id.v), LOG_TEXT("code", err_kind(err.code)->code),
                  LOG_TEXT("trail", err.trail));
}

void account_ok(struct talk *t, str stream, bool is_news)
{
    save(t, (struct account_health){ .is_ok = true, .stream = stream, .is_news = is_news });
}

void account_trouble(struct talk *t, enum account_state state, const struct err *bad)
{
    save(t, (struct account_health){ .state = state, .code = str_of(err_kind(bad->code)->code),
                                     .text = tidy_text(t->w->arena, err_line(t->w->arena, bad)) });
}
