#include "accounts/audit.h"

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
    };
    return record_insert(db, &audit_record, &e, err);
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

bool audit_list(struct db *db, str query, struct arena *a, struct audit_entry *rows, int *count, str *next,
                struct err *err)
{
    /* Ids grow with time, so the primary key gives the order of the days. */
    const struct record_query q = { .default_sort = "-id" };
    return record_list(db, &audit_record, &q, query_named(a, query), a, rows, count, next, err);
}
