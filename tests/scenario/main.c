/* Tells the stories of a folder, or those named, once on each store. Says TAP. `--record FILE` keeps what is said to the markets;
 * `--store sqlite` tells on one store only. */
#include "scenario/plans.h"
#include "scenario/story.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int is_story(const struct dirent *e)
{
    return str_ends(str_of(e->d_name), STR(".story"));
}

static int files_of(struct arena *a, const char *path, struct str_list *out)
{
    struct dirent **found;
    struct stat     st;
    if (stat(path, &st) == 0 && S_ISREG(st.st_mode)) {
        *str_list_add(out, a) = str_of(path);
        return 1;
    }
    int n = scandir(path, &found, is_story, alphasort);
    for (int i = 0; i < n; i++) {
        *str_list_add(out, a) = str_print(a, "%s/%s", path, found[i]->d_name);
        free(found[i]);
    }
    if (n >= 0)
        free(found);
    return n;
}

struct teller { struct arena arena; const char *record, *only_store; int told, failed; };

static void lines_print(str text)
{
    str line;
    while (str_split(&text, '\n', &line))
        printf("# %.*s\n", STR_ARG(line));
}

static void story_tell(struct teller *t, const char *path, bool postgres)
{
    struct story      s;
    struct test_store store;
    if (!story_read(&s, path)) {
        printf("not ok %d - %s cannot be read or has no title\n", ++t->told, path);
        t->failed++;
        story_done(&s);
        return;
    }
    if (!test_store_filled(&store, postgres)) {
        printf("not ok %d - %.*s: no database\n", ++t->told, STR_ARG(s.title));
        t->failed++;
        story_done(&s);
        return;
    }
    if (story_is_for(&s, &store)) {
        bool ok = story_run(&s, &store, t->record);
        t->failed += !ok;
        printf("%s %d - on %s: %.*s\n", ok ? "ok" : "not ok", ++t->told, store.name, STR_ARG(s.title));
        if (!ok)
            lines_print(str_of(s.failure));
        fflush(stdout);
    }
    test_store_done(&store);
    story_done(&s);
}

int main(int argc, char **argv)
{
    struct teller   t     = { 0 };
    struct str_list files = { 0 };
    /* A story's database lives for a second: waiting for the disk proves nothing here. */
    if (!getenv("TMPDIR") && access("/dev/shm", W_OK) == 0)
        setenv("TMPDIR", "/dev/shm", 1);
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--record") == 0 && i + 1 < argc)
            t.record = argv[++i];
        else if (strcmp(argv[i], "--store") == 0 && i + 1 < argc)
            t.only_store = argv[++i];
        else if (files_of(&t.arena, argv[i], &files) < 1)
            printf("Bail out! there are no stories in %s\n", argv[i]);
    }
    const char *pg = getenv("SAUDA_TEST_PG");
    for (int postgres = 0; postgres < 2; postgres++) {
        if (t.only_store && strcmp(t.only_store, postgres ? "postgres" : "sqlite") != 0)
            continue;
        if (postgres && (!pg || !*pg)) {
            fputs("SKIPPED: stories on PostgreSQL, for SAUDA_TEST_PG is not set\n", stderr);
            continue;
        }
        for (int i = 0; i < files.count; i++)
            story_tell(&t, str_zero(&t.arena, files.at[i]), postgres);
    }
    str walks = plans_bad(&t.arena);
    printf("%s %d - no statement of the stories walks over a table that grows\n", walks.len ? "not ok" : "ok", ++t.told);
    lines_print(walks);
    t.failed += walks.len > 0;
    printf("1..%d\n", t.told);
    arena_done(&t.arena);
    return t.failed || t.told < 2 ? 1 : 0;
}
