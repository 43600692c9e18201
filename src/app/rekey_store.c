#include "app/rekey_store.h"

const struct sealed_column sealed_columns[] = {
    { "channel_accounts", "id", "sealed", "account:%" },
    { "webhooks", "id", "sealed", "webhook:%" },
    { "webhooks", "id", "sealed_old", "webhook:%" },
    { "notice_house", "id", "telegram_token", "notice_house:telegram_token" },
    { "notice_house", "id", "mail_password", "notice_house:mail_password" },
    { "notice_house", "id", "push_private", "notice_house:push_private" },
    { "notice_targets", "id", "address", "notice_target:%" },
    { "second_factors", "user_id", "sealed", "second_factor:%" },
    { NULL, NULL, NULL, NULL },
};

struct sealed_row { rid id; str text; };
LIST(sealed_row)

static str context_of(struct arena *a, const struct sealed_column *c, rid id)
{
    str pattern = str_of(c->context);
    if (!str_ends(pattern, STR("%")))
        return pattern;
    return str_print(a, "%.*s%lld", STR_ARG(str_sub(pattern, 0, pattern.len - 1)), (long long)id.v);
}

/* Names come from the table above alone. */
static bool rows_of(struct db *db, struct arena *a, const struct sealed_column *c, struct sealed_row_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query_text(db, "rekey.rows",
        str_print(a, "SELECT %s, %s FROM %s WHERE %s <> '' ORDER BY %s", c->id, c->column, c->table, c->column, c->id));
    while (db_row(&st))
        *sealed_row_list_add(out, a) = (struct sealed_row){ col_id(&st, 0), col_text_copy(&st, 1, a) };
    return db_ok(&st, err);
}

static bool row_save(struct db *db, struct arena *a, const struct sealed_column *c, rid id, str text, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st =
        db_query_text(db, "rekey.save", str_print(a, "UPDATE %s SET %s = $2 WHERE %s = $1", c->table, c->column, c->id));
    bind_id(&st, 1, id);
    bind_text(&st, 2, text);
    return db_exec(&st, err);
}

bool rekey_rows(struct db *db, struct arena *a, const struct secret_key *from, const struct secret_key *to, int64_t *count, struct err *err)
{
    *count = 0;
    for (const struct sealed_column *c = sealed_columns; c->table; c++) {
        struct sealed_row_list rows = { 0 };
        if (!rows_of(db, a, c, &rows, err))
            return false;
        for (int i = 0; i < rows.count; i++, ++*count) {
            str context = context_of(a, c, rows.at[i].id), plain;
            if (!secret_open(a, from, rows.at[i].text, context, &plain, err))
                return err_note(err, "%s.%s of %lld", c->table, c->column, (long long)rows.at[i].id.v);
            if (!row_save(db, a, c, rows.at[i].id, secret_seal(a, to, plain, context), err))
                return false;
        }
    }
    return true;
}

bool rekey_verify(struct db *db, struct arena *a, const struct secret_key *key, rekey_bad *bad, void *ctx, struct err *err)
{
    for (const struct sealed_column *c = sealed_columns; c->table; c++) {
        struct sealed_row_list rows = { 0 };
        if (!rows_of(db, a, c, &rows, err))
            return false;
        for (int i = 0; i < rows.count; i++) {
            struct err ignored = { 0 };
            str        plain;
            if (!secret_open(a, key, rows.at[i].text, context_of(a, c, rows.at[i].id), &plain, &ignored))
                bad(ctx, rows.at[i].id, c->table, c->column);
        }
    }
    return true;
}
