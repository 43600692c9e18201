#include "notices/notice.h"

#include "base/json_read.h"
#include "base/mail.h"
#include "record/record.h"

const char *const notice_type_names[] = {
    [NOTICE_ORDER_YELLOW] = "order_yellow", [NOTICE_ORDER_TEAM] = "order_team", [NOTICE_ORDER_RED] = "order_red",
    [NOTICE_ORDER_BREACHED] = "order_breached", [NOTICE_RETURN_YELLOW] = "return_yellow", [NOTICE_RETURN_TEAM] = "return_team",
    [NOTICE_RETURN_RED] = "return_red", [NOTICE_RETURN_BREACHED] = "return_breached", [NOTICE_CHANNEL_STOPPED] = "channel_stopped",
    [NOTICE_STANDING] = "standing", [NOTICE_REASON] = "reason", [NOTICE_TEST] = "test", NULL
};
_Static_assert(COUNT_OF(notice_type_names) == NOTICE_TYPE_COUNT + 1, "a name per type");
const char *const notice_medium_names[] = { [MEDIUM_TELEGRAM] = "telegram", [MEDIUM_EMAIL] = "email", [MEDIUM_PUSH] = "push", NULL };
_Static_assert(COUNT_OF(notice_medium_names) == MEDIUM_COUNT + 1, "a name per medium");
const char *const notice_mode_names[] = { [MODE_NOW] = "now", [MODE_DIGEST] = "digest", [MODE_NEVER] = "never", NULL };
_Static_assert(COUNT_OF(notice_mode_names) == MODE_COUNT + 1, "a name per mode");
const char *const target_state_names[] = { [TARGET_WAITING] = "waiting", [TARGET_ON] = "on", [TARGET_GONE] = "gone", NULL };
_Static_assert(COUNT_OF(target_state_names) == TARGET_STATE_COUNT + 1, "a name per state");

/* clang-format off */
#define OURS(type, member) FIELD(type, member, .access = READ_ONLY, .internal = true)
#define SEEN(type, member) FIELD(type, member, .access = READ_ONLY)
static const struct field notice_fields[] = {
    SEEN(notice, id), OURS(notice, user_id), FIELD(notice, type, .choices = notice_type_names, .access = READ_ONLY),
    SEEN(notice, object), SEEN(notice, object_id), OURS(notice, key), SEEN(notice, title), SEEN(notice, channel), SEEN(notice, step),
    OURS(notice, term), OURS(notice, amount), OURS(notice, currency), OURS(notice, facts),
    SEEN(notice, deadline_at), SEEN(notice, at), SEEN(notice, acked_at),
};
const struct record notice_record = RECORD(notice, "notices", notice_fields);

static const struct field target_fields[] = {
    SEEN(notice_target, id), OURS(notice_target, user_id),
    FIELD(notice_target, medium, .choices = notice_medium_names, .access = READ_ONLY),
    OURS(notice_target, address), OURS(notice_target, address_key), SEEN(notice_target, label),
    FIELD(notice_target, state, .choices = target_state_names, .access = READ_ONLY), OURS(notice_target, code),
    OURS(notice_target, code_until), OURS(notice_target, tries), SEEN(notice_target, created_at),
};
const struct record notice_target_record = RECORD(notice_target, "notice_targets", target_fields);

static const struct field send_fields[] = {
    SEEN(notice_send, id), OURS(notice_send, user_id), OURS(notice_send, target_id),
    FIELD(notice_send, medium, .choices = notice_medium_names, .access = READ_ONLY),
    FIELD(notice_send, type, .choices = notice_type_names, .access = READ_ONLY), OURS(notice_send, digest), SEEN(notice_send, state),
    SEEN(notice_send, not_before), SEEN(notice_send, tries), OURS(notice_send, taken_by), OURS(notice_send, lease_until),
    SEEN(notice_send, text), OURS(notice_send, external), SEEN(notice_send, created_at), SEEN(notice_send, done_at),
};
const struct record notice_send_record = RECORD(notice_send, "notice_sends", send_fields);

static const struct field house_fields[] = {
    OURS(notice_house, id),
    FIELD(notice_house, telegram_base, .max = 300, .doc = "address of the Bot API; empty: Telegram's own"),
    OURS(notice_house, telegram_token), FIELD(notice_house, telegram_name, .access = READ_ONLY, .doc = "the bot's name, as it answered"),
    FIELD(notice_house, mail_host, .max = 253, .doc = "the relay; empty: no letters"),
    FIELD(notice_house, mail_port, .max = 65535, .doc = "0: the usual one"),
    FIELD(notice_house, mail_safety, .choices = mail_safety_names),
    FIELD(notice_house, mail_login, .max = 200), OURS(notice_house, mail_password),
    FIELD(notice_house, mail_from, .max = 254), FIELD(notice_house, mail_from_name, .max = 100),
    OURS(notice_house, push_private), FIELD(notice_house, push_public, .access = READ_ONLY, .doc = "for the browser's subscription"),
    FIELD(notice_house, address, .max = 300, .doc = "of the screens, for links in messages"),
    FIELD(notice_house, has_token, .access = READ_ONLY, .no_column = true), FIELD(notice_house, has_password, .access = READ_ONLY, .no_column = true),
    SEEN(notice_house, version), SEEN(notice_house, updated_at),
};
const struct record notice_house_record = RECORD(notice_house, "notice_house", house_fields);
/* clang-format on */

