/* unmerge_flow.c - taking a merge back, taking a source out, taking back what a run did; verdicts. */
#include "accounts/audit.h"
#include "accounts/body.h"
#include "base/crash.h"
#include "customers/parting_flow.h"
#include "customers/tag_store.h"

struct parting {
    const struct work  *w;
    struct db          *db;
    struct customer     from, to;                        /* `to`: the card that lives again or is new */
    bool                to_is_new;
    struct merge_event  undone;                          /* zero: a single source is taken out */
    struct merge_event  event;
    struct customer_source_list   sources;               /* of `from` */
    struct identity_row_link_list links;                 /* their live links */
    rid                *moved;
    int                 moved_n;
    rid                 run;
};

static bool is_moved(const struct parting *p, rid source)
{
    for (int i = 0; i < p->moved_n; i++)
        if (id_eq(p->moved[i], source))
            return true;
    return false;
}

static bool load_from(struct parting *p, rid customer, int64_t version, struct err *err)
{
    struct arena *a = p->w->arena;
    int n = 0;
    if (!record_get(p->db, &customer_record, customer, a, &p->from, err))
        return false;
    if (version && version != p->from.version)
        return err_set(err, ERR_VERSION_OLD, "version", "somebody changed this card meanwhile");
    if (id_is_set(p->from.merged_into) || !str_is(p->from.state, "active"))
        return err_set(err, ERR_CONFLICT, "id", "this card lives no more");
    if (!customer_sources_of(p->db, &customer, 1, a, &p->sources, err))
        return false;
    rid *ids = source_ids(a, &p->sources, (rid){ 0 }, &n);
    p->moved = ARENA_ARRAY(a, rid, n + 1);
    return links_live(p->db, ids, n, a, &p->links, err);
}

/* Records that came after the merge because they agree with one that goes, go with it. */
static void take_followers(struct parting *p)
{
    bool more = true;
    while (more) {
        more = false;
        for (int i = 0; i < p->links.count; i++) {
            const struct identity_row_link *l = &p->links.at[i];
            bool since = !id_is_set(l->event_id) && l->id.v > p->undone.id.v;
            if (since && !is_moved(p, l->source_id) && is_moved(p, l->with_source)) {
                p->moved[p->moved_n++] = l->source_id;
                more = true;
            }
        }
    }
}

static bool choose_moved(struct parting *p, struct err *err)
{
    rid *told = NULL;
    int  n    = ids_read(p->w->arena, p->undone.sources, &told);
    for (int i = 0; i < p->sources.count; i++)
        for (int k = 0; k < n; k++)
            if (id_eq(told[k], p->sources.at[i].id))
                p->moved[p->moved_n++] = told[k];
    if (!p->moved_n)
        return err_set(err, ERR_CONFLICT, "event", "its records are elsewhere by now");
    take_followers(p);
    return p->moved_n < p->sources.count || err_set(err, ERR_CONFLICT, "event", "no record would stay on the card");
}

/* Links that the merge ended live again; the rest get a copy of their reason. */
static bool links_part(struct parting *p, struct err *err)
{
    const struct work *w = p->w;
    struct identity_row_link_list back = { 0 };
    if (!links_end(p->db, p->moved, p->moved_n, p->event.id, w->now, err))
        return false;
    if (id_is_set(p->undone.id) && (!links_ended_by(p->db, p->undone.id, p->moved, p->moved_n, w->arena, &back, err) ||
                                    !links_revive(p->db, p->undone.id, p->moved, p->moved_n, err)))
        return false;
    for (int i = 0; i < p->links.count; i++) {
        struct identity_row_link l = p->links.at[i];
        bool revived = !is_moved(p, l.source_id);
        for (int k = 0; k < back.count && !revived; k++)
            revived = id_eq(back.at[k].source_id, l.source_id);
        if (revived)
            continue;
        if (p->to_is_new && id_eq(l.source_id, p->moved[0]))
            l = link_of(w, l.source_id, p->to.id, STR("first"), p->event.id);
        l.id          = work_id(w);
        l.customer_id = p->to.id;
        l.event_id    = p->event.id;
        if (!link_add(p->db, &l, err))
            return false;
    }
    return sources_move(p->db, p->moved, p->moved_n, p->from.id, p->to.id, err);
}

