#include "crash/process.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

bool process_start(struct process *p, const char *const *argv, const char *const *env)
{
    int ends[2];
    if (pipe(ends) != 0)
        return false;
    *p = (struct process){ .pid = fork(), .out = ends[0] };
    if (p->pid == 0) {
        sigset_t none;
        prctl(PR_SET_PDEATHSIG, SIGKILL);   /* a test that fails leaves nobody behind */
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        dup2(ends[1], 1);
        close(ends[0]);
        close(ends[1]);
        for (; *env; env++)
            putenv((char *)*env);
        execv(argv[0], (char *const *)argv);
        _exit(126);
    }
    close(ends[1]);
    return p->pid > 0;
}

int process_port(struct process *p, int patience_ms)
{
    char   line[512];
    size_t len = 0;
    while (len < sizeof line - 1) {
        struct pollfd f = { .fd = p->out, .events = POLLIN };
        if (poll(&f, 1, patience_ms) <= 0 || read(p->out, line + len, 1) != 1)
            return 0;
        if (line[len] == '\n')
            break;
        len++;
    }
    line[len] = 0;
    const char *colon = strrchr(line, ':');
    return colon ? (int)strtol(colon + 1, NULL, 10) : 0;
}

int process_wait(struct process *p, int patience_ms)
{
    for (int waited = 0; waited <= patience_ms; waited += 5) {
        int status;
        if (waitpid(p->pid, &status, WNOHANG) == p->pid) {
            close(p->out);
            p->pid = 0;
            return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        }
        nanosleep(&(struct timespec){ .tv_nsec = 5000000 }, NULL);
    }
    return -1;
}

void process_kill(struct process *p)
{
    if (p->pid <= 0)
        return;
    kill(p->pid, SIGKILL);
    (void)process_wait(p, 10000);
}
