/* What notices say, in the reader's language. Screens have their own texts; these leave the house. */
#include "base/buf.h"
#include "base/json_read.h"
#include "notices/notice.h"

#define LINES_MAX 10

/* clang-format off */
static const char *const headlines[NOTICE_TYPE_COUNT][LANGUAGE_COUNT] = {
    [NOTICE_ORDER_YELLOW]    = { "Скоро срок", "Мерзімі жақын", "Скоро термін", "Due soon" },
    [NOTICE_ORDER_TEAM]      = { "Никто не взялся", "Ешкім қолға алмады", "Ніхто не взявся", "Nobody has taken it" },
    [NOTICE_ORDER_RED]       = { "Горит", "Шұғыл", "Терміново", "Urgent" },
    [NOTICE_ORDER_BREACHED]  = { "Просрочено", "Мерзімі өтті", "Прострочено", "Overdue" },
    [NOTICE_RETURN_YELLOW]   = { "Возврат · скоро срок", "Қайтару · мерзімі жақын", "Повернення · скоро термін", "Return · due soon" },
    [NOTICE_RETURN_TEAM]     = { "Возврат · никто не взялся", "Қайтару · ешкім қолға алмады", "Повернення · ніхто не взявся",
                                 "Return · nobody has taken it" },
    [NOTICE_RETURN_RED]      = { "Возврат · горит", "Қайтару · шұғыл", "Повернення · терміново", "Return · urgent" },
    [NOTICE_RETURN_BREACHED] = { "Возврат · просрочено", "Қайтару · мерзімі өтті", "Повернення · прострочено", "Return · overdue" },
    [NOTICE_STANDING]        = { "Порог площадки", "Маркетплейс шегі", "Межа маркетплейсу", "Marketplace limit" },
    [NOTICE_REASON]          = { "Растёт причина возвратов", "Қайтару себебі өсуде", "Зростає причина повернень", "A return reason grows" },
    [NOTICE_CHANNEL_STOPPED] = { "Канал остановлен", "Арна тоқтады", "Канал зупинено", "Channel stopped" },
    [NOTICE_TEST]            = { "Проверка: уведомления доходят", "Тексеру: хабарламалар жетеді", "Перевірка: сповіщення надходять",
                                 "Test: notices arrive" },
};
static const char *const digest_headline[LANGUAGE_COUNT] = { "Сводка", "Жиынтық", "Зведення", "Digest" };
static const struct { const char *step; const char *words[LANGUAGE_COUNT]; } steps[] = {
    { "confirm",   { "подтвердить", "растау", "підтвердити", "confirm" } },
    { "assemble",  { "собрать", "жинау", "зібрати", "pick" } },
    { "hand_over", { "передать", "тапсыру", "передати", "hand over" } },
    { "decide_return", { "решить", "шешу", "вирішити", "decide" } },
    { "refund", { "вернуть деньги", "ақшаны қайтару", "повернути гроші", "refund" } },
    { "answer_claim", { "ответить на претензию", "талапқа жауап беру", "відповісти на претензію", "answer the claim" } },
};
/* What an alarm is about: a figure of the standing, a reason of returns. */
static const struct { const char *code; const char *words[LANGUAGE_COUNT]; } abouts[] = {
    { "rating", { "рейтинг", "рейтинг", "рейтинг", "rating" } },
    { "own_cancel", { "отмены по нашей вине", "біздің кінәмізден жойылғандар", "скасування з нашої вини", "cancelled by our fault" } },
    { "late_handover", { "поздние передачи", "кеш тапсыру", "пізні передачі", "late hand-overs" } },
    { "changed_mind", { "передумал", "райынан қайтты", "передумав", "changed mind" } },
    { "size", { "не подошёл размер", "өлшемі сәйкес келмеді", "не підійшов розмір", "wrong size" } },
    { "defect", { "брак", "ақау", "брак", "defect" } },
    { "not_as_described", { "не как в описании", "сипаттамаға сай емес", "не як в описі", "not as described" } },
    { "wrong_item", { "не тот товар", "басқа тауар", "не той товар", "wrong item" } },
    { "incomplete", { "некомплект", "толық емес жинақ", "некомплект", "incomplete" } },
    { "damaged_in_transit", { "повреждён в пути", "жолда бүлінді", "пошкоджено в дорозі", "damaged in transit" } },
    { "late", { "опоздала доставка", "жеткізу кешікті", "запізнилася доставка", "late delivery" } },
    { "not_collected", { "не забрал заказ", "тапсырысты алмады", "не забрав замовлення", "not collected" } },
    { "lost", { "потерян в пути", "жолда жоғалды", "втрачено в дорозі", "lost in transit" } },
    { "other", { "другая причина", "басқа себеп", "інша причина", "other reason" } },
};
/* title, figure, value, limit */
static const char *const stands[LANGUAGE_COUNT] = { "%s: %s %s при пороге %s", "%s: %s %s, шегі %s", "%s: %s %s, межа %s", "%s: %s %s, the limit is %s" };
static const char *const passed[LANGUAGE_COUNT] = { ", порог пройден", ", шектен асты", ", її перейдено", ", it is passed" };
static const char *const room[LANGUAGE_COUNT]   = { ", до порога ещё %lld", ", шекке дейін тағы %lld", ", до межі ще %lld", ", %lld more pass it" };
/* title, reason, count, all, share */
static const char *const grows[LANGUAGE_COUNT]  = { "%s: «%s» в %lld из %lld возвратов (%s)", "%s: «%s» %lld рет, барлығы %lld қайтару (%s)",
                                                    "%s: «%s» у %lld з %lld повернень (%s)", "%s: “%s” in %lld of %lld returns (%s)" };
