#include "notices/notice_store.h"

enum {
    Q_STATE, Q_PUSH, Q_CURSOR, Q_CURSOR_SET, Q_TARGETS, Q_TARGETS_ON, Q_BY_CODE, Q_BY_ADDRESS, Q_TARGET_SAVE, Q_TARGET_REMOVE, Q_PARTS_OF_TARGET,
    Q_SENDS_OF_TARGET, Q_ADD, Q_ACK, Q_OPEN, Q_LAST, Q_PART, Q_TAKE, Q_PARTS, Q_SETTLE, Q_SENDS, Q_RELEASE, Q_FORGET_PARTS, Q_FORGET_SENDS,
    Q_FORGET, Q_ESCALATION, Q_ESCALATION_SAVE, Q_ESCALATIONS, Q_BOT_TAKE, Q_BOT_GIVE, Q_CHOICES, Q_ACCOUNT, Q_HASTEN, Q_BOT_HASTEN, Q_COUNT
};
#define OPEN "state IN ('waiting', 'sending')"
#define OLD  "SELECT id FROM notice_sends WHERE state IN ('done', 'failed', 'dropped') AND created_at < $1 ORDER BY created_at LIMIT 2000"
/* clang-format off */
static const struct sql SQL[Q_COUNT] = {
    [Q_STATE] = { "told.state",
        "SELECT CASE WHEN EXISTS (SELECT 1 FROM notice_targets WHERE state = 'on') THEN (SELECT MAX(id) FROM events) END, "
        "       (SELECT value FROM settings WHERE key = 'notices.cursor'), "
        "       (SELECT MIN(not_before) FROM notice_sends WHERE " OPEN "), "
        "       (SELECT MIN(next_at) FROM escalations WHERE next_at > 0), "
        "       (SELECT MAX(b.not_before) FROM notice_bot b, notice_house h WHERE h.telegram_token <> '' "
        "           AND EXISTS (SELECT 1 FROM notice_targets WHERE medium = 'telegram'))", NULL },
    [Q_PUSH] = { "told.push", "UPDATE notice_house SET push_public = $1, push_private = $2 WHERE id = 1", NULL },
    [Q_CURSOR] = { "told.cursor", "SELECT value FROM settings WHERE key = 'notices.cursor'", NULL },
    [Q_CURSOR_SET] = { "told.cursor_set",
        "INSERT INTO settings (key, value) VALUES ('notices.cursor', $1) ON CONFLICT (key) DO UPDATE SET value = excluded.value", NULL },
    [Q_TARGETS] = { "told.targets", "SELECT * FROM notice_targets WHERE user_id = $1 ORDER BY id", NULL },
    [Q_TARGETS_ON] = { "told.targets_on", "SELECT * FROM notice_targets WHERE state = 'on' ORDER BY user_id, id", NULL },
    [Q_BY_CODE] = { "told.by_code", "SELECT * FROM notice_targets WHERE code = $1 AND state = 'waiting' AND code_until > $2", NULL },
    [Q_BY_ADDRESS] = { "told.by_address", "SELECT * FROM notice_targets WHERE medium = $1 AND address_key = $2 AND state = 'on'", NULL },
    [Q_TARGET_SAVE] = { "told.target_save",
        "UPDATE notice_targets SET address = $2, address_key = $3, label = $4, state = $5, code = $6, code_until = $7, tries = $8 WHERE id = $1", NULL },
    [Q_PARTS_OF_TARGET] = { "told.target_parts",
        "DELETE FROM notice_parts WHERE send_id IN (SELECT id FROM notice_sends WHERE target_id = $1)", NULL },
    [Q_SENDS_OF_TARGET] = { "told.target_sends", "DELETE FROM notice_sends WHERE target_id = $1", NULL },
    [Q_TARGET_REMOVE] = { "told.target_remove", "DELETE FROM notice_targets WHERE id = $1", NULL },
    [Q_ADD] = { "told.add",
        "INSERT INTO notices (id, user_id, type, object, object_id, key, title, channel, step, deadline_at, at, term, amount, currency, facts) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT (user_id, key) DO NOTHING RETURNING id", NULL },
    [Q_ACK] = { "told.ack",
        "UPDATE notices SET acked_at = $4 WHERE user_id = $1 AND object = $2 AND object_id = $3 AND acked_at IS NULL", NULL },
    [Q_OPEN] = { "told.open",
        "SELECT * FROM notice_sends WHERE target_id = $1 AND type = $2 AND digest = $3 AND state = 'waiting' AND tries = 0 "
        "ORDER BY created_at DESC LIMIT 1", NULL },
    [Q_LAST] = { "told.last",
        "SELECT MAX(COALESCE(done_at, not_before)) FROM notice_sends WHERE target_id = $1 AND type = $2 AND created_at > $3 AND created_at <= $4 AND state <> 'dropped'", NULL },
    [Q_PART] = { "told.part", "INSERT INTO notice_parts (send_id, notice_id) VALUES ($1, $2)", NULL },
    [Q_TAKE] = { "told.take",
        "UPDATE notice_sends SET state = 'sending', taken_by = $4, lease_until = $5 "
        " WHERE id = (SELECT d.id FROM notice_sends d WHERE d." OPEN " AND d.not_before <= $1 AND d.lease_until <= $2 "
        "                AND d.medium IN ({texts:$3}) ORDER BY d.not_before, d.id LIMIT 1) "
        "   AND lease_until <= $2 "
        "RETURNING *", NULL },
    [Q_PARTS] = { "told.parts",
        "SELECT n.* FROM notice_parts p JOIN notices n ON n.id = p.notice_id WHERE p.send_id = $1 ORDER BY n.deadline_at, n.id", NULL },
    [Q_SETTLE] = { "told.settle",
        "UPDATE notice_sends SET state = $3, not_before = $4, tries = $5, text = $6, external = $7, done_at = $8, taken_by = '', lease_until = 0 "
        " WHERE id = $1 AND taken_by = $2 AND state = 'sending' RETURNING id", NULL },
    [Q_SENDS] = { "told.sends", "SELECT * FROM notice_sends WHERE user_id = $1 ORDER BY id DESC LIMIT $2", NULL },
    [Q_RELEASE] = { "told.release",
        "UPDATE notice_sends SET state = 'waiting', lease_until = 0, taken_by = '' WHERE state = 'sending' AND SUBSTR(taken_by, 1, LENGTH($1)) = $1", NULL },
    [Q_FORGET_PARTS] = { "told.forget_parts", "DELETE FROM notice_parts WHERE send_id IN (" OLD ")", NULL },
    [Q_FORGET_SENDS] = { "told.forget_sends", "DELETE FROM notice_sends WHERE id IN (" OLD ")", NULL },
    [Q_FORGET] = { "told.forget",
        "DELETE FROM notices WHERE id IN (SELECT n.id FROM notices n WHERE n.at < $1 AND NOT EXISTS (SELECT 1 FROM notice_parts p "
        "WHERE p.notice_id = n.id) ORDER BY n.at LIMIT 2000)", NULL },
    [Q_ESCALATION] = { "told.escalation",
        "SELECT told, acked, next_at FROM escalations WHERE object = $1 AND object_id = $2 AND step = $3", NULL },
    [Q_ESCALATION_SAVE] = { "told.escalation_save",
        "INSERT INTO escalations (object, object_id, step, told, acked, next_at) VALUES ($1, $2, $3, $4, $5, $6) "
        "ON CONFLICT (object, object_id, step) DO UPDATE SET told = excluded.told, acked = excluded.acked, next_at = excluded.next_at", NULL },
    [Q_ESCALATIONS] = { "told.escalations",
        "SELECT object, object_id, step, told, acked, next_at FROM escalations WHERE next_at > 0 AND next_at <= $1 ORDER BY next_at LIMIT $2", NULL },
    [Q_BOT_TAKE] = { "told.bot_take",
        "UPDATE notice_bot SET lease_until = $2 WHERE id = 1 AND not_before <= $1 AND lease_until <= $1 RETURNING next_update", NULL },
    [Q_BOT_GIVE] = { "told.bot_give",
        "UPDATE notice_bot SET next_update = $1, not_before = $2, lease_until = 0 WHERE id = 1", NULL },
    /* Quiet hours and digests are moments of the right time; a try that failed and a wait to be joined are not. */
    [Q_HASTEN] = { "told.hasten",
        "UPDATE notice_sends SET not_before = CASE WHEN not_before > $2 AND (tries > 0 OR (created_at > $1 AND not_before - created_at <= $3)) "
        "           THEN $1 ELSE not_before END, lease_until = CASE WHEN lease_until > $2 THEN $2 ELSE lease_until END "
        " WHERE " OPEN " AND (not_before > $2 OR lease_until > $2)", NULL },
    [Q_BOT_HASTEN] = { "told.bot_hasten",
        "UPDATE notice_bot SET not_before = CASE WHEN not_before > $2 THEN $1 ELSE not_before END, "
        "       lease_until = CASE WHEN lease_until > $2 THEN $2 ELSE lease_until END WHERE not_before > $2 OR lease_until > $2", NULL },
    [Q_ACCOUNT] = { "told.account", "SELECT name, channel FROM channel_accounts WHERE id = $1", NULL },
    [Q_CHOICES] = { "told.choices", "SELECT user_id, value FROM user_choices WHERE name = $1", NULL },
};
/* clang-format on */

