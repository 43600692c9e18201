-- Claims are worked on: a step can be taken back while its window is open; photos that a buyer has sent to a market are kept with ours.

-- both
ALTER TABLE claim_history ADD COLUMN before TEXT NOT NULL DEFAULT '';            -- JSON: what the step has changed, and until when it may be taken back
