-- What only some sources have; and sources that come from a command.
ALTER TABLE sources ADD COLUMN details TEXT NOT NULL DEFAULT '';       -- JSON of its Details; empty: it has none
ALTER TABLE sources ADD COLUMN held INTEGER NOT NULL DEFAULT 0;        -- 1: paused by hand, so that the config doesn't wake it
CREATE INDEX sources_parent ON sources (parent) WHERE parent IS NOT NULL;
