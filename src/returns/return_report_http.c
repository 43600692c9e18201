/* Returns of any period over all channels: on the screen and as a file. */
#include "returns/return_http.h"

#include "accounts/audit.h"
#include "accounts/user.h"
#include "base/xlsx.h"
#include "deadlines/shop.h"
#include "orders/period.h"
#include "returns/return_report_store.h"

#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define DAYS_MAX   3660
#define ROWS_SHOWN 500

struct asked {
    struct request            *rq;
    struct arena              *a;
    struct period              period;
    struct report_plan         plan;
    struct report_group        total;
    struct report_group_list   groups;
    struct report_alarm_list   alarms;
    struct reason_count_list   before;  /* reasons of as many days before */
    struct report_account_list accounts;
    bool                       prices;
};

static bool choice_of(struct request *rq, const char *name, const char *const *names, int *out, struct err *err)
{
    str word = query_text(rq, name);
    *out     = word.len ? name_find(names, word) : 0;
    return *out >= 0 || err_set(err, ERR_QUERY_INVALID, name, "is not one of the names in the API document");
}

static bool ask(struct request *rq, struct asked *k, struct err *err)
{
    const struct shop  *shop  = rq->work.shop;
    struct return_scope scope = request_return_scope(rq);
    struct db          *db    = rq->work.db;
    int by, what;
    *k = (struct asked){ .rq = rq, .a = rq->work.arena, .prices = request_return_view(rq).prices };
    if (!period_of(shop->zone, rq->work.now, query_text(rq, "from"), query_text(rq, "to"), DAYS_MAX, &k->period, err) ||
        !choice_of(rq, "by", report_by_names, &by, err) || !choice_of(rq, "what", report_what_names, &what, err))
        return false;
    k->plan = (struct report_plan){ .zone = shop->zone, .currency = shop->currency, .by = (enum report_by)by, .what = (enum report_what)what,
                                    .accounts = scope.accounts, .accounts_count = scope.count, .states = scope.states };
    struct return_report *r = return_report_new(k->a, &k->plan);
    instant before = zone_instant(shop->zone, 2 * k->period.first - k->period.last - 1, 0);
    if (!report_accounts(db, k->a, &k->accounts, err) || !report_lines(db, k->period.from, k->period.until, r, err) ||
        !report_cohort(db, k->period.from, k->period.until, r, err) ||
        !report_reasons(db, before, k->period.from, &k->plan, k->a, &k->before, err))
        return false;
    k->total = return_report_total(r);
    return_report_groups(r, &k->groups);
    return_report_alarms(r, &k->alarms);
    return true;
}

static const struct report_account *account_of(const struct asked *k, rid id)
{
    for (int i = 0; i < k->accounts.count; i++)
        if (id_eq(k->accounts.at[i].id, id))
            return &k->accounts.at[i];
    return NULL;
}

static int64_t share_of(int64_t part, int64_t all)
{
    return all > 0 ? (part * 10000 + all / 2) / all : -1;
}

static int64_t before_of(const struct asked *k, str reason)
{
    for (int i = 0; i < k->before.count; i++)
        if (str_eq(k->before.at[i].reason, reason))
            return k->before.at[i].n;
    return 0;
}

/* ---- the screen ---- */

static void number_or_null(struct json_out *j, const char *key, int64_t v, bool has)
{
    if (has && v >= 0)
        json_number(j, key, v);
    else
        json_null(j, key);
}

static void group_members(struct json_out *j, const struct asked *k, const struct report_group *g)
{
    bool cohort = k->plan.by == BY_PRODUCT || k->plan.by == BY_CHANNEL || g == &k->total;
    json_number(j, "returns", g->returns);
    json_number(j, "units", g->units);
    if (k->prices)
        json_amount_text(j, "sum", (amount){ g->sum });
    else
        json_null(j, "sum");
    json_number(j, "foreign", g->foreign);
    number_or_null(j, "part_bp", share_of(g->returns, k->total.returns), true);
    number_or_null(j, "delivered", g->delivered, cohort);
    number_or_null(j, "came_back", g->came_back, cohort);
    number_or_null(j, "share_bp", share_of(g->came_back, g->delivered), cohort);
}

