#include "notices/notice_flow.h"

#include "accounts/audit.h"
#include "accounts/session_flow.h"
#include "accounts/user_store.h"
#include "base/email.h"
#include "base/json_read.h"
#include "base/push.h"
#include "deadlines/shop.h"
#include "events/event.h"
#include "notices/telegram.h"
#include "notices/subject_flow.h"

#define TARGETS_MAX     20              /* of one person */
#define CODE_TRIES      5
#define WAITING_MAX     5               /* codes on their way at once */
#define CODE_BYTES      18              /* of a link: 24 letters */

static str seal_context(struct arena *a, rid id)
{
    return str_print(a, "notice_target:%lld", (long long)id.v);
}

str target_key(struct arena *a, enum notice_medium medium, str address)
{
    return secret_digest(a, str_print(a, "%s:%.*s", notice_medium_names[medium], STR_ARG(address)));
}

/* ---- what is on its way ---- */

struct taking {
    struct work             *w;
    const struct secret_key *key;
    unsigned                 media;
    str                      worker;
    instant                  lease_until;
    struct notice_message   *out;
    bool                    *found;
};

/* The subjects that a message speaks of, as they stand now: a statement per kind. */
static bool subjects_of(struct db *db, struct arena *a, const struct notice_list *all, struct subject_list *out, struct err *err)
{
    rid *ids = ARENA_ARRAY(a, rid, all->count + 1);
    for (int kind = 0; kind < SUBJECT_KIND_COUNT; kind++) {
        int n = 0;
        for (int i = 0; i < all->count; i++)
            if (str_is(all->at[i].object, subject_kind_names[kind]))
                ids[n++] = all->at[i].object_id;
        if (!subjects_load(db, (enum subject_kind)kind, ids, n, a, out, err))
            return false;
    }
    return true;
}

/* What was true when it was written may be over by now: nobody is told of an order that is done. */
static bool still_matters(const struct work *w, const struct notice *n, const struct subject_list *subjects)
{
    enum subject_kind kind;
    if (n->at.ms <= w->now.ms - NOTICE_LATEST_MS || instant_is_set(n->acked_at))
        return false;
    if (!subject_kind_of(n->object, &kind))
        return true;
    for (int i = 0; i < subjects->count; i++) {
        const struct subject *s = &subjects->at[i];
        if (s->kind == kind && id_eq(s->id, n->object_id))
            return subject_is_hot(s) && str_eq(s->term, n->term);
    }
    return false;
}

static bool take_tx(struct db *db, void *ctx, struct err *err)
{
    struct taking         *t = ctx;
    struct notice_message *m = t->out;
    struct notice_list     all = { 0 };
    struct subject_list    subjects = { 0 };
    struct user            u = { 0 };
    *m = (struct notice_message){ 0 };
    if (!send_take(db, t->w->now, t->media, t->worker, t->lease_until, t->w->arena, &m->send, t->found, err) || !*t->found)
        return !err_is_set(err);
    if (!target_get(db, m->send.target_id, t->w->arena, &m->target, err) || !user_get(db, m->send.user_id, t->w->arena, &u, err) ||
        !send_parts(db, m->send.id, t->w->arena, &all, err) || !subjects_of(db, t->w->arena, &all, &subjects, err))
        return false;
    for (int i = 0; i < all.count; i++)
        if (still_matters(t->w, &all.at[i], &subjects) && u.state == USER_ACTIVE && m->target.state == TARGET_ON)
            *notice_list_add(&m->list, t->w->arena) = all.at[i];
    m->language    = u.language;
    m->zone        = u.time_zone.len ? zone_find(u.time_zone) : NULL;
    m->zone        = m->zone ? m->zone : t->w->shop->zone;
    m->may_confirm = permission_in(user_permissions(&u), PERM_ORDERS_WORK);
    return secret_open(t->w->arena, t->key, m->target.address, seal_context(t->w->arena, m->target.id), &m->address, err);
}

bool notice_take(struct work *w, const struct secret_key *key, unsigned media, str worker, instant lease_until, struct notice_message *out,
                 bool *found, struct err *err)
{
    struct taking t = { w, key, media, worker, lease_until, out, found };
    return db_tx(w->db, take_tx, &t, err);
}

struct settling { struct work *w; const struct secret_key *key; const struct notice_message *m; const struct notice_outcome *o; };

