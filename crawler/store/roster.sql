-- Sources as commands see and change them.

-- listed --
-- All of them, with what stands of each; found sections and sitemaps behind what they were found in.
SELECT s.source_id, s.kind, s.url, s.host_id, s.h, s.name, s.origin, s.tags, s.every_ms, s.cron, s.weight, s.parent, s.details,
       s.state, s.last_at, s.last_outcome, s.failures, s.q_due, s.rhythm, s.moved,
       s.title, s.held, s.found_new, s.found_changed,
       coalesce((SELECT p.detail FROM polls AS p WHERE p.source_id = s.source_id ORDER BY p.at DESC LIMIT 1), ''), s.w_at
  FROM sources AS s LEFT JOIN sources AS root ON root.source_id = s.parent
 ORDER BY coalesce(root.name, s.name), coalesce(root.url, s.url), s.parent IS NOT NULL, s.url

-- polls --
-- How the last polls of a source went, the newest first.
SELECT at, status, outcome, failed, detail FROM polls WHERE source_id = ? ORDER BY at DESC LIMIT ?

-- with_kin --
-- These sources, and what was found in them.
SELECT source_id FROM sources
 WHERE source_id IN (SELECT value FROM json_each(?1)) OR parent IN (SELECT value FROM json_each(?1))

-- hold --
-- It isn't polled, whatever the config says; what is known of it stays.
UPDATE sources SET state = 'paused', asked = 0, held = 1 WHERE source_id = ?

-- let_go --
-- It is polled again.
UPDATE sources SET state = CASE state WHEN 'paused' THEN 'active' ELSE state END, held = 0 WHERE source_id = ?

-- queue_rows --
-- The queue rows of these sources.
SELECT hosts.host, q.host_id, q.due_at, q.h, q.kind, q.target, q.depth, q.tries, q.leases, q.ctx
  FROM sources AS s
  JOIN queue AS q ON q.host_id = s.q_host AND q.due_at = s.q_due AND q.h = s.q_h
  JOIN hosts ON hosts.host_id = q.host_id
 WHERE s.source_id IN (SELECT value FROM json_each(?))
 ORDER BY q.host_id, q.due_at, q.h

-- ask --
-- The row comes when the capture was read: then at once.
UPDATE sources SET asked = 1 WHERE w_at IS NOT NULL AND source_id = ?

-- forget --
-- A source that isn't watched any more.
DELETE FROM sources WHERE source_id = ?

-- forget_polls --
-- How it fared.
DELETE FROM polls WHERE source_id = ?

-- forget_entries --
-- What it said.
DELETE FROM entries WHERE source_id = ?

-- resting --
-- Sources that are due, and till when their hosts rest that nobody works on.
SELECT s.url, hosts.polite_at
  FROM sources AS s CROSS JOIN hosts ON hosts.host_id = s.q_host
 WHERE s.state IN ('active', 'blocked', 'not_a_feed') AND s.q_due <= ?1 AND hosts.polite_at > ?2 AND hosts.owner IS NULL
 ORDER BY hosts.polite_at DESC, s.url
