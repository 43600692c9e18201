/* Shapes of answers that no record describes, for the API document. JSON Schema 2020-12. */
#include "app/parts.h"

#define TEXT       "{\"type\":\"string\"}"
#define TEXT_NULL  "{\"type\":[\"string\",\"null\"]}"
#define ID         "{\"type\":\"string\",\"pattern\":\"^[0-9]+$\"}"
#define ID_NULL    "{\"type\":[\"string\",\"null\"],\"pattern\":\"^[0-9]+$\"}"
#define MONEY_NULL "{\"type\":[\"string\",\"null\"],\"pattern\":\"^-?[0-9]+\\\\.[0-9]{2}$\"}"
#define TIME_NULL  "{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}"
#define INT        "{\"type\":\"integer\"}"
#define BOOL       "{\"type\":\"boolean\"}"
#define TEXTS      "{\"type\":\"array\",\"items\":" TEXT "}"
#define IDS        "{\"type\":\"array\",\"items\":" ID "}"
#define REF(name)  "{\"$ref\":\"#/components/schemas/" name "\"}"
#define MANY(item) "{\"type\":\"array\",\"items\":" item "}"
#define P(name, type) "\"" name "\":" type
#define OBJECT(required, properties) "{\"type\":\"object\",\"required\":[" required "],\"properties\":{" properties "}}"

#define ROW_REQUIRED \
    "\"id\",\"version\",\"account_id\",\"channel\",\"number\",\"status\",\"external_status\",\"marks\",\"zone\",\"deadline_at\"," \
    "\"deadline_step\",\"yellow_at\",\"red_at\",\"customer_id\",\"customer_name\",\"phone_last4\",\"customer_orders\",\"title\"," \
    "\"lines_count\",\"units\",\"total\",\"currency\",\"payment\",\"assignee_id\",\"placed_at\",\"city\",\"delivery_method\",\"tags\",\"command\""
#define STATUS "{\"enum\":[\"new\",\"confirmed\",\"assembling\",\"ready_to_ship\",\"in_delivery\",\"at_pickup\",\"delivered\",\"completed\"," \
    "\"partly_returned\",\"returning\",\"returned\",\"cancelled\"]}"
#define ZONE "{\"enum\":[\"breached\",\"red\",\"yellow\",\"green\",\"none\"]}"
#define ROW_PROPERTIES \
    P("id", ID) "," P("version", INT) "," P("account_id", ID) "," P("channel", TEXT) "," P("number", TEXT) "," P("status", STATUS) "," \
    P("external_status", TEXT) "," P("marks", TEXTS) "," P("zone", ZONE) "," P("deadline_at", TIME_NULL) "," P("deadline_step", TEXT_NULL) "," \
    P("yellow_at", TIME_NULL) "," P("red_at", TIME_NULL) "," P("customer_id", ID_NULL) "," P("customer_name", TEXT) "," \
    P("phone_last4", TEXT_NULL) "," P("customer_orders", INT) "," P("title", TEXT) "," P("lines_count", INT) "," P("units", INT) "," \
    P("total", MONEY_NULL) "," P("currency", TEXT_NULL) "," P("payment", TEXT) "," P("assignee_id", ID_NULL) "," P("placed_at", TIME_NULL) "," \
    P("city", TEXT) "," P("delivery_method", TEXT) "," P("tags", TEXTS) "," P("command", REF("RowCommand"))

#define COUNT_SUM OBJECT("\"count\",\"sum\"", P("count", INT) "," P("sum", MONEY_NULL))
#define ZONES OBJECT("\"breached\",\"red\",\"yellow\",\"green\",\"none\"", P("breached", REF("CountSum")) "," P("red", REF("CountSum")) "," \
    P("yellow", REF("CountSum")) "," P("green", REF("CountSum")) "," P("none", REF("CountSum")))

