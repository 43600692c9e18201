/* label.h - papers that the played markets draw. */
#pragma once
#include "sandbox/market.h"

str  sandbox_sticker(struct arena *, str number, int width_mm, int height_mm);         /* PNG */
str  sandbox_zpl(struct arena *, str number, bool upright);
str  sandbox_pdf(struct arena *, str title, str number, int width_mm, int height_mm, int pages);
void file_reply(struct ask *, const char *type, str bytes);
