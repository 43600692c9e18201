/* What notices say, in the reader's language. Screens have their own texts; these leave the house. */
#include "base/buf.h"
#include "notices/notice.h"

#define LINES_MAX 10

/* clang-format off */
static const char *const headlines[NOTICE_TYPE_COUNT][LANGUAGE_COUNT] = {
    [NOTICE_ORDER_YELLOW]    = { "Скоро срок", "Мерзімі жақын", "Скоро термін", "Due soon" },
    [NOTICE_ORDER_TEAM]      = { "Никто не взялся", "Ешкім қолға алмады", "Ніхто не взявся", "Nobody has taken it" },
    [NOTICE_ORDER_RED]       = { "Горит", "Шұғыл", "Горить", "Urgent" },
    [NOTICE_ORDER_BREACHED]  = { "Просрочено", "Мерзімі өтті", "Прострочено", "Overdue" },
    [NOTICE_CHANNEL_STOPPED] = { "Канал остановлен", "Арна тоқтады", "Канал зупинено", "Channel stopped" },
    [NOTICE_TEST]            = { "Проверка: уведомления доходят", "Тексеру: хабарламалар жетеді", "Перевірка: сповіщення надходять",
                                 "Test: notices arrive" },
};
static const char *const digest_headline[LANGUAGE_COUNT] = { "Сводка", "Жиынтық", "Зведення", "Digest" };
static const struct { const char *step; const char *words[LANGUAGE_COUNT]; } steps[] = {
    { "confirm",   { "подтвердить", "растау", "підтвердити", "confirm" } },
    { "assemble",  { "собрать", "жинау", "зібрати", "pack" } },
    { "hand_over", { "передать", "тапсыру", "передати", "hand over" } },
};
static const char *const until[LANGUAGE_COUNT]   = { "%s до %s", "%s, мерзімі %s", "%s до %s", "%s by %s" };
static const char *const left[LANGUAGE_COUNT]    = { "осталось", "қалды", "залишилось", "left" };
static const char *const over[LANGUAGE_COUNT]    = { "просрочено на", "кешікті", "прострочено на", "late by" };
static const char *const more[LANGUAGE_COUNT]    = { "и ещё", "тағы", "і ще", "and more:" };
static const char *const words[WORD_COUNT][LANGUAGE_COUNT] = {
    [WORD_ACK]       = { "Принято", "Қабылдадым", "Прийнято", "Got it" },
    [WORD_CONFIRM]   = { "Подтвердить", "Растау", "Підтвердити", "Confirm" },
    [WORD_OPEN]      = { "Открыть", "Ашу", "Відкрити", "Open" },
    [WORD_ACKED]     = { "Принято, дальше ведёте вы.", "Қабылданды, әрі қарай сіз жүргізесіз.", "Прийнято, далі ведете ви.", "Got it, it is yours now." },
    [WORD_CONFIRMED] = { "Подтверждено.", "Расталды.", "Підтверджено.", "Confirmed." },
    [WORD_REFUSED]   = { "Не получилось: заказ уже в другом состоянии или прав не хватает.", "Болмады: тапсырыс күйі өзгерген немесе құқық жетпейді.",
                         "Не вийшло: замовлення вже в іншому стані або бракує прав.", "Not done: the order has moved on, or you lack the right." },
    [WORD_LINKED]    = { "Готово: уведомления магазина будут приходить сюда.", "Дайын: дүкеннің хабарламалары осында келеді.",
                         "Готово: сповіщення магазину надходитимуть сюди.", "Done: the shop's notices will come here." },
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

static void line_add(struct buf *b, const struct notice_words *w, const struct notice *n)
{
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
