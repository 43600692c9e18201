/* assets_table.h - what embed.sh writes, in the order of the paths' bytes. */
#pragma once
#include "http/http.h"

extern const struct asset assets_table[];
extern const int          assets_count;