#define HOUSE_ID ((rid){ 1 })

bool notice_state_get(struct db *db, struct arena *a, struct notice_state *out, struct err *err)
{
    int64_t newest = 0, told = 0;
    (void)a;
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_STATE]);
    *out = (struct notice_state){ 0 };
    if (db_row(&st)) {
        newest = col_int(&st, 0);
        if (!str_to_int(col_text(&st, 1), &told))
            told = 0;
        out->news      = newest > told;
        out->send_at   = col_instant(&st, 2);
        out->ladder_at = col_instant(&st, 3);
        out->bot_at    = col_is_null(&st, 4) ? (instant){ 0 } : (instant){ col_int(&st, 4) ? col_int(&st, 4) : 1 };
    }
    return db_ok(&st, err);
}

bool notice_house_get(struct db *db, struct arena *a, struct notice_house *out, struct err *err)
{
    return record_get(db, &notice_house_record, HOUSE_ID, a, out, err);
}

bool notice_house_save(struct db *db, const struct notice_house *old, struct notice_house *now, struct err *err)
{
    uint64_t set = record_diff(&notice_house_record, old, now);
    now->version = old->version;
    if (!set)
        return true;
    if (!record_update(db, &notice_house_record, now, set, err))
        return false;
    now->version++;
    return true;
}

