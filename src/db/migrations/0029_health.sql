-- Missed deadlines of returns and claims stand beside those of orders, by what people call them. Among orders that are due at the
-- same moment those of an account that is nearer to a limit of its market come first: the last three bits of queue_rank.
ALTER TABLE violations ADD COLUMN number TEXT NOT NULL DEFAULT '';
UPDATE violations SET number = COALESCE((SELECT o.number FROM orders o WHERE o.id = violations.object_id), '') WHERE object = 'order';

CREATE TABLE queue_weights (                          -- 0 first … 7; an account without a row has 7
    account_id  BIGINT NOT NULL PRIMARY KEY,
    weight      BIGINT NOT NULL CHECK (weight >= 0 AND weight <= 7)
);
UPDATE orders SET queue_rank = (queue_rank / 281474976710656) * 281474976710656 + deadline_at * 8 + 7 WHERE deadline_at IS NOT NULL;
