/* log.h - one JSON object per line: event name and pairs. Names of people, addresses, phones and secrets are never logged.
 *
 *     log_info(log, "order.stored", LOG_STR("number", o->number), LOG_INT("lines", n));
 */
#pragma once
#include "base/arena.h"
#include "base/clock.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };
struct log {
    int            fd;                  /* 2 by default; -1 = silent */
    enum log_level level;
    const struct clock *clock;
    char           context[64];         /* request or job id, added to every line */
};
struct log_pair { const char *name; int kind; str text; int64_t number; };   /* kind 0 text, 1 number */
#define LOG_STR(n, s)  ((struct log_pair){ (n), 0, (s), 0 })
#define LOG_TEXT(n, z) ((struct log_pair){ (n), 0, str_of(z), 0 })
#define LOG_INT(n, i)  ((struct log_pair){ (n), 1, { 0 }, (int64_t)(i) })

void log_write(const struct log *, enum log_level, const char *event, int pairs, const struct log_pair *);
#define LOG_PAIRS_(...) (int)(sizeof((struct log_pair[]){ __VA_ARGS__ }) / sizeof(struct log_pair)), (struct log_pair[]){ __VA_ARGS__ }
#define log_debug(log, event, ...) log_write((log), LOG_DEBUG, (event), LOG_PAIRS_(__VA_ARGS__))
#define log_info(log, event, ...)  log_write((log), LOG_INFO, (event), LOG_PAIRS_(__VA_ARGS__))
#define log_warn(log, event, ...)  log_write((log), LOG_WARN, (event), LOG_PAIRS_(__VA_ARGS__))
#define log_error(log, event, ...) log_write((log), LOG_ERROR, (event), LOG_PAIRS_(__VA_ARGS__))
