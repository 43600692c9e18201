#include "returns/return_reason.h"

#include "base/fold.h"
#include "returns/return_words.h"

/* Words of the markets' cabinets and codes of their APIs; the seller's own map comes before these. Kaspi's are codes of a cancellation.
 * A part of the word decides, the longer one first. */
static const struct { const char *part; enum return_group group; } known[] = {
    { "передума", GROUP_CHANGED_MIND },        { "changed mind", GROUP_CHANGED_MIND },     { "buyer cancellation by customer", GROUP_CHANGED_MIND },
    { "не нужен", GROUP_CHANGED_MIND },        { "отказ клиента", GROUP_CHANGED_MIND },    { "отказ покупателя", GROUP_CHANGED_MIND },
    { "customer cancel", GROUP_CHANGED_MIND }, { "buyer cancel", GROUP_CHANGED_MIND },     { "ойынан айны", GROUP_CHANGED_MIND },
    { "размер", GROUP_SIZE },                  { "не подошел размер", GROUP_SIZE },      { "size", GROUP_SIZE },
    { "не подошел", GROUP_CHANGED_MIND },      { "брак", GROUP_DEFECT },                   { "дефект", GROUP_DEFECT },
    { "неисправ", GROUP_DEFECT },              { "не работает", GROUP_DEFECT },            { "defect", GROUP_DEFECT },
    { "не соответств", GROUP_NOT_AS_DESCRIBED }, { "не как на фото", GROUP_NOT_AS_DESCRIBED }, { "отличается от описания", GROUP_NOT_AS_DESCRIBED },
    { "not as described", GROUP_NOT_AS_DESCRIBED }, { "не тот товар", GROUP_WRONG_ITEM },  { "пересорт", GROUP_WRONG_ITEM },
    { "другой товар", GROUP_WRONG_ITEM },      { "некомплект", GROUP_WRONG_ITEM },         { "не хватает", GROUP_WRONG_ITEM },
    { "wrong item", GROUP_WRONG_ITEM },        { "incomplete", GROUP_WRONG_ITEM },         { "поврежд", GROUP_DAMAGED },
    { "разбит", GROUP_DAMAGED },               { "damaged", GROUP_DAMAGED },               { "опозда", GROUP_LATE },
    { "долго", GROUP_LATE },                   { "срок доставки", GROUP_LATE },            { "late", GROUP_LATE },
    { "не забра", GROUP_OTHER },               { "не востребован", GROUP_OTHER },          { "истек срок хранения", GROUP_OTHER },
    { "утерян", GROUP_OTHER },                 { "not collected", GROUP_OTHER },           { "lost", GROUP_OTHER },
};

str return_reason_group(struct arena *a, str word)
{
    str    folded = fold_search(a, word);
    size_t best   = 0;
    str    group  = { 0 };
    for (int i = 0; i < COUNT_OF(known); i++) {
        str part = fold_search(a, str_of(known[i].part));
        if (part.len > best && str_has(folded, part)) {
            best  = part.len;
            group = str_of(return_group_names[known[i].group]);
        }
    }
    return group;
}
