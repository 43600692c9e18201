/* names.h - the table of given names as names/make.c writes it from given.txt: every form, sorted by sounds. */
#pragma once
#include <stdint.h>

#define GIVEN_FULL 0x8000           /* in given_ids: this form is a full spelling of the name, not a short one */

struct given_form {
    uint64_t letters;
    uint16_t first;                 /* its names are given_ids[first .. first + count) */
    uint8_t  count, sex;
    uint32_t set;                   /* bits of its letters, as in struct name_word */
    uint32_t initials;              /* bits of the letters with which any form of these names begins */
};
extern const struct given_form given_forms[];
extern const int               given_forms_count;
extern const uint16_t          given_ids[];
extern const uint64_t          given_full[];    /* the full spelling of each name, by its number */

struct city_form { uint64_t letters; uint16_t city; };
extern const struct city_form city_forms[];     /* sorted by letters */
extern const int              city_forms_count;
