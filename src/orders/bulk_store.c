#include "orders/bulk_store.h"

#include "base/buf.h"

/* Text for both databases. i runs from 1 to %N orders, or to the number of buyers, of whom the first %P have orders; %NOW is the time at
 * which the shop is looked at, %OPEN the first open order. What is filled holds together: `sauda check` finds nothing in it. */
#define TEXT(x)        "CAST(" x " AS TEXT)"
#define DIGIT(x, unit) TEXT("((" x ") / " unit ") % 10")
#define SYLLABLE(x)    "substr('бавагадажазакаламанапарасатафахацачаша', CAST(1 + 2 * ((" x ") % 19) AS INT), 2)"
#define ID(x)          "(100000000000000000 + (" x "))"
#define CUSTOMER_ID(x) "(110000000000000000 + (" x "))"
#define PHONE          "(i * 7368787 % 10000000)"
#define PHONE_TEXT     "substr(" TEXT("10000000 + " PHONE) ", 2)"
#define PHONE_BACK     DIGIT(PHONE, "1") "||" DIGIT(PHONE, "10") "||" DIGIT(PHONE, "100") "||" DIGIT(PHONE, "1000") "||" \
                       DIGIT(PHONE, "10000") "||" DIGIT(PHONE, "100000") "||" DIGIT(PHONE, "1000000") "||'1077'"
#define NUMBER         "(300000000 + i)"
#define NUMBER_BACK    DIGIT(NUMBER, "1") "||" DIGIT(NUMBER, "10") "||" DIGIT(NUMBER, "100") "||" DIGIT(NUMBER, "1000") "||" \
                       DIGIT(NUMBER, "10000") "||" DIGIT(NUMBER, "100000") "||" DIGIT(NUMBER, "1000000") "||" \
                       DIGIT(NUMBER, "10000000") "||" DIGIT(NUMBER, "100000000")
#define FIRST_NAME     SYLLABLE("i") "||" SYLLABLE("i / 19") "||'на'"
#define LAST_NAME      SYLLABLE("i * 7") "||" SYLLABLE("i / 23") "||" SYLLABLE("i / 311") "||'ова'"
#define BUYER          "(1 + (i * 7919) % %P)"
#define ACCOUNT        "(1 + i % 3)"
#define PLACED         "(%NOW - (%N - i) * 60000 - 3600000)"
#define HAS_ORDER(then, otherwise) "CASE WHEN i <= %P THEN " then " ELSE " otherwise " END"      /* of buyer i */
#define SEEN           HAS_ORDER(PLACED, "%NOW - 3600000 - (i - %N) * 1000")
#define IS_OPEN        "(i >= %OPEN)"
#define ZONE_NUMBER    "(CASE WHEN i < %OPEN THEN 4 WHEN i % 200 = 0 THEN 0 WHEN i % 50 = 1 THEN 1 WHEN i % 10 = 2 THEN 2 ELSE 3 END)"
#define SUM            "(100000 + (i * 7919) % 5000000)"
#define STATUS         "(CASE WHEN " IS_OPEN " THEN (CASE WHEN i % 3 = 0 THEN 'new' WHEN i % 3 = 1 THEN 'confirmed' ELSE 'assembling' END) " \
                       "WHEN i % 12 = 0 THEN 'cancelled' ELSE 'completed' END)"

struct column { const char *name, *value; };
#define EMPTY(n) { n, "''" }
#define ZERO(n)  { n, "0" }
#define NONE(n)  { n, "NULL" }

