-- People from files: what an import made of their records, for taking it back.

-- both
ALTER TABLE import_jobs ADD COLUMN kind TEXT NOT NULL DEFAULT 'orders';   -- 'orders' 'customers'

CREATE TABLE people_import_rows (
    job_id       BIGINT NOT NULL REFERENCES import_jobs (id),
    source_id    BIGINT NOT NULL,
    file_row     BIGINT NOT NULL,
    is_new       BIGINT NOT NULL CHECK (is_new IN (0, 1)),
    before_json  TEXT NOT NULL,                       -- what was changed; '' of a new record
    after_mark   BIGINT NOT NULL,                     -- fingerprint of the record as the import left it
    merges       TEXT NOT NULL,                       -- of cards that the record showed to be one: ids of the events
    PRIMARY KEY (job_id, source_id)
);
