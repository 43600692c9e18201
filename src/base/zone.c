#include "base/zone.h"

#include "base/arena.h"
#include "base/zone_rule.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FILE_BYTES_MAX   (256 * 1024)       /* the largest of tzdata has less than 4 KB */
#define NAME_BYTES_MAX   64
#define ZONES_MAX        1000               /* tzdata has about 600 names */
#define HEADER_BYTES     44
#define OFFSET_S_MAX     (26 * 3600)        /* RFC 8536 */
#define DAY_S            INT64_C(86400)

struct zone {
    struct zone     *next;
    str              name;
    int              count;                 /* of changes */
    const int64_t   *change_s;              /* UTC seconds, rising */
    const int32_t   *offset_s;              /* from that change on */
    int32_t          offset_first_s;        /* before the first change */
    struct zone_rule rule;                  /* after the last change, when it is set */
};

/* The one thing in base that lives outside of struct app: read-only tables of the system, filled once and never changed. */
static struct {
    pthread_mutex_t        lock;            /* for adding */
    _Atomic(struct zone *) first;           /* read without the lock: a zone is complete before it is linked */
    struct arena           arena;
    int                    count;
} zones = { .lock = PTHREAD_MUTEX_INITIALIZER };

static uint32_t number32(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static int64_t number64(const unsigned char *at) { return (int64_t)((uint64_t)number32(at) << 32 | number32(at + 4)); }

struct tzif {
    const unsigned char *data;              /* of this block, behind its header */
    uint32_t             isut, isstd, leap, times, types, chars;
    char                 version;
};

static bool tzif_header(str file, size_t from, struct tzif *out)
{
    const unsigned char *at = (const unsigned char *)file.at + from;
    if (file.len < from + HEADER_BYTES || memcmp(at, "TZif", 4) != 0)
        return false;
    *out = (struct tzif){ at + HEADER_BYTES, number32(at + 20), number32(at + 24), number32(at + 28), number32(at + 32),
                          number32(at + 36), number32(at + 40), (char)at[4] };
    return out->times < 65536 && out->types > 0 && out->types <= 256 && out->chars <= 65536 && out->isut <= 256 &&
           out->isstd <= 256 && out->leap < 65536;
}

static size_t tzif_bytes(const struct tzif *t, size_t time_bytes)
{
    return t->times * (time_bytes + 1) + t->types * 6 + t->chars + t->leap * (time_bytes + 4) + t->isstd + t->isut;
}

/* Types and times of one block. Zones that count leap seconds ("right/…") are refused: our time does not. */
static bool tzif_block(struct arena *a, const struct tzif *t, size_t time_bytes, struct zone *z)
{
    const unsigned char *times = t->data, *kinds = times + t->times * time_bytes, *types = kinds + t->times;
    int64_t *change = ARENA_ARRAY(a, int64_t, t->times);
    int32_t *offset = ARENA_ARRAY(a, int32_t, t->times);
    if (t->leap)
        return false;
    for (uint32_t i = 0; i < t->types; i++) {
        int32_t seconds = (int32_t)number32(types + 6 * i);
        if (seconds < -OFFSET_S_MAX || seconds > OFFSET_S_MAX)
            return false;
    }
    for (uint32_t i = 0; i < t->times; i++) {
        change[i] = time_bytes == 8 ? number64(times + 8 * i) : (int32_t)number32(times + 4 * i);
        if (kinds[i] >= t->types || (i && change[i] <= change[i - 1]))
            return false;
        offset[i] = (int32_t)number32(types + 6 * kinds[i]);
    }
    z->count          = (int)t->times;
    z->change_s       = change;
    z->offset_s       = offset;
    z->offset_first_s = (int32_t)number32(types);
    return true;
}

static bool tzif_read(struct arena *a, str file, struct zone *z)
{
    struct tzif t;
    if (!tzif_header(file, 0, &t))
        return false;
    size_t end = HEADER_BYTES + tzif_bytes(&t, 4);
    if (t.version == 0)
        return end <= file.len && tzif_block(a, &t, 4, z);
    if (!tzif_header(file, end, &t))
        return false;
    end += HEADER_BYTES + tzif_bytes(&t, 8);
    if (end > file.len || !tzif_block(a, &t, 8, z))
        return false;
    /* Behind the second block stands the rule for the future, between line feeds; it may be empty. */
    str rest = str_sub(file, end, file.len), line;
    if (!str_starts(rest, STR("\n")))
        return false;
    rest = str_sub(rest, 1, rest.len);
    if (!str_has(rest, STR("\n")) || !str_split(&rest, '\n', &line))
        return false;
    return line.len == 0 || zone_rule_parse(line, &z->rule);
}

static bool file_read(struct arena *a, const char *path, str *out)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    char   *bytes = arena_raw(a, FILE_BYTES_MAX);
    size_t  len   = 0;
    ssize_t got   = 0;
    while (len < FILE_BYTES_MAX && (got = read(fd, bytes + len, FILE_BYTES_MAX - len)) > 0)
        len += (size_t)got;
    close(fd);
    *out = (str){ bytes, len };
    return got == 0;
}

