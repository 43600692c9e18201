#include "bench/people_gen.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(a) ((int)(sizeof(a) / sizeof *(a)))

const char *const people_level_names[] = { "easy", "medium", "hard", NULL };

/* How much survives; per cent of records or people. */
struct level {
    int changed_phone, no_email, family, mask, relay, recycled, name_typo, short_form, initials, latin, swapped, patronymic;
    int no_phone, no_address, no_flat, street_typo, domain_typo, mailbox_new, moved, proxy, upper, given_only;
};
static const struct level levels[2][PEOPLE_LEVELS] = {
    {
        { 5, 20, 2, 2, 3, 1, 2, 5, 2, 10, 20, 30, 3, 15, 10, 3, 1, 2, 2, 1, 5, 1 },
        { 12, 35, 5, 5, 8, 2, 6, 12, 6, 20, 35, 25, 6, 25, 20, 7, 3, 5, 4, 2, 8, 3 },
        { 25, 55, 9, 10, 15, 3, 11, 20, 10, 30, 50, 20, 10, 35, 30, 14, 5, 8, 6, 4, 10, 5 },
    },
    {
        { 3, 30, 1, 1, 5, 1, 3, 8, 4, 25, 50, 15, 2, 5, 20, 5, 2, 1, 1, 1, 2, 2 },
        { 10, 40, 6, 6, 10, 3, 9, 15, 8, 30, 50, 15, 5, 15, 30, 10, 4, 4, 3, 2, 5, 4 },
        { 25, 55, 9, 10, 15, 4, 14, 25, 12, 40, 50, 15, 8, 25, 40, 18, 7, 6, 4, 3, 8, 6 },
    },
};

