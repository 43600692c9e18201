/* Shapes of answers that no record describes, for the API document. JSON Schema 2020-12. */
#include "app/parts.h"

#define TEXT       "{\"type\":\"string\"}"
#define TEXT_NULL  "{\"type\":[\"string\",\"null\"]}"
#define ID         "{\"type\":\"string\",\"pattern\":\"^[0-9]+$\"}"
#define ID_NULL    "{\"type\":[\"string\",\"null\"],\"pattern\":\"^[0-9]+$\"}"
#define MONEY_NULL "{\"type\":[\"string\",\"null\"],\"pattern\":\"^-?[0-9]+\\\\.[0-9]{2}$\"}"
#define TIME       "{\"type\":\"string\",\"format\":\"date-time\"}"
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
    "\"id\",\"version\",\"account_id\",\"channel\",\"number\",\"status\",\"external_status\",\"marks\"," DUE_REQUIRED ",\"customer_id\",\"customer_name\",\"phone_last4\",\"customer_orders\",\"title\"," \
    "\"lines_count\",\"units\",\"total\",\"currency\",\"payment\",\"assignee_id\",\"placed_at\",\"status_since\",\"city\",\"delivery_method\",\"tags\",\"command\""
#define CHOICE(names) "{\"enum\":[" names "]}"
#define STATUS "{\"enum\":[\"new\",\"confirmed\",\"assembling\",\"ready_to_ship\",\"in_delivery\",\"at_pickup\",\"delivered\",\"completed\"," \
    "\"partly_returned\",\"returning\",\"returned\",\"cancelled\"]}"
#define STATUS_NULL "{\"enum\":[\"new\",\"confirmed\",\"assembling\",\"ready_to_ship\",\"in_delivery\",\"at_pickup\",\"delivered\"," \
    "\"completed\",\"partly_returned\",\"returning\",\"returned\",\"cancelled\",null]}"
#define MARKS MANY(CHOICE("\"hold\",\"cancel_requested\",\"return_requested\",\"claim\",\"problem\",\"preorder\",\"express\",\"lines_pending\",\"outside\",\"set_aside\""))
#define STEP "\"confirm\",\"assemble\",\"hand_over\""
#define PAYMENT CHOICE("\"pending\",\"authorised\",\"paid\",\"partly_refunded\",\"refunded\",\"failed\"")
#define OP CHOICE("\"confirm\",\"assemble\",\"hand_over\",\"cancel\"")
#define ACTION CHOICE("\"confirm\",\"assemble\",\"release\",\"ready\",\"hand_over\",\"cancel\"")
#define COMMAND_STATE CHOICE("\"held\",\"queued\",\"sending\",\"done\",\"refused\",\"dead\",\"undone\",\"dropped\",\"shadow\"")
#define ZONE "{\"enum\":[\"breached\",\"red\",\"yellow\",\"green\",\"none\"]}"
#define ROW_PROPERTIES \
    P("id", ID) "," P("version", INT) "," P("account_id", ID) "," P("channel", TEXT) "," P("number", TEXT) "," P("status", STATUS) "," \
    P("external_status", TEXT) "," P("marks", MARKS) "," DUE_PROPERTIES "," P("customer_id", ID_NULL) "," P("customer_name", TEXT) "," \
    P("phone_last4", TEXT_NULL) "," P("customer_orders", INT) "," P("title", TEXT) "," P("lines_count", INT) "," P("units", INT) "," \
    P("total", MONEY_NULL) "," P("currency", TEXT_NULL) "," P("payment", PAYMENT) "," P("assignee_id", ID_NULL) "," P("placed_at", TIME_NULL) "," \
    P("status_since", TIME_NULL) "," P("city", TEXT) "," P("delivery_method", TEXT) "," P("tags", TEXTS) "," P("command", REF("RowCommand"))

#define DUE_REQUIRED "\"zone\",\"deadline_at\",\"deadline_step\",\"yellow_at\",\"red_at\",\"deadline_from\",\"deadline_policy\""
#define DUE_PROPERTIES \
    P("zone", ZONE) "," P("deadline_at", TIME_NULL) "," P("deadline_step", CHOICE(STEP ",null")) "," P("yellow_at", TIME_NULL) "," \
    P("red_at", TIME_NULL) "," P("deadline_from", TIME_NULL) "," P("deadline_policy", TEXT_NULL)
