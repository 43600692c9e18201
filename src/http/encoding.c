#include "http/encoding.h"

#include <stdlib.h>
#include <strings.h>
#include <zlib.h>

/* 8 KiB window, 64 KiB of hash: a page of orders packs nearly as well as with the largest window, and 32 threads that
 * each keep a packer stay small. */
enum { LEVEL = 1, WINDOW_BITS = 13, GZIP_FORM = 16, MEMORY_LEVEL = 7 };

struct packer {
    z_stream z;
};

static bool is_refused(str params)
{
    str part;
    while (str_split(&params, ';', &part)) {
        part = str_trim(part);
        if (part.len >= 3 && (part.at[0] == 'q' || part.at[0] == 'Q') && part.at[1] == '=') {
            for (size_t i = 2; i < part.len; i++)
                if (part.at[i] >= '1' && part.at[i] <= '9')
                    return false;
            return true;
        }
    }
    return false;
}

bool encoding_taken(str accept, const char *coding)
{
    size_t len = strlen(coding);
    str    part;
    while (str_split(&accept, ',', &part)) {
        str name;
        if (!str_split(&part, ';', &name))
            continue;
        name = str_trim(name);
        if (name.len == len && strncasecmp(name.at, coding, len) == 0)
            return !is_refused(part);
    }
    return false;
}

static struct packer *packer_new(void)
{
    struct packer *p = calloc(1, sizeof *p);
    if (p && deflateInit2(&p->z, LEVEL, Z_DEFLATED, WINDOW_BITS + GZIP_FORM, MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK) {
        free(p);
        return NULL;
    }
    return p;
}

void packer_done(struct packer *p)
{
    if (p) {
        deflateEnd(&p->z);
        free(p);
    }
}

char *packer_gzip(struct packer **packer, str plain, size_t *out_len)
{
    if (plain.len >= INT32_MAX || (!*packer && !(*packer = packer_new())))
        return NULL;
    z_stream *z = &(*packer)->z;
    size_t    room = plain.len - plain.len / 16;            /* less gain than that is not worth unpacking */
    char     *out  = malloc(room);
    if (!out || deflateReset(z) != Z_OK) {
        free(out);
        return NULL;
    }
    z->next_in   = (unsigned char *)(uintptr_t)plain.at;    /* zlib does not write to it */
    z->avail_in  = (unsigned)plain.len;
    z->next_out  = (unsigned char *)out;
    z->avail_out = (unsigned)room;
    if (deflate(z, Z_FINISH) != Z_STREAM_END) {
        free(out);
        return NULL;
    }
    *out_len = z->total_out;
    return out;
}

char *gzip_open(str packed, size_t limit, size_t *out_len)
{
    z_stream z    = { .next_in = (unsigned char *)(uintptr_t)packed.at, .avail_in = (unsigned)packed.len };
    size_t   room = packed.len * 4 + 1024;
    char    *out  = NULL;
    int      said = Z_OK;
    if (packed.len >= INT32_MAX / 8 || inflateInit2(&z, 15 + GZIP_FORM) != Z_OK)
        return NULL;
    for (;; room *= 2) {
        char *more = room <= limit ? realloc(out, room) : NULL;
        if (!more)
            break;
        out         = more;
        z.next_out  = (unsigned char *)out + z.total_out;
        z.avail_out = (unsigned)(room - z.total_out);
        said        = inflate(&z, Z_FINISH);
        if (said == Z_STREAM_END || (said != Z_BUF_ERROR && said != Z_OK) || z.avail_out)
            break;
    }
    *out_len = z.total_out;
    inflateEnd(&z);
    if (said == Z_STREAM_END)
        return out;
    free(out);
    return NULL;
}
