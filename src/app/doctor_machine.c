/* doctor_machine.c - the machine: settings, folder, key, disk, clock, zones, port. */
#include "app/backup_mark.h"
#include "app/doctor.h"
#include "base/zone.h"
#include "net/http_client.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#define ROOM_BAD   ((int64_t)256 << 20)
#define ROOM_LOOK  ((int64_t)2 << 30)
#define MIB        ((int64_t)1 << 20)
#define SLOW_SYNC_MS 100

static void look_settings(struct doctor *d)
{
    const struct config *c = d->config;
    if (!c->sync)
        doctor_say(d, FINDING_LOOK, STR("sync = no: nothing is fetched from the marketplaces or sent to them"), "Take the line out when this is the shop itself and not a copy.");
    if (c->sync_normal)
        doctor_say(d, FINDING_LOOK, STR("sync_normal = yes: a power cut may cost the last moments"), "Take it out unless the disk has a battery.");
    if (c->clock.len)
        doctor_say(d, FINDING_BAD, STR("clock is set: the server lives in another time"), "Take it out; it is for tests and demos.");
    if (c->control_token.len)
        doctor_say(d, FINDING_BAD, STR("control_token is set: whoever knows it moves the clock"), "Take it out; it is for tests.");
    if (c->allow_private_hosts)
        doctor_say(d, FINDING_LOOK, STR("allow_private_hosts = yes: addresses of the own network may be asked"), "Needed for the sandbox and for a mail relay inside; otherwise take it out.");
    if (!str_starts(c->listen, STR("127.")) && !str_starts(c->listen, STR("localhost")) && !str_starts(c->listen, STR("[::1]")))
        doctor_say(d, FINDING_LOOK, str_print(d->arena, "listens at %.*s, and speaks no TLS", STR_ARG(c->listen)), "Let only the proxy in front reach it.");
}

static void look_folder(struct doctor *d)
{
    const char *home = str_zero(d->arena, d->config->home);
    struct stat st;
    if (stat(home, &st) != 0) {
        doctor_say(d, FINDING_BAD, str_print(d->arena, "the folder %s: %s", home, strerror(errno)), "The first start makes it; later it must be there. Is SAUDA_HOME right, and are you the user that the server runs as?");
        return;
    }
    if (access(home, W_OK | X_OK) != 0)
        doctor_say(d, FINDING_BAD, str_print(d->arena, "the folder %s cannot be written by this user", home), "Run the doctor as the user of the server, or give the folder to it.");
    else if (st.st_mode & 0077)
        doctor_say(d, FINDING_LOOK, str_print(d->arena, "the folder %s is open to other users (mode %o)", home, (unsigned)st.st_mode & 0777), "chmod 700");
    else
        doctor_say(d, FINDING_FINE, str_print(d->arena, "the folder %s is ours alone", home), NULL);
}

static void look_key(struct doctor *d)
{
    const char *path = str_zero(d->arena, d->config->key_file);
    struct secret_key key;
    struct err  err = { 0 };
    struct stat st;
    if (stat(path, &st) != 0)
        doctor_say(d, FINDING_BAD, str_print(d->arena, "the key file %s: %s", path, strerror(errno)), "Put it back from where it is kept. A start without it makes a new one, and the marketplaces' tokens must be entered again.");
    else if (!secret_key_load(path, false, &key, &err))
        doctor_say(d, FINDING_BAD, str_print(d->arena, "the key: %s", err.item[0].text), "It belongs to the user of the server alone; when it is damaged, put it back from where it is kept.");
    else
        doctor_say(d, FINDING_FINE, STR("the key file is there and closed to others"), NULL);
}

static void look_room(struct doctor *d)
{
    struct statvfs fs;
    if (statvfs(str_zero(d->arena, d->config->home), &fs) != 0)
        return;
    int64_t free_bytes = (int64_t)fs.f_bavail * (int64_t)fs.f_frsize, files = (int64_t)fs.f_favail;
    enum finding how = free_bytes < ROOM_BAD || (fs.f_files && files < 100) ? FINDING_BAD : free_bytes < ROOM_LOOK ? FINDING_LOOK : FINDING_FINE;
    doctor_say(d, how, str_print(d->arena, "%lld MB free on the disk of the folder", (long long)(free_bytes / MIB)),
               how == FINDING_FINE ? NULL : "Make room. When it is full, changes are refused and reading goes on; nothing is lost.");
}

