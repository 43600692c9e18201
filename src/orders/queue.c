#include "orders/queue.h"

#include "base/secret.h"

/* Comma-separated names of a table into bits. */
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

static bool read_ids(struct arena *a, str value, const char *what, rid **ids, int *count, struct err *err)
{
    struct int_list list = { 0 };
    str             word;
    while (value.len && str_split(&value, ',', &word)) {
        rid id;
        if (!id_parse(str_trim(word), &id))
            return err_add(err, what, "must be ids");
        *int_list_add(&list, a) = id.v;
    }
    *ids   = ARENA_ARRAY(a, rid, list.count + 1);
    *count = list.count;
    for (int i = 0; i < list.count; i++)
        (*ids)[i] = (rid){ list.at[i] };
    return true;
}

static bool read_amount(str value, const char *what, bool *has, amount *out, struct err *err)
{
    *has = true;
    return amount_parse(value, out) || err_add(err, what, "must be an amount such as \"129.90\"");
}

static bool read_instant(str value, const char *what, instant *out, struct err *err)
{
    return instant_parse(value, out) || err_add(err, what, "must be a time such as \"2026-12-16T04:04:00Z\"");
}

static bool read_assignees(struct arena *a, str value, rid me, struct queue_filter *f, struct err *err)
{
    struct int_list list = { 0 };
    str             word;

    f->by_assignee = true;
    while (value.len && str_split(&value, ',', &word)) {
        rid id = me;
        word   = str_trim(word);
        if (str_is(word, "none"))
            f->unassigned = true;
        else if (str_is(word, "me") || id_parse(word, &id))
            *int_list_add(&list, a) = id.v;
        else
            return err_add(err, "assignee_id", "must be ids, \"me\" or \"none\"");
    }
    f->assignees       = ARENA_ARRAY(a, rid, list.count + 1);
    f->assignees_count = list.count;
    for (int i = 0; i < list.count; i++)
        f->assignees[i] = (rid){ list.at[i] };
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

static bool read_sort(str value, struct queue_filter *f, struct err *err)
{
    if (str_is(value, "urgency"))
        f->sort = SORT_URGENCY;
    else if (str_is(value, "-placed_at"))
        f->sort = SORT_NEWEST;
    else if (str_is(value, "placed_at"))
        f->sort = SORT_OLDEST;
    else
        return err_add(err, "sort", "must be urgency, placed_at or -placed_at");
    return true;
}

static bool read_limit(str value, struct queue_filter *f, struct err *err)
{
    int64_t n;
    if (!str_to_int(value, &n) || n < 1 || n > 200)
        return err_add(err, "limit", "must be 1 to 200");
    f->limit = (int)n;
    return true;
}

static bool read_after(str value, struct queue_filter *f, struct err *err)
{
    str part[3];
    for (int i = 0; i < 3; i++)
        if (!str_split(&value, '.', &part[i]))
            part[i] = STR("");
    f->has_after = str_to_int(part[0], &f->after_rank) && str_to_int(part[1], &f->after_at) && id_parse(part[2], &f->after_id);
    return f->has_after || err_add(err, "after", "is not a cursor of this list");
}

static bool read_part(struct arena *a, str key, str value, rid me, struct queue_filter *f, struct err *err)
{
    if (!value.len)
        return true;
    if (str_is(key, "status"))
        return read_names(value, hub_status_names, "status", &f->statuses, err);
    if (str_is(key, "zone"))
        return read_names(value, sla_zone_names, "zone", &f->zones, err);
    if (str_is(key, "mark"))
        return read_names(value, order_mark_names, "mark", &f->marks, err);
    if (str_is(key, "account_id"))
        return read_ids(a, value, "account_id", &f->accounts, &f->accounts_count, err);
    if (str_is(key, "channel"))
        return read_texts(a, value, &f->channels);
    if (str_is(key, "assignee_id"))
        return read_assignees(a, value, me, f, err);
    if (str_is(key, "customer_id"))
        return id_parse(value, &f->customer_id) || err_add(err, "customer_id", "must be an id");
    if (str_is(key, "tag"))
        return read_texts(a, value, &f->tags);
    if (str_is(key, "q"))
        return (f->q = utf8_cut(value, 200)).len > 0;
    if (str_is(key, "placed_from"))
        return read_instant(value, "placed_from", &f->placed_from, err);
    if (str_is(key, "placed_to"))
        return read_instant(value, "placed_to", &f->placed_to, err);
    if (str_is(key, "total_from"))
        return read_amount(value, "total_from", &f->has_from, &f->total_from, err);
    if (str_is(key, "total_to"))
        return read_amount(value, "total_to", &f->has_to, &f->total_to, err);
    if (str_is(key, "sort"))
        return read_sort(value, f, err);
    if (str_is(key, "limit"))
        return read_limit(value, f, err);
    if (str_is(key, "after"))
        return read_after(value, f, err);
    if (str_is(key, "format"))          /* of exports */
        return true;
    return err_add(err, "query", "\"%.*s\" is not a filter of this list", STR_ARG(utf8_cut(key, 40)));
}

bool queue_filter_read(struct arena *a, str query, rid me, struct queue_filter *out, struct err *err)
{
    struct queue_filter f    = { .limit = 100 };
    str                 rest = query, pair;
    bool                fine = true;

    while (rest.len && str_split(&rest, '&', &pair)) {
        str key = { 0 }, value = pair;
        if (!pair.len)
            continue;
        str_split(&value, '=', &key);
        if (!str_has(pair, STR("=")))
            value = STR("");
        if (!url_decode(a, key, true, &key) || !url_decode(a, value, true, &value))
            fine = err_add(err, "query", "is not valid UTF-8");
        else if (!read_part(a, key, value, me, &f, err))
            fine = false;
    }
    if (!fine) {
        err->code = ERR_QUERY_INVALID;
        return false;
    }
    *out = f;
    return true;
}

void marks_write(struct json_out *j, const char *key, int64_t marks)
{
    json_begin(j, key, '[');
    for (int i = 0; i < MARK_COUNT; i++)
        if (marks & (int64_t)BIT(i))
            json_text(j, NULL, str_of(order_mark_names[i]));
    json_end(j);
}

void tags_write(struct json_out *j, const char *key, str tags)
{
    str word;
    json_begin(j, key, '[');
    while (tags.len && str_split(&tags, ',', &word))
        if (word.len)
            json_text(j, NULL, word);
    json_end(j);
}

static void command_write(struct json_out *j, const struct queue_row *r)
{
    if (!id_is_set(r->command_id)) {
        json_null(j, "command");
        return;
    }
    bool held = str_is(r->command_state, "held");
    json_begin(j, "command", '{');
    json_id(j, "id", r->command_id);
    json_text(j, "op", r->command_op);
    json_text(j, "state", r->command_state);
    json_instant(j, "hold_until", held ? r->command_hold : (instant){ 0 });
    json_text(j, "text", r->command_text);
    json_end(j);
}

/* Empty: the market's time alone, or a rule that is gone. */
static str policy_name(const struct sla_book *book, rid id)
{
    for (int i = 0; book && id_is_set(id) && i < book->policies.count; i++)
        if (id_eq(book->policies.at[i].id, id))
            return book->policies.at[i].name;
    return (str){ 0 };
}

static void total_write(struct json_out *j, const struct queue_row *r, const struct row_view *v)
{
    if (v->prices && r->has_total)
        json_amount_text(j, "total", r->total);
    else
        json_null(j, "total");
    json_text_or_null(j, "currency", r->currency);
}

static void due_write(struct json_out *j, const struct queue_row *r, const struct row_view *v)
{
    json_text(j, "zone", r->zone);
    json_instant(j, "deadline_at", r->deadline_at);
    json_text_or_null(j, "deadline_step", r->deadline_step);
    json_instant(j, "yellow_at", r->yellow_at);
    json_instant(j, "red_at", r->red_at);
    json_instant(j, "deadline_from", r->deadline_start);
    json_text_or_null(j, "deadline_policy", policy_name(v->book, r->policy_id));
}

void queue_brief_write(struct json_out *j, const char *key, const struct queue_row *r, const struct row_view *v)
{
    json_begin(j, key, '{');
    json_id(j, "id", r->id);
    json_number(j, "version", r->version);
    json_id(j, "account_id", r->account_id);
    json_text(j, "channel", r->channel);
    json_text(j, "number", r->number);
    json_text(j, "status", r->status);
    due_write(j, r, v);
    json_id(j, "customer_id", r->customer_id);
    json_text(j, "customer_name", r->customer_name);
    json_text(j, "title", r->title);
    total_write(j, r, v);
    json_id(j, "assignee_id", r->assignee_id);
    json_instant(j, "placed_at", r->placed_at);
    json_end(j);
}

void queue_row_members(struct json_out *j, const struct queue_row *r, const struct row_view *v)
{
    size_t n = r->customer_phone.len;
    json_id(j, "id", r->id);
    json_number(j, "version", r->version);
    json_id(j, "account_id", r->account_id);
    json_text(j, "channel", r->channel);
    json_text(j, "number", r->number);
    json_text(j, "status", r->status);
    json_text(j, "external_status", r->external_status);
    marks_write(j, "marks", r->marks);
    due_write(j, r, v);
    json_id(j, "customer_id", r->customer_id);
    json_text(j, "customer_name", r->customer_name);
    if (v->contacts && n >= 4)
        json_text(j, "phone_last4", str_sub(r->customer_phone, n - 4, 4));
    else
        json_null(j, "phone_last4");
    json_number(j, "customer_orders", r->customer_orders);
    json_text(j, "title", r->title);
    json_number(j, "lines_count", r->lines_count);
    json_number(j, "units", r->units);
    total_write(j, r, v);
    json_text(j, "payment", r->payment);
    json_id(j, "assignee_id", r->assignee_id);
    json_instant(j, "placed_at", r->placed_at);
    json_instant(j, "status_since", r->status_since);
    json_text(j, "city", r->city);
    json_text(j, "delivery_method", r->delivery_method);
    tags_write(j, "tags", r->tags);
    command_write(j, r);
}

void queue_row_write(struct json_out *j, const char *key, const struct queue_row *r, const struct row_view *v)
{
    json_begin(j, key, '{');
    queue_row_members(j, r, v);
    json_end(j);
}

str queue_cursor(struct arena *a, const struct queue_row *r)
{
    return str_print(a, "%lld.%lld.%lld", (long long)r->rank, (long long)r->sort_at.ms, (long long)r->id.v);
}
