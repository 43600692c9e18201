/* phone_lib.h - libphonenumber for phone.c only. It is C++, so it stands alone behind two functions that never throw. */
#pragma once
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Reads `raw` as somebody in `region` ("KZ") would write it. Writes "+77771234567", zero-terminated, and returns its
 * length; 0 when the library holds it for no valid number. */
size_t phone_lib_parse(const char *raw, size_t len, const char *region, char *out, size_t out_size);
/* The international way to write an E.164 number, "+49 30 123456"; 0 when it is not one. */
size_t phone_lib_format(const char *e164, size_t len, char *out, size_t out_size);

#ifdef __cplusplus
}
#endif
