#include "orders/person_data.h"

/* ---- JSON ---- */

static void rows_begin(struct json_out *j, const char *key) { json_begin(j, key, '['); }

static void orders_json(struct json_out *j, const struct person_data *d)
{
    rows_begin(j, "orders");
    for (int i = 0; i < d->orders.count; i++) {
        const struct order *o = &d->orders.at[i];
        json_begin(j, NULL, '{');
        json_id(j, "id", o->id);
        json_text(j, "number", o->number);
        json_text(j, "channel", o->channel);
        json_text(j, "status", str_of(hub_status_names[o->status]));
        json_instant(j, "placed_at", o->sort_at);
        json_text(j, "name", o->customer_name);
        json_text(j, "recipient", o->recipient_name);
        json_text(j, "recipient_phone", o->recipient_phone);
        json_text(j, "delivery", o->delivery_method);
        json_text(j, "address", o->delivery_address);
        json_text(j, "city", o->city);
        json_text(j, "track", o->track);
        json_amount_text(j, "total", o->grand_total);
        json_text(j, "currency", o->currency);
        json_text(j, "comment_of_buyer", o->comment_buyer);
        rows_begin(j, "lines");
        for (int k = 0; k < d->lines.count; k++)
            if (id_eq(d->lines.at[k].order_id, o->id)) {
                json_begin(j, NULL, '{');
                json_text(j, "article", d->lines.at[k].article);
                json_text(j, "title", d->lines.at[k].title);
                json_number(j, "qty", d->lines.at[k].qty);
                json_amount_text(j, "total", d->lines.at[k].line_total);
                json_end(j);
            }
        json_end(j);
        json_end(j);
    }
    json_end(j);
}

static void sent_back_json(struct json_out *j, const struct person_data *d)
{
    rows_begin(j, "returns");
    for (int i = 0; i < d->sent_back.count; i++) {
        const struct sent_back *r = &d->sent_back.at[i];
        json_begin(j, NULL, '{');
        json_id(j, "id", r->id);
        json_text(j, "order_number", r->order_number);
        json_text(j, "title", r->title);
        json_text(j, "state", r->state);
        json_text(j, "reason", r->reason);
        json_text(j, "reason_as_told", r->external_reason);
        json_text(j, "words_of_buyer", r->buyer_text);
        json_text(j, "answer", r->decision_text);
        json_text_or_null(j, "decided_by_rule", r->rule);
        json_raw(j, "rule_inputs", r->rule_inputs.len ? r->rule_inputs : STR("null"));
        json_instant(j, "requested_at", r->requested_at);
        json_number(j, "photos", r->photos);
        json_end(j);
    }
    json_end(j);
}

