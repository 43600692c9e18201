-- The report of a period reads indexes alone where it can: of the returns that were asked for in it, of those of an order, and of what was
-- delivered in it.
-- works with 0036

-- both
DROP INDEX returns_ended;
CREATE INDEX returns_ended ON returns (requested_at, id, account_id, channel, kind, state, reason, currency, units, refund_amount);
DROP INDEX returns_order;
CREATE INDEX returns_order ON returns (order_id, id, kind, state);
DROP INDEX order_outcomes_delivered;
CREATE INDEX order_outcomes_delivered ON order_outcomes (delivered_at, order_id, account_id) WHERE delivered_at IS NOT NULL;
