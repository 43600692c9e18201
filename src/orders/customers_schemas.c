/* Answers about people that no flat record describes. JSON Schema 2020-12. */
#include "http/openapi.h"
#include "orders/customers_http.h"

#define TEXT       "{\"type\":\"string\"}"
#define TEXT_NULL  "{\"type\":[\"string\",\"null\"]}"
#define ID         "{\"type\":\"string\",\"pattern\":\"^[0-9]+$\"}"
#define ID_NULL    "{\"type\":[\"string\",\"null\"],\"pattern\":\"^[0-9]+$\"}"
#define MONEY_NULL "{\"type\":[\"string\",\"null\"],\"pattern\":\"^-?[0-9]+\\\\.[0-9]{2}$\"}"
#define TIME       "{\"type\":\"string\",\"format\":\"date-time\"}"
#define TIME_NULL  "{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}"
#define INT        "{\"type\":\"integer\"}"
#define INT_NULL   "{\"type\":[\"integer\",\"null\"]}"
#define BOOL       "{\"type\":\"boolean\"}"
#define TEXTS      "{\"type\":\"array\",\"items\":" TEXT "}"
#define REF(name)  "{\"$ref\":\"#/components/schemas/" name "\"}"
#define MANY(item) "{\"type\":\"array\",\"items\":" item "}"
#define P(name, type) "\"" name "\":" type
#define OBJECT(required, properties) "{\"type\":\"object\",\"required\":[" required "],\"properties\":{" properties "}}"
#define BOTH(a, b) "{\"allOf\":[" a "," b "]}"

#define EVIDENCE "{\"type\":[\"array\",\"null\"],\"items\":" OBJECT("\"code\",\"field\",\"weight\",\"rarity\"", \
    P("code", TEXT) "," P("field", TEXT) "," P("weight", INT) "," P("rarity", INT)) "}"
#define CARD BOTH(REF("customers"), OBJECT("\"channels\",\"tags\",\"do_not_contact\"", P("channels", TEXTS) "," P("tags", TEXTS) "," P("do_not_contact", BOOL)))
#define HABIT_NAMES "\"interval_days\",\"next_expected_at\",\"overdue\",\"rfm\""
#define HABIT P("interval_days", INT_NULL) "," P("next_expected_at", TIME_NULL) "," P("overdue", BOOL) "," \
    P("rfm", "{\"type\":[\"object\",\"null\"],\"required\":[\"recency\",\"frequency\",\"money\",\"segment\"],\"properties\":{" \
      P("recency", INT) "," P("frequency", INT) "," P("money", INT) "," \
      P("segment", "{\"enum\":[\"none\",\"lost\",\"vip\",\"new\",\"loyal\",\"developing\",\"churning\",\"sleeping\"]}") "}}")
#define ASKED "{\"type\":[\"object\",\"null\"],\"required\":[\"id\",\"reason\",\"do_not_contact\",\"asked_name\",\"at\",\"own\",\"needs_other\"]," \
    "\"properties\":{" P("id", ID) "," P("reason", TEXT) "," P("do_not_contact", BOOL) "," P("asked_name", TEXT) "," P("at", TIME) "," \
    P("own", BOOL) "," P("needs_other", BOOL) "}}"
#define SUMS OBJECT("\"orders\",\"sum\",\"currency\",\"first_at\",\"last_at\"", P("orders", INT) "," P("sum", MONEY_NULL) "," \
    P("currency", TEXT_NULL) "," P("first_at", TIME_NULL) "," P("last_at", TIME_NULL))

