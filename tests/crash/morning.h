/* morning.h - a morning at the shop: real programs, 129 orders at three markets, people who work on them, and everything that was ever
 * acknowledged to them written down, so that in the end it can be asked for. Source: morning.c (programs, work), ending.c (what must hold).
 *
 * SAUDA_EXE and SANDBOX_EXE name the programs; SAUDA_SEED repeats the random moments.
 */
#pragma once
#include "crash/process.h"
#include "support/client.h"
#include "support/pg.h"

#define MORNING_ORDERS 129
#define TASKS_MAX      600
#define PLACES_MAX     24

/* What one order needs: Ozon hears nothing of a confirmation, so its orders are packed too. `at`: the place where each step of it was
 * acknowledged; `known_at`: where the order itself was. */
struct task { str id, number, channel; int done, steps, at[3]; };

/* Where the server was killed, and what became of what was acknowledged around it. */
struct place { const char *name; int kills, acknowledged, lost, doubled; };

/* An order of a file, a note of a push: acknowledged by itself. */
struct promise { str number; int at; };
LIST(promise)

struct morning {
    struct arena   arena;
    const struct test_store *store;
    const char    *exe;                  /* the program that serves; NULL: $SAUDA_EXE */
    const char    *more[6];              /* further "NAME=value" for it */
    struct process server, markets;
    struct process other;                /* a second server of the same database */
    int            other_port;           /* 0: there is none */
    struct client  client, control;
    int64_t        now_ms;
    uint64_t       random;
    struct task    tasks[TASKS_MAX];
    int            count;
    str            hook;                 /* path of Ozon's notifications */
    int            files;                /* orders put in by hand so far */
    struct promise_list promised;        /* numbers that must be there: of files, of pushes that were answered with yes */
    struct place  *places;               /* PLACES_MAX; belongs to who runs several mornings */
    int            place;                /* the one that is being tried */
};

struct morning *morning_begin(const struct test_store *, struct place *places);
struct morning *morning_begin_with(const struct test_store *, struct place *places, const char *exe, const char *const *more);
/* Finishes the work, looks at everything, and ends the programs. */
void morning_end(struct morning *);
void morning_drop(struct morning *);     /* ends the markets and forgets it, whatever has become of the server */

void pause_ms(int64_t);
uint64_t random_next(struct morning *);
bool server_start(struct morning *, const char *crash_at);
/* `key`: of idempotence, or empty. Status 0: no answer. */
struct client_reply ask(struct client *, const char *method, str path, str body, str key);
struct client_reply must(struct client *, const char *method, const char *path, str body);       /* fails unless 2xx */
void change_seat(struct morning *);      /* from now on we speak to the other server */
void tick(struct morning *);             /* all clocks; a server may be dead by now */

/* Each false: the server did not answer. What it answered with yes is written down. */
bool steps_some(struct morning *, int max);
bool order_put_in(struct morning *);     /* one order by a file */
bool order_pushed(struct morning *);     /* a new one at Ozon, which tells us */
int  steps_left(const struct morning *);
int  tasks_find(struct morning *);       /* new orders that are not on the list yet go onto it; how many there are */
void all_orders_come(struct morning *);

void finish(struct morning *);
void look_at_everything(struct morning *);               /* counts into places; fails with words when something is wrong */
void the_database_is_sound(struct morning *);
void places_print(const struct place *, const char *title);
