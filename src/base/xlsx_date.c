#include "base/xlsx_date.h"

#define SERIAL_MAX 2958465 /* 9999-12-31 */
#define DAY_S      86400

enum xlsx_style xlsx_style_of_id(int64_t id)
{
    /* Built-in formats (ECMA-376 part 1, numFmt); 27–36 and 50–58 are the East Asian dates. */
    if (id >= 14 && id <= 17)
        return XLSX_STYLE_DATE;
    if ((id >= 18 && id <= 21) || id == 45 || id == 47)
        return XLSX_STYLE_TIME;
    if (id == 22)
        return XLSX_STYLE_DATE_TIME;
    if ((id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 54) || id == 57 || id == 58)
        return XLSX_STYLE_DATE;
    return XLSX_STYLE_PLAIN;
}

enum xlsx_style xlsx_style_of_code(str code)
{
    bool has_day = false, has_time = false, has_m = false;

    for (size_t i = 0; i < code.len; i++) {
        char c = code.at[i];
        if (c == '"') { /* fixed text */
            while (++i < code.len && code.at[i] != '"') {
            }
        } else if (c == '[') { /* colour, language, condition; [h] counts hours */
            while (++i < code.len && code.at[i] != ']') {
            }
        } else if (c == '\\' || c == '_' || c == '*') {
            i++;
        } else if (c == ';') {
            break; /* the format of negative numbers */
        } else if ((c | 0x20) == 'y' || (c | 0x20) == 'd') {
            has_day = true;
        } else if ((c | 0x20) == 'h' || (c | 0x20) == 's') {
            has_time = true;
        } else if ((c | 0x20) == 'm') {
            has_m = true;
        } else if ((c | 0x20) == 'e' || c == '0' || c == '#' || c == '?') {
            if (!has_day && !has_time && !has_m)
                return XLSX_STYLE_PLAIN; /* "General" begins with g, e; numbers with 0 # ? */
        }
    }
    if (has_m && !has_time)
        has_day = true;
    return has_day && has_time ? XLSX_STYLE_DATE_TIME
           : has_day           ? XLSX_STYLE_DATE
           : has_time          ? XLSX_STYLE_TIME
                               : XLSX_STYLE_PLAIN;
}

/* Days and seconds of "45292.5" without floating point: the fraction is rounded to a second. */
static bool serial_read(str s, int64_t *days, int64_t *second)
{
    int64_t fraction = 0, scale = 1;
    size_t  i = 0;

    *days = 0;
    for (; i < s.len && s.at[i] >= '0' && s.at[i] <= '9'; i++) {
        *days = *days * 10 + (s.at[i] - '0');
        if (*days > SERIAL_MAX)
            return false;
    }
    if (!i)
        return false;
    if (i < s.len && s.at[i] == '.') {
        for (i++; i < s.len && s.at[i] >= '0' && s.at[i] <= '9'; i++)
            if (scale < 1000000000000) {
                fraction = fraction * 10 + (s.at[i] - '0');
                scale *= 10;
            }
    }
    if (i != s.len)
        return false; /* an exponent, a sign, no number at all */
    *second = (int64_t)(((__int128)fraction * DAY_S + scale / 2) / scale);
    if (*second == DAY_S) {
        *second = 0;
        ++*days;
    }
    return *days <= SERIAL_MAX;
}

/* Civil date of a day counted from 1970-01-01. Source: H. Hinnant, "chrono-compatible low-level date
 * algorithms". */
static void civil(int64_t day, int64_t *y, int64_t *m, int64_t *d)
{
    day += 719468;
    int64_t era = day / 146097, of_era = day % 146097; /* all our days are after year 0 */
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;

    *d = of_year - (153 * month + 2) / 5 + 1;
    *m = month < 10 ? month + 3 : month - 9;
    *y = year + era * 400 + (*m <= 2);
}

str xlsx_date_text(struct arena *arena, str serial, enum xlsx_style style, bool is_1904)
{
    int64_t days, second, y, m, d;

    if (style == XLSX_STYLE_PLAIN || !serial_read(serial, &days, &second))
        return serial;
    int64_t hh = second / 3600, mm = second / 60 % 60, ss = second % 60;
    if (days == 0 && !is_1904)
        return style == XLSX_STYLE_TIME
                   ? str_print(arena, "%02lld:%02lld:%02lld", (long long)hh, (long long)mm, (long long)ss)
                   : serial;
    if (is_1904)
        civil(days - 24107, &y, &m, &d); /* 1904-01-01 */
    else
        /* Excel believes in a 29 February 1900, number 60; days before it are one further on. */
        civil(days - 25569 + (days < 60), &y, &m, &d);
    if (style == XLSX_STYLE_DATE && second == 0)
        return str_print(arena, "%04lld-%02lld-%02lld", (long long)y, (long long)m, (long long)d);
    return str_print(arena, "%04lld-%02lld-%02lldT%02lld:%02lld:%02lld", (long long)y, (long long)m,
                     (long long)d, (long long)hh, (long long)mm, (long long)ss);
}