#define BRIEF_REQUIRED \
    "\"id\",\"version\",\"account_id\",\"channel\",\"number\",\"status\"," DUE_REQUIRED ",\"customer_id\",\"customer_name\",\"title\"," \
    "\"total\",\"currency\",\"assignee_id\",\"placed_at\""
#define BRIEF_PROPERTIES \
    P("id", ID) "," P("version", INT) "," P("account_id", ID) "," P("channel", TEXT) "," P("number", TEXT) "," P("status", STATUS) "," DUE_PROPERTIES "," \
    P("customer_id", ID_NULL) "," P("customer_name", TEXT) "," P("title", TEXT) "," P("total", MONEY_NULL) "," P("currency", TEXT_NULL) "," \
    P("assignee_id", ID_NULL) "," P("placed_at", TIME_NULL)

#define INT_NULL "{\"type\":[\"integer\",\"null\"]}"
#define SUMS_REQUIRED "\"orders\",\"cancelled\",\"sum\",\"average\",\"minutes\",\"query\""
#define SUMS_PROPERTIES P("orders", INT) "," P("cancelled", INT) "," P("sum", MONEY_NULL) "," P("average", MONEY_NULL) "," P("minutes", INT_NULL) "," P("query", TEXT)
#define COUNT_SUM OBJECT("\"count\",\"sum\"", P("count", INT) "," P("sum", MONEY_NULL))
#define ZONES OBJECT("\"breached\",\"red\",\"yellow\",\"green\",\"none\"", P("breached", REF("CountSum")) "," P("red", REF("CountSum")) "," \
    P("yellow", REF("CountSum")) "," P("green", REF("CountSum")) "," P("none", REF("CountSum")))

