#define ERR_SOURCE                      /* the names themselves */
#include "base/err.h"

#include "base/arena.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

enum { NO_RETRY = false, RETRY = true };

// clang-format off
static const struct err_kind kinds[] = {
    /*                           code for clients         HTTP  worker retries?  title */
    [ERR_NONE]               = { "none",                  200,  NO_RETRY, "Nothing is wrong." },
    [ERR_BODY_INVALID]       = { "body.invalid",          422,  NO_RETRY, "Some fields are wrong." },
    [ERR_BODY_SYNTAX]        = { "body.syntax",           400,  NO_RETRY, "The content cannot be read." },
    [ERR_BODY_TOO_LARGE]     = { "body.too_large",        413,  NO_RETRY, "The content is too large." },
    [ERR_BODY_TYPE]          = { "body.type",             415,  NO_RETRY, "This type of content is not taken here." },
    [ERR_QUERY_INVALID]      = { "query.invalid",         400,  NO_RETRY, "A parameter of the address is wrong." },
    [ERR_NOT_FOUND]          = { "not_found",             404,  NO_RETRY, "There is no such thing, or you may not see it." },
    [ERR_METHOD]             = { "method",                405,  NO_RETRY, "This address does not take this method." },
    [ERR_SIGN_IN]            = { "sign_in",               401,  NO_RETRY, "Please sign in." },
    [ERR_FORBIDDEN]          = { "forbidden",             403,  NO_RETRY, "You may not do this." },
    [ERR_CREDENTIALS]        = { "credentials",           401,  NO_RETRY, "The login or the password is wrong." },
    [ERR_SECOND_FACTOR]      = { "second_factor",         401,  NO_RETRY, "A code of the second factor is needed." },
    [ERR_SECOND_FACTOR_WRONG] = { "second_factor.wrong",  401,  NO_RETRY, "The code is wrong, over or was used before." },
    [ERR_SECOND_FACTOR_DUE]  = { "second_factor.due",     403,  NO_RETRY, "Your role demands a second factor: set it up first." },
    [ERR_TOO_MANY]           = { "too_many",              429,  RETRY,    "Too many attempts, slow down." },
    [ERR_CSRF]               = { "csrf",                  403,  NO_RETRY, "The request does not come from our own page." },
    [ERR_VERSION_MISSING]    = { "version.missing",       428,  NO_RETRY, "Say which version you are changing." },
    [ERR_VERSION_OLD]        = { "version.old",           412,  NO_RETRY, "Somebody changed this meanwhile." },
    [ERR_CONFLICT]           = { "conflict",              409,  NO_RETRY, "This clashes with something that exists." },
    [ERR_KEY_REUSED]         = { "key.reused",            422,  NO_RETRY, "This key was used for another request." },
    [ERR_ACTION_REFUSED]     = { "order.action_refused",  409,  NO_RETRY, "The order is not in a state for this." },
    [ERR_UNDO_LATE]          = { "undo.late",             409,  NO_RETRY, "It is too late to undo this." },
    [ERR_CHANNEL_DOWN]       = { "channel.down",          502,  RETRY,    "The marketplace does not answer." },
    [ERR_CHANNEL_BUSY]       = { "channel.busy",          503,  RETRY,    "The marketplace asks us to slow down." },
    [ERR_CHANNEL_AUTH]       = { "channel.auth",          409,  NO_RETRY, "The marketplace refuses our key." },
    [ERR_CHANNEL_REFUSED]    = { "channel.refused",       409,  NO_RETRY, "The marketplace refused." },
    [ERR_CHANNEL_UNKNOWN]    = { "channel.unknown",       502,  NO_RETRY, "Sent, but the marketplace did not say what came of it." },
    [ERR_CHANNEL_PAYLOAD]    = { "channel.payload",       502,  NO_RETRY, "The marketplace answered something we do not know." },
    [ERR_CHANNEL_STATUS]     = { "channel.status",        409,  NO_RETRY, "The marketplace uses a status we do not know." },
    [ERR_CHANNEL_RETIRED]    = { "channel.retired",       502,  NO_RETRY, "The marketplace no longer offers this." },
    [ERR_STORE_NEWER]        = { "store.newer",           500,  NO_RETRY, "The database belongs to a newer version." },
    [ERR_DB_BUSY]            = { "busy",                  503,  RETRY,    "Busy, try again." },
    [ERR_DB_FULL]            = { "db.full",               507,  RETRY,    "There is no space left for the database." },
    [ERR_DB_DOWN]            = { "db.down",               503,  RETRY,    "The database does not answer." },
    [ERR_DB_DISK]            = { "db.disk",               503,  RETRY,    "The database's disk cannot be read or written." },
    [ERR_DB_CONFLICT]        = { "db.conflict",           409,  NO_RETRY, "Something with the same key exists, or something is missing." },
    [ERR_DB]                 = { "db",                    500,  NO_RETRY, "The database refused." },
    [ERR_FILE]               = { "file",                  500,  NO_RETRY, "A file cannot be read or written." },
    [ERR_SETTING]            = { "setting",               500,  NO_RETRY, "A setting is wrong." },
    [ERR_LIMIT]              = { "limit",                 422,  NO_RETRY, "This is more than we take." },
    [ERR_BUSY]               = { "overloaded",            503,  RETRY,    "Too much work at the moment, try again." },
    [ERR_INTERNAL]           = { "internal",              500,  NO_RETRY, "Something broke on our side." },
};
// clang-format on
_Static_assert(COUNT_OF(kinds) == ERR_COUNT, "a row per error code");

