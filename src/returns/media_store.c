#include "returns/media_store.h"

const char *const media_state_names[] = {
    [MEDIA_WAITING] = "waiting", [MEDIA_HERE] = "here", [MEDIA_GONE] = "gone", [MEDIA_REFUSED] = "refused", [MEDIA_LINK] = "link", NULL
};
_Static_assert(sizeof media_state_names / sizeof *media_state_names == MEDIA_STATE_COUNT + 1, "a name per state");

enum { Q_ADD, Q_HELD, Q_OF, Q_NEXT, Q_TAKE, Q_SETTLE, Q_COUNT };
#define COLUMNS "id, return_id, account_id, url, kind, state, photo_id, tries, problem"
/* clang-format off */
static const struct sql SQL[Q_COUNT] = {
    [Q_ADD] = { "media.add",
        "INSERT INTO return_media (id, return_id, account_id, url, kind, state, tries, due_at, problem, at) VALUES ($1, $2, $3, $4, $5, $6, 0, $7, '', $8) "
        "ON CONFLICT (return_id, url) DO NOTHING", NULL },
    [Q_HELD] = { "media.held", "SELECT COUNT(*) FROM return_media WHERE return_id = $1", NULL },
    [Q_OF] = { "media.of", "SELECT " COLUMNS " FROM return_media WHERE return_id = $1 ORDER BY id", NULL },
    [Q_NEXT] = { "media.next", "SELECT MIN(due_at) FROM return_media WHERE due_at IS NOT NULL", NULL },
    [Q_TAKE] = { "media.take",
        "UPDATE return_media SET due_at = $2 WHERE id = (SELECT m.id FROM return_media m WHERE m.due_at IS NOT NULL AND m.due_at <= $1 "
        "ORDER BY m.due_at, m.id LIMIT 1) RETURNING " COLUMNS, NULL },
    [Q_SETTLE] = { "media.settle",
        "UPDATE return_media SET state = $2, photo_id = $3, tries = $4, due_at = $5, problem = $6 WHERE id = $1", NULL },
};
/* clang-format on */

static bool media_add(struct db *db, const struct work *w, const struct rma *r, const struct return_medium *m, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ADD]);
    bool fetch = !m->is_video && !instant_is_set(r->ended_at);
    bind_id(&st, 1, work_id(w));
    bind_id(&st, 2, r->id);
    bind_id(&st, 3, r->account_id);
    bind_text(&st, 4, m->url);
    bind_text(&st, 5, m->is_video ? STR("video") : STR("photo"));
    bind_text(&st, 6, str_of(media_state_names[fetch ? MEDIA_WAITING : MEDIA_LINK]));
    bind_instant(&st, 7, fetch ? w->now : (instant){ 0 });
    bind_instant(&st, 8, w->now);
    return db_exec(&st, err);
}

bool media_told(struct db *db, const struct work *w, const struct rma *r, const struct return_medium_list *media, struct err *err)
{
    int64_t held = 0;
    if (!media->count)
        return true;
    {
        CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_HELD]);
        bind_id(&st, 1, r->id);
        if (db_row(&st))
            held = col_int(&st, 0);
        if (!db_ok(&st, err))
            return false;
    }
    for (int i = 0; i < media->count && held + i < MEDIA_MAX; i++) {
        const struct return_medium *m = &media->at[i];
        if (m->url.len <= MEDIA_URL_BYTES_MAX && utf8_valid(m->url) && !media_add(db, w, r, m, err))
            return false;
    }
    return true;
}

static struct return_media scan(struct stmt *st, struct arena *a)
{
    int state = name_find(media_state_names, col_text(st, 5));
    return (struct return_media){ .id = col_id(st, 0), .return_id = col_id(st, 1), .account_id = col_id(st, 2), .url = col_text_copy(st, 3, a),
                                  .is_video = str_is(col_text(st, 4), "video"), .state = state < 0 ? MEDIA_LINK : (enum media_state)state,
                                  .photo_id = col_id(st, 6), .tries = col_int(st, 7), .problem = col_text_copy(st, 8, a) };
}

bool media_of(struct db *db, rid return_id, struct arena *a, struct return_media_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_OF]);
    bind_id(&st, 1, return_id);
    while (db_row(&st))
        *return_media_list_add(out, a) = scan(&st, a);
    return db_ok(&st, err);
}

bool media_next(struct db *db, instant *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_NEXT]);
    *out = db_row(&st) ? col_instant(&st, 0) : (instant){ 0 };
    return db_ok(&st, err);
}

bool media_take(struct db *db, instant now, instant until, struct arena *a, struct return_media *out, bool *found, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_TAKE]);
    bind_instant(&st, 1, now);
    bind_instant(&st, 2, until);
    *found = db_row(&st);
    if (*found)
        *out = scan(&st, a);
    return db_ok(&st, err);
}

bool media_settle(struct db *db, const struct return_media *m, instant due_at, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SETTLE]);
    bind_id(&st, 1, m->id);
    bind_text(&st, 2, str_of(media_state_names[m->state]));
    bind_id(&st, 3, m->photo_id);
    bind_int(&st, 4, m->tries);
    bind_instant(&st, 5, due_at);
    bind_text(&st, 6, m->problem);
    return db_exec(&st, err);
}
