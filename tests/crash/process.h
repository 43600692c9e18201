/* process.h - programs of ours that a test starts, kills as if the power had gone, and starts again. */
#pragma once
#include "base/arena.h"

#include <sys/types.h>

struct process { pid_t pid; int out; };

/* `env` holds "NAME=value" beside our own environment; both lists end with NULL. Its standard error is ours. */
bool process_start(struct process *, const char *const *argv, const char *const *env);
/* The number behind the last colon of the first line that it prints: "… http://127.0.0.1:40123". 0: it ended or said nothing. */
int  process_port(struct process *, int patience_ms);
/* Waits for its end; the exit code, 128 + signal when it was killed, -1: still running. */
int  process_wait(struct process *, int patience_ms);
void process_kill(struct process *);    /* -9, and waits */
