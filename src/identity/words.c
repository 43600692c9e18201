/* The names of the codes, as they are stored, sent and printed. */
#include "identity/cluster.h"

/* clang-format off */
#define NAMED(array, count) _Static_assert(sizeof array / sizeof *array == (count) + 1, "a name per code")

const char *const key_kind_names[] = {
    [KEY_PHONE] = "phone", [KEY_EMAIL] = "email", [KEY_NAME_HOUSE] = "name_house", [KEY_NAME_BIRTH] = "name_birth",
    [KEY_CARD] = "card", [KEY_DEVICE] = "device", [KEY_NAME] = "name", [KEY_HOUSE] = "house",
    [KEY_MAILBOX] = "mailbox", [KEY_KIND_COUNT] = NULL
};
NAMED(key_kind_names, KEY_KIND_COUNT);

const char *const name_match_names[] = {
    [NAME_SAME] = "same", [NAME_SAME_SHORT] = "short", [NAME_SAME_TYPO] = "typo", [NAME_PART] = "part",
    [NAME_INITIALS] = "initials", [NAME_GIVEN_ONLY] = "given_only", [NAME_DOUBT] = "doubt", [NAME_UNKNOWN] = "unknown",
    [NAME_FAMILY] = "family",
    [NAME_DIFFERENT] = "different", [NAME_MATCH_COUNT] = NULL
};
NAMED(name_match_names, NAME_MATCH_COUNT);

const char *const address_match_names[] = {
    [ADDRESS_UNKNOWN] = "unknown", [ADDRESS_FLAT] = "flat", [ADDRESS_HOUSE] = "house", [ADDRESS_STREET] = "street",
    [ADDRESS_CITY] = "city", [ADDRESS_NEIGHBOUR] = "neighbour", [ADDRESS_ELSEWHERE] = "elsewhere",
    [ADDRESS_OTHER_CITY] = "other_city", [ADDRESS_MATCH_COUNT] = NULL
};
NAMED(address_match_names, ADDRESS_MATCH_COUNT);

const char *const pair_field_names[] = {
    [PAIR_PHONE] = "phone", [PAIR_EMAIL] = "email", [PAIR_NAME] = "name", [PAIR_ADDRESS] = "address", [PAIR_BIRTH] = "birth",
    [PAIR_CARD] = "card", [PAIR_DEVICE] = "device", [PAIR_SOURCE] = "source", [PAIR_FIELD_COUNT] = NULL
};
NAMED(pair_field_names, PAIR_FIELD_COUNT);

const char *const evidence_names[] = {
    [EV_NONE] = "none",
    [EV_PHONE_SAME] = "phone.same", [EV_PHONE_MASK] = "phone.mask", [EV_PHONE_DIFFERENT] = "phone.different",
    [EV_EMAIL_SAME] = "email.same", [EV_EMAIL_LOOSE] = "email.loose", [EV_EMAIL_MAILBOX] = "email.mailbox",
    [EV_EMAIL_DIFFERENT] = "email.different",
    [EV_NAME_SAME] = "name.same", [EV_NAME_SHORT] = "name.short", [EV_NAME_TYPO] = "name.typo", [EV_NAME_PART] = "name.part",
    [EV_NAME_INITIALS] = "name.initials", [EV_NAME_GIVEN_ONLY] = "name.given_only", [EV_NAME_DOUBT] = "name.doubt", [EV_NAME_FAMILY] = "name.family",
    [EV_NAME_DIFFERENT] = "name.different",
    [EV_ADDRESS_FLAT] = "address.flat", [EV_ADDRESS_HOUSE] = "address.house", [EV_ADDRESS_STREET] = "address.street",
    [EV_ADDRESS_CITY] = "address.city", [EV_ADDRESS_NEIGHBOUR] = "address.neighbour",
    [EV_ADDRESS_ELSEWHERE] = "address.elsewhere", [EV_ADDRESS_OTHER_CITY] = "address.other_city",
    [EV_BIRTH_SAME] = "birth.same", [EV_BIRTH_DIFFERENT] = "birth.different",
    [EV_CARD_SAME] = "card.same", [EV_CARD_DIFFERENT] = "card.different", [EV_DEVICE_SAME] = "device.same",
    [EV_PHONE_SHARED] = "phone.shared", [EV_EMAIL_SHARED] = "email.shared",
    [EV_SOURCE_SAME] = "source.same", [EV_NAME_ALONE] = "name.alone", [EV_NAME_ALONE_DIFFERS] = "name.alone_differs",
    [EV_EMAIL_NAMED] = "email.named", [EV_PHONE_PASSED] = "phone.passed", [EV_COUNT] = NULL
};
NAMED(evidence_names, EV_COUNT);

const char *const identity_rule_names[] = {
    [RULE_NONE] = "none", [RULE_VERDICT] = "verdict", [RULE_CARD] = "card", [RULE_PHONE_NAME] = "phone_name",
    [RULE_EMAIL_NAME] = "email_name", [RULE_PHONE_EMAIL] = "phone_email", [RULE_NAME_ADDRESS] = "name_address",
    [RULE_NAME_BIRTH] = "name_birth", [RULE_PHONE] = "phone", [RULE_EMAIL] = "email", [RULE_DEVICE] = "device",
    [RULE_SCORE] = "score", [RULE_COUNT] = NULL
};
NAMED(identity_rule_names, RULE_COUNT);

const char *const decision_names[] = {
    [DECISION_SEPARATE] = "separate", [DECISION_SUGGEST] = "suggest", [DECISION_AUTOMATIC] = "automatic", [DECISION_COUNT] = NULL
};
NAMED(decision_names, DECISION_COUNT);

const char *const identity_guard_names[] = {
    [GUARD_NONE] = "none", [GUARD_CONTRADICTION] = "contradiction", [GUARD_VERDICT] = "verdict", [GUARD_SIZE] = "size",
    [GUARD_NOT_SINGLE] = "not_single", [GUARD_HOT] = "hot", [GUARD_COUNT] = NULL
};
NAMED(identity_guard_names, GUARD_COUNT);
/* clang-format on */
