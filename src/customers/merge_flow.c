#include "accounts/audit.h"
#include "accounts/body.h"
#include "base/crash.h"
#include "base/fold.h"
#include "customers/parting_flow.h"
#include "customers/settle_flow.h"
#include "customers/sound_store.h"
#include "customers/tag_store.h"
#include "events/event.h"

const char *const merge_choice_names[] = { "computed", "kept", "gone", NULL };
_Static_assert(COUNT_OF(merge_choice_names) == MERGE_CHOICE_COUNT + 1, "a name per choice");

/* ---- shared ---- */

struct merge_event merge_event_of(const struct work *w, const char *kind, rid kept, rid gone)
{
    return (struct merge_event){
        .id = work_id(w), .kind = str_of(kind), .kept_id = kept, .gone_id = gone, .rule = STR("manual"), .at = w->now,
        .actor_kind = str_of(actor_kind_names[w->actor.kind]), .actor_id = w->actor.id, .actor_name = w->actor.name,
    };
}

struct identity_row_link link_of(const struct work *w, rid source, rid customer, str rule, rid event)
{
    return (struct identity_row_link){
        .id = work_id(w), .source_id = source, .customer_id = customer, .rule = rule, .at = w->now, .event_id = event,
        .actor_kind = str_of(actor_kind_names[w->actor.kind]), .actor_id = w->actor.id, .actor_name = w->actor.name,
    };
}

bool verdicts_write(struct db *db, const struct work *w, const rid *a, int a_count, const rid *b, int b_count, str verdict, rid event,
                    struct err *err)
{
    int pairs = 0;
    for (int i = 0; i < a_count; i++)
        for (int k = 0; k < b_count && pairs < VERDICT_PAIRS_MAX; k++, pairs++) {
            struct verdict v = {
                .id = work_id(w), .a_id = a[i], .b_id = b[k], .verdict = verdict, .at = w->now, .event_id = event,
                .actor_kind = str_of(actor_kind_names[w->actor.kind]), .actor_id = w->actor.id, .actor_name = w->actor.name,
            };
            if (!verdict_add(db, &v, err))
                return false;
        }
    return true;
}

bool customer_event(struct db *db, const struct work *w, rid customer, const char *what, struct err *err)
{
    struct buf      b = buf_in(w->arena);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_id(&j, "id", customer);
    json_text(&j, "kind", str_of(what));
    json_end(&j);
    return event_add(db, w->now, STR("customer"), (rid){ 0 }, customer, buf_str(&b), err);
}

rid *source_ids(struct arena *a, const struct customer_source_list *sources, rid customer, int *count)
{
    rid *ids = ARENA_ARRAY(a, rid, sources->count + 1);
    *count   = 0;
    for (int i = 0; i < sources->count; i++)
        if (!id_is_set(customer) || id_eq(sources->at[i].customer_id, customer))
            ids[(*count)++] = sources->at[i].id;
    return ids;
}

static bool keys_write(struct db *db, const struct work *w, const struct customer *c, const struct customer_source_list *sources, struct err *err)
{
    struct arena *a = w->arena;
    str words[8];
    int n = name_words(a, c->name, words);
    for (int i = 0; i < n; i++)
        if (!customer_key_add(db, STR("word"), words[i], c->id, err))
            return false;
    if (!customer_sounds_add(db, a, c->name, c->id, err))
        return false;
    for (int i = -1; i < sources->count; i++) {
        const struct customer_source *s = i < 0 ? NULL : &sources->at[i];
        if (s && !id_eq(s->customer_id, c->id))
            continue;
        str phone = s ? s->phone : c->phone, email = s ? s->email : c->email;
        n = s ? name_words(a, s->name, words) : 0;
        for (int k = 0; k < n; k++)
            if (!customer_key_add(db, STR("word"), words[k], c->id, err))
                return false;
        if (s && !customer_sounds_add(db, a, s->name, c->id, err))
            return false;
        if (phone.len && !customer_key_add(db, STR("phone"), fold_reverse(a, fold_digits(a, phone)), c->id, err))
            return false;
        if (email.len && !customer_key_add(db, STR("email"), email, c->id, err))
            return false;
    }
    return true;
}