const struct openapi_schema order_schemas[] = {
    { "RowCommand", "{\"type\":[\"object\",\"null\"],\"required\":[\"id\",\"op\",\"state\",\"hold_until\",\"text\"],\"properties\":{"
      P("id", ID) "," P("op", OP) "," P("state", COMMAND_STATE) "," P("hold_until", TIME_NULL) "," P("text", TEXT) "}}" },
    { "QueueRow", OBJECT(ROW_REQUIRED, ROW_PROPERTIES) },
    { "QueuePage", OBJECT("\"items\",\"next\",\"now\"", P("items", MANY(REF("QueueRow"))) "," P("next", TEXT_NULL) "," P("now", TIME)) },
    { "CountSum", COUNT_SUM },
    { "Zones", ZONES },
    { "QueueCounts", OBJECT("\"total\",\"zones\",\"currency\",\"mixed\"", P("total", REF("CountSum")) "," P("zones", REF("Zones")) ","
      P("currency", TEXT_NULL) "," P("mixed", BOOL)) },
    { "OrderActed", OBJECT("\"order\",\"undo\",\"hold_until\",\"now\"", P("order", REF("QueueRow")) "," P("undo", TEXT_NULL) ","
      P("hold_until", TIME_NULL) "," P("now", TIME)) },
    { "BulkResult", OBJECT("\"total\",\"sum\",\"currency\",\"sums\",\"done\",\"refused\",\"undo\",\"hold_until\",\"now\"", P("total", INT) ","
      P("sum", MONEY_NULL) "," P("currency", TEXT_NULL) "," P("sums", MANY(OBJECT("\"currency\",\"sum\"", P("currency", TEXT) "," P("sum", MONEY_NULL)))) "," P("done", IDS) "," P("refused", MANY(OBJECT("\"id\",\"number\",\"code\",\"text\"",
      P("id", ID) "," P("number", TEXT) "," P("code", TEXT) "," P("text", TEXT)))) "," P("undo", TEXT_NULL) "," P("hold_until", TIME_NULL) ","
      P("now", TIME)) },
    { "OrderTaken", OBJECT("\"order\"", P("order", "{\"anyOf\":[" REF("QueueRow") ",{\"type\":\"null\"}]}")) },
    { "Presence", MANY(REF("PresenceRow")) },
    { "PresenceRow", OBJECT("\"order_id\",\"user_id\",\"name\",\"since\",\"until\"", P("order_id", ID) "," P("user_id", ID) "," P("name", TEXT) ","
      P("since", TIME) "," P("until", TIME)) },
    { "UndoResult", OBJECT("\"undone\",\"late\"", P("undone", IDS) "," P("late", IDS)) },
    { "FoundOrder", OBJECT(BRIEF_REQUIRED, BRIEF_PROPERTIES) },
    { "SearchResult", OBJECT("\"customers\",\"orders\",\"exact\"", P("customers", MANY(OBJECT(
      "\"id\",\"name\",\"phone\",\"orders_count\",\"net_spent\",\"currency\",\"channels\",\"city\",\"last_order_at\",\"matched\"", P("id", ID) "," P("name", TEXT) "," P("phone", TEXT) ","
      P("orders_count", INT) "," P("net_spent", MONEY_NULL) "," P("currency", TEXT) "," P("channels", TEXTS) "," P("city", TEXT) ","
      P("last_order_at", TIME_NULL) "," P("matched", TEXT)))) "," P("orders", MANY(REF("FoundOrder"))) ","
      P("exact", "{\"type\":[\"object\",\"null\"],\"required\":[\"kind\",\"id\"],\"properties\":{" P("kind", TEXT) "," P("id", ID) "}}")) },
    { "OrderCustomer", "{\"type\":[\"object\",\"null\"],\"required\":[\"id\",\"name\",\"phone\",\"phone_masked\",\"email\",\"orders_count\",\"total\","
      "\"currency\",\"city\",\"first_order_at\",\"last_orders\"],\"properties\":{" P("id", ID) "," P("name", TEXT) "," P("phone", TEXT) ","
      P("phone_masked", BOOL) "," P("email", TEXT) "," P("orders_count", INT) "," P("total", MONEY_NULL) "," P("currency", TEXT_NULL) ","
      P("city", TEXT) "," P("first_order_at", TIME_NULL) "," P("last_orders", MANY(OBJECT(
      "\"id\",\"number\",\"channel\",\"status\",\"total\",\"currency\",\"placed_at\"", P("id", ID) "," P("number", TEXT) "," P("channel", TEXT) ","
      P("status", STATUS) "," P("total", MONEY_NULL) "," P("currency", TEXT_NULL) "," P("placed_at", TIME_NULL)))) "}}" },
    { "OrderLine", OBJECT("\"line\",\"external_offer_id\",\"article\",\"barcode\",\"title\",\"qty\",\"unit_price\",\"line_total\",\"marking_required\"",
      P("line", INT) "," P("external_offer_id", TEXT) "," P("article", TEXT) "," P("barcode", TEXT) "," P("title", TEXT) "," P("qty", INT) ","
      P("unit_price", MONEY_NULL) "," P("line_total", MONEY_NULL) "," P("marking_required", BOOL)) },
    { "OrderHistory", OBJECT("\"seq\",\"at\",\"from\",\"to\",\"implied\",\"flagged\",\"actor_kind\",\"actor_id\",\"actor_name\",\"external_status\",\"note\"",
      P("seq", INT) "," P("at", TIME) "," P("from", STATUS_NULL) "," P("to", STATUS) "," P("implied", BOOL) "," P("flagged", BOOL) ","
      P("actor_kind", CHOICE("\"user\",\"key\",\"rule\",\"channel\",\"system\"")) "," P("actor_id", ID_NULL) "," P("actor_name", TEXT) ","
      P("external_status", TEXT) "," P("note", TEXT)) },
    { "OrderNote", OBJECT("\"id\",\"at\",\"author_id\",\"author\",\"text\"", P("id", ID) "," P("at", TIME) "," P("author_id", ID_NULL) ","
      P("author", TEXT) "," P("text", TEXT)) },
    { "OrderCommand", OBJECT("\"id\",\"op\",\"state\",\"at\",\"hold_until\",\"next_at\",\"tries\",\"text\",\"actor_name\",\"sent_at\",\"done_at\"",
      P("id", ID) "," P("op", OP) "," P("state", COMMAND_STATE) "," P("at", TIME) "," P("hold_until", TIME_NULL) "," P("next_at", TIME_NULL) ","
      P("tries", INT) "," P("text", TEXT) "," P("actor_name", TEXT) "," P("sent_at", TIME_NULL) "," P("done_at", TIME_NULL)) },
    { "OrderDeadline", OBJECT("\"step\",\"policy\",\"started_at\",\"due_at\",\"yellow_at\",\"red_at\",\"total_min\",\"state\",\"zone\",\"source\",\"explain\"",
      P("step", CHOICE(STEP ",\"decide_return\",\"refund\",\"answer_claim\"")) "," P("policy", TEXT) "," P("started_at", TIME) "," P("due_at", TIME) "," P("yellow_at", TIME_NULL) ","
      P("red_at", TIME_NULL) "," P("total_min", INT) "," P("state", CHOICE("\"running\",\"paused\"")) "," P("zone", ZONE) ","
      P("source", CHOICE("\"channel\",\"policy\"")) "," P("explain", REF("deadline_reason"))) },
    { "OrderCard", "{\"allOf\":[" REF("QueueRow") "," OBJECT("\"group_number\",\"scheme\",\"goods_total\",\"discount_total\",\"delivery_total\","
      "\"grand_total\",\"cancel_reason\",\"cancel_side\",\"comment_buyer\",\"comment\",\"created_at\",\"customer\",\"recipient\",\"delivery\",\"lines\","
      "\"history\",\"notes\",\"tasks\",\"commands\",\"deadlines\",\"actions\",\"held_until\",\"held_reason\",\"changes\"",
      P("held_until", TIME_NULL) "," P("held_reason", TEXT) "," P("changes", MANY(OBJECT("\"field\",\"at\",\"was\",\"became\",\"seen\"",
        P("field", TEXT) "," P("at", TIME) "," P("was", TEXT) "," P("became", TEXT) "," P("seen", BOOL)))) ","
      P("group_number", TEXT) "," P("scheme", TEXT) "," P("goods_total", MONEY_NULL) "," P("discount_total", MONEY_NULL) ","
      P("delivery_total", MONEY_NULL) "," P("grand_total", MONEY_NULL) "," P("cancel_reason", TEXT) ","
      P("cancel_side", CHOICE("\"\",\"buyer\",\"seller\",\"channel\",\"carrier\"")) "," P("comment_buyer", TEXT) "," P("comment", TEXT) ","
      P("created_at", TIME) "," P("customer", REF("OrderCustomer")) ","
      P("recipient", OBJECT("\"name\",\"phone\"", P("name", TEXT) "," P("phone", TEXT))) ","
      P("delivery", OBJECT("\"method\",\"address\",\"city\",\"point_id\",\"carrier\",\"track\",\"promised_from\",\"promised_to\"", P("method", TEXT) ","
        P("address", TEXT) "," P("city", TEXT) "," P("point_id", TEXT) "," P("carrier", TEXT) "," P("track", TEXT) ","
        P("promised_from", TIME_NULL) "," P("promised_to", TIME_NULL))) ","
      P("lines", MANY(REF("OrderLine"))) "," P("history", MANY(REF("OrderHistory"))) "," P("notes", MANY(REF("OrderNote"))) ","
      P("tasks", MANY(REF("tasks"))) "," P("commands", MANY(REF("OrderCommand"))) "," P("deadlines", MANY(REF("OrderDeadline"))) ","
      P("actions", MANY(OBJECT("\"action\",\"allowed\",\"irreversible\"", P("action", ACTION) "," P("allowed", BOOL) "," P("irreversible", BOOL))))
      ) "]}" },
    { "Overview", OBJECT("\"now\",\"new\",\"urgent\",\"waiting\",\"channels\",\"path\",\"checklist\"", P("channels", MANY(REF("account"))) "," P("checklist",
      MANY(OBJECT("\"key\",\"done\"", P("key", TEXT) "," P("done", BOOL)))) "," P("now", TIME) "," P("new", OBJECT(
      "\"count\",\"sum\",\"currency\",\"channels\",\"zones\",\"hot\"", P("count", INT) "," P("sum", MONEY_NULL) "," P("currency", TEXT) ","
      P("channels", MANY(OBJECT("\"account_id\",\"channel\",\"name\",\"count\"", P("account_id", ID) "," P("channel", TEXT) "," P("name", TEXT) ","
      P("count", INT)))) "," P("zones", REF("Zones")) "," P("hot", REF("CountSum")))) "," P("urgent", MANY(REF("QueueRow"))) "," P("next_deadline_at", TIME_NULL) ","
      P("waiting", MANY(OBJECT("\"kind\",\"count\",\"query\"",
      P("kind", CHOICE("\"parked\",\"dead\",\"tasks\",\"unassigned\",\"problem\",\"cancel_requested\"")) "," P("count", INT) "," P("query", TEXT)))) ","
      P("path", MANY(OBJECT("\"status\",\"count\",\"sum\"", P("status", STATUS) "," P("count", INT) "," P("sum", MONEY_NULL))))) },
    { "Figures", OBJECT("\"now\",\"period\",\"currency\",\"first\",\"last\",\"base_first\",\"base_last\",\"figures\",\"days\",\"channels\"", P("now", TIME) ","
      P("period", INT) "," P("currency", TEXT) "," P("first", TEXT) "," P("last", TEXT) "," P("base_first", TEXT) "," P("base_last", TEXT) ","
      P("figures", MANY(OBJECT("\"key\",\"unit\",\"value\",\"base\",\"change_bp\",\"waits\",\"query\"",
      P("key", CHOICE("\"revenue\",\"profit\",\"orders\",\"average\",\"minutes_to_confirm\",\"cancelled\"")) "," P("unit", CHOICE("\"count\",\"money\",\"minutes\"")) ","
      P("value", "{\"type\":[\"string\",\"integer\",\"null\"]}") "," P("base", "{\"type\":[\"string\",\"integer\",\"null\"]}") ","
      P("change_bp", "{\"type\":[\"integer\",\"null\"]}") "," P("waits", CHOICE("\"reports\",null")) "," P("query", TEXT_NULL)))) ","
      P("days", MANY(OBJECT("\"day\"," SUMS_REQUIRED, P("day", TEXT) "," SUMS_PROPERTIES))) ","
      P("channels", MANY(OBJECT("\"account_id\",\"channel\",\"name\",\"currency\"," SUMS_REQUIRED, P("account_id", ID) "," P("channel", TEXT) ","
      P("name", TEXT) "," P("currency", TEXT) "," SUMS_PROPERTIES)))) },
    { "Board", OBJECT("\"now\",\"columns\",\"moves\"", P("now", TIME) ","
      P("columns", MANY(OBJECT("\"status\",\"count\",\"sums\",\"oldest_at\",\"limit\",\"items\",\"next\"", P("status", STATUS) "," P("count", INT) ","
      P("sums", MANY(OBJECT("\"currency\",\"count\",\"sum\"", P("currency", TEXT) "," P("count", INT) "," P("sum", MONEY_NULL)))) ","
      P("oldest_at", TIME_NULL) "," P("limit", INT_NULL) "," P("items", MANY(REF("QueueRow"))) "," P("next", TEXT_NULL)))) ","
      P("moves", MANY(OBJECT("\"from\",\"to\",\"action\",\"why\",\"tells\",\"task\"", P("from", STATUS) "," P("to", STATUS) ","
      P("action", CHOICE("\"confirm\",\"assemble\",\"release\",\"ready\",\"hand_over\",\"cancel\",null")) ","
      P("why", CHOICE("\"steps\",\"market\",\"back\",\"right\",null")) "," P("tells", TEXTS) "," P("task", CHOICE("\"begins\",\"ends\",\"none\"")))))) },
    { "Example", OBJECT("\"shown\",\"why\"", P("shown", BOOL) "," P("why", CHOICE("\"shown\",\"used\",\"demo\",\"servers\",null"))) },
    { "ExampleGone", OBJECT("\"orders\",\"returns\",\"people\"", P("orders", INT) "," P("returns", INT) "," P("people", INT)) },
    { "BoardTimes", OBJECT("\"orders\",\"stages\"", P("orders", INT) "," P("stages", MANY(OBJECT("\"status\",\"median_s\",\"orders\"",
      P("status", STATUS) "," P("median_s", INT) "," P("orders", INT))))) },
    { "Notices", OBJECT("\"unread\",\"items\"", P("unread", INT) "," P("items", MANY(OBJECT(
      "\"object\",\"id\",\"title\",\"channel\",\"at\",\"read\",\"entries\"", P("object", CHOICE("\"order\",\"return\",\"claim\",\"account\",\"alarm\"")) "," P("id", ID) ","
      P("title", TEXT) "," P("channel", TEXT) "," P("at", TIME) "," P("read", BOOL) "," P("entries", MANY(OBJECT("\"kind\",\"at\",\"text\",\"count\",\"facts\"",
      P("kind", CHOICE("\"red\",\"breached\",\"refused\",\"dead\",\"stopped\",\"failing\",\"parked\",\"limit_near\",\"limit_over\",\"reason_grows\"")) "," P("at", TIME) ","
      P("text", TEXT_NULL) "," P("count", INT) "," P("facts", REF("AlarmFacts"))))))))) },
    { "AlarmFacts", "{\"type\":[\"object\",\"null\"],\"description\":\"of an alarm: the numbers at the crossing\",\"properties\":{" P("value", INT) "," P("limit", INT) ","
      P("until", INT) "," P("count", INT) "," P("all", INT) "," P("article", TEXT) "}}" },
    { NULL, NULL },
};
