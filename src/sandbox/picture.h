/* picture.h - PNG files, as far as the played markets need them. */
#pragma once
#include "sandbox/market.h"

/* `raw`: rows of points, a zero byte before each. */
str png_pack(struct arena *, uint32_t width, uint32_t height, int bits, str raw);
