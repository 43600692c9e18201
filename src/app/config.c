#include "app/config.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_BYTES_MAX 65536

/* clang-format off */
static const struct field config_fields[] = {
    FIELD(config, home,                .max = 400, .doc = "data folder"),
    FIELD(config, db,                  .max = 1000, .doc = "sqlite:FILE or postgresql://… (default sqlite:<home>/sauda.db)"),
    FIELD(config, listen,              .max = 100, .doc = "ADDRESS:PORT of the server (default 127.0.0.1:8080); port 0 takes a free one"),
    FIELD(config, key_file,            .max = 400, .doc = "key that seals marketplace tokens (default <home>/sauda.key)"),
    FIELD(config, log_level,           .max = 10, .doc = "debug, info, warn or error (default info)"),
    FIELD(config, allow_private_hosts, .doc = "marketplaces and hooks may be on private addresses, as the sandbox is (default no)"),
    FIELD(config, mail_ca_file,        .max = 400, .doc = "PEM file of the authority that signed the mail relay's certificate (default: the system's)"),
    FIELD(config, sync,                .doc = "talk to the marketplaces (default yes)"),
    FIELD(config, request_threads,     .min = 1, .max = 256, .doc = "requests worked on at once (default 32)"),
    FIELD(config, audit_days,          .min = 30, .max = 36500, .doc = "days that the log of changes is kept (default 1096: three years)"),
    FIELD(config, sync_normal,         .doc = "SQLite writes without waiting for the disk at each commit (default no)"),
    FIELD(config, clock,               .max = 40, .doc = "for tests and demos: 2026-12-16T04:04:00Z stands still, with + behind it runs on"),
    FIELD(config, control_token,       .access = SECRET, .max = 200, .doc = "for tests: opens /test routes"),
};
/* clang-format on */
const struct record config_record = RECORD(config, "config", config_fields);

struct loading {
    struct arena  *arena;
    struct config *out;
    const char   **sources;
    struct err    *err;
    bool           wrong;
};

static void refuse(struct loading *l, const char *name, const char *fmt, str value)
{
    l->wrong = true;
    str text = str_print(l->arena, fmt, STR_ARG(utf8_cut(utf8_mend(l->arena, value), 80)));
    err_add(l->err, name, "%.*s", STR_ARG(text));
}

static bool yes_or_no(str value, bool *out)
{
    static const char *const words[2][5] = { { "no", "false", "off", "0", NULL }, { "yes", "true", "on", "1", NULL } };
    for (int truth = 0; truth < 2; truth++)
        for (int i = 0; words[truth][i]; i++)
            if (str_is(value, words[truth][i])) {
                *out = truth;
                return true;
            }
    return false;
}

static void *member(struct loading *l, const struct field *f) { return (char *)l->out + f->offset; }

static void take(struct loading *l, const struct field *f, str value, const char *source)
{
    int64_t number;
    switch ((enum kind)f->kind) {
    case KIND_BOOL:
        if (!yes_or_no(value, member(l, f)))
            refuse(l, f->name, "must be yes or no, not \"%.*s\"", value);
        break;
    case KIND_INT:
        if (!str_to_int(value, &number) || number < f->min || number > f->max) {
            str range = str_print(l->arena, "must be a whole number from %lld to %lld", (long long)f->min, (long long)f->max);
            refuse(l, f->name, "%.*s", range);
        } else {
            *(int64_t *)member(l, f) = number;
        }
        break;
    default:
        if ((int64_t)value.len > f->max || !utf8_valid(value) || memchr(value.at ? value.at : "", 0, value.len))
            refuse(l, f->name, "is too long or no text: \"%.*s\"", value);
        else
            *(str *)member(l, f) = str_copy(l->arena, value);
    }
    l->sources[f - config_fields] = source;
}

/* ---- where values come from ---- */

