#include "app/seal_flags.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

/* The first line of a file, without its end. */
static bool line_of(struct arena *a, str path, str *out, struct err *err)
{
    char  line[1024];
    FILE *in = fopen(str_zero(a, path), "re");
    bool  ok = in && fgets(line, sizeof line, in);
    if (in)
        fclose(in);
    if (!ok)
        return err_set(err, ERR_FILE, NULL, "cannot read a line of %.*s", STR_ARG(path));
    *out = str_copy(a, (str){ line, strcspn(line, "\r\n") });
    explicit_bzero(line, sizeof line);
    return out->len || err_set(err, ERR_FILE, NULL, "the first line of %.*s is empty", STR_ARG(path));
}

bool seal_flags(const struct cli *cli, bool sealing, struct seal_by *out, struct err *err)
{
    str pass = cli_flag(cli, "passphrase-file"), key = cli_flag(cli, sealing ? "encrypt-to" : "key");
    *out = (struct seal_by){ 0 };
    if (pass.len && key.len)
        return err_set(err, ERR_SETTING, NULL, "a passphrase or a key, not both");
    if (pass.len && !line_of(cli->arena, pass, &out->passphrase, err))
        return false;
    if (pass.len && out->passphrase.len < 12)
        return err_set(err, ERR_SETTING, "passphrase-file", "the passphrase must have twelve characters or more: it is guessed without end by who has the file");
    if (!key.len)
        return true;
    if (sealing && access(str_zero(cli->arena, key), F_OK) != 0) {
        out->key = key;                 /* the key itself: its public half is no secret */
        return true;
    }
    return line_of(cli->arena, key, &out->key, err);
}

bool file_copy(const char *from, const char *to, struct err *err)
{
    struct stat st;
    int  in  = open(from, O_RDONLY | O_CLOEXEC);
    int  out = in >= 0 ? open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600) : -1;
    bool ok  = out >= 0 && fstat(in, &st) == 0;
    for (off_t left = ok ? st.st_size : 0; ok && left > 0;) {
        ssize_t n = sendfile(out, in, NULL, (size_t)left);
        ok        = n > 0;
        left -= n > 0 ? n : 0;
    }
    ok = ok && fsync(out) == 0;
    int why = errno;
    if (in >= 0)
        close(in);
    if (out >= 0)
        close(out);
    if (!ok && out >= 0)
        unlink(to);
    return ok || err_set(err, ERR_FILE, NULL, "cannot copy %s to %s: %s", from, to, strerror(why));
}
