/* transfer_http.h - orders out of and into files, over HTTP. */
#pragma once
#include "http/http.h"

#define IMPORT_BODY_BYTES_MAX ((size_t)32 << 20)

extern const struct route transfer_routes[];
