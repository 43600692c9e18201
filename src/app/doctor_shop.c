/* doctor_shop.c - the database, and how the work in it goes. */
#include "app/doctor.h"
#include "app/doctor_store.h"
#include "db/migrate.h"
#include "deadlines/shop_store.h"
#include "sync/channel_account_store.h"

#include <sys/stat.h>
#include <unistd.h>

#define MIN_MS INT64_C(60000)

/* Is the database of this version? False: nothing more can be asked. */
static bool look_version(struct doctor *d, struct db *db)
{
    struct err err     = { 0 };
    int        version = 0, newest = migrations[migrations_count - 1].number;
    enum schema_fit fit = SCHEMA_OLDER;
    if (!migrate_version(db, &version, &err) || !migrate_look(db, &fit, &err))
        doctor_say(d, FINDING_BAD, str_print(d->arena, "the database: %s", err.item[0].text), "Start its server, or look at the address: `sauda config` shows it.");
    else if (version > newest && fit == SCHEMA_FITS)
        doctor_say(d, FINDING_FINE, STR("the database answers and is of a newer version, which this one may work beside"), NULL);
    else if (version > newest)
        doctor_say(d, FINDING_BAD, STR("the database is of a newer version of Sauda"), "Install the newer program, or restore the copy made before it.");
    else if (version < newest)
        doctor_say(d, FINDING_LOOK, str_print(d->arena, "the database is of an older version (%d of %d)", version, newest), "The next start brings it up; make a copy before.");
    else
        doctor_say(d, FINDING_FINE, STR("the database answers and is of this version"), NULL);
    return fit == SCHEMA_FITS;
}

static void look_file(struct doctor *d)
{
    str url = d->config->db;
    if (!str_starts(url, STR("sqlite:")))
        return;
    const char *path = str_zero(d->arena, str_sub(url, 7, SIZE_MAX)), *wal = str_zero(d->arena, str_print(d->arena, "%s-wal", path));
    struct stat st, w;
    if (stat(path, &st) != 0)
        return;
    if (access(path, W_OK) != 0)
        doctor_say(d, FINDING_BAD, str_print(d->arena, "%s cannot be written by this user", path), "Run the doctor as the user of the server, or give the file to it.");
    if (st.st_mode & 0077)
        doctor_say(d, FINDING_LOOK, str_print(d->arena, "%s is open to other users (mode %o)", path, (unsigned)st.st_mode & 0777), "chmod 600");
    if (stat(wal, &w) == 0 && w.st_size > st.st_size / 2 && w.st_size > (off_t)1 << 30)
        doctor_say(d, FINDING_LOOK, STR("the file of the newest changes (-wal) is large"), "Somebody reads for a very long time: an export, a copy, a foreign program. Afterwards it becomes small by itself.");
}

static void look_account(struct doctor *d, const struct channel_account *a, const struct secret_key *key, instant now)
{
    struct setting_value_list ignored = { 0 };
    struct err err  = { 0 };
    str        name = str_print(d->arena, "%.*s «%.*s»", STR_ARG(a->channel), STR_ARG(a->name));
    int64_t    age  = a->last_ok_at.ms ? (now.ms - a->last_ok_at.ms) / MIN_MS : -1;
    if (key && account_has_secret(a) && !account_settings(a, key, d->arena, &ignored, &err))
        doctor_say(d, FINDING_BAD, str_print(d->arena, "%.*s: its token does not open with this key file", STR_ARG(name)), "Put the right key file back, or enter the token again on the account's page.");
    else if (a->state == ACCOUNT_AUTH_FAILED)
        doctor_say(d, FINDING_BAD, str_print(d->arena, "%.*s: the marketplace refuses the key", STR_ARG(name)), "Make a new one in the marketplace's cabinet and enter it on the account's page: what waited goes out at once.");
    else if (a->state == ACCOUNT_DEGRADED)
        doctor_say(d, FINDING_BAD, str_print(d->arena, "%.*s: %.*s", STR_ARG(name), STR_ARG(utf8_cut(a->error_text, 120))), "It is tried again by itself, up to 15 minutes apart.");
    else if (a->state == ACCOUNT_PAUSED)
        doctor_say(d, FINDING_LOOK, str_print(d->arena, "%.*s is paused", STR_ARG(name)), "Somebody did that on the account's page.");
    else if (age > 30 || age < 0)
        doctor_say(d, FINDING_LOOK, age < 0 ? str_print(d->arena, "%.*s has never been read", STR_ARG(name)) :
                                    str_print(d->arena, "%.*s was last read %lld min ago", STR_ARG(name), (long long)age),
                   "Does the server run, with sync = yes? Its log has stream.failed with the reason.");
    else
        doctor_say(d, FINDING_FINE, str_print(d->arena, "%.*s was read %lld min ago", STR_ARG(name), (long long)age), NULL);
}

