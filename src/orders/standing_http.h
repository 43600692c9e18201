/* standing_http.h - routes of the standing with the markets and of the report of work. */
#pragma once
#include "http/http.h"
#include "http/openapi.h"

extern const struct route standing_routes[], work_report_routes[];
extern const struct openapi_schema standing_schemas[];
