/* plans.c - stands between the driver and the library: asks for the plan of what is prepared. */
#include "scenario/plans.h"

#include "base/buf.h"

#include <ctype.h>
#include <dlfcn.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Tables of which a shop of a year has a hundred thousand rows and more. */
static const char *const growing[] = { "orders", "order_lines", "order_history", "order_notes", "customers", "customer_sources", "customer_keys",
                                       "customer_links", "intake_events", "events", "audit_entries", "outbox", "notices", "notice_sends",
                                       "notice_parts", "returns", "return_lines", "return_history", "refunds", "tasks", "webhook_deliveries" };

/* Pieces of statements that may walk, and why. */
static const struct { const char *piece, *why; } may[] = {
    { "DELETE FROM events WHERE id < COALESCE((SELECT id FROM events WHERE at >=", "reads what it then deletes" },
    { "FROM audit_entries o ", "newest first, as far as a page needs" },
    { "FROM tasks o ", "a person's list: tasks end, and few are open" },
    { "FROM tasks t) o", "the same" },
    { "FROM customers o WHERE (o.merged_into IS NULL AND o.state = 'active'", "a page, or a count up to a limit, in the order of an index" },
    { "DELETE FROM webhook_deliveries WHERE body LIKE", "a person who is forgotten may stand in any of them" },
    { "(SELECT COUNT(*) FROM webhook_deliveries WHERE state = 'dead')", "the doctor, asked by hand" },
    { "SELECT COUNT(*) FROM customer_sources", "once, when keys are made anew" },
};

typedef int prepare_fn(sqlite3 *, const char *, int, unsigned, sqlite3_stmt **, const char **);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t       *seen;
static size_t          seen_count, seen_room;
static char           *found;
static size_t          found_len;

static bool is_new(const char *sql)
{
    uint64_t h = 1469598103934665603u;
    for (const char *p = sql; *p; p++)
        h = (h ^ (unsigned char)*p) * 1099511628211u;
    for (size_t i = 0; i < seen_count; i++)
        if (seen[i] == h)
            return false;
    if (seen_count == seen_room) {
        seen_room = seen_room ? seen_room * 2 : 1024;
        seen      = realloc(seen, seen_room * sizeof *seen);
        if (!seen)
            abort();
    }
    seen[seen_count++] = h;
    return true;
}

static bool is_word(char c) { return isalnum((unsigned char)c) || c == '_'; }

/* Does `alias` stand for a growing table in this text? The same letter may stand for several: one is enough. */
static bool is_growing(const char *sql, const char *alias, size_t len)
{
    for (size_t t = 0; t < sizeof growing / sizeof *growing; t++) {
        size_t n = strlen(growing[t]);
        if (n == len && strncmp(growing[t], alias, n) == 0)
            return true;
        for (const char *at = strstr(sql, growing[t]); at; at = strstr(at + 1, growing[t])) {
            const char *next = at + n + (strncmp(at + n, " AS ", 4) == 0 ? 4 : 1);
            if (at > sql && at[-1] == ' ' && at[n] == ' ' && strncmp(next, alias, len) == 0 && !is_word(next[len]))
                return true;
        }
    }
    return false;
}

static bool is_walk(const char *sql, const char *detail)
{
    bool        search = strncmp(detail, "SEARCH ", 7) == 0;
    const char *alias  = detail + (search ? 7 : 5);
    if (!search && strncmp(detail, "SCAN ", 5) != 0)
        return false;
    size_t      len  = strcspn(alias, " ");
    const char *rest = alias + len;
    if (search ? !strstr(rest, "orders_external (account_id=?)") : strstr(rest, "INDEX") != NULL)
        return false;
    return is_growing(sql, alias, len);
}

static void look(prepare_fn *prepare, sqlite3 *conn, const char *sql)
{
    size_t        n    = strlen(sql) + 32;
    char         *text = malloc(n);
    sqlite3_stmt *st   = NULL;
    if (!text)
        abort();
    for (size_t i = 0; i < sizeof may / sizeof *may; i++)
        if (strstr(sql, may[i].piece)) {
            free(text);
            return;
        }
    snprintf(text, n, "EXPLAIN QUERY PLAN %s", sql);
    if (prepare(conn, text, -1, 0, &st, NULL) == SQLITE_OK)
        while (sqlite3_step(st) == SQLITE_ROW) {
            const char *detail = (const char *)sqlite3_column_text(st, 3);
            if (!detail || !is_walk(sql, detail))
                continue;
            char  *line = sqlite3_mprintf("%s: %.300s\n", detail, sql);
            size_t more = strlen(line);
            found       = realloc(found, found_len + more + 1);
            if (!found)
                abort();
            memcpy(found + found_len, line, more + 1);
            found_len += more;
            sqlite3_free(line);
        }
    sqlite3_finalize(st);
    free(text);
}

/* The driver's statements come by here; the library's own do not. */
int sqlite3_prepare_v3(sqlite3 *conn, const char *sql, int len, unsigned flags, sqlite3_stmt **out, const char **tail)
{
    static prepare_fn *next;
    pthread_mutex_lock(&lock);
    if (!next) {
        void *symbol = dlsym(RTLD_NEXT, "sqlite3_prepare_v3");
        memcpy(&next, &symbol, sizeof next);
    }
    prepare_fn *prepare = next;
    pthread_mutex_unlock(&lock);
    int rc = prepare(conn, sql, len, flags, out, tail);
    pthread_mutex_lock(&lock);
    if (rc == SQLITE_OK && len < 0 && is_new(sql))
        look(prepare, conn, sql);
    pthread_mutex_unlock(&lock);
    return rc;
}

str plans_bad(struct arena *a)
{
    pthread_mutex_lock(&lock);
    str out = str_copy(a, (str){ found, found_len });
    pthread_mutex_unlock(&lock);
    return out;
}
