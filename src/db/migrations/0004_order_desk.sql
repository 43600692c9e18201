-- Orders that people set aside until a date, and what a marketplace changed in an order after it had come.

-- both
CREATE TABLE order_holds (                            -- beside the order, for few orders have one
    order_id  BIGINT NOT NULL PRIMARY KEY,
    until     BIGINT NOT NULL,
    reason    TEXT NOT NULL
);
CREATE INDEX order_holds_until ON order_holds (until, order_id);

CREATE TABLE order_changes (
    order_id  BIGINT NOT NULL,
    version   BIGINT NOT NULL,                        -- of the order, after the change
    field     TEXT NOT NULL,
    at        BIGINT NOT NULL,
    was       TEXT NOT NULL,
    became    TEXT NOT NULL,
    seen_at   BIGINT,
    seen_by   BIGINT,
    PRIMARY KEY (order_id, version, field)
);
