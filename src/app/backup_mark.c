#include "app/backup_mark.h"

#include <stdio.h>

static FILE *mark_open(struct arena *a, str home, const char *mode)
{
    return fopen(str_zero(a, str_print(a, "%.*s/last-backup", STR_ARG(home))), mode);
}

void backup_mark_write(struct arena *a, str home, instant at)
{
    FILE *f = mark_open(a, home, "we");
    if (!f)
        return;
    fprintf(f, "%.*s\n", STR_ARG(instant_text(a, at)));
    fclose(f);
}

instant backup_mark_read(struct arena *a, str home)
{
    char    line[64] = "";
    instant at       = { 0 };
    FILE   *f        = mark_open(a, home, "re");
    if (!f)
        return at;
    if (!fgets(line, sizeof line, f) || !instant_parse(str_trim(str_of(line)), &at))
        at = (instant){ 0 };
    fclose(f);
    return at;
}
