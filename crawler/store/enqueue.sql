-- The queue's own business: rows in, rows out, and what their host must know of it.

-- add_hosts --
-- Make the rows of hosts never met before.
INSERT INTO hosts (host_id, host) VALUES (?, ?) ON CONFLICT (host_id) DO NOTHING

-- blocked --
-- Which of these addresses were taken down. Mostly there is none in all: then the list isn't looked into.
SELECT b.host_id, b.h
  FROM (SELECT 1 FROM blocked LIMIT 1) CROSS JOIN json_each(?) AS a CROSS JOIN blocked AS b
 WHERE b.host_id = json_extract(a.value, '$[0]') AND b.h = json_extract(a.value, '$[1]')

-- add_seen --
-- Note addresses; gives those that are new.
INSERT INTO seen (part, h)
SELECT json_extract(value, '$[0]') >> 40, json_extract(value, '$[1]') FROM json_each(?) WHERE true
    ON CONFLICT DO NOTHING
RETURNING part, h

-- see --
-- Note an address, whether it is new or not: what isn't gated comes anyway, and a revisit's was noted long ago.
INSERT INTO seen (part, h) VALUES (?, ?) ON CONFLICT DO NOTHING

-- standing --
-- Which of these keys have a row already, and whose it is.
SELECT q.host_id, q.due_at, q.h, q.kind, q.ctx
  FROM json_each(?) AS k CROSS JOIN queue AS q
 WHERE q.host_id = json_extract(k.value, '$[0]')
   AND q.due_at = json_extract(k.value, '$[1]')
   AND q.h = json_extract(k.value, '$[2]')

-- put --
-- Queue a job. A row that meets its own key is updated, and its leases forgotten.
INSERT INTO queue (host_id, due_at, h, kind, target, depth, tries, ctx) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (host_id, due_at, h) DO UPDATE
   SET kind = excluded.kind, target = excluded.target, depth = excluded.depth, tries = excluded.tries, leases = 0,
       ctx = excluded.ctx

-- wake --
-- Tell a host of new rows, and when the first of them is due.
UPDATE hosts SET wake_at = min(wake_at, ?), pending = pending + ? WHERE host_id = ?

-- take --
-- Remove a row by its key.
DELETE FROM queue WHERE host_id = ? AND due_at = ? AND h = ?

-- set_leases --
-- Remember that a job is a suspect, after it was queued anew.
UPDATE queue SET leases = ? WHERE host_id = ? AND due_at = ? AND h = ?

-- point_source --
-- Where a source's queue row stands now.
UPDATE sources SET q_host = ?, q_due = ?, q_h = ? WHERE source_id = ?

-- source_rows --
-- Where the queue rows of these sources stand.
SELECT source_id, q_host, q_due, q_h FROM sources WHERE source_id IN (SELECT value FROM json_each(?)) AND q_host IS NOT NULL

-- settle_wake --
-- The truth about a host's next job: what was removed may have been the first.
UPDATE hosts
   SET wake_at = coalesce((SELECT min(due_at) FROM queue WHERE queue.host_id = hosts.host_id), 9000000000000000000)
 WHERE host_id = ?

-- stale --
-- Offers of addresses whose newest capture is older than the change they speak of.
SELECT json_extract(k.value, '$[0]')
  FROM json_each(?) AS k
 WHERE (SELECT max(fetched_at) FROM captures
         WHERE host_id = json_extract(k.value, '$[1]') AND h = json_extract(k.value, '$[2]')) < json_extract(k.value, '$[3]')
