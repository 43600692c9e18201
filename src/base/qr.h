/* qr.h - a text as a QR picture (ISO/IEC 18004, bytes, correction level M, versions 1 to 12). Pure.
 *
 * The answer is the `d` of an SVG path over a square of `size` modules: a screen draws it at once, without asking anybody outside,
 * for what is inside may be a secret.
 */
#pragma once
#include "base/arena.h"

#define QR_TEXT_MAX 287                 /* bytes that version 12 holds at level M */

/* Empty when the text is too long. */
str qr_path(struct arena *, str text, int *size);
/* The modules themselves, row by row, for tests: 1 is dark. NULL when the text is too long. */
const unsigned char *qr_modules(struct arena *, str text, int *size);
