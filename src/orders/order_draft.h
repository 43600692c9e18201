/* order_draft.h - an order as one marketplace tells it, in our words. What is not said stays empty / not set. */
#pragma once
#include "base/list.h"
#include "base/amount.h"
#include "base/instant.h"
#include "orders/order_status.h"

struct draft_line {
    str     external_id;                /* of the line, if the market has one */
    str     external_offer_id;          /* the market's id of the offer: Kaspi offer.code, WB nmId, Ozon sku */
    str     article;                    /* the seller's own SKU: Kaspi offer.code, WB article, Ozon offer_id */
    str     barcode;
    str     title;
    int64_t qty;                        /* >= 1; grams for measured goods */
    bool    has_price;
    amount  unit_price, line_total;
    bool    marking_required;
};
LIST(draft_line)

struct order_draft {
    str     external_id;                /* unique in the account: Kaspi id, WB id, Ozon posting_number */
    str     number;                     /* as people see it: Kaspi code, WB id, Ozon posting_number */
    str     group_number;               /* Ozon order_number, WB orderUid: parcels of one basket */
    str     external_status;            /* as the market says it: "ACCEPTED_BY_MERCHANT", "confirm/waiting", "awaiting_packaging" */
    str     status_key;                 /* what the status map is asked for: "ACCEPTED_BY_MERCHANT+assembled"; empty: no status in this payload */
    enum order_scheme   scheme;
    enum payment_status payment;
    unsigned marks;                     /* BIT(MARK_…) that follow from the payload, besides those of the status map */
    str     currency;                   /* empty: not told */
    bool    has_total;
    amount  goods_total, discount_total, delivery_total, grand_total;
    instant placed_at;                  /* not set: not told; never "now" */
    instant changed_at;                 /* the market's own change time; not set: not told */
    instant deadline_confirm, deadline_ship;                 /* absolute, given by the market */
    struct { str external_id, name, phone, email; bool masked; } customer;   /* phone, e-mail as received */
    struct { str name, phone; } recipient;
    struct { str method, address, city, point_id, carrier, track; instant promised_from, promised_to; } delivery;
    str     cancel_reason;              /* the market's word */
    enum cancel_side cancel_side;
    str     comment;                    /* of the buyer */
    bool    has_lines;                  /* false: this payload does not tell lines (they may come later) */
    struct draft_line_list lines;
};
LIST(order_draft)