const struct openapi_schema customer_schemas[] = {
    { "CustomerRow", BOTH(CARD, OBJECT(HABIT_NAMES, HABIT)) },
    { "Evidence", EVIDENCE },
    { "SourceLink", OBJECT("\"rule\",\"score\",\"with_source\",\"evidence\",\"actor_kind\",\"actor_name\",\"at\",\"event_id\"", P("rule", TEXT) ","
      P("score", INT) "," P("with_source", ID_NULL) "," P("evidence", REF("Evidence")) "," P("actor_kind", TEXT) "," P("actor_name", TEXT) ","
      P("at", TIME_NULL) "," P("event_id", ID_NULL)) },
    { "CustomerSource", OBJECT("\"id\",\"account_id\",\"external_id\",\"customer_id\",\"rule\",\"name\",\"phone\",\"phone_raw\",\"email\",\"address\",\"city\","
      "\"birth_date\",\"masked\",\"first_seen\",\"last_seen\"", P("id", ID) "," P("account_id", ID) "," P("external_id", TEXT) "," P("customer_id", ID) ","
      P("rule", TEXT) "," P("name", TEXT) "," P("phone", TEXT) "," P("phone_raw", TEXT) "," P("email", TEXT) "," P("address", TEXT) ","
      P("city", TEXT) "," P("birth_date", TEXT) "," P("masked", BOOL) "," P("first_seen", TIME_NULL) "," P("last_seen", TIME_NULL) ","
      P("link", REF("SourceLink"))) },
    { "CustomerFigures", OBJECT("\"orders\",\"sum\",\"average\",\"currency\",\"currencies\",\"shop_average\",\"returns\"," HABIT_NAMES, P("orders", INT) ","
      P("sum", MONEY_NULL) "," P("average", MONEY_NULL) "," P("currency", TEXT_NULL) ","
      P("currencies", MANY(OBJECT("\"currency\",\"orders\",\"sum\",\"average\"", P("currency", TEXT) "," P("orders", INT) "," P("sum", MONEY_NULL) ","
        P("average", MONEY_NULL)))) "," P("shop_average", MONEY_NULL) "," P("returns", INT) "," HABIT) },
    { "MergeEvent", OBJECT("\"id\",\"kind\",\"kept_id\",\"gone_id\",\"rule\",\"actor_kind\",\"actor_name\",\"at\",\"can_undo\",\"undo_of\"", P("id", ID) ","
      P("kind", "{\"enum\":[\"merge\",\"unmerge\"]}") "," P("kept_id", ID) "," P("gone_id", ID) "," P("rule", TEXT) "," P("actor_kind", TEXT) ","
      P("actor_name", TEXT) "," P("at", TIME) "," P("can_undo", BOOL) "," P("undo_of", ID_NULL)) },
    { "CustomerCard", BOTH(CARD, OBJECT("\"contacts_hidden\",\"erase_request\",\"figures\",\"sources\",\"bought\",\"bought_at\",\"consents\",\"merges\",\"suggestions\",\"orders\",\"orders_next\"",
      P("contacts_hidden", BOOL) "," P("erase_request", ASKED) "," P("figures", REF("CustomerFigures")) "," P("sources", MANY(REF("CustomerSource"))) ","
      P("bought", MANY(OBJECT("\"article\",\"title\",\"qty\",\"orders\"", P("article", TEXT) "," P("title", TEXT) "," P("qty", INT) "," P("orders", INT)))) ","
      P("bought_at", MANY(OBJECT("\"account_id\",\"channel\",\"name\",\"orders\",\"sum\",\"currency\",\"first_at\",\"last_at\"", P("account_id", ID) ","
        P("channel", TEXT) "," P("name", TEXT) "," P("orders", INT) "," P("sum", MONEY_NULL) "," P("currency", TEXT_NULL) "," P("first_at", TIME) ","
        P("last_at", TIME)))) ","
      P("consents", MANY(REF("consents"))) "," P("merges", MANY(REF("MergeEvent"))) ","
      P("suggestions", MANY(OBJECT("\"id\",\"rule\",\"score\",\"evidence\",\"other\"", P("id", ID) "," P("rule", TEXT) "," P("score", INT) ","
        P("evidence", REF("Evidence")) "," P("other", REF("customers"))))) ","
      P("orders", MANY(REF("QueueRow"))) "," P("orders_next", TEXT_NULL))) },
    { "MergeView", OBJECT("\"kept\",\"gone\",\"united\",\"totals\",\"sources\",\"consents\",\"barred\",\"event_id\"", P("kept", REF("customers")) ","
      P("gone", REF("customers")) "," P("united", REF("customers")) ","
      P("totals", OBJECT("\"kept\",\"gone\",\"united\"", P("kept", SUMS) "," P("gone", SUMS) "," P("united", SUMS))) ","
      P("sources", MANY(REF("CustomerSource"))) ","
      P("consents", MANY(OBJECT("\"purpose\",\"medium\",\"state\"", P("purpose", TEXT) "," P("medium", TEXT) "," P("state", TEXT)))) ","
      P("barred", BOOL) "," P("event_id", ID_NULL)) },
    { "CustomerTotals", OBJECT("\"count\",\"count_is_floor\",\"sums\"", P("count", INT) "," P("count_is_floor", BOOL) ","
      P("sums", MANY(OBJECT("\"currency\",\"sum\"", P("currency", TEXT) "," P("sum", TEXT))))) },
    { "MergedMany", OBJECT("\"kept\",\"totals\",\"barred\",\"events\"", P("kept", REF("customers")) "," P("totals", SUMS) "," P("barred", BOOL) ","
      P("events", MANY(ID))) },
    { "PeopleImported", OBJECT("\"id\",\"dry_run\",\"account\",\"new\",\"changed\",\"same\",\"bad\",\"rows\",\"headings\",\"unknown_columns\",\"items_cut\",\"items\"",
      P("id", ID_NULL) "," P("dry_run", BOOL) "," P("account", OBJECT("\"id\",\"name\",\"channel\"", P("id", ID_NULL) "," P("name", TEXT) "," P("channel", TEXT))) ","
      P("new", INT) "," P("changed", INT) "," P("same", INT) "," P("bad", INT) "," P("rows", INT) "," P("headings", TEXTS) "," P("unknown_columns", TEXTS) ","
      P("items_cut", BOOL) "," P("items", MANY(OBJECT("\"row\",\"name\",\"phone\",\"fate\",\"changes\",\"problems\"", P("row", INT) "," P("name", TEXT) ","
      P("phone", TEXT) "," P("fate", TEXT) "," P("changes", MANY(OBJECT("\"field\",\"before\",\"after\"", P("field", TEXT) "," P("before", TEXT) "," P("after", TEXT)))) ","
      P("problems", MANY(OBJECT("\"row\",\"field\",\"text\"", P("row", INT) "," P("field", TEXT_NULL) "," P("text", TEXT)))))))) },
    { "UnmergeDone", OBJECT("\"kept\",\"event_id\"", P("kept", REF("customers")) "," P("gone", REF("customers")) "," P("event_id", ID_NULL)) },
    { "SuggestionSide", BOTH(CARD, OBJECT("\"records\"", P("records", MANY(REF("CustomerSource"))))) },
    { "SuggestionPage", OBJECT("\"items\",\"next\",\"count\",\"count_is_floor\"", P("items", MANY(OBJECT(
      "\"id\",\"rule\",\"score\",\"evidence\",\"at\",\"a\",\"b\"", P("id", ID) "," P("rule", TEXT) "," P("score", INT) "," P("evidence", REF("Evidence")) ","
      P("at", TIME) "," P("a", REF("SuggestionSide")) "," P("b", REF("SuggestionSide"))))) "," P("next", TEXT_NULL) "," P("count", INT) ","
      P("count_is_floor", BOOL)) },
    { "SuggestionsDecided", OBJECT("\"results\"", P("results", MANY(OBJECT("\"id\",\"ok\",\"event_id\",\"code\",\"text\"", P("id", ID_NULL) ","
      P("ok", BOOL) "," P("event_id", ID_NULL) "," P("code", TEXT_NULL) "," P("text", TEXT))))) },
    { "IdentitySummary", OBJECT("\"suggestions\",\"of_orders\",\"identified\"", P("suggestions", INT) "," P("of_orders", INT) ","
      P("identified", MANY(OBJECT("\"account_id\",\"channel\",\"name\",\"orders\",\"known\",\"share_bp\"", P("account_id", ID) "," P("channel", TEXT) ","
      P("name", TEXT) "," P("orders", INT) "," P("known", INT) "," P("share_bp", INT))))) },
    { "IdentityHubs", OBJECT("\"keys_ready\",\"members_max\",\"spared_max\",\"items\"", P("keys_ready", BOOL) "," P("members_max", INT) ","
      P("spared_max", INT) "," P("items", MANY(OBJECT("\"key\",\"kind\",\"state\",\"members\",\"at\",\"decided_by\",\"records\"",
      P("key", TEXT) "," P("kind", TEXT) "," P("state", TEXT) "," P("members", INT) "," P("at", TIME) "," P("decided_by", TEXT_NULL) ","
      P("records", MANY(REF("CustomerSource"))))))) },
    { "IdentityWeights", OBJECT("\"verdicts\",\"verdicts_needed\",\"weights\",\"sets\"", P("verdicts", INT) "," P("verdicts_needed", INT) ","
      P("weights", MANY(OBJECT("\"code\",\"handbook\",\"now\",\"learns\"", P("code", TEXT) "," P("handbook", INT) "," P("now", INT) ","
      P("learns", BOOL)))) ","
      P("sets", MANY(OBJECT("\"id\",\"state\",\"verdicts_n\",\"actor_kind\",\"actor_name\",\"at\",\"ended_at\",\"ended_name\",\"holds\",\"changes\"",
      P("id", ID) "," P("state", TEXT) "," P("verdicts_n", INT) "," P("actor_kind", TEXT) "," P("actor_id", ID_NULL) "," P("actor_name", TEXT) ","
      P("at", TIME) "," P("ended_at", TIME_NULL) "," P("ended_name", TEXT) "," P("holds", BOOL) ","
      P("changes", MANY(OBJECT("\"code\",\"before\",\"after\"", P("code", TEXT) "," P("before", INT) "," P("after", INT)))))))) },
    { "WeightsLearnt", OBJECT("\"verdicts\",\"changes\"", P("verdicts", INT) ","
      P("changes", MANY(OBJECT("\"code\",\"before\",\"after\"", P("code", TEXT) "," P("before", INT) "," P("after", INT))))) },
    { "CustomerTags", OBJECT("\"items\"", P("items", TEXTS)) },
    { "CustomersTagged", OBJECT("\"changed\",\"left\"", P("changed", MANY(ID)) "," P("left", INT)) },
    { "CardNote", OBJECT("\"id\",\"at\",\"author\",\"text\",\"edited_at\",\"version\",\"own\"", P("id", ID) "," P("at", TIME) "," P("author", TEXT) ","
      P("text", TEXT) "," P("edited_at", TIME_NULL) "," P("version", INT) "," P("own", BOOL)) },
    { "CardNotes", OBJECT("\"items\"", P("items", MANY(REF("CardNote")))) },
    { "Timeline", OBJECT("\"items\",\"next\"", P("items", MANY(OBJECT("\"kind\",\"id\",\"at\"",
      P("kind", "{\"type\":\"string\",\"enum\":[\"note\",\"consent\",\"merge\",\"return\",\"order\"]}") "," P("id", ID) "," P("at", TIME) ","
      P("text", TEXT) "," P("actor_kind", TEXT) "," P("actor_name", TEXT) "," P("purpose", TEXT) "," P("medium", TEXT) "," P("state", TEXT) ","
      P("event", TEXT) "," P("rule", TEXT) "," P("number", TEXT) "," P("return_kind", TEXT) "," P("channel", TEXT) "," P("status", TEXT) ","
      P("external_status", TEXT) "," P("sum", TEXT_NULL) "," P("currency", TEXT_NULL) "," P("own", BOOL) "," P("edited_at", TIME_NULL) ","
      P("version", INT)))) "," P("next", TEXT_NULL)) },
    { "DoNotContact", OBJECT("\"contacts\",\"known\",\"bad\"", P("contacts", INT) "," P("known", INT) "," P("bad", MANY(INT))) },
    { "RunUndone", OBJECT("\"undone\"", P("undone", INT)) },
    { "PersonData", OBJECT("\"made_at\",\"profile\",\"tags\",\"notes\",\"sources\",\"links\",\"orders\",\"consents\",\"decisions\",\"seen_by\"", P("made_at", TIME) ","
      P("profile", REF("customers")) "," P("tags", TEXTS) "," P("notes", MANY("{\"type\":\"object\"}")) "," P("sources", MANY("{\"type\":\"object\"}")) "," P("links", MANY("{\"type\":\"object\"}")) ","
      P("orders", MANY("{\"type\":\"object\"}")) "," P("consents", MANY(REF("consents"))) "," P("decisions", MANY("{\"type\":\"object\"}")) ","
      P("seen_by", MANY(OBJECT("\"at\",\"who\",\"what\"", P("at", TIME) "," P("who", TEXT) "," P("what", TEXT))))) },
    { NULL, NULL },
};