static const char *const until[LANGUAGE_COUNT]   = { "%s до %s", "%s, мерзімі %s", "%s до %s", "%s by %s" };
static const char *const left[LANGUAGE_COUNT]    = { "осталось", "қалды", "залишилося", "left" };
static const char *const over[LANGUAGE_COUNT]    = { "просрочено на", "кешікті", "прострочено на", "late by" };
static const char *const more[LANGUAGE_COUNT]    = { "и ещё", "тағы", "і ще", "and more:" };
static const char *const words[WORD_COUNT][LANGUAGE_COUNT] = {
    [WORD_ACK]       = { "Принято", "Қабылдадым", "Прийнято", "Got it" },
    [WORD_CONFIRM]   = { "Подтвердить", "Растау", "Підтвердити", "Confirm" },
    [WORD_OPEN]      = { "Открыть", "Ашу", "Відкрити", "Open" },
    [WORD_ACKED]     = { "Принято, дальше ведёте вы.", "Қабылданды, әрі қарай сіз жүргізесіз.", "Прийнято, далі ведете ви.", "Got it, it is yours now." },
    [WORD_CONFIRMED] = { "Подтверждено.", "Расталды.", "Підтверджено.", "Confirmed." },
    [WORD_REFUSED]   = { "Не получилось: состояние уже другое или прав не хватает.", "Болмады: күйі өзгерген немесе құқық жетпейді.",
                         "Не вийшло: стан уже інший або бракує прав.", "Not done: it has moved on, or you lack the right." },
    [WORD_LINKED]    = { "Готово: уведомления магазина будут приходить сюда.", "Дайын: дүкеннің хабарламалары осында келеді.",
                         "Готово: сповіщення магазину надходитимуть сюди.", "Done: the shop’s notices will come here." },
    [WORD_UNLINKED]  = { "Ссылка устарела. Откройте новую в своих настройках.", "Сілтеме ескірді. Баптаулардан жаңасын ашыңыз.",
                         "Посилання застаріло. Відкрийте нове у своїх налаштуваннях.", "The link is out of date. Open a new one in your settings." },
    [WORD_CODE]      = { "Код для уведомлений", "Хабарламаларға арналған код", "Код для сповіщень", "Code for notices" },
};
/* clang-format on */

str notice_word(enum language l, enum notice_word w)
{
    return str_of(words[w][l]);
}

/* 0:18, 26:05 */
static str span_text(struct arena *a, int64_t ms)
{
    int64_t m = (ms < 0 ? -ms : ms) / MINUTE_MS;
    return str_print(a, "%lld:%02lld", (long long)(m / 60), (long long)(m % 60));
}

static str moment(struct arena *a, const struct notice_words *w, instant at)
{
    struct civil c = zone_civil(w->zone, at), today = zone_civil(w->zone, w->now);
    if (c.day == today.day && c.month == today.month && c.year == today.year)
        return str_print(a, "%d:%02d", c.hour, c.minute);
    return str_print(a, "%02d.%02d %d:%02d", c.day, c.month, c.hour, c.minute);
}

static const char *step_word(str step, enum language l)
{
    for (int i = 0; i < COUNT_OF(steps); i++)
        if (str_is(step, steps[i].step))
            return steps[i].words[l];
    return "";
}

static const char *about_word(str code, enum language l)
{
    for (int i = 0; i < COUNT_OF(abouts); i++)
        if (str_is(code, abouts[i].code))
            return abouts[i].words[l];
    return "";
}

/* 340 as "3,4 %", 415 of a rating as "4,15". */
static const char *hundredths(struct arena *a, enum language l, int64_t v, bool percent)
{
    char    point = l == LANGUAGE_EN ? '.' : ',';
    int64_t rest  = v % 100;
    str number = rest % 10  ? str_print(a, "%lld%c%02lld", (long long)(v / 100), point, (long long)rest)
                 : rest     ? str_print(a, "%lld%c%lld", (long long)(v / 100), point, (long long)(rest / 10))
                            : str_print(a, "%lld", (long long)(v / 100));
    return str_zero(a, !percent ? number : str_print(a, l == LANGUAGE_EN ? "%.*s%%" : "%.*s\u00a0%%", STR_ARG(number)));
}

