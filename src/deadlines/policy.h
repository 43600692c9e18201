/* policy.h - rows of rules and calendars as people edit them, and what a shop begins with. Pure.
 *
 * sla.h reckons with `struct policy` and `struct calendar`; these are their rows: texts as stored, versions for editing.
 */
#pragma once
#include "deadlines/sla.h"
#include "record/record.h"

struct policy_row {
    rid            id;
    str            name, channel;       /* channel, scheme empty and account_id not set: any */
    rid            account_id;
    str            scheme;
    enum sla_step  step;
    int64_t        minutes;
    enum sla_clock clock;
    rid            calendar_id;
    str            pause_statuses;      /* names of marks, comma between */
    int64_t        red_minutes, red_share_bp;
    bool           active;
    int64_t        version;
    instant        created_at, updated_at;
};
LIST(policy_row)
extern const struct record policy_record;

struct calendar_row {
    rid     id;
    str     name, zone, days, holidays; /* days, holidays: JSON, checked */
    int64_t version;
    instant created_at, updated_at;
};
LIST(calendar_row)
extern const struct record calendar_record;

/* Names of the order's marks, in the order of enum order_mark (a test compares them): the clock of a rule may stand while
 * one of them holds. */
extern const char *const pause_names[];

/* What a rule must keep, across its fields. All mistakes at once. */
MUST_CHECK bool policy_check(const struct policy_row *, struct err *);
/* Reads a body: flat fields by the record, pause_statuses as a list. */
MUST_CHECK bool policy_read_json(struct arena *, const struct json *, enum record_read_mode, struct policy_row *io, struct err *);
MUST_CHECK bool calendar_read_json(struct arena *, const struct json *, enum record_read_mode, struct calendar_row *io, struct err *);
void policy_write(struct json_out *, const char *key, const struct policy_row *);
void calendar_write(struct json_out *, const char *key, const struct calendar_row *);
str  policy_audit(struct arena *, const struct policy_row *);
str  calendar_audit(struct arena *, const struct calendar_row *);
/* The row as the engine reckons with it; `calendar` is NULL for wall time. */
struct policy policy_of(const struct policy_row *, const struct calendar *);

/* What a new shop begins with: a working calendar in its zone, and rules per channel from the markets' own terms. Names in the
 * language ("ru" "kk" "uk" "en"). Ids and times are not set. */
struct calendar_row calendar_default(struct arena *, str language, str zone);
void policies_default(struct arena *, str language, struct policy_row_list *out);

/* ---- settings ---- */
struct shop_settings {
    str     shop_name, country, currency, time_zone;
    int64_t hold_s, version;
};
extern const struct record settings_record;
MUST_CHECK bool settings_check(const struct shop_settings *, struct err *);
#define HOLD_S_DEFAULT 5