/* given name: as Russians write it, as Kazakhs or Ukrainians do, short forms */
struct given { const char *ru, *own, *shorts[4]; };
static const struct given women_kz[] = {
    { "Айгуль", "Айгүл", { "Айка", "Гуля" } }, { "Динара", "Динара", { "Дина", "Динарка" } }, { "Асель", "Әсел", { "Аселя", "Аська" } },
    { "Гульмира", "Гүлмира", { "Гуля" } }, { "Сауле", "Сәуле", { "Саулеша" } }, { "Жанар", "Жанар", { "Жанарка" } },
    { "Айгерим", "Айгерім", { "Айка", "Айгеримка" } }, { "Мадина", "Мәдина", { "Мадя" } }, { "Алия", "Әлия", { "Алийка" } },
    { "Жулдыз", "Жұлдыз", { "Жулдызка" } }, { "Куралай", "Құралай", { "Кука" } }, { "Назгуль", "Назгүл", { "Наз" } },
    { "Толганай", "Толғанай", { "Толгаша" } }, { "Карлыгаш", "Қарлығаш", { "Карла" } }, { "Салтанат", "Салтанат", { "Салта" } },
    { "Меруерт", "Меруерт", { "Меруша" } }, { "Ботагоз", "Ботагөз", { "Бота" } }, { "Шолпан", "Шолпан", { "Шопа" } },
    { "Аружан", "Аружан", { "Ару" } }, { "Камила", "Кәмила", { "Мила" } }, { "Зарина", "Зарина", { "Зара" } }, { "Айнур", "Айнұр", { "Айнурка" } },
    { "Рысты", "Рысты", { NULL } }, { "Орынгуль", "Орынгүл", { "Орынка" } }, { "Батима", "Бәтима", { NULL } }, { "Кулян", "Күлән", { NULL } },
};
static const struct given men_kz[] = {
    { "Нурлан", "Нұрлан", { "Нурик" } }, { "Ерлан", "Ерлан", { "Ера" } }, { "Бауыржан", "Бауыржан", { "Баур" } },
    { "Кайрат", "Қайрат", { "Каир" } }, { "Серик", "Серік", { "Сержан" } }, { "Данияр", "Данияр", { "Даник" } },
    { "Алибек", "Әлібек", { "Алик" } }, { "Тимур", "Тимур", { "Тима" } }, { "Асхат", "Асқат", { "Асик" } }, { "Арман", "Арман", { "Армаш" } },
    { "Ержан", "Ержан", { "Ержик" } }, { "Мурат", "Мұрат", { "Мурик" } }, { "Канат", "Қанат", { "Каник" } }, { "Талгат", "Талғат", { "Талга" } },
    { "Болат", "Болат", { "Боля" } }, { "Даурен", "Дәурен", { "Дауке" } }, { "Санжар", "Санжар", { "Санжик" } }, { "Олжас", "Олжас", { "Олжик" } },
    { "Куаныш", "Қуаныш", { "Куан" } }, { "Максат", "Мақсат", { "Макс" } }, { "Жандос", "Жандос", { "Жан" } }, { "Галымжан", "Ғалымжан", { "Галым" } },
    { "Тлеубек", "Тілеубек", { NULL } }, { "Ыскак", "Ысқақ", { NULL } }, { "Шокан", "Шоқан", { NULL } }, { "Бейсен", "Бейсен", { NULL } },
};
static const struct given women_ru[] = {
    { "Мария", "Марія", { "Маша", "Маруся", "Маня" } }, { "Анна", "Ганна", { "Аня", "Нюра", "Анюта" } }, { "Елена", "Олена", { "Лена", "Леночка" } },
    { "Ольга", "Ольга", { "Оля", "Оленька" } }, { "Наталья", "Наталія", { "Наташа", "Ната", "Наталка" } }, { "Екатерина", "Катерина", { "Катя", "Катюша" } },
    { "Татьяна", "Тетяна", { "Таня", "Танюша" } }, { "Ирина", "Ірина", { "Ира", "Ириша" } }, { "Светлана", "Світлана", { "Света", "Лана" } },
    { "Юлия", "Юлія", { "Юля", "Юленька" } }, { "Анастасия", "Анастасія", { "Настя", "Ася", "Стася" } }, { "Дарья", "Дарина", { "Даша", "Дашуля" } },
    { "Ксения", "Оксана", { "Ксюша", "Ксюня" } }, { "Виктория", "Вікторія", { "Вика", "Викуля" } }, { "Людмила", "Людмила", { "Люда", "Люся" } },
    { "Полина", "Поліна", { "Поля" } }, { "Елизавета", "Єлизавета", { "Лиза", "Лизок" } }, { "Александра", "Олександра", { "Саша", "Шура" } },
    { "Валентина", "Валентина", { "Валя" } }, { "Галина", "Галина", { "Галя" } }, { "Софья", "Софія", { "Соня" } }, { "Надежда", "Надія", { "Надя" } },
    { "Любовь", "Любов", { "Люба" } }, { "Евгения", "Євгенія", { "Женя" } }, { "Кристина", "Христина", { "Кристя" } }, { "Вера", "Віра", { "Верочка" } },
};
static const struct given men_ru[] = {
    { "Александр", "Олександр", { "Саша", "Шура", "Саня" } }, { "Сергей", "Сергій", { "Сережа", "Серега" } }, { "Дмитрий", "Дмитро", { "Дима", "Димон" } },
    { "Андрей", "Андрій", { "Андрюша" } }, { "Алексей", "Олексій", { "Леша", "Алеша" } }, { "Иван", "Іван", { "Ваня" } },
    { "Михаил", "Михайло", { "Миша" } }, { "Николай", "Микола", { "Коля" } }, { "Владимир", "Володимир", { "Вова", "Володя" } },
    { "Евгений", "Євген", { "Женя" } }, { "Павел", "Павло", { "Паша" } }, { "Максим", "Максим", { "Макс" } }, { "Артем", "Артем", { "Тема" } },
    { "Юрий", "Юрій", { "Юра" } }, { "Роман", "Роман", { "Рома" } }, { "Виктор", "Віктор", { "Витя" } }, { "Игорь", "Ігор", { "Игорек" } },
    { "Олег", "Олег", { "Олежка" } }, { "Константин", "Костянтин", { "Костя" } }, { "Денис", "Денис", { "Дэн" } }, { "Петр", "Петро", { "Петя" } },
    { "Вячеслав", "В'ячеслав", { "Слава" } }, { "Анатолий", "Анатолій", { "Толя", "Толик" } }, { "Кирилл", "Кирило", { "Кирюша" } },
    { "Степан", "Степан", { "Стёпа" } }, { "Василий", "Василь", { "Вася" } },
};
static const char *const surnames_kz[] = {
    "Ахметов", "Оспанов", "Нурпеисов", "Садыков", "Искаков", "Абдрахманов", "Жумабаев", "Касымов", "Сулейменов", "Байжанов", "Тулегенов",
    "Сарсенов", "Кенжебаев", "Досанов", "Мусин", "Ержанов", "Алимбеков", "Рахимов", "Муканов", "Жаксыбеков", "Токтаров", "Бекмуханов",
    "Утегенов", "Айтбаев", "Куанышев", "Шаяхметов", "Есенгалиев", "Турсунов", "Омаров", "Смагулов", "Каримов", "Нуртазин", "Байсеитов",
    "Калиев", "Ибраев", "Сейтказиев", "Жанибеков", "Мырзахметов", "Дюсенов", "Кожахметов", "Абишев", "Балтабаев", "Есимов", "Кусаинов",
    "Серикбай", "Оразбек", "Тлеуберди", "Аманжол", "Жолдасбай", "Нургали", "Бейсенбай", "Ертай", "Кудайберген", "Алпысбай",
};
static const char *const surnames_ru[] = {
    "Иванов", "Смирнов", "Кузнецов", "Попов", "Васильев", "Петров", "Соколов", "Михайлов", "Новиков", "Федоров", "Морозов", "Волков", "Алексеев",
    "Лебедев", "Семенов", "Егоров", "Павлов", "Козлов", "Степанов", "Николаев", "Орлов", "Андреев", "Макаров", "Никитин", "Захаров", "Зайцев",
    "Соловьев", "Борисов", "Яковлев", "Григорьев", "Романов", "Воробьев", "Сергеев", "Фролов", "Александров", "Дмитриев", "Королев", "Гусев",
    "Киселев", "Ильин", "Максимов", "Поляков", "Сорокин", "Виноградов", "Ковалев", "Белов", "Медведев", "Антонов", "Тарасов", "Жуков",
    "Щукин", "Цветков", "Чернышев", "Хохлов", "Юдин", "Ершов", "Рябов", "Шубин", "Островский", "Заболоцкий",
};
static const char *const surnames_ua[] = {
    "Шевченко", "Коваленко", "Бондаренко", "Ткаченко", "Кравченко", "Олійник", "Шевчук", "Поліщук", "Бондар", "Мельник", "Марченко", "Лисенко",
    "Савченко", "Руденко", "Петренко", "Клименко", "Кравець", "Гончаренко", "Сидоренко", "Мороз", "Харченко", "Пономаренко", "Левченко", "Гриценко",
    "Демченко", "Захарчук", "Яковенко", "Білоус", "Кушнір", "Панченко", "Щербак", "Вовк", "Костюк", "Головко", "Зінченко", "Ковальський",
};
static const char *const fathers_kz[] = { "Серик", "Нурлан", "Болат", "Марат", "Ерлан", "Кайрат", "Аскар", "Бекен", "Жумабай", "Толеген", "Амангельды", "Рашид" };
static const char *const fathers_ru[] = { "Иванов", "Петров", "Сергеев", "Александров", "Николаев", "Владимиров", "Викторов", "Андреев", "Михайлов", "Павлов", "Олегов" };
struct city { const char *names[4]; const char *country; };
static const struct city cities[2][16] = {
    {
        { { "Алматы", "Алма-Ата", "Almaty", "г. Алматы" }, "KZ" }, { { "Астана", "Нур-Султан", "Astana", "г.Астана" }, "KZ" },
        { { "Шымкент", "Чимкент", "Shymkent", "Шымкент қаласы" }, "KZ" }, { { "Караганда", "Қарағанды", "Karaganda", "г. Караганда" }, "KZ" },
        { { "Актобе", "Ақтөбе", "Aktobe", "Актобе" }, "KZ" }, { { "Павлодар", "Павлодар", "Pavlodar", "Павлодар" }, "KZ" },
        { { "Тараз", "Жамбыл", "Taraz", "г Тараз" }, "KZ" }, { { "Алматы", "Алматы қ.", "ALMATY", "алматы" }, "KZ" },
        { { "Москва", "г. Москва", "Moscow", "Moskva" }, "RU" }, { { "Санкт-Петербург", "СПб", "Saint Petersburg", "Питер" }, "RU" },
        { { "Новосибирск", "г Новосибирск", "Novosibirsk", "новосибирск" }, "RU" }, { { "Омск", "Омск", "Omsk", "г. Омск" }, "RU" },
        { { "Киев", "Київ", "Kyiv", "Kiev" }, "UA" }, { { "Днепр", "Дніпро", "Dnipro", "Днепропетровск" }, "UA" },
        { { "Одесса", "Одеса", "Odesa", "м. Одеса" }, "UA" }, { { "Львов", "Львів", "Lviv", "м.Львів" }, "UA" },
    },
    {
        { { "Алматы", "Almaty", "Алматы", "Алма-Ата" }, "KZ" }, { { "Астана", "Астана", "Нұр-Сұлтан", "Целиноград" }, "KZ" },
        { { "Костанай", "Қостанай", "Kostanay", "Кустанай" }, "KZ" }, { { "Семей", "Семипалатинск", "Semey", "Семей" }, "KZ" },
        { { "Усть-Каменогорск", "Өскемен", "Ust-Kamenogorsk", "Усть-Каменогорск" }, "KZ" }, { { "Актау", "Ақтау", "Aktau", "Актау" }, "KZ" },
        { { "Уральск", "Орал", "Uralsk", "Уральск" }, "KZ" }, { { "Кокшетау", "Көкшетау", "Kokshetau", "г.Кокшетау" }, "KZ" },
        { { "Москва", "Москва", "Moskva", "москва" }, "RU" }, { { "Екатеринбург", "Екатеринбург", "Ekaterinburg", "Yekaterinburg" }, "RU" },
        { { "Казань", "Казань", "Kazan", "г. Казань" }, "RU" }, { { "Нижний Новгород", "Н. Новгород", "Nizhny Novgorod", "Нижний Новгород" }, "RU" },
        { { "Харьков", "Харків", "Kharkiv", "м. Харків" }, "UA" }, { { "Запорожье", "Запоріжжя", "Zaporizhzhia", "Запоріжжя" }, "UA" },
        { { "Винница", "Вінниця", "Vinnytsia", "Вінниця" }, "UA" }, { { "Бобровица", "Бобровиця", "Bobrovytsia", "Бобровиця" }, "UA" },
    },
};
static const char *const streets[2][24] = {
    { "Абая", "Сатпаева", "Гоголя", "Толе би", "Назарбаева", "Достык", "Жандосова", "Тимирязева", "Розыбакиева", "Кабанбай батыра", "Пушкина", "Ленина",
      "Мира", "Гагарина", "Советская", "Победы", "Лесная", "Садовая", "8 Марта", "Самал-2", "Шевченко", "Франко", "Грушевского", "Хрещатик" },
    { "Ауэзова", "Байтурсынова", "Сейфуллина", "Мустафина", "Иманова", "Республики", "Кенесары", "Бараева", "Момышулы", "Валиханова", "Чехова", "Кирова",
      "Некрасова", "Молодежная", "Школьная", "Заречная", "Октябрьская", "Новая", "Орбита-3", "1 Мая", "Сечевых Стрельцов", "Антоновича", "Полевая", "Жибек жолы" },
};
static const char *const sources[8] = { "kaspi", "wildberries", "ozon", "site", "instagram", "halyk", "yandex", "offline" };

