/* Shapes of the answers about channels, for the API document. JSON Schema 2020-12. */
#include "sync/channels_http.h"

#define TEXT       "{\"type\":\"string\"}"
#define TEXT_NULL  "{\"type\":[\"string\",\"null\"]}"
#define ID         "{\"type\":\"string\",\"pattern\":\"^[0-9]+$\"}"
#define TIME       "{\"type\":\"string\",\"format\":\"date-time\"}"
#define TIME_NULL  "{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}"
#define INT        "{\"type\":\"integer\"}"
#define INT_NULL   "{\"type\":[\"integer\",\"null\"]}"
#define BOOL       "{\"type\":\"boolean\"}"
#define MANY(item) "{\"type\":\"array\",\"items\":" item "}"
#define P(name, type) "\"" name "\":" type
#define OBJECT(required, properties) "{\"type\":\"object\",\"required\":[" required "],\"properties\":{" properties "}}"
#define PAGE(row) OBJECT("\"items\",\"next\"", P("items", MANY("{\"$ref\":\"#/components/schemas/" row "\"}")) "," P("next", TEXT_NULL))
#define STATUS "{\"enum\":[\"new\",\"confirmed\",\"assembling\",\"ready_to_ship\",\"in_delivery\",\"at_pickup\",\"delivered\",\"completed\"," \
    "\"partly_returned\",\"returning\",\"returned\",\"cancelled\",null]}"

#define OP "{\"enum\":[\"confirm\",\"assemble\",\"hand_over\",\"cancel\"]}"
#define MARKS MANY("{\"enum\":[\"hold\",\"cancel_requested\",\"return_requested\",\"claim\",\"problem\",\"preorder\",\"express\",\"lines_pending\",\"outside\",\"set_aside\"]}")
#define COMMAND_STATE "{\"enum\":[\"held\",\"queued\",\"sending\",\"done\",\"refused\",\"dead\",\"undone\",\"dropped\",\"shadow\"]}"

