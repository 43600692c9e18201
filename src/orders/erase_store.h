/* erase_store.h - what is known of a person, and every place that it is taken out of. */
#pragma once
#include "accounts/audit.h"
#include "customers/link_store.h"
#include "orders/order_store.h"
#include "orders/person_data.h"

struct erasure {
    rid     id;
    instant at;
    str     actor_kind;
    rid     actor_id;
    str     actor_name, customers, sources;
    int64_t orders_n;
    bool    do_not_contact;
    str     reason, asked_name;         /* a code; who asked for it: the actor approved */
};
LIST(erasure)
extern const struct record erasure_record;

/* The card and all that were merged into it. */
MUST_CHECK bool cards_of(struct db *, rid customer, struct arena *, struct int_list *out, struct err *);
MUST_CHECK bool orders_of_customer(struct db *, rid customer, int max, struct arena *, struct order_list *out, struct err *);
MUST_CHECK bool sent_back_by(struct db *, rid customer, int max, struct arena *, struct sent_back_list *out, struct err *);
MUST_CHECK bool orders_of_customer_count(struct db *, rid customer, int64_t *all, int64_t *open, struct err *);
MUST_CHECK bool contacts_seen_by(struct db *, rid customer, int max, struct arena *, struct audit_entry *rows, int *count, struct err *);

/* Names become `token`; what else tells of the person becomes empty, in every table. Totals, goods and cities stay. */
bool person_erase(struct db *, rid customer, const rid *cards, int count, str token, instant now, struct err *);
/* Answers that were kept for repeated requests, and payloads that were parked, with this text in them. */
bool traces_erase(struct db *, str text, struct arena *, struct err *);
bool do_not_contact_add(struct db *, str digest, instant now, struct err *);
bool do_not_contact_remove(struct db *, const str *digests, int count, struct err *);
/* Those of the digests that stand there. */
MUST_CHECK bool do_not_contact_known(struct db *, const str *digests, int count, struct arena *, struct str_list *out, struct err *);
MUST_CHECK bool do_not_contact_salt(struct db *, struct arena *, str *out, struct err *);
bool do_not_contact_salt_set(struct db *, str salt, struct err *);
MUST_CHECK bool erasures_after(struct db *, rid after, int max, struct arena *, struct erasure_list *out, struct err *);
