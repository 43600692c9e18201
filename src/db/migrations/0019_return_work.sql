-- Work with returns: since when a return is in its state and when it wakes by itself, photos of what came back, the life of claims.

-- both
ALTER TABLE returns ADD COLUMN state_at BIGINT;       -- since when it is in its state; not set: from before this was kept
ALTER TABLE returns ADD COLUMN wake_at BIGINT;        -- when something happens to it by itself
ALTER TABLE returns ADD COLUMN woken BIGINT NOT NULL DEFAULT 0;        -- bits of what has happened by itself already
UPDATE returns SET state_at = updated_at;
CREATE INDEX returns_wake ON returns (wake_at, id) WHERE wake_at IS NOT NULL;
CREATE INDEX returns_track ON returns (track) WHERE track <> '';
CREATE INDEX returns_code ON returns (external_id);
CREATE INDEX returns_number_told ON returns (order_number);

CREATE TABLE return_photos (
    id         BIGINT NOT NULL PRIMARY KEY,
    return_id  BIGINT NOT NULL,
    type       TEXT NOT NULL CHECK (type IN ('image/jpeg', 'image/png', 'image/webp')),
    width      BIGINT NOT NULL,
    height     BIGINT NOT NULL,
    size       BIGINT NOT NULL,
    bytes      BYTES NOT NULL,                        -- without what a camera writes beside the picture
    by_id      BIGINT,
    by_name    TEXT NOT NULL,
    at         BIGINT NOT NULL
);
CREATE INDEX return_photos_of ON return_photos (return_id, id);

CREATE TABLE claim_history (
    claim_id    BIGINT NOT NULL,
    seq         BIGINT NOT NULL,
    at          BIGINT NOT NULL,
    from_state  TEXT NOT NULL,
    to_state    TEXT NOT NULL,
    actor_kind  TEXT NOT NULL,
    actor_id    BIGINT,
    actor_name  TEXT NOT NULL,
    note        TEXT NOT NULL,
    PRIMARY KEY (claim_id, seq)
);
CREATE INDEX claims_order ON claims (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX claims_newest ON claims (created_at, id);
CREATE INDEX return_undo_return ON return_undo (return_id);