static bool settle_tx(struct db *db, void *ctx, struct err *err)
{
    struct settling             *s    = ctx;
    const struct notice_outcome *o    = s->o;
    struct notice_send           send = s->m->send;
    struct notice_target         t    = s->m->target;
    bool    kept = false, over = !s->m->list.count;
    int64_t wait = 0;
    send.tries++;
    send.text     = utf8_cut(o->text, 500);
    send.external = o->external;
    if (!over && !o->sent) {
        wait = o->wait_ms ? o->wait_ms : notice_wait_ms(send.tries);
        if (o->gone || o->for_good || send.created_at.ms < s->w->now.ms - NOTICE_LATEST_MS)
            wait = -1;
    }
    send.state      = over ? STR("dropped") : o->sent ? STR("done") : wait < 0 ? STR("failed") : STR("waiting");
    send.done_at    = o->sent ? s->w->now : (instant){ 0 };
    send.not_before = wait > 0 ? instant_add(s->w->now, wait) : send.not_before;
    if (!send_settle(db, &send, &kept, err) || !kept)
        return !err_is_set(err);
    if (o->address_now.len) {
        t.address     = secret_seal(s->w->arena, s->key, o->address_now, seal_context(s->w->arena, t.id));
        t.address_key = target_key(s->w->arena, (enum notice_medium)t.medium, o->address_now);
    }
    if (o->gone)
        t.state = TARGET_GONE;
    return !(o->gone || o->address_now.len) || target_save(db, &t, err);
}

bool notice_settle(struct work *w, const struct secret_key *key, const struct notice_message *m, const struct notice_outcome *o, struct err *err)
{
    struct settling s = { w, key, m, o };
    return db_tx(w->db, settle_tx, &s, err);
}

/* ---- the ways to a person ---- */

struct targeting {
    struct work             *w;
    const struct secret_key *key;
    rid                      id;
    enum notice_medium       medium;
    str                      address, code, label;
    struct notice_target    *out;
    bool                     found, wrong;
};

static str address_label(struct arena *a, enum notice_medium medium, str address)
{
    return medium == MEDIUM_EMAIL ? email_masked(a, address) : STR("");
}

/* The first way of the shop: what happened before is not told. */
static bool start_cursor(struct db *db, struct arena *a, struct err *err)
{
    struct notice_target_list on   = { 0 };
    int64_t                   last = 0;
    return targets_on(db, a, &on, err) && (on.count > 0 || (event_last(db, &last, err) && notice_cursor_set(db, a, last, err)));
}

static bool room_for_target(struct db *db, struct work *w, struct err *err)
{
    struct notice_target_list mine = { 0 };
    if (!targets_of(db, w->actor.id, w->arena, &mine, err))
        return false;
    int waiting = 0;
    /* A code that was never used makes room for the next one. */
    for (int i = 0; i < mine.count; i++) {
        bool old = mine.at[i].state == TARGET_WAITING && mine.at[i].code_until < w->now.ms;
        waiting += mine.at[i].state == TARGET_WAITING && !old;
        if (old && !target_remove(db, mine.at[i].id, err))
            return false;
    }
    if (waiting >= WAITING_MAX)
        return err_set(err, ERR_TOO_MANY, "", "there are codes enough on their way: try again in a quarter of an hour");
    return mine.count < TARGETS_MAX || err_set(err, ERR_LIMIT, "", "at most %d ways to be told", TARGETS_MAX);
}

static bool begin_tx(struct db *db, void *ctx, struct err *err)
{
    struct targeting *t = ctx;
    struct work      *w = t->w;
    *t->out = (struct notice_target){
        .id = work_id(w), .user_id = w->actor.id, .medium = t->medium, .address_key = target_key(w->arena, t->medium, t->address),
        .label = address_label(w->arena, t->medium, t->address), .state = TARGET_WAITING, .code = secret_digest(w->arena, t->code),
        .code_until = w->now.ms + NOTICE_CODE_MS, .created_at = w->now,
    };
    t->out->address = secret_seal(w->arena, t->key, t->address, seal_context(w->arena, t->out->id));
    return room_for_target(db, w, err) && target_insert(db, t->out, err);
}

/* Six digits are short enough to be typed, and five tries are few enough for six digits. */
static str six_digits(struct arena *a)
{
    uint32_t n;
    secret_random(&n, sizeof n);
    return str_print(a, "%06u", n % 1000000);
}

