/* xlsx_date.h - dates of a spreadsheet are numbers with a style: days since 1899-12-30 (or 1904-01-01). For xlsx.c only. */
#pragma once
#include "base/arena.h"

enum xlsx_style { XLSX_STYLE_PLAIN, XLSX_STYLE_DATE, XLSX_STYLE_TIME, XLSX_STYLE_DATE_TIME };

/* What a number format shows: built-in formats by number, others by their code ("dd.mm.yyyy hh:mm"). */
enum xlsx_style xlsx_style_of_id(int64_t format_id);
enum xlsx_style xlsx_style_of_code(str code);
/* "45292.5" → "2024-01-01T12:00:00"; times without a day become "12:00:00". What is no date stays as it is. */
str xlsx_date_text(struct arena *, str serial, enum xlsx_style, bool is_1904);