/* Also keeps the cache small: a file has one spelling ("Asia//Almaty" has none). */
static bool name_ok(str name)
{
    bool is_start = true;
    if (name.len == 0 || name.len > NAME_BYTES_MAX)
        return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i];
        bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '+';
        if (!is_word && (c != '/' || is_start))
            return false;
        is_start = c == '/';
    }
    return !is_start;
}

static struct zone *zone_cached(str name)
{
    for (struct zone *z = atomic_load_explicit(&zones.first, memory_order_acquire); z; z = z->next)
        if (str_eq(z->name, name))
            return z;
    return NULL;
}

static struct zone *zone_load(str name)
{
    CLEANUP(arena_done) struct arena scratch = { 0 };
    const char *folder = getenv("TZDIR");
    str path = str_print(&scratch, "%s/%.*s", folder && *folder ? folder : "/usr/share/zoneinfo", STR_ARG(name)), file;
    if (zones.count >= ZONES_MAX || !file_read(&scratch, path.at, &file))
        return NULL;
    struct arena_mark mark = arena_mark(&zones.arena);
    struct zone      *z    = ARENA_NEW(&zones.arena, struct zone);
    if (!tzif_read(&zones.arena, file, z)) {
        arena_back(&mark);
        return NULL;
    }
    z->name = str_copy(&zones.arena, name);
    z->next = atomic_load_explicit(&zones.first, memory_order_relaxed);
    atomic_store_explicit(&zones.first, z, memory_order_release);
    zones.count++;
    return z;
}

const struct zone *zone_find(str name)
{
    if (!name_ok(name))
        return NULL;
    struct zone *z = zone_cached(name);
    if (!z) {
        pthread_mutex_lock(&zones.lock);
        z = zone_cached(name);
        if (!z)
            z = zone_load(name);
        pthread_mutex_unlock(&zones.lock);
    }
    return z;
}

str zone_name(const struct zone *z) { return z->name; }

/* How many changes happened up to this second. */
static int changes_until(const struct zone *z, int64_t second)
{
    int low = 0, high = z->count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (z->change_s[middle] <= second)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The offset in force at `second`, and the second at which it may change next. */
static int offset_at(const struct zone *z, int64_t second, int64_t *until)
{
    int done = changes_until(z, second);
    if (done < z->count) {
        *until = z->change_s[done];
        return done ? z->offset_s[done - 1] : z->offset_first_s;
    }
    if (z->rule.is_set)
        return zone_rule_offset(&z->rule, second, until);
    *until = INT64_MAX;
    return done ? z->offset_s[done - 1] : z->offset_first_s;
}

static int64_t floor_div(int64_t n, int64_t by) { return n / by - (n % by < 0); }

int zone_offset_s(const struct zone *z, instant t)
{
    int64_t until;
    return offset_at(z, floor_div(t.ms, SECOND_MS), &until);
}

struct civil zone_civil(const struct zone *z, instant t)
{
    int64_t      local = t.ms + zone_offset_s(z, t) * SECOND_MS, day = floor_div(local, DAY_MS);
    int          ms = (int)(local - day * DAY_MS);
    struct civil c  = civil_of_days(day);
    c.hour   = ms / 3600000;
    c.minute = ms / 60000 % 60;
    c.second = ms / 1000 % 60;
    c.ms     = ms % 1000;
    return c;
}

int64_t zone_day(const struct zone *z, instant t) { return floor_div(t.ms + zone_offset_s(z, t) * SECOND_MS, DAY_MS); }

/* The first moment whose local time is at or past the wanted one: in a gap that is its end, in an overlap the first pass. */
instant zone_instant(const struct zone *z, int64_t day, int second_of_day)
{
    int64_t local = day * DAY_S + second_of_day, from = local - OFFSET_S_MAX;
    for (;;) {
        int64_t until, at = local - offset_at(z, from, &until);
        if (at < from)
            at = from;
        if (at < until)
            return (instant){ at * SECOND_MS };
        from = until;
    }
}

/* A day behind a change nothing before it can have the same local time: no clock was ever set by more than a day. */
instant zone_instant_near(const struct zone *z, struct zone_stretch *known, int64_t day, int second_of_day)
{
    int64_t at = day * DAY_S + second_of_day - known->offset_s;
    if (at >= known->from_s + DAY_S && at < known->until_s)
        return (instant){ at * SECOND_MS };
    instant found = zone_instant(z, day, second_of_day);
    int64_t second = found.ms / SECOND_MS, until;
    if (second >= known->until_s || second < known->from_s) {
        known->offset_s = offset_at(z, second, &until);
        known->from_s   = second;
        known->until_s  = until;
    }
    return found;
}
