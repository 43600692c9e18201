/* Answers about webhooks, which no flat record describes. */
#include "webhooks/webhook_http.h"

#define TEXT "{\"type\":\"string\"}"
#define BOOL "{\"type\":\"boolean\"}"
#define INT "{\"type\":\"integer\"}"
#define TIME "{\"type\":\"string\",\"format\":\"date-time\"}"
#define TIME_OR_NULL "{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}"
#define PAGE(row) "{\"type\":\"object\",\"required\":[\"items\",\"next\"],\"properties\":{\"items\":{\"type\":\"array\",\"items\":" \
                  "{\"$ref\":\"#/components/schemas/" row "\"}},\"next\":{\"type\":[\"string\",\"null\"]}}}"

const struct openapi_schema webhook_schemas[] = {
    { "webhook",
      "{\"type\":\"object\",\"required\":[\"id\",\"name\",\"url\",\"events\",\"accounts\",\"contents\",\"enabled\",\"stopped\",\"failures\","
      "\"failing_since\",\"old_until\",\"version\",\"created_at\"],\"properties\":{\"id\":" TEXT ",\"name\":" TEXT ",\"url\":" TEXT
      ",\"events\":{\"type\":\"array\",\"items\":{\"enum\":[\"order.created\",\"order.updated\",\"order.status_changed\",\"order.cancelled\","
      "\"return.created\",\"return.updated\",\"return.state_changed\",\"return.decided\",\"return.refunded\","
      "\"claim.created\",\"claim.updated\",\"claim.state_changed\",\"claim.decided\"]}}"
      ",\"accounts\":{\"type\":\"array\",\"items\":" TEXT "},\"contents\":{\"enum\":[\"thin\",\"full\"]},\"enabled\":" BOOL
      ",\"stopped\":{\"enum\":[\"\",\"gone\",\"failing\"]},\"failures\":" INT ",\"failing_since\":" TIME_OR_NULL ",\"old_until\":" TIME_OR_NULL
      ",\"created_by\":{\"type\":[\"string\",\"null\"]},\"version\":" INT ",\"created_at\":" TIME ",\"updated_at\":" TIME
      ",\"secret\":{\"type\":\"string\",\"description\":\"only in the answer that made it\"}}}" },
    { "webhook_page", PAGE("webhook") },
    { "webhook_delivery",
      "{\"type\":\"object\",\"required\":[\"id\",\"webhook_id\",\"type\",\"body\",\"state\",\"not_before\",\"tries\",\"created_at\",\"done_at\","
      "\"attempts\"],\"properties\":{\"id\":" TEXT ",\"webhook_id\":" TEXT ",\"type\":" TEXT ",\"body\":" TEXT
      ",\"state\":{\"enum\":[\"waiting\",\"sending\",\"done\",\"dead\"]},\"not_before\":" TIME ",\"tries\":" INT ",\"created_at\":" TIME
      ",\"done_at\":" TIME_OR_NULL ",\"attempts\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":[\"n\",\"at\",\"status\","
      "\"took_ms\",\"text\"],\"properties\":{\"n\":" INT ",\"at\":" TIME ",\"status\":" INT ",\"took_ms\":" INT ",\"text\":" TEXT "}}}}}" },
    { "webhook_delivery_page", PAGE("webhook_delivery") },
    { NULL, NULL },
};
