/* import_value.c - what people write into cells: amounts, moments, words. Each gives the complaint, or NULL. */
#include "orders/import_own.h"

#include "base/fold.h"

/* Without spaces of any width, and without what stands behind the number as a currency. */
static str bare_number(struct arena *a, str text)
{
    struct buf b = buf_in(a);
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (c == ' ' || c == '\'')
            continue;
        if (c == 0xC2 && i + 1 < text.len && (unsigned char)text.at[i + 1] == 0xA0) {
            i++;
            continue;
        }
        if (c == 0xE2 && i + 2 < text.len && (unsigned char)text.at[i + 1] == 0x80) {        /* thin spaces */
            i += 2;
            continue;
        }
        buf_add_char(&b, text.at[i]);
    }
    str s = buf_str(&b);
    static const char *const tails[] = { "₸", "₽", "₴", "$", "€", "тг", "тг.", "тенге", "руб", "руб.", "р.", "грн", "грн.", "KZT", "RUB", "UAH", NULL };
    for (int i = 0; tails[i]; i++)
        if (str_ends(s, str_of(tails[i])))
            return str_sub(s, 0, s.len - strlen(tails[i]));
    return s;
}

static int count_of(str s, char c)
{
    int n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += s.at[i] == c;
    return n;
}

/* Spreadsheets keep numbers in binary: 8.29 may stand in the file as 8.289999999999999. That many digits nobody has typed. */
static bool is_binary_noise(str s)
{
    ptrdiff_t dot = str_find(s, STR("."));
    size_t    end = s.len;
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] == 'e' || s.at[i] == 'E')
            end = i;
    return dot >= 0 && end > (size_t)dot + 9;
}

const char *import_money(struct arena *a, str text, amount *out)
{
    str   s     = bare_number(a, text);
    char *at    = str_zero(a, s);
    int   comma = count_of(s, ','), dot = count_of(s, '.');

    if (comma == 1 && dot == 0) {
        size_t behind = s.len - 1 - (size_t)(strchr(at, ',') - at);
        if (behind == 3)
            return "could be a thousand or a fraction: write 1250.00";
        *strchr(at, ',') = '.';
    } else if (comma > 0 && dot == 1 && strrchr(at, '.') > strrchr(at, ',')) {       /* 1,250.50 */
        char *to = at;
        for (const char *from = at; *from; from++)
            if (*from != ',')
                *to++ = *from;
        *to = 0;
    } else if (comma > 0) {
        return "is no amount such as 1250.50";
    }
    if (!amount_parse(str_of(at), out) && !(is_binary_noise(str_of(at)) && amount_parse_round(str_of(at), out)))
        return "is no amount such as 1250.50";
    return out->minor < 0 ? "must not be negative" : NULL;
}

static bool digits(str s, size_t from, size_t len, int *out)
{
    *out = 0;
    if (from + len > s.len)
        return false;
    for (size_t i = from; i < from + len; i++) {
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
        *out = *out * 10 + (s.at[i] - '0');
    }
    return true;
}

/* "09:04", "09:04:30"; empty is midnight. */
static bool clock_read(str s, int *second_of_day)
{
    int h = 0, m = 0, sec = 0;
    *second_of_day = 0;
    if (!s.len)
        return true;
    if (!digits(s, 0, 2, &h) || s.len < 5 || s.at[2] != ':' || !digits(s, 3, 2, &m))
        return false;
    if (s.len > 5 && (s.len != 8 || s.at[5] != ':' || !digits(s, 6, 2, &sec)))
        return false;
    *second_of_day = h * 3600 + m * 60 + sec;
    return h < 24 && m < 60 && sec < 60;
}

const char *import_time(struct arena *a, str text, const struct zone *zone, instant *out)
{
    static const char form[] = "is no time such as 2026-12-16 09:04 or 16.12.2026 09:04";
    str     s = str_trim(text), day = str_sub(s, 0, 10), rest = str_trim(str_sub(s, 10, SIZE_MAX));
    int64_t days;
    int     seconds, d, m, y;

    if (instant_parse(s, out))
        return NULL;
    if (digits(day, 0, 2, &d) && digits(day, 3, 2, &m) && digits(day, 6, 4, &y) && day.at[2] == '.' && day.at[5] == '.')
        day = str_print(a, "%04d-%02d-%02d", y, m, d);
    if (rest.len && rest.at[0] == 'T')
        rest = str_sub(rest, 1, SIZE_MAX);
    if (!date_parse(day, &days) || !clock_read(rest, &seconds))
        return form;
    *out = zone ? zone_instant(zone, days, seconds) : (instant){ days * DAY_MS + seconds * SECOND_MS };
    return out->ms > 0 ? NULL : form;
}

const char *import_count(struct arena *a, str text, int64_t *out)
{
    amount n;
    if (import_money(a, text, &n) || n.minor % 100 || n.minor < 100 || n.minor > INT64_C(100000000000))
        return "must be a whole number of at least 1";
    *out = n.minor / 100;
    return NULL;
}

struct word { const char *text; int value; };

static bool word_find(struct arena *a, const struct word *words, str text, int *out)
{
    str folded = fold_search(a, text);
    for (int i = 0; words[i].text; i++)
        if (str_eq(fold_search(a, str_of(words[i].text)), folded)) {
            *out = words[i].value;
            return true;
        }
    return false;
}

static bool name_or_word(struct arena *a, const char *const *names, const struct word *words, str text, int *out)
{
    *out = name_find(names, text);
    return *out >= 0 || word_find(a, words, text, out);
}

