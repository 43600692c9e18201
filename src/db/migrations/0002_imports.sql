-- What was imported from files, and what each order was before: for taking an import back.

-- both
CREATE TABLE import_jobs (
    id           BIGINT NOT NULL PRIMARY KEY,
    account_id   BIGINT NOT NULL,
    file_name    TEXT NOT NULL,
    digest       TEXT NOT NULL,                       -- of the file's bytes
    state        TEXT NOT NULL CHECK (state IN ('running', 'done', 'undone')),
    created_n    BIGINT NOT NULL,
    changed_n    BIGINT NOT NULL,
    same_n       BIGINT NOT NULL,
    bad_n        BIGINT NOT NULL,
    kept_n       BIGINT NOT NULL,                     -- of an undo: orders that somebody had touched meanwhile
    actor_kind   TEXT NOT NULL,
    actor_id     BIGINT,
    actor_name   TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    finished_at  BIGINT
);

CREATE TABLE import_rows (
    job_id       BIGINT NOT NULL REFERENCES import_jobs (id),
    order_id     BIGINT NOT NULL,
    file_row     BIGINT NOT NULL,
    is_new       BIGINT NOT NULL CHECK (is_new IN (0, 1)),
    before_json  TEXT NOT NULL,                       -- fields and lines that were changed; '' of a new order
    after_mark   BIGINT NOT NULL,                     -- fingerprint of the order as the import left it
    PRIMARY KEY (job_id, order_id)
);
