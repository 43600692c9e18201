#include "accounts/session_store.h"

#include "accounts/role_store.h"

enum {
    Q_FIND,
    Q_OF_USER,
    Q_END,
    Q_END_DIGEST,
    Q_END_USER,
    Q_END_OTHERS,
    Q_SEEN,
    Q_THROTTLE,
    Q_THROTTLE_SAVE,
    Q_THROTTLE_FORGET,
    Q_OLD_SESSIONS,
    Q_OLD_THROTTLES,
    Q_OLD_ANSWERS,
    Q_OLD_INVITATIONS,
    Q_ACCOUNTS,
    Q_COUNT
};
/* clang-format off */
static const struct sql SQL[Q_COUNT] = {
    [Q_FIND] = { "sessions.find",
        "SELECT s.id AS session_id, s.digest, s.user_id, s.csrf, s.created_at AS session_created_at, "
        "       s.last_seen_at AS session_seen_at, s.expires_at, s.address, s.agent, "
        "       CASE WHEN u.second_factor_at IS NULL AND EXISTS (SELECT 1 FROM second_factor_roles d "
        "                  WHERE ',' || u.roles || ',' || u.own_roles || ',' LIKE '%,' || d.role || ',%') THEN 1 ELSE 0 END AS factor_due, "
        "       u.second_factor_at, u.id, u.login, u.name, u.roles, u.own_roles, u.accounts, "
        "       u.state, u.language, u.time_zone, u.theme, u.density, u.hold_s, u.keys_off, u.keys, u.version "
        "  FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.digest = $1", NULL },
    [Q_OF_USER] = { "sessions.of_user",
        "SELECT * FROM sessions WHERE user_id = $1 AND expires_at > $2 ORDER BY last_seen_at DESC, id DESC LIMIT 100", NULL },
    [Q_END] = { "sessions.end", "DELETE FROM sessions WHERE id = $1 AND user_id = $2 RETURNING digest", NULL },
    [Q_END_DIGEST] = { "sessions.end_digest", "DELETE FROM sessions WHERE digest = $1", NULL },
    [Q_END_USER] = { "sessions.end_user", "DELETE FROM sessions WHERE user_id = $1", NULL },
    [Q_END_OTHERS] = { "sessions.end_others", "DELETE FROM sessions WHERE user_id = $1 AND digest <> $2 RETURNING id", NULL },
    [Q_SEEN] = { "sessions.seen", "UPDATE sessions SET last_seen_at = $2, expires_at = $3 WHERE digest = $1", NULL },
    [Q_THROTTLE] = { "throttle.load", "SELECT failures, first_at, blocked_until FROM login_throttle WHERE key = $1", NULL },
    [Q_THROTTLE_SAVE] = { "throttle.save",
        "INSERT INTO login_throttle (key, failures, first_at, blocked_until) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT (key) DO UPDATE SET failures = excluded.failures, first_at = excluded.first_at, "
        "       blocked_until = excluded.blocked_until", NULL },
    [Q_THROTTLE_FORGET] = { "throttle.forget", "DELETE FROM login_throttle WHERE key = $1", NULL },
    [Q_OLD_SESSIONS] = { "sessions.forget", "DELETE FROM sessions WHERE expires_at <= $1", NULL },
    [Q_OLD_THROTTLES] = { "throttle.forget_old", "DELETE FROM login_throttle WHERE first_at <= $1 AND blocked_until <= $2", NULL },
    [Q_OLD_ANSWERS] = { "idempotency.forget", "DELETE FROM idempotency_keys WHERE created_at <= $1", NULL },
    [Q_OLD_INVITATIONS] = { "invitations.forget", "DELETE FROM invitations WHERE expires_at <= $1", NULL },
    [Q_ACCOUNTS] = { "accounts.names", "SELECT id, channel, name FROM channel_accounts ORDER BY id LIMIT 200", NULL },
};
/* clang-format on */

bool session_insert(struct db *db, const struct session *s, struct err *err)
{
    return record_insert(db, &session_record, s, err);
}

