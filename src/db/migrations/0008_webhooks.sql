-- Whom we tell what happened: addresses of other programs, what is on its way to them, and what each try came to.

-- both
CREATE TABLE webhooks (
    id             BIGINT NOT NULL PRIMARY KEY,
    name           TEXT NOT NULL,
    url            TEXT NOT NULL,
    events         TEXT NOT NULL,                     -- names, comma between
    accounts       TEXT NOT NULL,                     -- ids of channel accounts in scope, comma between; '' = all
    contents       TEXT NOT NULL CHECK (contents IN ('thin', 'full')),
    enabled        BIGINT NOT NULL CHECK (enabled IN (0, 1)),
    stopped        TEXT NOT NULL,                     -- why we switched it off ourselves: '', 'gone', 'failing'
    sealed         TEXT NOT NULL,
    sealed_old     TEXT NOT NULL,                     -- signs along until old_until
    old_until      BIGINT,
    since_event    BIGINT NOT NULL,                   -- earlier events are not told
    failures       BIGINT NOT NULL,                   -- in a row
    failing_since  BIGINT,
    pause_until    BIGINT NOT NULL,                   -- ms: an address that fails is not asked for every row
    created_by     BIGINT,
    version        BIGINT NOT NULL,
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL
);

CREATE TABLE webhook_deliveries (
    id           BIGINT NOT NULL PRIMARY KEY,
    webhook_id   BIGINT NOT NULL,
    event_id     BIGINT NOT NULL,                     -- 0: a test
    type         TEXT NOT NULL,
    body         TEXT NOT NULL,                       -- the very bytes that are signed, the same on every try
    state        TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'done', 'dead')),
    not_before   BIGINT NOT NULL,
    tries        BIGINT NOT NULL,
    taken_by     TEXT NOT NULL,
    lease_until  BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    done_at      BIGINT
);
CREATE UNIQUE INDEX webhook_deliveries_event ON webhook_deliveries (webhook_id, event_id, type) WHERE event_id > 0;
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook_id, not_before, id) WHERE state IN ('waiting', 'sending');
CREATE INDEX webhook_deliveries_list ON webhook_deliveries (webhook_id, id);
CREATE INDEX webhook_deliveries_age ON webhook_deliveries (created_at, id) WHERE state IN ('done', 'dead');

CREATE TABLE webhook_attempts (
    delivery_id  BIGINT NOT NULL,
    n            BIGINT NOT NULL,
    at           BIGINT NOT NULL,
    status       BIGINT NOT NULL,                     -- of the answer; 0: there was none
    took_ms      BIGINT NOT NULL,
    text         TEXT NOT NULL,                       -- the first KB of the answer, or what went wrong
    PRIMARY KEY (delivery_id, n)
);
