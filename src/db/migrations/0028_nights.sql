-- What the nightly reading of whole days has found that the reading by the minute had missed, and mended.

-- both
CREATE TABLE night_runs (
    id         BIGINT NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL,
    stream     TEXT   NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at   BIGINT,
    state      TEXT   NOT NULL CHECK (state IN ('running', 'done', 'failed')),
    read       BIGINT NOT NULL,                                        -- records that the market told
    missing    BIGINT NOT NULL,                                        -- orders that we did not have
    changed    BIGINT NOT NULL,                                        -- orders that stood otherwise
    parked     BIGINT NOT NULL,                                        -- not understood, so not repaired
    problem    TEXT   NOT NULL                                         -- why it ended early
);
CREATE INDEX night_runs_account ON night_runs (account_id, id);
CREATE TABLE night_finds (
    id         BIGINT NOT NULL PRIMARY KEY,
    run_id     BIGINT NOT NULL REFERENCES night_runs (id),
    order_id   BIGINT NOT NULL,
    number     TEXT   NOT NULL,
    kind       TEXT   NOT NULL CHECK (kind IN ('missing', 'changed')),
    was        TEXT   NOT NULL,                                        -- status; empty: there was none
    became     TEXT   NOT NULL
);
CREATE INDEX night_finds_run ON night_finds (run_id, id);