static str home_default(struct arena *a)
{
    const char *home = getenv("HOME"), *data = getenv("XDG_DATA_HOME");
    if (data && data[0] == '/')
        return str_print(a, "%s/sauda", data);
    if (!home || home[0] != '/') {
        const struct passwd *me = getpwuid(getuid());
        home = me ? me->pw_dir : NULL;
    }
    return home ? str_print(a, "%s/.local/share/sauda", home) : STR("");
}

static void take_environment(struct loading *l)
{
    for (int i = 0; i < COUNT_OF(config_fields); i++) {
        char  name[64] = "SAUDA_";
        for (size_t k = 0; config_fields[i].name[k] && k < sizeof name - 8; k++)
            name[6 + k] = (char)toupper((unsigned char)config_fields[i].name[k]);
        const char *value = getenv(name);
        if (value && value[0])
            take(l, &config_fields[i], str_of(value), "environment");
    }
}

static void take_line(struct loading *l, str line, int number)
{
    str key, value = str_trim(line);
    if (!value.len || value.at[0] == '#')
        return;
    bool is_pair = str_has(value, STR("=")) && str_split(&value, '=', &key);
    if (!is_pair) {
        refuse(l, "config", "a line must be \"key = value\", not \"%.*s\"", line);
        return;
    }
    key   = str_trim(key);
    value = str_trim(value);
    ptrdiff_t comment = str_find(value, STR("# "));
    if (comment == 0 || (comment > 0 && value.at[comment - 1] == ' '))
        value = str_trim(str_sub(value, 0, (size_t)comment));
    if (value.len >= 2 && value.at[0] == '"' && value.at[value.len - 1] == '"')
        value = str_sub(value, 1, value.len - 2);
    const struct field *f = record_field(&config_record, key);
    if (!f)
        refuse(l, "config", "\"%.*s\" is not a setting; `sauda config` lists them",
               str_print(l->arena, "%.*s (line %d)", STR_ARG(utf8_cut(key, 40)), number));
    else
        take(l, f, value, "file");
}

static bool file_text(struct arena *a, const char *path, str *out, struct err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_set(err, ERR_SETTING, "config", "cannot open %s: %s", path, strerror(errno));
    char   *at  = arena_alloc(a, FILE_BYTES_MAX + 1);
    size_t  len = 0;
    ssize_t n;
    while (len <= FILE_BYTES_MAX && (n = read(fd, at + len, FILE_BYTES_MAX + 1 - len)) > 0)
        len += (size_t)n;
    bool failed = len <= FILE_BYTES_MAX && n < 0;
    int  why    = errno;
    close(fd);
    if (failed)
        return err_set(err, ERR_SETTING, "config", "cannot read %s: %s", path, strerror(why));
    if (len > FILE_BYTES_MAX || !utf8_valid((str){ at, len }))
        return err_set(err, ERR_SETTING, "config", "%s is no settings file: UTF-8 text of at most 64 KiB is", path);
    *out = (str){ at, len };
    return true;
}

static bool take_file(struct loading *l, const char *path)
{
    str text, line;
    if (!file_text(l->arena, path, &text, l->err))
        return false;
    for (int number = 1; text.len && str_split(&text, '\n', &line); number++)
        take_line(l, line, number);
    return true;
}

/* A name among the flags, the last one wins; the environment comes next. */
static str told(const struct flag *flags, int count, const char *name, const char *variable)
{
    for (int i = count - 1; i >= 0; i--)
        if (str_is(flags[i].name, name))
            return flags[i].value;
    return str_of(getenv(variable));
}

/* ---- what must hold ---- */

static void check_clock(struct loading *l)
{
    str     clock = l->out->clock;
    instant at;
    if (str_ends(clock, STR("+")))
        clock.len--;
    if (clock.len && !instant_parse(clock, &at))
        refuse(l, "clock", "must be a time such as 2026-12-16T04:04:00Z, not \"%.*s\"", clock);
}

