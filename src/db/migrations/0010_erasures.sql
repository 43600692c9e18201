-- Who was erased, without personal data: ids, so that a restored backup can forget them again; and whom not to write to.

-- both
CREATE TABLE erasures (
    id              BIGINT NOT NULL PRIMARY KEY,
    at              BIGINT NOT NULL,
    actor_kind      TEXT NOT NULL,
    actor_id        BIGINT,
    actor_name      TEXT NOT NULL,
    customers       TEXT NOT NULL,                    -- ids of the cards, comma between
    sources         TEXT NOT NULL,                    -- ids of their records
    orders_n        BIGINT NOT NULL,
    do_not_contact  BIGINT NOT NULL CHECK (do_not_contact IN (0, 1))
);
CREATE TABLE do_not_contact (                         -- of people who asked for it: salted digests of phone and e-mail
    digest  TEXT NOT NULL PRIMARY KEY,
    at      BIGINT NOT NULL
);
