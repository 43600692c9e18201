#include "orders/import_back_flow.h"

#include "accounts/audit.h"
#include "base/buf.h"
#include "base/json_write.h"

bool import_back_begin(struct work *w, rid job, struct import_undone *out, struct import_back *b, struct err *err)
{
    *out = (struct import_undone){ 0 };
    *b   = (struct import_back){ .w = w, .out = out };
    if (!record_get(w->db, &import_job_record, job, w->arena, &b->job, err)) {
        if (err->code == ERR_NOT_FOUND) {
            err_clear(err);
            err_set(err, ERR_NOT_FOUND, "import", "there is no import %lld", (long long)job.v);
        }
        return false;
    }
    return !str_is(b->job.state, "undone") || err_set(err, ERR_CONFLICT, "import", "was taken back before");
}

void import_back_count(struct import_back *b)
{
    b->out->removed  += b->batch.removed;
    b->out->restored += b->batch.restored;
    b->out->kept     += b->batch.kept;
}

struct ending { struct import_back *b; str action; };

static bool end_tx(struct db *db, void *ctx, struct err *err)
{
    const struct ending *e = ctx;
    struct import_back  *b = e->b;
    struct buf           text = buf_in(b->w->arena);
    struct json_out      j    = json_out(&text);
    json_begin(&j, NULL, '{');
    json_number(&j, "removed", b->out->removed);
    json_number(&j, "restored", b->out->restored);
    json_number(&j, "kept", b->out->kept);
    json_end(&j);
    b->job.state       = STR("undone");
    b->job.kept_n      = b->out->kept;
    b->job.finished_at = b->w->now;
    return import_job_save(db, &b->job, err) &&
           audit_write(db, b->w, e->action, STR("import_jobs"), b->job.id, STR(""), buf_str(&text), err);
}

bool import_back_end(struct import_back *b, str action, struct err *err)
{
    struct ending e = { b, action };
    return db_tx(b->w->db, end_tx, &e, err);
}