bool customers_refresh(struct db *db, const struct work *w, const rid *ids, int count, struct err *err)
{
    struct arena *a = w->arena;
    struct customer_source_list sources = { 0 };
    struct customer_field_list  fields  = { 0 };
    struct customer *rows = ARENA_ARRAY(a, struct customer, count + 1);
    int found = 0;

    if (!customer_sources_of(db, ids, count, a, &sources, err) || !customer_fields_of(db, ids, count, a, &fields, err) ||
        !record_load(db, &customer_record, ids, count, a, rows, &found, err) || !customer_keys_clear(db, ids, count, err))
        return false;
    for (int i = 0; i < found; i++) {
        if (id_is_set(rows[i].merged_into))
            continue;                   /* keeps what it showed, for whoever takes the merge back */
        customer_compute(&rows[i], &sources, &fields, a);
        if (!customer_values_save(db, &rows[i], w->now, err) || !keys_write(db, w, &rows[i], &sources, err))
            return false;
    }
    return true;
}

/* ---- looking ---- */

static struct merge_sums sums_of(const struct customer_total_list *totals, const struct customer *one, const struct customer *two)
{
    struct merge_sums s = { 0 };
    instant           first = { 0 };
    for (int i = 0; i < totals->count; i++) {
        const struct customer_total *t = &totals->at[i];
        if (!id_eq(t->customer_id, one->id) && !(two && id_eq(t->customer_id, two->id)))
            continue;
        s.orders += t->orders;
        if (!instant_is_set(s.first) || t->first.ms < s.first.ms)
            s.first = t->first;
        if (t->last.ms > s.last.ms)
            s.last = t->last;
        if (t->currency.len && (!s.currency.len || t->first.ms < first.ms)) {
            s.currency = t->currency;
            first      = t->first;
        }
    }
    if (!s.currency.len)
        s.currency = one->currency.len || !two ? one->currency : two->currency;
    for (int i = 0; i < totals->count; i++) {
        const struct customer_total *t = &totals->at[i];
        bool mine = id_eq(t->customer_id, one->id) || (two && id_eq(t->customer_id, two->id));
        if (mine && str_eq(t->currency, s.currency))
            s.sum.minor += t->sum.minor;
    }
    return s;
}

static const struct customer_field *field_of(const struct customer_field_list *fields, rid customer, int v)
{
    for (int i = 0; i < fields->count; i++)
        if (id_eq(fields->at[i].customer_id, customer) && (int)fields->at[i].field == v)
            return &fields->at[i];
    return NULL;
}

/* The values that `kept` has by hand once the two are one. */
static struct customer_field_list fields_united(struct arena *a, const struct merge_plan *m, const struct merge_view *v,
                                                const struct customer_field_list *fields, const struct customer *computed)
{
    struct customer_field_list out = { 0 };
    for (int i = 0; i < VALUE_COUNT; i++) {
        enum customer_value          what = (enum customer_value)i;
        const struct customer_field *own = field_of(fields, v->kept.id, i), *other = field_of(fields, v->gone.id, i);
        struct customer              kept = v->kept, gone = v->gone, all = *computed;
        str  chosen = m->choices[i] == CHOOSE_KEPT ? *customer_value(&kept, what) : *customer_value(&gone, what);
        bool by_hand = m->choices[i] != CHOOSE_COMPUTED && !str_eq(chosen, *customer_value(&all, what));
        if (by_hand)
            *customer_field_list_add(&out, a) = (struct customer_field){ v->kept.id, what, chosen };
        else if (m->choices[i] == CHOOSE_COMPUTED && (own || other))
            *customer_field_list_add(&out, a) = (struct customer_field){ v->kept.id, what, own ? own->value : other->value };
    }
    return out;
}

