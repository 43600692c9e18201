#include "accounts/session.h"

#include <arpa/inet.h>

/* clang-format off */
static const struct field session_fields[] = {
    FIELD(session, id,           .access = READ_ONLY),
    FIELD(session, digest,       .access = READ_ONLY, .internal = true),
    FIELD(session, user_id,      .access = READ_ONLY, .internal = true),
    FIELD(session, csrf,         .access = READ_ONLY, .internal = true),
    FIELD(session, created_at,   .access = READ_ONLY),
    FIELD(session, last_seen_at, .access = READ_ONLY),
    FIELD(session, expires_at,   .access = READ_ONLY),
    FIELD(session, address,      .access = READ_ONLY, .max = 64),
    FIELD(session, agent,        .access = READ_ONLY, .max = 200, .doc = "browser, as it names itself"),
};
const struct record session_record = RECORD(session, "sessions", session_fields);
/* clang-format on */

/* An address may stand for a whole office, so it is given more tries and shorter waits. */
const struct throttle_rule throttle_login = { 5, 1, 15 * 60 };
const struct throttle_rule throttle_address = { 30, 1, 5 * 60 };
/* Some sixty tries in half a day, at three of a million each. */
const struct throttle_rule throttle_code = { 5, 1, 15 * 60 };
/* Letters that anybody signed in may have sent to any address: a dozen in half a day to one, some twenty from one person. */
const struct throttle_rule throttle_letter_to = { 3, 60, 6 * 3600 };
const struct throttle_rule throttle_letter_by = { 10, 60, 6 * 3600 };

str throttle_address_of(struct arena *a, str address)
{
    struct in6_addr v6;
    const unsigned char *b = v6.s6_addr;
    static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
    if (inet_pton(AF_INET6, str_zero(a, address), &v6) != 1)
        return address;
    if (memcmp(b, mapped, sizeof mapped) == 0)
        return str_print(a, "%u.%u.%u.%u", b[12], b[13], b[14], b[15]);
    return str_print(a, "%02x%02x:%02x%02x:%02x%02x:%02x%02x::/64", b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]);
}

int throttle_wait_s(const struct throttle *t, instant now)
{
    if (t->first_at.ms > now.ms + MINUTE_MS)                /* counted by a clock that has been set back since */
        return 0;
    return t->blocked_ms > now.ms ? (int)((t->blocked_ms - now.ms + 999) / SECOND_MS) : 0;
}

void throttle_count(struct throttle *t, const struct throttle_rule *rule, instant now)
{
    if (!t->failures || now.ms - t->first_at.ms >= THROTTLE_MEMORY_MS || t->first_at.ms > now.ms + MINUTE_MS) {
        t->failures = 0;
        t->first_at = now;
    }
    t->failures++;
    int64_t over = t->failures - rule->free, wait_s = 0;
    if (over >= 0)
        wait_s = over < 20 ? (int64_t)rule->wait_first_s << over : rule->wait_max_s;
    if (wait_s > rule->wait_max_s)
        wait_s = rule->wait_max_s;
    t->blocked_ms = wait_s ? now.ms + wait_s * SECOND_MS : 0;
}

void throttle_forgive(struct throttle *t)
{
    if (t->failures > 0)
        t->failures--;
    t->blocked_ms = 0;
}
