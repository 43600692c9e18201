/* lists.h - what lists.sh found. Each list ends with name NULL. */
#pragma once
#include "db/db.h"
#include "http/http.h"
#include "record/record.h"
#include <stdarg.h>
#include <stdio.h>

struct name_table  { const char *name; const char *const *names; int count; };    /* count -1: no enum was found */
struct record_name { const char *name; const struct record *record; };
struct route_table { const char *name; const struct route *routes; };
struct store_sql   { const char *name; const struct sql *sql; int count; };

extern const struct name_table  name_tables[];
extern const struct record_name record_names[];
extern const struct route_table route_tables[];
const struct store_sql *stores_sql(void);

/* What is wrong is gathered, so that one run tells all of it and everything is closed before the test fails. */
struct findings { char text[8192]; size_t len; };

__attribute__((unused)) static void found(struct findings *, const char *fmt, ...) PRINTF_LIKE(2, 3);
static void found(struct findings *f, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(f->text + f->len, sizeof f->text - f->len, fmt, args);
    va_end(args);
    if (n > 0)
        f->len = f->len + (size_t)n < sizeof f->text - 2 ? f->len + (size_t)n : sizeof f->text - 2;
    f->text[f->len++] = '\n';
    f->text[f->len < sizeof f->text ? f->len : --f->len] = 0;
}
#define NOTHING_FOUND(findings)                 \
    do {                                        \
        if ((findings).len)                     \
            fail_msg("\n%s", (findings).text);  \
    } while (0)
