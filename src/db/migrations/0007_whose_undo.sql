-- Who took a step is who may take it back. Steps from before live for some seconds more, and are nobody's.

-- both
ALTER TABLE undo_steps ADD COLUMN actor_kind TEXT NOT NULL DEFAULT '';
ALTER TABLE undo_steps ADD COLUMN actor_id BIGINT;
