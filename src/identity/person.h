/* person.h - a source record of a buyer, made comparable.
 *
 * What a shop, a marketplace or a file tells of a buyer becomes a `struct person`: fixed size, no pointers, so a million of
 * them lie in one array and two are compared without memory. Nothing here is shown to people; the texts as received stay
 * with the caller. Pure: no database, no clock, no network.
 *
 * A key (phone, e-mail, card, device) is set only when it may identify somebody: masked, relay, filler and stop-listed
 * values leave it 0 and set a mark. Names and addresses are reduced to letters that are the same for Cyrillic, Kazakh,
 * Ukrainian and Latin spellings (name.h, address.h).
 *
 *     struct person p;
 *     person_read(arena, &(struct person_record){ .id = 7, .name = STR("Иванова Маша"), .phone = STR("8 777 123 45 67") },
 *                 STR("KZ"), NULL, &p);
 *     uint64_t keys[PERSON_KEYS_MAX];
 *     int n = person_keys(&p, keys);               // 64-bit blocking keys: two records that share one are candidates
 */
#pragma once
#include "identity/address.h"
#include "identity/name.h"

/* As received. Texts are borrowed for the call only; any bytes are allowed, also none. */
struct person_record {
    int64_t id;                     /* the caller's; never looked at, but ties are broken by it */
    str     source;                 /* where it comes from: "kaspi", "site", an account's id */
    str     name, phone, email, city, address;
    str     card, device;           /* loyalty card, cookie or device id */
    int32_t birth_date;             /* 19870531; 0 = unknown */
    int64_t created;                /* the day since 1970; 0 = unknown */
};

enum person_mark {
    PERSON_PHONE_MASKED  = 1 << 0,  /* +7 777 *** ** 67: what is left of it may support or contradict, never identify */
    PERSON_PHONE_STOPPED = 1 << 1,  /* filler, stop list, number of a marketplace */
    PERSON_PHONE_BAD     = 1 << 2,  /* told, but no number */
    PERSON_EMAIL_RELAY   = 1 << 3,  /* an address behind which somebody hides the buyer */
    PERSON_EMAIL_BAD     = 1 << 4,
    PERSON_EMAIL_MENDED  = 1 << 5,  /* the domain was mistyped: gmial.com, mail.ry */
    PERSON_NAME_CUT      = 1 << 6,  /* the name was longer than NAME_BYTES_MAX */
    PERSON_PHONE_SHARED  = 1 << 8,  /* set by who sees all records: several names hold the phone, so it weighs less */
    PERSON_EMAIL_SHARED  = 1 << 9,
    PERSON_MAILBOX_NAMED = 1 << 10, /* what stands before the @ is the name itself: it says nothing beyond it */
};

#define PERSON_PHONES_MAX 2         /* two numbers in one field */
struct person {
    int64_t        id, created;
    uint64_t       source;          /* hash */
    uint64_t       phone[PERSON_PHONES_MAX];    /* E.164 digits as a number; 0 = none */
    uint64_t       phone_mask;      /* a masked number: digits 1..10 as nibbles (10 is the digit 0), 15 where hidden; 0 = none */
    uint64_t       email;           /* hash of the normal form; 0 = no key */
    uint64_t       email_loose;     /* hash without gmail dots and +tag, domain mended; equals `email` when there is nothing to drop */
    uint64_t       mailbox;         /* hash of what stands before the @, loose; supports, never a key */
    uint64_t       card, device;    /* hashes */
    struct name    name;
    struct address address;
    int32_t        birth_date;
    uint32_t       marks;
};

/* Phones and e-mails that are never keys though they look well: the shop's own, the carrier's, marketplaces'. Sorted. */
struct stop_list {
    const uint64_t *phones;         /* as in struct person */
    int             phones_count;
    const uint64_t *emails;         /* as person.email_loose */
    int             emails_count;
};

/* `country` is the seller's ("KZ"), for phones without a code. `stop` may be NULL. The arena is for scratch only: reset it
 * when you like. Never fails: what cannot be read is unknown and marked. Names over NAME_BYTES_MAX are cut. */
void person_read(struct arena *, const struct person_record *, str country, const struct stop_list *stop, struct person *out);

/* One value at a time, for stop lists and searches; 0 = not a key. */
uint64_t person_phone(struct arena *, str raw, str country);
uint64_t person_email(struct arena *, str raw);         /* the loose key */

/* Blocking keys; each is a hash that says its kind, so keys of two kinds never meet. At most PERSON_KEYS_MAX. */
#define PERSON_KEYS_MAX 28
enum key_kind {
    KEY_PHONE, KEY_EMAIL, KEY_CARD, KEY_DEVICE, KEY_NAME_BIRTH,
    KEY_NAME_HOUSE,                     /* a word of the name with street and house, or with house and flat */
    KEY_HOUSE,                          /* street, house and flat */
    KEY_NAME,                           /* given name and surname in one city, or with the last digits of the phone */
    KEY_MAILBOX,                        /* the same before the @, and a word of the name */
    KEY_KIND_COUNT
};
int           person_keys(const struct person *, uint64_t out[PERSON_KEYS_MAX]);
enum key_kind person_key_kind(uint64_t key);
extern const char *const key_kind_names[KEY_KIND_COUNT + 1];
/* A block of more members than this is hot: it may confirm a pair that another block found, never make one. */
#define BLOCK_HOT 50
