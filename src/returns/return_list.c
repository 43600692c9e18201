#include "returns/return_list.h"

#include "base/secret.h"

static bool read_names(str value, const char *const *names, const char *what, unsigned *bits, struct err *err)
{
    str word;
    while (value.len && str_split(&value, ',', &word)) {
        int i = name_find(names, str_trim(word));
        if (i < 0)
            return err_add(err, what, "there is no %s \"%.*s\"", what, STR_ARG(utf8_cut(word, 40)));
        *bits |= BIT(i);
    }
    return true;
}

static bool read_stages(str value, unsigned *states, struct err *err)
{
    unsigned stages = 0;
    if (!read_names(value, return_stage_names, "stage", &stages, err))
        return false;
    for (int i = 0; i < RETURN_STAGE_COUNT; i++)
        if (stages & BIT(i))
            *states |= return_stage_states((enum return_stage)i);
    return true;
}

static bool read_texts(struct arena *a, str value, struct str_list *out)
{
    str word;
    while (value.len && str_split(&value, ',', &word))
        if (str_trim(word).len)
            *str_list_add(out, a) = str_trim(word);
    return true;
}

static bool read_accounts(struct arena *a, str value, struct return_filter *f, struct err *err)
{
    struct int_list list = { 0 };
    str             word;
    while (value.len && str_split(&value, ',', &word)) {
        rid id;
        if (!id_parse(str_trim(word), &id))
            return err_add(err, "account_id", "must be ids");
        *int_list_add(&list, a) = id.v;
    }
    f->accounts       = ARENA_ARRAY(a, rid, list.count + 1);
    f->accounts_count = list.count;
    for (int i = 0; i < list.count; i++)
        f->accounts[i] = (rid){ list.at[i] };
    return true;
}

static bool read_after(str value, struct return_filter *f, struct err *err)
{
    str part[3];
    for (int i = 0; i < 3; i++)
        if (!str_split(&value, '.', &part[i]))
            part[i] = STR("");
    f->has_after = str_to_int(part[0], &f->after_due) && str_to_int(part[1], &f->after_sum) && id_parse(part[2], &f->after_id);
    return f->has_after || err_add(err, "after", "is not a cursor of this list");
}

static bool read_limit(str value, struct return_filter *f, struct err *err)
{
    int64_t n;
    if (!str_to_int(value, &n) || n < 1 || n > 200)
        return err_add(err, "limit", "must be 1 to 200");
    f->limit = (int)n;
    return true;
}

static bool read_flag(str value, const char *what, bool *out, struct err *err)
{
    *out = str_is(value, "1");
    return *out || str_is(value, "0") || err_add(err, what, "must be 1 or 0");
}

static bool read_assignee(str value, struct return_filter *f, struct err *err)
{
    f->mine       = str_is(value, "me");
    f->unassigned = str_is(value, "none");
    return f->mine || f->unassigned || err_add(err, "assignee_id", "must be me or none");
}

static bool read_when(str value, const char *what, instant *out, struct err *err)
{
    return instant_parse(value, out) || err_add(err, what, "must be a time such as \"2026-12-16T04:04:00Z\"");
}

static bool read_part(struct arena *a, str key, str value, struct return_filter *f, bool *closed, struct err *err)
{
    if (!value.len)
        return true;
    if (str_is(key, "stage"))
        return read_stages(value, &f->states, err);
    if (str_is(key, "state"))
        return read_names(value, return_state_names, "state", &f->states, err);
    if (str_is(key, "kind"))
        return read_names(value, return_kind_names, "kind", &f->kinds, err);
    if (str_is(key, "zone"))
        return read_names(value, sla_zone_names, "zone", &f->zones, err);
    if (str_is(key, "group"))
        return read_names(value, return_group_names, "group", &f->groups, err);
    if (str_is(key, "channel"))
        return read_texts(a, value, &f->channels);
    if (str_is(key, "reason"))
        return read_texts(a, value, &f->reasons);
    if (str_is(key, "account_id"))
        return read_accounts(a, value, f, err);
    if (str_is(key, "order_id"))
        return id_parse(value, &f->order_id) || err_add(err, "order_id", "must be an id");
    if (str_is(key, "customer_id"))
        return id_parse(value, &f->customer_id) || err_add(err, "customer_id", "must be an id");
    if (str_is(key, "rule"))
        return read_flag(value, "rule", &f->by_rule, err);
    if (str_is(key, "unexplained"))
        return read_flag(value, "unexplained", &f->unexplained, err);
    if (str_is(key, "forgotten"))
        return read_flag(value, "forgotten", &f->forgotten, err);
    if (str_is(key, "closed"))
        return read_flag(value, "closed", closed, err);
    if (str_is(key, "assignee_id"))
        return read_assignee(value, f, err);
    if (str_is(key, "q"))
        return (f->q = utf8_cut(value, 200)).len > 0;
    if (str_is(key, "scan"))
        return (f->scan = utf8_cut(str_trim(value), 200)).len > 0 || err_add(err, "scan", "is empty");
    if (str_is(key, "requested_from"))
        return read_when(value, "requested_from", &f->from, err);
    if (str_is(key, "requested_to"))
        return read_when(value, "requested_to", &f->to, err);
    if (str_is(key, "limit"))
        return read_limit(value, f, err);
    if (str_is(key, "after"))
        return read_after(value, f, err);
    if (str_is(key, "format"))
        return true;
    return err_add(err, "query", "\"%.*s\" is not a filter of this list", STR_ARG(utf8_cut(key, 40)));
}

static bool asks_closed(unsigned states)
{
    for (int s = 0; s < RETURN_STATE_COUNT; s++)
        if ((states & BIT(s)) && return_state_closed((enum return_state)s))
            return true;
    return false;
}

bool return_filter_read(struct arena *a, str query, rid me, struct return_filter *out, struct err *err)
{
    struct return_filter f      = { .limit = 100, .me = me };
    str                  rest   = query, pair;
    bool                 closed = false, fine = true;

    while (rest.len && str_split(&rest, '&', &pair)) {
        str key = { 0 }, value = pair;
        if (!pair.len)
            continue;
        str_split(&value, '=', &key);
        if (!str_has(pair, STR("=")))
            value = STR("");
        if (!url_decode(a, key, true, &key) || !url_decode(a, value, true, &value))
            fine = err_add(err, "query", "is not valid UTF-8");
        else if (!read_part(a, key, value, &f, &closed, err))
            fine = false;
    }
    if (!fine) {
        err->code = ERR_QUERY_INVALID;
        return false;
    }
    f.open_only = !closed && !asks_closed(f.states) && !f.by_rule && !f.forgotten && !f.scan.len && !id_is_set(f.order_id) && !id_is_set(f.customer_id) &&
                  !instant_is_set(f.from) && !instant_is_set(f.to);
    if (closed && !f.states)
        f.states = return_stage_states(STAGE_CLOSED);
    *out = f;
    return true;
}

str return_cursor(struct arena *a, const struct return_filter *f, const struct return_row *row)
{
    int64_t first = f->open_only ? row->r.due_rank : row->r.requested_at.ms;
    return str_print(a, "%lld.%lld.%lld", (long long)first, (long long)row->r.sum_rank, (long long)row->r.id.v);
}
