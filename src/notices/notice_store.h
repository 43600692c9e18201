/* notice_store.h - notices, the ways to their people, and what is on its way, in the database. A send is taken under a lease. */
#pragma once
#include "db/work.h"
#include "notices/notice.h"

/* One statement, for the engine that looks for work: is there anything at all? */
struct notice_state {
    bool    news;                       /* somebody can be told, and there are events behind the cursor */
    instant send_at, ladder_at, bot_at; /* when the next one is due; not set: never */
};
MUST_CHECK bool notice_state_get(struct db *, struct arena *, struct notice_state *out, struct err *);

MUST_CHECK bool notice_house_get(struct db *, struct arena *, struct notice_house *out, struct err *);
/* Writes what differs, version + 1. ERR_VERSION_OLD. */
MUST_CHECK bool notice_house_save(struct db *, const struct notice_house *old, struct notice_house *now, struct err *);
/* The pair of keys alone: nobody edits these, so the version stays. */
bool notice_push_save(struct db *, const struct notice_house *, struct err *);
MUST_CHECK bool notice_cursor(struct db *, int64_t *out, struct err *);
MUST_CHECK bool notice_cursor_set(struct db *, struct arena *, int64_t, struct err *);

/* ---- targets ---- */
MUST_CHECK bool targets_of(struct db *, rid user_id, struct arena *, struct notice_target_list *out, struct err *);
MUST_CHECK bool targets_on(struct db *, struct arena *, struct notice_target_list *out, struct err *);
MUST_CHECK bool target_get(struct db *, rid id, struct arena *, struct notice_target *out, struct err *);
MUST_CHECK bool target_by_code(struct db *, str digest, instant now, struct arena *, struct notice_target *out, bool *found, struct err *);
MUST_CHECK bool target_by_address(struct db *, enum notice_medium, str address_key, struct arena *, struct notice_target *out, bool *found, struct err *);
MUST_CHECK bool target_insert(struct db *, const struct notice_target *, struct err *);
/* Address, label, state, code, tries. */
bool target_save(struct db *, const struct notice_target *, struct err *);
bool target_remove(struct db *, rid id, struct err *);

/* ---- notices and sends ---- */
/* *added false: this person was told it before. */
MUST_CHECK bool notice_add(struct db *, const struct notice *, bool *added, struct err *);
MUST_CHECK bool notice_get(struct db *, rid id, struct arena *, struct notice *out, struct err *);
bool notices_ack(struct db *, rid user_id, str object, rid object_id, instant now, struct err *);
/* The send of this target and type that has not left yet (*found), else when the last one since `since` did. */
MUST_CHECK bool send_open(struct db *, const struct notice_send *like, instant since, struct arena *, struct notice_send *out, bool *found,
                          instant *last, struct err *);
MUST_CHECK bool send_insert(struct db *, const struct notice_send *, struct err *);
bool part_add(struct db *, rid send_id, rid notice_id, struct err *);
/* Takes the earliest due one of the ways in `media` (BIT(MEDIUM_…)). */
MUST_CHECK bool send_take(struct db *, instant now, unsigned media, str worker, instant lease_until, struct arena *, struct notice_send *out,
                          bool *found, struct err *);
MUST_CHECK bool send_parts(struct db *, rid send_id, struct arena *, struct notice_list *out, struct err *);
/* Only while `taken_by` still holds it. */
MUST_CHECK bool send_settle(struct db *, const struct notice_send *, bool *kept, struct err *);
MUST_CHECK bool send_get(struct db *, rid id, struct arena *, struct notice_send *out, struct err *);
/* The newest ones of a person, for the page on which he chooses. */
MUST_CHECK bool sends_of(struct db *, rid user_id, int max, struct arena *, struct notice_send_list *out, struct err *);
bool sends_release(struct db *, str worker_prefix, struct err *);
bool sends_hasten(struct db *, instant now, instant lease, struct err *);        /* the clock was set back */
bool notices_forget(struct db *, instant before, struct err *);

/* ---- the ladder ---- */
/* *found false: no rung was told yet; then `out` is a fresh one. */
MUST_CHECK bool escalation_get(struct db *, str object, rid object_id, str step, struct escalation *out, struct err *);
bool escalation_save(struct db *, const struct escalation *, struct err *);
MUST_CHECK bool escalations_due(struct db *, instant now, int max, struct arena *, struct escalation_list *out, struct err *);

/* ---- the bot ---- */
/* Takes the bot for this server until `lease_until`; *taken false: another has it, or it is not time. */
MUST_CHECK bool bot_take(struct db *, instant now, instant lease_until, int64_t *next_update, bool *taken, struct err *);
bool bot_give(struct db *, int64_t next_update, instant not_before, struct err *);

/* Name and market of a channel account. ERR_NOT_FOUND. */
MUST_CHECK bool notice_account(struct db *, rid account_id, struct arena *, str *name, str *channel, struct err *);

/* What people have chosen, by name of the choice. */
struct user_choice { rid user_id; str value; };
LIST(user_choice)
MUST_CHECK bool choices_named(struct db *, str name, struct arena *, struct user_choice_list *out, struct err *);
