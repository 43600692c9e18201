#include "returns/return_reason.h"

#include "base/fold.h"
#include "returns/return_words.h"

/* clang-format off */
/* Words of the markets' cabinets and codes of their APIs; the seller's own map comes before these. Kaspi's are codes of a cancellation.
 * A part of the word decides, the longer one first. */
static const struct { const char *part, *code; } known[] = {
    { "передума", "changed_mind" }, { "changed mind", "changed_mind" }, { "buyer cancellation by customer", "changed_mind" },
    { "не нужен", "changed_mind" }, { "отказ клиента", "changed_mind" }, { "отказ покупателя", "changed_mind" },
    { "customer cancel", "changed_mind" }, { "buyer cancel", "changed_mind" }, { "ойынан айны", "changed_mind" },
    { "размер", "size" }, { "не подошел размер", "size" }, { "size", "size" }, { "не подошел", "changed_mind" },
    { "брак", "defect" }, { "дефект", "defect" }, { "неисправ", "defect" }, { "не работает", "defect" },
    { "defect", "defect" }, { "не соответств", "not_as_described" }, { "не как на фото", "not_as_described" },
    { "отличается от описания", "not_as_described" }, { "not as described", "not_as_described" },
    { "не тот товар", "wrong_item" }, { "пересорт", "wrong_item" }, { "другой товар", "wrong_item" },
    { "некомплект", "incomplete" }, { "не хватает", "incomplete" }, { "wrong item", "wrong_item" },
    { "incomplete", "incomplete" }, { "поврежд", "damaged_in_transit" }, { "разбит", "damaged_in_transit" },
    { "damaged", "damaged_in_transit" }, { "опозда", "late" }, { "долго", "late" }, { "срок доставки", "late" },
    { "late", "late" }, { "не забра", "not_collected" }, { "не востребован", "not_collected" },
    { "истек срок хранения", "not_collected" }, { "утерян", "lost" }, { "not collected", "not_collected" },
    { "lost", "lost" },
};

/* The shop's own reasons, as the first migration lists them. */
static const struct { const char *code; enum return_group group; } groups[] = {
    { "changed_mind", GROUP_CHANGED_MIND }, { "size", GROUP_SIZE }, { "defect", GROUP_DEFECT }, { "not_as_described", GROUP_NOT_AS_DESCRIBED },
    { "wrong_item", GROUP_WRONG_ITEM }, { "incomplete", GROUP_WRONG_ITEM }, { "damaged_in_transit", GROUP_DAMAGED }, { "late", GROUP_LATE },
    { "not_collected", GROUP_OTHER }, { "lost", GROUP_OTHER }, { "other", GROUP_OTHER },
};
/* clang-format on */

str return_reason_code(struct arena *a, str word)
{
    str    folded = fold_search(a, word);
    size_t best   = 0;
    str    code   = { 0 };
    for (int i = 0; i < COUNT_OF(known); i++) {
        str part = fold_search(a, str_of(known[i].part));
        if (part.len > best && str_has(folded, part)) {
            best = part.len;
            code = str_of(known[i].code);
        }
    }
    return code;
}

str return_reason_group(struct arena *a, str word)
{
    str code = return_reason_code(a, word);
    for (int i = 0; i < COUNT_OF(groups); i++)
        if (str_is(code, groups[i].code))
            return str_of(return_group_names[groups[i].group]);
    return STR("");
}
