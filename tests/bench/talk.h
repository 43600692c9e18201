/* talk.h - a client of one process's servers, and what the system says of a process. Blocking, keep-alive, no library. */
#pragma once
#include "base/str.h"

#include <sys/types.h>

struct server { pid_t pid; int port, out; double started; };
/* Runs this program again as a server (argv[1] = kind) with the given environment added ("SAUDA_DB=…", ends with NULL) and waits for
 * the port, the first line that it prints. */
struct server server_start(const char *kind, const char *const *environment);
void          server_stop(struct server *);

int  dial(int port);
/* Sends a request and reads the whole answer; the status. `headers`: lines that end with \r\n, may be empty. */
int  talk(int fd, const char *method, const char *path, const char *headers, const char *body);
void answer_read(int fd);

double process_cpu(pid_t);              /* seconds, user and system, all threads */
double process_rss_mb(pid_t);
double process_pss_mb(pid_t);
