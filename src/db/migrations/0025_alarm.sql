-- Deadlines of claims have a clock of their own, so that people are told of them as of orders and returns; notices carry the sum at stake
-- and name which deadline they speak of.

-- both
CREATE TABLE claim_clocks (                           -- of claims that wait for us
    claim_id      BIGINT NOT NULL PRIMARY KEY,
    account_id    BIGINT NOT NULL,
    promised_at   BIGINT,                             -- the claim's own deadline that this clock was made for
    began         BIGINT NOT NULL,
    deadline_at   BIGINT NOT NULL,
    yellow_at     BIGINT NOT NULL,
    red_at        BIGINT NOT NULL,
    total_ms      BIGINT NOT NULL,
    zone          TEXT NOT NULL,
    zone_next_at  BIGINT
);
CREATE INDEX claim_clocks_next ON claim_clocks (zone_next_at, claim_id) WHERE zone_next_at IS NOT NULL;
CREATE INDEX claim_clocks_hot ON claim_clocks (deadline_at, claim_id) WHERE zone IN ('red', 'breached');
INSERT INTO claim_clocks (claim_id, account_id, promised_at, began, deadline_at, yellow_at, red_at, total_ms, zone, zone_next_at)
SELECT id, account_id, deadline_at, created_at, deadline_at, deadline_at - (deadline_at - created_at) / 2,
       deadline_at - CASE WHEN (deadline_at - created_at) / 5 < 7200000 THEN (deadline_at - created_at) / 5 ELSE 7200000 END,
       deadline_at - created_at, 'green', deadline_at - (deadline_at - created_at) / 2
  FROM claims WHERE state IN ('open', 'evidence') AND deadline_at IS NOT NULL AND deadline_at > created_at;

CREATE INDEX returns_hot ON returns (deadline_at, id) WHERE closed = 0 AND zone IN ('red', 'breached');

ALTER TABLE notices ADD COLUMN term TEXT NOT NULL DEFAULT '';
ALTER TABLE notices ADD COLUMN amount BIGINT;
ALTER TABLE notices ADD COLUMN currency TEXT NOT NULL DEFAULT '';
UPDATE notices SET term = step;
ALTER TABLE notices ADD COLUMN facts TEXT NOT NULL DEFAULT '';

CREATE TABLE alarms (                                 -- what has passed a limit: told once per crossing, a row per crossing
    id          BIGINT NOT NULL PRIMARY KEY,
    kind        TEXT NOT NULL CHECK (kind IN ('standing', 'reason')),
    key         TEXT NOT NULL,                        -- "own_cancel:<account>", "<article>:<reason>"
    level       TEXT NOT NULL CHECK (level IN ('near', 'over', 'grows')),
    account_id  BIGINT,
    channel     TEXT NOT NULL,
    title       TEXT NOT NULL,                        -- of the account, of the product
    figure      TEXT NOT NULL,                        -- what is counted, the reason
    facts       TEXT NOT NULL,                        -- JSON: the numbers at the crossing
    since       BIGINT NOT NULL,
    ended_at    BIGINT
);
CREATE UNIQUE INDEX alarms_open ON alarms (kind, key) WHERE ended_at IS NULL;
CREATE INDEX alarms_since ON alarms (since);
CREATE INDEX tasks_of_rule ON tasks (rule) WHERE state = 'open' AND rule <> '';

CREATE TABLE notice_reads_new (                       -- returns, claims and alarms are read as orders are
    user_id    BIGINT NOT NULL,
    object     TEXT NOT NULL CHECK (object IN ('order', 'return', 'claim', 'account', 'alarm')),
    object_id  BIGINT NOT NULL,
    read_to    BIGINT NOT NULL,
    PRIMARY KEY (user_id, object, object_id)
);
INSERT INTO notice_reads_new SELECT user_id, object, object_id, read_to FROM notice_reads;
DROP TABLE notice_reads;
ALTER TABLE notice_reads_new RENAME TO notice_reads;
CREATE INDEX notice_reads_age ON notice_reads (user_id, read_to);