struct person {
    uint32_t id;
    int      culture;                   /* 0 KZ, 1 RU, 2 UA */
    bool     woman;
    const struct given *given;
    char     surname[64], father[40];
    uint64_t phone, phone_new;
    char     mail[48];
    int      mail_domain;
    const struct city *city;
    int      street, house, part, flat;
    bool     late;                      /* bought only after numbers of the early were given away */
};
struct people_gen {
    struct level  l;
    int           world;
    bool          passes_on;            /* a fifth of all numbers had another owner years ago */
    uint64_t      state, serial;
    uint32_t      people;
    uint64_t      old_phones[512];
};

/* ---- chance ---- */

static uint64_t next(struct people_gen *g)
{
    uint64_t z = (g->state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}
static int  below(struct people_gen *g, int n) { return (int)(next(g) % (uint64_t)n); }
static bool chance(struct people_gen *g, int per_cent) { return below(g, 100) < per_cent; }
/* Few are many: the first of a list is drawn much more often than the last. */
static int  skewed(struct people_gen *g, int n) { int a = below(g, n), b = below(g, n); return a < b ? a : b; }

/* ---- text ---- */

static int letters_of_text(const char *s, int at[160])
{
    int n = 0;
    for (int i = 0; s[i] && n < 159; i++)
        if (((unsigned char)s[i] & 0xc0) != 0x80)
            at[n++] = i;
    at[n] = (int)strlen(s);
    return n;
}

/* One slip of the finger in a word of letters: lost, doubled, swapped or a neighbour's. */
static void slip(struct people_gen *g, char *s, size_t size)
{
    int  at[160], n = letters_of_text(s, at);
    char out[256];
    if (n < 5 || strlen(s) + 8 > size)
        return;
    int i = 1 + below(g, n - 2), kind = below(g, 4);
    if (s[at[i]] == ' ' || s[at[i + 1]] == ' ')
        return;
    int len = at[i + 1] - at[i];
    if (kind == 0) {
        memmove(s + at[i], s + at[i + 1], strlen(s + at[i + 1]) + 1);
    } else if (kind == 1) {
        snprintf(out, sizeof out, "%.*s%.*s%s", at[i + 1], s, len, s + at[i], s + at[i + 1]);
        snprintf(s, size, "%s", out);
    } else if (kind == 2 && i + 1 < n) {
        int len2 = at[i + 2 <= n ? i + 2 : n] - at[i + 1];
        snprintf(out, sizeof out, "%.*s%.*s%.*s%s", at[i], s, len2, s + at[i + 1], len, s + at[i], s + at[i + 1] + len2);
        snprintf(s, size, "%s", out);
    } else {
        static const char *const cyr[] = { "а", "о", "е", "и", "у", "р", "н", "т", "л", "с" };
        bool  is_cyr = ((unsigned char)s[at[i]] & 0x80) != 0;
        char  lat[2] = { "aoeiurntls"[below(g, 10)], 0 };
        snprintf(out, sizeof out, "%.*s%s%s", at[i], s, is_cyr ? cyr[below(g, 10)] : lat, s + at[i + 1]);
        snprintf(s, size, "%s", out);
    }
}

struct letter { const char *from, *to[3]; };
static const struct letter latin[] = {
    { "а", { "a", "a", "a" } }, { "б", { "b", "b", "b" } }, { "в", { "v", "v", "v" } }, { "г", { "g", "g", "g" } }, { "д", { "d", "d", "d" } },
    { "е", { "e", "e", "ye" } }, { "ё", { "e", "yo", "yo" } }, { "ж", { "zh", "zh", "j" } }, { "з", { "z", "z", "z" } }, { "и", { "i", "i", "i" } },
    { "й", { "i", "y", "j" } }, { "к", { "k", "k", "k" } }, { "л", { "l", "l", "l" } }, { "м", { "m", "m", "m" } }, { "н", { "n", "n", "n" } },
    { "о", { "o", "o", "o" } }, { "п", { "p", "p", "p" } }, { "р", { "r", "r", "r" } }, { "с", { "s", "s", "s" } }, { "т", { "t", "t", "t" } },
    { "у", { "u", "u", "u" } }, { "ф", { "f", "f", "f" } }, { "х", { "kh", "h", "kh" } }, { "ц", { "ts", "c", "ts" } }, { "ч", { "ch", "ch", "ch" } },
    { "ш", { "sh", "sh", "sh" } }, { "щ", { "shch", "sch", "shh" } }, { "ъ", { "", "", "" } }, { "ы", { "y", "y", "y" } }, { "ь", { "", "'", "" } },
    { "э", { "e", "e", "e" } }, { "ю", { "iu", "yu", "ju" } }, { "я", { "ia", "ya", "ja" } }, { "ә", { "a", "a", "a" } }, { "ғ", { "g", "gh", "g" } },
    { "қ", { "k", "q", "k" } }, { "ң", { "n", "ng", "n" } }, { "ө", { "o", "o", "o" } }, { "ұ", { "u", "u", "u" } }, { "ү", { "u", "u", "u" } },
    { "һ", { "h", "h", "h" } }, { "і", { "i", "i", "i" } }, { "ї", { "i", "yi", "i" } }, { "є", { "ie", "ye", "je" } }, { "ґ", { "g", "g", "g" } },
};

static void lower_first(const char *s, char out[3], bool *upper)
{
    unsigned char a = (unsigned char)s[0], b = (unsigned char)s[1];
    *upper = true;
    out[2] = 0;
    if (a == 0xd0 && b >= 0x90 && b <= 0x9f)      { out[0] = (char)0xd0; out[1] = (char)(b + 0x20); }
    else if (a == 0xd0 && b >= 0xa0 && b <= 0xaf) { out[0] = (char)0xd1; out[1] = (char)(b - 0x20); }
    else if (a == 0xd0 && b >= 0x80 && b <= 0x8f) { out[0] = (char)0xd1; out[1] = (char)(b + 0x10); }
    else if ((a == 0xd2 || a == 0xd3) && b % 2 == 0) { out[0] = (char)a; out[1] = (char)(b + 1); }
    else { out[0] = (char)a; out[1] = (char)b; *upper = false; }
}

static void to_latin(const char *s, int scheme, char *out, size_t size)
{
    size_t n = 0;
    for (int i = 0; s[i] && n + 6 < size;) {
        if (!((unsigned char)s[i] & 0x80)) {
            out[n++] = s[i++];
            continue;
        }
        char low[3];
        bool upper;
        lower_first(s + i, low, &upper);
        const char *to = "";
        for (int k = 0; k < COUNT(latin); k++)
            if (strcmp(latin[k].from, low) == 0)
                to = latin[k].to[scheme];
        if (scheme == 2 && strcmp(to, "ye") == 0 && i)
            to = "e";
        for (int k = 0; to[k]; k++)
            out[n++] = upper && k == 0 && to[k] >= 'a' ? (char)(to[k] - 32) : to[k];
        i += 2;
    }
    out[n] = 0;
}

static void upper_ascii(char *s)
{
    for (; *s; s++)
        if (*s >= 'a' && *s <= 'z')
            *s = (char)(*s - 32);
}

/* ---- people ---- */

static bool ends(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);
    return n >= m && strcmp(s + n - m, end) == 0;
}