static bool is_living(const struct customer *c, const char *which, struct err *err)
{
    if (id_is_set(c->merged_into))
        return err_set(err, ERR_CONFLICT, which, "this card has become part of another meanwhile");
    return str_is(c->state, "active") || err_set(err, ERR_CONFLICT, which, "this card was erased");
}

struct merging {
    struct merge_view           *v;
    struct customer_field_list   fields;                 /* of both, as they are */
    struct customer_field_list   fields_after;           /* of kept */
};

static bool load(struct db *db, const struct work *w, const struct merge_plan *m, struct merging *x, struct err *err)
{
    struct arena     *a = w->arena;
    struct merge_view *v = x->v;
    struct customer   rows[2];
    struct customer_total_list totals = { 0 };
    struct consent_list        consents = { 0 };
    struct verdict_list        verdicts = { 0 };
    const rid ids[2] = { m->kept, m->gone };
    int found = 0, n = 0;

    *v = (struct merge_view){ 0 };
    if (id_eq(m->kept, m->gone))
        return err_set(err, ERR_CONFLICT, "gone", "a card cannot be merged with itself");
    if (!record_load(db, &customer_record, ids, 2, a, rows, &found, err))
        return false;
    if (found < 2)
        return err_set(err, ERR_NOT_FOUND, "id", "there is no such customer");
    v->kept = rows[0];
    v->gone = rows[1];
    bool old = (m->kept_version && m->kept_version != v->kept.version) || (m->gone_version && m->gone_version != v->gone.version);
    if (old)
        return err_set(err, ERR_VERSION_OLD, "version", "somebody changed one of the two cards meanwhile");
    if (!is_living(&v->kept, "kept", err) || !is_living(&v->gone, "gone", err) ||
        !customer_sources_of(db, ids, 2, a, &v->sources, err) || !customer_fields_of(db, ids, 2, a, &x->fields, err) ||
        !customers_totals(db, ids, 2, a, &totals, err) || !consents_of(db, ids, 2, a, &consents, err))
        return false;
    rid *all = source_ids(a, &v->sources, (rid){ 0 }, &n);
    if (!verdicts_of(db, all, n, a, &verdicts, err))
        return false;
    for (int i = 0; i < verdicts.count; i++) {
        int sides = 0;
        for (int k = 0; k < v->sources.count; k++)
            if (id_eq(v->sources.at[k].id, verdicts.at[i].a_id) || id_eq(v->sources.at[k].id, verdicts.at[i].b_id))
                sides |= id_eq(v->sources.at[k].customer_id, m->kept) ? 1 : 2;
        if (sides == 3 && str_is(verdicts.at[i].verdict, "different"))
            *verdict_list_add(&v->barred, a) = verdicts.at[i];
    }
    consents_stricter(&consents, m->kept, m->gone, a, &v->consents);
    v->sums[0] = sums_of(&totals, &v->kept, NULL);
    v->sums[1] = sums_of(&totals, &v->gone, NULL);
    v->sums[2] = sums_of(&totals, &v->kept, &v->gone);

    struct customer_source_list as_one = { 0 };
    struct customer_field_list  none   = { 0 };
    for (int i = 0; i < v->sources.count; i++) {
        *customer_source_list_add(&as_one, a)      = v->sources.at[i];
        as_one.at[as_one.count - 1].customer_id = m->kept;
    }
    struct customer computed = v->kept;
    customer_compute(&computed, &as_one, &none, a);
    x->fields_after = fields_united(a, m, v, &x->fields, &computed);
    v->united       = v->kept;
    customer_compute(&v->united, &as_one, &x->fields_after, a);
    v->united.orders_count   = v->sums[2].orders;
    v->united.net_spent      = v->sums[2].sum;
    v->united.currency       = v->sums[2].currency;
    v->united.first_order_at = v->sums[2].first;
    v->united.last_order_at  = v->sums[2].last;
    return true;
}

