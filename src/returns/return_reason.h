/* return_reason.h - what a market's own word for a reason means, as far as it is known without the seller's map. Pure. */
#pragma once
#include "base/arena.h"

/* The reason ("changed_mind", "incomplete" …) of a word in any case and spelling of its letters; empty: the word is not known. */
str return_reason_code(struct arena *, str word);
/* The group ("changed_mind", "defect" …) of a word in any case and spelling of its letters; empty: the word is not known. */
str return_reason_group(struct arena *, str word);
