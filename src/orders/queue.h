/* queue.h - the order list for people: what is asked for, what a row shows, how it is written. Pure. */
#pragma once
#include "base/list.h"
#include "orders/order.h"

enum queue_sort { SORT_URGENCY, SORT_NEWEST, SORT_OLDEST };

struct queue_filter {
    unsigned        statuses;           /* BIT(HUB_…); 0 = any */
    unsigned        zones;              /* BIT(ZONE_…); 0 = any */
    unsigned        marks;              /* any of these bits; 0 = any */
    bool            open_only;          /* the queue: orders that still need work */
    struct str_list channels;
    rid            *accounts;
    int             accounts_count;
    bool            by_assignee;        /* assignee_id= given: any of `assignees`, and with `unassigned` those of nobody */
    bool            unassigned;
    rid            *assignees;
    int             assignees_count;
    rid             customer_id;
    struct str_list tags;               /* any of them */
    str             q;
    instant         placed_from, placed_to;
    bool            has_from, has_to;
    amount          total_from, total_to;
    enum queue_sort sort;
    int             limit;              /* 1..200 */
    bool            whole_phones;       /* q finds people by a whole phone only: who asks may not see phones, nor guess them digit by digit */
    str             country;            /* whose phones q may be written as; empty: KZ */
    bool            brief;              /* of the rows no more than queue_brief_write tells */
    bool            has_after;          /* keyset: behind this row */
    int64_t         after_rank, after_at;
    rid             after_id;
};

/* Reads the address: status=new,confirmed&account_id=&channel=&zone=&assignee_id=me,none,id&mark=&q=&tag=&placed_from=&placed_to=
 * &total_from=&total_to=&sort=urgency|-placed_at|placed_at&limit=&after=. ERR_QUERY_INVALID names every wrong or unknown part. */
MUST_CHECK bool queue_filter_read(struct arena *, str query, rid me, struct queue_filter *out, struct err *);

struct queue_row {
    rid       id, account_id, customer_id, assignee_id, policy_id;
    int64_t   version, marks, lines_count, units, customer_orders;
    str       channel, number, status, external_status, zone, deadline_step, customer_name, customer_phone, title, currency,
              payment, city, delivery_method, tags;
    bool      has_total;
    amount    total;
    instant   deadline_at, deadline_start, yellow_at, red_at, placed_at, sort_at;
    instant   status_since;
    int64_t   rank;
    rid       command_id;
    str       command_op, command_state, command_text;
    instant   command_hold;
};
LIST(queue_row)

struct row_view {
    bool contacts, prices, nameless;    /* nameless: of the buyer nothing but what stands on the parcel */
    const struct sla_book *book;        /* names of the rules; NULL: not told */
};
void queue_row_write(struct json_out *, const char *key, const struct queue_row *, const struct row_view *);
void queue_brief_write(struct json_out *, const char *key, const struct queue_row *, const struct row_view *);
/* Members of an open object. */
void queue_row_members(struct json_out *, const struct queue_row *, const struct row_view *);
str  queue_cursor(struct arena *, const struct queue_row *);
void marks_write(struct json_out *, const char *key, int64_t marks);
void tags_write(struct json_out *, const char *key, str tags);
