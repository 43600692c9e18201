/* learn.h - weights estimated again from what people have said of pairs (domain handbook §7, rule 4).
 *
 * Expectation: what the weights of now promise of each pair, and what is likely of those that nobody has judged. Maximisation: the
 * weight of a code moves by as much as people found more or fewer of its pairs to be one person than was promised. Verdicts are given
 * on pairs that were in doubt, so what is compared is promise and truth of the same pairs, never how common a code is.
 *
 * Guards stay: what contradicts has fixed weights and bars an automatic link whatever the score; thresholds are not touched; a
 * weight keeps its sign and moves by LEARN_MOST at the most from the handbook's. Whole numbers only: the same on every machine.
 */
#pragma once
#include "base/list.h"
#include "identity/pair.h"

#define LEARN_MIN  200                  /* verdicts; fewer teach nothing */
#define LEARN_CODE 20                   /* verdicts on pairs that show a code, for its weight to move */
#define LEARN_MOST 200

enum learn_said { LEARN_NOTHING, LEARN_SAME, LEARN_DIFFERENT };
struct learn_pair {
    uint8_t         codes[PAIR_FIELD_COUNT + 1], count;
    int32_t         rarity;             /* of the score: what does not come from weights */
    enum learn_said said;
};
LIST(learn_pair)
struct learn_pair learn_pair_of(const struct pair *, enum learn_said);
/* False: too little was said, or nothing moves; then *out is `from`. */
bool weights_learn(const struct learn_pair_list *, const struct pair_weights *from, struct pair_weights *out);
/* May the weight of this code be learnt? */
bool learn_is_free(enum evidence_code);
/* 1024 / (1 + 2^(-bits / 100)). */
int64_t share_of_bits(int bits);
