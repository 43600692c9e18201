/* overview_http.h - the first screen and the counters of the navigation: numbers put together from all subjects. */
#pragma once
#include "http/http.h"

extern const struct route overview_routes[], figure_routes[], system_routes[];
