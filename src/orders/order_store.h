/* order_store.h - orders, their lines and history: loading and saving. Lists for people are in queue_store.h. */
#pragma once
#include "db/work.h"
#include "orders/order.h"

/* An id that is asked for twice may come twice. */
MUST_CHECK bool orders_by_external(struct db *, rid account_id, const str *ids, int count, struct arena *, struct order_list *out,
                                   struct err *);
/* What each of these open orders was told last, and when: to see whether a market tells something else now. */
struct order_told { str external_id; int64_t draft_hash; instant updated_at; };
LIST(order_told)
MUST_CHECK bool orders_told(struct db *, rid account_id, const str *ids, int count, struct arena *, struct order_told_list *out, struct err *);
MUST_CHECK bool orders_by_ids(struct db *, const rid *ids, int count, struct arena *, struct order_list *out, struct err *);
MUST_CHECK bool order_get(struct db *, rid id, struct arena *, struct order *out, struct err *);
bool order_insert(struct db *, const struct order *, struct err *);
/* Writes the columns that differ, version + 1. ERR_VERSION_OLD when someone was faster. */
MUST_CHECK bool order_update(struct db *, const struct order *old, struct order *now, struct err *);

MUST_CHECK bool order_lines_of(struct db *, const rid *orders, int count, struct arena *, struct order_line_list *out, struct err *);
/* Puts the lines in place of what is stored. */
bool order_lines_save(struct db *, rid order_id, bool is_new, const struct order_line *, int count, struct err *);

MUST_CHECK bool history_of(struct db *, rid order_id, struct arena *, struct history_row_list *out, struct err *);
struct last_seq { rid order_id; int64_t seq; };
LIST(last_seq)
MUST_CHECK bool history_last(struct db *, const rid *orders, int count, struct arena *, struct last_seq_list *out, struct err *);
bool history_add(struct db *, const struct history_row *, struct err *);

struct note { rid id, order_id; instant at; rid author_id; str author_name, text; };
LIST(note)
extern const struct record note_record;
MUST_CHECK bool notes_of(struct db *, rid order_id, struct arena *, struct note_list *out, struct err *);

struct task {
    rid     id;
    str     title, kind;
    rid     order_id, assignee_id;
    instant due_at;
    str     state, rule;
    int64_t version;
    instant created_at, updated_at;
    rid     created_by;
};
LIST(task)
extern const struct record task_record;
MUST_CHECK bool tasks_of(struct db *, rid order_id, struct arena *, struct task_list *out, struct err *);
/* Open tasks of a kind of the order become done or cancelled. */
bool tasks_close(struct db *, rid order_id, str kind, str state, instant now, struct err *);
/* The newest task of the kind becomes open again, if it is in this state. */
bool tasks_reopen(struct db *, rid order_id, str kind, str state, instant now, struct err *);

/* The rule by which a command that was given up has its task. */
str  command_task_rule(struct arena *, rid command);
MUST_CHECK bool task_of_rule_open(struct db *, rid order_id, str rule, bool *out, struct err *);
bool tasks_close_rule(struct db *, rid order_id, str rule, str state, instant now, struct err *);

/* Commands of the order that have not left yet are dropped: the market has closed the order itself. */
bool order_commands_drop(struct db *, rid order_id, instant now, struct err *);
/* Does the account send commands, or only read? */
MUST_CHECK bool account_is_live(struct db *, rid account_id, bool *live, struct err *);

/* Open orders whose zone changes at or before `now`, in time order. */
MUST_CHECK bool orders_zone_due(struct db *, instant now, int max, struct arena *, struct order_list *out, struct err *);
/* Open orders of the account that have another place among equals, in the order of the queue from rank *from, which moves on; at most
 * `max`, *changed of them. */
MUST_CHECK bool orders_reweigh(struct db *, rid account_id, int weight, int64_t *from, int max, int *changed, struct err *);
/* Orders that come to the same zone, and stay in it until the same of their own moments; the rank follows, version + 1. */
enum zone_until { UNTIL_EVER, UNTIL_YELLOW, UNTIL_RED, UNTIL_DUE, UNTIL_COUNT };
MUST_CHECK bool orders_zone_save(struct db *, const rid *orders, int count, enum sla_zone, enum zone_until, instant now, struct err *);
MUST_CHECK bool orders_zone_next(struct db *, instant *out, struct err *);
MUST_CHECK bool orders_open_after(struct db *, rid after, int max, struct arena *, struct order_list *out, struct err *);
