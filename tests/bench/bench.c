#include "bench/bench.h"

#include "base/json_write.h"
#include "base/secret.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

static const char *verdict(const struct bench_row *r, double figure)
{
    if (r->at_least == 0)
        return "";
    bool good = r->lower_is_better ? figure <= r->at_least : figure >= r->at_least;
    bool best = r->aim != 0 && (r->lower_is_better ? figure <= r->aim : figure >= r->aim);
    return best ? "aim reached" : good ? "met" : "MISSED";
}

void bench_report(const struct bench_row *r)
{
    double figure = r->yardstick > 0 ? r->value / r->yardstick : r->value;
    printf("%-62s %12.2f %-9s", r->what, r->value, r->unit);
    if (r->yardstick > 0)
        printf(" %12.2f %8.2fx", r->yardstick, figure);
    else
        printf(" %12s %9s", "", "");
    if (r->at_least != 0)
        printf("  %s %6.2f %8.2f  %s", r->lower_is_better ? "<=" : ">=", r->at_least, r->aim, verdict(r, figure));
    printf("\n");
    fflush(stdout);

    FILE *f = fopen(getenv("SAUDA_BENCH_OUT") ? getenv("SAUDA_BENCH_OUT") : "build/bench.jsonl", "a");
    if (!f)
        return;
    fprintf(f, "{\"what\":\"%s\",\"unit\":\"%s\",\"value\":%.4f,\"yardstick\":%.4f,\"at_least\":%.4f,\"aim\":%.4f,\"verdict\":\"%s\"}\n",
            r->what, r->unit, r->value, r->yardstick, r->at_least, r->aim, verdict(r, figure));
    fclose(f);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

double bench_median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, by_size);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

double bench_now(void)
{
    return (double)clock_tick_ns() / 1e9;
}

