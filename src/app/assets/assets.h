/* assets.h - the files of the web UI inside the program: each once as brotli, once as gzip, packed by the build.
 *
 * Without web/dist the build makes an empty table: every path then has no asset, and the server answers as it does for any
 * unknown path.
 */
#pragma once
#include "http/http.h"

/* `path` is decoded and begins with a slash ("/index.html"). NULL: there is no such file. */
const struct asset *asset_find(str path);