void person_data_json(struct buf *b, const struct person_data *d)
{
    struct json_out j = json_out(b);
    json_begin(&j, NULL, '{');
    json_instant(&j, "made_at", d->at);
    record_write_json(&customer_record, &d->who, &j, "profile", NULL);
    rows_begin(&j, "tags");
    for (int i = 0; i < d->tags.count; i++)
        json_text(&j, NULL, d->tags.at[i].tag);
    json_end(&j);
    rows_begin(&j, "notes");
    for (int i = 0; i < d->notes.count; i++) {
        json_begin(&j, NULL, '{');
        json_instant(&j, "at", d->notes.at[i].at);
        json_text(&j, "author", d->notes.at[i].author_name);
        json_text(&j, "text", d->notes.at[i].text);
        json_end(&j);
    }
    json_end(&j);
    rows_begin(&j, "sources");
    for (int i = 0; i < d->sources.count; i++)
        record_write_json(&customer_source_record, &d->sources.at[i], &j, NULL, NULL);
    json_end(&j);
    rows_begin(&j, "links");
    for (int i = 0; i < d->links.count; i++)
        record_write_json(&link_record, &d->links.at[i], &j, NULL, NULL);
    json_end(&j);
    orders_json(&j, d);
    sent_back_json(&j, d);
    rows_begin(&j, "consents");
    for (int i = 0; i < d->consents.count; i++)
        record_write_json(&consent_record, &d->consents.at[i], &j, NULL, NULL);
    json_end(&j);
    rows_begin(&j, "decisions");
    for (int i = 0; i < d->merges.count; i++)
        record_write_json(&merge_event_record, &d->merges.at[i], &j, NULL, NULL);
    json_end(&j);
    rows_begin(&j, "seen_by");
    for (int i = 0; i < d->seen_n; i++) {
        json_begin(&j, NULL, '{');
        json_instant(&j, "at", d->seen[i].at);
        json_text(&j, "who", d->seen[i].actor_name);
        json_text(&j, "what", d->seen[i].action);
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
}

/* ---- a page ---- */

enum word { W_TITLE, W_NAME, W_PHONE, W_EMAIL, W_CITY, W_BORN, W_SOURCES, W_ORDERS, W_CONSENTS, W_SEEN, W_ADDRESS, W_TOTAL, W_WHEN, W_MADE, W_RETURNS, W_TAGS, W_NOTES, WORD_COUNT };
/* clang-format off */
static const char *const words[4][WORD_COUNT] = {
    { "Данные клиента", "Имя", "Телефон", "E-mail", "Город", "Дата рождения", "Записи каналов", "Заказы", "Согласия", "Кто видел и менял", "Адрес", "Сумма", "Когда", "Составлено", "Возвраты", "Метки", "Заметки" },
    { "Клиент деректері", "Аты", "Телефон", "E-mail", "Қала", "Туған күні", "Арна жазбалары", "Тапсырыстар", "Келісімдер", "Кім көрді және өзгертті", "Мекенжай", "Сома", "Қашан", "Жасалды", "Қайтарулар", "Белгілер", "Жазбалар" },
    { "Дані клієнта", "Ім’я", "Телефон", "E-mail", "Місто", "Дата народження", "Записи каналів", "Замовлення", "Згоди", "Хто бачив і змінював", "Адреса", "Сума", "Коли", "Складено", "Повернення", "Мітки", "Нотатки" },
    { "Customer data", "Name", "Phone", "E-mail", "City", "Date of birth", "Records of channels", "Orders", "Consents", "Who saw and changed", "Address", "Total", "When", "Made", "Returns", "Tags", "Notes" },
};
/* clang-format on */
static const char *const languages[] = { "ru", "kk", "uk", "en" };

static void safe(struct buf *b, str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '&' || c == '<' || c == '>' || c == '"')
            buf_add(b, c == '&' ? STR("&amp;") : c == '<' ? STR("&lt;") : c == '>' ? STR("&gt;") : STR("&quot;"));
        else
            buf_add_char(b, c);
    }
}

static void row(struct buf *b, const str *cells, int count, const char *tag)
{
    buf_add(b, STR("<tr>"));
    for (int i = 0; i < count; i++) {
        buf_print(b, "<%s>", tag);
        safe(b, cells[i]);
        buf_print(b, "</%s>", tag);
    }
    buf_add(b, STR("</tr>\n"));
}

static void head(struct buf *b, const char *const *w, enum word title)
{
    buf_print(b, "<h2>%s</h2>\n<table>\n", w[title]);
}

static void orders_page(struct buf *b, const struct person_data *d, const char *const *w)
{
    struct arena *a = b->arena;
    head(b, w, W_ORDERS);
    for (int i = 0; i < d->orders.count; i++) {
        const struct order *o = &d->orders.at[i];
        const str cells[] = { instant_text(a, o->sort_at), o->channel, o->number, str_of(hub_status_names[o->status]), o->recipient_name,
                              o->recipient_phone, o->delivery_address, str_print(a, "%.*s %.*s", STR_ARG(amount_text(a, o->grand_total)), STR_ARG(o->currency)) };
        row(b, cells, COUNT_OF(cells), "td");
        for (int k = 0; k < d->lines.count; k++)
            if (id_eq(d->lines.at[k].order_id, o->id)) {
                const str line[] = { STR(""), STR(""), d->lines.at[k].article, d->lines.at[k].title, str_print(a, "× %lld", (long long)d->lines.at[k].qty) };
                row(b, line, COUNT_OF(line), "td");
            }
    }
    buf_add(b, STR("</table>\n"));
}

