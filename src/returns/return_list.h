/* return_list.h - the list of returns for people: what is asked for, what a row shows. Pure. */
#pragma once
#include "base/list.h"
#include "returns/return.h"

struct return_filter {
    unsigned        states, kinds, zones, groups;       /* bits; 0 = any */
    bool            open_only;                          /* the queue, deadline first; else the newest first */
    struct str_list channels, reasons;
    rid            *accounts;
    int             accounts_count;
    rid             order_id, customer_id;
    bool            by_rule;                            /* what a rule did */
    bool            unexplained;                        /* the market's word for why is not in the map */
    bool            forgotten;                          /* units here without a disposition */
    bool            mine, unassigned;
    rid             me;
    instant         from, to;                           /* requested */
    str             q;
    str             scan;                               /* what a scanner has read: the very code */
    int             limit;                              /* 1..200 */
    bool            has_after;
    int64_t         after_due, after_sum;
    rid             after_id;
};
/* Reads the address: stage=request&state=&kind=&channel=&account_id=&reason=&group=&zone=&rule=any&forgotten=1&order_id=&customer_id=&q=
 * &requested_from=&requested_to=&assignee_id=me|none&scan=&closed=1&limit=&after=. ERR_QUERY_INVALID names every wrong or unknown part. */
MUST_CHECK bool return_filter_read(struct arena *, str query, rid me, struct return_filter *out, struct err *);

struct return_row {
    struct rma r;
    str        reason_group, fault, customer_name, command_op, command_state, command_text;
    rid        customer_id;
    int64_t    customer_orders;
    instant    delivered_at, command_hold;
};
LIST(return_row)
str return_cursor(struct arena *, const struct return_filter *, const struct return_row *);
