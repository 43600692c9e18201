/* people.c - the buyers of the town: the n-th one is always the same person, whichever market they buy at. */
#include "sandbox/market.h"

struct given { const char *name; bool is_female; };
static const struct given given[] = {
    { "Мария", true },    { "Ерболат", false },  { "Асем", true },     { "Динара", true },
    { "Гульнара", true }, { "Тимур", false },    { "Алия", true },     { "Сауле", true },
    { "Айдос", false },   { "Ольга", true },     { "Руслан", false },  { "Жанна", true },
    { "Данияр", false },  { "Камила", true },    { "Айгуль", true },   { "Нурлан", false },
    { "Әсель", true },    { "Бауыржан", false }, { "Гүлмира", true },  { "Қайрат", false },
    { "Меруерт", true },  { "Арман", false },    { "Жанар", true },    { "Ержан", false },
    { "Наталья", true },  { "Сергей", false },   { "Елена", true },    { "Дмитрий", false },
    { "Анна", true },     { "Иван", false },     { "Светлана", true }, { "Мақсат", false },
    { "Айнұр", true },    { "Санжар", false },   { "Томирис", true },  { "Алексей", false },
    { "Ботагөз", true },  { "Олжас", false },    { "Виктория", true }, { "Ернар", false },
};
struct surname { const char *male, *female; };
static const struct surname surnames[] = {
    { "Иванов", "Иванова" },
    { "Сагынтаев", "Сагынтаева" },
    { "Кудайберген", "Кудайберген" },
    { "Оспанов", "Оспанова" },
    { "Ахметов", "Ахметова" },
    { "Жаксыбеков", "Жаксыбекова" },
    { "Нурмагамбетов", "Нурмагамбетова" },
    { "Бекенов", "Бекенова" },
    { "Мухамеджанов", "Мухамеджанова" },
    { "Ким", "Ким" },
    { "Идрисов", "Идрисова" },
    { "Тулегенов", "Тулегенова" },
    { "Абишев", "Абишева" },
    { "Есимов", "Есимова" },
    { "Серікқызы", "Серікқызы" },
    { "Нұрланұлы", "Нұрланқызы" },
    { "Петров", "Петрова" },
    { "Қасымов", "Қасымова" },
    { "Смирнов", "Смирнова" },
    { "Байжанов", "Байжанова" },
    { "Төлеуов", "Төлеуова" },
    { "Цой", "Цой" },
    { "Жұмабаев", "Жұмабаева" },
    { "Сулейменов", "Сулейменова" },
    { "Кузнецов", "Кузнецова" },
    { "Досжанов", "Досжанова" },
    { "Әбдіқалықов", "Әбдіқалықова" },
    { "Шевченко", "Шевченко" },
    { "Рахимов", "Рахимова" },
    { "Мұратов", "Мұратова" },
    { "Ли", "Ли" },
};
struct town { const char *city, *street; };
static const struct town towns[] = {
    { "Алматы", "улица Кунаева" },           { "Алматы", "проспект Абая" },
    { "Алматы", "улица Сатпаева" },          { "Астана", "проспект Мәңгілік Ел" },
    { "Астана", "улица Кенесары" },          { "Шымкент", "улица Тауке хана" },
    { "Караганда", "проспект Бухар-Жырау" }, { "Актобе", "проспект Санкибай батыра" },
    { "Павлодар", "улица Лермонтова" },      { "Усть-Каменогорск", "проспект Независимости" },
    { "Талдыкорган", "улица Акын Сара" },    { "Костанай", "улица Байтурсынова" },
    { "Атырау", "улица Сатпаева" },          { "Қызылорда", "улица Айтеке би" },
};
static const int prefixes[] = { 700, 701, 702, 705, 707, 708, 747, 771, 775, 776, 777, 778 };

/* Regulars buy again and again, on any market; the rest of the town comes and goes. */
#define REGULARS 90
#define TOWN     40000

static uint64_t mix(uint64_t z)
{
    z = (z + UINT64_C(0x9E3779B97F4A7C15)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 31)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 29);
}

void person_of(struct sandbox *sb, int64_t n, struct morder *o)
{
    uint64_t h = mix((uint64_t)n + 17);
    const struct given *g = &given[h % (uint64_t)COUNT_OF(given)];
    const struct surname *s = &surnames[h / 64 % (uint64_t)COUNT_OF(surnames)];
    const struct town *t = &towns[h / 4096 % (uint64_t)COUNT_OF(towns)];
    o->name = str_of(g->name);
    o->surname = str_of(g->is_female ? s->female : s->male);
    o->phone = str_print(&sb->arena, "%d%07llu", prefixes[h / 262144 % (uint64_t)COUNT_OF(prefixes)],
                         (unsigned long long)(mix(h) % 9999999 + 1));
    o->city = str_of(t->city);
    o->address = str_print(&sb->arena, "%s, %d, кв. %d", t->street, (int)(h >> 40 & 127) + 1,
                           (int)(h >> 48 & 127) + 1);
}

int64_t person_pick(struct sandbox *sb)
{
    return chance_hits(sb, 300) ? chance_below(sb, REGULARS) : REGULARS + chance_below(sb, TOWN);
}