static void check(struct loading *l)
{
    static const char *const levels[] = { "debug", "info", "warn", "error" };
    struct config *c = l->out;
    struct err     bad = { 0 };
    str            address;
    int            port;
    bool           known = false;

    for (int i = 0; i < COUNT_OF(levels); i++)
        known |= str_is(c->log_level, levels[i]);
    if (!known)
        refuse(l, "log_level", "must be debug, info, warn or error, not \"%.*s\"", c->log_level);
    if (!config_listen(c->listen, &address, &port, &bad))
        refuse(l, "listen", "%.*s", str_of(bad.item[0].text));
    if (!c->home.len)
        refuse(l, "home", "%.*s", STR("no folder of the user is known: set HOME or SAUDA_HOME"));
    if (!(str_starts(c->db, STR("sqlite:")) && c->db.len > 7) && !str_starts(c->db, STR("postgresql://")) &&
        !str_starts(c->db, STR("postgres://")))
        refuse(l, "db", "%.*s", STR("must be sqlite:FILE or postgresql://…"));
    check_clock(l);
}

bool config_load(struct arena *a, const char *file, const struct flag *flags, int count, struct config *out,
                 const char **sources, struct err *err)
{
    const char    *ignored[RECORD_FIELDS_MAX];
    struct loading l = { a, out, sources ? sources : ignored, err, false };

    *out = (struct config){ .listen = STR("127.0.0.1:8080"), .log_level = STR("info"), .sync = true, .request_threads = 32,
                             .audit_days = 1096 };
    for (int i = 0; i < COUNT_OF(config_fields); i++)
        l.sources[i] = "default";
    str home = told(flags, count, "home", "SAUDA_HOME");
    out->home = home.len ? str_copy(a, home) : home_default(a);
    str own = str_print(a, "%.*s/sauda.conf", STR_ARG(out->home));
    if (!file && out->home.len && access(str_zero(a, own), F_OK) == 0)
        file = str_zero(a, own);
    if (file && !take_file(&l, file))
        return false;
    take_environment(&l);
    for (int i = 0; i < count; i++) {
        const struct field *f = record_field(&config_record, flags[i].name);
        if (f)
            take(&l, f, flags[i].value, "flag");
        else
            refuse(&l, "flag", "\"%.*s\" is not a setting", flags[i].name);
    }
    if (!out->db.len)
        out->db = str_print(a, "sqlite:%.*s/sauda.db", STR_ARG(out->home));
    if (!out->key_file.len)
        out->key_file = str_print(a, "%.*s/sauda.key", STR_ARG(out->home));
    check(&l);
    if (l.wrong)
        err->code = ERR_SETTING;
    return !l.wrong;
}

bool config_listen(str listen, str *address, int *port, struct err *err)
{
    static const char form[] = "must be ADDRESS:PORT such as 127.0.0.1:8080 or [::1]:8080";
    const char *colon = listen.len ? memrchr(listen.at, ':', listen.len) : NULL;
    char        text[64];
    int64_t     number;
    struct in6_addr ignored;

    if (!colon)
        return err_set(err, ERR_SETTING, "listen", "%s", form);
    str host = str_sub(listen, 0, (size_t)(colon - listen.at)), tail = str_sub(listen, host.len + 1, SIZE_MAX);
    bool is_v6 = host.len >= 2 && host.at[0] == '[' && host.at[host.len - 1] == ']';
    if (is_v6)
        host = str_sub(host, 1, host.len - 2);
    if (str_is(host, "localhost"))
        host = STR("127.0.0.1");
    if (!str_to_int(tail, &number) || number < 0 || number > 65535 || host.len >= sizeof text)
        return err_set(err, ERR_SETTING, "listen", "%s", form);
    memcpy(text, host.at, host.len);
    text[host.len] = 0;
    if (inet_pton(is_v6 ? AF_INET6 : AF_INET, text, &ignored) != 1)
        return err_set(err, ERR_SETTING, "listen", "%s", form);
    *address = host;
    *port    = (int)number;
    return true;
}
