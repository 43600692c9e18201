/* Runs a harness over files and folders: what libFuzzer does, without looking for more. Each folder given is one case. */
#include "fuzz/fuzz.h"
#include <ftw.h>
#include <stdio.h>

static int files;

static int file_run(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)ftw;
    if (kind != FTW_F)
        return 0;
    FILE    *f     = fopen(path, "rb");
    size_t   size  = (size_t)st->st_size;
    uint8_t *bytes = malloc(size ? size : 1);           /* its own block, so that reading past the end is seen */
    if (!f || !bytes || fread(bytes, 1, size, f) != size) {
        fprintf(stderr, "%s cannot be read\n", path);
        exit(1);
    }
    fclose(f);
    LLVMFuzzerTestOneInput(bytes, size);
    free(bytes);
    files++;
    return 0;
}

int main(int argc, char **argv)
{
    printf("1..%d\n", argc - 1);
    for (int i = 1; i < argc; i++) {
        int before = files;
        if (nftw(argv[i], file_run, 16, FTW_PHYS) != 0 || files == before) {
            printf("not ok %d - %s has no readable file\n", i, argv[i]);
            return 1;
        }
        printf("ok %d - %d files of %s are survived\n", i, files - before, argv[i]);
    }
    return 0;
}
