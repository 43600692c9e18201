-- Weights by which records of buyers are compared, learnt from what people have said of pairs. The newest that is kept holds.

-- both
CREATE TABLE identity_weights (
    id           BIGINT NOT NULL PRIMARY KEY,
    state        TEXT NOT NULL CHECK (state IN ('kept', 'undone')),
    verdicts_n   BIGINT NOT NULL,
    weights      TEXT NOT NULL,                       -- JSON by code of evidence
    before_json  TEXT NOT NULL,
    actor_kind   TEXT NOT NULL,
    actor_id     BIGINT,
    actor_name   TEXT NOT NULL,
    at           BIGINT NOT NULL,
    ended_at     BIGINT,
    ended_name   TEXT NOT NULL
);
