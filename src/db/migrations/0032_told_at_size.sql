-- What was told, at size: what one person was sent, what he has yet to acknowledge, and which notice is part of which message. How
-- many returns are where. And the numbers of orders whose clocks ran out, which were not kept.
-- works with 0031

-- both
CREATE INDEX notice_sends_user ON notice_sends (user_id, id);
CREATE INDEX notice_parts_notice ON notice_parts (notice_id);
CREATE INDEX notices_open ON notices (user_id, object, object_id) WHERE acked_at IS NULL;
CREATE INDEX returns_counted ON returns (state, zone, currency, account_id, refund_amount, closed) WHERE closed = 0;
UPDATE violations SET number = COALESCE((SELECT o.number FROM orders o WHERE o.id = violations.object_id), '') WHERE object = 'order' AND number = '';