bool notice_push_save(struct db *db, const struct notice_house *h, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_PUSH]);
    bind_text(&st, 1, h->push_public);
    bind_text(&st, 2, h->push_private);
    return db_exec(&st, err);
}

bool notice_cursor(struct db *db, int64_t *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_CURSOR]);
    *out = 0;
    if (db_row(&st) && !str_to_int(col_text(&st, 0), out))
        *out = 0;
    return db_ok(&st, err);
}

bool notice_cursor_set(struct db *db, struct arena *a, int64_t at, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_CURSOR_SET]);
    bind_text(&st, 1, str_print(a, "%lld", (long long)at));
    return db_exec(&st, err);
}

/* ---- targets ---- */

static bool read_targets(struct stmt *st, struct arena *a, struct notice_target_list *out, struct err *err)
{
    while (db_row(st))
        record_scan(&notice_target_record, st, a, notice_target_list_add(out, a));
    return db_ok(st, err);
}

bool targets_of(struct db *db, rid user_id, struct arena *a, struct notice_target_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_TARGETS]);
    bind_id(&st, 1, user_id);
    return read_targets(&st, a, out, err);
}

bool targets_on(struct db *db, struct arena *a, struct notice_target_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_TARGETS_ON]);
    return read_targets(&st, a, out, err);
}

