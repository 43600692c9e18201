/* Answers with lists inside, which no flat record describes. */
#include "accounts/accounts_http.h"

#define TEXT "{\"type\":\"string\"}"
#define TEXT_OR_NULL "{\"type\":[\"string\",\"null\"]}"
#define BOOL "{\"type\":\"boolean\"}"
#define INT "{\"type\":\"integer\"}"
#define TIME "{\"type\":\"string\",\"format\":\"date-time\"}"
#define TIME_OR_NULL "{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}"
#define LIST_OF_TEXT "{\"type\":\"array\",\"items\":" TEXT "}"
#define ROLES "{\"type\":\"array\",\"items\":{\"enum\":[\"owner\",\"manager\",\"picker\",\"accountant\",\"marketer\",\"support\"]}}"
#define PERMISSIONS "{\"type\":\"array\",\"items\":{\"enum\":[\"orders.see\",\"orders.work\",\"orders.cancel\",\"orders.note\",\"picking\",\"prices.see\"," \
                    "\"contacts.see\",\"customers.see\",\"export\",\"import\",\"settings\",\"users\",\"audit\",\"customers.merge\",\"customers.data\"," \
                    "\"returns.see\",\"returns.create\",\"returns.decide\",\"returns.inspect\",\"returns.refund\",\"returns.confirm\",\"claims.work\",\"customers.tag\"]}}"
#define PAGE(row) "{\"type\":\"object\",\"required\":[\"items\",\"next\"],\"properties\":{\"items\":{\"type\":\"array\",\"items\":" \
                  "{\"$ref\":\"#/components/schemas/" row "\"}},\"next\":" TEXT_OR_NULL "}}"
#define VIEW(id) \
    "{\"type\":\"object\",\"required\":[\"id\",\"key\",\"name\",\"query\",\"system\",\"shared\",\"mine\",\"position\",\"count\",\"red\"," \
    "\"version\"],\"properties\":{\"id\":" id ",\"key\":" TEXT_OR_NULL ",\"name\":" TEXT ",\"query\":" TEXT ",\"system\":" BOOL \
    ",\"shared\":" BOOL ",\"mine\":" BOOL ",\"position\":" INT ",\"count\":" INT ",\"red\":" INT ",\"version\":" INT "}}"
#define NAMED "\"id\":" TEXT ",\"name\":" TEXT

