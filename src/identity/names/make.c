/* make.c - given.txt and cities.txt to C tables; runs while building. */
#include <stdio.h>
#include <stdlib.h>

#include "identity/sound.h"

#define FORMS_MAX 8192

struct row { uint64_t letters; uint16_t name; bool is_full; char sex; };
struct rows { struct row at[FORMS_MAX]; int count; uint64_t full[FORMS_MAX]; int names; };

static int by_letters(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    if (x->letters != y->letters)
        return x->letters < y->letters ? -1 : 1;
    if (x->name != y->name)
        return x->name < y->name ? -1 : 1;
    return (int)y->is_full - (int)x->is_full;
}

static uint64_t packed(str word)
{
    struct sounds s;
    sounds_read(word, &s);
    return sounds_pack(s.at, s.len);
}

static void line_read(str line, uint16_t name, struct rows *rows)
{
    str  word = { 0 };
    int  n    = 0;
    char sex  = 0;
    for (; str_split(&line, ' ', &word); ) {
        word = str_trim(word);
        if (!word.len || str_is(word, ":"))
            continue;
        if (n++ == 0) {
            sex = word.at[0];
            continue;
        }
        if (n == 2)
            rows->full[name % FORMS_MAX] = packed(word);
        bool is_full = n == 2 || word.at[0] == '~';
        if (rows->count < FORMS_MAX)
            rows->at[rows->count++] = (struct row){ packed(word), name, is_full, sex };
    }
}

/* First letters of all forms, by name: whoever writes a name as a letter may mean its short form. */
static void print_given(const struct rows *rows, FILE *out)
{
    static uint32_t first_letters[FORMS_MAX];
    for (int i = 0; i < rows->count; i++)
        first_letters[rows->at[i].name % FORMS_MAX] |= 1u << (rows->at[i].letters >> 5 * (PACKED_MAX - 1) & 31);
    fprintf(out, "#include \"identity/names/names.h\"\nconst struct given_form given_forms[] = {\n");
    int first = 0, forms = 0;
    for (int i = 0; i < rows->count; forms++) {
        int      j = i, count = 0, sexes = 0;
        uint32_t initials = 0;
        for (; j < rows->count && rows->at[j].letters == rows->at[i].letters; j++) {
            count += j == i || rows->at[j].name != rows->at[j - 1].name;
            sexes |= rows->at[j].sex == 'm' ? 1 : 2;
            initials |= first_letters[rows->at[j].name % FORMS_MAX];
        }
        uint32_t set = 0;
        for (uint64_t rest = rows->at[i].letters; rest; rest >>= 5)
            set |= 1u << (rest & 31);
        fprintf(out, "{ UINT64_C(%llu), %d, %d, %d, %uu, %uu },\n", (unsigned long long)rows->at[i].letters, first, count,
                sexes == 3 ? 0 : sexes, set & ~1u, initials);
        first += count;
        i = j;
    }
    fprintf(out, "};\nconst int given_forms_count = %d;\nconst uint16_t given_ids[] = {\n", forms);
    for (int i = 0; i < rows->count; i++)
        if (i == 0 || rows->at[i].letters != rows->at[i - 1].letters || rows->at[i].name != rows->at[i - 1].name)
            fprintf(out, "%u,\n", (unsigned)rows->at[i].name | (rows->at[i].is_full ? 0x8000u : 0u));
    fprintf(out, "};\nconst uint64_t given_full[] = {\n");
    for (int i = 0; i <= rows->names; i++)
        fprintf(out, "UINT64_C(%llu),\n", (unsigned long long)rows->full[i % FORMS_MAX]);
    fprintf(out, "};\n");
}

static void print_cities(const struct rows *rows, FILE *out)
{
    int forms = 0;
    fprintf(out, "const struct city_form city_forms[] = {\n");
    for (int i = 0; i < rows->count; i++)
        if (i == 0 || rows->at[i].letters != rows->at[i - 1].letters) {
            fprintf(out, "{ UINT64_C(%llu), %u },\n", (unsigned long long)rows->at[i].letters, (unsigned)rows->at[i].name);
            forms++;
        }
    fprintf(out, "};\nconst int city_forms_count = %d;\n", forms);
}

/* Rows of the file, sorted by sounds; the kind of a line is its first letter. */
static bool file_read(const char *path, struct rows *rows)
{
    char     line[4096];
    uint16_t name = 0;
    FILE    *in   = fopen(path, "r");

    rows->count = 0;
    if (!in)
        return false;
    while (fgets(line, sizeof line, in))
        if (line[0] == 'm' || line[0] == 'f' || line[0] == 'c')
            line_read(str_of(line), ++name, rows);
    rows->names = name;
    fclose(in);
    qsort(rows->at, (size_t)rows->count, sizeof *rows->at, by_letters);
    return rows->count > 0;
}

int main(int argc, char **argv)
{
    static struct rows rows;
    FILE       *out = argc == 4 ? fopen(argv[3], "w") : NULL;

    if (!out || !file_read(argv[1], &rows)) {
        fprintf(stderr, "usage: make_names given.txt cities.txt names.c\n");
        return 1;
    }
    print_given(&rows, out);
    if (!file_read(argv[2], &rows))
        return 1;
    print_cities(&rows, out);
    return fclose(out) == 0 ? 0 : 1;
}