bool target_get(struct db *db, rid id, struct arena *a, struct notice_target *out, struct err *err)
{
    return record_get(db, &notice_target_record, id, a, out, err);
}

static bool read_target(struct stmt *st, struct arena *a, struct notice_target *out, bool *found, struct err *err)
{
    *found = db_row(st);
    if (*found)
        record_scan(&notice_target_record, st, a, out);
    return db_ok(st, err);
}

bool target_by_code(struct db *db, str digest, instant now, struct arena *a, struct notice_target *out, bool *found, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BY_CODE]);
    bind_text(&st, 1, digest);
    bind_int(&st, 2, now.ms);
    return read_target(&st, a, out, found, err);
}

bool target_by_address(struct db *db, enum notice_medium medium, str address_key, struct arena *a, struct notice_target *out, bool *found,
                       struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BY_ADDRESS]);
    bind_text(&st, 1, str_of(notice_medium_names[medium]));
    bind_text(&st, 2, address_key);
    return read_target(&st, a, out, found, err);
}

bool target_insert(struct db *db, const struct notice_target *t, struct err *err)
{
    return record_insert(db, &notice_target_record, t, err);
}

bool target_save(struct db *db, const struct notice_target *t, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_TARGET_SAVE]);
    bind_id(&st, 1, t->id);
    bind_text(&st, 2, t->address);
    bind_text(&st, 3, t->address_key);
    bind_text(&st, 4, t->label);
    bind_text(&st, 5, str_of(target_state_names[t->state]));
    bind_text(&st, 6, t->code);
    bind_int(&st, 7, t->code_until);
    bind_int(&st, 8, t->tries);
    return db_exec(&st, err);
}

bool target_remove(struct db *db, rid id, struct err *err)
{
    static const int queries[] = { Q_PARTS_OF_TARGET, Q_SENDS_OF_TARGET, Q_TARGET_REMOVE };
    for (int i = 0; i < COUNT_OF(queries); i++) {
        CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[queries[i]]);
        bind_id(&st, 1, id);
        if (!db_exec(&st, err))
            return false;
    }
    return true;
}

/* ---- notices and sends ---- */

bool notice_add(struct db *db, const struct notice *n, bool *added, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ADD]);
    bind_id(&st, 1, n->id);
    bind_id(&st, 2, n->user_id);
    bind_text(&st, 3, str_of(notice_type_names[n->type]));
    bind_text(&st, 4, n->object);
    bind_id(&st, 5, n->object_id);
    bind_text(&st, 6, n->key);
    bind_text(&st, 7, n->title);
    bind_text(&st, 8, n->channel);
    bind_text(&st, 9, n->step);
    bind_instant(&st, 10, n->deadline_at);
    bind_instant(&st, 11, n->at);
    bind_text(&st, 12, n->term);
    if (n->currency.len)
        bind_amount(&st, 13, n->amount);
    else
        bind_null(&st, 13);
    bind_text(&st, 14, n->currency);
    bind_text(&st, 15, n->facts);
    *added = db_row(&st);
    return db_ok(&st, err);
}

bool notice_get(struct db *db, rid id, struct arena *a, struct notice *out, struct err *err)
{
    return record_get(db, &notice_record, id, a, out, err);
}

bool notices_ack(struct db *db, rid user_id, str object, rid object_id, instant now, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ACK]);
    bind_id(&st, 1, user_id);
    bind_text(&st, 2, object);
    bind_id(&st, 3, object_id);
    bind_instant(&st, 4, now);
    return db_exec(&st, err);
}

