#include "deadlines/policy.h"

#include "accounts/body.h"

#define MINUTES_MAX (366 * 1440)

/* clang-format off */
const char *const pause_names[] = { "hold", "cancel_requested", "return_requested", "claim", "problem", "preorder", "express",
                                    "lines_pending", "outside", "set_aside", NULL };
/* clang-format on */

/* clang-format off */
static const struct field policy_fields[] = {
    FIELD(policy_row, id,             .access = READ_ONLY),
    FIELD(policy_row, name,           .required = true, .max = 200),
    FIELD(policy_row, channel,        .max = 32, .doc = "\"kaspi\", \"wildberries\" …; empty: any"),
    FIELD(policy_row, account_id,     .doc = "one channel account; null: any"),
    FIELD(policy_row, scheme,         .max = 32, .doc = "\"fbs\", \"dbs\", \"pickup\"; empty: any"),
    FIELD(policy_row, step,           .required = true, .choices = sla_step_names),
    FIELD(policy_row, minutes,        .required = true, .min = 1, .max = MINUTES_MAX),
    FIELD(policy_row, clock,          .required = true, .choices = sla_clock_names, .doc = "wall: always; working: inside the calendar"),
    FIELD(policy_row, calendar_id,    .doc = "for the working clock"),
    FIELD(policy_row, pause_statuses, .access = READ_ONLY, .internal = true),
    FIELD(policy_row, red_minutes,    .min = 0, .max = MINUTES_MAX, .doc = "red when no more than this is left …"),
    FIELD(policy_row, red_share_bp,   .min = 0, .max = 10000, .doc = "… nor more than this share of the whole, in hundredths of a percent"),
    FIELD(policy_row, active),
    FIELD(policy_row, version,        .access = READ_ONLY),
    FIELD(policy_row, created_at,     .access = READ_ONLY, .internal = true),
    FIELD(policy_row, updated_at,     .access = READ_ONLY, .internal = true),
};
const struct record policy_record = RECORD(policy_row, "policies", policy_fields);

static const struct field calendar_fields[] = {
    FIELD(calendar_row, id,         .access = READ_ONLY),
    FIELD(calendar_row, name,       .required = true, .max = 200),
    FIELD(calendar_row, zone,       .required = true, .max = 64, .doc = "\"Asia/Almaty\""),
    FIELD(calendar_row, days,       .access = READ_ONLY, .internal = true),
    FIELD(calendar_row, holidays,   .access = READ_ONLY, .internal = true),
    FIELD(calendar_row, version,    .access = READ_ONLY),
    FIELD(calendar_row, created_at, .access = READ_ONLY, .internal = true),
    FIELD(calendar_row, updated_at, .access = READ_ONLY, .internal = true),
};
const struct record calendar_record = RECORD(calendar_row, "calendars", calendar_fields);

static const struct field settings_fields[] = {
    FIELD(shop_settings, shop_name, .required = true, .max = 200),
    FIELD(shop_settings, country,   .required = true, .min = 2, .max = 2, .doc = "\"KZ\": how phones without a country are read"),
    FIELD(shop_settings, currency,  .required = true, .min = 3, .max = 3),
    FIELD(shop_settings, time_zone, .required = true, .max = 64, .doc = "where the shop's day begins"),
    FIELD(shop_settings, hold_s,    .min = 0, .max = 15, .doc = "how long a command to a market may be undone"),
    FIELD(shop_settings, version,   .access = READ_ONLY),
};
const struct record settings_record = RECORD(shop_settings, "settings", settings_fields);
/* clang-format on */

/* ---- rules ---- */

static bool word_ok(str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
            return false;
    }
    return true;
}

bool policy_check(const struct policy_row *p, struct err *err)
{
    bool ok = true;
    if (!word_ok(p->channel))
        ok = err_add(err, "channel", "must be the name of a channel or empty");
    if (!word_ok(p->scheme))
        ok = err_add(err, "scheme", "must be the name of a scheme or empty");
    if (p->clock == SLA_WORKING && !id_is_set(p->calendar_id))
        ok = err_add(err, "calendar_id", "is needed for the working clock");
    return ok;
}

