/* fold.h - search keys: the same word typed in any case, alphabet habit or Unicode form gives the same key.
 *
 * Unicode NFKC + case fold (ICU), then an own table: ё→е й→й(kept) ә→а ғ→г қ→к ң→н ө→о ұ,ү→у һ→х і,ї→и є→е ґ→г;
 * apostrophes dropped; every run of other characters than letters and digits becomes one space; trimmed.
 * Both databases index the result; queries are folded the same way, because SQLite and PostgreSQL disagree outside ASCII.
 */
#pragma once
#include "base/arena.h"

str fold_search(struct arena *, str text);
/* Text typed in the wrong keyboard layout, as it was meant in the Russian one and back: "vfhbz" → "мария". Then, where their keys
 * differ, as in the Ukrainian ("Csxtym" → "січень") and the Kazakh one ("2l3k" → "әділ"). Gives how many; 0: nothing would change. */
#define FOLD_LAYOUTS_MAX 3
int fold_other_layouts(struct arena *, str text, str out[FOLD_LAYOUTS_MAX]);
/* Only ASCII digits of the text. */
str fold_digits(struct arena *, str text);
/* The bytes in reverse order (ASCII), for "ends with" look-ups over an index. */
str fold_reverse(struct arena *, str ascii);