/* What was sent at a time that has not come yet was sent by a clock that has been set back since. */
static bool last_send(struct db *db, rid target_id, enum notice_type type, instant since, instant now, instant *last, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_LAST]);
    bind_id(&st, 1, target_id);
    bind_text(&st, 2, str_of(notice_type_names[type]));
    bind_instant(&st, 3, since);
    bind_instant(&st, 4, now);
    *last = db_row(&st) ? col_instant(&st, 0) : (instant){ 0 };
    return db_ok(&st, err);
}

bool send_open(struct db *db, const struct notice_send *like, instant since, struct arena *a, struct notice_send *out, bool *found,
               instant *last, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_OPEN]);
    bind_id(&st, 1, like->target_id);
    bind_text(&st, 2, str_of(notice_type_names[like->type]));
    bind_bool(&st, 3, like->digest);
    *found = db_row(&st);
    if (*found)
        record_scan(&notice_send_record, &st, a, out);
    if (!db_ok(&st, err))
        return false;
    return *found || last_send(db, like->target_id, (enum notice_type)like->type, since, like->created_at, last, err);
}

bool send_insert(struct db *db, const struct notice_send *s, struct err *err)
{
    return record_insert(db, &notice_send_record, s, err);
}

bool part_add(struct db *db, rid send_id, rid notice_id, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_PART]);
    bind_id(&st, 1, send_id);
    bind_id(&st, 2, notice_id);
    return db_exec(&st, err);
}

bool send_take(struct db *db, instant now, unsigned media, str worker, instant lease_until, struct arena *a, struct notice_send *out,
               bool *found, struct err *err)
{
    str names[MEDIUM_COUNT];
    int count = 0;
    for (int i = 0; i < MEDIUM_COUNT; i++)
        if (media & BIT(i))
            names[count++] = str_of(notice_medium_names[i]);
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_TAKE]);
    bind_instant(&st, 1, now);
    bind_int(&st, 2, now.ms);
    bind_texts(&st, 3, names, count);
    bind_text(&st, 4, worker);
    bind_int(&st, 5, lease_until.ms);
    *found = db_row(&st);
    if (*found)
        record_scan(&notice_send_record, &st, a, out);
    return db_ok(&st, err);
}

bool send_parts(struct db *db, rid send_id, struct arena *a, struct notice_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_PARTS]);
    bind_id(&st, 1, send_id);
    while (db_row(&st))
        record_scan(&notice_record, &st, a, notice_list_add(out, a));
    return db_ok(&st, err);
}

bool send_settle(struct db *db, const struct notice_send *s, bool *kept, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SETTLE]);
    bind_id(&st, 1, s->id);
    bind_text(&st, 2, s->taken_by);
    bind_text(&st, 3, s->state);
    bind_instant(&st, 4, s->not_before);
    bind_int(&st, 5, s->tries);
    bind_text(&st, 6, s->text);
    bind_text(&st, 7, s->external);
    bind_instant(&st, 8, s->done_at);
    *kept = db_row(&st);
    return db_ok(&st, err);
}

bool send_get(struct db *db, rid id, struct arena *a, struct notice_send *out, struct err *err)
{
    return record_get(db, &notice_send_record, id, a, out, err);
}

bool sends_of(struct db *db, rid user_id, int max, struct arena *a, struct notice_send_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SENDS]);
    bind_id(&st, 1, user_id);
    bind_int(&st, 2, max);
    while (db_row(&st))
        record_scan(&notice_send_record, &st, a, notice_send_list_add(out, a));
    return db_ok(&st, err);
}

bool sends_release(struct db *db, str worker_prefix, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_RELEASE]);
    bind_text(&st, 1, worker_prefix);
    return db_exec(&st, err);
}

