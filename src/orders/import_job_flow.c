#include "orders/import_job_flow.h"

#include "accounts/audit.h"
#include "base/secret.h"

struct import_run import_run_of(struct work *w, const char *kind, str file_name, str bytes, struct import_account *account, const int64_t *fates,
                                bool dry_run)
{
    struct import_run run = { .w = w, .account = account, .fates = fates, .dry_run = dry_run };
    run.job = (struct import_job){
        .id = work_id(w), .kind = str_of(kind), .file_name = utf8_cut(file_name, 300), .digest = secret_digest(w->arena, bytes),
        .state = STR("running"), .actor_kind = str_of(actor_kind_names[w->actor.kind]), .actor_id = w->actor.id,
        .actor_name = w->actor.name, .created_at = w->now,
    };
    run.makes_account = !dry_run && !id_is_set(account->id);
    if (run.makes_account)
        account->id = work_id(w);
    run.job.account_id = account->id;
    return run;
}

static bool begin_tx(struct db *db, void *ctx, struct err *err)
{
    const struct import_run *run = ctx;
    if (run->makes_account && !import_account_make(db, run->account, run->w->now, err))
        return false;
    return record_insert(db, &import_job_record, &run->job, err);
}

bool import_run_begin(struct import_run *run, struct err *err)
{
    return run->dry_run || db_tx(run->w->db, begin_tx, run, err);
}

bool import_run_save(struct db *db, const struct import_run *run, const int64_t *batch, struct err *err)
{
    struct import_job job = run->job;
    job.created_n = run->fates[IMPORT_NEW] + batch[IMPORT_NEW];
    job.changed_n = run->fates[IMPORT_CHANGED] + batch[IMPORT_CHANGED];
    job.same_n    = run->fates[IMPORT_SAME] + batch[IMPORT_SAME];
    job.bad_n     = run->fates[IMPORT_BAD] + batch[IMPORT_BAD];
    return import_job_save(db, &job, err);
}

static bool end_tx(struct db *db, void *ctx, struct err *err)
{
    static const int64_t none[IMPORT_FATE_COUNT] = { 0 };
    const struct import_run *run = ctx;
    struct buf      b      = buf_in(run->w->arena);
    struct json_out j      = json_out(&b);
    const char     *action = str_is(run->job.kind, "orders") ? "orders.import" : "customers.import";
    json_begin(&j, NULL, '{');
    json_text(&j, "file", run->job.file_name);
    json_text(&j, "account", run->account->name);
    for (int i = 0; i < IMPORT_FATE_COUNT; i++)
        json_number(&j, import_fate_names[i], run->fates[i]);
    json_end(&j);
    return import_run_save(db, run, none, err) &&
           audit_write(db, run->w, str_of(action), STR("import_jobs"), run->job.id, STR(""), buf_str(&b), err);
}

bool import_run_end(struct import_run *run, struct err *err)
{
    run->job.state       = STR("done");
    run->job.finished_at = run->w->now;
    return run->dry_run || db_tx(run->w->db, end_tx, run, err);
}
