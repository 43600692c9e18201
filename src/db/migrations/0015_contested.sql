-- A record whose card does not tell all that hangs together with it: a link to another card was refused by a guard or a verdict.
-- Of records that were stored before nobody knows it yet, so they are looked at until a run has been over them.

-- both
ALTER TABLE customer_sources ADD COLUMN contested BIGINT NOT NULL DEFAULT 1;

-- Keys that so many records share that they make no pairs, as the last run over all records has counted them; and those of which a
-- person has said that they are no hubs.
CREATE TABLE identity_blocks (
    key         BIGINT NOT NULL PRIMARY KEY,
    kind        TEXT NOT NULL,                        -- "phone", "name" …: identity/person.h
    state       TEXT NOT NULL CHECK (state IN ('hub', 'spared')),
    members     BIGINT NOT NULL,
    source_id   BIGINT NOT NULL,                      -- one of them
    at          BIGINT NOT NULL,                      -- counted
    actor_name  TEXT NOT NULL,                        -- who has said so
    decided_at  BIGINT
);
CREATE INDEX identity_blocks_members ON identity_blocks (members, key);
-- A shop without buyers has all their keys.
INSERT INTO settings (key, value) SELECT 'identity.keys', '1' WHERE NOT EXISTS (SELECT 1 FROM customer_sources)
    AND NOT EXISTS (SELECT 1 FROM settings WHERE key = 'identity.keys');
