/* people_gen.h - made-up buyers of Kazakhstan, Russia and Ukraine over eight sources, with the truth of who is who.
 *
 * Shares no table and no code with src/identity on purpose: what the engine does not know must also occur. Two worlds differ in
 * names, streets, habits of writing and how often what happens, so that nobody tunes for one of them. The third is the first
 * again, but that a fifth of its phones belonged to somebody else until 2020 and to these people since 2024.
 */
#pragma once
#include <stdint.h>
#include <stdio.h>

enum people_level { PEOPLE_EASY, PEOPLE_MEDIUM, PEOPLE_HARD, PEOPLE_LEVELS };
extern const char *const people_level_names[];

struct people_record {
    char     id[24], source[16], name[160], phone[64], email[96], city[64], address[200], created[24];
    uint32_t person;
};
struct people_gen;
#define PEOPLE_WORLDS 3
/* `world` is below PEOPLE_WORLDS. The caller frees with people_gen_done. */
struct people_gen *people_gen_new(enum people_level, int world, uint64_t seed);
/* The records of the next person or family in turn: fills `out` (room for PEOPLE_BATCH), returns how many. */
#define PEOPLE_BATCH 64
int  people_gen_next(struct people_gen *, struct people_record out[PEOPLE_BATCH]);
void people_gen_done(struct people_gen *);