static bool fields_back(struct parting *p, const struct json *before, struct err *err)
{
    struct arena              *a     = p->w->arena;
    struct customer_field_list now   = { 0 };
    const struct json         *after = NULL, *was = json_get(before, "fields");
    unsigned                   clear = 0;

    if (!customer_fields_of(p->db, &p->undone.kept_id, 1, a, &now, err) || !json_read(a, p->undone.after_json, 1 << 20, &after, err))
        return false;
    for (int v = 0; v < VALUE_COUNT; v++) {
        const char        *name = customer_value_names[v];
        const struct json *set  = json_get(json_get(after, "fields"), name), *old = json_get(was, name);
        const struct customer_field *own = NULL;
        for (int i = 0; i < now.count; i++)
            if ((int)now.at[i].field == v)
                own = &now.at[i];
        /* A value that somebody has set since stays. */
        bool untouched = set ? own && str_eq(own->value, json_str(set)) : !own;
        if (!untouched || (!set && !old))
            continue;
        struct customer_field f = { p->undone.kept_id, (enum customer_value)v, json_str(old) };
        if (!old)
            clear |= BIT(v);
        else if (!customer_field_set(p->db, p->w, &f, err))
            return false;
    }
    return !clear || customer_fields_clear(p->db, p->undone.kept_id, clear, err);
}

static rid owner_of(const struct customer_source_list *sources, rid source)
{
    for (int i = 0; i < sources->count; i++)
        if (id_eq(sources->at[i].id, source))
            return sources->at[i].customer_id;
    return (rid){ 0 };
}

struct offers { struct suggestion_list list; int open; struct customer_source_list owners; struct suggestion_list elsewhere; };

/* Those that are open, then those that the merge had closed; whose their records are now, and what is open between those by now. */
static bool offers_load(struct parting *p, struct offers *o, struct err *err)
{
    struct arena *a = p->w->arena;
    const rid both[2] = { p->from.id, p->to.id };
    int n = 0;
    if (!suggestions_open_of(p->db, both, 2, a, &o->list, err))
        return false;
    o->open = o->list.count;
    if (id_is_set(p->undone.id) && !suggestions_by_event(p->db, p->undone.id, a, &o->list, err))
        return false;
    rid *ids = ARENA_ARRAY(a, rid, o->list.count * 2 + 1);
    for (int i = 0; i < o->list.count; i++) {
        ids[2 * i]     = o->list.at[i].a_id;
        ids[2 * i + 1] = o->list.at[i].b_id;
    }
    if (!customer_sources_by_ids(p->db, ids, o->list.count * 2, a, &o->owners, err))
        return false;
    rid *cards = ARENA_ARRAY(a, rid, o->owners.count + 1);
    for (int i = 0; i < o->owners.count; i++)
        if (!id_eq(o->owners.at[i].customer_id, p->from.id) && !id_eq(o->owners.at[i].customer_id, p->to.id))
            cards[n++] = o->owners.at[i].customer_id;
    return !n || o->list.count == o->open || suggestions_open_of(p->db, cards, n, a, &o->elsewhere, err);
}

static bool is_pair(const struct suggestion *s, rid low, rid high) { return id_eq(s->customer_a, low) && id_eq(s->customer_b, high); }

/* Between these two there is one already: of those decided on before, or one that this parting does not touch. */
static bool is_offered(const struct offers *o, int decided, rid low, rid high)
{
    for (int i = 0; i < decided; i++)
        if (str_is(o->list.at[i].state, "open") && is_pair(&o->list.at[i], low, high))
            return true;
    for (int i = 0; i < o->elsewhere.count; i++) {
        bool ours = false;
        for (int k = 0; k < o->list.count && !ours; k++)
            ours = id_eq(o->list.at[k].id, o->elsewhere.at[i].id);
        if (!ours && is_pair(&o->elsewhere.at[i], low, high))
            return true;
    }
    return false;
}

/* Suggestions follow their records; that between the two comes back unless they are told apart for good. Two cards never have two of
 * them, also not halfway: what moves is closed before anything arrives. */