static const struct column orders[] = {
    { "id", ID("i") }, { "account_id", ACCOUNT }, { "channel", "'kaspi'" }, { "external_id", "'F' || " TEXT("i") },
    { "number", TEXT(NUMBER) }, { "number_tail", NUMBER_BACK }, EMPTY("group_number"), { "scheme", "'fbs'" },
    { "status", STATUS },
    { "closed", "CASE WHEN " IS_OPEN " THEN 0 ELSE 1 END" }, { "external_status", "'ARCHIVE'" }, { "status_key", "'ARCHIVE'" },
    { "payment", "'paid'" }, ZERO("marks"), { "customer_id", CUSTOMER_ID(BUYER) }, { "source_id", ID(BUYER) },
    { "customer_name", LAST_NAME "||' '||" FIRST_NAME }, EMPTY("recipient_name"), EMPTY("recipient_phone"),
    { "delivery_method", "'DELIVERY_REGIONAL_TODOOR'" }, { "delivery_address", "'г. Алматы, улица Абая, ' || " TEXT("i % 200") },
    { "city", "'Алматы'" }, { "point_id", "'30012345_PP1'" }, EMPTY("carrier"), EMPTY("track"), NONE("promised_from"),
    { "promised_to", PLACED " + 259200000" }, { "currency", "'KZT'" }, { "has_total", "1" }, { "goods_total", SUM },
    ZERO("discount_total"), ZERO("delivery_total"), { "grand_total", SUM }, { "title", "'Смесь Nutrilon 1, 800 г'" },
    { "lines_count", "1" }, { "units", "1" }, EMPTY("cancel_reason"), { "cancel_side", "''" }, EMPTY("comment_buyer"),
    EMPTY("comment"), EMPTY("tags"), NONE("assignee_id"), { "placed_at", PLACED }, { "sort_at", PLACED }, { "changed_at", PLACED },
    NONE("confirmed_at"), NONE("channel_confirm_by"), NONE("channel_ship_by"), { "deadline_step", "CASE WHEN " IS_OPEN " THEN 'confirm' ELSE '' END" },
    NONE("policy_id"), NONE("deadline_start"), ZERO("deadline_total"), ZERO("deadline_used"),
    { "deadline_at", "CASE WHEN " IS_OPEN " THEN " PLACED " + 864000000 END" }, NONE("yellow_at"), NONE("red_at"),
    { "zone", "CASE " ZONE_NUMBER " WHEN 0 THEN 'breached' WHEN 1 THEN 'red' WHEN 2 THEN 'yellow' WHEN 3 THEN 'green' ELSE 'none' END" },
    { "zone_next_at", "CASE WHEN " IS_OPEN " THEN %NOW + 86400000 + i END" },
    { "queue_rank", ZONE_NUMBER " * 281474976710656 + CASE WHEN " IS_OPEN " THEN (" PLACED " + 864000000) * 8 + 7 ELSE 281474976710655 END" }, { "draft_hash", "i" }, NONE("command_id"),
    { "version", "1" }, { "created_at", PLACED }, { "updated_at", PLACED }, { NULL, NULL }
};
static const struct column lines[] = {
    { "order_id", ID("i") }, { "line", "1" }, { "external_id", "'L' || " TEXT("i") }, { "external_offer_id", TEXT("i % 6000") },
    { "article", "'SKU-' || " TEXT("i % 6000") }, EMPTY("barcode"), { "title", "'Смесь Nutrilon 1, 800 г'" }, { "qty", "1" },
    { "has_price", "1" }, { "unit_price", SUM }, { "line_total", SUM }, ZERO("marking_required"), { NULL, NULL }
};
static const struct column history[] = {
    { "order_id", ID("i") }, { "seq", "1" }, { "at", PLACED }, EMPTY("from_status"), { "to_status", STATUS }, ZERO("implied"),
    ZERO("flagged"), { "actor_kind", "'channel'" }, { "actor_id", ACCOUNT }, { "actor_name", "'Kaspi'" },
    { "external_status", "'APPROVED_BY_BANK'" }, EMPTY("note"), { NULL, NULL }
};
static const struct column intake[] = {
    { "id", ID("i") }, { "account_id", ACCOUNT }, { "stream", "'active'" }, { "event_key", "'F' || " TEXT("i") " || ':' || " TEXT("i * 7919") },
    { "external_id", "'F' || " TEXT("i") }, { "order_id", ID("i") }, { "state", "'applied'" }, { "tries", "1" }, EMPTY("problem_code"),
    EMPTY("problem"), EMPTY("status_key"), { "received_at", PLACED }, EMPTY("payload"), { NULL, NULL }
};
static const struct column customers[] = {
    { "id", CUSTOMER_ID("i") }, { "name", LAST_NAME "||' '||" FIRST_NAME }, { "phone", "'+7701' || " PHONE_TEXT }, EMPTY("email"),
    { "city", "'Алматы'" }, { "currency", "'KZT'" }, { "orders_count", "COALESCE(b.n, 0)" },
    { "net_spent", "COALESCE(b.total, 0)" }, { "first_order_at", "b.since" }, { "last_order_at", "b.until" }, { "state", "'active'" },
    { "version", "1" }, { "created_at", SEEN }, { "updated_at", SEEN }, { NULL, NULL }
};
static const struct column sources[] = {
    { "id", ID("i") }, { "account_id", ACCOUNT }, { "external_id", "'C' || " TEXT("i") }, { "customer_id", CUSTOMER_ID("i") },
    { "rule", "'first'" }, { "name", LAST_NAME "||' '||" FIRST_NAME }, { "phone", "'+7701' || " PHONE_TEXT },
    { "phone_raw", "'701' || " PHONE_TEXT }, EMPTY("email"), { "address", "'г. Алматы, улица Абая, ' || " TEXT("i % 200") },
    { "city", "'Алматы'" }, ZERO("masked"), { "first_seen", SEEN }, { "last_seen", SEEN }, { NULL, NULL }
};
static const struct column links[] = {
    { "id", ID("i") }, { "source_id", ID("i") }, { "customer_id", CUSTOMER_ID("i") }, { "rule", "'first'" }, ZERO("score"), EMPTY("evidence"),
    { "actor_kind", "'rule'" }, EMPTY("actor_name"), { "at", SEEN }, { NULL, NULL }
};
static const struct column phones[] = { { "kind", "'phone'" }, { "value", PHONE_BACK }, { "customer_id", CUSTOMER_ID("i") }, { NULL, NULL } };
static const struct column firsts[] = { { "kind", "'word'" }, { "value", FIRST_NAME }, { "customer_id", CUSTOMER_ID("i") }, { NULL, NULL } };
static const struct column lasts[]  = { { "kind", "'word'" }, { "value", LAST_NAME }, { "customer_id", CUSTOMER_ID("i") }, { NULL, NULL } };

