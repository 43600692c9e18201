#include "deadlines/tryout_flow.h"

#include "accounts/body.h"
#include "deadlines/policy_store.h"

struct trying {
    struct work         *w;
    const struct json   *json;
    struct calendar_row_list rows;
    rid                  changed_id;    /* of the calendar that came along */
    const struct calendar *changed;
    struct err          *err;
    bool                 ok;
};

/* -1: not among the names. */
static int index_of(const char *const *names, str s)
{
    for (int i = 0; names[i]; i++)
        if (str_is(s, names[i]))
            return i;
    return -1;
}

static str text_of(struct trying *t, const char *key, size_t max)
{
    str  out = { 0 };
    bool came;
    t->ok &= body_text(t->w->arena, t->json, key, max, &out, &came, t->err);
    return out;
}

static rid id_of(struct trying *t, const struct json *object, const char *key)
{
    const struct json *at = json_get(object, key);
    rid id = { 0 };
    if (json_is_null(at))
        return id;
    if (at->kind != JSON_TEXT || !id_parse(at->text, &id))
        t->ok = err_add(t->err, key, "must be an id");
    return id;
}

/* A calendar as it stands on the screen; its name does not matter for reckoning. */
static void read_calendar(struct trying *t)
{
    static const char *const apart[] = { "id", NULL };
    const struct json  *json = json_get(t->json, "calendar");
    struct calendar_row row  = { .name = STR("-"), .holidays = STR("[]") };
    if (json_is_null(json))
        return;
    if (json->kind != JSON_OBJECT) {
        t->ok = err_add(t->err, "calendar", "must be an object");
        return;
    }
    struct calendar *c = ARENA_NEW(t->w->arena, struct calendar);
    if (!calendar_read_json(t->w->arena, body_without(t->w->arena, json, apart), READ_UPDATE, &row, t->err) ||
        !calendar_read(t->w->arena, row.zone, row.days, row.holidays, c, t->err)) {
        t->ok = false;
        return;
    }
    c->name = row.name;
    c->id = t->changed_id = id_of(t, json, "id");
    t->changed = c;
}

/* The calendar on the screen, or the stored one; NULL when there is none of that id. */
static const struct calendar *calendar_of(struct trying *t, rid id)
{
    if (t->changed && (!id_is_set(t->changed_id) || id_eq(t->changed_id, id)))
        return t->changed;
    for (int i = 0; i < t->rows.count; i++) {
        const struct calendar_row *row = &t->rows.at[i];
        struct calendar *c = ARENA_NEW(t->w->arena, struct calendar);
        if (!id_eq(row->id, id))
            continue;
        c->id = row->id;
        c->name = row->name;
        if (calendar_read(t->w->arena, row->zone, row->days, row->holidays, c, t->err))
            return c;
        t->ok = false;
    }
    return NULL;
}

static void add_rule(struct trying *t, const struct policy_row *p, struct sla_book *out)
{
    const struct calendar *c = p->clock == SLA_WORKING ? calendar_of(t, p->calendar_id) : NULL;
    if (p->clock == SLA_WALL || c)
        *policy_list_add(&out->policies, t->w->arena) = policy_of(p, c);
}

/* What is left out of a rule that is being changed stays as it is stored. */
static bool read_rule(struct trying *t, const struct json *json, struct policy_row *out)
{
    static const char *const apart[] = { "id", "name", "version", "active", NULL };
    struct policy_row p = { .red_share_bp = 2000, .active = true };
    str  name = { 0 };
    bool came;
    if (json->kind != JSON_OBJECT)
        return t->ok = err_add(t->err, "rule", "must be an object");
    rid id = id_of(t, json, "id");
    if (id_is_set(id) && !record_get(t->w->db, &policy_record, id, t->w->arena, &p, t->err))
        return t->ok = false;
    t->ok &= body_text(t->w->arena, json, "name", 200, &name, &came, t->err);
    if (!policy_read_json(t->w->arena, body_without(t->w->arena, json, apart), READ_UPDATE, &p, t->err))
        return t->ok = false;
    if (!id_is_set(id) && !json_get(json, "red_minutes"))
        p.red_minutes = sla_red_minutes(p.step);
    const struct json *active = json_get(json, "active");
    p.id   = id;
    p.name = came ? name : p.name;
    p.active = active && active->kind == JSON_BOOL ? active->truth : p.active;
    if (p.minutes < 1)
        t->ok = err_add(t->err, "minutes", "is needed");
    if (p.clock == SLA_WORKING && !calendar_of(t, p.calendar_id))
        t->ok = err_add(t->err, "calendar_id", "there is no such calendar");
    *out = p;
    return t->ok;
}