static void rows_write(struct json_out *j, const struct asked *k)
{
    json_begin(j, "rows", '[');
    for (int i = 0; i < k->groups.count && i < ROWS_SHOWN; i++) {
        const struct report_group   *g   = &k->groups.at[i];
        const struct report_account *acc = k->plan.by == BY_CHANNEL ? account_of(k, g->account_id) : NULL;
        json_begin(j, NULL, '{');
        json_text(j, "key", g->key);
        json_text(j, "label", acc ? acc->name : g->label);
        json_text_or_null(j, "channel", acc ? acc->channel : STR(""));
        group_members(j, k, g);
        number_or_null(j, "before", before_of(k, g->key), k->plan.by == BY_REASON);
        json_end(j);
    }
    json_end(j);
    json_number(j, "rows_all", k->groups.count);
}

static void alarms_write(struct json_out *j, const struct asked *k)
{
    json_begin(j, "alarms", '[');
    for (int i = 0; i < k->alarms.count && i < 50; i++) {
        const struct report_alarm *m = &k->alarms.at[i];
        json_begin(j, NULL, '{');
        json_text(j, "article", m->article);
        json_text(j, "title", m->title);
        json_text(j, "reason", m->reason);
        json_number(j, "count", m->count);
        json_number(j, "all", m->all);
        json_number(j, "share_bp", share_of(m->count, m->all));
        json_end(j);
    }
    json_end(j);
}

