/* Shapes of answers about returns, for the API document. JSON Schema 2020-12. */
#include "returns/return_http.h"

#define TEXT       "{\"type\":\"string\"}"
#define TEXT_NULL  "{\"type\":[\"string\",\"null\"]}"
#define ID         "{\"type\":\"string\",\"pattern\":\"^[0-9]+$\"}"
#define ID_NULL    "{\"type\":[\"string\",\"null\"],\"pattern\":\"^[0-9]+$\"}"
#define MONEY_NULL "{\"type\":[\"string\",\"null\"],\"pattern\":\"^-?[0-9]+\\\\.[0-9]{2}$\"}"
#define TIME       "{\"type\":\"string\",\"format\":\"date-time\"}"
#define TIME_NULL  "{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}"
#define INT        "{\"type\":\"integer\"}"
#define BOOL       "{\"type\":\"boolean\"}"
#define REF(name)  "{\"$ref\":\"#/components/schemas/" name "\"}"
#define MANY(item) "{\"type\":\"array\",\"items\":" item "}"
#define P(name, type) "\"" name "\":" type
#define CHOICE(names) "{\"enum\":[" names "]}"
#define OBJECT(required, properties) "{\"type\":\"object\",\"required\":[" required "],\"properties\":{" properties "}}"

#define STATES "\"requested\",\"checking\",\"info_needed\",\"approved\",\"awaiting_dropoff\",\"in_transit\",\"lost\",\"received\",\"inspected\"," \
    "\"partly_approved\",\"refunding\",\"replacing\",\"refunded\",\"replaced\",\"rejected\",\"rejected_after_check\",\"expired\",\"cancelled\",\"closed\""
#define ACTIONS "\"check\",\"approve\",\"reject\",\"ask\",\"keep\",\"keep_part\",\"receive\",\"lose\",\"inspect\",\"accept\",\"partial\",\"send_back\",\"exchange\"," \
    "\"replace\",\"refund\",\"close\",\"cancel\",\"dispose\""
#define KIND "{\"enum\":[\"return\",\"refusal_at_door\",\"exchange\",\"defect\",\"not_ordered\",\"cancellation\"]}"
#define GROUPS "\"changed_mind\",\"size\",\"defect\",\"not_as_described\",\"wrong_item\",\"late\",\"damaged_in_transit\",\"other\""
#define FAULTS "\"buyer\",\"seller\",\"channel\",\"carrier\""
#define ZONE CHOICE("\"breached\",\"red\",\"yellow\",\"green\",\"none\"")
#define STEP_NULL CHOICE("\"decide_return\",\"refund\",\"answer_claim\",null")
#define CONDITION_NULL CHOICE("\"unopened\",\"used\",\"damaged\",\"wrong\",\"missing\",null")
#define DISPOSITION_NULL CHOICE("\"resell\",\"discount\",\"repair\",\"supplier\",\"write_off\",null")

#define ROW_REQUIRED \
    "\"id\",\"version\",\"account_id\",\"channel\",\"external_id\",\"order_id\",\"order_number\",\"kind\",\"state\",\"stage\",\"goods\",\"next\"," \
    "\"external_state\",\"reason\",\"reason_group\",\"fault\",\"external_reason\",\"title\",\"lines_count\",\"units\",\"photos\",\"refund_amount\"," \
    "\"currency\",\"route\",\"track\",\"problem\",\"rule\",\"assignee_id\",\"customer_id\",\"customer_name\",\"customer_orders\",\"requested_at\"," \
    "\"zone\",\"deadline_step\",\"deadline_at\",\"yellow_at\",\"red_at\",\"deadline_source\",\"command\""