const struct openapi_schema accounts_schemas[] = {
    { "session",
      "{\"type\":\"object\",\"required\":[\"user\",\"csrf\",\"shop\",\"now\",\"accounts\",\"users\"],\"properties\":{"
      "\"user\":{\"type\":\"object\",\"required\":[\"id\",\"name\",\"login\",\"roles\",\"own_roles\",\"permissions\",\"language\",\"time_zone\",\"theme\","
      "\"density\",\"hold_s\",\"second_factor\",\"keys_off\",\"keys\"],\"properties\":{" NAMED ",\"login\":" TEXT ",\"roles\":" ROLES ",\"own_roles\":" LIST_OF_TEXT ",\"permissions\":" PERMISSIONS
      ",\"language\":{\"enum\":[\"ru\",\"kk\",\"uk\",\"en\"]},\"time_zone\":" TEXT ",\"theme\":{\"enum\":[\"auto\",\"light\",\"dark\"]},"
      "\"density\":{\"enum\":[\"normal\",\"compact\",\"roomy\"]},\"hold_s\":" INT ",\"second_factor\":{\"enum\":[\"off\",\"on\",\"due\"]},\"keys_off\":" BOOL ",\"keys\":" TEXT "}},"
      "\"csrf\":" TEXT ",\"shop\":{\"type\":\"object\",\"required\":[\"name\",\"country\",\"currency\",\"time_zone\",\"demo\"],\"properties\":{"
      "\"name\":" TEXT ",\"country\":" TEXT ",\"currency\":" TEXT ",\"time_zone\":" TEXT ",\"demo\":" BOOL "}},\"now\":" TIME ","
      "\"accounts\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":[\"id\",\"channel\",\"name\"],\"properties\":{" NAMED
      ",\"channel\":" TEXT "}}},\"users\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":[\"id\",\"name\",\"owner\"],\"properties\":{" NAMED
      ",\"owner\":" BOOL "}}}}}" },
    { "choice", "{\"type\":\"object\",\"required\":[\"value\"],\"properties\":{\"value\":{\"type\":[\"object\",\"null\"],\"additionalProperties\":true}}}" },
    { "sign_in_row",
      "{\"type\":\"object\",\"required\":[\"id\",\"created_at\",\"last_seen_at\",\"expires_at\",\"address\",\"agent\",\"current\"],"
      "\"properties\":{\"id\":" TEXT ",\"created_at\":" TIME ",\"last_seen_at\":" TIME ",\"expires_at\":" TIME ",\"address\":" TEXT
      ",\"agent\":" TEXT ",\"current\":" BOOL "}}" },
    { "sign_in_page", PAGE("sign_in_row") },
    { "ended", "{\"type\":\"object\",\"required\":[\"ended\"],\"properties\":{\"ended\":" INT "}}" },
    { "second_factor", "{\"type\":\"object\",\"required\":[\"since\",\"recovery_left\"],\"properties\":{\"since\":" TIME_OR_NULL ",\"recovery_left\":" INT "}}" },
    { "second_factor_begun",
      "{\"type\":\"object\",\"required\":[\"secret\",\"address\",\"picture\",\"picture_size\"],\"properties\":{\"secret\":{\"type\":\"string\","
      "\"description\":\"base32, for typing into the app\"},\"address\":{\"type\":\"string\",\"description\":\"otpauth://…\"},\"picture\":{"
      "\"type\":\"string\",\"description\":\"the address as a QR code: d of an SVG path over picture_size squares a side\"},\"picture_size\":" INT "}}" },
    { "second_factor_codes",
      "{\"type\":\"object\",\"required\":[\"recovery\",\"csrf\"],\"properties\":{\"recovery\":" LIST_OF_TEXT ",\"csrf\":" TEXT "}}" },
    { "second_factor_roles",
      "{\"type\":\"object\",\"required\":[\"roles\",\"own_roles\"],\"properties\":{\"roles\":" ROLES ",\"own_roles\":" LIST_OF_TEXT "}}" },
    { "user",
      "{\"type\":\"object\",\"required\":[\"id\",\"name\",\"login\",\"roles\",\"own_roles\",\"accounts\",\"state\",\"language\",\"second_factor_at\",\"last_seen_at\",\"version\"],"
      "\"properties\":{" NAMED ",\"login\":" TEXT ",\"roles\":" ROLES ",\"own_roles\":" LIST_OF_TEXT ",\"accounts\":" LIST_OF_TEXT
      ",\"state\":{\"enum\":[\"active\",\"blocked\"]},\"language\":{\"enum\":[\"ru\",\"kk\",\"uk\",\"en\"]},\"time_zone\":" TEXT
      ",\"second_factor_at\":" TIME_OR_NULL ",\"last_seen_at\":" TIME_OR_NULL ",\"created_at\":" TIME ",\"version\":" INT "}}" },
    { "user_page", PAGE("user") },
    { "role_row",
      "{\"type\":\"object\",\"required\":[\"role\",\"id\",\"name\",\"permissions\",\"version\"],\"properties\":{\"role\":{\"enum\":[\"owner\",\"manager\","
      "\"picker\",\"accountant\",\"marketer\",\"support\",null],\"description\":\"null: a role of the shop's own\"},\"id\":" TEXT_OR_NULL
      ",\"name\":" TEXT ",\"permissions\":" PERMISSIONS ",\"version\":{\"type\":[\"integer\",\"null\"]}}}" },
    { "invitation",
      "{\"type\":\"object\",\"required\":[\"id\",\"login\",\"name\",\"roles\",\"own_roles\",\"accounts\",\"created_by\",\"created_at\",\"expires_at\"],"
      "\"properties\":{" NAMED ",\"login\":" TEXT ",\"roles\":" ROLES ",\"own_roles\":" LIST_OF_TEXT ",\"accounts\":" LIST_OF_TEXT
      ",\"created_by\":" TEXT ",\"created_at\":" TIME ",\"expires_at\":" TIME
      ",\"token\":{\"type\":\"string\",\"description\":\"only in the answer that made it\"}}}" },
    { "invitation_page", PAGE("invitation") },
    { "invitation_seen",
      "{\"type\":\"object\",\"required\":[\"shop_name\",\"login\",\"name\",\"expires_at\"],\"properties\":{\"shop_name\":" TEXT ",\"login\":" TEXT
      ",\"name\":" TEXT ",\"expires_at\":" TIME "}}" },
    { "role_page", PAGE("role_row") },
    { "api_key",
      "{\"type\":\"object\",\"required\":[\"id\",\"name\",\"scopes\",\"accounts\",\"created_at\",\"last_used_at\"],\"properties\":{" NAMED
      ",\"scopes\":" PERMISSIONS ",\"accounts\":" LIST_OF_TEXT ",\"created_at\":" TIME ",\"last_used_at\":" TIME_OR_NULL
      ",\"secret\":{\"type\":\"string\",\"description\":\"only in the answer that made the key\"}}}" },
    { "api_key_page", PAGE("api_key") },
    { "audit_row",
      "{\"type\":\"object\",\"required\":[\"id\",\"at\",\"actor_kind\",\"actor_name\",\"action\",\"entity\",\"entity_id\",\"before\",\"after\","
      "\"address\"],\"properties\":{\"id\":" TEXT ",\"at\":" TIME ",\"actor_kind\":" TEXT ",\"actor_id\":" TEXT_OR_NULL ",\"actor_name\":" TEXT
      ",\"action\":" TEXT ",\"entity\":" TEXT ",\"entity_id\":" TEXT_OR_NULL ",\"before\":{\"type\":[\"object\",\"null\"],\"additionalProperties\":true},"
      "\"after\":{\"type\":[\"object\",\"null\"],\"additionalProperties\":true},\"address\":" TEXT "}}" },
    { "audit_page", PAGE("audit_row") },
    { "view", VIEW(TEXT) },
    { "Views", "{\"type\":\"array\",\"items\":" VIEW("{\"type\":[\"string\",\"null\"],\"pattern\":\"^[0-9]+$\"}") "}" },
    { NULL, NULL },
};