const struct openapi_schema order_schemas[] = {
    { "RowCommand", "{\"type\":[\"object\",\"null\"],\"required\":[\"id\",\"op\",\"state\",\"hold_until\",\"text\"],\"properties\":{"
      P("id", ID) "," P("op", TEXT) "," P("state", TEXT) "," P("hold_until", TIME_NULL) "," P("text", TEXT) "}}" },
    { "QueueRow", OBJECT(ROW_REQUIRED, ROW_PROPERTIES) },
    { "QueuePage", OBJECT("\"items\",\"next\",\"now\"", P("items", MANY(REF("QueueRow"))) "," P("next", TEXT_NULL) "," P("now", TIME_NULL)) },
    { "CountSum", COUNT_SUM },
    { "Zones", ZONES },
    { "QueueCounts", OBJECT("\"total\",\"zones\",\"currency\",\"mixed\"", P("total", REF("CountSum")) "," P("zones", REF("Zones")) ","
      P("currency", TEXT_NULL) "," P("mixed", BOOL)) },
    { "OrderActed", OBJECT("\"order\",\"undo\",\"hold_until\",\"now\"", P("order", REF("QueueRow")) "," P("undo", TEXT_NULL) ","
      P("hold_until", TIME_NULL) "," P("now", TIME_NULL)) },
    { "BulkResult", OBJECT("\"total\",\"sum\",\"currency\",\"done\",\"refused\",\"undo\",\"hold_until\",\"now\"", P("total", INT) ","
      P("sum", MONEY_NULL) "," P("currency", TEXT_NULL) "," P("done", IDS) "," P("refused", MANY(OBJECT("\"id\",\"number\",\"code\",\"text\"",
      P("id", ID) "," P("number", TEXT) "," P("code", TEXT) "," P("text", TEXT)))) "," P("undo", TEXT_NULL) "," P("hold_until", TIME_NULL) ","
      P("now", TIME_NULL)) },
    { "UndoResult", OBJECT("\"undone\",\"late\"", P("undone", IDS) "," P("late", IDS)) },
    { "SearchResult", OBJECT("\"customers\",\"orders\",\"exact\"", P("customers", MANY(OBJECT(
      "\"id\",\"name\",\"phone\",\"orders_count\",\"city\",\"last_order_at\",\"matched\"", P("id", ID) "," P("name", TEXT) "," P("phone", TEXT) ","
      P("orders_count", INT) "," P("city", TEXT) "," P("last_order_at", TIME_NULL) "," P("matched", TEXT)))) "," P("orders", MANY(REF("QueueRow"))) ","
      P("exact", "{\"type\":[\"object\",\"null\"],\"required\":[\"kind\",\"id\"],\"properties\":{" P("kind", TEXT) "," P("id", ID) "}}")) },
    { "OrderCard", "{\"allOf\":[" REF("QueueRow") "," OBJECT("\"lines\",\"history\",\"commands\",\"actions\",\"deadlines\",\"notes\",\"tasks\"",
      P("group_number", TEXT) "," P("scheme", TEXT) "," P("goods_total", MONEY_NULL) "," P("discount_total", MONEY_NULL) ","
      P("delivery_total", MONEY_NULL) "," P("grand_total", MONEY_NULL) "," P("cancel_reason", TEXT) "," P("cancel_side", TEXT) ","
      P("comment_buyer", TEXT) "," P("comment", TEXT) "," P("created_at", TIME_NULL) ","
      P("customer", "{\"type\":[\"object\",\"null\"],\"properties\":{" P("id", ID) "," P("name", TEXT) "," P("phone", TEXT) ","
        P("phone_masked", BOOL) "," P("email", TEXT) "," P("orders_count", INT) "," P("total", MONEY_NULL) "," P("currency", TEXT_NULL) ","
        P("city", TEXT) "," P("first_order_at", TIME_NULL) "," P("last_orders", MANY(OBJECT("\"id\",\"number\",\"channel\",\"status\"",
        P("id", ID) "," P("number", TEXT) "," P("channel", TEXT) "," P("status", STATUS) "," P("total", MONEY_NULL) "," P("currency", TEXT_NULL) ","
        P("placed_at", TIME_NULL)))) "}}") ","
      P("recipient", OBJECT("\"name\",\"phone\"", P("name", TEXT) "," P("phone", TEXT))) ","
      P("delivery", OBJECT("\"method\",\"address\",\"city\"", P("method", TEXT) "," P("address", TEXT) "," P("city", TEXT) "," P("point_id", TEXT) ","
        P("carrier", TEXT) "," P("track", TEXT) "," P("promised_from", TIME_NULL) "," P("promised_to", TIME_NULL))) ","
      P("lines", MANY(OBJECT("\"line\",\"title\",\"qty\"", P("line", INT) "," P("external_offer_id", TEXT) "," P("article", TEXT) ","
        P("barcode", TEXT) "," P("title", TEXT) "," P("qty", INT) "," P("unit_price", MONEY_NULL) "," P("line_total", MONEY_NULL) ","
        P("marking_required", BOOL)))) ","
      P("history", MANY(OBJECT("\"seq\",\"at\",\"to\"", P("seq", INT) "," P("at", TIME_NULL) "," P("from", TEXT_NULL) "," P("to", STATUS) ","
        P("implied", BOOL) "," P("flagged", BOOL) "," P("actor_kind", TEXT) "," P("actor_id", ID_NULL) "," P("actor_name", TEXT) ","
        P("external_status", TEXT) "," P("note", TEXT)))) ","
      P("notes", MANY(OBJECT("\"id\",\"at\",\"author\",\"text\"", P("id", ID) "," P("at", TIME_NULL) "," P("author_id", ID_NULL) ","
        P("author", TEXT) "," P("text", TEXT)))) ","
      P("tasks", MANY(OBJECT("\"id\",\"title\",\"state\"", P("id", ID) "," P("title", TEXT) "," P("kind", TEXT) "," P("order_id", ID_NULL) ","
        P("assignee_id", ID_NULL) "," P("due_at", TIME_NULL) "," P("state", TEXT) "," P("rule", TEXT) "," P("version", INT)))) ","
      P("commands", MANY(OBJECT("\"id\",\"op\",\"state\"", P("id", ID) "," P("op", TEXT) "," P("state", TEXT) "," P("at", TIME_NULL) ","
        P("hold_until", TIME_NULL) "," P("next_at", TIME_NULL) "," P("tries", INT) "," P("text", TEXT) "," P("actor_name", TEXT) ","
        P("sent_at", TIME_NULL) "," P("done_at", TIME_NULL)))) ","
      P("deadlines", MANY(OBJECT("\"step\",\"due_at\",\"zone\"", P("step", TEXT) "," P("policy", TEXT) "," P("started_at", TIME_NULL) ","
        P("due_at", TIME_NULL) "," P("yellow_at", TIME_NULL) "," P("red_at", TIME_NULL) "," P("total_min", INT) "," P("state", TEXT) ","
        P("zone", ZONE) "," P("source", TEXT) "," P("explain", "{\"type\":[\"object\",\"null\"]}")))) ","
      P("actions", MANY(OBJECT("\"action\",\"allowed\",\"irreversible\"", P("action", TEXT) "," P("allowed", BOOL) "," P("irreversible", BOOL))))
      ) "]}" },
    { "Overview", OBJECT("\"now\",\"new\",\"urgent\",\"waiting\",\"channels\",\"path\",\"figures\",\"checklist\"", P("channels", MANY(REF("Account"))) "," P("checklist",
      MANY(OBJECT("\"key\",\"done\"", P("key", TEXT) "," P("done", BOOL)))) "," P("now", TIME_NULL) "," P("new", OBJECT(
      "\"count\",\"sum\",\"currency\",\"channels\",\"zones\"", P("count", INT) "," P("sum", MONEY_NULL) "," P("currency", TEXT) ","
      P("channels", MANY(OBJECT("\"account_id\",\"channel\",\"name\",\"count\"", P("account_id", ID) "," P("channel", TEXT) "," P("name", TEXT) ","
      P("count", INT)))) "," P("zones", REF("Zones")))) "," P("urgent", MANY(REF("QueueRow"))) "," P("next_deadline_at", TIME_NULL) ","
      P("waiting", MANY(OBJECT("\"kind\",\"count\",\"query\"", P("kind", TEXT) "," P("count", INT) "," P("query", TEXT)))) ","
      P("path", MANY(OBJECT("\"status\",\"count\",\"sum\"", P("status", STATUS) "," P("count", INT) "," P("sum", MONEY_NULL)))) ","
      P("figures", MANY(OBJECT("\"key\",\"unit\",\"value\",\"base\",\"base_day\"", P("key", TEXT) "," P("unit", TEXT) ","
      P("value", "{\"type\":[\"string\",\"integer\"]}") "," P("base", "{\"type\":[\"string\",\"integer\",\"null\"]}") "," P("base_day", TEXT))))) },
    { "CustomerCard", "{\"allOf\":[" REF("customers") "," OBJECT("\"channels\",\"sources\",\"orders\"", P("channels", TEXTS) ","
      P("sources", MANY(REF("customer_sources"))) "," P("orders", MANY(REF("QueueRow")))) "]}" },
    { "Views", MANY(OBJECT("\"id\",\"key\",\"name\",\"query\",\"system\",\"shared\",\"mine\",\"position\",\"count\",\"red\",\"version\"",
      P("id", ID_NULL) "," P("key", TEXT_NULL) "," P("name", TEXT) "," P("query", TEXT) "," P("system", BOOL) "," P("shared", BOOL) ","
      P("mine", BOOL) "," P("position", INT) "," P("count", INT) "," P("red", INT) "," P("version", INT))) },
    { NULL, NULL },
};