static bool look_accounts(struct doctor *d, struct db *db, instant now, struct err *err)
{
    struct channel_account_list all = { 0 };
    struct secret_key key;
    struct err        ignored = { 0 };
    bool              has_key = secret_key_load(str_zero(d->arena, d->config->key_file), false, &key, &ignored);
    if (!accounts_all(db, d->arena, &all, err))
        return false;
    int markets = 0;
    for (int i = 0; i < all.count; i++)
        if (channel_find(all.at[i].channel)) {              /* what is entered by hand is read from nowhere */
            look_account(d, &all.at[i], has_key ? &key : NULL, now);
            markets++;
        }
    if (!markets)
        doctor_say(d, FINDING_LOOK, STR("no marketplace is connected"), "Settings → Channels, or `sauda demo` to look around.");
    return true;
}

static void look_work(struct doctor *d, const struct doctor_figures *f, instant now)
{
    int64_t waits = f->waiting_since.ms ? (now.ms - f->waiting_since.ms) / MIN_MS : 0;
    if (!f->users)
        doctor_say(d, FINDING_LOOK, STR("nobody has an account yet"), "Open the address at once: the first to do so is the owner.");
    else if (!f->owners)
        doctor_say(d, FINDING_BAD, STR("no owner can sign in"), "sauda user add LOGIN --name NAME --role owner, or sauda user unblock LOGIN");
    if (f->parked)
        doctor_say(d, FINDING_LOOK, str_print(d->arena, "%lld%s records of marketplaces were not understood and wait", (long long)f->parked, f->parked >= 1000 ? " or more" : ""), "Settings → Channels → Parked says why; nothing else waits for them.");
    if (f->dead)
        doctor_say(d, FINDING_BAD, str_print(d->arena, "%lld commands were given up", (long long)f->dead), "Look into the marketplace's cabinet, then retry or drop them on the screen of commands.");
    if (waits > 10)
        doctor_say(d, FINDING_BAD, str_print(d->arena, "a command has waited for %lld min", (long long)waits), "Does the server run, with sync = yes? A degraded or refused account holds its commands back.");
    if (f->hooks_stopped || f->hooks_dead)
        doctor_say(d, FINDING_LOOK, str_print(d->arena, "webhooks: %lld switched off, %lld deliveries given up", (long long)f->hooks_stopped, (long long)f->hooks_dead), "Settings → Keys and webhooks shows what the receiver said.");
    if (f->notices_late)
        doctor_say(d, FINDING_LOOK, str_print(d->arena, "%lld notices do not get through", (long long)f->notices_late), "Settings → Notices: try the bot and the mail server.");
    if (f->clock_ms && (f->clock_ms - now.ms > 5000 || now.ms - f->clock_ms > 5000))
        doctor_say(d, FINDING_BAD, str_print(d->arena, "this machine's clock and the database's differ by %lld s", (long long)((f->clock_ms - now.ms) / 1000)), "Let NTP keep both right: leases and deadlines are reckoned by them.");
}

static bool look_demo(struct doctor *d, struct db *db, struct err *err)
{
    str login = { 0 };
    if (!setting_get(db, STR("demo_login"), d->arena, &login, err))
        return false;
    if (login.len)
        doctor_say(d, FINDING_LOOK, STR("this is the demo shop: its password stands on the sign-in page"), "Use another folder for the real one.");
    return true;
}

void doctor_shop(struct doctor *d)
{
    struct db_options     options = { .readers = 1, .read_only = true };
    struct doctor_figures f       = { 0 };
    struct db_pool       *pool    = NULL;
    struct clock          clock   = { 0 };
    struct err            err     = { 0 };
    instant               now     = clock_now(&clock);

    if (!db_open(str_zero(d->arena, d->config->db), &options, &pool, &err)) {
        doctor_say(d, FINDING_BAD, str_print(d->arena, "the database: %s", err.item[0].text), "Is its server running, is the address right (`sauda config`), may this user open it? The first start of a new shop makes it.");
        db_close(pool);
        return;
    }
    struct db *db = db_borrow(pool);
    look_file(d);
    bool ok = !look_version(d, db) || (look_accounts(d, db, now, &err) && doctor_figures(db, now, &f, &err) && look_demo(d, db, &err));
    if (!ok)
        doctor_say(d, FINDING_BAD, str_print(d->arena, "the database: %s", err.item[0].text), "`sauda check` looks through all of it.");
    else if (err.code == ERR_NONE)
        look_work(d, &f, now);
    db_return(pool, db);
    db_close(pool);
}
