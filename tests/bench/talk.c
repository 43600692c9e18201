#include "bench/talk.h"

#include "bench/bench.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static char   answer[1 << 20];
static size_t answer_len;

static _Noreturn void die(const char *what)
{
    perror(what);
    exit(1);
}

/* BENCH_UNDER="valgrind --tool=callgrind": the server runs under that, to look into it. */
static void tool_run(const char *kind)
{
    char self[400], command[1000];
    const char *tool = getenv("BENCH_UNDER");
    ssize_t     n    = tool ? readlink("/proc/self/exe", self, sizeof self - 1) : -1;
    if (n <= 0)
        return;
    self[n] = 0;
    snprintf(command, sizeof command, "exec %s %s %s", tool, self, kind);
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
}

struct server server_start(const char *kind, const char *const *environment)
{
    struct server s = { .started = bench_now() };
    int  ends[2];
    char line[64] = { 0 };
    if (pipe(ends) != 0)
        die("pipe");
    s.pid = fork();
    if (s.pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (int i = 0; environment[i]; i++)
            putenv((char *)(uintptr_t)environment[i]);
        dup2(ends[1], 1);
        close(ends[0]);
        tool_run(kind);
        execl("/proc/self/exe", "bench_http", kind, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    s.out = ends[0];
    for (size_t n = 0; n < sizeof line - 1 && !strchr(line, '\n');) {
        ssize_t got = read(s.out, line + n, sizeof line - 1 - n);
        if (got <= 0)
            die("the server did not start");
        n += (size_t)got;
    }
    s.port = (int)strtol(line, NULL, 10);
    return s;
}

void server_stop(struct server *s)
{
    int status;
    kill(s->pid, SIGTERM);
    waitpid(s->pid, &status, 0);
    close(s->out);
}

int dial(int port)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr = { htonl(INADDR_LOOPBACK) } };
    int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof at) != 0)
        die("connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

void answer_read(int fd)
{
    size_t head = 0, want = 0;
    answer_len  = 0;
    while (!head || answer_len < want) {
        ssize_t n = read(fd, answer + answer_len, sizeof answer - 1 - answer_len);
        if (n <= 0)
            die("read");
        answer_len += (size_t)n;
        answer[answer_len] = 0;
        char *end = head ? NULL : strstr(answer, "\r\n\r\n");
        if (!end)
            continue;
        head = (size_t)(end - answer) + 4;
        const char *length = strcasestr(answer, "\r\ncontent-length:");
        want = head + (length && length < end ? strtoul(length + 17, NULL, 10) : 0);
    }
}

int talk(int fd, const char *method, const char *path, const char *headers, const char *body)
{
    char request[4096];
    int  n = snprintf(request, sizeof request, "%s %s HTTP/1.1\r\nHost: localhost\r\n%s", method, path, headers);
    if (body)
        n += snprintf(request + n, sizeof request - (size_t)n, "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s", strlen(body), body);
    else
        n += snprintf(request + n, sizeof request - (size_t)n, "\r\n");
    if (write(fd, request, (size_t)n) != n)
        die("write");
    answer_read(fd);
    return (int)strtol(answer + 9, NULL, 10);
}

/* ---- the system's view ---- */

double process_cpu(pid_t pid)
{
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *f = fopen(path, "r");
    if (!f)
        return 0;
    size_t n = fread(text, 1, sizeof text - 1, f);
    fclose(f);
    text[n] = 0;
    char  *at = strrchr(text, ')');
    double sum = 0;
    for (int field = 3; at && field <= 15; field++) {
        at = strchr(at + 1, ' ');
        if (at && field >= 14)
            sum += strtod(at, NULL);
    }
    return sum / (double)sysconf(_SC_CLK_TCK);
}

static double rollup_mb(pid_t pid, const char *name)
{
    char   path[64], line[256];
    double kb = 0;
    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)pid);
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, name, strlen(name)) == 0)
            kb = strtod(line + strlen(name), NULL);
    if (f)
        fclose(f);
    return kb / 1024;
}

double process_rss_mb(pid_t pid) { return rollup_mb(pid, "Rss:"); }
double process_pss_mb(pid_t pid) { return rollup_mb(pid, "Pss:"); }
