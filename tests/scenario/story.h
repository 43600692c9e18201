/* story.h - one plain-text story: a file of lines that are carried out one after the other. See README.md for the language. */
#pragma once
#include "support/house.h"

struct story {
    const char  *path;                  /* of the file */
    struct arena arena;
    str          text, title;
    char         failure[4000];         /* "file:line: …"; empty when all went well */
};

MUST_CHECK bool story_read(struct story *, const char *path);
void story_done(struct story *);
/* A story that begins with "store sqlite" or "store postgres" is told on that store only. */
bool story_is_for(const struct story *, const struct test_store *);
/* False with `failure` filled. */
bool story_run(struct story *, const struct test_store *, const char *record);