static void surname_make(struct people_gen *g, struct person *p)
{
    const char *const *list = p->culture == 0 ? surnames_kz : p->culture == 1 ? surnames_ru : surnames_ua;
    int count = p->culture == 0 ? COUNT(surnames_kz) : p->culture == 1 ? COUNT(surnames_ru) : COUNT(surnames_ua);
    char base[64];
    snprintf(base, sizeof base, "%s", list[g->world ? skewed(g, count) : below(g, count)]);
    /* Half of the second world bears names that no list knows. */
    if (g->world && chance(g, 50)) {
        static const char *const heads[] = { "Бар", "Мел", "Тур", "Кас", "Дол", "Жар", "Сам", "Руб", "Вер", "Гал", "Шам", "Нар", "Лод", "Пиш", "Чер", "Ум" };
        static const char *const middles[] = { "ан", "ыс", "ум", "ек", "ин", "оч", "ар", "ал", "ут", "иш" };
        snprintf(base, sizeof base, "%s%s%s%s", heads[below(g, COUNT(heads))], middles[below(g, COUNT(middles))],
                 chance(g, 50) ? middles[below(g, COUNT(middles))] : "", p->culture == 2 ? "енко" : "ов");
    }
    if (p->woman && ends(base, "ий"))
        base[strlen(base) - 4] = 0, snprintf(p->surname, sizeof p->surname, "%s%s", base, p->culture == 2 ? "а" : "ая");
    else if (p->woman && (ends(base, "ов") || ends(base, "ев") || ends(base, "ин")))
        snprintf(p->surname, sizeof p->surname, "%sа", base);
    else
        snprintf(p->surname, sizeof p->surname, "%s", base);
}

