-- One person, however many records: links with their evidence, verdicts, suggestions, merges that can be taken back, consents.

-- both
ALTER TABLE customers ADD COLUMN birth_date TEXT NOT NULL DEFAULT '';         -- "1990-05-17" or ''
ALTER TABLE customers ADD COLUMN manual TEXT NOT NULL DEFAULT '';             -- fields that a person set: "name,phone"
ALTER TABLE customers ADD COLUMN merged_into BIGINT;                          -- the card that goes on; such a row has no sources
ALTER TABLE customer_sources ADD COLUMN birth_date TEXT NOT NULL DEFAULT '';
CREATE INDEX customers_spent ON customers (net_spent, id);
CREATE INDEX customers_first ON customers (first_order_at, id);
CREATE INDEX customers_merged ON customers (merged_into) WHERE merged_into IS NOT NULL;

-- Values that people set on a card; they win over what the sources tell.
CREATE TABLE customer_fields (
    customer_id  BIGINT NOT NULL,
    field        TEXT NOT NULL,
    value        TEXT NOT NULL,
    actor_kind   TEXT NOT NULL,
    actor_id     BIGINT,
    actor_name   TEXT NOT NULL,
    at           BIGINT NOT NULL,
    PRIMARY KEY (customer_id, field)
);

-- What makes two sources worth a comparison: hashes of phone, e-mail, name with house and so on (identity/person.h).
CREATE TABLE identity_keys (
    key        BIGINT NOT NULL,
    source_id  BIGINT NOT NULL,
    PRIMARY KEY (key, source_id)
) WITHOUT ROWID;

-- Why a source belongs to a person. One live link a source; those that ended stay, so that what was can be put back.
CREATE TABLE identity_links (
    id           BIGINT NOT NULL PRIMARY KEY,
    source_id    BIGINT NOT NULL,
    customer_id  BIGINT NOT NULL,
    rule         TEXT NOT NULL,
    score        BIGINT NOT NULL,
    with_source  BIGINT,                              -- the record it was found to agree with
    evidence     TEXT NOT NULL,                       -- JSON, without personal data: which fields agree and how much that weighs
    actor_kind   TEXT NOT NULL,
    actor_id     BIGINT,
    actor_name   TEXT NOT NULL,
    at           BIGINT NOT NULL,
    run_id       BIGINT,
    event_id     BIGINT,                              -- the merge that made it
    ended_at     BIGINT,
    ended_event  BIGINT                               -- the merge that ended it
);
CREATE UNIQUE INDEX identity_links_live ON identity_links (source_id) WHERE ended_at IS NULL;
CREATE INDEX identity_links_ended ON identity_links (source_id, ended_event) WHERE ended_at IS NOT NULL;
INSERT INTO identity_links (id, source_id, customer_id, rule, score, evidence, actor_kind, actor_name, at)
    SELECT id, id, customer_id, rule, 0, '', 'system', '', first_seen FROM customer_sources;

CREATE TABLE identity_verdicts (
    id             BIGINT NOT NULL PRIMARY KEY,
    a_id           BIGINT NOT NULL,                   -- the smaller source id
    b_id           BIGINT NOT NULL,
    verdict        TEXT NOT NULL CHECK (verdict IN ('same', 'different')),
    actor_kind     TEXT NOT NULL,
    actor_id       BIGINT,
    actor_name     TEXT NOT NULL,
    at             BIGINT NOT NULL,
    event_id       BIGINT,
    withdrawn_at   BIGINT,
    withdrawn_name TEXT NOT NULL
);
CREATE UNIQUE INDEX identity_verdicts_live ON identity_verdicts (a_id, b_id) WHERE withdrawn_at IS NULL;
CREATE INDEX identity_verdicts_b ON identity_verdicts (b_id) WHERE withdrawn_at IS NULL;