void person_data_page(struct buf *b, const struct person_data *d, str language)
{
    struct arena      *a = b->arena;
    const char *const *w = words[0];
    for (int i = 0; i < COUNT_OF(languages); i++)
        if (str_is(language, languages[i]))
            w = words[i];
    buf_print(b, "<!doctype html><html><head><meta charset=\"utf-8\"><title>%s</title><style>body{font:14px/1.5 sans-serif;margin:2rem}"
                 "table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:4px 8px;text-align:left}</style></head><body>\n<h1>%s</h1>\n<table>\n",
              w[W_TITLE], w[W_TITLE]);
    struct buf tags = buf_in(a);
    for (int i = 0; i < d->tags.count; i++)
        buf_print(&tags, "%s%.*s", i ? ", " : "", STR_ARG(d->tags.at[i].tag));
    const str profile[][2] = { { str_of(w[W_NAME]), d->who.name }, { str_of(w[W_PHONE]), d->who.phone }, { str_of(w[W_EMAIL]), d->who.email },
                               { str_of(w[W_CITY]), d->who.city }, { str_of(w[W_BORN]), d->who.birth_date }, { str_of(w[W_TAGS]), buf_str(&tags) }, { str_of(w[W_MADE]), instant_text(a, d->at) } };
    for (int i = 0; i < COUNT_OF(profile); i++)
        row(b, profile[i], 2, "td");
    buf_add(b, STR("</table>\n"));
    head(b, w, W_SOURCES);
    for (int i = 0; i < d->sources.count; i++) {
        const struct customer_source *s = &d->sources.at[i];
        const str cells[] = { s->name, s->phone, s->email, s->city, s->address, instant_text(a, s->first_seen), instant_text(a, s->last_seen) };
        row(b, cells, COUNT_OF(cells), "td");
    }
    buf_add(b, STR("</table>\n"));
    orders_page(b, d, w);
    head(b, w, W_RETURNS);
    for (int i = 0; i < d->sent_back.count; i++) {
        const struct sent_back *r = &d->sent_back.at[i];
        const str cells[] = { instant_text(a, r->requested_at), r->order_number, r->title, r->state, r->external_reason, r->buyer_text, r->decision_text };
        row(b, cells, COUNT_OF(cells), "td");
    }
    buf_add(b, STR("</table>\n"));
    head(b, w, W_CONSENTS);
    for (int i = 0; i < d->consents.count; i++) {
        const struct consent *c = &d->consents.at[i];
        const str cells[] = { instant_text(a, c->at), c->purpose, c->medium, c->state, c->channel, c->text_version, c->proof };
        row(b, cells, COUNT_OF(cells), "td");
    }
    buf_add(b, STR("</table>\n"));
    head(b, w, W_NOTES);
    for (int i = 0; i < d->notes.count; i++) {
        const str cells[] = { instant_text(a, d->notes.at[i].at), d->notes.at[i].author_name, d->notes.at[i].text };
        row(b, cells, COUNT_OF(cells), "td");
    }
    buf_add(b, STR("</table>\n"));
    head(b, w, W_SEEN);
    for (int i = 0; i < d->seen_n; i++) {
        const str cells[] = { instant_text(a, d->seen[i].at), d->seen[i].actor_name, d->seen[i].action };
        row(b, cells, COUNT_OF(cells), "td");
    }
    buf_add(b, STR("</table>\n</body></html>\n"));
}