bool sends_hasten(struct db *db, instant now, instant lease, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_HASTEN]);
    bind_instant(&st, 1, now);
    bind_int(&st, 2, lease.ms);
    bind_int(&st, 3, NOTICE_JOIN_MS);
    if (!db_exec(&st, err))
        return false;
    CLEANUP(stmt_done) struct stmt bot = db_query(db, &SQL[Q_BOT_HASTEN]);
    bind_int(&bot, 1, now.ms);
    bind_int(&bot, 2, lease.ms);
    return db_exec(&bot, err);
}

bool notices_forget(struct db *db, instant before, struct err *err)
{
    static const int queries[] = { Q_FORGET_PARTS, Q_FORGET_SENDS, Q_FORGET };
    for (int i = 0; i < COUNT_OF(queries); i++) {
        CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[queries[i]]);
        bind_instant(&st, 1, before);
        if (!db_exec(&st, err))
            return false;
    }
    return true;
}

/* ---- the ladder ---- */

bool escalation_get(struct db *db, str object, rid object_id, str step, struct escalation *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ESCALATION]);
    bind_text(&st, 1, object);
    bind_id(&st, 2, object_id);
    bind_text(&st, 3, step);
    *out = (struct escalation){ .object = object, .object_id = object_id, .step = step };
    if (db_row(&st)) {
        out->told    = col_int(&st, 0);
        out->acked   = col_int(&st, 1);
        out->next_at = col_int(&st, 2);
    }
    return db_ok(&st, err);
}

bool escalation_save(struct db *db, const struct escalation *e, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ESCALATION_SAVE]);
    bind_text(&st, 1, e->object);
    bind_id(&st, 2, e->object_id);
    bind_text(&st, 3, e->step);
    bind_int(&st, 4, e->told);
    bind_int(&st, 5, e->acked);
    bind_int(&st, 6, e->next_at);
    return db_exec(&st, err);
}

bool escalations_due(struct db *db, instant now, int max, struct arena *a, struct escalation_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ESCALATIONS]);
    bind_int(&st, 1, now.ms);
    bind_int(&st, 2, max);
    while (db_row(&st))
        *escalation_list_add(out, a) = (struct escalation){
            .object = col_text_copy(&st, 0, a), .object_id = col_id(&st, 1), .step = col_text_copy(&st, 2, a), .told = col_int(&st, 3),
            .acked = col_int(&st, 4), .next_at = col_int(&st, 5),
        };
    return db_ok(&st, err);
}

/* ---- the bot ---- */

bool bot_take(struct db *db, instant now, instant lease_until, int64_t *next_update, bool *taken, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BOT_TAKE]);
    bind_int(&st, 1, now.ms);
    bind_int(&st, 2, lease_until.ms);
    *taken = db_row(&st);
    *next_update = *taken ? col_int(&st, 0) : 0;
    return db_ok(&st, err);
}

bool bot_give(struct db *db, int64_t next_update, instant not_before, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BOT_GIVE]);
    bind_int(&st, 1, next_update);
    bind_int(&st, 2, not_before.ms);
    return db_exec(&st, err);
}

bool notice_account(struct db *db, rid account_id, struct arena *a, str *name, str *channel, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ACCOUNT]);
    bind_id(&st, 1, account_id);
    bool found = db_row(&st);
    if (found) {
        *name    = col_text_copy(&st, 0, a);
        *channel = col_text_copy(&st, 1, a);
    }
    if (!db_ok(&st, err))
        return false;
    return found || err_set(err, ERR_NOT_FOUND, "account", "there is no such account");
}

bool choices_named(struct db *db, str name, struct arena *a, struct user_choice_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_CHOICES]);
    bind_text(&st, 1, name);
    while (db_row(&st))
        *user_choice_list_add(out, a) = (struct user_choice){ col_id(&st, 0), col_text_copy(&st, 1, a) };
    return db_ok(&st, err);
}