static bool suggestions_back(struct parting *p, bool forget, struct err *err)
{
    struct arena *a = p->w->arena;
    struct offers o = { 0 };
    int refused_n = 0, aside_n = 0, back_n = 0;
    if (!offers_load(p, &o, err))
        return false;
    rid  *refused = ARENA_ARRAY(a, rid, o.list.count + 1), *aside = ARENA_ARRAY(a, rid, o.list.count + 1), *back = ARENA_ARRAY(a, rid, o.list.count + 1);
    bool *moves = ARENA_ARRAY(a, bool, o.list.count + 1);
    for (int i = 0; i < o.list.count; i++) {
        struct suggestion *s  = &o.list.at[i];
        rid  ca = owner_of(&o.owners, s->a_id), cb = owner_of(&o.owners, s->b_id);
        rid  low = ca.v < cb.v ? ca : cb, high = ca.v < cb.v ? cb : ca;
        bool was_open = i < o.open;
        bool barred = !forget && ((id_eq(low, p->from.id) && id_eq(high, p->to.id)) || (id_eq(low, p->to.id) && id_eq(high, p->from.id)));
        bool stays  = id_is_set(low) && !id_eq(low, high) && !barred && !is_offered(&o, i, low, high);
        moves[i]    = stays && !is_pair(s, low, high);
        if (barred && was_open)
            refused[refused_n++] = s->id;
        else if (was_open && (!stays || moves[i]))
            aside[aside_n++] = s->id;
        if (stays && (moves[i] || !was_open))
            back[back_n++] = s->id;
        s->state      = stays ? STR("open") : STR("stale");
        s->customer_a = low;
        s->customer_b = high;
    }
    if ((refused_n && !suggestions_close(p->db, refused, refused_n, STR("refused"), (rid){ 0 }, p->w->now, p->w->actor.name, err)) ||
        (aside_n && !suggestions_close(p->db, aside, aside_n, STR("stale"), (rid){ 0 }, p->w->now, p->w->actor.name, err)))
        return false;
    for (int i = 0; i < o.list.count; i++)
        if (moves[i] && !suggestion_move(p->db, o.list.at[i].id, o.list.at[i].customer_a, o.list.at[i].customer_b, err))
            return false;
    return !back_n || suggestions_reopen(p->db, back, back_n, err);
}

/* The person has looked at the card and left these together, also where only the record that goes had been called the same as them. */
static bool verdicts_stay(struct parting *p, const rid *stay, int stay_n, struct err *err)
{
    return stay_n < 2 || verdicts_write(p->db, p->w, stay, 1, stay + 1, stay_n - 1, STR("same"), p->event.id, err);
}

static bool verdicts_part(struct parting *p, bool forget, struct err *err)
{
    struct arena       *a      = p->w->arena;
    struct verdict_list all    = { 0 };
    rid                *stay   = ARENA_ARRAY(a, rid, p->sources.count + 1), *drop = NULL;
    int                 stay_n = 0, drop_n = 0;

    for (int i = 0; i < p->sources.count; i++)
        if (!is_moved(p, p->sources.at[i].id))
            stay[stay_n++] = p->sources.at[i].id;
    if (!verdicts_of(p->db, p->moved, p->moved_n, a, &all, err))
        return false;
    drop = ARENA_ARRAY(a, rid, all.count + 1);
    for (int i = 0; i < all.count; i++) {
        rid  other = is_moved(p, all.at[i].a_id) ? all.at[i].b_id : all.at[i].a_id;
        bool stays = false;
        for (int k = 0; k < stay_n; k++)
            stays = stays || id_eq(stay[k], other);
        if (stays && str_is(all.at[i].verdict, "same"))
            drop[drop_n++] = all.at[i].id;
    }
    if (drop_n && !verdicts_withdraw(p->db, drop, drop_n, p->w->now, p->w->actor.name, err))
        return false;
    if (drop_n && !id_is_set(p->undone.id) && p->w->actor.kind != ACTOR_RULE && !verdicts_stay(p, stay, stay_n, err))
        return false;
    return forget || verdicts_write(p->db, p->w, p->moved, p->moved_n, stay, stay_n, STR("different"), p->event.id, err);
}