bool merge_look(struct db *db, const struct work *w, const struct merge_plan *m, struct merge_view *out, struct err *err)
{
    struct merging x = { .v = out };
    return load(db, w, m, &x, err);
}

/* ---- doing ---- */

static void sums_write(struct json_out *j, const char *key, const struct merge_sums *s)
{
    json_begin(j, key, '{');
    json_number(j, "orders", s->orders);
    json_amount_text(j, "sum", s->sum);
    json_text(j, "currency", s->currency);
    json_instant(j, "first", s->first);
    json_instant(j, "last", s->last);
    json_end(j);
}

/* What taking it back needs: the values that were set by hand, and the currencies of cards without orders. */
static str before_write(struct arena *a, const struct merging *x)
{
    struct buf      b = buf_in(a);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_text(&j, "kept_currency", x->v->kept.currency);
    json_text(&j, "gone_currency", x->v->gone.currency);
    sums_write(&j, "kept", &x->v->sums[0]);
    sums_write(&j, "gone", &x->v->sums[1]);
    json_begin(&j, "fields", '{');
    for (int i = 0; i < x->fields.count; i++)
        if (id_eq(x->fields.at[i].customer_id, x->v->kept.id))
            json_text(&j, customer_value_names[x->fields.at[i].field], x->fields.at[i].value);
    json_end(&j);
    json_end(&j);
    return buf_str(&b);
}

static str after_write(struct arena *a, const struct merging *x)
{
    struct buf      b = buf_in(a);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    sums_write(&j, "kept", &x->v->sums[2]);
    json_begin(&j, "fields", '{');
    for (int i = 0; i < x->fields_after.count; i++)
        json_text(&j, customer_value_names[x->fields_after.at[i].field], x->fields_after.at[i].value);
    json_end(&j);
    json_end(&j);
    return buf_str(&b);
}

static str choices_write(struct arena *a, const struct merge_plan *m)
{
    struct buf      b = buf_in(a);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    for (int v = 0; v < VALUE_COUNT; v++)
        if (m->choices[v])
            json_text(&j, customer_value_names[v], str_of(merge_choice_names[m->choices[v]]));
    json_end(&j);
    return buf_str(&b);
}

/* The record that the gone card was made of is linked by this merge; the others keep their reason. */
static bool links_move(struct db *db, const struct work *w, const struct merge_plan *m, const rid *moved, int count, rid event, struct err *err)
{
    struct identity_row_link_list live = { 0 };
    bool told = false;
    if (!links_live(db, moved, count, w->arena, &live, err) || !links_end(db, moved, count, event, w->now, err))
        return false;
    for (int i = 0; i < live.count; i++)
        told = told || id_eq(live.at[i].source_id, m->source);
    for (int i = 0; i < live.count; i++) {
        struct identity_row_link l = live.at[i];
        bool mine = told ? id_eq(l.source_id, m->source) || str_is(l.rule, "first") : str_is(l.rule, "first") || live.count == 1;
        if (mine) {
            l             = link_of(w, l.source_id, m->kept, m->rule.len ? m->rule : STR("manual"), event);
            l.score       = m->score;
            l.evidence    = m->evidence;
            l.with_source = m->with_source;
        }
        l.id          = work_id(w);
        l.customer_id = m->kept;
        l.event_id    = event;
        l.run_id      = m->run_id;
        if (!link_add(db, &l, err))
            return false;
    }
    return sources_move(db, moved, count, m->gone, m->kept, err);
}

static bool fields_write(struct db *db, const struct work *w, const struct merging *x, struct err *err)
{
    for (int i = 0; i < x->fields_after.count; i++) {
        const struct customer_field *f   = &x->fields_after.at[i];
        const struct customer_field *own = field_of(&x->fields, f->customer_id, (int)f->field);
        if ((!own || !str_eq(own->value, f->value)) && !customer_field_set(db, w, f, err))
            return false;
    }
    unsigned dropped = 0;
    for (int v = 0; v < VALUE_COUNT; v++)
        if (field_of(&x->fields, x->v->kept.id, v) && !field_of(&x->fields_after, x->v->kept.id, v))
            dropped |= BIT(v);
    return !dropped || customer_fields_clear(db, x->v->kept.id, dropped, err);
}

