-- Which servers work on this database, and the number by which each makes ids that no other makes.

CREATE TABLE servers (
    node         BIGINT NOT NULL PRIMARY KEY CHECK (node >= 0 AND node < 32),
    token        TEXT NOT NULL,                       -- of the one that holds it: random
    name         TEXT NOT NULL,                       -- host/pid address
    started_at   BIGINT NOT NULL,
    lease_until  BIGINT NOT NULL
);