static uint64_t phone_make(struct people_gen *g, int culture)
{
    static const int kz[] = { 700, 701, 702, 705, 707, 708, 747, 771, 775, 776, 777, 778 }, ua[] = { 50, 63, 66, 67, 68, 93, 95, 96, 97, 98, 99 };
    if (culture == 0)
        return UINT64_C(70000000000) + (uint64_t)kz[below(g, COUNT(kz))] * 10000000 + next(g) % 10000000;
    if (culture == 1)
        return UINT64_C(79000000000) + next(g) % 1000000000;
    return UINT64_C(380000000000) + (uint64_t)ua[below(g, COUNT(ua))] * 10000000 + next(g) % 10000000;
}

static void given_choose(struct people_gen *g, struct person *p)
{
    const struct given *list = p->culture == 0 ? (p->woman ? women_kz : men_kz) : p->woman ? women_ru : men_ru;
    int n = p->culture == 0 ? (p->woman ? COUNT(women_kz) : COUNT(men_kz)) : p->woman ? COUNT(women_ru) : COUNT(men_ru);
    p->given = &list[g->world ? skewed(g, n) : below(g, n)];
}

static void mail_make(struct people_gen *g, struct person *p)
{
    char given[64], surname[64];
    to_latin(p->given->ru, 1, given, sizeof given);
    to_latin(p->surname, 1, surname, sizeof surname);
    for (char *c = given; *c; c++) *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
    for (char *c = surname; *c; c++) *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
    for (char *c = given, *t = given;; c++) { if (*c != '\'') *t++ = *c; if (!*c) break; }
    for (char *c = surname, *t = surname;; c++) { if (*c != '\'') *t++ = *c; if (!*c) break; }
    static const char *const forms[] = { "%.14s.%.14s%d", "%.14s%.14s%d", "%.1s.%.16s%d", "%.14s_%.3s%d" };
    snprintf(p->mail, sizeof p->mail, forms[below(g, 4)], given, surname, below(g, g->world ? 100000 : 10000));
    p->mail_domain = below(g, 8);
}