static bool part(struct parting *p, bool forget, struct err *err)
{
    const struct work *w = p->w;
    struct arena      *a = w->arena;
    const rid both[2] = { p->from.id, p->to.id };
    const struct json *before = NULL;

    p->event         = merge_event_of(w, "unmerge", p->from.id, p->to.id);
    p->event.sources = id_list_text(a, p->moved, p->moved_n);
    p->event.undo_of = p->undone.id;
    p->event.run_id  = p->run;
    p->event.choices = p->event.before_json = p->event.after_json = STR("{}");
    if (!merge_event_add(p->db, &p->event, err) || !links_part(p, err) || !verdicts_part(p, forget, err) || !suggestions_back(p, forget, err))
        return false;
    if (id_is_set(p->undone.id)) {
        if (!json_read(a, p->undone.before_json, 1 << 20, &before, err) || !fields_back(p, before, err) ||
            !consents_void(p->db, p->undone.id, p->event.id, err) || !customer_tags_back(p->db, p->undone.id, err) || !merge_event_undone(p->db, p->undone.id, p->event.id, err) ||
            !customer_merged_into(p->db, p->to.id, (rid){ 0 }, w->now, err))
            return false;
    }
    crash_point("unmerge.moved");
    struct buf      b = buf_in(a);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_id(&j, "from", p->from.id);
    json_id(&j, "to", p->to.id);
    json_id(&j, "event", p->event.id);
    json_end(&j);
    if (!customer_merged_into(p->db, p->from.id, (rid){ 0 }, w->now, err) || !customers_refresh(p->db, w, both, 2, err) ||
        !customers_recount(p->db, both, 2, w->now, err) ||
        !audit_write(p->db, w, STR("customer.unmerge"), STR("customer"), p->from.id, STR(""), buf_str(&b), err))
        return false;
    if (before && (!customer_currency_back(p->db, p->undone.kept_id, json_str(json_get(before, "kept_currency")), err) ||
                   !customer_currency_back(p->db, p->undone.gone_id, json_str(json_get(before, "gone_currency")), err)))
        return false;
    return customer_event(p->db, w, p->from.id, "unmerged", err) && customer_event(p->db, w, p->to.id, "back", err) &&
           record_get(p->db, &customer_record, p->from.id, a, &p->from, err) && record_get(p->db, &customer_record, p->to.id, a, &p->to, err);
}

static bool event_part(struct parting *p, rid event, int64_t version, bool forget, struct err *err)
{
    struct arena *a = p->w->arena;
    rid living;
    if (!record_get(p->db, &merge_event_record, event, a, &p->undone, err))
        return false;
    if (!str_is(p->undone.kind, "merge") || id_is_set(p->undone.undone_by))
        return err_set(err, ERR_CONFLICT, "event", "this was taken back before");
    if (!customer_living(p->db, p->undone.kept_id, &living, err) || !load_from(p, living, version, err) || !choose_moved(p, err))
        return false;
    return record_get(p->db, &customer_record, p->undone.gone_id, a, &p->to, err) && part(p, forget, err);
}

static bool into_new(struct parting *p, bool forget, struct err *err)
{
    const struct work *w = p->w;
    p->to = (struct customer){ .id = work_id(w), .currency = p->from.currency, .state = STR("active"), .version = 1, .created_at = w->now,
                               .updated_at = w->now };
    p->to_is_new = true;
    return customer_insert(p->db, &p->to, err) && part(p, forget, err);
}

/* Out of a card into one of its own; when the merge that brought it moved nothing else, that merge is taken back. */
static bool source_part(struct parting *p, const struct unmerge_plan *u, struct err *err)
{
    const struct work *w = p->w;
    struct merge_event by = { 0 };
    const struct customer_source *s = NULL;

    if (!load_from(p, u->customer, u->version, err))
        return false;
    for (int i = 0; i < p->sources.count; i++)
        if (id_eq(p->sources.at[i].id, u->source))
            s = &p->sources.at[i];
    if (!s)
        return err_set(err, ERR_NOT_FOUND, "source", "this card has no such record");
    if (p->sources.count == 1)
        return err_set(err, ERR_CONFLICT, "source", "it is the only record of this card");
    for (int i = 0; i < p->links.count; i++)
        if (id_eq(p->links.at[i].source_id, s->id) && id_is_set(p->links.at[i].event_id) &&
            !record_get(p->db, &merge_event_record, p->links.at[i].event_id, w->arena, &by, err))
            return false;
    rid only;
    if (str_is(by.kind, "merge") && !id_is_set(by.undone_by) && id_parse(by.sources, &only) && id_eq(only, s->id)) {
        *p = (struct parting){ .w = w, .db = p->db };
        return event_part(p, by.id, 0, u->forget, err);
    }
    p->moved[p->moved_n++] = s->id;
    return into_new(p, u->forget, err);
}

struct undoing { struct work *w; const struct unmerge_plan *plan; struct unmerge_done *out; };

