/* sql_expand.c - writes out  IN ({ids:$1}) ,  IN ({texts:$2})  and  FROM {texts:$2}  for each database, and an INSERT of many rows.
 *
 * PostgreSQL gets an array, which an index is asked for value by value. As a set of rows to join it guesses a hundred of them,
 * and reads everything that the other conditions leave, all orders of the account, as soon as it takes the table for small; such
 * a plan stays for as long as the connection, and a serializable transaction then minds all it has read. */
#include "db/db_driver.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

struct list_form { const char *open, *close, *before, *after; };

static const struct list_form forms[2][3] = {
    {
        { "IN ({ids:$",    "})", "IN (SELECT value FROM json_each($", "))" },
        { "IN ({texts:$",  "})", "IN (SELECT value FROM json_each($", "))" },
        { "FROM {texts:$", "}",  "FROM json_each($", ") AS list" },
    },
    {
        { "IN ({ids:$",    "})", "= ANY (ARRAY(SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($",
                                 " AS json)) AS list(value)))" },
        { "IN ({texts:$",  "})", "= ANY (ARRAY(SELECT value FROM json_array_elements_text(CAST($", " AS json)) AS list(value)))" },
        { "FROM {texts:$", "}",  "FROM json_array_elements_text(CAST($", " AS json)) AS list(value)" },
    },
};

struct text { char *at; size_t len, cap; };

static void text_add(struct text *t, const char *from, size_t len)
{
    if (t->len + len + 1 > t->cap) {
        t->cap = (t->len + len + 1) * 2;
        t->at  = db_realloc(t->at, t->cap);
    }
    memcpy(t->at + t->len, from, len);
    t->len += len;
    t->at[t->len] = 0;
}

/* Digits at `at`; their number is put into *n and their count returned. */
static size_t digits_read(const char *at, const char *end, int *n)
{
    size_t count = 0;
    *n = 0;
    while (at + count < end && at[count] >= '0' && at[count] <= '9' && count < 5)
        *n = *n * 10 + (at[count++] - '0');
    return count;
}

/* A list at `at`: writes it out, returns its length in the source, 0 when there is none. */
static size_t list_expand(struct text *out, const char *at, const char *end, bool postgres, int *params)
{
    for (int i = 0; i < COUNT_OF(forms[0]); i++) {
        const struct list_form *form = &forms[postgres][i];
        size_t open = strlen(form->open), close = strlen(form->close);
        if ((size_t)(end - at) <= open || memcmp(at, form->open, open) != 0)
            continue;
        int n;
        size_t digits = digits_read(at + open, end, &n);
        assert(digits && (size_t)(end - at) >= open + digits + close && !memcmp(at + open + digits, form->close, close));
        text_add(out, form->before, strlen(form->before));
        text_add(out, at + open, digits);
        text_add(out, form->after, strlen(form->after));
        *params = n > *params ? n : *params;
        return open + digits + close;
    }
    return 0;
}

char *sql_expand(const char *text, size_t len, bool postgres, int *params)
{
    struct text out = { 0 };
    const char *end = text + len, *from = text;
    bool quoted = false;
    *params = 0;
    text_add(&out, "", 0);
    for (const char *at = text; at < end; at++) {
        int n;
        if (*at == '\'')
            quoted = !quoted;
        if (quoted)
            continue;
        if (*at == '$' && digits_read(at + 1, end, &n) && n > *params)
            *params = n;
        if (*at != 'I' && *at != 'F')
            continue;
        text_add(&out, from, (size_t)(at - from));
        from = at;
        size_t source = list_expand(&out, at, end, postgres, params);
        if (source) {
            from = at + source;
            at   = from - 1;
        }
    }
    text_add(&out, from, (size_t)(end - from));
    return out.at;
}

/* --- rows ------------------------------------------------------------------------------------------------------------ */

/* The end of what the bracket at `at` opens. */
static const char *bracket_end(const char *at)
{
    int  depth  = 0;
    bool quoted = false;
    for (;; at++) {
        assert(*at);
        if (*at == '\'')
            quoted = !quoted;
        depth += !quoted && *at == '(';
        depth -= !quoted && *at == ')';
        if (!quoted && *at == ')' && depth == 0)
            return at + 1;
    }
}

/* One row, its parameters counted from `before` on; returns the highest. */
static int row_add(struct text *out, const char *from, const char *end, int before)
{
    int  highest = before;
    bool quoted  = false;
    for (const char *at = from; at < end; at++) {
        int    n;
        size_t digits;
        if (*at == '\'')
            quoted = !quoted;
        if (quoted || *at != '$' || !(digits = digits_read(at + 1, end, &n))) {
            text_add(out, at, 1);
            continue;
        }
        char number[16];
        n += before;
        highest = n > highest ? n : highest;
        text_add(out, number, (size_t)snprintf(number, sizeof number, "$%d", n));
        at += digits;
    }
    return highest;
}

/* For SQLite OR FAIL: a row that is refused ends the statement and leaves the rows before it, which the transaction undoes (gathered.c).
 * Undoing them by itself would cost a copy of every page that the statement writes to. */
char *sql_rows(const char *text, bool postgres, int rows)
{
    static const char insert[] = "INSERT INTO ";
    struct text out  = { 0 };
    const char *from = strstr(text, "VALUES (");
    assert(from);
    from += strlen("VALUES ");
    const char *end = bracket_end(from);
    assert(!strchr(end, '$'));                           /* a parameter behind the rows could not be told from theirs */
    assert(!strncmp(text, insert, strlen(insert)));
    text += strlen(insert);
    text_add(&out, postgres ? insert : "INSERT OR FAIL INTO ", strlen(postgres ? insert : "INSERT OR FAIL INTO "));
    text_add(&out, text, (size_t)(from - text));
    for (int i = 0, before = 0; i < rows; i++) {
        if (i)
            text_add(&out, ", ", 2);
        before = row_add(&out, from, end, before);
    }
    text_add(&out, end, strlen(end));
    return out.at;
}