static void place_make(struct people_gen *g, struct person *p)
{
    for (p->city = NULL; !p->city;) {
        const struct city *c = &cities[g->world][skewed(g, 16)];
        if (strcmp(c->country, p->culture == 0 ? "KZ" : p->culture == 1 ? "RU" : "UA") == 0 || chance(g, 10))
            p->city = c;
    }
    p->street = below(g, 24);
    p->house  = 1 + below(g, 150);
    p->part   = chance(g, 20) ? 1 + below(g, 4) : 0;
    p->flat   = chance(g, 80) ? 1 + below(g, 180) : 0;
}

static void person_make(struct people_gen *g, struct person *p)
{
    memset(p, 0, sizeof *p);
    p->id      = ++g->people;
    int c      = below(g, 100);
    p->culture = c < 55 ? 0 : c < 85 ? 1 : 2;
    p->woman   = chance(g, 62);
    given_choose(g, p);
    surname_make(g, p);
    const char *const *fathers = p->culture == 0 ? fathers_kz : fathers_ru;
    snprintf(p->father, sizeof p->father, "%s", fathers[below(g, p->culture == 0 ? COUNT(fathers_kz) : COUNT(fathers_ru))]);
    int slot = below(g, COUNT(g->old_phones));
    p->late      = g->passes_on && chance(g, 50);
    bool old     = g->passes_on ? p->late && chance(g, 40) : chance(g, g->l.recycled);
    p->phone     = old && g->old_phones[slot] ? g->old_phones[slot] : phone_make(g, p->culture);
    p->phone_new = phone_make(g, p->culture);
    if (!p->late)
        g->old_phones[slot] = p->phone;
    else if (old)
        g->old_phones[slot] = 0;
    mail_make(g, p);
    place_make(g, p);
}

/* ---- records ---- */

static void given_write(struct people_gen *g, const struct person *p, bool own, char *out, size_t size)
{
    const char *given = own && p->culture != 1 ? p->given->own : p->given->ru;
    int shorts = 0;
    while (shorts < 4 && p->given->shorts[shorts])
        shorts++;
    if (shorts && chance(g, g->l.short_form))
        given = p->given->shorts[below(g, shorts)];
    snprintf(out, size, "%s", given);
}

static void patronymic_write(struct people_gen *g, const struct person *p, bool own, char *out, size_t size)
{
    out[0] = 0;
    if (!chance(g, g->l.patronymic))
        return;
    if (p->culture == 0 && own)
        snprintf(out, size, "%s%s%s", p->father, chance(g, 20) ? " " : "", p->woman ? "қызы" : "ұлы");
    else if (p->culture == 0)
        snprintf(out, size, "%s%s", p->father, p->woman ? "овна" : "ович");
    else if (p->culture == 2 && own)
        snprintf(out, size, "%.*s%s", (int)strlen(p->father) - 4, p->father, p->woman ? "івна" : "ович");
    else
        snprintf(out, size, "%s%s", p->father, p->woman ? "на" : "ич");
}

static int first_len(const char *s) { return (unsigned char)s[0] >= 0x80 ? 2 : 1; }

static void name_write(struct people_gen *g, const struct person *p, char *out, size_t size)
{
    bool own = chance(g, 50), latin_too = chance(g, g->l.latin);
    char given[80], surname[80], patronymic[80], line[256];
    given_write(g, p, own, given, sizeof given);
    patronymic_write(g, p, own, patronymic, sizeof patronymic);
    snprintf(surname, sizeof surname, "%s", p->surname);
    bool by_initial = chance(g, g->l.initials), surname_initial = by_initial && chance(g, 50);
    if (by_initial && !surname_initial)
        snprintf(given, sizeof given, "%s", own && p->culture != 1 ? p->given->own : p->given->ru);
    if (chance(g, g->l.name_typo))
        slip(g, chance(g, 50) ? given : surname, sizeof given);
    if (chance(g, g->l.given_only)) {
        snprintf(line, sizeof line, "%s", given);
    } else if (by_initial) {
        if (surname_initial)
            snprintf(line, sizeof line, "%s %.*s.", given, first_len(surname), surname);
        else if (patronymic[0])
            snprintf(line, sizeof line, "%s %.*s.%.*s.", surname, first_len(given), given, first_len(patronymic), patronymic);
        else
            snprintf(line, sizeof line, "%.*s. %s", first_len(given), given, surname);
    } else if (chance(g, g->l.swapped)) {
        snprintf(line, sizeof line, "%s %s%s%s", surname, given, patronymic[0] ? " " : "", patronymic);
    } else {
        snprintf(line, sizeof line, "%s%s%s %s", given, patronymic[0] ? " " : "", patronymic, surname);
    }
    if (latin_too)
        to_latin(line, below(g, 3), out, size);
    else
        snprintf(out, size, "%s", line);
    if (chance(g, g->l.upper))
        upper_ascii(out);
}

