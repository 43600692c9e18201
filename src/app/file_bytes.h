/* file_bytes.h - a whole file seen as memory: mapped, not read; standard input goes through a nameless file first. */
#pragma once
#include "base/err.h"

struct file_bytes {
    str  bytes;
    int  fd;
    char path[64];                      /* "/proc/self/fd/N": for libraries that want a path */
};
/* "-" is standard input. ERR_FILE, ERR_LIMIT over `max` bytes. */
MUST_CHECK bool file_bytes_open(const char *path, size_t max, struct file_bytes *out, struct err *);
void file_bytes_close(struct file_bytes *);
