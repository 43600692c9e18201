/* memory.h - what a conversation with a market remembers between its steps. Private to channels/.
 *
 * A struct and a constant table of its members: the table writes the JSON text that the engine keeps (pull.memory, errand) and reads
 * it back. Keys never change their meaning: a run that was begun by the version before goes on with this one.
 */
#pragma once
#include "channels/talk.h"

enum memory_kind {
    MEMORY_NUMBER,                      /* int64_t; 0 when missing */
    MEMORY_FLAG,                        /* bool */
    MEMORY_TEXT,                        /* str */
    MEMORY_JSON                         /* const struct json *; NULL is left out */
};
struct memory_field {                   /* ends with key NULL */
    const char      *key;
    enum memory_kind kind;
    size_t           at;                /* offsetof */
};

/* Fills the struct from `memory`; `of` names the conversation in the error. Texts and JSON live in the arena of the call. */
MUST_CHECK bool memory_read(struct arena *, const struct memory_field *, str memory, void *out, const char *of, struct err *);
str             memory_text(struct arena *, const struct memory_field *, const void *from);

/* ---- runs over a list: the cursor of a stream is {"seen": ms}, the end of the time that has been read ---- */

/* Where the last whole run ended; 0 before the first, and when the cursor says a time still to come. */
int64_t run_seen(const struct call *, const struct pull *);
/* Where a run begins: `overlap` before what was seen (25 hours in the nightly pass), else `days` ago. */
int64_t run_from(const struct call *, const struct pull *, int64_t days, int64_t overlap_ms);
/* The run is over: nothing is remembered, and the next begins at `seen_ms`; 0: the stream has no cursor. */
void    run_end(const struct call *, struct pull *, int64_t seen_ms);
/* Texts as a JSON list, to be walked step by step; empty ones are left out. */
MUST_CHECK bool run_list(const struct call *, const str *texts, int count, const struct json **out, struct err *);