static void phone_write(struct people_gen *g, uint64_t phone, char *out, size_t size)
{
    char d[24];
    int  n = snprintf(d, sizeof d, "%llu", (unsigned long long)phone), c = n - 10;
    const char *r = d + c;
    bool ua = n == 12;
    switch (below(g, 10)) {
    case 0: snprintf(out, size, "+%s", d); break;
    case 1: snprintf(out, size, "+%.*s %.3s %.3s %.2s %.2s", c, d, r, r + 3, r + 6, r + 8); break;
    case 2: snprintf(out, size, "%s%s", ua ? "" : "8", r); break;
    case 3: snprintf(out, size, "%s (%.3s) %.3s-%.2s-%.2s", ua ? "+38" : "8", r, r + 3, r + 6, r + 8); break;
    case 4: snprintf(out, size, "%s", d); break;
    case 5: snprintf(out, size, "%s", r); break;
    case 6: snprintf(out, size, "00%s", d); break;
    case 7: snprintf(out, size, "+%.*s(%.3s)%.7s", c, d, r, r + 3); break;
    case 8: snprintf(out, size, "+%.*s-%.3s-%.3s-%.4s", c, d, r, r + 3, r + 6); break;
    default: snprintf(out, size, "%s %.3s %.7s%s", ua ? "+38" : "8", r, r + 3, chance(g, 30) ? " доб. 12" : ""); break;
    }
}

static void phone_field(struct people_gen *g, const struct person *p, bool changed, char *out, size_t size)
{
    uint64_t phone = changed ? p->phone_new : p->phone;
    char     d[24];
    out[0] = 0;
    if (chance(g, g->l.no_phone))
        return;
    snprintf(d, sizeof d, "%llu", (unsigned long long)phone);
    const char *r = d + strlen(d) - 10;
    if (chance(g, g->l.mask)) {
        if (chance(g, 40))
            snprintf(out, size, "+7 700 %03d 00 0%d", 100 + below(g, 3), below(g, 5));         /* a marketplace's own number */
        else if (chance(g, 50))
            snprintf(out, size, "+%.*s %.3s *** ** %.2s", (int)(r - d), d, r, r + 8);
        else
            snprintf(out, size, "+%.*s(%.3s)***-**-%.2s", (int)(r - d), d, r, r + 8);
        return;
    }
    phone_write(g, phone, out, size);
}

static void mail_field(struct people_gen *g, const struct person *p, char *out, size_t size)
{
    static const char *const domains[] = { "gmail.com", "mail.ru", "yandex.ru", "gmail.com", "inbox.ru", "gmail.com", "bk.ru", "ukr.net" };
    static const char *const wrong[]   = { "gmial.com", "mail.ry", "yadnex.ru", "gmail.con", "inbox.ry", "gmal.com", "bk.ru", "ukr.ner" };
    static const char *const relays[2][2] = { { "relay.kaspi.kz", "privaterelay.appleid.com" }, { "buyers.marketplace-mail.net", "mozmail.com" } };
    char local[64];
    size_t n = 0;
    out[0] = 0;
    if (chance(g, g->l.relay)) {
        snprintf(out, size, "%llx@%s", (unsigned long long)(next(g) & 0xffffffffff), relays[g->world][below(g, 2)]);
        return;
    }
    if (chance(g, g->l.no_email))
        return;
    int d = chance(g, g->l.mailbox_new) ? below(g, 8) : p->mail_domain;
    bool gmail = strcmp(domains[d], "gmail.com") == 0, dots = chance(g, 20);
    for (int i = 0; p->mail[i] && n + 8 < sizeof local; i++) {
        if (gmail && dots && p->mail[i] == '.')
            continue;
        local[n++] = p->mail[i];
        if (gmail && dots && i == 3 && p->mail[i + 1] && p->mail[i + 1] != '.' && p->mail[i] != '.')
            local[n++] = '.';
    }
    local[n] = 0;
    snprintf(out, size, "%s%s@%s", local, gmail && chance(g, 10) ? "+shop" : "", chance(g, g->l.domain_typo) ? wrong[d] : domains[d]);
    if (chance(g, 8))
        upper_ascii(out);
}