static bool unmerge_tx(struct db *db, void *ctx, struct err *err)
{
    struct undoing *u = ctx;
    struct parting  p = { .w = u->w, .db = db };
    bool ok = id_is_set(u->plan->event) ? event_part(&p, u->plan->event, u->plan->version, u->plan->forget, err)
                                        : source_part(&p, u->plan, err);
    *u->out = (struct unmerge_done){ p.from, p.to, p.event.id };
    /* Of very large cards not all pairs have been told apart: settling them would join again what was just parted. */
    bool all = (int64_t)p.moved_n * (p.sources.count - p.moved_n) <= VERDICT_PAIRS_MAX;
    if (!ok || u->plan->forget || !all || !u->plan->country.len)
        return ok;
    return cards_settle(db, u->w, &p.sources, u->plan->country, err) &&
           record_get(db, &customer_record, p.from.id, u->w->arena, &u->out->kept, err) &&
           record_get(db, &customer_record, p.to.id, u->w->arena, &u->out->gone, err);
}

bool unmerge_do(struct work *w, const struct unmerge_plan *plan, struct unmerge_done *out, struct err *err)
{
    struct undoing u = { w, plan, out };
    *out = (struct unmerge_done){ 0 };
    return db_tx(w->db, unmerge_tx, &u, err);
}

struct taking { struct work *w; rid customer; const rid *sources; int count; rid run; struct unmerge_done *out; };

bool unmerge_sources_apply(struct db *db, const struct work *w, rid customer, const rid *sources, int count, rid run, struct unmerge_done *out,
                           struct err *err)
{
    struct parting p = { .w = w, .db = db, .run = run };
    if (!load_from(&p, customer, 0, err))
        return false;
    for (int i = 0; i < p.sources.count; i++)
        for (int k = 0; k < count; k++)
            if (id_eq(p.sources.at[i].id, sources[k]))
                p.moved[p.moved_n++] = sources[k];
    if (!p.moved_n || p.moved_n == p.sources.count)
        return err_set(err, ERR_CONFLICT, "sources", "the records are elsewhere by now");
    if (!into_new(&p, true, err))
        return false;
    *out = (struct unmerge_done){ p.from, p.to, p.event.id };
    return true;
}

static bool sources_tx(struct db *db, void *ctx, struct err *err)
{
    struct taking *t = ctx;
    return unmerge_sources_apply(db, t->w, t->customer, t->sources, t->count, t->run, t->out, err);
}

bool unmerge_sources(struct work *w, rid customer, const rid *sources, int count, rid run, struct unmerge_done *out, struct err *err)
{
    struct taking t = { w, customer, sources, count, run, out };
    return db_tx(w->db, sources_tx, &t, err);
}

/* ---- a run ---- */

struct rejoining { struct work *w; const struct merge_event *event; bool forget; };

/* Parts that a run has made of a card become one again, and are remembered as one unless that is declined. */
static bool rejoin_tx(struct db *db, void *ctx, struct err *err)
{
    struct rejoining *r = ctx;
    struct merge_view now;
    rid kept, gone, event;
    if (!customer_living(db, r->event->kept_id, &kept, err) || !customer_living(db, r->event->gone_id, &gone, err))
        return false;
    if (id_eq(kept, gone) || !id_is_set(kept) || !id_is_set(gone))
        return err_set(err, ERR_CONFLICT, "event", "its records are elsewhere by now");
    struct merge_plan plan = { .kept = kept, .gone = gone, .by_person = !r->forget };
    return merge_apply(db, r->w, &plan, &now, &event, err) && merge_event_undone(db, r->event->id, event, err);
}

static bool event_undo(struct work *w, const struct merge_event *e, bool forget, struct err *err)
{
    struct unmerge_plan plan = { .event = e->id, .forget = forget };
    struct unmerge_done done;
    struct rejoining    r = { w, e, forget };
    return str_is(e->kind, "merge") ? unmerge_do(w, &plan, &done, err) : db_tx(w->db, rejoin_tx, &r, err);
}

bool unmerge_run(struct work *w, rid run, str rule, bool forget, int *undone, struct err *err)
{
    struct merge_event_list events = { 0 };
    struct identity_run     r;
    *undone = 0;
    if (!record_get(w->db, &run_record, run, w->arena, &r, err) || !merge_events_of_run(w->db, run, rule, w->arena, &events, err))
        return false;
    for (int i = 0; i < events.count; i++) {
        CLEANUP(arena_back) struct arena_mark mark = arena_mark(w->arena);
        struct err why = { 0 };
        if (event_undo(w, &events.at[i], forget, &why)) {
            ++*undone;
        } else if (why.code != ERR_CONFLICT) {           /* what people have moved on since stays as they left it */
            *err = why;
            return false;
        }
    }
    return true;
}

/* ---- verdicts ---- */

