/* customer.h - people who buy, and the source records they are known from.
 *
 * A source record is a buyer as one channel account knows him: kept as received, changed only by a newer copy of the same source.
 * A customer is the person behind one or more sources; why each belongs there is its link (link.h). What a card shows is computed
 * from the sources, but a value that a person has set wins and is marked in `manual`. Masked values are never keys and never
 * overwrite known ones. A card that was merged into another stays as a row without sources: the old address leads on, and taking
 * the merge back finds everything where it was.
 */
#pragma once
#include "base/list.h"
#include "record/record.h"

struct customer {
    rid     id;
    str     name, phone, email, city, birth_date, currency;
    int64_t orders_count;               /* not cancelled */
    amount  net_spent;                  /* in `currency`, the one of the first order; orders in others are not added */
    instant first_order_at, last_order_at;
    str     state;                      /* "active" "erased" */
    str     manual;                     /* fields that a person has set, comma between */
    rid     merged_into;                /* not set: the card is a living one */
    int64_t version;
    instant created_at, updated_at;
};
LIST(customer)
extern const struct record customer_record;

struct customer_source {
    rid     id, account_id;
    str     external_id;
    rid     customer_id;
    str     rule;                       /* of the live link: "first" "phone" "email" "manual" … */
    str     name, phone, phone_raw, email, address, city, birth_date;
    bool    masked;
    instant first_seen, last_seen;
    bool    contested;                  /* a link to a record of another card was refused by a guard: its card is not all that hangs together */
};
LIST(customer_source)
extern const struct record customer_source_record;

/* A buyer as told with one order. */
struct buyer {
    rid     account_id;
    str     external_id;                /* made from phone, e-mail or the order when the channel has none */
    str     name, phone, phone_raw, email, address, city, birth_date;    /* phone, e-mail normalised or empty */
    bool    masked;
    instant seen;                       /* when the order was placed */
    int64_t orders;                     /* what a person made of this buyer begins with: 1 and the order's sum, or 0 */
    amount  sum;
    str     currency;
};
/* Nothing is known of the buyer: no record is made. */
static inline bool buyer_is_nobody(const struct buyer *b) { return !b->name.len && !b->phone.len && !b->email.len; }

/* What a person may set on a card, and what is chosen when two cards become one. */
enum customer_value { VALUE_NAME, VALUE_PHONE, VALUE_EMAIL, VALUE_CITY, VALUE_BIRTH_DATE, VALUE_COUNT };
extern const char *const customer_value_names[];         /* "name" "phone" "email" "city" "birth_date" */
str *customer_value(struct customer *, enum customer_value);
enum customer_value customer_value_find(str name);       /* VALUE_COUNT when there is none */
struct customer_field { rid customer_id; enum customer_value field; str value; };
LIST(customer_field)
/* Computes what the card shows from its sources, the fullest name and otherwise the newest value that is not hidden, and then from
 * the values that were set by hand. Rows of other customers are passed over; the order of the rows does not matter. */
void customer_compute(struct customer *, const struct customer_source_list *, const struct customer_field_list *, struct arena *);
/* Sorts by the newest order, those who never ordered last. */
void customers_recent_first(struct customer *, int count);

/* Folded words of a name, at least two characters each, without repeats; at most 8. */
int name_words(struct arena *, str name, str *words);

/* A word of a name as it sounds, by which it is found in any spelling: Мария, Mariya, Маша have one in common. */
#define NAME_FORMS_MAX 4
struct name_sound { str forms[NAME_FORMS_MAX]; int count; bool is_given; };     /* given names: the full names it may stand for */
int name_sounds(struct arena *, str name, struct name_sound *sounds);      /* at most 8 */
