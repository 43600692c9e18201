#include "app/file_bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static bool input_copy(int to, size_t max, struct err *err)
{
    char    piece[65536];
    size_t  len = 0;
    ssize_t n;
    while ((n = read(0, piece, sizeof piece)) > 0) {
        len += (size_t)n;
        if (len > max)
            return err_set(err, ERR_LIMIT, NULL, "standard input is larger than %zu MiB", max >> 20);
        for (ssize_t done = 0; done < n;) {
            ssize_t w = write(to, piece + done, (size_t)(n - done));
            if (w < 0)
                return err_set(err, ERR_FILE, NULL, "cannot keep standard input: %s", strerror(errno));
            done += w;
        }
    }
    return n == 0 || err_set(err, ERR_FILE, NULL, "cannot read standard input: %s", strerror(errno));
}

bool file_bytes_open(const char *path, size_t max, struct file_bytes *out, struct err *err)
{
    bool is_input = strcmp(path, "-") == 0;
    struct stat st;
    *out = (struct file_bytes){ .fd = is_input ? memfd_create("sauda-input", MFD_CLOEXEC) : open(path, O_RDONLY | O_CLOEXEC) };
    if (out->fd < 0)
        return err_set(err, ERR_FILE, NULL, "cannot open %s: %s", path, strerror(errno));
    bool ok = !is_input || input_copy(out->fd, max, err);
    if (ok && fstat(out->fd, &st) != 0)
        ok = err_set(err, ERR_FILE, NULL, "cannot read %s: %s", path, strerror(errno));
    if (ok && !S_ISREG(st.st_mode))
        ok = err_set(err, ERR_FILE, NULL, "%s is not a file", path);
    if (ok && (size_t)st.st_size > max)
        ok = err_set(err, ERR_LIMIT, NULL, "%s is larger than %zu MiB", path, max >> 20);
    if (ok && st.st_size > 0) {
        void *at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, out->fd, 0);
        if (at == MAP_FAILED)
            ok = err_set(err, ERR_FILE, NULL, "cannot read %s: %s", path, strerror(errno));
        else
            out->bytes = (str){ at, (size_t)st.st_size };
    }
    (void)snprintf(out->path, sizeof out->path, "/proc/self/fd/%d", out->fd);
    if (!ok)
        file_bytes_close(out);
    return ok;
}

void file_bytes_close(struct file_bytes *f)
{
    if (f->bytes.len)
        munmap((void *)(uintptr_t)f->bytes.at, f->bytes.len);
    if (f->fd >= 0)
        close(f->fd);
    f->bytes = (str){ 0 };
    f->fd    = -1;
}