struct judging { struct work *w; rid a, b; str verdict, country; };

static bool both_sources(struct db *db, const struct judging *j, struct customer_source_list *out, struct err *err)
{
    const rid ids[2] = { j->a, j->b };
    if (id_eq(j->a, j->b))
        return err_set(err, ERR_CONFLICT, "id", "that is one card");
    if (!customer_sources_of(db, ids, 2, j->w->arena, out, err))
        return false;
    int n = 0, m = 0;
    source_ids(j->w->arena, out, j->a, &n);
    source_ids(j->w->arena, out, j->b, &m);
    return (n && m) || err_set(err, ERR_NOT_FOUND, "id", "there is no such customer");
}

static bool judge_tx(struct db *db, void *ctx, struct err *err)
{
    struct judging *j = ctx;
    struct arena   *a = j->w->arena;
    struct customer_source_list sources = { 0 };
    struct suggestion_list      open    = { 0 };
    int n = 0, m = 0;

    if (!both_sources(db, j, &sources, err))
        return false;
    rid *one = source_ids(a, &sources, j->a, &n), *two = source_ids(a, &sources, j->b, &m);
    struct buf      b = buf_in(a);
    struct json_out out = json_out(&b);
    json_begin(&out, NULL, '{');
    json_id(&out, "other", j->b);
    json_text(&out, "verdict", j->verdict);
    json_end(&out);
    if (!verdicts_write(db, j->w, one, n, two, m, j->verdict, (rid){ 0 }, err) || !suggestions_open_of(db, &j->a, 1, a, &open, err) ||
        !audit_write(db, j->w, STR("customer.verdict"), STR("customer"), j->a, STR(""), buf_str(&b), err))
        return false;
    for (int i = 0; i < open.count; i++)
        if ((id_eq(open.at[i].customer_a, j->b) || id_eq(open.at[i].customer_b, j->b)) && str_is(j->verdict, "different") &&
            !suggestions_close(db, &open.at[i].id, 1, STR("refused"), (rid){ 0 }, j->w->now, j->w->actor.name, err))
            return false;
    return customer_event(db, j->w, j->a, "verdict", err) && cards_settle(db, j->w, &sources, j->country, err);
}

bool verdict_between(struct work *w, rid customer_a, rid customer_b, str verdict, str country, struct err *err)
{
    struct judging j = { w, customer_a, customer_b, verdict, country };
    return db_tx(w->db, judge_tx, &j, err);
}

static bool withdraw_tx(struct db *db, void *ctx, struct err *err)
{
    struct judging *j = ctx;
    struct arena   *a = j->w->arena;
    struct customer_source_list sources = { 0 };
    struct verdict_list         all     = { 0 };
    int n = 0, drop_n = 0;

    if (!both_sources(db, j, &sources, err))
        return false;
    rid *one = source_ids(a, &sources, j->a, &n);
    if (!verdicts_of(db, one, n, a, &all, err))
        return false;
    rid *drop = ARENA_ARRAY(a, rid, all.count + 1);
    for (int i = 0; i < all.count; i++)
        for (int k = 0; k < sources.count; k++)
            if (id_eq(sources.at[k].customer_id, j->b) && (id_eq(sources.at[k].id, all.at[i].a_id) || id_eq(sources.at[k].id, all.at[i].b_id)))
                drop[drop_n++] = all.at[i].id;
    struct buf      b = buf_in(a);
    struct json_out out = json_out(&b);
    json_begin(&out, NULL, '{');
    json_id(&out, "other", j->b);
    json_end(&out);
    struct suggestion_list refused = { 0 };                /* what the verdict closed is asked again */
    if (!verdicts_withdraw(db, drop, drop_n, j->w->now, j->w->actor.name, err) || !suggestion_refused_of(db, j->a, j->b, a, &refused, err) ||
        (drop_n && refused.count && !suggestions_reopen(db, &refused.at[0].id, 1, err)))
        return false;
    return audit_write(db, j->w, STR("customer.verdict_withdraw"), STR("customer"), j->a, STR(""), buf_str(&b), err) &&
           customer_event(db, j->w, j->a, "verdict", err) && cards_settle(db, j->w, &sources, j->country, err);
}

bool verdict_withdraw_between(struct work *w, rid customer_a, rid customer_b, str country, struct err *err)
{
    struct judging j = { w, customer_a, customer_b, STR(""), country };
    return db_tx(w->db, withdraw_tx, &j, err);
}
