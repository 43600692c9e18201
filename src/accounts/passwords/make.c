/* make.c - common.txt to a C table; runs while building. */
#include <stdio.h>
#include <stdlib.h>

#include "accounts/passwords/common.h"

#define WORDS_MAX 20000

static int by_value(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

int main(int argc, char **argv)
{
    static uint32_t all[WORDS_MAX];
    char line[256];
    int  count = 0;
    FILE *in = argc == 3 ? fopen(argv[1], "r") : NULL, *out = in ? fopen(argv[2], "w") : NULL;
    if (!out)
        return 1;
    while (fgets(line, sizeof line, in) && count < WORDS_MAX)
        all[count++] = common_hash((str){ line, strcspn(line, "\r\n") });
    qsort(all, (size_t)count, sizeof *all, by_value);
    fprintf(out, "#include \"accounts/passwords/common.h\"\nconst uint32_t common_passwords[] = {\n");
    for (int i = 0; i < count; i++)
        fprintf(out, "%uu,%s", all[i], i % 10 == 9 ? "\n" : " ");
    fprintf(out, "\n};\nconst int common_passwords_count = %d;\n", count);
    fclose(in);
    return fclose(out) ? 1 : 0;
}