static bool consents_write(struct db *db, const struct work *w, const struct merge_view *v, rid event, struct err *err)
{
    for (int i = 0; i < v->consents.count; i++) {
        struct consent c = v->consents.at[i];
        c.id          = work_id(w);
        c.customer_id = v->kept.id;
        c.at          = w->now;
        c.event_id    = event;
        c.actor_kind  = str_of(actor_kind_names[w->actor.kind]);
        c.actor_id    = w->actor.id;
        c.actor_name  = w->actor.name;
        if (!record_insert(db, &consent_record, &c, err))
            return false;
    }
    return true;
}

/* Suggestions of the card that is gone are the other's now; that between the two is done. */
static bool suggestions_follow(struct db *db, const struct work *w, const struct merge_plan *m, rid event, struct err *err)
{
    struct suggestion_list open = { 0 };
    const rid ids[2] = { m->kept, m->gone };
    if (!suggestions_open_of(db, ids, 2, w->arena, &open, err))
        return false;
    for (int i = 0; i < open.count; i++) {
        const struct suggestion *s = &open.at[i];
        bool a_gone = id_eq(s->customer_a, m->gone), b_gone = id_eq(s->customer_b, m->gone);
        if (!a_gone && !b_gone)
            continue;
        rid  other = a_gone ? s->customer_b : s->customer_a;
        bool twice = id_eq(other, m->kept);
        for (int k = 0; k < open.count && !twice; k++) {
            const struct suggestion *o = &open.at[k];
            twice = (id_eq(o->customer_a, m->kept) && id_eq(o->customer_b, other)) || (id_eq(o->customer_b, m->kept) && id_eq(o->customer_a, other));
        }
        if (twice) {
            if (!suggestions_close(db, &s->id, 1, STR("merged"), event, w->now, w->actor.name, err))
                return false;
            continue;
        }
        rid low = other.v < m->kept.v ? other : m->kept, high = other.v < m->kept.v ? m->kept : other;
        if (!suggestion_move(db, s->id, low, high, err))
            return false;
    }
    return true;
}

static bool verdicts_settle(struct db *db, const struct work *w, const struct merge_plan *m, const struct merge_view *v,
                            const rid *moved, int moved_n, rid event, struct err *err)
{
    int  n    = 0, barred = v->barred.count;
    rid *ids  = ARENA_ARRAY(w->arena, rid, barred + 1);
    rid *kept = source_ids(w->arena, &v->sources, m->kept, &n);
    for (int i = 0; i < barred; i++)
        ids[i] = v->barred.at[i].id;
    if (barred && !verdicts_withdraw(db, ids, barred, w->now, w->actor.name, err))
        return false;
    /* One pair says it: the rest of each card hangs together by its own links. */
    return !m->by_person || !n || !moved_n || verdicts_write(db, w, kept, 1, moved, 1, STR("same"), event, err);
}

