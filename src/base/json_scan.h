/* json_scan.h - where the tokens of a JSON text begin: simdjson's first stage. For json_read.c only.
 *
 * Found are the places of { } [ ] : , of opening quotes and of the first character of every other word, in order. The scan
 * vouches for valid UTF-8, for quotes that close, and for no control characters inside quotes; the grammar is the caller's.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum json_scan_result { JSON_SCAN_OK, JSON_SCAN_UTF8, JSON_SCAN_QUOTE_OPEN, JSON_SCAN_CONTROL, JSON_SCAN_EMPTY, JSON_SCAN_MEMORY };
#define JSON_SCAN_SPARE_BYTES 64        /* readable bytes behind the text */

struct json_scan {
    const uint32_t *at;                 /* count places, then the length of the text */
    size_t          count;
    void           *owner;
};

/* Valid until json_scan_done, which is called after success only. len < 2^32 - 1024. */
enum json_scan_result json_scan(const char *text, size_t len, struct json_scan *out);
void json_scan_done(struct json_scan *);

#ifdef __cplusplus
}
#endif
