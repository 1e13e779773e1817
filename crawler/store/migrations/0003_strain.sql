-- How a host bears our visits. It outlives leases and restarts.
ALTER TABLE hosts ADD COLUMN latency_ms INTEGER NOT NULL DEFAULT 0;   -- a moving average of what its answers take; 0: none yet
ALTER TABLE hosts ADD COLUMN slow_ms INTEGER NOT NULL DEFAULT 0;      -- the gap it was slowed to; 0: it isn't
ALTER TABLE hosts ADD COLUMN calm INTEGER NOT NULL DEFAULT 0;         -- answers in a row since it was slowed, or eased a step