static bool report_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct asked k;
    if (!ask(rq, &k, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_text(&j, "from", date_text(k.a, k.period.first));
    json_text(&j, "to", date_text(k.a, k.period.last));
    json_text(&j, "time_zone", zone_name(rq->work.shop->zone));
    json_text(&j, "by", str_of(report_by_names[k.plan.by]));
    json_text(&j, "what", str_of(report_what_names[k.plan.what]));
    json_text(&j, "currency", k.plan.currency);
    json_begin(&j, "total", '{');
    group_members(&j, &k, &k.total);
    json_end(&j);
    rows_write(&j, &k);
    alarms_write(&j, &k);
    json_end(&j);
    return true;
}

/* ---- the file ---- */

enum word { W_REPORT, W_PERIOD, W_ZONE, W_ROWS, W_REASON, W_PRODUCT, W_CHANNEL, W_DAY, W_NAME, W_RETURNS, W_UNITS, W_SUM, W_DELIVERED, W_BACK, W_SHARE,
            W_MADE, W_COUNT };
/* clang-format off */
static const char *const words[LANGUAGE_COUNT][W_COUNT] = {
    [LANGUAGE_RU] = { "Возвраты", "Период", "Часовой пояс", "Строк", "Причина", "Артикул", "Кабинет", "День", "Название", "Возвратов", "Единиц",
                      "Сумма к возврату", "Доставлено единиц", "Из них вернулось", "Доля возвратов, %", "Составлено" },
    [LANGUAGE_KK] = { "Қайтарулар", "Кезең", "Уақыт белдеуі", "Жол саны", "Себебі", "Артикул", "Кабинет", "Күні", "Атауы", "Қайтару саны", "Дана",
                      "Қайтарылатын сома", "Жеткізілген дана", "Оның ішінде қайтты", "Қайтару үлесі, %", "Жасалды" },
    [LANGUAGE_UK] = { "Повернення", "Період", "Часовий пояс", "Рядків", "Причина", "Артикул", "Кабінет", "День", "Назва", "Повернень", "Одиниць",
                      "Сума до повернення", "Доставлено одиниць", "З них повернулося", "Частка повернень, %", "Складено" },
    [LANGUAGE_EN] = { "Returns", "Period", "Time zone", "Rows", "Reason", "SKU", "Account", "Day", "Name", "Returns", "Units",
                      "Sum to pay back", "Units delivered", "Of these came back", "Share of returns, %", "Made" },
};
/* clang-format on */

struct sheet { struct asked *k; enum language language; struct buf *csv; struct xlsx *xlsx; };

static void cell(struct sheet *s, enum xlsx_cell kind, str text, bool last)
{
    if (s->xlsx)
        xlsx_cell(s->xlsx, kind, text, last);
    else
        csv_cell(s->csv, text, last);
}

static void pair(struct sheet *s, enum word w, str text)
{
    cell(s, XLSX_TEXT, str_of(words[s->language][w]), false);
    cell(s, XLSX_TEXT, text, true);
}

static void number_cell(struct sheet *s, int64_t n, bool last)
{
    cell(s, XLSX_NUMBER, str_print(s->k->a, "%lld", (long long)n), last);
}

static void head_write(struct sheet *s)
{
    struct arena        *a = s->k->a;
    const struct period *p = &s->k->period;
    pair(s, W_REPORT, str_of(report_what_names[s->k->plan.what]));
    pair(s, W_PERIOD, str_print(a, "%.*s – %.*s", STR_ARG(date_text(a, p->first)), STR_ARG(date_text(a, p->last))));
    pair(s, W_ZONE, zone_name(s->k->plan.zone));
    pair(s, W_MADE, instant_text(a, s->k->rq->work.now));
    pair(s, W_ROWS, str_print(a, "%d", s->k->groups.count));
    static const enum word first[] = { [BY_REASON] = W_REASON, [BY_PRODUCT] = W_PRODUCT, [BY_CHANNEL] = W_CHANNEL, [BY_DAY] = W_DAY };
    cell(s, XLSX_TEXT, str_of(words[s->language][first[s->k->plan.by]]), false);
    for (enum word w = W_NAME; w <= W_SHARE; w++)
        if (w != W_SUM || s->k->prices)
            cell(s, XLSX_TEXT, str_of(words[s->language][w]), w == W_SHARE);
}

static void row_write(struct sheet *s, const struct report_group *g, str key, str label)
{
    struct asked *k      = s->k;
    int64_t       share  = share_of(g->came_back, g->delivered);
    bool          cohort = k->plan.by == BY_PRODUCT || k->plan.by == BY_CHANNEL;
    cell(s, XLSX_TEXT, key, false);
    cell(s, XLSX_TEXT, label, false);
    number_cell(s, g->returns, false);
    number_cell(s, g->units, false);
    if (k->prices)
        cell(s, XLSX_MONEY, str_print(k->a, "%s%lld.%02lld", g->sum < 0 ? "-" : "", (long long)(g->sum < 0 ? -g->sum : g->sum) / 100,
                                      (long long)(g->sum < 0 ? -g->sum : g->sum) % 100), false);
    cell(s, XLSX_NUMBER, cohort ? str_print(k->a, "%lld", (long long)g->delivered) : STR(""), false);
    cell(s, XLSX_NUMBER, cohort ? str_print(k->a, "%lld", (long long)g->came_back) : STR(""), false);
    cell(s, XLSX_NUMBER, cohort && share >= 0 ? str_print(k->a, "%lld.%02lld", (long long)share / 100, (long long)share % 100) : STR(""), true);
}

static void sheet_write(struct sheet *s)
{
    struct asked *k = s->k;
    head_write(s);
    for (int i = 0; i < k->groups.count; i++) {
        const struct report_group   *g   = &k->groups.at[i];
        const struct report_account *acc = k->plan.by == BY_CHANNEL ? account_of(k, g->account_id) : NULL;
        row_write(s, g, acc ? acc->channel : g->key, acc ? acc->name : g->label);
    }
}

static bool xlsx_body(struct sheet *s, struct buf *out, struct err *err)
{
    char path[64], room[8192];
    int  fd = memfd_create("sauda-report", MFD_CLOEXEC);
    if (fd < 0)
        return err_set(err, ERR_FILE, NULL, "no room for a spreadsheet: %s", strerror(errno));
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    bool ok = xlsx_create(s->k->a, path, str_of(words[s->language][W_REPORT]), &s->xlsx, err);
    if (ok) {
        sheet_write(s);
        ok = xlsx_finish(s->xlsx, err) && (lseek(fd, 0, SEEK_SET) == 0 || err_set(err, ERR_FILE, NULL, "the spreadsheet cannot be read"));
    }
    for (ssize_t n = 1; ok && n > 0;) {
        n = read(fd, room, sizeof room);
        if (n > 0)
            buf_add(out, (str){ room, (size_t)n });
    }
    close(fd);
    return ok;
}

static bool told_tx(struct db *db, void *ctx, struct err *err)
{
    const struct request *rq = ctx;
    struct buf      b = buf_in(rq->work.arena);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_text(&j, "filter", rq->query);
    json_end(&j);
    return audit_write(db, &rq->work, STR("returns.export"), STR("returns"), (rid){ 0 }, (str){ 0 }, buf_str(&b), err);
}

static bool file_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct asked k;
    str  word    = query_text(rq, "format");
    bool is_xlsx = str_is(word, "xlsx");
    int  lang    = name_find(language_names, rq->who.language);
    if (!permission_in(rq->who.permissions, PERM_RETURNS_SEE))
        return err_set(err, ERR_FORBIDDEN, "", "this needs the right \"%s\"", permission_names[PERM_RETURNS_SEE]);
    if (word.len && !is_xlsx && !str_is(word, "csv"))
        return err_set(err, ERR_QUERY_INVALID, "format", "must be csv or xlsx");
    if (!ask(rq, &k, err) || !db_tx(rq->work.db, told_tx, rq, err))
        return false;
    struct buf   body = buf_in(rq->work.arena);
    struct sheet s    = { .k = &k, .language = lang < 0 ? LANGUAGE_RU : (enum language)lang, .csv = &body };
    if (is_xlsx) {
        if (!xlsx_body(&s, &body, err))
            return false;
    } else {
        csv_begin(&body);
        sheet_write(&s);
    }
    rp->type = is_xlsx ? STR("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet") : STR("text/csv; charset=utf-8");
    rp->body = body;
    reply_header(rp, rq, STR("Content-Disposition"),
                 str_print(k.a, "attachment; filename=\"returns-%.*s-%.*s.%s\"", STR_ARG(date_text(k.a, k.period.first)),
                           STR_ARG(date_text(k.a, k.period.last)), is_xlsx ? "xlsx" : "csv"));
    return true;
}

/* clang-format off */
static const struct query_param report_query[] = {
    { "from", "first day, 2026-12-07; without it the week before this one" }, { "to", "last day" },
    { "by", "reason, product, channel or day" }, { "what", "returns, refusals, cancellations or all" }, { NULL, NULL }
};
static const struct query_param file_query[] = {
    { "from", "first day, 2026-12-07; without it the week before this one" }, { "to", "last day" },
    { "by", "reason, product, channel or day" }, { "what", "returns, refusals, cancellations or all" }, { "format", "csv or xlsx" }, { NULL, NULL }
};
const struct route return_report_routes[] = {
    { HTTP_GET, "/api/reports/returns", PERM_RETURNS_SEE, report_get, .reply_schema = "ReturnReport", .query = report_query,
      .doc = "Returns of a period over all channels, by reason, product, channel or day; reasons that grow", .tag = "reports" },
    { HTTP_GET, "/api/reports/returns/file", PERM_EXPORT, file_get, .query = file_query,
      .types = "text/csv application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", .doc = "The same as a file", .tag = "reports" },
    { .method = HTTP_NONE },
};
/* clang-format on */
