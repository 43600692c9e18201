#include "base/mail.h"

#include "base/buf.h"
#include "base/secret.h"

#define WORD_BYTES      42              /* of text in an encoded word: 56 in base64, 68 with its frame */
#define LINE_BYTES      57              /* of text in a line of base64: 76 */

const char *const mail_safety_names[] = { [MAIL_TLS] = "tls", [MAIL_STARTTLS] = "starttls", [MAIL_PLAIN] = "plain", NULL };
_Static_assert(COUNT_OF(mail_safety_names) == MAIL_SAFETY_COUNT + 1, "a name per safety");

static bool is_plain(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.at[i] < ' ' || (unsigned char)s.at[i] > '~')
            return false;
    return true;
}

static bool address_ok(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] == '<' || s.at[i] == '>' || s.at[i] == ' ')
            return false;
    return s.len > 2 && str_has(s, STR("@")) && is_plain(s);
}

/* Encoded words, one per line, none of which cuts a letter. */
static void words_add(struct buf *b, str text)
{
    for (bool first = true; text.len; first = false) {
        str part = utf8_cut(text, WORD_BYTES);
        if (!part.len)
            part = str_sub(text, 0, WORD_BYTES);
        buf_print(b, "%s=?utf-8?B?%.*s?=", first ? "" : "\r\n ", STR_ARG(base64_encode(b->arena, part)));
        text = str_sub(text, part.len, text.len);
    }
}

static const char *const days[]   = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

static void date_add(struct buf *b, instant at)
{
    int64_t      day = at.ms / DAY_MS, s = at.ms % DAY_MS / SECOND_MS;
    struct civil c   = civil_of_days(day);
    buf_print(b, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", days[weekday_of_days(day)], c.day, months[c.month - 1], c.year,
              (int)(s / 3600), (int)(s / 60 % 60), (int)(s % 60));
}

bool mail_text(struct arena *a, const struct mail *m, str *out, struct err *err)
{
    struct buf b = buf_in(a);
    if (!address_ok(m->from))
        return err_set(err, ERR_BODY_INVALID, "from", "is no address");
    if (!address_ok(m->to))
        return err_set(err, ERR_BODY_INVALID, "to", "is no address");
    if (!is_plain(m->message_id) || str_has(m->message_id, STR(">")))
        return err_set(err, ERR_BODY_INVALID, "message_id", "must be plain text");
    date_add(&b, m->at);
    buf_add(&b, STR("From: "));
    words_add(&b, m->from_name);
    buf_print(&b, "%s<%.*s>\r\nTo: <%.*s>\r\nSubject: ", m->from_name.len ? "\r\n " : "", STR_ARG(m->from), STR_ARG(m->to));
    words_add(&b, m->subject);
    buf_print(&b, "\r\nMessage-ID: <%.*s>\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-generated\r\n"
                  "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n", STR_ARG(m->message_id));
    for (str rest = m->text; rest.len; rest = str_sub(rest, LINE_BYTES, rest.len))
        buf_print(&b, "%.*s\r\n", STR_ARG(base64_encode(a, str_sub(rest, 0, LINE_BYTES))));
    *out = buf_str(&b);
    return true;
}
