/* customer_store.h - every SQL statement about customers. */
#pragma once
#include "customers/customer.h"
#include "db/work.h"

/* Sources of the account with these external ids. */
MUST_CHECK bool customer_sources_by_external(struct db *, rid account_id, const str *ids, int count, struct arena *,
                                             struct customer_source_list *out, struct err *);
bool customer_key_add(struct db *, str kind, str value, rid customer_id, struct err *);
/* Insert or newer copy. `is_new`: nobody knows of it yet, so that it may wait for others. */
bool customer_source_save(struct db *, const struct customer_source *, bool is_new, struct err *);
bool customer_insert(struct db *, const struct customer *, struct err *);
/* Writes what the card shows (customer_compute); a row that shows it already is left alone, version and all. */
bool customer_values_save(struct db *, const struct customer *, instant now, struct err *);
/* One more order counts. `sum` only when the customer's currency is empty or equal. */
bool customer_bump(struct db *, rid id, amount sum, str currency, instant placed, instant now, struct err *);
/* Counts again from the orders themselves: when one stops counting, changes its sum, or goes to another customer. */
bool customers_recount(struct db *, const rid *ids, int count, instant now, struct err *);
struct customer_total { rid customer_id; str currency; int64_t orders; amount sum; instant first, last; };
LIST(customer_total)
/* What a count over the orders gives, a row per customer and currency. */
MUST_CHECK bool customers_totals(struct db *, const rid *ids, int count, struct arena *, struct customer_total_list *out, struct err *);
/* The card that goes on for `id`: itself unless it was merged. Not set: there is no such card. */
MUST_CHECK bool customer_living(struct db *, rid id, rid *out, struct err *);

/* Values set by hand. */
MUST_CHECK bool customer_fields_of(struct db *, const rid *customers, int count, struct arena *, struct customer_field_list *out, struct err *);
bool customer_field_set(struct db *, const struct work *, const struct customer_field *, struct err *);
bool customer_fields_clear(struct db *, rid id, unsigned values, struct err *);         /* a bit per enum customer_value */
bool customer_keys_clear(struct db *, const rid *customers, int count, struct err *);

/* Searches. At most `max` ids; by telephone those of the people known last, for few digits end many telephones. */
MUST_CHECK bool customer_by_phone_tail(struct db *, str reversed_digits, int max, struct arena *, struct int_list *out, struct err *);
MUST_CHECK bool customer_by_email(struct db *, str email, int max, struct arena *, struct int_list *out, struct err *);
/* The same as it is being typed: "maria@em". */
MUST_CHECK bool customer_by_email_start(struct db *, str start, int max, struct arena *, struct int_list *out, struct err *);
MUST_CHECK bool customer_by_words(struct db *, const str *words, int count, int max, struct arena *, struct int_list *out, struct err *);
MUST_CHECK bool customer_sources_of(struct db *, const rid *customers, int count, struct arena *, struct customer_source_list *out, struct err *);
MUST_CHECK bool customer_sources_by_ids(struct db *, const rid *ids, int count, struct arena *, struct customer_source_list *out, struct err *);
/* All sources but those of people who were forgotten, a page at a time; and how many rows there are: for runs over all of them, not for
 * screens. */
MUST_CHECK bool customer_sources_after(struct db *, rid after, int max, struct arena *, struct customer_source_list *out, struct err *);
MUST_CHECK bool customer_sources_count(struct db *, int64_t *out, struct err *);
/* Those that a guard keeps from others, and those of cards that changed since. */
MUST_CHECK bool customer_sources_changed(struct db *, rid after, instant since, int max, struct arena *, struct customer_source_list *out,
                                         struct err *);
bool customer_sources_contest(struct db *, const rid *ids, int count, bool contested, struct err *);

struct customer_channel { rid customer_id; str channel; };
LIST(customer_channel)
/* On which channels these people are known; one statement. */
/* Of these people only those whom one of the accounts knows stay, in their order; without accounts all stay. */
MUST_CHECK bool customers_in_accounts(struct db *, const rid *accounts, int accounts_count, struct arena *, struct int_list *io, struct err *);
MUST_CHECK bool customer_channels(struct db *, const rid *ids, int count, struct arena *, struct customer_channel_list *out, struct err *);