/* ---- the ladder ---- */

unsigned rungs_due(enum sla_zone zone, unsigned told)
{
    unsigned all = zone == ZONE_YELLOW   ? BIT(RUNG_ASSIGNEE)
                   : zone == ZONE_RED      ? BIT(RUNG_ASSIGNEE) | BIT(RUNG_HEAD)
                   : zone == ZONE_BREACHED ? BIT(RUNG_ASSIGNEE) | BIT(RUNG_HEAD) | BIT(RUNG_OWNER)
                                           : 0;
    return all & ~told;
}

enum notice_type rung_type(enum subject_kind kind, enum rung r)
{
    _Static_assert(NOTICE_ORDER_YELLOW + RUNG_OWNER == NOTICE_ORDER_BREACHED && NOTICE_RETURN_YELLOW + RUNG_OWNER == NOTICE_RETURN_BREACHED,
                   "types follow the rungs");
    return (enum notice_type)((kind == SUBJECT_ORDER ? NOTICE_ORDER_YELLOW : NOTICE_RETURN_YELLOW) + (int)r);
}

/* ---- what a person has chosen ---- */

/* "22:30" as minutes; `fallback` when it is none. */
static int minutes_read(str text, int fallback)
{
    int64_t h, m;
    str     hour;
    if (text.len != 5 || !str_split(&text, ':', &hour) || !str_to_int(hour, &h) || !str_to_int(text, &m) || h < 0 || h > 23 || m < 0 || m > 59)
        return fallback;
    return (int)(h * 60 + m);
}

static int name_of(const char *const *names, str name)
{
    for (int i = 0; names[i]; i++)
        if (str_is(name, names[i]))
            return i;
    return -1;
}

struct notice_rules notice_rules_read(struct arena *a, str text)
{
    struct notice_rules r    = { .digest_at = 9 * 60 };
    struct err          err  = { 0 };
    const struct json  *json = NULL;
    if (!text.len || !json_read(a, text, text.len, &json, &err))
        return r;
    const struct json *quiet = json_get(json, "quiet"), *rules = json_get(json, "rules");
    r.quiet_from = minutes_read(json_str(json_get(quiet, "from")), 0);
    r.quiet_to   = minutes_read(json_str(json_get(quiet, "to")), r.quiet_from);
    r.digest_at  = minutes_read(json_str(json_get(json, "digest_at")), r.digest_at);
    for (int type = 0; type < NOTICE_TYPE_COUNT; type++)
        for (int medium = 0; medium < MEDIUM_COUNT; medium++) {
            int mode = name_of(notice_mode_names, json_str(json_get(json_get(rules, notice_type_names[type]), notice_medium_names[medium])));
            if (mode == MODE_DIGEST && type_is_rung((enum notice_type)type))
                mode = MODE_NOW;
            if (mode >= 0)
                r.mode[type][medium] = (enum notice_mode)mode;
        }
    return r;
}

static int minute_of(const struct zone *z, instant at)
{
    struct civil c = zone_civil(z, at);
    return c.hour * 60 + c.minute;
}

bool notice_is_quiet(const struct notice_rules *r, const struct zone *z, instant at)
{
    int m = minute_of(z, at);
    return r->quiet_from <= r->quiet_to ? m >= r->quiet_from && m < r->quiet_to : m >= r->quiet_from || m < r->quiet_to;
}

/* The next time the clock on the wall shows these minutes; now, when it does. */
static instant next_time(const struct zone *z, instant now, int minutes)
{
    int64_t day = zone_day(z, now);
    instant at  = zone_instant(z, day, minutes * 60);
    return at.ms >= now.ms ? at : zone_instant(z, day + 1, minutes * 60);
}

instant notice_time(const struct notice_rules *r, enum notice_type type, enum notice_mode mode, const struct zone *z, instant now)
{
    if (type_is_breach(type) || type == NOTICE_TEST)
        return now;
    if (mode == MODE_DIGEST)
        return next_time(z, now, r->digest_at);
    return notice_is_quiet(r, z, now) ? next_time(z, now, r->quiet_to) : now;
}

int64_t notice_wait_ms(int64_t tries)
{
    static const int64_t wait[] = { 10 * SECOND_MS, 40 * SECOND_MS, 160 * SECOND_MS, 10 * MINUTE_MS };
    return tries < 1 ? 0 : wait[tries <= COUNT_OF(wait) ? tries - 1 : COUNT_OF(wait) - 1];
}