static void ask_rule(struct trying *t, const struct json *json, struct tryout *out)
{
    struct policy_row p;
    if (!read_rule(t, json, &p))
        return;
    out->question.step = p.step;
    out->question.channel = p.channel;
    out->question.scheme = p.scheme;
    out->question.account_id = p.account_id;
    add_rule(t, &p, &out->book);
}

/* Which of the rules that stand would be taken. */
static void read_rules(struct trying *t, struct tryout *out)
{
    struct policy_row_list all = { 0 };
    str step = text_of(t, "step", 32);
    int at   = step.len ? index_of(sla_step_names, step) : 0;
    if (at < 0)
        t->ok = err_add(t->err, "step", "must be confirm, assemble or hand_over");
    else
        out->question.step = (enum sla_step)at;
    out->question.channel = text_of(t, "channel", 32);
    out->question.scheme = text_of(t, "scheme", 32);
    out->question.account_id = id_of(t, t->json, "account_id");
    if (!policies_all(t->w->db, t->w->arena, &all, t->err)) {
        t->ok = false;
        return;
    }
    for (int i = 0; i < all.count; i++)
        if (all.at[i].active)
            add_rule(t, &all.at[i], &out->book);
}

static bool names_known(struct arena *a, const struct json *json, const char *const *names, struct err *err)
{
    bool ok = true;
    JSON_EACH(member, json)
        if (index_of(names, member->key) < 0)
            ok = err_add(err, str_zero(a, utf8_cut(member->key, 40)), "is not known");
    return ok;
}

bool tryout_ask(struct work *w, const struct json *json, struct tryout *out, struct err *err)
{
    static const char *const names[] = { "at", "rule", "calendar", "step", "channel", "scheme", "account_id", NULL };
    struct trying      t    = { .w = w, .json = json, .err = err, .ok = names_known(w->arena, json, names, err) };
    struct tryout      made = { .zone = w->shop->zone };
    const struct json *rule = json_get(json, "rule");
    if (!calendars_all(w->db, w->arena, &t.rows, err))
        return false;
    if (!instant_parse(text_of(&t, "at", 40), &made.question.start))
        t.ok = err_add(err, "at", "must be a moment such as \"2026-12-18T12:30:00Z\"");
    read_calendar(&t);
    if (json_is_null(rule))
        read_rules(&t, &made);
    else
        ask_rule(&t, rule, &made);
    if (!t.ok)
        return false;
    made.answer = sla_ask(&made.book, &made.question);
    if (made.answer.policy && made.answer.policy->calendar)
        made.zone = made.answer.policy->calendar->zone;
    *out = made;
    return true;
}

bool tryout_rules(struct work *w, const struct json *json, struct tryout_rules *out, struct err *err)
{
    static const char *const names[] = { "rule", NULL };
    struct trying         t    = { .w = w, .json = json, .err = err, .ok = names_known(w->arena, json, names, err) };
    struct tryout_rules   made = { .changed = -1 };
    struct policy_row     rule = { 0 };
    struct policy_row_list all = { 0 };
    const struct json    *came = json_get(json, "rule");
    bool                  has  = !json_is_null(came);
    if (!calendars_all(w->db, w->arena, &t.rows, err) || !policies_all(w->db, w->arena, &all, err))
        return false;
    if (!t.ok || (has && !read_rule(&t, came, &rule)))
        return false;
    if (has && !id_is_set(rule.id))
        *policy_row_list_add(&all, w->arena) = rule;            /* saved, it will be the newest: the last of those that tie */
    for (int i = 0; t.ok && i < all.count; i++) {
        bool it = has && id_eq(all.at[i].id, rule.id);
        const struct policy_row *p = it ? &rule : &all.at[i];
        if (!p->active)
            continue;
        add_rule(&t, p, &made.book);
        if (it)
            made.changed = made.book.policies.count - 1;
    }
    made.has  = has;
    made.rule = rule;
    *out = made;
    return t.ok;
}
