/* person_store.h - what orders tell of a buyer: what and where he buys, and how many orders of a channel tell who bought at all. */
#pragma once
#include "base/list.h"
#include "db/work.h"
#include "orders/habit.h"

struct bought { str article, title; int64_t qty, orders; };
LIST(bought)
/* What these customers bought most, by article; cancelled orders do not count. */
MUST_CHECK bool bought_by(struct db *, rid customer, int max, struct arena *, struct bought_list *out, struct err *);

/* By account and currency. `priced`: of these orders, those whose sum is known. */
struct bought_at { rid account_id; str channel, name; int64_t orders; amount sum; str currency; instant first, last; int64_t priced; };
LIST(bought_at)
MUST_CHECK bool bought_at_by(struct db *, rid customer, struct arena *, struct bought_at_list *out, struct err *);

/* The orders by which each of these people's habit is told, a person's together and newest first; one statement. */
MUST_CHECK bool bought_on_by(struct db *, const rid *customers, int count, instant now, struct arena *, struct bought_on_list *out, struct err *);
/* What a card is compared with: goods sent back by this person, and what the shop's orders in the currency come to. */
struct worth { int64_t returns, shop_orders; amount shop_sum; };
MUST_CHECK bool worth_of(struct db *, rid customer, str currency, struct worth *out, struct err *);

/* Of the newest `orders` of the shop: how many tell a telephone or an e-mail by which the buyer could be met again. */
struct identified { rid account_id; str channel, name; int64_t orders, known; };
LIST(identified)
MUST_CHECK bool identified_share(struct db *, int orders, struct arena *, struct identified_list *out, struct err *);

/* Buyers of orders whose number ends with these digits, newest orders first. */
/* Of the order with this number, letters and all (order_number_spelled). */
MUST_CHECK bool buyers_by_spelled_number(struct db *, str typed, int max, struct arena *, struct int_list *out, struct err *);
MUST_CHECK bool buyers_by_number(struct db *, str reversed_digits, int max, struct arena *, struct int_list *out, struct err *);