CREATE TABLE identity_suggestions (
    id           BIGINT NOT NULL PRIMARY KEY,
    a_id         BIGINT NOT NULL,                     -- the pair of sources that was compared
    b_id         BIGINT NOT NULL,
    customer_a   BIGINT NOT NULL,                     -- whose they are now; the smaller first
    customer_b   BIGINT NOT NULL,
    rule         TEXT NOT NULL,
    score        BIGINT NOT NULL,
    evidence     TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('open', 'merged', 'refused', 'stale')),
    at           BIGINT NOT NULL,
    run_id       BIGINT,
    event_id     BIGINT,                              -- the merge that closed it
    decided_at   BIGINT,
    decided_name TEXT NOT NULL
);
CREATE UNIQUE INDEX identity_suggestions_pair ON identity_suggestions (customer_a, customer_b) WHERE state = 'open';
CREATE INDEX identity_suggestions_b ON identity_suggestions (customer_b) WHERE state = 'open';
CREATE INDEX identity_suggestions_best ON identity_suggestions (score, id) WHERE state = 'open';
CREATE INDEX identity_suggestions_event ON identity_suggestions (event_id) WHERE event_id IS NOT NULL;

CREATE TABLE merge_events (
    id           BIGINT NOT NULL PRIMARY KEY,
    kind         TEXT NOT NULL CHECK (kind IN ('merge', 'unmerge')),
    kept_id      BIGINT NOT NULL,                     -- the card that goes on
    gone_id      BIGINT NOT NULL,                     -- merged into it, or taken out of it
    sources      TEXT NOT NULL,                       -- ids that moved, comma between
    choices      TEXT NOT NULL,                       -- JSON: field -> "kept" | "gone"
    before_json  TEXT NOT NULL,                       -- what taking it back needs, and the totals
    after_json   TEXT NOT NULL,
    rule         TEXT NOT NULL,
    score        BIGINT NOT NULL,
    actor_kind   TEXT NOT NULL,
    actor_id     BIGINT,
    actor_name   TEXT NOT NULL,
    at           BIGINT NOT NULL,
    run_id       BIGINT,
    undo_of      BIGINT,
    undone_by    BIGINT
);
CREATE INDEX merge_events_kept ON merge_events (kept_id, id);
CREATE INDEX merge_events_gone ON merge_events (gone_id, id);
CREATE INDEX merge_events_run ON merge_events (run_id, id) WHERE run_id IS NOT NULL;

CREATE TABLE identity_runs (
    id             BIGINT NOT NULL PRIMARY KEY,
    kind           TEXT NOT NULL CHECK (kind IN ('nightly', 'rebuild', 'import')),
    state          TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'undone')),
    actor_kind     TEXT NOT NULL,
    actor_id       BIGINT,
    actor_name     TEXT NOT NULL,
    sources_n      BIGINT NOT NULL,
    merges_n       BIGINT NOT NULL,
    splits_n       BIGINT NOT NULL,
    suggestions_n  BIGINT NOT NULL,
    at             BIGINT NOT NULL,
    ended_at       BIGINT
);

CREATE TABLE consents (
    id           BIGINT NOT NULL PRIMARY KEY,
    customer_id  BIGINT NOT NULL,
    purpose      TEXT NOT NULL CHECK (purpose IN ('processing', 'service', 'marketing')),
    medium       TEXT NOT NULL CHECK (medium IN ('any', 'sms', 'whatsapp', 'telegram', 'viber', 'email', 'push', 'call')),
    state        TEXT NOT NULL CHECK (state IN ('given', 'withdrawn')),
    at           BIGINT NOT NULL,
    text_version TEXT NOT NULL,
    proof        TEXT NOT NULL,                       -- form, address, words
    channel      TEXT NOT NULL,
    actor_kind   TEXT NOT NULL,
    actor_id     BIGINT,
    actor_name   TEXT NOT NULL,
    event_id     BIGINT,                              -- the merge that brought it
    voided_by    BIGINT                               -- the unmerge that took it back
);
CREATE INDEX consents_customer ON consents (customer_id, purpose, medium, at, id);