bool session_find(struct db *db, str digest, struct arena *a, struct session *s, struct user *u, bool *found,
                  struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_FIND]);
    bind_text(&st, 1, digest);
    *found = db_row(&st);
    if (*found) {
        *s = (struct session){
            .id = col_id(&st, 0),
            .digest = col_text_copy(&st, 1, a),
            .user_id = col_id(&st, 2),
            .csrf = col_text_copy(&st, 3, a),
            .created_at = col_instant(&st, 4),
            .last_seen_at = col_instant(&st, 5),
            .expires_at = col_instant(&st, 6),
            .address = col_text_copy(&st, 7, a),
            .agent = col_text_copy(&st, 8, a),
        };
        record_scan(&user_record, &st, a, u);
        u->factor_due = col_int(&st, 9) != 0;
    }
    return db_ok(&st, err) && own_rights_load(db, a, u, *found, NULL, err);
}

bool session_of_user(struct db *db, rid user_id, instant now, struct arena *a, struct session_list *out,
                     struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_OF_USER]);
    bind_id(&st, 1, user_id);
    bind_instant(&st, 2, now);
    while (db_row(&st))
        record_scan(&session_record, &st, a, session_list_add(out, a));
    return db_ok(&st, err);
}

bool session_end(struct db *db, rid id, rid user_id, struct arena *a, str *digest, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_END]);
    bind_id(&st, 1, id);
    bind_id(&st, 2, user_id);
    bool found = db_row(&st);
    if (found)
        *digest = col_text_copy(&st, 0, a);
    if (!db_ok(&st, err))
        return false;
    return found || err_set(err, ERR_NOT_FOUND, "id", "there is no such sign-in");
}

bool session_end_digest(struct db *db, str digest, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_END_DIGEST]);
    bind_text(&st, 1, digest);
    return db_exec(&st, err);
}

bool session_end_of_user(struct db *db, rid user_id, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_END_USER]);
    bind_id(&st, 1, user_id);
    return db_exec(&st, err);
}

bool session_end_others_of(struct db *db, rid user_id, str digest, int64_t *count, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_END_OTHERS]);
    bind_id(&st, 1, user_id);
    bind_text(&st, 2, digest);
    for (*count = 0; db_row(&st);)
        ++*count;
    return db_ok(&st, err);
}

bool session_seen(struct db *db, str digest, instant now, instant expires_at, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SEEN]);
    bind_text(&st, 1, digest);
    bind_instant(&st, 2, now);
    bind_instant(&st, 3, expires_at);
    return db_exec(&st, err);
}

bool throttle_load(struct db *db, str key, struct arena *a, struct throttle *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_THROTTLE]);
    bind_text(&st, 1, key);
    *out = (struct throttle){ .key = str_copy(a, key) };
    if (db_row(&st)) {
        out->failures = col_int(&st, 0);
        out->first_at = (instant){ col_int(&st, 1) };
        out->blocked_ms = col_int(&st, 2);
    }
    return db_ok(&st, err);
}

bool throttle_save(struct db *db, const struct throttle *t, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_THROTTLE_SAVE]);
    bind_text(&st, 1, t->key);
    bind_int(&st, 2, t->failures);
    bind_int(&st, 3, t->first_at.ms);
    bind_int(&st, 4, t->blocked_ms);
    return db_exec(&st, err);
}

bool throttle_forget(struct db *db, str key, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_THROTTLE_FORGET]);
    bind_text(&st, 1, key);
    return db_exec(&st, err);
}

bool accounts_forget(struct db *db, instant now, struct err *err)
{
    CLEANUP(stmt_done) struct stmt sessions = db_query(db, &SQL[Q_OLD_SESSIONS]);
    bind_int(&sessions, 1, now.ms);
    CLEANUP(stmt_done) struct stmt throttles = db_query(db, &SQL[Q_OLD_THROTTLES]);
    bind_int(&throttles, 1, now.ms - THROTTLE_MEMORY_MS);
    bind_int(&throttles, 2, now.ms);
    CLEANUP(stmt_done) struct stmt answers = db_query(db, &SQL[Q_OLD_ANSWERS]);
    bind_int(&answers, 1, now.ms - DAY_MS);
    CLEANUP(stmt_done) struct stmt invitations = db_query(db, &SQL[Q_OLD_INVITATIONS]);
    bind_int(&invitations, 1, now.ms - 7 * DAY_MS);
    return db_exec(&sessions, err) && db_exec(&throttles, err) && db_exec(&answers, err) && db_exec(&invitations, err);
}

bool account_names(struct db *db, struct arena *a, struct account_name_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ACCOUNTS]);
    while (db_row(&st))
        *account_name_list_add(out, a) =
            (struct account_name){ col_id(&st, 0), col_text_copy(&st, 1, a), col_text_copy(&st, 2, a) };
    return db_ok(&st, err);
}
