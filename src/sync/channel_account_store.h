/* channel_account_store.h - accounts, their changed statuses, and how far each of their streams is read. */
#pragma once
#include "db/work.h"
#include "sync/channel_account.h"

MUST_CHECK bool account_get(struct db *, rid id, struct arena *, struct channel_account *out, struct err *);
MUST_CHECK bool accounts_all(struct db *, struct arena *, struct channel_account_list *out, struct err *);
MUST_CHECK bool status_changes_of(struct db *, rid account_id, struct arena *, struct status_change_list *out, struct err *);

/* Inside db_tx. Deleting takes streams and statuses too; ERR_CONFLICT when orders of the account exist. */
MUST_CHECK bool account_delete(struct db *, rid id, int64_t version, struct err *);
/* `to` = HUB_STATUS_COUNT takes the change away. */
bool status_change_save(struct db *, rid account_id, str key, enum hub_status to, struct err *);
/* What went wrong or right; *changed: the state or the error is another than before. */
struct account_health {
    rid     id;
    instant now;
    bool    is_ok;
    enum account_state state;           /* when not ok */
    str     code, text;
    str     stream;                     /* that was read */
    bool    is_news;                    /* something people should look at, though nothing else has changed */
};
bool account_health_save(struct db *, const struct account_health *, struct arena *, str *state, bool *changed, struct err *);
bool account_state_save(struct db *, rid id, enum account_state, instant now, struct err *);

/* ---- streams ---- */

struct stream_row {
    rid     account_id;
    str     stream, cursor;
    instant last_run_at, next_run_at;
    int64_t deep_day, failures;
    str     taken_by;
    int64_t lease_until;
};
LIST(stream_row)
extern const struct record stream_record;

/* Rows for streams that have none; they are due at once. */
bool streams_ensure(struct db *, rid account_id, const struct stream *, instant now, struct err *);
/* Takes one due stream of an account that works and of which no other stream is being read. *found false: there is none. */
MUST_CHECK bool stream_take(struct db *, instant now, str worker, instant lease_until, struct arena *, struct stream_row *out, bool *found,
                            struct err *);
/* The same for one named stream, due or not. */
MUST_CHECK bool stream_take_named(struct db *, rid account_id, str stream, instant now, str worker, instant lease_until, struct arena *,
                                  struct stream_row *out, bool *found, struct err *);
MUST_CHECK bool stream_keep(struct db *, const struct stream_row *, instant lease_until, bool *kept, struct err *);
/* Writes cursor, last_run_at, next_run_at, deep_day, failures and ends the lease; nothing when the lease has passed on. */
MUST_CHECK bool stream_settle(struct db *, const struct stream_row *, bool *kept, struct err *);
bool streams_hurry(struct db *, rid account_id, instant now, struct err *);              /* all streams of it are due now */
MUST_CHECK bool streams_next(struct db *, instant *out, struct err *);
MUST_CHECK bool streams_all(struct db *, struct arena *, struct stream_row_list *out, struct err *);

/* ---- commands of accounts that work ---- */

MUST_CHECK bool commands_due_accounts(struct db *, instant now, struct arena *, struct int_list *out, struct err *);
MUST_CHECK bool commands_next(struct db *, instant *out, struct err *);
/* Is a command of the account being sent, by whomever? */
MUST_CHECK bool command_under_way(struct db *, rid account_id, instant now, bool *out, struct err *);
struct trouble_count { rid account_id; int64_t dead; };
LIST(trouble_count)
MUST_CHECK bool commands_dead_counts(struct db *, struct arena *, struct trouble_count_list *out, struct err *);
struct order_number { rid id; str number; };
LIST(order_number)
MUST_CHECK bool order_numbers(struct db *, const rid *ids, int count, struct arena *, struct order_number_list *out, struct err *);
/* What this server took before it was killed is free again. */
bool leases_release(struct db *, str worker_prefix, struct err *);

/* The clock was set back: what was put off by the wrong time is due, no lease is longer than until `lease`. */
bool streams_hasten(struct db *, instant now, instant lease, struct err *);
bool commands_hasten(struct db *, instant now, instant lease, struct err *);
MUST_CHECK bool streams_newest_run(struct db *, instant *out, struct err *);             /* not set: none has run */

/* ---- others ---- */

MUST_CHECK bool open_orders_of(struct db *, rid account_id, rid after, int max, struct arena *, struct known_order_list *out, rid *next,
                               struct err *);
struct today_count { rid account_id; int64_t n; };
LIST(today_count)
MUST_CHECK bool orders_today(struct db *, int64_t day, struct arena *, struct today_count_list *out, struct err *);
/* Sessions and keys whose time is over, undo steps nobody can use. */
bool leftovers_forget(struct db *, instant now, struct err *);
