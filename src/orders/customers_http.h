/* customers_http.h - people who buy, for screens: lists, cards, merging, personal data. */
#pragma once
#include "customers/customer_store.h"
#include "customers/link_store.h"
#include "customers/tag_store.h"
#include "http/http.h"
#include "http/openapi.h"
#include "orders/habit.h"
#include "orders/queue_http.h"

extern const struct route customer_routes[], customer_card_routes[], identity_routes[], hub_routes[], tag_routes[], card_note_routes[], weight_routes[], privacy_routes[], no_contact_routes[], people_file_routes[];
extern const struct openapi_schema customer_schemas[];   /* ends with name NULL */

/* What is shared by the routes of customers. */
static inline struct record_view contact_view(const struct request *rq)
{
    struct row_view v = request_view(rq);
    return (struct record_view){ v.contacts, v.prices };
}
/* The living card of {id}, if it exists and one of the accounts of who asks knows the person. */
MUST_CHECK bool request_customer(struct request *, rid *id, struct err *);
MUST_CHECK bool customer_in_scope(struct request *, rid id, struct err *);
bool source_in_scope(const struct request *, const struct customer_source *);
/* Somebody is shown whole contacts of these people: that is written down, once an hour for each who
 * looks and what is looked at. Nothing happens when they are masked. */
MUST_CHECK bool contacts_seen(struct request *, const rid *customers, int count, const char *where, struct err *);
/* The same of one order, which tells the contacts of its buyer and of who receives it. */
MUST_CHECK bool order_contacts_seen(struct request *, rid order, rid customer, struct err *);
/* By an e-mail that is typed: whole when contacts are hidden, else by its beginning. */
MUST_CHECK bool people_by_email(struct request *, str typed, int max, struct int_list *out, struct err *);
/* Who sees some accounts only is shown what these tell of a person, not what others do. */
MUST_CHECK bool customers_as_seen(struct request *, struct customer *rows, int count, struct err *);
/* What a list of people asks for: the view and the filters of the address, within the rights of who asks. */
MUST_CHECK bool people_list_query(struct request *, struct record_query *list, str *query, struct err *);
/* Members of the card's row, with its channels and tags; `silent` are the ids of those whom one must not write to. */
void customer_members(struct json_out *, struct request *, const struct customer *, const struct customer_channel_list *,
                      const struct customer_tag_list *, const struct int_list *silent);
/* interval_days, next_expected_at, overdue and rfm: how this person buys; what is not known is null. */
void habit_members(struct json_out *, struct request *, const struct habit *, str currency);
void tags_members(struct json_out *, const struct customer_tag_list *, rid customer);
/* " AND …" for ?tag=a,b: who has one of them. */
MUST_CHECK bool tags_condition(struct request *, struct buf *where, struct err *);
void source_write(struct json_out *, struct request *, const struct customer_source *, const struct identity_row_link_list *);
/* Writes the list of erased people beside the database, for backups that are restored. Defined by the app (and by tests). */
MUST_CHECK bool request_erasures_keep(struct request *, struct err *);
