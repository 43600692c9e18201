-- What was told, at size: what one person was sent, what he has yet to acknowledge, and which notice is part of which message. And the
-- numbers of orders whose clocks ran out, which were not kept.
-- works with 0031

-- both
CREATE INDEX notice_sends_user ON notice_sends (user_id, id);
CREATE INDEX notice_parts_notice ON notice_parts (notice_id);
CREATE INDEX notices_open ON notices (user_id, object, object_id) WHERE acked_at IS NULL;
UPDATE violations SET number = COALESCE((SELECT o.number FROM orders o WHERE o.id = violations.object_id), '') WHERE object = 'order' AND number = '';
