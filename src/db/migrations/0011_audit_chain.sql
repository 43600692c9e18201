-- The log of changes is chained: each row holds the hash of the rows before it in its day, each day that of the day before.

-- both
ALTER TABLE audit_entries ADD COLUMN digest TEXT NOT NULL DEFAULT '';   -- of before and after: these may be blanked, the chain holds
ALTER TABLE audit_entries ADD COLUMN chain TEXT NOT NULL DEFAULT '';    -- given when the day is sealed

CREATE TABLE audit_seals (
    day      BIGINT NOT NULL PRIMARY KEY,             -- since 1970, UTC
    before   TEXT NOT NULL,                           -- seal of the day before it
    last_id  BIGINT NOT NULL,
    entries  BIGINT NOT NULL,
    chain    TEXT NOT NULL,                           -- of its last row
    seal     TEXT NOT NULL,                           -- '' while its rows are being chained
    cleared  BIGINT NOT NULL                          -- its rows are older than they are kept, and gone
);
