/* amount.h - money in hundredths of a currency that stands beside it.
 *
 * 64-bit minor units; every supported currency (KZT RUB UAH BYN USD EUR CNY KGS) has two decimals.
 * A struct, so that adding a quantity to a price does not compile. No floating point.
 * Rounding is half away from zero, once. Sums that leave the range fail, they never wrap.
 */
#pragma once
#include "base/str.h"

typedef struct {
    int64_t minor;
} amount;

#define AMOUNT_MAX_MINOR INT64_C(900000000000000000)     /* 9 000 000 000 000 000.00 */

/* "129.90", "-5", "1500.0000" (more than two decimals only when they are zero), "5.99e3" as JSON numbers may be written.
 * All of the text or false; no spaces, no plus, no group separators. */
MUST_CHECK bool amount_parse(str, amount *out);
/* Like amount_parse, but further decimals are rounded half away from zero: for rates and foreign floats. */
MUST_CHECK bool amount_parse_round(str, amount *out);
str  amount_text(struct arena *, amount);                /* "129.90" */
void amount_write(char out[24], amount, size_t *len);
MUST_CHECK bool amount_add(amount a, amount b, amount *out);
MUST_CHECK bool amount_sub(amount a, amount b, amount *out);
MUST_CHECK bool amount_mul(amount a, int64_t qty, amount *out);
/* a * num / den, rounded half away from zero. den > 0. */
MUST_CHECK bool amount_scale(amount a, int64_t num, int64_t den, amount *out);
/* Splits `whole` in proportion to weights (all >= 0, not all zero) by largest remainder; ties to the smaller index.
 * The parts always add up to `whole`. */
MUST_CHECK bool amount_split(amount whole, const int64_t *weights, int count, amount *parts);

bool currency_known(str code);                           /* three letters of the list above */
/* ISO 4217 number ("643", 398) to letters; empty when unknown. */
str  currency_from_number(int64_t number);
