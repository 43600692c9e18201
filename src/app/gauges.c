#include "app/gauges.h"
#include "app/doctor_store.h"
#include "sync/channel_account_store.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

static void family(struct buf *out, const char *name, const char *kind, const char *help)
{
    buf_print(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind);
}

static void gauge(struct buf *out, const char *name, const char *help, int64_t value)
{
    family(out, name, "gauge", help);
    buf_print(out, "%s %lld\n", name, (long long)value);
}

/* ---- the process ---- */

static int64_t open_files(void)
{
    DIR    *folder = opendir("/proc/self/fd");
    int64_t n      = -3;                                /* ".", ".." and the folder itself */
    if (!folder)
        return 0;
    while (readdir(folder))
        n++;
    closedir(folder);
    return n;
}

static int64_t resident_bytes(void)
{
    long long size = 0, resident = 0;
    FILE     *f    = fopen("/proc/self/statm", "re");
    if (!f)
        return 0;
    if (fscanf(f, "%lld %lld", &size, &resident) != 2)
        resident = 0;
    fclose(f);
    return resident * sysconf(_SC_PAGESIZE);
}

static void process_write(struct buf *out)
{
    struct rusage use;
    if (getrusage(RUSAGE_SELF, &use) == 0) {
        int64_t ms = (use.ru_utime.tv_sec + use.ru_stime.tv_sec) * INT64_C(1000) + (use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1000;
        family(out, "process_cpu_seconds_total", "counter", "Processor time used.");
        buf_print(out, "process_cpu_seconds_total %lld.%03lld\n", (long long)(ms / 1000), (long long)(ms % 1000));
    }
    gauge(out, "process_resident_memory_bytes", "Memory in use.", resident_bytes());
    gauge(out, "process_open_fds", "Open files and connections.", open_files());
}

static void disk_write(struct app *app, struct arena *a, struct buf *out)
{
    struct statvfs fs;
    if (statvfs(str_zero(a, app->config->home), &fs) == 0)
        gauge(out, "sauda_disk_free_bytes", "Room on the disk of the data folder.", (int64_t)fs.f_bavail * (int64_t)fs.f_frsize);
}

/* ---- the shop ---- */

static void accounts_write(const struct channel_account_list *all, instant now, struct buf *out)
{
    family(out, "sauda_account_up", "gauge", "1: the marketplace answers; 0: degraded or its key is refused. Paused ones are left out.");
    for (int i = 0; i < all->count; i++)
        if (channel_find(all->at[i].channel) && all->at[i].state != ACCOUNT_PAUSED)
            buf_print(out, "sauda_account_up{channel=\"%.*s\",account=\"%lld\"} %d\n", STR_ARG(all->at[i].channel),
                      (long long)all->at[i].id.v, all->at[i].state == ACCOUNT_ACTIVE);
    family(out, "sauda_account_silent_seconds", "gauge", "Time since the marketplace last answered.");
    for (int i = 0; i < all->count; i++)
        if (channel_find(all->at[i].channel) && all->at[i].state != ACCOUNT_PAUSED && all->at[i].last_ok_at.ms)
            buf_print(out, "sauda_account_silent_seconds{channel=\"%.*s\",account=\"%lld\"} %lld\n", STR_ARG(all->at[i].channel),
                      (long long)all->at[i].id.v, (long long)((now.ms - all->at[i].last_ok_at.ms) / 1000));
}

static void shop_write(struct app *app, struct db *db, struct arena *a, struct buf *out)
{
    struct channel_account_list all = { 0 };
    struct doctor_figures       f   = { 0 };
    struct err ignored = { 0 };
    instant    now     = clock_now(&app->clock);
    if (!accounts_all(db, a, &all, &ignored) || !doctor_figures(db, now, &f, &ignored))
        return;
    accounts_write(&all, now, out);
    gauge(out, "sauda_parked_records", "Records of marketplaces that were not understood and wait; at most 1000 are counted.", f.parked);
    gauge(out, "sauda_commands_dead", "Commands given up.", f.dead);
    gauge(out, "sauda_webhooks_stopped", "Webhooks that were switched off because nobody took what they sent.", f.hooks_stopped);
    gauge(out, "sauda_notices_late", "Notices that were tried more than once and wait.", f.notices_late);
}

void gauges_write(struct app *app, struct db *db, struct arena *a, struct buf *out)
{
    process_write(out);
    disk_write(app, a, out);
    shop_write(app, db, a, out);
}