/* clang-format off */
const struct openapi_schema channel_schemas[] = {
    { "channel_kind", OBJECT("\"name\",\"title\",\"base_url\",\"settings\",\"cancel_reasons\",\"ops\",\"notifies\"",
      P("name", TEXT) "," P("title", TEXT) "," P("base_url", TEXT) ","
      P("settings", MANY(OBJECT("\"name\",\"secret\",\"required\",\"fallback\",\"doc\"", P("name", TEXT) "," P("secret", BOOL) ","
        P("required", BOOL) "," P("fallback", TEXT_NULL) "," P("doc", TEXT)))) ","
      P("cancel_reasons", MANY(OBJECT("\"code\",\"native\",\"needs_comment\",\"hurts_rating\"", P("code", TEXT) "," P("native", TEXT) ","
        P("needs_comment", BOOL) "," P("hurts_rating", BOOL) "," P("doc", TEXT)))) "," P("ops", MANY(OP)) "," P("notifies", BOOL)) },
    { "channel_kind_page", PAGE("channel_kind") },
    { "account", OBJECT("\"id\",\"channel\",\"name\",\"base_url\",\"state\",\"mode\",\"last_ok_at\",\"lag_s\",\"next_poll_at\",\"error\",\"parked\","
      "\"dead\",\"orders_today\",\"settings\",\"has_secret\",\"accepted_means_assembling\",\"version\"",
      P("id", ID) "," P("channel", TEXT) "," P("name", TEXT) "," P("base_url", TEXT_NULL) ","
      P("state", "{\"enum\":[\"active\",\"paused\",\"auth_failed\",\"degraded\"]}") "," P("mode", "{\"enum\":[\"live\",\"read_only\"]}") ","
      P("last_ok_at", TIME_NULL) "," P("lag_s", INT_NULL) "," P("next_poll_at", TIME_NULL) ","
      P("error", "{\"oneOf\":[{\"type\":\"null\"}," OBJECT("\"code\",\"text\",\"since\"", P("code", TEXT) "," P("text", TEXT) "," P("since", TIME_NULL)) "]}") ","
      P("parked", INT) "," P("dead", INT) "," P("orders_today", INT) ","
      P("settings", "{\"type\":\"object\",\"additionalProperties\":" TEXT "}") "," P("has_secret", BOOL) ","
      P("accepted_means_assembling", BOOL) "," P("version", INT) ","
      P("hook_path", "{\"type\":\"string\",\"description\":\"only in the answer that made it\"}")) },
    { "account_page", PAGE("account") },
    { "account_check", OBJECT("\"items\"", P("items", MANY(OBJECT("\"name\",\"ok\",\"code\",\"n\",\"about\",\"text\"", P("name", TEXT) "," P("ok", BOOL) ","
      P("code", TEXT) "," P("n", INT) "," P("about", TEXT) "," P("text", TEXT))))) },
    { "quota", OBJECT("\"family\",\"per_minute\",\"used\",\"left\",\"waiting\",\"today\",\"refused_today\",\"blocked_until\"",
      P("family", TEXT) "," P("per_minute", INT) "," P("used", INT) "," P("left", INT) "," P("waiting", INT) "," P("today", INT) ","
      P("refused_today", INT) "," P("blocked_until", TIME_NULL)) },
    { "quota_page", PAGE("quota") },
    { "status_meaning", OBJECT("\"key\",\"hub_status\",\"keeps\",\"marks\",\"changed\",\"note\",\"unknown\"",
      P("key", TEXT) "," P("hub_status", STATUS) "," P("keeps", BOOL) "," P("marks", MARKS) "," P("changed", BOOL) ","
      P("note", TEXT_NULL) "," P("unknown", INT)) },
    { "status_page", PAGE("status_meaning") },
    { "night", OBJECT("\"id\",\"stream\",\"started_at\",\"ended_at\",\"state\",\"read\",\"missing\",\"changed\",\"repaired\",\"parked\",\"code\",\"orders\"",
      P("id", ID) "," P("stream", TEXT) "," P("started_at", TIME) "," P("ended_at", TIME_NULL) ","
      P("state", "{\"enum\":[\"running\",\"done\",\"failed\"]}") "," P("read", INT) "," P("missing", INT) "," P("changed", INT) "," P("repaired", INT) ","
      P("parked", INT) "," P("code", TEXT_NULL) ","
      P("orders", MANY(OBJECT("\"order_id\",\"number\",\"kind\",\"was\",\"became\"", P("order_id", ID) "," P("number", TEXT) ","
        P("kind", "{\"enum\":[\"missing\",\"changed\"]}") "," P("was", STATUS) "," P("became", STATUS))))) },
    { "night_page", PAGE("night") },
    { "parked", OBJECT("\"id\",\"account_id\",\"external_id\",\"number\",\"stream\",\"received_at\",\"code\",\"problem\",\"status_key\",\"tries\",\"payload_shown\"",
      P("id", ID) "," P("account_id", ID) "," P("external_id", TEXT_NULL) "," P("number", TEXT_NULL) "," P("stream", TEXT) ","
      P("received_at", TIME) "," P("code", TEXT) "," P("problem", TEXT) "," P("status_key", TEXT_NULL) "," P("tries", INT) ","
      P("payload_shown", TEXT_NULL)) },
    { "parked_page", PAGE("parked") },
    { "parked_result", OBJECT("\"applied\"", P("applied", BOOL)) },
    { "outbox_row", OBJECT("\"id\",\"account_id\",\"order_id\",\"number\",\"op\",\"state\",\"text\",\"tries\",\"at\",\"next_at\",\"sent_at\",\"done_at\",\"actor_name\"",
      P("id", ID) "," P("account_id", ID) "," P("order_id", ID) "," P("number", TEXT) "," P("op", OP) "," P("state", COMMAND_STATE) ","
      P("text", TEXT) "," P("tries", INT) "," P("at", TIME) "," P("next_at", TIME_NULL) "," P("sent_at", TIME_NULL) ","
      P("done_at", TIME_NULL) "," P("actor_name", TEXT)) },
    { "outbox_page", PAGE("outbox_row") },
    { "LabelAsk", "{\"type\":\"object\",\"properties\":{"
      P("ids", "{\"type\":\"array\",\"maxItems\":500,\"items\":" ID "}") "," P("query", TEXT) "," P("except", MANY(ID)) ","
      P("ask", BOOL) "," P("again", BOOL) "}}" },
    { "LabelIds", OBJECT("\"ids\"", P("ids", "{\"type\":\"array\",\"maxItems\":500,\"items\":" ID "}")) },
    { "Label", OBJECT("\"order_id\",\"number\",\"channel\",\"state\",\"problem\",\"words\",\"type\",\"width_mm\",\"height_mm\",\"size\",\"next_at\",\"prints\","
      "\"printed_at\",\"printed_name\"",
      P("order_id", ID) "," P("number", TEXT) "," P("channel", TEXT) "," P("state", "{\"enum\":[\"here\",\"waiting\",\"refused\",\"none\"]}") ","
      P("problem", TEXT) "," P("words", TEXT) "," P("type", "{\"enum\":[\"\",\"pdf\",\"png\",\"zpl\"]}") "," P("width_mm", INT) "," P("height_mm", INT) ","
      P("size", INT) "," P("next_at", TIME_NULL) "," P("prints", INT) "," P("printed_at", TIME_NULL) "," P("printed_name", TEXT)) },
    { "LabelList", OBJECT("\"items\",\"now\"", P("items", MANY("{\"$ref\":\"#/components/schemas/Label\"}")) "," P("now", TIME)) },
    { "LabelsPrinted", OBJECT("\"done\"", P("done", MANY(ID))) },
    { NULL, NULL },
};
/* clang-format on */
