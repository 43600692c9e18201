#include "accounts/audit.h"
#include "base/buf.h"

bool audit_write(struct db *db, const struct work *w, str action, str entity, rid id, str before_json,
                 str after_json, struct err *err)
{
    const struct audit_entry e = {
        .id = work_id(w),
        .at = w->now,
        .actor_kind = str_of(actor_kind_names[w->actor.kind]),
        .actor_id = w->actor.id,
        .actor_name = w->actor.name,
        .action = action,
        .entity = entity,
        .entity_id = id,
        .before_json = before_json,
        .after_json = after_json,
        .address = w->actor.address,
        .digest = audit_digest(w->arena, before_json, after_json),
    };
    return record_insert(db, &audit_record, &e, err);
}

enum { Q_TOLD, Q_TOLD_OF_MANY, Q_COUNT };
static const struct sql SQL[Q_COUNT] = {
    [Q_TOLD] = { "audit.told",
        /* by the card: a person looks at many cards an hour, few people at one */
        "SELECT after_json FROM audit_entries WHERE entity = $1 AND entity_id = $2 AND id >= $3 AND actor_kind = $4 AND actor_id + 0 IS NOT DISTINCT FROM $5 AND action = $6",
        NULL },
    [Q_TOLD_OF_MANY] = { "audit.told_of_many",
        "SELECT after_json FROM audit_entries WHERE entity = $1 AND entity_id IS NULL AND id >= $2 AND actor_kind = $3 AND actor_id IS NOT DISTINCT FROM $4 AND action = $5",
        NULL },
};

bool audit_told(struct db *db, const struct work *w, str action, str entity, rid id, str after_json, instant since, bool *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[id_is_set(id) ? Q_TOLD : Q_TOLD_OF_MANY]);
    int n = 1;
    bind_text(&st, n++, entity);
    if (id_is_set(id))
        bind_id(&st, n++, id);
    bind_id(&st, n++, id_floor(since));
    bind_text(&st, n++, str_of(actor_kind_names[w->actor.kind]));
    bind_id(&st, n++, w->actor.id);
    bind_text(&st, n, action);
    *out = false;
    while (!*out && db_row(&st))
        *out = !after_json.len || str_eq(col_text(&st, 0), after_json);
    return db_ok(&st, err);
}

/* The address says from= and to=; the record engine knows them as bounds of `at`. */
static str query_named(struct arena *a, str query)
{
    struct buf b = buf_in(a);
    str rest = query, part;
    while (rest.len && str_split(&rest, '&', &part)) {
        if (b.len)
            buf_add_char(&b, '&');
        if (str_starts(part, STR("from=")) || str_starts(part, STR("to=")))
            buf_add(&b, STR("at_"));
        buf_add(&b, part);
    }
    return buf_str(&b);
}

/* Who sees some accounts sees what was done to these, to their orders and buyers, and by themselves. */
static const char *scope_condition(struct arena *a, const struct audit_scope *s)
{
    if (!s->count)
        return NULL;
    struct buf ids = buf_in(a);
    for (int i = 0; i < s->count; i++)
        buf_print(&ids, "%s%lld", i ? ", " : "", (long long)s->accounts[i].v);
    str in = buf_str(&ids);
    return str_zero(a, str_print(a,
        "(o.actor_id = %lld OR (o.entity = 'channel_account' AND o.entity_id IN (%.*s)) "
        "OR (o.entity = 'order' AND EXISTS (SELECT 1 FROM orders x WHERE x.id = o.entity_id AND x.account_id IN (%.*s))) "
        "OR (o.entity = 'task' AND EXISTS (SELECT 1 FROM tasks t JOIN orders x ON x.id = t.order_id WHERE t.id = o.entity_id AND x.account_id IN (%.*s))) "
        "OR (o.entity = 'command' AND EXISTS (SELECT 1 FROM outbox x WHERE x.id = o.entity_id AND x.account_id IN (%.*s))) "
        "OR (o.entity = 'intake_event' AND EXISTS (SELECT 1 FROM intake_events x WHERE x.id = o.entity_id AND x.account_id IN (%.*s))) "
        "OR (o.entity = 'customer' AND EXISTS (SELECT 1 FROM customer_sources x WHERE x.customer_id = o.entity_id AND x.account_id + 0 IN (%.*s))))",
        (long long)s->actor.v, STR_ARG(in), STR_ARG(in), STR_ARG(in), STR_ARG(in), STR_ARG(in), STR_ARG(in)));
}

bool audit_list(struct db *db, str query, const struct audit_scope *scope, struct arena *a, struct audit_entry *rows,
                int *count, str *next, struct err *err)
{
    /* Ids grow with time, so the primary key gives the order of the days. */
    const struct record_query q = { .default_sort = "-id", .where = scope_condition(a, scope) };
    return record_list(db, &audit_record, &q, query_named(a, query), a, rows, count, next, err);
}
