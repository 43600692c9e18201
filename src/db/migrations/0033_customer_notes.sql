-- Notes of colleagues about a buyer: kept on the card on which they were written, so a merge that is taken back takes its own along.
-- Words of two alphabets are read better: the keys by which buyers are compared are made anew. A shop without buyers has nothing to make.
-- works with 0031

-- both
CREATE TABLE customer_notes (
    id           BIGINT NOT NULL PRIMARY KEY,
    customer_id  BIGINT NOT NULL,
    at           BIGINT NOT NULL,
    author_id    BIGINT,
    author_name  TEXT NOT NULL,
    text         TEXT NOT NULL,
    edited_at    BIGINT,
    version      BIGINT NOT NULL
);
CREATE INDEX customer_notes_of ON customer_notes (customer_id, at, id);
UPDATE settings SET value = '3' WHERE key = 'identity.keys' AND NOT EXISTS (SELECT 1 FROM customer_sources);
