-- Orders with a mark are few; counting them does not walk all open orders. What each person has chosen for a screen is kept here.

-- both
CREATE INDEX orders_marked ON orders (queue_rank, sort_at, id) WHERE closed = 0 AND marks <> 0;

CREATE TABLE user_choices (
    user_id  BIGINT NOT NULL REFERENCES users (id),
    name     TEXT NOT NULL,
    value    TEXT NOT NULL,
    PRIMARY KEY (user_id, name)
);
