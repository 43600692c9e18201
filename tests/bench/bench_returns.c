#include "bench/bench_returns.h"

#include "base/buf.h"
#include "base/secret.h"
#include "bench/bench.h"
#include "bench/fill.h"
#include "bench/talk.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define AUTH   "Authorization: Bearer " FILL_KEY "\r\n"
#define TOKEN  "benchbenchbenchbenchbenchbenchbenchbenchben"
#define COOKIE "Cookie: sauda_session=" TOKEN "\r\n"
#define PERSON "'120000000000000001'"
/* Of a million, one in fifty is open; the others end a month after they were asked for, every fifteen seconds one: 40 000 in a week. */
#define OPEN   "(i % 50 = 0)"
#define ASKED  "(%NOW - (%N - i) * 15000 - 60000)"
#define DUE    "(%NOW - 7200000 + (i % 20011) * 60000)"
#define ZONE   "CASE WHEN NOT " OPEN " THEN 'none' WHEN " DUE " <= %NOW THEN 'breached' WHEN " DUE " <= %NOW + 28800000 THEN 'red' " \
               "WHEN " DUE " <= %NOW + 259200000 THEN 'yellow' ELSE 'green' END"
#define SUM    "(100000 + (i * 7919) % 5000000)"
#define WITH_I "FROM (SELECT o.*, o.id - 100000000000000000 AS i FROM orders o ORDER BY o.id) o WHERE i <= %N"

static const char *const texts[] = {
    "INSERT INTO returns (id, account_id, channel, external_id, order_id, order_external, order_number, number_tail, kind, state, closed, external_state, "
    "  reason, external_reason, buyer_text, comment, decision_text, route, track, place, title, lines_count, units, photos, currency, refund_amount, problem, "
    "  rule, rule_inputs, requested_at, ended_at, deadline_step, deadline_source, deadline_total, deadline_at, yellow_at, red_at, zone, zone_next_at, "
    "  due_rank, sum_rank, draft_hash, version, created_at, updated_at, state_at) "
    "SELECT 130000000000000000 + i, account_id, channel, 'R' || i, id, external_id, number, number_tail, CASE i % 10 WHEN 0 THEN 'refusal_at_door' "
    "  ELSE 'return' END, CASE WHEN " OPEN " THEN CASE i % 3 WHEN 0 THEN 'requested' WHEN 1 THEN 'checking' ELSE 'in_transit' END ELSE 'closed' END, "
    "  NOT " OPEN ", 'OnSellerApproval', CASE i % 7 WHEN 0 THEN 'defect' WHEN 1 THEN 'changed_mind' WHEN 2 THEN 'late' ELSE 'size' END, 'Не подошёл размер', "
    "  'Мало', '', '', 'to_seller', '', '', title, 1, 1, 0, currency, " SUM ", '', '', '', " ASKED ", CASE WHEN " OPEN " THEN NULL ELSE " ASKED
    "  + 2592000000 END, CASE WHEN " OPEN " THEN 'decide_return' ELSE '' END, 'law', 0, CASE WHEN " OPEN " THEN " DUE " END, NULL, CASE WHEN " OPEN " THEN " DUE
    "  - 28800000 END, " ZONE ", CASE WHEN " OPEN " THEN %NOW + 86400000 + i END, CASE WHEN " OPEN " THEN " DUE " ELSE 9223372036854775807 END, "
    "  -" SUM ", i, 1, " ASKED ", " ASKED ", " ASKED " " WITH_I,
    "INSERT INTO return_lines (return_id, line, order_line, external_offer_id, article, title, qty, amount, condition, disposition, restocked_qty) "
    "SELECT 130000000000000000 + i, 1, 1, i % 6000, 'SKU-' || (i % 6000), title, 1, " SUM ", '', '', 0 " WITH_I,
    "INSERT INTO order_outcomes (order_id, account_id, late, delivered_at, own_fault) SELECT id, account_id, 0, " ASKED " - 3600000, 0 " WITH_I,
    "INSERT INTO notices (id, user_id, type, object, object_id, key, title, channel, step, deadline_at, at) "
    "SELECT 140000000000000000 + i, CASE WHEN i % 1000 = 0 THEN " PERSON " ELSE 120000000000000002 + i % 200 END, 'order_red', 'order', id, 'k' || i, number, "
    "  channel, 'confirm', %NOW, " ASKED " " WITH_I,
    "INSERT INTO notice_sends (id, user_id, target_id, medium, type, digest, state, not_before, tries, taken_by, lease_until, text, external, created_at, done_at) "
    "SELECT 150000000000000000 + i, CASE WHEN i % 100000 = 7 THEN " PERSON " ELSE 120000000000000002 + i % 200 END, 120000000000000002 + i % 200, 'telegram', "
    "  'order_red', 0, 'done', " ASKED ", 1, '', 0, '', i, " ASKED ", " ASKED " " WITH_I,
    "INSERT INTO notice_parts (send_id, notice_id) SELECT 150000000000000000 + i, 140000000000000000 + i " WITH_I,
    "INSERT INTO violations (object, object_id, step, account_id, cause, at, number) SELECT 'return', 130000000000000000 + i, 'decide_return', account_id, 'nobody', "
    "  " ASKED ", number " WITH_I " AND i % 20 = 0",
    "INSERT INTO users (id, login, name, password_hash, roles, accounts, state, language, time_zone, theme, density, hold_s, keys_off, version, created_at, updated_at) "
    "VALUES (" PERSON ", 'bench@sauda', 'Bench', '', 'owner', '', 'active', 'ru', '', 'system', 'normal', 5, 0, 1, 1, 1)",
    "ANALYZE",
};