#define ROW_PROPERTIES \
    P("id", ID) "," P("version", INT) "," P("account_id", ID) "," P("channel", TEXT) "," P("external_id", TEXT) "," P("order_id", ID_NULL) "," \
    P("order_number", TEXT) "," P("kind", KIND) "," P("state", CHOICE(STATES)) "," \
    P("stage", CHOICE("\"request\",\"check\",\"approved\",\"money\",\"closed\"")) "," \
    P("goods", CHOICE("\"none\",\"expected\",\"received\",\"refunded\"")) "," P("next", CHOICE(ACTIONS ",null")) "," P("external_state", TEXT) "," \
    P("reason", TEXT_NULL) "," P("reason_group", CHOICE(GROUPS ",null")) "," P("fault", CHOICE(FAULTS ",null")) "," P("external_reason", TEXT) "," \
    P("title", TEXT) "," P("lines_count", INT) "," P("units", INT) "," P("photos", INT) "," P("refund_amount", MONEY_NULL) "," \
    P("currency", TEXT_NULL) "," P("route", CHOICE("\"to_seller\",\"to_channel\",\"keep\"")) "," P("track", TEXT) "," P("problem", TEXT) "," \
    P("rule", TEXT_NULL) "," P("assignee_id", ID_NULL) "," P("customer_id", ID_NULL) "," P("customer_name", TEXT) "," P("customer_orders", INT) "," \
    P("requested_at", TIME) "," P("zone", ZONE) "," P("deadline_step", STEP_NULL) "," P("deadline_at", TIME_NULL) "," P("yellow_at", TIME_NULL) "," \
    P("red_at", TIME_NULL) "," P("deadline_source", TEXT) "," P("command", REF("ReturnCommand"))

#define RULE_SEEN "{\"type\":[\"object\",\"null\"],\"properties\":{" P("rule", TEXT) "," P("approved", BOOL) "," P("why", TEXT_NULL) "," \
    P("group", CHOICE(GROUPS ",null")) "," P("window_until", TIME_NULL) "," P("window_source", TEXT) "," P("unit_price", MONEY_NULL) "," \
    P("price_limit", MONEY_NULL) "," P("currency", TEXT_NULL) "," P("buyer_known", BOOL) "," P("orders", INT) "," P("returns", INT) "," \
    P("share_bp", INT) "," P("share_limit_bp", INT) "," P("few_orders", INT) "," P("period_days", INT) "," P("open_claims", INT) "," \
    P("not_returnable", TEXT_NULL) "}}"
#define TALLY REF("CountSum")
#define CARD_REQUIRED ROW_REQUIRED ",\"buyer_text\",\"comment\",\"decision_text\",\"place\",\"rule_inputs\",\"exchange_order_id\",\"decided_at\"," \
    "\"received_at\",\"refunded_at\",\"ended_at\",\"created_at\",\"wake_at\",\"joined\",\"undo\",\"hold_until\",\"order\",\"window\",\"cost\",\"lines\",\"history\",\"refunds\",\"postings\",\"claims\"," \
    "\"customer_returns\",\"actions\",\"now\""
#define CARD_PROPERTIES ROW_PROPERTIES "," P("buyer_text", TEXT) "," P("comment", TEXT) "," P("decision_text", TEXT) "," P("place", TEXT) "," \
    P("rule_inputs", RULE_SEEN) "," P("exchange_order_id", ID_NULL) "," P("decided_at", TIME_NULL) "," \
    P("received_at", TIME_NULL) "," P("refunded_at", TIME_NULL) "," P("ended_at", TIME_NULL) "," P("created_at", TIME) "," \
    P("wake_at", TIME_NULL) "," P("joined", BOOL) "," P("deadline", "{\"anyOf\":[" REF("OrderDeadline") ",{\"type\":\"null\"}]}") "," P("undo", TEXT_NULL) "," P("hold_until", TIME_NULL) "," P("order", REF("ReturnOrder")) "," P("window", OBJECT("\"until\",\"open\",\"source\"", P("until", TIME_NULL) "," P("open", BOOL) "," P("source", TEXT))) "," \
    P("cost", OBJECT("\"refund\",\"delivery\",\"unknown\"", P("refund", MONEY_NULL) "," P("delivery", MONEY_NULL) "," P("unknown", MANY(TEXT)))) "," \
    P("lines", MANY(REF("ReturnLine"))) "," P("history", MANY(REF("ReturnStep"))) "," P("refunds", MANY(REF("ReturnRefund"))) "," P("postings", MANY(REF("Posting"))) "," \
    P("claims", MANY(REF("ReturnClaim"))) "," P("customer_returns", MANY(REF("CustomerReturn"))) "," \
    P("actions", MANY(OBJECT("\"action\",\"allowed\"", P("action", CHOICE(ACTIONS)) "," P("allowed", BOOL)))) "," P("now", TIME)

#define MONEY "{\"type\":\"string\",\"pattern\":\"^-?[0-9]+\\\\.[0-9]{2}$\"}"
#define RULES P("active", BOOL) "," P("price_limit", MONEY) "," P("refund_limit", MONEY) "," P("groups", MANY(CHOICE(GROUPS))) "," P("share_bp", INT) "," \
    P("few_orders", INT) "," P("period_days", INT) "," P("silent_days", INT) "," P("dropoff_days", INT) "," P("forgotten_days", INT) "," \
    P("lost_days", INT) "," P("not_returnable", MANY(TEXT))