static const struct { const char *table; const struct column *columns; const char *tail; bool of_buyer; } parts[] = {
    { "orders", orders, "", false },
    { "order_lines", lines, "", false },
    { "order_history", history, "", false },
    { "intake_events", intake, "", false },
    { "customers", customers, " LEFT JOIN bought b ON b.id = " CUSTOMER_ID("i"), true },
    { "customer_sources", sources, "", true },
    { "identity_links", links, "", true },
    { "customer_keys", phones, " ORDER BY 2", true },
    { "customer_keys", firsts, " ORDER BY 2, 3", true },
    { "customer_keys", lasts, " ORDER BY 2, 3", true },
};
#define FIRST_OF_BUYERS 4

/* What the orders come to for each buyer. A table of one connection, gone with it. */
static const char bought_lite[] = "CREATE TEMP TABLE bought (id INTEGER PRIMARY KEY, n INTEGER, total INTEGER, since INTEGER, until INTEGER)";
static const char bought_postgres[] = "CREATE TEMP TABLE bought (id BIGINT PRIMARY KEY, n BIGINT, total BIGINT, since BIGINT, until BIGINT)";
static const char bought[] =
    "INSERT INTO bought SELECT customer_id, COUNT(*) FILTER (WHERE status <> 'cancelled'), "
    "CAST(COALESCE(SUM(grand_total) FILTER (WHERE status <> 'cancelled'), 0) AS BIGINT), MIN(sort_at) FILTER (WHERE status <> 'cancelled'), "
    "MAX(sort_at) FILTER (WHERE status <> 'cancelled') FROM orders "
    "WHERE customer_id > 110000000000000000 AND customer_id < 120000000000000000 GROUP BY customer_id";