double bench_cpu(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

bool bench_round(int r, int rounds, double since)
{
    return r < rounds && (r < 3 || bench_now() - since < (double)bench_env("BENCH_SECONDS", 30));
}

int64_t bench_env(const char *name, int64_t fallback)
{
    int64_t n;
    return getenv(name) && str_to_int(str_of(getenv(name)), &n) ? n : fallback;
}

/* ---- orders ---- */

/* Buyers as various as those of the bench of people (people_gen.c): how many live in one house or share a name decides with how many
 * records a new one must be compared, and that is most of the work of taking an order in. */
static const char *const first[] = { "Мария", "Айгерим", "Динара", "Ерболат", "Асем", "Гульнара", "Тимур", "Алия", "Сауле", "Жанна",
                                     "Ольга", "Руслан", "Данияр", "Камила", "Айдос", "Нурлан", "Айгуль", "Асель", "Гульмира", "Жанар",
                                     "Мадина", "Жулдыз", "Куралай", "Назгуль", "Толганай", "Салтанат", "Меруерт", "Ботагоз", "Шолпан",
                                     "Аружан", "Зарина", "Айнур", "Ерлан", "Бауыржан", "Кайрат", "Серик", "Алибек", "Асхат", "Арман",
                                     "Ержан", "Мурат", "Канат", "Талгат", "Болат", "Анна", "Елена", "Наталья", "Екатерина", "Татьяна",
                                     "Ирина", "Светлана", "Юлия", "Анастасия", "Дарья", "Александр", "Сергей", "Дмитрий", "Андрей",
                                     "Алексей", "Иван", "Михаил", "Николай", "Владимир", "Евгений" };
static const char *const last[]  = { "Иванова", "Сагынтаев", "Кудайберген", "Оспанова", "Ахметова", "Жаксыбеков", "Нурмагамбетова",
                                     "Бекенова", "Мухамеджанов", "Ким", "Идрисов", "Тулегенова", "Абишев", "Есимова", "Нурпеисов",
                                     "Садыкова", "Искаков", "Абдрахманова", "Жумабаев", "Касымова", "Сулейменов", "Сарсенова", "Кенжебаев",
                                     "Досанова", "Мусин", "Ержанова", "Алимбеков", "Рахимова", "Муканов", "Токтарова", "Утегенов",
                                     "Айтбаева", "Куанышев", "Шаяхметова", "Есенгалиев", "Турсунова", "Омаров", "Смагулова", "Каримов",
                                     "Нуртазина", "Калиев", "Ибраева", "Смирнова", "Кузнецов", "Попова", "Васильев", "Петрова", "Соколов",
                                     "Михайлова", "Новиков", "Федорова", "Морозов", "Лебедева", "Семенов", "Егорова", "Павлов", "Козлова",
                                     "Степанов", "Николаева", "Орлов", "Андреева", "Макаров", "Никитина", "Захаров" };
static const char *const streets[] = { "Абая", "Сатпаева", "Гоголя", "Толе би", "Назарбаева", "Достык", "Жандосова", "Тимирязева",
                                       "Розыбакиева", "Кабанбай батыра", "Пушкина", "Ленина", "Мира", "Гагарина", "Советская", "Победы",
                                       "Лесная", "Садовая", "Ауэзова", "Байтурсынова", "Сейфуллина", "Республики", "Кенесары", "Жибек жолы" };
static const char *const goods[] = { "Смесь Nutrilon 1, 800 г", "Автокресло Joie Tilt 0+", "Конструктор «Ферма», 214 деталей",
                                     "Подгузники Merries L, 54 шт.", "Деревянная пирамидка", "Комбинезон зимний, 92" };
static const char *const towns[] = { "Алматы", "Астана", "Шымкент", "Караганда", "Актобе", "Костанай", "Семей", "Усть-Каменогорск",
                                     "Актау", "Уральск", "Кокшетау", "Павлодар", "Тараз", "Атырау", "Кызылорда", "Талдыкорган" };

/* Few are many: the first of a list is drawn much more often than the last. */
static int skewed(uint64_t r, int count)
{
    int one = (int)(r % (uint64_t)count), other = (int)((r >> 16) % (uint64_t)count);
    return one < other ? one : other;
}

static uint64_t mixed(uint64_t x)
{
    x ^= x >> 33;
    x *= UINT64_C(0xff51afd7ed558ccd);
    x ^= x >> 33;
    x *= UINT64_C(0xc4ceb9fe1a85ec53);
    return x ^ x >> 33;
}

static void number_text(struct json_out *j, const char *key, int64_t whole)
{
    char text[32];
    json_raw(j, key, (str){ text, (size_t)snprintf(text, sizeof text, "%lld.0", (long long)whole) });
}

static void one_order(struct json_out *j, struct arena *a, int64_t n, int64_t base_ms, int lines)
{
    uint64_t r     = mixed((uint64_t)n);
    int64_t  buyer = r % 10 < 7 ? n : n - 1 - (int64_t)(r >> 8) % (n % 1000 + 1);
    uint64_t b     = mixed((uint64_t)buyer * 31);
    str      phone = str_print(a, "70%08lld", (long long)(buyer % 100000000));
    str      id    = base64_encode(a, str_print(a, "%lld", (long long)n));
    uint64_t home  = mixed(b);
    int      house = 1 + (int)(home % 150), flat = 1 + (int)((home >> 16) % 180);
    const char *town = towns[skewed(home >> 24, COUNT_OF(towns))], *street = streets[(home >> 8) % COUNT_OF(streets)];
    const char *given = first[skewed(b, COUNT_OF(first))], *family = last[skewed(b >> 32, COUNT_OF(last))];

    json_begin(j, NULL, '{');
    json_text(j, "type", STR("orders"));
    json_text(j, "id", id);
    json_begin(j, "attributes", '{');
    json_text(j, "code", str_print(a, "%lld", (long long)n));
    number_text(j, "totalPrice", 1000 + (int64_t)(r % 50000));
    json_text(j, "paymentMode", STR("PREPAID"));
    json_number(j, "creationDate", base_ms - (int64_t)(r % 86000000));
    json_number(j, "plannedDeliveryDate", base_ms + 3 * DAY_MS);
    json_number(j, "approvedByBankDate", base_ms - (int64_t)(r % 86000000));
    number_text(j, "deliveryCostForSeller", 1190);
    number_text(j, "deliveryCost", 0);
    json_bool(j, "isKaspiDelivery", true);
    json_text(j, "deliveryMode", STR("DELIVERY_REGIONAL_TODOOR"));
    json_bool(j, "signatureRequired", false);
    json_bool(j, "preOrder", false);
    json_text(j, "pickupPointId", STR("30012345_PP1"));
    json_text(j, "state", STR("NEW"));
    json_text(j, "status", STR("APPROVED_BY_BANK"));
    json_bool(j, "assembled", false);
    json_begin(j, "customer", '{');
    json_text(j, "id", base64_encode(a, phone));
    json_text(j, "name", str_of(given));
    json_text(j, "cellPhone", phone);
    json_text(j, "firstName", str_of(given));
    json_text(j, "lastName", str_of(family));
    json_end(j);
    json_begin(j, "deliveryAddress", '{');
    json_text(j, "formattedAddress", str_print(a, " г. %s, улица %s, %d, %d", town, street, house, flat));
    json_text(j, "streetName", str_print(a, " улица %s", street));
    json_text(j, "streetNumber", str_print(a, " %d", house));
    json_text(j, "town", str_print(a, "г. %s", town));
    json_null(j, "district");
    json_null(j, "building");
    json_text(j, "apartment", str_print(a, "%d", flat));
    json_raw(j, "latitude", STR("51.16"));
    json_raw(j, "longitude", STR("71.43"));
    json_end(j);
    json_begin(j, "kaspiDelivery", '{');
    json_null(j, "waybill");
    json_null(j, "waybillNumber");
    json_number(j, "courierTransmissionPlanningDate", base_ms + DAY_MS);
    json_null(j, "courierTransmissionDate");
    json_bool(j, "express", false);
    json_bool(j, "returnedToWarehouse", false);
    json_null(j, "firstMileCourier");
    json_end(j);
    json_end(j);
    json_begin(j, "relationships", '{');
    json_begin(j, "entries", '{');
    json_begin(j, "data", '[');
    for (int i = 0; i < lines; i++) {
        json_begin(j, NULL, '{');
        json_text(j, "type", STR("orderentries"));
        json_text(j, "id", base64_encode(a, str_print(a, "%lld##%d", (long long)n, i)));
        json_end(j);
    }
    json_end(j);
    json_end(j);
    json_end(j);
    json_end(j);
}

static void one_line(struct json_out *j, struct arena *a, int64_t n, int i)
{
    uint64_t r = mixed((uint64_t)n * 7 + (uint64_t)i);
    json_begin(j, NULL, '{');
    json_text(j, "type", STR("orderentries"));
    json_text(j, "id", base64_encode(a, str_print(a, "%lld##%d", (long long)n, i)));
    json_begin(j, "attributes", '{');
    json_number(j, "entryNumber", i);
    json_number(j, "quantity", 1 + (int64_t)(r % 3));
    number_text(j, "basePrice", 500 + (int64_t)(r % 9000));
    number_text(j, "totalPrice", (1 + (int64_t)(r % 3)) * (500 + (int64_t)(r % 9000)));
    number_text(j, "deliveryCost", 0);
    json_raw(j, "weight", STR("800.0"));
    json_text(j, "unitType", STR("PIECES"));
    json_begin(j, "category", '{');
    json_text(j, "code", STR("Master - Toys"));
    json_text(j, "title", STR("Игрушки"));
    json_end(j);
    json_begin(j, "offer", '{');
    json_text(j, "code", str_print(a, "SKU-%d", (int)(r % 6000)));
    json_text(j, "name", str_of(goods[r % 6]));
    json_end(j);
    json_end(j);
    json_end(j);
}

static int lines_of(int64_t n)
{
    return mixed((uint64_t)n * 13) % 2 ? 1 : 2;
}

str bench_kaspi_page(struct arena *a, int64_t from, int count, int64_t base_ms)
{
    struct buf      b = buf_in(a);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_begin(&j, "data", '[');
    for (int i = 0; i < count; i++)
        one_order(&j, a, from + i, base_ms, lines_of(from + i));
    json_end(&j);
    json_begin(&j, "included", '[');
    for (int i = 0; i < count; i++)
        for (int k = 0; k < lines_of(from + i); k++)
            one_line(&j, a, from + i, k);
    json_end(&j);
    json_begin(&j, "meta", '{');
    json_number(&j, "pageCount", 1);
    json_number(&j, "totalCount", count);
    json_end(&j);
    json_end(&j);
    return buf_str(&b);
}