/* %NOW and %N become numbers. */
static str filled_in(struct arena *a, const char *text, int64_t count)
{
    struct buf b = buf_in(a);
    for (; *text; text++)
        if (text[0] == '%' && text[1] == 'N' && text[2] == 'O') {
            buf_print(&b, "%lld", (long long)FILL_NOW_MS);
            text += 3;
        } else if (text[0] == '%' && text[1] == 'N') {
            buf_print(&b, "%lld", (long long)count);
            text++;
        } else {
            buf_add_char(&b, *text);
        }
    return buf_str(&b);
}

static void lite(sqlite3 *db, const char *sql)
{
    char *why = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK) {
        fprintf(stderr, "filling: %s\n%s\n", why, sql);
        exit(1);
    }
}

static void fill_returns(const char *path, int64_t count)
{
    struct arena a = { 0 };
    sqlite3     *db;
    if (sqlite3_open(path, &db) != SQLITE_OK)
        exit(1);
    lite(db, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-1500000; PRAGMA temp_store=2; BEGIN");
    for (int i = 0; i < COUNT_OF(texts); i++)
        lite(db, str_zero(&a, filled_in(&a, texts[i], count)));
    lite(db, str_zero(&a, str_print(&a, "INSERT INTO sessions (id, digest, user_id, csrf, created_at, last_seen_at, expires_at, address, agent) VALUES "
                                        "(1, '%.*s', " PERSON ", 'x', %lld, %lld, %lld, '', '')", STR_ARG(secret_digest(&a, STR(TOKEN))), (long long)FILL_NOW_MS,
                                    (long long)FILL_NOW_MS, (long long)(FILL_NOW_MS + DAY_MS))));
    lite(db, "COMMIT; PRAGMA journal_mode=WAL");
    sqlite3_close(db);
    arena_done(&a);
}

struct page { const char *what, *path, *headers; double at_least, aim; bool is_report; };
/* clang-format off */
static const struct page pages[] = {
    { "order queue, page of 50", "/api/queue?limit=50", AUTH, 0.6, 0.25, false },
    { "returns, page of 50", "/api/returns?limit=50", AUTH, 0.6, 0.25, false },
    { "returns of one channel and zone, 50", "/api/returns?limit=50&channel=kaspi&zone=red", AUTH, 0.6, 0.25, false },
    { "all returns, newest 50", "/api/returns?closed=1&limit=50", AUTH, 0.6, 0.25, false },
    { "claims, page of 50", "/api/claims?limit=50", AUTH, 0.6, 0.25, false },
    { "notices: the bell", "/api/notices", COOKIE, 0.6, 0.25, false },
    { "notices: what was sent to oneself", "/api/me/notices", COOKIE, 0.6, 0.25, false },
    { "counts of returns, 20 000 open", "/api/returns/counts", AUTH, 0.2, 0.02, true },
    { "report of a week of 40 000 returns, by reason", "/api/reports/returns?from=2026-12-09&to=2026-12-15", AUTH, 1, 0.3, true },
    { "  by product", "/api/reports/returns?from=2026-12-09&to=2026-12-15&by=product", AUTH, 1, 0.3, true },
    { "  as XLSX", "/api/reports/returns/file?from=2026-12-09&to=2026-12-15&by=product&format=xlsx", AUTH, 1, 0.3, true },
    { "report of missed deadlines, a week", "/api/reports/work?from=2026-12-09&to=2026-12-15", AUTH, 1, 0.3, true },
};
/* clang-format on */

/* Seconds by the clock and of the server's processor, middle of many. */
struct cost { double wall, cpu; };
static struct cost page_cost(const struct server *s, int fd, const struct page *p, int rounds)
{
    double *wall = calloc((size_t)rounds, sizeof *wall), cpu = 0;
    for (int i = -3; i < rounds; i++) {
        double since = bench_now();
        if (i == 0)
            cpu = process_cpu(s->pid);
        int status = talk(fd, "GET", p->path, p->headers, NULL);
        if (status != 200) {
            fprintf(stderr, "%s: %d\n", p->path, status);
            exit(1);
        }
        if (i >= 0)
            wall[i] = bench_now() - since;
    }
    struct cost c = { 0, (process_cpu(s->pid) - cpu) / rounds };
    c.wall = bench_median(wall, rounds);
    free(wall);
    return c;
}

void measure_returns(const char *const *environment, const char *path, int64_t count)
{
    char what[120];
    fprintf(stderr, "filling %lld returns and as many notices …\n", (long long)count);
    fill_returns(path, count);
    struct server s    = server_start("--serve", environment);
    int           fd   = dial(s.port), many = (int)bench_env("BENCH_REQUESTS", 2000);
    const char   *only = getenv("BENCH_ONLY");
    struct cost   yard = { 0 };
    for (int i = 0; i < COUNT_OF(pages); i++) {
        const struct page *p = &pages[i];
        if (i && only && !strstr(p->what, only))
            continue;
        struct cost c = page_cost(&s, fd, p, p->is_report ? 5 : many);
        snprintf(what, sizeof what, "%s, %g M", p->what, (double)count / 1e6);
        if (p->is_report) {
            bench_report(&(struct bench_row){ what, "s", c.wall, 0, p->at_least, p->aim, true });
            bench_report(&(struct bench_row){ "    processor", "s", c.cpu, 0, 0, 0, true });
        } else {
            bench_report(&(struct bench_row){ what, "ms", c.wall * 1e3, 0, p->at_least, p->aim, true });
            bench_report(&(struct bench_row){ "    processor, against the order queue", "ms", c.cpu * 1e3, i ? yard.cpu * 1e3 : 0, 0, 0, true });
        }
        if (!i)
            yard = c;
    }
    close(fd);
    server_stop(&s);
}