bool policy_read_json(struct arena *a, const struct json *json, enum record_read_mode mode,
                      struct policy_row *io, struct err *err)
{
    static const char *const apart[] = { "pause_statuses", NULL };
    struct policy_row p = *io;
    uint64_t pauses = bits_read(pause_names, p.pause_statuses);
    bool ok = record_read_json(&policy_record, body_without(a, json, apart), mode, a, &p, NULL, err);
    ok &= body_bits(json, "pause_statuses", pause_names, &pauses, err);
    if (!ok || !policy_check(&p, err))
        return false;
    p.pause_statuses = bits_text(a, pause_names, pauses);
    p.name = str_trim(p.name);
    if (p.clock == SLA_WALL)
        p.calendar_id = (rid){ 0 };
    *io = p;
    return true;
}

void policy_write(struct json_out *j, const char *key, const struct policy_row *p)
{
    json_begin(j, key, '{');
    record_write_fields(&policy_record, p, j, NULL);
    bits_write(j, "pause_statuses", pause_names, bits_read(pause_names, p->pause_statuses));
    json_end(j);
}

str policy_audit(struct arena *a, const struct policy_row *p)
{
    struct buf b = buf_in(a);
    struct json_out j = json_out(&b);
    policy_write(&j, NULL, p);
    return buf_str(&b);
}

struct policy policy_of(const struct policy_row *p, const struct calendar *calendar)
{
    return (struct policy){
        .id = p->id,
        .name = p->name,
        .channel = p->channel,
        .scheme = p->scheme,
        .account_id = p->account_id,
        .step = p->step,
        .minutes = p->minutes,
        .clock = p->clock,
        .calendar_id = p->calendar_id,
        .calendar = p->clock == SLA_WORKING ? calendar : NULL,
        .pause_marks = (unsigned)bits_read(pause_names, p->pause_statuses),
        .red_minutes = p->red_minutes,
        .red_share_bp = p->red_share_bp,
    };
}

/* ---- calendars ---- */

bool calendar_read_json(struct arena *a, const struct json *json, enum record_read_mode mode,
                        struct calendar_row *io, struct err *err)
{
    static const char *const apart[] = { "days", "holidays", NULL };
    struct calendar_row c = *io;
    struct calendar checked = { 0 };
    const struct json *days = json_get(json, "days"), *holidays = json_get(json, "holidays");
    bool ok = record_read_json(&calendar_record, body_without(a, json, apart), mode, a, &c, NULL, err);
    if (days)
        c.days = json_print(a, days);
    if (holidays)
        c.holidays = json_is_null(holidays) ? STR("[]") : json_print(a, holidays);
    if (!c.days.len)
        return err_add(err, "days", "is needed");
    /* A zone that is missing has been said already; the intervals are still looked at. */
    if (!calendar_read(a, ok ? c.zone : STR("UTC"), c.days, c.holidays, &checked, err) || !ok)
        return false;
    c.name = str_trim(c.name);
    *io = c;
    return true;
}

void calendar_write(struct json_out *j, const char *key, const struct calendar_row *c)
{
    json_begin(j, key, '{');
    record_write_fields(&calendar_record, c, j, NULL);
    json_raw(j, "days", c->days);
    json_raw(j, "holidays", c->holidays);
    json_end(j);
}

str calendar_audit(struct arena *a, const struct calendar_row *c)
{
    struct buf b = buf_in(a);
    struct json_out j = json_out(&b);
    calendar_write(&j, NULL, c);
    return buf_str(&b);
}

/* ---- what a shop begins with ---- */