bool target_begin(struct work *w, const struct secret_key *key, enum notice_medium medium, str address, struct notice_target *out, str *code,
                  struct err *err)
{
    str email = medium == MEDIUM_EMAIL ? email_normalise(w->arena, address) : STR("");
    if (medium == MEDIUM_EMAIL && !email.len)
        return err_set(err, ERR_BODY_INVALID, "address", "must be an e-mail address");
    *code = medium == MEDIUM_EMAIL ? six_digits(w->arena) : secret_token(w->arena, CODE_BYTES);
    struct targeting t = { .w = w, .key = key, .medium = medium, .address = email, .code = *code, .out = out };
    return db_tx(w->db, begin_tx, &t, err);
}

/* The address was somebody's before: now it is this one's. */
static bool switch_on(struct db *db, struct work *w, struct notice_target *t, struct err *err)
{
    struct notice_target old = { 0 };
    bool found;
    if (!target_by_address(db, (enum notice_medium)t->medium, t->address_key, w->arena, &old, &found, err))
        return false;
    if (found && !id_eq(old.id, t->id) && !target_remove(db, old.id, err))
        return false;
    t->state      = TARGET_ON;
    t->code       = STR("");
    t->code_until = 0;
    return start_cursor(db, w->arena, err) && target_save(db, t, err) &&
           audit_write(db, w, STR("notice.link"), STR("user"), t->user_id, STR(""),
                       str_print(w->arena, "{\"medium\":\"%s\"}", notice_medium_names[t->medium]), err);
}

static bool link_tx(struct db *db, void *ctx, struct err *err)
{
    struct targeting *t = ctx;
    struct work      *w = t->w;
    if (!target_by_code(db, secret_digest(w->arena, t->code), w->now, w->arena, t->out, &t->found, err) || !t->found)
        return !err_is_set(err);
    t->found            = t->out->medium == MEDIUM_TELEGRAM;
    t->out->address     = secret_seal(w->arena, t->key, t->address, seal_context(w->arena, t->out->id));
    t->out->address_key = target_key(w->arena, MEDIUM_TELEGRAM, t->address);
    t->out->label       = utf8_cut(t->label, 100);
    return !t->found || switch_on(db, w, t->out, err);
}

bool target_link(struct work *w, const struct secret_key *key, str code, str chat, str label, struct notice_target *out, bool *found, struct err *err)
{
    struct targeting t = { .w = w, .key = key, .code = code, .address = chat, .label = label, .out = out };
    bool ok = db_tx(w->db, link_tx, &t, err);
    *found = ok && t.found;
    return ok;
}

static bool own_target(struct db *db, struct work *w, rid id, struct notice_target *out, struct err *err)
{
    return target_get(db, id, w->arena, out, err) &&
           (id_eq(out->user_id, w->actor.id) || err_set(err, ERR_NOT_FOUND, "id", "there is no such way"));
}

static bool prove_tx(struct db *db, void *ctx, struct err *err)
{
    struct targeting    *p = ctx;
    struct notice_target t = { 0 };
    if (!own_target(db, p->w, p->id, &t, err))
        return false;
    if (t.state != TARGET_WAITING || t.medium != MEDIUM_EMAIL)
        return err_set(err, ERR_ACTION_REFUSED, "code", "there is nothing to prove");
    if (t.tries >= CODE_TRIES || t.code_until < p->w->now.ms)
        return err_set(err, ERR_ACTION_REFUSED, "code", "the code is no longer good: give the address once more");
    if (secret_equal(t.code, secret_digest(p->w->arena, p->code)))
        return switch_on(db, p->w, &t, err);
    t.tries++;
    p->wrong = true;                                        /* the try counts, so the transaction must stand */
    return target_save(db, &t, err);
}

bool target_prove(struct work *w, rid id, str code, struct err *err)
{
    struct targeting t = { .w = w, .id = id, .code = str_trim(code) };
    if (!db_tx(w->db, prove_tx, &t, err))
        return false;
    return !t.wrong || err_set(err, ERR_BODY_INVALID, "code", "is not the code of the letter");
}

/* ---- browsers ---- */