static const char *const after[] = {
    /* The names are made up, and nobody looks for another spelling of them. */
    "INSERT INTO settings (key, value) VALUES ('search.sounds', '2') ON CONFLICT (key) DO NOTHING",
    "INSERT INTO channel_accounts (id, channel, name, base_url, mode, state, sealed, options, accepted_means_assembling, hook_digest, "
    "error_code, error_text, version, created_at, updated_at) SELECT i, 'kaspi', 'Kaspi', '', 'live', 'paused', '', '{}', 0, '', '', '', 1, 1, 1 FROM (SELECT 1 AS i UNION SELECT 2 UNION SELECT 3) t",
    "INSERT INTO order_totals SELECT account_id, status, zone, currency, COUNT(*), SUM(grand_total) FROM orders WHERE account_id <= 3 GROUP BY 1, 2, 3, 4",
    "INSERT INTO day_totals SELECT (sort_at + 18000000) / 86400000, account_id, 'orders', currency, COUNT(*), SUM(grand_total) "
    "FROM orders WHERE account_id <= 3 GROUP BY 1, 2, 4",
    "INSERT INTO day_totals SELECT (sort_at + 18000000) / 86400000, account_id, 'cancelled', currency, COUNT(*), SUM(grand_total) "
    "FROM orders WHERE account_id <= 3 AND status = 'cancelled' GROUP BY 1, 2, 4",
};

/* ---- the text ---- */

static bool word_put(struct buf *out, const char **text, const char *word, int64_t value)
{
    size_t len = strlen(word);
    if (strncmp(*text, word, len) != 0)
        return false;
    buf_print(out, "%lld", (long long)value);
    *text += len;
    return true;
}

static void words_fill(struct buf *out, const char *text, const struct bulk *b)
{
    int64_t open = b->orders > BULK_OPEN ? b->orders - BULK_OPEN + 1 : 1;
    while (*text)
        if (!word_put(out, &text, "%NOW", b->now.ms) && !word_put(out, &text, "%OPEN", open) && !word_put(out, &text, "%N", b->orders) &&
            !word_put(out, &text, "%P", b->customers < b->orders ? b->customers : b->orders))
            buf_add_char(out, *text++);
}

static const char *part_text(struct arena *a, int part, const struct bulk *bulk)
{
    long long  rows = parts[part].of_buyer ? bulk->customers : bulk->orders;
    struct buf b    = buf_in(a);
    buf_print(&b, "INSERT INTO %s (", parts[part].table);
    for (const struct column *c = parts[part].columns; c->name; c++)
        buf_print(&b, c == parts[part].columns ? "%s" : ", %s", c->name);
    if (bulk->postgres)
        buf_print(&b, ") WITH n AS (SELECT CAST(g AS BIGINT) AS i FROM generate_series(1, %lld) g) SELECT ", rows);
    else
        buf_print(&b, ") WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %lld) SELECT ", rows);
    for (const struct column *c = parts[part].columns; c->name; c++) {
        if (c != parts[part].columns)
            buf_add(&b, STR(", "));
        words_fill(&b, c->value, bulk);
    }
    buf_add(&b, STR(" FROM n"));
    words_fill(&b, parts[part].tail, bulk);
    return str_zero(a, buf_str(&b));
}

int bulk_texts(struct arena *a, const struct bulk *bulk, const char *out[BULK_TEXTS])
{
    int n = 0;
    for (int i = 0; i < COUNT_OF(parts); i++) {
        if (i == FIRST_OF_BUYERS) {
            out[n++] = bulk->postgres ? bought_postgres : bought_lite;
            out[n++] = bought;
        }
        out[n++] = part_text(a, i, bulk);
    }
    for (int i = 0; i < COUNT_OF(after); i++)
        out[n++] = after[i];
    return n;
}
_Static_assert(COUNT_OF(parts) + 2 + COUNT_OF(after) == BULK_TEXTS, "all of them");