const struct err_kind *err_kind(enum err_code code)
{
    return &kinds[(unsigned)code < ERR_COUNT ? code : ERR_INTERNAL];
}

/* snprintf may cut a code point in two; error texts go out as JSON and must stay UTF-8. Bad bytes that came in through an
 * argument are replaced by '?' for the same reason. */
static void text_tidy(char *text)
{
    size_t len = strlen(text);
    if (utf8_valid((str){ text, len }))
        return;
    size_t tail = utf8_cut((str){ text, len }, len ? len - 1 : 0).len;
    if (utf8_valid((str){ text, tail })) {
        text[tail] = 0;
        return;
    }
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] >= 0x80)
            text[i] = '?';
}

static void item_fill(struct err *e, const char *field, const char *fmt, va_list args)
{
    if (e->count >= ERR_ITEMS_MAX)
        return;
    struct err_item *item = &e->item[e->count++];
    snprintf(item->field, sizeof item->field, "%s", field ? field : "");
    vsnprintf(item->text, sizeof item->text, fmt, args);
    text_tidy(item->field);
    text_tidy(item->text);
}

/* Newest first: the trail reads from the outermost work to the cause. What does not fit loses its end. */
static void trail_add(struct err *e, const char *field, const char *fmt, va_list args)
{
    char old[sizeof e->trail], text[sizeof e->trail];
    memcpy(old, e->trail, sizeof old);
    vsnprintf(text, sizeof text, fmt, args);
    int len = snprintf(e->trail, sizeof e->trail, "%s%s%s", field ? field : "", field && *field ? ": " : "", text);
    if (len >= 0 && *old && (size_t)len < sizeof e->trail) {
        int more = snprintf(e->trail + len, sizeof e->trail - (size_t)len, " < %s", old);
        if (more < 0)                   /* asking keeps gcc quiet: to be cut is what the trail is made for */
            e->trail[len] = 0;
    }
    text_tidy(e->trail);
}

bool err_set(struct err *e, enum err_code code, const char *field, const char *fmt, ...)
{
    va_list args;
    assert(code != ERR_NONE);
    va_start(args, fmt);
    if (e->code == ERR_NONE) {
        e->code     = code;
        e->count    = 0;
        e->trail[0] = 0;
        item_fill(e, field, fmt, args);
    } else {
        trail_add(e, field, fmt, args);
    }
    va_end(args);
    return false;
}

bool err_add(struct err *e, const char *field, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    if (e->code == ERR_NONE) {
        e->code     = ERR_BODY_INVALID;
        e->count    = 0;
        e->trail[0] = 0;
    }
    item_fill(e, field, fmt, args);
    va_end(args);
    return false;
}

bool err_note(struct err *e, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    trail_add(e, NULL, fmt, args);
    va_end(args);
    return false;
}

void err_under(struct err *e, const char *prefix)
{
    for (int i = 0; i < e->count; i++) {
        char  old[sizeof e->item[i].field];
        char *field = e->item[i].field;
        memcpy(old, field, sizeof old);
        if (snprintf(field, sizeof old, "%s%s%s", prefix, *old ? "." : "", old) >= 0)
            text_tidy(field);
    }
}

/* Only what says that something failed: the items are 6 KB that nobody reads while count is 0. */
void err_clear(struct err *e)
{
    e->code          = ERR_NONE;
    e->count         = 0;
    e->trail[0]      = 0;
    e->retry_after_s = 0;
}

str err_line(struct arena *a, const struct err *e)
{
    if (e->code == ERR_NONE)
        return (str){ 0 };
    if (e->count == 0)
        return str_of(err_kind(e->code)->title);
    const struct err_item *item = &e->item[0];
    const char            *sep  = *item->field ? ": " : "";
    if (e->count == 1)
        return str_print(a, "%s%s%s", item->field, sep, item->text);
    return str_print(a, "%s%s%s (and %d more)", item->field, sep, item->text, e->count - 1);
}