bool push_address_read(struct arena *a, str json, struct push_address *out, struct err *err)
{
    const struct json *root = NULL;
    struct err         bad  = { 0 };
    if (!json_read(a, json, 8192, &root, &bad))
        return err_set(err, ERR_BODY_INVALID, "subscription", "must be what the browser gave");
    out->endpoint = json_str(json_get(root, "endpoint"));
    if (!str_starts(out->endpoint, STR("https://")) || out->endpoint.len > 2000)
        return err_set(err, ERR_BODY_INVALID, "endpoint", "must be an https address");
    if (!base64_decode(a, json_str(json_path(root, "keys.p256dh")), &out->reader.public_key))
        return err_set(err, ERR_BODY_INVALID, "p256dh", "must be base64url");
    if (!base64_decode(a, json_str(json_path(root, "keys.auth")), &out->reader.auth))
        return err_set(err, ERR_BODY_INVALID, "auth", "must be base64url");
    return push_reader_check(&out->reader, err);
}

static bool subscribe_tx(struct db *db, void *ctx, struct err *err)
{
    struct targeting *t = ctx;
    struct work      *w = t->w;
    *t->out = (struct notice_target){
        .id = work_id(w), .user_id = w->actor.id, .medium = MEDIUM_PUSH, .address_key = target_key(w->arena, MEDIUM_PUSH, t->code),
        .label = utf8_cut(t->label, 100), .state = TARGET_WAITING, .created_at = w->now,
    };
    t->out->address = secret_seal(w->arena, t->key, t->address, seal_context(w->arena, t->out->id));
    return room_for_target(db, w, err) && target_insert(db, t->out, err) && switch_on(db, w, t->out, err);
}

bool target_subscribe(struct work *w, const struct secret_key *key, str json, str label, struct notice_target *out, struct err *err)
{
    struct push_address address = { 0 };
    if (!push_address_read(w->arena, json, &address, err))
        return false;
    struct targeting t = { .w = w, .key = key, .address = json, .code = address.endpoint, .label = label, .out = out };
    return db_tx(w->db, subscribe_tx, &t, err);
}

static bool drop_tx(struct db *db, void *ctx, struct err *err)
{
    struct targeting    *d = ctx;
    struct notice_target t = { 0 };
    return own_target(db, d->w, d->id, &t, err) && target_remove(db, t.id, err) &&
           audit_write(db, d->w, STR("notice.unlink"), STR("user"), t.user_id, STR(""),
                       str_print(d->w->arena, "{\"medium\":\"%s\"}", notice_medium_names[t.medium]), err);
}

bool target_drop(struct work *w, rid id, struct err *err)
{
    struct targeting t = { .w = w, .id = id };
    return db_tx(w->db, drop_tx, &t, err);
}

static bool stopped_tx(struct db *db, void *ctx, struct err *err)
{
    struct targeting    *s = ctx;
    struct notice_target t = { 0 };
    bool found;
    if (!target_by_address(db, s->medium, s->address, s->w->arena, &t, &found, err))
        return false;
    t.state = TARGET_GONE;
    return !found || target_save(db, &t, err);
}

bool target_stopped(struct work *w, enum notice_medium medium, str address_key, struct err *err)
{
    struct targeting t = { .w = w, .medium = medium, .address = address_key };
    return db_tx(w->db, stopped_tx, &t, err);
}

static bool test_tx(struct db *db, void *ctx, struct err *err)
{
    struct targeting    *x = ctx;
    struct work         *w = x->w;
    struct notice_target t = { 0 };
    bool added;
    if (!own_target(db, w, x->id, &t, err))
        return false;
    if (t.state != TARGET_ON)
        return err_set(err, ERR_ACTION_REFUSED, "state", "this way is not open");
    struct notice n = { .id = work_id(w), .user_id = t.user_id, .type = NOTICE_TEST, .at = w->now };
    n.key = str_print(w->arena, "test:%lld", (long long)n.id.v);
    struct notice_send s = { .id = work_id(w), .user_id = t.user_id, .target_id = t.id, .medium = t.medium, .type = NOTICE_TEST,
                             .state = STR("waiting"), .not_before = w->now, .created_at = w->now };
    db_signal(db);
    return notice_add(db, &n, &added, err) && send_insert(db, &s, err) && part_add(db, s.id, n.id, err);
}

bool target_test(struct work *w, rid id, struct err *err)
{
    struct targeting t = { .w = w, .id = id };
    return letter_count(w, str_print(w->arena, "test of %lld", (long long)id.v), err) && db_tx(w->db, test_tx, &t, err);
}