static int64_t fact(const struct json *facts, const char *key, int64_t fallback)
{
    int64_t v;
    return json_int(json_get(facts, key), &v) ? v : fallback;
}

/* An alarm says its numbers: what was counted, the limit, how many more. */
static void alarm_add(struct buf *b, const struct notice_words *w, const struct notice *n)
{
    struct arena      *a     = b->arena;
    enum language      l     = w->language;
    const struct json *facts = NULL;
    struct err         bad   = { 0 };
    const char        *title = str_zero(a, n->title), *about = about_word(n->step, l);
    if (!json_read(a, n->facts, 4096, &facts, &bad)) {
        buf_add(b, n->title);
        return;
    }
    int64_t all = fact(facts, "all", 0), more_until = fact(facts, "until", -1);
    if (n->type == NOTICE_REASON) {
        int64_t count = fact(facts, "count", 0);
        buf_print(b, grows[l], title, about, (long long)count, (long long)all, hundredths(a, l, all ? (count * 100 / all) * 100 : 0, true));
        return;
    }
    bool percent = !str_is(n->step, "rating");
    buf_print(b, stands[l], title, about, hundredths(a, l, fact(facts, "value", 0), percent), hundredths(a, l, fact(facts, "limit", 0), percent));
    if (fact(facts, "over", 0))
        buf_add(b, str_of(passed[l]));
    else if (more_until > 0)
        buf_print(b, room[l], (long long)more_until);
}

/* 12990.50 as "12 990,50 ₸"; a currency without a sign by its code. */
static void sum_add(struct buf *b, enum language l, amount sum, str currency)
{
    static const struct { const char *code, *sign; } signs[] = { { "KZT", "₸" }, { "RUB", "₽" }, { "UAH", "₴" }, { "USD", "$" }, { "EUR", "€" } };
    str text  = amount_text(b->arena, sum), whole;
    str cents = text;
    str sign  = currency;
    (void)str_split(&cents, '.', &whole);
    for (int i = 0; i < COUNT_OF(signs); i++)
        if (str_is(currency, signs[i].code))
            sign = str_of(signs[i].sign);
    buf_add(b, STR(", "));
    for (size_t i = 0; i < whole.len; i++) {
        if (i && (whole.len - i) % 3 == 0 && whole.at[i - 1] != '-')
            buf_add(b, STR("\u00a0"));
        buf_add_char(b, whole.at[i]);
    }
    if (!str_is(cents, "00"))
        buf_print(b, "%c%.*s", l == LANGUAGE_EN ? '.' : ',', STR_ARG(cents));
    buf_print(b, "\u00a0%.*s", STR_ARG(sign));
}

static void line_add(struct buf *b, const struct notice_words *w, const struct notice *n)
{
    if (n->type == NOTICE_STANDING || n->type == NOTICE_REASON) {
        alarm_add(b, w, n);
        return;
    }
    buf_add(b, n->title);
    if (n->channel.len)
        buf_print(b, " · %.*s", STR_ARG(w->channel_title(n->channel)));
    if (!instant_is_set(n->deadline_at))
        return;
    int64_t ms = n->deadline_at.ms - w->now.ms;
    str     at = moment(b->arena, w, n->deadline_at);
    buf_add(b, STR(": "));
    buf_print(b, until[w->language], step_word(n->step, w->language), str_zero(b->arena, at));
    if (w->language == LANGUAGE_EN && ms >= 0)
        buf_print(b, " (%.*s %s)", STR_ARG(span_text(b->arena, ms)), left[w->language]);
    else
        buf_print(b, " (%s %.*s)", ms >= 0 ? left[w->language] : over[w->language], STR_ARG(span_text(b->arena, ms)));
    if (n->currency.len && n->amount.minor > 0 && !str_is(n->object, subject_kind_names[SUBJECT_ORDER]))
        sum_add(b, w->language, n->amount, n->currency);
}

str notice_headline(struct arena *a, const struct notice_words *w, enum notice_type type, bool digest, const struct notice_list *list)
{
    const char *text = digest ? digest_headline[w->language] : headlines[type][w->language];
    if (list->count == 1 && list->at[0].title.len)
        return str_print(a, "%s: %.*s", text, STR_ARG(list->at[0].title));
    return list->count > 1 ? str_print(a, "%s: %d", text, list->count) : str_of(text);
}

str notice_lines(struct arena *a, const struct notice_words *w, const struct notice_list *list)
{
    struct buf b = buf_in(a);
    for (int i = 0; i < list->count && i < LINES_MAX; i++) {
        if (i)
            buf_add_char(&b, '\n');
        line_add(&b, w, &list->at[i]);
    }
    if (list->count > LINES_MAX)
        buf_print(&b, "\n%s %d", more[w->language], list->count - LINES_MAX);
    return buf_str(&b);
}
