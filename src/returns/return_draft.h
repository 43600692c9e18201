/* return_draft.h - a return as one marketplace tells it, in our words. What is not said stays empty / not set.
 *
 * A connector fills this from a payload and nothing else: it knows neither our orders nor our reasons. Reasons stay the market's own
 * words; the seller's map (return_reason_map) explains them. A market's decision about the money arrives as a state.
 */
#pragma once
#include "base/amount.h"
#include "base/instant.h"
#include "base/list.h"
#include "returns/return_words.h"

struct return_draft_line {
    str     external_offer_id;          /* Kaspi offer.code, WB nmId, Ozon sku */
    str     article;                    /* the seller's own SKU, when told */
    str     title;
    int64_t qty;                        /* >= 1 */
    bool    has_amount;
    amount  amount;                     /* what the buyer paid for these units, when told */
    enum return_condition condition;
};
LIST(return_draft_line)

/* An address of what the buyer has photographed or filmed: https, of any host. */
struct return_medium { str url; bool is_video; };
LIST(return_medium)

struct return_draft {
    str     external_id;                /* unique in the account: WB claim id, Ozon return id; of Kaspi "order:<order id>" */
    str     order_external_id;          /* our orders.external_id: Kaspi id, WB order id, Ozon posting_number; empty: not told */
    str     order_line_id;              /* or the market's id of a line of it (order_lines.external_id): WB srid */
    str     order_number;               /* as people see it, when told */
    enum return_kind kind;
    bool    has_state;                  /* false: this payload tells no state we know; see external_state */
    enum return_state state;
    str     external_state;             /* the market's word */
    str     reason;                     /* the market's word for why: "Неисправность" */
    str     reason_code;                /* its code, when it has one; asked before the word */
    str     buyer_text;
    instant requested_at;               /* not set: not told */
    instant changed_at;                 /* the market's change time */
    instant deadline_at;                /* absolute, given by the market, of the present step */
    str     currency;
    bool    has_refund;
    amount  refund_amount;
    enum return_route route;
    str     track, place;
    int64_t photos;                     /* how many the buyer has sent */
    struct return_medium_list media;    /* where those are that the market gives addresses of, videos too */
    bool    has_lines;                  /* false: the whole order, or not told */
    struct return_draft_line_list lines;
    bool    goods_only;                 /* tells where the goods are: of another return of the same order, when there is one.
                                         * Its external_id begins with "goods:" */
    bool    reopens;                    /* the buyer has turned down the part that was offered: it is to be decided again */
    str     actions;                    /* what the market allows now, its words with commas: "approve1,reject1,rejectcustom" */
};
LIST(return_draft)
