-- Words that people put on cards of buyers, and saved lists of buyers.

-- both
CREATE TABLE customer_tags (
    customer_id  BIGINT NOT NULL,
    tag_hash     BIGINT NOT NULL,                     -- of the folded word: "VIP" and "vip" are one
    tag          TEXT NOT NULL,
    event_id     BIGINT,                              -- the merge that brought it here; not set: a person put it on
    actor_id     BIGINT,
    actor_name   TEXT NOT NULL,
    at           BIGINT NOT NULL,
    PRIMARY KEY (customer_id, tag_hash)
);
CREATE INDEX customer_tags_hash ON customer_tags (tag_hash, customer_id);
CREATE INDEX customer_tags_event ON customer_tags (event_id) WHERE event_id IS NOT NULL;

CREATE TABLE customer_tag_names (
    tag_hash     BIGINT NOT NULL PRIMARY KEY,
    tag          TEXT NOT NULL                        -- as it was first written
);

ALTER TABLE views ADD COLUMN screen TEXT NOT NULL DEFAULT 'orders';
