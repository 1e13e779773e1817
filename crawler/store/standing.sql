-- How the store stands, for those who only read.

-- sources --
-- What tells the condition of each.
SELECT state, failures, rhythm FROM sources

-- late --
-- Who is due and might be asked, oldest first. While a host is leased its polite_at lies ahead.
SELECT s.source_id, s.name, s.url, max(s.q_due, h.polite_at) AS since
  FROM sources AS s JOIN hosts AS h ON h.host_id = s.q_host
 WHERE s.state <> 'paused' AND since < ?
 ORDER BY since, s.source_id LIMIT ?

-- queue --
-- Rows in the queue, as the hosts count them: to count a million rows takes half a second.
SELECT coalesce(sum(pending), 0) FROM hosts

-- outbox --
-- What waits for a parser.
SELECT count(*), min(fetched_at) FROM outbox

-- articles --
-- How many there are.
SELECT count(*) FROM articles

-- success --
-- The newest answers that could be used: a poll's, and an archived one.
SELECT (SELECT max(last_at) FROM sources WHERE failures = 0),
       (SELECT fetched_at FROM captures WHERE status BETWEEN 200 AND 399 ORDER BY fetched_at DESC LIMIT 1)

-- beat --
-- When a daemon last said that it lives.
SELECT max(beat_at) FROM workers WHERE worker_id LIKE 'run-%'

-- answers --
-- How many since then; the index alone is read.
SELECT count(*) FROM captures WHERE fetched_at >= ?

-- events --
-- When the newest articles and versions came, newest first.
SELECT at FROM events ORDER BY seq DESC

-- bytes --
-- Of all segments.
SELECT coalesce(sum(committed + rec_committed), 0), min(created_at) FROM segments WHERE state < 4

-- grown --
-- By how much they grew: of those begun since then.
SELECT coalesce(sum(committed + rec_committed), 0) FROM segments WHERE state < 4 AND created_at >= ?

-- pages --
-- What was given up since then, by reason, with the newest of each.
SELECT reason, count(*), max(at), url, detail FROM failures WHERE at >= ? GROUP BY reason

-- failing --
-- Sources whose last poll failed, by reason, with the newest of each.
SELECT last_outcome, count(*), max(last_at), url,
       coalesce((SELECT p.detail FROM polls AS p WHERE p.source_id = sources.source_id ORDER BY p.at DESC LIMIT 1), '')
  FROM sources WHERE state <> 'paused' AND failures > 0 AND last_outcome IS NOT NULL GROUP BY last_outcome

-- untold --
-- Hooks and alerts that can't be told just now, or have messages that couldn't be.
SELECT o.name, o.fails, (SELECT count(*) FROM undelivered AS u WHERE u.outlet_id = o.outlet_id) AS waiting, coalesce(o.error, '')
  FROM outlets AS o WHERE o.fails > 0 OR waiting > 0 ORDER BY o.name
