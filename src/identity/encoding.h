/* encoding.h - what a file of people is written in: UTF-8, UTF-16 as spreadsheets save "Unicode text", or windows-1251.
 *
 *     enum encoding e = encoding_find(head);          // the first bytes of the file
 *     n = encoding_read(e, bytes, &taken, out);       // UTF-8; `out` has room for ENCODING_BYTES(bytes.len)
 */
#pragma once
#include "base/str.h"

enum encoding { ENCODING_UTF8, ENCODING_UTF16_LE, ENCODING_UTF16_BE, ENCODING_1251 };
#define ENCODING_BYTES(n) ((n) * 3 + 4)

/* Any bytes are text of some encoding; a few that are no UTF-8 among many that are leave it UTF-8. */
enum encoding encoding_find(str head);
/* Half a character at the end is not taken. What cannot be read gives U+FFFD. */
size_t encoding_read(enum encoding, str bytes, size_t *taken, char *out);
