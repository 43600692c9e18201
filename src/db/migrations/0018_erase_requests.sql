-- Erasing a person takes two: who asks and who approves. Reasons are codes, so that the proof holds nothing of the person.

-- both
CREATE TABLE erase_requests (
    id              BIGINT NOT NULL PRIMARY KEY,
    customer_id     BIGINT NOT NULL,
    reason          TEXT NOT NULL,
    do_not_contact  BIGINT NOT NULL CHECK (do_not_contact IN (0, 1)),
    state           TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'refused')),
    asked_id        BIGINT,
    asked_name      TEXT NOT NULL,
    at              BIGINT NOT NULL,
    decided_id      BIGINT,
    decided_name    TEXT NOT NULL,
    decided_at      BIGINT,
    erasure_id      BIGINT,
    version         BIGINT NOT NULL
);
CREATE UNIQUE INDEX erase_requests_waiting ON erase_requests (customer_id) WHERE state = 'waiting';
ALTER TABLE erasures ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE erasures ADD COLUMN asked_name TEXT NOT NULL DEFAULT '';      -- who asked; the actor approved