#define INT_NULL  "{\"type\":[\"integer\",\"null\"]}"
#define DAY       "{\"type\":\"string\",\"format\":\"date\"}"
#define REPORT_REQUIRED "\"returns\",\"units\",\"sum\",\"foreign\",\"part_bp\",\"delivered\",\"came_back\",\"share_bp\""
#define REPORT_SUMS P("returns", INT) "," P("units", INT) "," P("sum", MONEY_NULL) "," P("foreign", INT) "," P("part_bp", INT_NULL) "," \
    P("delivered", INT_NULL) "," P("came_back", INT_NULL) "," P("share_bp", INT_NULL)

#define CLAIM_STATES "\"open\",\"evidence\",\"submitted\",\"in_review\",\"won\",\"lost\",\"partly_won\",\"appealed\",\"settled\",\"withdrawn\""
#define CLAIM_ACTIONS "\"gather\",\"submit\",\"review\",\"ask\",\"win\",\"lose\",\"part\",\"appeal\",\"settle\",\"withdraw\""
#define CLAIM_REQUIRED \
    "\"id\",\"version\",\"account_id\",\"channel\",\"external_id\",\"side\",\"state\",\"subject\",\"found\",\"order_id\",\"order_number\",\"return_id\"," \
    "\"title\",\"customer_name\",\"amount\",\"money_effect\",\"currency\",\"waits_for_us\",\"answer_by\",\"deadline_at\",\"zone\",\"yellow_at\",\"red_at\",\"decision\",\"appeals\"," \
    "\"created_at\",\"updated_at\""
#define CLAIM_PROPERTIES P("id", ID) "," P("version", INT) "," P("account_id", ID) "," P("channel", TEXT) "," P("external_id", TEXT) "," \
    P("side", CHOICE("\"buyer_to_us\",\"channel_to_us\",\"us_to_channel\",\"us_to_carrier\"")) "," P("state", CHOICE(CLAIM_STATES)) "," \
    P("subject", TEXT) "," P("found", BOOL) "," P("order_id", ID_NULL) "," P("order_number", TEXT) "," P("return_id", ID_NULL) "," P("title", TEXT) "," \
    P("customer_name", TEXT) "," P("amount", MONEY_NULL) "," P("money_effect", MONEY_NULL) "," P("currency", TEXT_NULL) "," P("waits_for_us", BOOL) "," \
    P("answer_by", TIME_NULL) "," P("deadline_at", TIME_NULL) "," P("zone", ZONE) "," P("yellow_at", TIME_NULL) "," P("red_at", TIME_NULL) "," \
    P("decision", TEXT) "," P("appeals", INT) "," P("created_at", TIME) "," P("updated_at", TIME)

#define POSTING_REQUIRED \
    "\"doc\",\"doc_id\",\"turn\",\"line\",\"part\",\"debit\",\"credit\",\"amount\",\"currency\",\"date\",\"at\""
#define POSTING_PROPERTIES P("doc", CHOICE("\"refund\"")) "," P("doc_id", ID) "," P("turn", INT) "," P("line", INT) "," \
    P("part", CHOICE("\"goods\",\"delivery\",\"points\"")) "," P("debit", LEDGER) "," P("credit", LEDGER) "," P("amount", MONEY_NULL) "," \
    P("currency", TEXT) "," P("date", DAY) "," P("at", TIME)
#define LEDGER CHOICE("\"returns\",\"receivable_marketplace\",\"payable_buyers\",\"points_liability\"")

