/* goods.c - what the shop «Карапуз» sells: article, title, Kaspi category, price in tenge. */
#include "sandbox/market.h"

const struct good goods[] = {
    /* sku          title                                     category                          ₸       g     cargo */
    { "KRP-1001", "Смесь Nutrilon 1, 800 г",                "Master - Infant formula",         9800,   900, 1 },
    { "KRP-1002", "Смесь Nutrilon 2, 800 г",                "Master - Infant formula",         9600,   900, 1 },
    { "KRP-1003", "Смесь Kabrita Gold 1, 800 г",            "Master - Infant formula",        15900,   900, 1 },
    { "KRP-1004", "Смесь NAN Optipro 3, 800 г",             "Master - Infant formula",         8900,   900, 1 },
    { "KRP-1010", "Каша Heinz гречневая, 200 г",            "Master - Baby cereal",            1450,   230, 1 },
    { "KRP-1011", "Пюре ФрутоНяня яблоко, 90 г, 12 шт.",    "Master - Baby puree",             4200,  1300, 1 },
    { "KRP-1101", "Подгузники Merries L, 54 шт.",           "Master - Diapers",               11900,  2300, 1 },
    { "KRP-1102", "Подгузники Pampers Premium 3, 120 шт.",  "Master - Diapers",               17900,  3900, 1 },
    { "KRP-1103", "Подгузники-трусики Huggies 5, 48 шт.",   "Master - Diapers",                9900,  2200, 1 },
    { "KRP-1104", "Влажные салфетки WaterWipes, 60 шт.",    "Master - Baby wipes",             1900,   450, 1 },
    { "KRP-1201", "Бутылочка Avent, 260 мл",                "Master - Baby bottles",           3900,   150, 1 },
    { "KRP-1202", "Пустышка Avent Soothie, 2 шт.",          "Master - Pacifiers",              2400,    60, 1 },
    { "KRP-1203", "Стерилизатор Avent",                     "Master - Sterilizers",           32900,  1900, 1 },
    { "KRP-1204", "Молокоотсос Medela Swing",               "Master - Breast pumps",          54900,  1100, 1 },
    { "KRP-1301", "Автокресло Joie Tilt 0+",                "Master - Car seats",             64900,  5600, 2 },
    { "KRP-1302", "Коляска Yoya Plus 4",                    "Master - Strollers",             74900,  7400, 2 },
    { "KRP-1303", "Слинг-рюкзак Ergobaby",                  "Master - Baby carriers",         46900,   900, 1 },
    { "KRP-1304", "Манеж складной «Степь»",                 "Master - Playpens",              38900,  9000, 2 },
    { "KRP-1305", "Ванночка складная",                      "Master - Baby baths",            13400,  1800, 1 },
    { "KRP-1306", "Горшок дорожный 2 в 1",                  "Master - Potties",                5600,   700, 1 },
    { "KRP-1307", "Ночник «Тұлпар»",                        "Master - Night lights",           7900,   350, 1 },
    { "KRP-1308", "Радионяня Motorola MBP",                 "Master - Baby monitors",         42900,   600, 1 },
    { "KRP-1401", "Конструктор «Ферма», 214 деталей",       "Master - Construction toys",     11800,   900, 1 },
    { "KRP-1402", "Конструктор «Космодром», 512 деталей",   "Master - Construction toys",     29900,  1900, 1 },
    { "KRP-1403", "Конструктор «Юрта», 128 деталей",        "Master - Construction toys",      8900,   600, 1 },
    { "KRP-1404", "Деревянная пирамидка",                   "Master - Wooden toys",            6400,   500, 1 },
    { "KRP-1405", "Лошадка-качалка «Тулпар»",               "Master - Rocking toys",          24500,  4200, 1 },
    { "KRP-1406", "Мяч-прыгун с рожками",                   "Master - Balls",                  4900,   900, 1 },
    { "KRP-1407", "Машинка на радиоуправлении",             "Master - RC toys",               12400,   800, 1 },
    { "KRP-1408", "Пазл «Степь», 260 эл.",                  "Master - Puzzles",                3700,   400, 1 },
    { "KRP-1409", "Кукла «Айжан», 40 см",                   "Master - Dolls",                  9700,   700, 1 },
    { "KRP-1410", "Мягкая игрушка «Барсик», 35 см",         "Master - Soft toys",              5900,   350, 1 },
    { "KRP-1411", "Настольная игра «Асық ату»",             "Master - Board games",            6900,   800, 1 },
    { "KRP-1412", "Набор для лепки, 24 цвета",              "Master - Modelling",              3900,   900, 1 },
    { "KRP-1413", "Самокат трёхколёсный",                   "Master - Scooters",              18900,  2900, 1 },
    { "KRP-1414", "Беговел Strider 12",                     "Master - Balance bikes",         39900,  3600, 1 },
    { "KRP-1415", "Бизиборд «Домик»",                       "Master - Busy boards",           21900,  2400, 1 },
    { "KRP-1416", "Развивающий коврик, 180×150",            "Master - Play mats",             16900,  2100, 1 },
    { "KRP-1501", "Комбинезон зимний, 92",                  "Master - Kids overalls",         32700,  1200, 1 },
    { "KRP-1502", "Шапка мериносовая, 48–50",               "Master - Kids hats",              5200,   120, 1 },
    { "KRP-1503", "Варежки непромокаемые, 2–3 года",        "Master - Kids mittens",           3400,   100, 1 },
    { "KRP-1504", "Боди хлопковое, 74, 3 шт.",              "Master - Kids bodysuits",         7400,   300, 1 },
    { "KRP-1505", "Пижама флисовая, 104",                   "Master - Kids pyjamas",           8200,   350, 1 },
    { "KRP-1506", "Ботинки зимние, 24",                     "Master - Kids boots",            19900,   800, 1 },
    { "KRP-1507", "Плед из верблюжьей шерсти",              "Master - Kids blankets",         14900,   900, 1 },
    { "KRP-1601", "Книга «Ертегілер»",                      "Master - Kids books",             4300,   600, 1 },
};

int goods_count(void)
{
    return COUNT_OF(goods);
}

const struct good *good_find(const char *title_prefix)
{
    for (int i = 0; i < COUNT_OF(goods); i++)
        if (str_starts(str_of(goods[i].title), str_of(title_prefix)))
            return &goods[i];
    return &goods[0];
}

void morder_add_line(struct sandbox *sb, struct morder *o, const struct good *g, int64_t qty, int64_t price_tenge)
{
    int64_t at = g - goods;
    struct mline *l = mline_list_add(&o->lines, &sb->arena);
    *l = (struct mline){
        .sku = str_of(g->sku), .title = str_of(g->title), .category = str_of(g->category), .qty = qty, .weight_g = g->weight_g,
        .price = { price_tenge * 100 }, .size = 387650000 + at * 31,
        .barcode = str_print(&sb->arena, "2%012lld", 48700100000LL + at * 137LL),
        .offer = o->market == MARKET_OZON ? 1482650000 + at * 211 : o->market == MARKET_WB ? 214730000 + at * 173 : 109349000 + at * 57,
    };
    if (g->cargo_type > o->cargo_type)
        o->cargo_type = g->cargo_type;
}