bool merge_apply(struct db *db, const struct work *w, const struct merge_plan *m, struct merge_view *now, rid *event, struct err *err)
{
    struct merging x = { .v = now };
    struct arena  *a = w->arena;
    const rid both[2] = { m->kept, m->gone };
    int moved_n = 0;

    if (!load(db, w, m, &x, err))
        return false;
    if (now->barred.count && !m->withdraw)
        return err_set(err, ERR_CONFLICT, "withdraw", "somebody has said that these are different people");
    rid *moved = source_ids(a, &now->sources, m->gone, &moved_n);
    struct merge_event e = merge_event_of(w, "merge", m->kept, m->gone);
    e.sources     = id_list_text(a, moved, moved_n);
    e.choices     = choices_write(a, m);
    e.before_json = before_write(a, &x);
    e.after_json  = after_write(a, &x);
    e.run_id      = m->run_id;
    e.score       = m->score;
    if (m->rule.len)
        e.rule = m->rule;
    *event = e.id;
    if (!merge_event_add(db, &e, err) || !links_move(db, w, m, moved, moved_n, e.id, err) || !fields_write(db, w, &x, err) ||
        !consents_write(db, w, now, e.id, err) || !customer_tags_follow(db, m->kept, m->gone, e.id, err) || !suggestions_follow(db, w, m, e.id, err) ||
        !verdicts_settle(db, w, m, now, moved, moved_n, e.id, err) || !customer_merged_into(db, m->gone, m->kept, w->now, err) || !customer_merged_into(db, m->kept, (rid){ 0 }, w->now, err))
        return false;
    crash_point("merge.moved");
    struct buf      b = buf_in(a);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_id(&j, "kept", m->kept);
    json_id(&j, "gone", m->gone);
    json_id(&j, "event", e.id);
    json_text(&j, "rule", e.rule);
    json_end(&j);
    return customers_refresh(db, w, both, 2, err) && customers_recount(db, both, 2, w->now, err) &&
           audit_write(db, w, STR("customer.merge"), STR("customer"), m->kept, STR(""), buf_str(&b), err) &&
           customer_event(db, w, m->kept, "merged", err) && customer_event(db, w, m->gone, "gone", err);
}

bool cards_settle(struct db *db, const struct work *w, const struct customer_source_list *sources, str country, struct err *err)
{
    struct settled done;
    int            n   = 0;
    rid           *ids = source_ids(w->arena, sources, (rid){ 0 }, &n);
    return !country.len || identity_settle(db, w, ids, n, country, (rid){ 0 }, &done, err);
}

struct doing { struct work *w; const struct merge_plan *m; struct merge_view *now; rid *event; };

static bool do_tx(struct db *db, void *ctx, struct err *err)
{
    struct doing *d = ctx;
    return merge_apply(db, d->w, d->m, d->now, d->event, err) && cards_settle(db, d->w, &d->now->sources, d->m->country, err);
}

bool merge_do(struct work *w, const struct merge_plan *m, struct merge_view *now, rid *event, struct err *err)
{
    struct doing d = { w, m, now, event };
    return db_tx(w->db, do_tx, &d, err);
}

/* ---- several at once ---- */

struct many { struct work *w; const struct merge_many_plan *plan; struct merge_many_done *out; bool tried; };

static bool many_tx(struct db *db, void *ctx, struct err *err)
{
    struct many                  *m = ctx;
    const struct merge_many_plan *p = m->plan;
    struct merge_many_done       *out = m->out;
    struct customer_source_list   all = { 0 };

    *out = (struct merge_many_done){ .events = ARENA_ARRAY(m->w->arena, rid, p->count + 1) };
    for (int i = 0; i < p->count; i++) {
        struct merge_view now;
        struct merge_plan one = { .kept = p->kept, .gone = p->gone[i], .kept_version = i ? 0 : p->kept_version, .gone_version = p->gone_versions[i],
                                  .by_person = true, .withdraw = p->withdraw || p->only_try };
        if (!merge_apply(db, m->w, &one, &now, &out->events[i], err))
            return false;
        out->barred |= now.barred.count > 0;
        out->sums    = now.sums[2];
        all          = now.sources;
    }
    if (!record_get(db, &customer_record, p->kept, m->w->arena, &out->kept, err))
        return false;
    m->tried = p->only_try;
    return m->tried ? err_set(err, ERR_CONFLICT, "only_try", "nothing is to be changed")
                    : cards_settle(db, m->w, &all, p->country, err);
}

bool merge_many(struct work *w, const struct merge_many_plan *plan, struct merge_many_done *out, struct err *err)
{
    struct many m = { w, plan, out, false };
    if (db_tx(w->db, many_tx, &m, err))
        return true;
    if (m.tried)
        err_clear(err);                 /* the transaction was rolled back, as it should */
    return m.tried;
}
