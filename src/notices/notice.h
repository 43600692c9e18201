/* notice.h - telling the people of the shop outside of the screens: what, to whom, by which way, when. Pure.
 *
 * The ladder (domain handbook §5): yellow tells who has the order, the return or the claim; nobody within 15 working minutes: the team; red: the heads;
 * breached: the owners. Each rung is told once per deadline. Who acknowledges a rung stops what would follow from it alone, not the
 * later rungs. Where nobody of a rung can be reached the next one is told at once.
 */
#pragma once
#include "accounts/user.h"
#include "base/zone.h"
#include "notices/subject.h"

enum rung { RUNG_ASSIGNEE, RUNG_TEAM, RUNG_HEAD, RUNG_OWNER, RUNG_COUNT };
#define RUNG_WAIT_MIN 15                /* working minutes until the team is told */

/* Rungs first, by family and in the order of enum rung; claims are told with the returns, whom the same people work on. */
enum notice_type {
    NOTICE_ORDER_YELLOW, NOTICE_ORDER_TEAM, NOTICE_ORDER_RED, NOTICE_ORDER_BREACHED,
    NOTICE_RETURN_YELLOW, NOTICE_RETURN_TEAM, NOTICE_RETURN_RED, NOTICE_RETURN_BREACHED,
    NOTICE_CHANNEL_STOPPED, NOTICE_STANDING, NOTICE_REASON, NOTICE_TEST, NOTICE_TYPE_COUNT
};
extern const char *const notice_type_names[];            /* "order_yellow" … "return_breached" "channel_stopped" "standing" "reason" "test" */
enum notice_medium { MEDIUM_TELEGRAM, MEDIUM_EMAIL, MEDIUM_PUSH, MEDIUM_COUNT };
extern const char *const notice_medium_names[];          /* "telegram" "email" "push" */
enum notice_mode { MODE_NOW, MODE_DIGEST, MODE_NEVER, MODE_COUNT };
extern const char *const notice_mode_names[];            /* "now" "digest" "never" */

/* Rungs that a zone asks for, less those that were told. */
unsigned rungs_due(enum sla_zone, unsigned told);
enum notice_type rung_type(enum subject_kind, enum rung);
static inline bool type_is_rung(enum notice_type t) { return t <= NOTICE_RETURN_BREACHED; }
static inline bool type_is_breach(enum notice_type t) { return t == NOTICE_ORDER_BREACHED || t == NOTICE_RETURN_BREACHED; }

/* What a person has chosen, kept as the choice "notices":
 * {"quiet":{"from":"22:00","to":"08:00"},"digest_at":"09:00","rules":{"channel_stopped":{"email":"digest"}}}. What does not read is
 * as if it were not there. A rung is never put into a digest. */
struct notice_rules {
    enum notice_mode mode[NOTICE_TYPE_COUNT][MEDIUM_COUNT];
    int quiet_from, quiet_to;           /* minutes of the local day; equal: none */
    int digest_at;
};
#define NOTICE_CHOICE "notices"
struct notice_rules notice_rules_read(struct arena *, str json);
bool notice_is_quiet(const struct notice_rules *, const struct zone *, instant);
/* When a notice of this type may go: now, after the quiet hours (which a breach does not wait for), or at the next digest. */
instant notice_time(const struct notice_rules *, enum notice_type, enum notice_mode, const struct zone *, instant now);

#define NOTICE_JOIN_MS    (5 * MINUTE_MS)                /* one message of a type per way and five minutes: the rest is joined to the next */
#define NOTICE_SEEN_MS    (15 * MINUTE_MS)               /* who did something so long ago is at the screen */
#define NOTICE_LATEST_MS  DAY_MS                         /* older news is none */
#define NOTICE_CODE_MS    (15 * MINUTE_MS)               /* a code that links an address */

struct notice {
    rid      id, user_id;
    unsigned type;
    str      object;                    /* a kind of subject, "account", "standing" (of an account), "alarm" or "" */
    rid      object_id;
    str      key;                       /* once per person */
    str      title, channel, step;      /* number of the order or name of the account; step: of an alarm the figure or the reason */
    str      term;                      /* which deadline of the subject */
    amount   amount;                    /* at stake, for who may see prices */
    str      currency;                  /* empty: there is none, or it is not for this reader */
    str      facts;                     /* of an alarm: {"value":340,"limit":500,"until":2} or {"count":6,"all":20} */
    instant  deadline_at, at, acked_at;
};
LIST(notice)
extern const struct record notice_record;

enum target_state { TARGET_WAITING, TARGET_ON, TARGET_GONE, TARGET_STATE_COUNT };
extern const char *const target_state_names[];           /* "waiting" (for its code) "on" "gone" (blocked, unsubscribed) */
struct notice_target {
    rid      id, user_id;
    unsigned medium;
    str      address;                   /* sealed: chat id, e-mail, or the browser's JSON */
    str      address_key;               /* digest: one address is linked once */
    str      label;                     /* what the person recognises it by: "@aigerim", "a•••@karapuz.kz", "Chrome, Android" */
    unsigned state;
    str      code;                      /* digest of the code that links it */
    int64_t  code_until;                /* ms; 0 = none */
    int64_t  tries;                     /* wrong codes */
    instant  created_at;
};
LIST(notice_target)
extern const struct record notice_target_record;

struct notice_send {
    rid      id, user_id, target_id;
    unsigned medium, type;
    bool     digest;
    str      state;                     /* "waiting" "sending" "done" "failed" "dropped" */
    instant  not_before;
    int64_t  tries;
    str      taken_by;
    int64_t  lease_until;
    str      text;                      /* why it failed */
    str      external;                  /* what the other side calls it */
    instant  created_at, done_at;
};
LIST(notice_send)
extern const struct record notice_send_record;

struct escalation {
    str     object;
    rid     object_id;
    str     step;
    int64_t told, acked;                /* BIT(RUNG_…) */
    int64_t next_at;                    /* ms: when the team is told; 0 = not */
};
LIST(escalation)

/* How the shop sends: one row. */
struct notice_house {
    rid     id;                         /* 1 */
    str     telegram_base, telegram_token, telegram_name;        /* the token is sealed; the name is the bot's, as it answered */
    str     mail_host;
    int64_t mail_port;
    unsigned mail_safety;
    str     mail_login, mail_password, mail_from, mail_from_name;
    str     push_private, push_public;  /* sealed; base64url */
    str     address;                    /* of the screens, for links: https://crm.karapuz.kz */
    bool    has_token, has_password;    /* for answers: the secrets themselves are never shown; no columns */
    int64_t version;
    instant updated_at;
};
extern const struct record notice_house_record;

/* How long to wait after the nth failure of a send: never longer than ten minutes, and after NOTICE_LATEST_MS it is given up. */
int64_t notice_wait_ms(int64_t tries);

/* ---- texts ---- */

struct notice_words {
    enum language      language;
    const struct zone *zone;
    instant            now;
    str              (*channel_title)(str channel);      /* as people know it */
};
/* What a message says: a headline, and a line for each notice (ten at most, then how many more). */
str notice_headline(struct arena *, const struct notice_words *, enum notice_type, bool digest, const struct notice_list *);
str notice_lines(struct arena *, const struct notice_words *, const struct notice_list *);
enum notice_word { WORD_ACK, WORD_CONFIRM, WORD_OPEN, WORD_ACKED, WORD_CONFIRMED, WORD_REFUSED, WORD_LINKED, WORD_UNLINKED, WORD_CODE, WORD_COUNT };
str notice_word(enum language, enum notice_word);
