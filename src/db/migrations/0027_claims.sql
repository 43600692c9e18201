-- Claims are worked on: a step can be taken back while its window is open. A return that is told twice is one row.

-- both
ALTER TABLE claim_history ADD COLUMN before TEXT NOT NULL DEFAULT '';            -- JSON: what the step has changed, and until when it may be taken back

-- A return that people have made and the market tells later is one row.
ALTER TABLE returns ADD COLUMN own_name TEXT NOT NULL DEFAULT '';                -- ours, before the market's return was joined to it
ALTER TABLE returns ADD COLUMN apart TEXT NOT NULL DEFAULT '';                   -- the market's return that it is not, as people have said