enum word { WORD_CALENDAR, WORD_CONFIRM, WORD_ASSEMBLE, WORD_HAND_OVER, WORD_COUNT };
/* clang-format off */
static const struct { str language, words[WORD_COUNT]; } tongues[] = {
    { STR_INIT("ru"), { STR_INIT("Рабочее время"), STR_INIT("подтвердить"), STR_INIT("собрать"), STR_INIT("передать") } },
    { STR_INIT("kk"), { STR_INIT("Жұмыс уақыты"), STR_INIT("растау"), STR_INIT("жинау"), STR_INIT("тапсыру") } },
    { STR_INIT("uk"), { STR_INIT("Робочий час"), STR_INIT("підтвердити"), STR_INIT("зібрати"), STR_INIT("передати") } },
    { STR_INIT("en"), { STR_INIT("Working hours"), STR_INIT("confirm"), STR_INIT("assemble"), STR_INIT("hand over") } },
};
/* clang-format on */

static str word_in(str language, enum word w)
{
    for (int i = 0; i < COUNT_OF(tongues); i++)
        if (str_eq(tongues[i].language, language))
            return tongues[i].words[w];
    return tongues[COUNT_OF(tongues) - 1].words[w];
}

struct calendar_row calendar_default(struct arena *a, str language, str zone)
{
    static const char office[] = "[[\"09:00\",\"13:00\"],[\"14:00\",\"18:00\"]]";
    return (struct calendar_row){
        .name = word_in(language, WORD_CALENDAR),
        .zone = zone,
        .holidays = STR("[]"),
        .version = 1,
        .days = str_print(a, "[%s,%s,%s,%s,%s,[],[]]", office, office, office, office, office),
    };
}

/* Kaspi tells when the courier comes, Ozon when to ship: these are earlier where they are given. Wildberries tells nothing:
 * an order is late after three days. A confirmation is due within a day everywhere. */
void policies_default(struct arena *a, str language, struct policy_row_list *out)
{
    static const struct {
        const char *channel, *title;
        enum sla_step step;
        enum word word;
        int64_t hours, red_minutes;
    } rows[] = {
        { "kaspi", "Kaspi", SLA_CONFIRM, WORD_CONFIRM, 24, 120 },
        { "kaspi", "Kaspi", SLA_ASSEMBLE, WORD_ASSEMBLE, 24, 120 },
        { "kaspi", "Kaspi", SLA_HAND_OVER, WORD_HAND_OVER, 24, 120 },
        { "wildberries", "Wildberries", SLA_CONFIRM, WORD_CONFIRM, 24, 120 },
        { "wildberries", "Wildberries", SLA_ASSEMBLE, WORD_ASSEMBLE, 48, 120 },
        { "wildberries", "Wildberries", SLA_HAND_OVER, WORD_HAND_OVER, 72, 120 },
        { "ozon", "Ozon", SLA_CONFIRM, WORD_CONFIRM, 24, 120 },
        { "ozon", "Ozon", SLA_ASSEMBLE, WORD_ASSEMBLE, 24, 120 },
        { "ozon", "Ozon", SLA_HAND_OVER, WORD_HAND_OVER, 24, 120 },
    };
    for (int i = 0; i < COUNT_OF(rows); i++)
        *policy_row_list_add(out, a) = (struct policy_row){
            .name = str_print(a, "%s: %.*s", rows[i].title, STR_ARG(word_in(language, rows[i].word))),
            .channel = str_of(rows[i].channel),
            .step = rows[i].step,
            .minutes = rows[i].hours * 60,
            .clock = SLA_WALL,
            .pause_statuses = STR("hold"),
            .red_minutes = rows[i].red_minutes,
            .red_share_bp = 2000,
            .active = true,
            .version = 1,
        };
}

/* ---- settings ---- */

static bool country_ok(str s)
{
    return s.len == 2 && s.at[0] >= 'A' && s.at[0] <= 'Z' && s.at[1] >= 'A' && s.at[1] <= 'Z';
}

bool settings_check(const struct shop_settings *s, struct err *err)
{
    bool ok = true;
    if (!currency_known(s->currency))
        ok = err_add(err, "currency", "must be one of KZT, RUB, UAH, BYN, USD, EUR, CNY, KGS");
    if (!country_ok(s->country))
        ok = err_add(err, "country", "must be two capital letters such as \"KZ\"");
    if (!zone_find(s->time_zone))
        ok = err_add(err, "time_zone", "is not a time zone such as \"Asia/Almaty\"");
    return ok;
}
