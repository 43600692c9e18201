-- What buyers have photographed and filmed is told by a market as addresses. Pictures are fetched from its own hosts into return_photos.

-- both
CREATE TABLE return_media (
    id          BIGINT NOT NULL PRIMARY KEY,
    return_id   BIGINT NOT NULL,
    account_id  BIGINT NOT NULL,
    url         TEXT NOT NULL,                        -- https
    kind        TEXT NOT NULL CHECK (kind IN ('photo', 'video')),
    state       TEXT NOT NULL CHECK (state IN ('waiting', 'here', 'gone', 'refused', 'link')),
    photo_id    BIGINT,                               -- of one that is here
    tries       BIGINT NOT NULL,
    due_at      BIGINT,                               -- of one that waits; a server that has taken it moves this on
    problem     TEXT NOT NULL,                        -- code of why it is refused
    at          BIGINT NOT NULL
);
CREATE UNIQUE INDEX return_media_of ON return_media (return_id, url);
CREATE INDEX return_media_due ON return_media (due_at, id) WHERE due_at IS NOT NULL;
ALTER TABLE return_photos ADD COLUMN media_id BIGINT;  -- set: the buyer's, fetched from there