/* How long the disk takes to say that something is there for good: each change waits for it. */
static void look_disk(struct doctor *d)
{
    static const char page[4096];
    char       *path  = str_zero(d->arena, str_print(d->arena, "%.*s/.doctor-XXXXXX", STR_ARG(d->config->home)));
    int         fd    = mkstemp(path);
    if (fd < 0)
        return;
    unlink(path);
    uint64_t start = clock_tick_ns();
    bool     ok    = true;
    for (int i = 0; i < 8 && ok; i++)
        ok = write(fd, page, sizeof page) == sizeof page && fdatasync(fd) == 0;
    int64_t tenths = (int64_t)((clock_tick_ns() - start) / 8 / 100000);
    close(fd);
    if (!ok)
        doctor_say(d, FINDING_BAD, str_print(d->arena, "the disk refuses to write: %s", strerror(errno)), "Look at the machine's log (dmesg).");
    else
        doctor_say(d, tenths > SLOW_SYNC_MS * 10 ? FINDING_LOOK : FINDING_FINE,
                   str_print(d->arena, "the disk keeps a page for good in %lld.%lld ms", (long long)(tenths / 10), (long long)(tenths % 10)),
                   tenths > SLOW_SYNC_MS * 10 ? "Every change waits for that long: use another disk for the folder." : NULL);
}

static void look_time(struct doctor *d)
{
    struct timex        state  = { 0 };
    const struct zone  *almaty = zone_find(STR("Asia/Almaty"));
    instant             after  = { INT64_C(1717200000000) };      /* June of 2024: Kazakhstan has had one zone since March */
    if (adjtimex(&state) == TIME_ERROR)
        doctor_say(d, FINDING_LOOK, STR("nothing keeps the machine's clock right"), "Deadlines are reckoned by it: install chrony or systemd-timesyncd. (Inside a container the host does it.)");
    else
        doctor_say(d, FINDING_FINE, STR("the machine's clock is kept right"), NULL);
    if (!almaty)
        doctor_say(d, FINDING_BAD, STR("there are no time zones on this machine"), "apt-get install tzdata");
    else if (zone_offset_s(almaty, after) != 5 * 3600)
        doctor_say(d, FINDING_BAD, STR("the time zones are old: Almaty is an hour off since March of 2024"), "apt-get update && apt-get install tzdata, then restart");
    else
        doctor_say(d, FINDING_FINE, STR("the time zones are of 2024 or later"), NULL);
}

static void look_port(struct doctor *d)
{
    struct http_client_options options = { .allow_private = true, .connect_ms = 2000 };
    struct http_client client;
    struct http_reply  reply = { 0 };
    struct err         err   = { 0 };
    str                address;
    int                port;
    if (!config_listen(d->config->listen, &address, &port, &err) || port == 0 || !http_client_open(&options, &client, &err))
        return;
    if (str_is(address, "0.0.0.0"))
        address = STR("127.0.0.1");
    bool is_v6 = str_has(address, STR(":"));
    struct http_request ask = { .method = HTTP_GET, .timeout_s = 5,
                                .url = str_print(d->arena, "http://%s%.*s%s:%d/ready", is_v6 ? "[" : "", STR_ARG(str_is(address, "::") ? STR("::1") : address), is_v6 ? "]" : "", port) };
    (void)http_send(&client, d->arena, &ask, &reply);
    if (reply.fate == HTTP_NOT_SENT)
        doctor_say(d, FINDING_LOOK, str_print(d->arena, "no server answers at %.*s", STR_ARG(d->config->listen)), "Start it: systemctl start sauda, or sauda serve. `journalctl -u sauda` says why it ended.");
    else if (reply.fate == HTTP_ANSWERED && reply.status == 200 && str_has(reply.body, STR("\"ok\"")))
        doctor_say(d, FINDING_FINE, str_print(d->arena, "the server at %.*s is ready", STR_ARG(d->config->listen)), NULL);
    else if (reply.fate == HTTP_ANSWERED)
        doctor_say(d, FINDING_BAD, str_print(d->arena, "what answers at %.*s is not ready (%d)", STR_ARG(d->config->listen), reply.status), "Another program may have the port; otherwise the log says what the server waits for.");
    else
        doctor_say(d, FINDING_BAD, str_print(d->arena, "what listens at %.*s does not answer", STR_ARG(d->config->listen)), "The server hangs: systemctl restart sauda, and keep its log.");
    http_client_close(&client);
}

static void look_backup(struct doctor *d)
{
    if (!str_starts(d->config->db, STR("sqlite:"))) {
        doctor_say(d, FINDING_LOOK, STR("whether copies are made is not known here: pg_dump makes them"), "See that one is made every night, and try it once.");
        return;
    }
    instant at = backup_mark_read(d->arena, d->config->home);
    struct clock clock = { 0 };
    int64_t hours = at.ms ? (clock_now(&clock).ms - at.ms) / (3600 * 1000) : 0;
    if (!at.ms)
        doctor_say(d, FINDING_LOOK, STR("no copy was ever made by `sauda backup`"), "Make one every night: sauda backup FILE, onto another disk.");
    else
        doctor_say(d, hours > 48 ? FINDING_LOOK : FINDING_FINE, str_print(d->arena, "the newest copy is %lld h old", (long long)hours),
                   hours > 48 ? "Make one every night: sauda backup FILE, onto another disk." : NULL);
}

void doctor_machine(struct doctor *d)
{
    look_settings(d);
    look_folder(d);
    look_key(d);
    look_room(d);
    look_disk(d);
    look_time(d);
    look_backup(d);
    look_port(d);
}
