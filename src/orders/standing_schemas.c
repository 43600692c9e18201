/* Shapes of the standing and of the report of work, for the API document. JSON Schema 2020-12. */
#include "orders/standing_http.h"

#define TEXT      "{\"type\":\"string\"}"
#define TEXT_NULL "{\"type\":[\"string\",\"null\"]}"
#define ID        "{\"type\":\"string\",\"pattern\":\"^[0-9]+$\"}"
#define ID_NULL   "{\"type\":[\"string\",\"null\"],\"pattern\":\"^[0-9]+$\"}"
#define TIME      "{\"type\":\"string\",\"format\":\"date-time\"}"
#define TIME_NULL "{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}"
#define DAY       "{\"type\":\"string\",\"format\":\"date\"}"
#define INT       "{\"type\":\"integer\"}"
#define INT_NULL  "{\"type\":[\"integer\",\"null\"]}"
#define BOOL      "{\"type\":\"boolean\"}"
#define REF(name) "{\"$ref\":\"#/components/schemas/" name "\"}"
#define MANY(item) "{\"type\":\"array\",\"items\":" item "}"
#define P(name, type) "\"" name "\":" type
#define CHOICE(names) "{\"enum\":[" names "]}"
#define OBJECT(required, properties) "{\"type\":\"object\",\"required\":[" required "],\"properties\":{" properties "}}"
#define OR_NULL(required, properties) "{\"type\":[\"object\",\"null\"],\"required\":[" required "],\"properties\":{" properties "}}"

#define FIGURE CHOICE("\"rating\",\"own_cancel\",\"late_handover\"")
#define STEP   CHOICE("\"confirm\",\"assemble\",\"hand_over\",\"decide_return\",\"refund\",\"answer_claim\"")
#define CAUSE  CHOICE("\"came_late\",\"channel_down\",\"problem\",\"nobody\",\"person\"")
#define SPREAD_REQUIRED "\"orders\",\"median_s\",\"p90_s\""
#define SPREAD P("orders", INT) "," P("median_s", INT_NULL) "," P("p90_s", INT_NULL)

const struct openapi_schema standing_schemas[] = {
    { "StandingBar", OR_NULL("\"value\",\"days\",\"until\",\"valid_from\",\"sure\",\"source\"",
      P("value", INT) "," P("days", INT) "," P("until", INT_NULL) "," P("valid_from", TIME_NULL) "," P("sure", BOOL) "," P("source", TEXT)) },
    { "StandingFigure", OBJECT("\"figure\",\"state\",\"value\",\"week_ago\",\"bad\",\"all\",\"days\",\"warn\",\"hard\",\"breaches\",\"told_at\",\"told_by\",\"points\"",
      P("figure", FIGURE) "," P("state", CHOICE("\"unknown\",\"ok\",\"near\",\"over\"")) "," P("value", INT_NULL) "," P("week_ago", INT_NULL) ","
      P("bad", INT) "," P("all", INT) "," P("days", INT) "," P("warn", REF("StandingBar")) "," P("hard", REF("StandingBar")) "," P("breaches", INT) ","
      P("told_at", TIME_NULL) "," P("told_by", TEXT_NULL) "," P("points", MANY(INT_NULL))) },
    { "Standing", OBJECT("\"now\",\"time_zone\",\"items\"", P("now", TIME) "," P("time_zone", TEXT) ","
      P("items", MANY(OBJECT("\"account_id\",\"channel\",\"name\",\"figures\"",
      P("account_id", ID) "," P("channel", TEXT) "," P("name", TEXT) "," P("figures", MANY(REF("StandingFigure"))))))) },
    { "StandingOrders", OBJECT("\"items\",\"more\"", P("more", BOOL) "," P("items", MANY(OBJECT(
      "\"id\",\"number\",\"title\",\"status\",\"reason\",\"at\",\"due\",\"assignee_id\"",
      P("id", ID) "," P("number", TEXT) "," P("title", TEXT) "," P("status", TEXT) "," P("reason", TEXT) "," P("at", TIME_NULL) ","
      P("due", TIME_NULL) "," P("assignee_id", ID_NULL))))) },
    { "StandingLimits", OBJECT("\"items\"", P("items", MANY(OBJECT(
      "\"channel\",\"figure\",\"level\",\"value\",\"days\",\"valid_from\",\"sure\",\"source\"",
      P("channel", TEXT) "," P("figure", FIGURE) "," P("level", CHOICE("\"warn\",\"hard\"")) "," P("value", INT) "," P("days", INT) ","
      P("valid_from", TIME_NULL) "," P("sure", BOOL) "," P("source", TEXT))))) },
    { "RuleTally", OBJECT("\"orders\",\"red\",\"missed\"", P("orders", INT) "," P("red", INT) "," P("missed", INT)) },
    { "RuleDay", OBJECT("\"day\",\"orders\",\"unknown\",\"cut\",\"items\"", P("day", DAY) "," P("orders", INT) "," P("unknown", INT) ","
      P("cut", BOOL) "," P("items", MANY(OBJECT("\"policy_id\",\"name\",\"step\",\"tried\",\"now\",\"then\"",
      P("policy_id", ID_NULL) "," P("name", TEXT) "," P("step", STEP) "," P("tried", BOOL) "," P("now", REF("RuleTally")) ","
      P("then", REF("RuleTally")))))) },
    { "WorkTally", OBJECT("\"count\",\"open\"", P("key", TEXT) "," P("person_id", ID_NULL) "," P("count", INT) "," P("open", INT)) },
    { "WorkReport", OBJECT("\"from\",\"to\",\"time_zone\",\"confirm\",\"missed\"", P("from", DAY) "," P("to", DAY) "," P("time_zone", TEXT) ","
      P("confirm", OBJECT(SPREAD_REQUIRED ",\"cut\",\"accounts\",\"people\"", SPREAD "," P("cut", BOOL) ","
        P("people", MANY(OBJECT("\"person_id\"," SPREAD_REQUIRED, P("person_id", ID_NULL) "," SPREAD))) ","
        P("accounts", MANY(OBJECT("\"account_id\",\"channel\",\"name\"," SPREAD_REQUIRED,
          P("account_id", ID) "," P("channel", TEXT) "," P("name", TEXT) "," SPREAD))))) ","
      P("missed", OBJECT("\"count\",\"cut\",\"causes\",\"steps\",\"people\",\"hours\",\"items\"", P("count", INT) "," P("cut", BOOL) ","
        P("causes", MANY(REF("WorkTally"))) "," P("steps", MANY(REF("WorkTally"))) "," P("people", MANY(REF("WorkTally"))) ","
        P("hours", MANY(INT)) "," P("items", MANY(OBJECT(
          "\"object\",\"id\",\"number\",\"account_id\",\"step\",\"cause\",\"person_id\",\"at\",\"ended_at\"",
          P("object", CHOICE("\"order\",\"return\",\"claim\"")) "," P("id", ID) "," P("number", TEXT) "," P("account_id", ID) "," P("step", STEP) "," P("cause", CAUSE) ","
          P("person_id", ID_NULL) "," P("at", TIME) "," P("ended_at", TIME_NULL)))))) ) },
    { NULL, NULL }
};
