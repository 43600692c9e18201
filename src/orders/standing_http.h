/* standing_http.h - routes of the standing with the markets, of the report of work, and of a rule tried on yesterday. */
#pragma once
#include "http/http.h"
#include "http/openapi.h"

extern const struct route standing_routes[], work_report_routes[], rule_day_routes[];
extern const struct openapi_schema standing_schemas[];
