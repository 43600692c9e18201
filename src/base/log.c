#include "base/log.h"

#include "base/json_write.h"

#include <unistd.h>

#define LINE_BYTES 4096         /* on the stack; longer lines spill to the heap */
#define TEXT_BYTES 2000         /* of one value: a log is no place for payloads */

static const char *const level_names[] = { [LOG_DEBUG] = "debug", [LOG_INFO] = "info", [LOG_WARN] = "warn", [LOG_ERROR] = "error" };
_Static_assert(COUNT_OF(level_names) == LOG_ERROR + 1, "a name per level");

static str tidy(struct arena *a, str s)
{
    str cut = utf8_cut(s, TEXT_BYTES);
    return utf8_valid(cut) ? cut : utf8_mend(a, cut);
}

void log_write(const struct log *log, enum log_level level, const char *event, int pairs, const struct log_pair *pair)
{
    if (!log || log->fd < 0 || level < log->level)
        return;
    _Alignas(16) char memory[LINE_BYTES];
    CLEANUP(arena_done) struct arena a = arena_over(memory, sizeof memory);
    struct buf      b = buf_in(&a);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    if (log->clock)
        json_instant(&j, "at", clock_now(log->clock));
    json_text(&j, "level", str_of(level_names[level]));
    json_text(&j, "event", tidy(&a, str_of(event)));
    if (*log->context)
        json_text(&j, "context", tidy(&a, (str){ log->context, strnlen(log->context, sizeof log->context) }));
    for (int i = 0; i < pairs; i++) {
        if (pair[i].kind)
            json_number(&j, pair[i].name, pair[i].number);
        else
            json_text(&j, pair[i].name, tidy(&a, pair[i].text));
    }
    json_end(&j);
    buf_add_char(&b, '\n');
    /* One write, so that lines of several threads do not mix. There is nobody to tell when it fails. */
    (void)!write(log->fd, b.at, b.len);
}
