/* supervisor.h - what the service manager that started us wants to hear: ready, stopping, still alive (the protocol of sd_notify(3)).
 *
 * The manager names a datagram socket in NOTIFY_SOCKET and, when it guards the service, a period in WATCHDOG_USEC. Without these variables
 * nothing is said. A word that cannot be delivered is lost: the manager is there to help us, not the other way round.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct supervisor {
    int     fd;                         /* -1: nobody listens */
    int64_t period_ms;                  /* how often it wants to hear that we are alive, half of what it waits; 0: never */
};

/* Takes the variables out of the environment, so that no program that we start speaks in our name. */
void supervisor_open(struct supervisor *);
/* "READY=1", "STOPPING=1", "WATCHDOG=1", "STATUS=…"; several lines in one call are fine. */
void supervisor_say(const struct supervisor *, const char *words);
void supervisor_close(struct supervisor *);
