/* transfer.h - the columns in which orders leave and come back: one table for export and import.
 *
 * CSV and XLSX have a row per line of an order, with what belongs to the order repeated; JSON lines have an object per order with
 * its `lines`. The first row of a table says what it is (filter, time, zone, number of orders) and begins with TRANSFER_MARK; the
 * import passes over it. What is exported can be imported again.
 */
#pragma once
#include "base/list.h"
#include "base/str.h"

#define TRANSFER_MARK "# orders"

enum transfer_kind { TRANSFER_TEXT, TRANSFER_MONEY, TRANSFER_COUNT, TRANSFER_TIME, TRANSFER_FLAG };
enum transfer_column {
    COL_NUMBER, COL_EXTERNAL_ID, COL_ACCOUNT, COL_CHANNEL, COL_STATUS, COL_EXTERNAL_STATUS, COL_PLACED_AT, COL_PAYMENT, COL_SCHEME,
    COL_MARKS, COL_GROUP_NUMBER, COL_CURRENCY, COL_GOODS_TOTAL, COL_DISCOUNT_TOTAL, COL_DELIVERY_TOTAL, COL_GRAND_TOTAL,
    COL_CUSTOMER_NAME, COL_CUSTOMER_PHONE, COL_CUSTOMER_EMAIL, COL_RECIPIENT_NAME, COL_RECIPIENT_PHONE,
    COL_DELIVERY_METHOD, COL_DELIVERY_ADDRESS, COL_CITY, COL_POINT_ID, COL_CARRIER, COL_TRACK, COL_PROMISED_FROM, COL_PROMISED_TO,
    COL_CONFIRM_BY, COL_SHIP_BY, COL_CANCEL_REASON, COL_CANCEL_SIDE, COL_COMMENT_BUYER, COL_COMMENT, COL_TAGS,
    COL_LINE_ID, COL_OFFER_ID, COL_ARTICLE, COL_BARCODE, COL_TITLE, COL_QTY, COL_UNIT_PRICE, COL_LINE_TOTAL, COL_MARKING,
    COL_COUNT
};
struct transfer_info {
    const char *name;                   /* heading and JSON key */
    const char *others;                 /* further headings that are understood, '|' between them; folded when compared */
    uint8_t     kind;
    bool        line;                   /* of a line, not of the order */
    bool        contact, price;
    int         max;                    /* bytes of a text */
};
extern const struct transfer_info transfer_columns[COL_COUNT];
/* COL_COUNT when nobody knows the heading. */
enum transfer_column transfer_find(struct arena *, str heading);
