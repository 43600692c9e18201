/* Answers with lists inside, which no flat record describes. */
#include "deadlines/deadlines_http.h"

#define TEXT "{\"type\":\"string\"}"
#define TEXT_OR_NULL "{\"type\":[\"string\",\"null\"]}"
#define BOOL "{\"type\":\"boolean\"}"
#define INT "{\"type\":\"integer\"}"
#define TIME "{\"type\":\"string\",\"format\":\"date-time\"}"
#define TIME_OR_NULL "{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}"
#define INTERVALS "{\"type\":\"array\",\"maxItems\":8,\"items\":{\"type\":\"array\",\"minItems\":2,\"maxItems\":2,\"items\":" TEXT "}}"
#define PAGE(row) "{\"type\":\"object\",\"required\":[\"items\",\"next\"],\"properties\":{\"items\":{\"type\":\"array\",\"items\":" \
                  "{\"$ref\":\"#/components/schemas/" row "\"}},\"next\":" TEXT_OR_NULL "}}"

const struct openapi_schema deadlines_schemas[] = {
    { "setup_state",
      "{\"type\":\"object\",\"required\":[\"needs_owner\",\"demo\",\"version\",\"demo_login\"],\"properties\":{\"needs_owner\":" BOOL
      ",\"demo\":" BOOL ",\"version\":" TEXT ",\"demo_login\":{\"type\":[\"object\",\"null\"],\"required\":[\"login\",\"password\"],"
      "\"properties\":{\"login\":" TEXT ",\"password\":" TEXT "}}}}" },
    { "policy",
      "{\"type\":\"object\",\"required\":[\"id\",\"name\",\"channel\",\"account_id\",\"scheme\",\"step\",\"minutes\",\"clock\",\"calendar_id\","
      "\"pause_statuses\",\"red_minutes\",\"red_share_bp\",\"active\",\"version\"],\"properties\":{\"id\":" TEXT ",\"name\":" TEXT
      ",\"channel\":" TEXT ",\"account_id\":" TEXT_OR_NULL ",\"scheme\":" TEXT ",\"step\":{\"enum\":[\"confirm\",\"assemble\",\"hand_over\"]},"
      "\"minutes\":" INT ",\"clock\":{\"enum\":[\"wall\",\"working\"]},\"calendar_id\":" TEXT_OR_NULL
      ",\"pause_statuses\":{\"type\":\"array\",\"items\":" TEXT "},\"red_minutes\":" INT ",\"red_share_bp\":" INT ",\"active\":" BOOL
      ",\"version\":" INT "}}" },
    { "policy_page", PAGE("policy") },
    { "calendar",
      "{\"type\":\"object\",\"required\":[\"id\",\"name\",\"zone\",\"days\",\"holidays\",\"version\"],\"properties\":{\"id\":" TEXT ",\"name\":" TEXT
      ",\"zone\":" TEXT ",\"days\":{\"type\":\"array\",\"minItems\":7,\"maxItems\":7,\"items\":" INTERVALS "},\"holidays\":{\"type\":\"array\","
      "\"items\":{\"type\":\"object\",\"required\":[\"date\"],\"properties\":{\"date\":" TEXT ",\"name\":" TEXT ",\"intervals\":" INTERVALS
      "}}},\"version\":" INT "}}" },
    { "calendar_page", PAGE("calendar") },
    { "deadline_reason",
      "{\"type\":[\"object\",\"null\"],\"required\":[\"until\",\"source\",\"policy\",\"clock\",\"calendar\",\"zone\",\"from\",\"minutes\","
      "\"used_minutes\",\"paused\",\"parts\"],\"properties\":{\"until\":" TIME_OR_NULL ",\"source\":{\"enum\":[\"channel\",\"policy\"]},\"policy\":" TEXT_OR_NULL
      ",\"clock\":{\"enum\":[\"wall\",\"working\"]},\"calendar\":" TEXT_OR_NULL ",\"zone\":" TEXT_OR_NULL ",\"from\":" TIME
      ",\"minutes\":" INT ",\"used_minutes\":" INT ",\"paused\":" BOOL ",\"parts\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
      "\"required\":[\"day\",\"minutes\"],\"properties\":{\"day\":" TEXT ",\"minutes\":" INT "}}}}}" },
    { "tryout",
      "{\"type\":\"object\",\"required\":[\"at\",\"time_zone\",\"due_at\",\"yellow_at\",\"red_at\",\"explain\"],\"properties\":{\"at\":" TIME
      ",\"time_zone\":" TEXT ",\"due_at\":" TIME_OR_NULL ",\"yellow_at\":" TIME_OR_NULL ",\"red_at\":" TIME_OR_NULL
      ",\"explain\":{\"$ref\":\"#/components/schemas/deadline_reason\"}}}" },
    { NULL, NULL },
};
