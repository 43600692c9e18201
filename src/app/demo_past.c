/* demo_past.c - what «Карапуз» sold on its site and in Instagram before: a file of old orders, as every shop that begins brings one.
 *
 * Its buyers also buy at the markets that the sandbox plays (sandbox/people.c): some are found by phone and name, and of some only
 * name and address agree, which a person is asked about.
 */
#include "app/demo.h"

#include "base/buf.h"
#include "orders/import_flow.h"

#define DAYS_BEFORE 38                  /* the newest of them: the last month is that of the markets alone */

struct past { const char *name, *phone, *email, *city, *address; struct { const char *title; int price; } lines[2]; };
static const struct past past[] = {
    /* Мария Иванова: with these twelve orders of 487 000. */
    { "Мария Иванова", "+7 777 123-45-67", "maria@email.kz", "Актобе", "пр. Санкибай батыра, 32-88", { { "Коляска Yoya Plus 4", 74900 } } },
    { "Мария Иванова", "+7 777 123-45-67", "maria@email.kz", "Актобе", "пр. Санкибай батыра, 32-88", { { "Комбинезон зимний, 92", 32700 } } },
    { "Мария Иванова", "+7 777 123-45-67", "maria@email.kz", "Актобе", "пр. Санкибай батыра, 32-88", { { "Подгузники Merries L, 54 шт.", 11900 } } },
    { "Иван Абдикалыков", "8 700 449 96 40", "ivan.abd@mail.kz", "Караганда", "", { { "Самокат трёхколёсный", 18900 } } },
    /* Their homes are the same, their numbers are not, or nobody has asked for one. */
    { "Маша Иванова", "", "masha.ivanova@inbox.kz", "Актобе", "Санкибай батыра 32, кв 88", { { "Боди хлопковое, 74, 3 шт.", 7400 } } },
    { "Ли Кайрат", "", "", "Талдыкорган", "ул. Акын Сара, д. 55, кв. 71", { { "Беговел Strider 12", 39900 } } },
    { "Цой Сауле", "8 (747) 210-44-18", "", "Алматы", "пр-т Абая 86-70", { { "Смесь NAN Optipro 3, 800 г", 8900 }, { "Каша Heinz гречневая, 200 г", 1450 } } },
    { "Бауыржан Кудайберген", "87057781290", "bauke@mail.kz", "Алматы", "Кунаева 63 кв. 95", { { "Конструктор «Юрта», 128 деталей", 8900 } } },
    { "Ernar Tulegenov", "", "ernar.t@gmail.com", "Астана", "Мәңгілік Ел 123, кв. 105", { { "Машинка на радиоуправлении", 12400 } } },
    { "Наталья Цой", "+7 705 331 20 09", "", "Усть-Каменогорск", "пр. Независимости 70-124", { { "Развивающий коврик, 180×150", 16900 } } },
    /* Buyers of the site alone. */
    { "Алтынай Сәрсенова", "+7 701 884 20 31", "altynai@mail.kz", "Тараз", "ул. Толе би 41, кв. 12", { { "Кукла «Айжан», 40 см", 9700 } } },
    { "Вера Остапенко", "8 777 650 18 44", "", "Костанай", "Байтурсынова 12-4", { { "Плед из верблюжьей шерсти", 14900 } } },
    { "Рустам Ахметжанов", "+77752218876", "rustam.a@bk.kz", "Алматы", "мкр. Самал-2, 77, кв. 30", { { "Бутылочка Avent, 260 мл", 3900 }, { "Пустышка Avent Soothie, 2 шт.", 2400 } } },
};

static void row_write(struct buf *b, int number, str day, const struct past *p, int line)
{
    buf_print(b, "S-%d;%.*s;completed;%s;%s;%s;%s;\"%s\";\"%s\";1;%d\n", number, STR_ARG(day), p->name, p->phone, p->email, p->city, p->address,
              p->lines[line].title, p->lines[line].price);
}

bool demo_past(struct work *w, struct err *err)
{
    struct buf b = buf_in(w->arena);
    buf_add(&b, STR("number;placed_at;status;customer_name;customer_phone;customer_email;city;delivery_address;title;qty;unit_price\n"));
    for (int i = 0; i < COUNT_OF(past); i++) {
        instant at = instant_add(w->now, -(DAYS_BEFORE + 3 * (int64_t)i) * DAY_MS - i * HOUR_MS / 2);
        for (int k = 0; k < COUNT_OF(past[i].lines) && past[i].lines[k].title; k++)
            row_write(&b, 1204 - i * 7, instant_text(w->arena, at), &past[i], k);
    }
    struct import_plan    plan = { .bytes = buf_str(&b), .file_name = STR("Сайт и Instagram, осень.csv") };
    struct import_outcome done;
    return import_orders(w, &plan, &done, err) &&
           (done.fates[IMPORT_NEW] == COUNT_OF(past) || err_set(err, ERR_INTERNAL, "demo", "the old orders are not read as they were written"));
}
