-- What is looked for by the sync engine and its housekeeping is found without walking a table that grows for years.

-- both
CREATE INDEX outbox_state ON outbox (state, id);
DROP INDEX outbox_trouble;
CREATE INDEX intake_payload ON intake_events (received_at, id) WHERE state <> 'parked' AND payload <> '';
