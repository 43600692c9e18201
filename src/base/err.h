/* err.h - the one way to fail: return false with one struct err filled. On the caller's stack, no allocation.
 *
 *     if (qty > left)
 *         return err_set(err, ERR_STOCK_NOT_ENOUGH, "qty", "only %lld left", (long long)left);
 *
 * Assertions are for bugs, errors are for the world. Nobody logs and returns: the edge that ends the work logs once.
 */
#pragma once
#include "base/str.h"

enum err_code {
    ERR_NONE,
    ERR_BODY_INVALID,       /* some fields are wrong */
    ERR_BODY_SYNTAX,        /* not JSON, not UTF-8, too deep */
    ERR_BODY_TOO_LARGE,
    ERR_BODY_TYPE,          /* media type not taken */
    ERR_QUERY_INVALID,      /* a filter or parameter of the address is wrong */
    ERR_NOT_FOUND,
    ERR_METHOD,
    ERR_SIGN_IN,            /* nobody is signed in, or the session is over */
    ERR_FORBIDDEN,
    ERR_CREDENTIALS,        /* wrong login or password */
    ERR_SECOND_FACTOR,      /* the password is right, a code is needed too */
    ERR_SECOND_FACTOR_WRONG,
    ERR_SECOND_FACTOR_DUE,  /* the role demands one: it must be set up before anything else */
    ERR_TOO_MANY,           /* slow down; retry_after_s */
    ERR_CSRF,
    ERR_VERSION_MISSING,    /* If-Match is needed */
    ERR_VERSION_OLD,        /* somebody changed this meanwhile */
    ERR_CONFLICT,           /* clashes with something that exists */
    ERR_KEY_REUSED,         /* same Idempotency-Key, another request */
    ERR_ACTION_REFUSED,     /* the order is not in a state for this */
    ERR_UNDO_LATE,          /* the hold window is over */
    ERR_CHANNEL_DOWN,       /* no answer, or 5xx */
    ERR_CHANNEL_BUSY,       /* 429; retry_after_s */
    ERR_CHANNEL_AUTH,       /* key refused */
    ERR_CHANNEL_REFUSED,    /* understood and refused */
    ERR_CHANNEL_UNKNOWN,    /* sent, but the outcome is not known: read back first */
    ERR_CHANNEL_PAYLOAD,    /* the reply is not what we know: `field` is the path */
    ERR_CHANNEL_STATUS,     /* a status word we do not know */
    ERR_CHANNEL_RETIRED,    /* the method no longer exists */
    ERR_STORE_NEWER,        /* database of a newer version */
    ERR_DB_BUSY,
    ERR_DB_FULL,            /* no space left */
    ERR_DB_DOWN,
    ERR_DB_DISK,            /* its file cannot be read or written at the moment */
    ERR_DB_CONFLICT,        /* unique or foreign key refused it */
    ERR_DB,                 /* anything else the database says */
    ERR_FILE,               /* cannot read or write a file */
    ERR_SETTING,            /* configuration is wrong */
    ERR_LIMIT,              /* a limit of ours was crossed */
    ERR_BUSY,               /* overloaded; retry_after_s */
    ERR_INTERNAL,
    ERR_COUNT
};

#define ERR_ITEMS_MAX 24
struct err_item {
    char field[64];
    char text[200];
};
struct err {
    enum err_code   code;               /* ERR_NONE until something failed */
    int             count;              /* items used; at least 1 when failed */
    struct err_item item[ERR_ITEMS_MAX];
    char            trail[320];         /* "import row 12 < read offers.csv": for the log, never for the client */
    int             retry_after_s;      /* 0 = unknown */
};

struct err_kind {
    const char *code;                   /* stable, for clients: "order.action_refused" */
    int         http;
    bool        retry;                  /* may a worker try again by itself? */
    const char *title;                  /* English sentence; screens have their own texts by code */
};
const struct err_kind *err_kind(enum err_code);

/* Sets the first item (a later err_set on a failed err keeps the code and adds to the trail). Always returns false. */
bool err_set(struct err *, enum err_code, const char *field, const char *fmt, ...) PRINTF_LIKE(4, 5);
/* Adds a further field error; ERR_BODY_INVALID if none was set yet. Past ERR_ITEMS_MAX they are dropped. Returns false. */
bool err_add(struct err *, const char *field, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* Says where the error passed. Returns false. */
bool err_note(struct err *, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Puts "prefix." before every field ("lines.0" + "qty"). */
void err_under(struct err *, const char *prefix);
#if defined(__clang_analyzer__) && !defined(ERR_SOURCE)
/* An analyzer sees one file at a time: what these return is told to it here, or it follows roads that end in the line before. */
#define err_set(...) (err_set(__VA_ARGS__), false)
#define err_add(...) (err_add(__VA_ARGS__), false)
#define err_note(...) (err_note(__VA_ARGS__), false)
#endif
static inline bool err_is_set(const struct err *e) { return e->code != ERR_NONE; }
void err_clear(struct err *);
/* One line for people: "total: must be an amount (and 2 more)". */
str  err_line(struct arena *, const struct err *);