static const struct word statuses[] = {
    { "новый", HUB_NEW }, { "новые", HUB_NEW }, { "подтверждён", HUB_CONFIRMED }, { "подтвержден", HUB_CONFIRMED },
    { "принят", HUB_CONFIRMED }, { "на сборке", HUB_ASSEMBLING }, { "сборка", HUB_ASSEMBLING }, { "собирается", HUB_ASSEMBLING },
    { "готов к отгрузке", HUB_READY_TO_SHIP }, { "готов к отправке", HUB_READY_TO_SHIP }, { "собран", HUB_READY_TO_SHIP },
    { "в доставке", HUB_IN_DELIVERY }, { "доставляется", HUB_IN_DELIVERY }, { "отправлен", HUB_IN_DELIVERY },
    { "shipped", HUB_IN_DELIVERY }, { "в пункте выдачи", HUB_AT_PICKUP }, { "доставлен", HUB_DELIVERED },
    { "выполнен", HUB_COMPLETED }, { "завершён", HUB_COMPLETED }, { "завершен", HUB_COMPLETED },
    { "частичный возврат", HUB_PARTLY_RETURNED }, { "возвращается", HUB_RETURNING }, { "возврат", HUB_RETURNED },
    { "возвращён", HUB_RETURNED }, { "отменён", HUB_CANCELLED }, { "отменен", HUB_CANCELLED }, { "отмена", HUB_CANCELLED },
    { "canceled", HUB_CANCELLED }, { 0 },
};
static const struct word payments[] = {
    { "не оплачен", PAY_PENDING }, { "ожидает оплаты", PAY_PENDING }, { "нет", PAY_PENDING }, { "unpaid", PAY_PENDING },
    { "оплачен", PAY_PAID }, { "оплачено", PAY_PAID }, { "да", PAY_PAID }, { "авторизован", PAY_AUTHORISED },
    { "возвращён", PAY_REFUNDED }, { "возврат", PAY_REFUNDED }, { 0 },
};
static const struct word sides[] = {
    { "покупатель", CANCEL_BUYER }, { "продавец", CANCEL_SELLER }, { "площадка", CANCEL_CHANNEL }, { "перевозчик", CANCEL_CARRIER }, { 0 },
};
static const struct word none[] = { { 0 } };

const char *import_status(struct arena *a, str text, enum hub_status *out)
{
    int n;
    if (!name_or_word(a, hub_status_names, statuses, text, &n))
        return "is no status: new, confirmed, assembling, ready_to_ship, in_delivery, at_pickup, delivered, completed, cancelled …";
    *out = (enum hub_status)n;
    return NULL;
}

const char *import_payment(struct arena *a, str text, enum payment_status *out)
{
    int n;
    if (!name_or_word(a, payment_status_names, payments, text, &n))
        return "must be pending, authorised, paid, partly_refunded, refunded or failed";
    *out = (enum payment_status)n;
    return NULL;
}

const char *import_scheme(struct arena *a, str text, enum order_scheme *out)
{
    int n;
    if (!name_or_word(a, order_scheme_names, none, text, &n))
        return "must be fbs, dbs, pickup or fbo";
    *out = (enum order_scheme)n;
    return NULL;
}

const char *import_side(struct arena *a, str text, enum cancel_side *out)
{
    int n;
    if (!name_or_word(a, cancel_side_names, sides, text, &n))
        return "must be buyer, seller, channel or carrier";
    *out = (enum cancel_side)n;
    return NULL;
}

const char *import_marks(str text, unsigned *out)
{
    str word;
    *out = 0;
    while (text.len && str_split(&text, ',', &word)) {
        int n = name_find(order_mark_names, str_trim(word));
        if (n < 0)
            return "holds a mark that does not exist";
        *out |= BIT(n);
    }
    return NULL;
}

const char *import_flag(struct arena *a, str text, bool *out)
{
    static const struct word words[] = { { "yes", 1 }, { "да", 1 }, { "true", 1 }, { "1", 1 },
                                         { "no", 0 }, { "нет", 0 }, { "false", 0 }, { "0", 0 }, { 0 } };
    int n = 0;
    if (!word_find(a, words, text, &n))
        return "must be yes or no";
    *out = n;
    return NULL;
}

const char *import_currency(struct arena *a, str text, str *out)
{
    static const struct { const char *sign, *code; } signs[] = {
        { "₸", "KZT" }, { "тг", "KZT" }, { "тенге", "KZT" }, { "₽", "RUB" }, { "руб", "RUB" }, { "руб.", "RUB" }, { "₴", "UAH" },
        { "грн", "UAH" }, { "$", "USD" }, { "€", "EUR" }, { NULL, NULL },
    };
    char upper[4] = { 0 };
    for (int i = 0; signs[i].sign; i++)
        if (str_is(text, signs[i].sign)) {
            *out = str_of(signs[i].code);
            return NULL;
        }
    for (size_t i = 0; i < text.len && i < 3; i++)
        upper[i] = text.at[i] >= 'a' && text.at[i] <= 'z' ? (char)(text.at[i] - 32) : text.at[i];
    if (text.len != 3 || !currency_known(str_of(upper)))
        return "is no currency that is known: KZT, RUB, UAH, BYN, USD, EUR, CNY, KGS";
    *out = str_copy(a, str_of(upper));
    return NULL;
}

/* "gift, vip" → ",gift,vip,": the form in which an order keeps them. */
str import_tags(struct arena *a, str text)
{
    struct buf b = buf_in(a);
    str word;
    while (text.len && str_split(&text, ',', &word)) {
        word = str_trim(word);
        if (!word.len)
            continue;
        if (!b.len)
            buf_add_char(&b, ',');
        buf_add(&b, word);
        buf_add_char(&b, ',');
    }
    return buf_str(&b);
}