const struct openapi_schema return_schemas[] = {
    { "ReturnCommand", "{\"type\":[\"object\",\"null\"],\"required\":[\"id\",\"op\",\"state\",\"hold_until\",\"text\"],\"properties\":{"
      P("id", ID) "," P("op", TEXT) "," P("state", TEXT) "," P("hold_until", TIME_NULL) "," P("text", TEXT) "}}" },
    { "ReturnRow", OBJECT(ROW_REQUIRED, ROW_PROPERTIES) },
    { "ReturnPage", OBJECT("\"items\",\"next\",\"now\"", P("items", MANY(REF("ReturnRow"))) "," P("next", TEXT_NULL) "," P("now", TIME)) },
    { "ReturnCounts", OBJECT("\"total\",\"stages\",\"zones\",\"currency\",\"mixed\"", P("total", TALLY) "," P("stages",
      OBJECT("\"request\",\"check\",\"approved\",\"money\"", P("request", TALLY) "," P("check", TALLY) "," P("approved", TALLY) "," P("money", TALLY))) ","
      P("zones", REF("Zones")) "," P("currency", TEXT_NULL) "," P("mixed", BOOL)) },
    { "ReturnReasons", OBJECT("\"reasons\",\"map\",\"unexplained\"",
      P("reasons", MANY(OBJECT("\"code\",\"group\",\"fault\"", P("code", TEXT) "," P("group", CHOICE(GROUPS)) "," P("fault", CHOICE(FAULTS))))) ","
      P("map", MANY(OBJECT("\"channel\",\"native\",\"reason\"", P("channel", TEXT) "," P("native", TEXT) "," P("reason", TEXT)))) ","
      P("unexplained", MANY(OBJECT("\"channel\",\"native\",\"count\"", P("channel", TEXT) "," P("native", TEXT) "," P("count", INT))))) },
    { "ReturnOrder", "{\"type\":[\"object\",\"null\"],\"required\":[\"id\",\"number\",\"status\",\"placed_at\",\"delivered_at\",\"total\",\"delivery_total\","
      "\"units\",\"currency\"],\"properties\":{" P("id", ID) "," P("number", TEXT) "," P("status", TEXT) "," P("placed_at", TIME_NULL) ","
      P("delivered_at", TIME_NULL) "," P("total", MONEY_NULL) "," P("delivery_total", MONEY_NULL) "," P("units", INT) "," P("currency", TEXT_NULL) "}}" },
    { "ReturnLine", OBJECT("\"line\",\"order_line\",\"external_offer_id\",\"article\",\"title\",\"qty\",\"amount\",\"condition\",\"disposition\","
      "\"disposition_at\"", P("line", INT) "," P("order_line", INT) "," P("external_offer_id", TEXT) "," P("article", TEXT) "," P("title", TEXT) ","
      P("qty", INT) "," P("amount", MONEY_NULL) "," P("condition", CONDITION_NULL) "," P("disposition", DISPOSITION_NULL) ","
      P("disposition_at", TIME_NULL)) },
    { "ReturnStep", OBJECT("\"seq\",\"at\",\"from\",\"to\",\"implied\",\"flagged\",\"actor_kind\",\"actor_id\",\"actor_name\",\"external_state\",\"note\"",
      P("seq", INT) "," P("at", TIME) "," P("from", CHOICE(STATES ",null")) "," P("to", CHOICE(STATES)) "," P("implied", BOOL) "," P("flagged", BOOL) ","
      P("actor_kind", TEXT) "," P("actor_id", ID_NULL) "," P("actor_name", TEXT) "," P("external_state", TEXT) "," P("note", TEXT)) },
    { "ReturnRefund", OBJECT("\"id\",\"state\",\"amount\",\"points\",\"delivery\",\"currency\",\"by_market\",\"proposed_by\",\"approved_by\",\"approved_at\","
      "\"needs_second\",\"mine\"",
      P("id", ID) "," P("state", CHOICE("\"proposed\",\"approved\",\"paid\",\"cancelled\"")) "," P("amount", MONEY_NULL) "," P("points", MONEY_NULL) ","
      P("delivery", MONEY_NULL) "," P("currency", TEXT) "," P("by_market", BOOL) "," P("proposed_by", ID_NULL) "," P("approved_by", ID_NULL) ","
      P("approved_at", TIME_NULL) "," P("needs_second", BOOL) "," P("mine", BOOL)) },
    { "Posting", OBJECT(POSTING_REQUIRED, POSTING_PROPERTIES) },
    { "PostingPage", OBJECT("\"items\",\"next\"", P("items", MANY(OBJECT(POSTING_REQUIRED ",\"account_id\",\"order_id\",\"return_id\"",
      POSTING_PROPERTIES "," P("account_id", ID) "," P("order_id", ID_NULL) "," P("return_id", ID)))) "," P("next", TEXT_NULL)) },
    { "ReturnClaim", OBJECT("\"id\",\"side\",\"state\",\"subject\",\"amount\",\"currency\",\"deadline_at\"", P("id", ID) "," P("side", TEXT) ","
      P("state", TEXT) "," P("subject", TEXT) "," P("amount", MONEY_NULL) "," P("currency", TEXT) "," P("deadline_at", TIME_NULL)) },
    { "CustomerReturn", OBJECT("\"id\",\"order_number\",\"title\",\"state\",\"reason\",\"requested_at\"", P("id", ID) "," P("order_number", TEXT) ","
      P("title", TEXT) "," P("state", CHOICE(STATES)) "," P("reason", TEXT_NULL) "," P("requested_at", TIME)) },
    { "ReturnCard", OBJECT(CARD_REQUIRED, CARD_PROPERTIES) },
    { "ReturnAct", OBJECT("\"action\",\"version\"", P("action", CHOICE(ACTIONS)) "," P("version", INT) "," P("text", TEXT) "," P("amount", MONEY_NULL) ","
      P("lines", MANY(OBJECT("\"line\",\"qty\"", P("line", INT) "," P("qty", INT) "," P("condition", CONDITION_NULL) ","
      P("disposition", DISPOSITION_NULL) "," P("amount", MONEY_NULL))))) },
    { "ReturnBulk", OBJECT("\"action\"", P("action", CHOICE("\"check\",\"approve\",\"reject\",\"receive\",\"close\",\"assign\"")) ","
      P("ids", MANY(ID)) "," P("query", TEXT) "," P("except", MANY(ID)) "," P("text", TEXT) "," P("assignee_id", ID_NULL) "," P("dry_run", BOOL)) },
    { "ReturnAssign", OBJECT("\"assignee_id\"", P("assignee_id", ID_NULL)) },
    { "ReturnMake", OBJECT("\"order_id\",\"lines\",\"reason\"", P("order_id", ID) "," P("reason", TEXT) "," P("text", TEXT) ","
      P("resolution", CHOICE("\"refund\",\"exchange\",\"keep\"")) ","
      P("lines", MANY(OBJECT("\"line\",\"qty\"", P("line", INT) "," P("qty", INT))))) },
    { "ReturnPhoto", OBJECT("\"id\",\"type\",\"width\",\"height\",\"size\",\"by_buyer\",\"by_name\",\"at\"", P("id", ID) "," P("by_buyer", BOOL) ","
      P("type", CHOICE("\"image/jpeg\",\"image/png\",\"image/webp\"")) "," P("width", INT) "," P("height", INT) "," P("size", INT) ","
      P("by_name", TEXT) "," P("at", TIME)) },
    { "ReturnMedia", OBJECT("\"id\",\"kind\",\"state\",\"host\",\"url\",\"problem\"", P("id", ID) "," P("kind", CHOICE("\"photo\",\"video\"")) ","
      P("state", CHOICE("\"waiting\",\"gone\",\"refused\",\"link\"")) "," P("host", TEXT) "," P("url", TEXT_NULL) "," P("problem", TEXT)) },
    { "ReturnPhotos", OBJECT("\"items\",\"links\"", P("items", MANY(REF("ReturnPhoto"))) "," P("links", MANY(REF("ReturnMedia")))) },
    { "ClaimRow", OBJECT(CLAIM_REQUIRED, CLAIM_PROPERTIES) },
    { "ClaimPage", OBJECT("\"items\",\"next\",\"now\"", P("items", MANY(REF("ClaimRow"))) "," P("next", TEXT_NULL) "," P("now", TIME)) },
    { "ClaimCounts", OBJECT("\"total\",\"ours\",\"sent\",\"decided\",\"found\",\"sum\",\"currency\"", P("total", INT) "," P("ours", INT) ","
      P("sent", INT) "," P("decided", INT) "," P("found", INT) "," P("sum", MONEY_NULL) "," P("currency", TEXT_NULL)) },
    { "ClaimFacts", OBJECT("", P("order_number", TEXT) "," P("external_id", TEXT) "," P("track", TEXT) "," P("handed_over_at", TIME_NULL) ","
      P("requested_at", TIME_NULL) "," P("received_at", TIME_NULL) "," P("refunded_at", TIME_NULL) ","
      P("lines", MANY(OBJECT("\"article\",\"qty\",\"condition\"", P("article", TEXT) "," P("qty", INT) "," P("condition", CONDITION_NULL))))) },
    { "ClaimCard", OBJECT(CLAIM_REQUIRED ",\"evidence\",\"undo_until\",\"history\",\"actions\",\"now\"", CLAIM_PROPERTIES ","
      P("evidence", "{\"type\":[\"object\",\"null\"],\"required\":[\"text\"],\"properties\":{" P("text", TEXT) "," P("facts", REF("ClaimFacts")) "}}") ","
      P("undo_until", TIME_NULL) "," P("now", TIME) "," P("actions", MANY(CHOICE(CLAIM_ACTIONS))) ","
      P("history", MANY(OBJECT("\"seq\",\"at\",\"from\",\"to\",\"actor_kind\",\"actor_name\",\"note\"", P("seq", INT) "," P("at", TIME) ","
      P("from", TEXT_NULL) "," P("to", CHOICE(CLAIM_STATES)) "," P("actor_kind", TEXT) "," P("actor_name", TEXT) "," P("note", TEXT))))) },
    { "ReturnUndo", OBJECT("\"token\"", P("token", TEXT)) },
    { "Returnable", OBJECT("\"order_id\",\"order_number\",\"channel\",\"currency\",\"allowed\",\"refusal\",\"market_pays\",\"delivered_at\",\"window\","
      "\"known_reason\",\"lines\",\"reasons\",\"cost\",\"now\"", P("order_id", ID) "," P("order_number", TEXT) "," P("channel", TEXT) ","
      P("currency", TEXT_NULL) "," P("allowed", BOOL) "," P("refusal", TEXT) "," P("market_pays", BOOL) "," P("delivered_at", TIME_NULL) ","
      P("window", OBJECT("\"until\",\"open\",\"days_left\",\"source\"", P("until", TIME_NULL) "," P("open", BOOL) ","
      P("days_left", "{\"type\":[\"integer\",\"null\"]}") "," P("source", TEXT))) ","
      P("known_reason", "{\"type\":[\"object\",\"null\"],\"required\":[\"reason\",\"native\",\"from\",\"return_id\"],\"properties\":{"
      P("reason", TEXT_NULL) "," P("native", TEXT) "," P("from", CHOICE("\"return\",\"order\"")) "," P("return_id", ID_NULL) "}}") ","
      P("lines", MANY(OBJECT("\"line\",\"article\",\"title\",\"bought\",\"returned\",\"left\",\"paid\",\"refund_unit\",\"refund_all\"",
      P("line", INT) "," P("article", TEXT) "," P("title", TEXT) "," P("bought", INT) "," P("returned", INT) "," P("left", INT) ","
      P("paid", MONEY_NULL) "," P("refund_unit", MONEY_NULL) "," P("refund_all", MONEY_NULL)))) ","
      P("reasons", MANY(OBJECT("\"code\",\"group\",\"fault\"", P("code", TEXT) "," P("group", CHOICE(GROUPS)) "," P("fault", CHOICE(FAULTS))))) ","
      P("cost", OBJECT("\"refund\",\"delivery\",\"unknown\"", P("refund", MONEY_NULL) "," P("delivery", MONEY_NULL) "," P("unknown", MANY(TEXT)))) ","
      P("now", TIME)) },
    { "ReturnRules", OBJECT("\"active\",\"price_limit\",\"refund_limit\",\"groups\",\"share_bp\",\"few_orders\",\"period_days\",\"silent_days\","
      "\"dropoff_days\",\"forgotten_days\",\"lost_days\",\"not_returnable\",\"version\"", RULES "," P("version", INT)) },
    { "ReturnRulesEdit", OBJECT("\"version\"", RULES "," P("version", INT)) },
    { "ReturnReportSums", OBJECT(REPORT_REQUIRED, REPORT_SUMS) },
    { "ReturnReport", OBJECT("\"from\",\"to\",\"time_zone\",\"by\",\"what\",\"currency\",\"total\",\"rows\",\"rows_all\",\"alarms\"",
      P("from", DAY) "," P("to", DAY) "," P("time_zone", TEXT) "," P("by", CHOICE("\"reason\",\"product\",\"channel\",\"day\"")) ","
      P("what", CHOICE("\"returns\",\"refusals\",\"cancellations\",\"all\"")) "," P("currency", TEXT) "," P("total", REF("ReturnReportSums")) ","
      P("rows", MANY(OBJECT("\"key\",\"label\",\"channel\",\"before\"," REPORT_REQUIRED,
        P("key", TEXT) "," P("label", TEXT) "," P("channel", TEXT_NULL) "," P("before", INT_NULL) "," REPORT_SUMS))) "," P("rows_all", INT) ","
      P("alarms", MANY(OBJECT("\"article\",\"title\",\"reason\",\"count\",\"all\",\"share_bp\"",
        P("article", TEXT) "," P("title", TEXT) "," P("reason", TEXT) "," P("count", INT) "," P("all", INT) "," P("share_bp", INT))))) },
    { NULL, NULL },
};