static void address_field(struct people_gen *g, const struct person *p, struct people_record *r)
{
    static const char *const types[3][4] = { { "ул. ", "улица ", "", "пр. " }, { "ul. ", "st. ", "", "ulitsa " }, { "вул. ", "вулиця ", "көш. ", "" } };
    char street[96], text[160], part[24] = "", flat[24] = "";
    bool in_latin = chance(g, g->l.latin / 2);
    r->city[0] = r->address[0] = 0;
    if (!chance(g, 15))
        snprintf(r->city, sizeof r->city, "%s", p->city->names[below(g, 10) < 6 ? 0 : below(g, 4)]);
    if (chance(g, g->l.no_address))
        return;
    snprintf(street, sizeof street, "%s", streets[g->world][p->street]);
    if (chance(g, g->l.street_typo))
        slip(g, street, sizeof street);
    if (p->part)
        snprintf(part, sizeof part, chance(g, 50) ? "/%d" : " корп. %d", p->part);
    if (p->flat && !chance(g, g->l.no_flat)) {
        static const char *const flats[] = { ", кв. %d", " кв %d", "-%d", ", %d", ", apt %d", ", пәтер %d" };
        snprintf(flat, sizeof flat, flats[below(g, p->part ? 4 : 6)], p->flat);
    }
    static const char *const houses[] = { ", д. %d%s%s", " %d%s%s", ", %d%s%s", " дом %d%s%s" };
    char tail[96];
    snprintf(tail, sizeof tail, houses[below(g, 4)], p->house, part, flat);
    snprintf(text, sizeof text, "%s%s%s", types[p->culture == 1 ? 0 : below(g, 2) * 2][below(g, 4)], street, tail);
    if (in_latin)
        to_latin(text, below(g, 2), r->address, sizeof r->address);
    else
        snprintf(r->address, sizeof r->address, "%s", text);
    if (chance(g, 10)) {
        char whole[256];
        snprintf(whole, sizeof whole, "%s, %s", p->city->names[0], r->address);
        snprintf(r->address, sizeof r->address, "%.199s", whole);
    }
}

static int records_write(struct people_gen *g, struct person *p, struct people_record *out, int room)
{
    static const int more[] = { 2, 2, 2, 2, 3, 3, 3, 4, 4, 5, 6, 7, 8 };
    int  count = chance(g, 55) ? 1 : more[below(g, COUNT(more))], first = below(g, 8);
    bool changes = chance(g, g->l.changed_phone);
    if (count > room)
        count = room;
    for (int i = 0; i < count; i++) {
        struct people_record *r = &out[i];
        memset(r, 0, sizeof *r);
        if (i == count / 2 && i && chance(g, g->l.moved))
            place_make(g, p);
        r->person = p->id;
        snprintf(r->id, sizeof r->id, "R%llu", (unsigned long long)(g->serial++ * 2654435761u % 4294967296u));
        snprintf(r->source, sizeof r->source, "%s", sources[(first + i) % 8]);
        name_write(g, p, r->name, sizeof r->name);
        phone_field(g, p, changes && i >= (count + 1) / 2, r->phone, sizeof r->phone);
        mail_field(g, p, r->email, sizeof r->email);
        address_field(g, p, r);
        int year = g->passes_on ? (p->late ? 24 : 18) + i % 3 : 20 + i % 6;
        snprintf(r->created, sizeof r->created, "20%02d-%02d-%02d", year, 1 + below(g, 12), 1 + below(g, 28));
    }
    return count;
}

struct people_gen *people_gen_new(enum people_level level, int world, uint64_t seed)
{
    struct people_gen *g = calloc(1, sizeof *g);
    if (!g)
        abort();
    g->l     = levels[world & 1][level];
    g->world = world & 1;
    g->passes_on = world > 1;
    g->state = seed * UINT64_C(0x2545f4914f6cdd1d) + 99;
    g->serial = 1 + seed % 1000;
    return g;
}

void people_gen_done(struct people_gen *g) { free(g); }

int people_gen_next(struct people_gen *g, struct people_record out[PEOPLE_BATCH])
{
    struct person p;
    person_make(g, &p);
    int n = records_write(g, &p, out, 8);
    if (!chance(g, g->l.family))
        return n;
    /* Spouse, children: the phone and the home of the first, mostly the surname. */
    int others = 1 + below(g, 3);
    const struct given *used[4] = { p.given };
    for (int i = 0; i < others; i++) {
        struct person kin = p;
        kin.id    = ++g->people;
        kin.woman = i == 0 ? !p.woman : chance(g, 50);
        do
            given_choose(g, &kin);
        while (kin.given == used[0] || kin.given == used[1] || kin.given == used[2] || kin.given == used[3]);
        used[i + 1 < 4 ? i + 1 : 3] = kin.given;
        if (kin.woman != p.woman) {
            size_t len = strlen(kin.surname);
            if (p.woman && ends(kin.surname, "а") && len > 6 && (ends(kin.surname, "ова") || ends(kin.surname, "ева") || ends(kin.surname, "ина")))
                kin.surname[len - 2] = 0;
            else if (!p.woman && (ends(kin.surname, "ов") || ends(kin.surname, "ев") || ends(kin.surname, "ин")))
                snprintf(kin.surname, sizeof kin.surname, "%.50sа", p.surname);
        }
        mail_make(g, &kin);
        kin.phone_new = phone_make(g, kin.culture);
        n += records_write(g, &kin, out + n, 8);
    }
    return n;
}
