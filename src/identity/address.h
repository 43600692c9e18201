/* address.h - city, street, house and flat out of what people write.
 *
 * Cities by a table with old names (Алма-Ата is Алматы; Целиноград, Акмола and Нур-Султан are Астана), street types dropped
 * in Russian, Kazakh, Ukrainian and Latin, streets reduced to sounds as names are, house with its corpus and fraction, flat
 * in every writing (кв. 5, пәт. 5, -5, apt 5). House and flat are compared exactly.
 */
#pragma once
#include "base/str.h"

#define ADDRESS_BYTES_MAX 400
#define STREET_WORDS_MAX  3

struct address {
    uint64_t street[STREET_WORDS_MAX];  /* packed sounds of its words, sorted; 0 = fewer */
    uint32_t city;                      /* hash of the modern name; 0 = unknown */
    uint32_t street_no;                 /* "микрорайон 8", "8 марта"; 0 = none */
    uint32_t house;                     /* number; 0 = unknown */
    uint32_t part;                      /* hash of corpus, letter and fraction; 0 = none */
    uint32_t flat;                      /* 0 = unknown */
};
/* `city` is its own field, and may be empty: then it is looked for in `address`. */
void address_read(str city, str address, struct address *out);

enum address_match {
    ADDRESS_UNKNOWN,
    ADDRESS_FLAT,                       /* to the flat */
    ADDRESS_HOUSE,                      /* to the house; a flat is missing on a side */
    ADDRESS_STREET,                     /* the street; a house is missing on a side */
    ADDRESS_CITY,                       /* only the city is known of both */
    ADDRESS_NEIGHBOUR,                  /* the house, another flat */
    ADDRESS_ELSEWHERE,                  /* the city, another street or house */
    ADDRESS_OTHER_CITY,
    ADDRESS_MATCH_COUNT
};
extern const char *const address_match_names[ADDRESS_MATCH_COUNT + 1];
enum address_match address_compare(const struct address *, const struct address *);
