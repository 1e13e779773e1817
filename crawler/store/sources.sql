-- Sources: what is asked again and again.

-- stored --
-- What stands there, to compare with the config.
SELECT source_id, kind, url, host_id, h, name, origin, tags, every_ms, cron, weight, parent, details,
       state, q_host, q_due, q_h, w_at, held
  FROM sources

-- put_source --
-- Enter a source, or change what the config says of it.
INSERT INTO sources (source_id, kind, url, host_id, h, name, origin, tags, every_ms, cron, weight, parent, details)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (source_id) DO UPDATE
   SET kind = excluded.kind, url = excluded.url, host_id = excluded.host_id, h = excluded.h, name = excluded.name,
       origin = excluded.origin, tags = excluded.tags, every_ms = excluded.every_ms, cron = excluded.cron,
       weight = excluded.weight, parent = excluded.parent, details = excluded.details,
       state = CASE WHEN state = 'paused' AND NOT held THEN 'active' ELSE state END

-- pause --
-- It isn't polled, and what is known of it stays.
UPDATE sources SET state = 'paused', asked = 0 WHERE source_id = ?

-- active_rows --
-- The queue rows of active sources that are due later than this.
SELECT hosts.host, q.host_id, q.due_at, q.h, q.kind, q.target, q.depth, q.tries, q.leases, q.ctx
  FROM sources AS s
  JOIN queue AS q ON q.host_id = s.q_host AND q.due_at = s.q_due AND q.h = s.q_h
  JOIN hosts ON hosts.host_id = q.host_id
 WHERE s.state IN ('active', 'blocked', 'not_a_feed') AND s.q_due > ?
 ORDER BY q.host_id, q.due_at, q.h

-- ask --
-- The row comes when the capture was read: then at once.
UPDATE sources SET asked = 1 WHERE state IN ('active', 'blocked', 'not_a_feed') AND w_at IS NOT NULL

-- queued --
-- How many active sources have a row.
SELECT count(*) FROM sources WHERE state IN ('active', 'blocked', 'not_a_feed') AND q_host IS NOT NULL

-- sources --
-- All of them, and how they fare.
SELECT source_id, kind, url, host_id, h, name, origin, tags, every_ms, cron, weight, parent, details,
       state, last_at, last_outcome, failures, q_due, rhythm, moved
  FROM sources ORDER BY name, url

-- poll_counts --
-- How many polls had which outcome.
SELECT source_id, outcome, count(*) FROM polls GROUP BY source_id, outcome ORDER BY source_id, outcome

-- watched --
-- What is known of all that are asked as often as they have news.
SELECT s.source_id, s.url, s.host_id, s.h, s.every_ms, s.cron, s.weight, s.parent, s.etag, s.last_modified, s.body_digest,
       s.rhythm, s.moved, 0, 0, s.details
  FROM sources AS s
 WHERE s.state IN ('active', 'blocked', 'not_a_feed') AND s.every_ms = 0 AND s.cron IS NULL

-- said --
-- Sources of which anything special is said.
SELECT source_id, coalesce(moved, url), details FROM sources WHERE details <> ''

-- known_entries --
-- What a source said so far.
SELECT key, item_hash FROM entries WHERE source_id = ?
