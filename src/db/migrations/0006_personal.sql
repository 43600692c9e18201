-- What is a person's own: keys bound anew, and up to when what needs attention was read.

-- both
ALTER TABLE users ADD COLUMN keys TEXT NOT NULL DEFAULT '';   -- "KeyC=KeyV,KeyV=KeyC"

CREATE TABLE notice_reads (
    user_id    BIGINT NOT NULL,
    object     TEXT NOT NULL CHECK (object IN ('order', 'account')),
    object_id  BIGINT NOT NULL,
    read_to    BIGINT NOT NULL,                       -- what happened to the object later is unread again
    PRIMARY KEY (user_id, object, object_id)
);
CREATE INDEX notice_reads_age ON notice_reads (user_id, read_to);
