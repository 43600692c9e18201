#include "orders/transfer.h"

#include "base/fold.h"

/* clang-format off */
const struct transfer_info transfer_columns[COL_COUNT] = {
    [COL_NUMBER]           = { "number", "номер|номер заказа|№|№ заказа|заказ|order number|order no|order|код заказа|нөмір|номер замовлення", TRANSFER_TEXT, .max = 100 },
    [COL_EXTERNAL_ID]      = { "external_id", "внешний номер|id заказа|идентификатор|order id|номер отправления", TRANSFER_TEXT, .max = 200 },
    [COL_ACCOUNT]          = { "account", "магазин|аккаунт|кабинет", TRANSFER_TEXT, .max = 200 },
    [COL_CHANNEL]          = { "channel", "канал|площадка|маркетплейс|источник", TRANSFER_TEXT, .max = 32 },
    [COL_STATUS]           = { "status", "статус|статус заказа|состояние|order status|мәртебе", TRANSFER_TEXT, .max = 60 },
    [COL_EXTERNAL_STATUS]  = { "external_status", "статус площадки|статус маркетплейса", TRANSFER_TEXT, .max = 200 },
    [COL_PLACED_AT]        = { "placed_at", "дата|дата заказа|дата создания|дата и время заказа|создан|order date|created at|date|күні", TRANSFER_TIME },
    [COL_PAYMENT]          = { "payment", "оплата|статус оплаты|payment status", TRANSFER_TEXT, .max = 40 },
    [COL_SCHEME]           = { "scheme", "схема|схема работы", TRANSFER_TEXT, .max = 20 },
    [COL_MARKS]            = { "marks", "метки|пометки", TRANSFER_TEXT, .max = 200 },
    [COL_GROUP_NUMBER]     = { "group_number", "номер корзины|общий номер|group", TRANSFER_TEXT, .max = 100 },
    [COL_CURRENCY]         = { "currency", "валюта|код валюты", TRANSFER_TEXT, .max = 3 },
    [COL_GOODS_TOTAL]      = { "goods_total", "сумма товаров|стоимость товаров|subtotal", TRANSFER_MONEY, .price = true },
    [COL_DISCOUNT_TOTAL]   = { "discount_total", "скидка|сумма скидки|discount", TRANSFER_MONEY, .price = true },
    [COL_DELIVERY_TOTAL]   = { "delivery_total", "стоимость доставки|доставка сумма|shipping|delivery cost", TRANSFER_MONEY, .price = true },
    [COL_GRAND_TOTAL]      = { "grand_total", "сумма|итого|сумма заказа|стоимость заказа|общая сумма|total|order total|amount|жиыны", TRANSFER_MONEY, .price = true },
    [COL_CUSTOMER_NAME]    = { "customer_name", "покупатель|клиент|имя|фио|имя покупателя|фио покупателя|customer|name|buyer|сатып алушы", TRANSFER_TEXT, .max = 400 },
    [COL_CUSTOMER_PHONE]   = { "customer_phone", "телефон|телефон покупателя|телефон клиента|phone|mobile|телефоны", TRANSFER_TEXT, .contact = true, .max = 64 },
    [COL_CUSTOMER_EMAIL]   = { "customer_email", "email|e-mail|почта|эл. почта|электронная почта", TRANSFER_TEXT, .contact = true, .max = 254 },
    [COL_RECIPIENT_NAME]   = { "recipient_name", "получатель|фио получателя|имя получателя|recipient", TRANSFER_TEXT, .max = 400 },
    [COL_RECIPIENT_PHONE]  = { "recipient_phone", "телефон получателя|recipient phone", TRANSFER_TEXT, .contact = true, .max = 64 },
    [COL_DELIVERY_METHOD]  = { "delivery_method", "способ доставки|доставка|delivery|shipping method", TRANSFER_TEXT, .max = 200 },
    [COL_DELIVERY_ADDRESS] = { "delivery_address", "адрес|адрес доставки|address|shipping address|мекенжай", TRANSFER_TEXT, .contact = true, .max = 1000 },
    [COL_CITY]             = { "city", "город|қала|місто", TRANSFER_TEXT, .max = 200 },
    [COL_POINT_ID]         = { "point_id", "пункт выдачи|пвз|код пвз|pickup point", TRANSFER_TEXT, .max = 200 },
    [COL_CARRIER]          = { "carrier", "перевозчик|служба доставки|courier", TRANSFER_TEXT, .max = 200 },
    [COL_TRACK]            = { "track", "трек|трек-номер|трек номер|накладная|tracking number|tracking", TRANSFER_TEXT, .max = 200 },
    [COL_PROMISED_FROM]    = { "promised_from", "доставить с", TRANSFER_TIME },
    [COL_PROMISED_TO]      = { "promised_to", "доставить до|дата доставки|плановая дата доставки|delivery date", TRANSFER_TIME },
    [COL_CONFIRM_BY]       = { "confirm_by", "подтвердить до", TRANSFER_TIME },
    [COL_SHIP_BY]          = { "ship_by", "отгрузить до|дата отгрузки|плановая дата передачи|ship date", TRANSFER_TIME },
    [COL_CANCEL_REASON]    = { "cancel_reason", "причина отмены", TRANSFER_TEXT, .max = 400 },
    [COL_CANCEL_SIDE]      = { "cancel_side", "кто отменил", TRANSFER_TEXT, .max = 20 },
    [COL_COMMENT_BUYER]    = { "comment_buyer", "комментарий покупателя|комментарий клиента|customer comment", TRANSFER_TEXT, .max = 2000 },
    [COL_COMMENT]          = { "comment", "комментарий|примечание|заметка|note|comment", TRANSFER_TEXT, .max = 2000 },
    [COL_TAGS]             = { "tags", "теги|тэги|ярлыки", TRANSFER_TEXT, .max = 500 },
    [COL_LINE_ID]          = { "line_id", "номер строки|id строки", TRANSFER_TEXT, .line = true, .max = 200 },
    [COL_OFFER_ID]         = { "offer_id", "код товара на площадке|id товара|номенклатура|nm id|product id", TRANSFER_TEXT, .line = true, .max = 200 },
    [COL_ARTICLE]          = { "article", "артикул|артикул продавца|sku|код товара|vendor code|item sku", TRANSFER_TEXT, .line = true, .max = 200 },
    [COL_BARCODE]          = { "barcode", "штрихкод|штрих-код|ean|gtin", TRANSFER_TEXT, .line = true, .max = 200 },
    [COL_TITLE]            = { "title", "товар|название|наименование|название товара|наименование товара|product|product name|item|тауар", TRANSFER_TEXT, .line = true, .max = 1000 },
    [COL_QTY]              = { "qty", "количество|кол-во|колво|шт|quantity|count|саны|кількість", TRANSFER_COUNT, .line = true },
    [COL_UNIT_PRICE]       = { "unit_price", "цена|цена за штуку|цена за единицу|price|unit price|баға|ціна", TRANSFER_MONEY, .line = true, .price = true },
    [COL_LINE_TOTAL]       = { "line_total", "сумма строки|стоимость|сумма по товару|line total", TRANSFER_MONEY, .line = true, .price = true },
    [COL_MARKING]          = { "marking_required", "маркировка|честный знак", TRANSFER_FLAG, .line = true },
};
/* clang-format on */

static bool is_other(struct arena *a, str others, str folded)
{
    str other;
    while (others.len && str_split(&others, '|', &other))
        if (str_eq(fold_search(a, other), folded))
            return true;
    return false;
}

enum transfer_column transfer_find(struct arena *a, str heading)
{
    str word = str_trim(heading);
    for (int i = 0; i < COL_COUNT; i++)
        if (str_is(word, transfer_columns[i].name))
            return (enum transfer_column)i;
    str folded = fold_search(a, utf8_cut(word, 200));
    for (int i = 0; folded.len && i < COL_COUNT; i++)
        if (str_eq(folded, fold_search(a, str_of(transfer_columns[i].name))) ||
            is_other(a, str_of(transfer_columns[i].others), folded))
            return (enum transfer_column)i;
    return COL_COUNT;
}
