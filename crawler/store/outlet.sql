-- Who was told of what.

-- hasty --
-- A commit waits for no disk; the next one of the crawl makes it durable with its own.
PRAGMA synchronous = NORMAL

-- checkpoint --
-- As rarely as the store's own connection.
PRAGMA wal_autocheckpoint = 8000

-- enter --
-- One that is new is told of what comes from now on.
INSERT INTO outlets (outlet_id, name, seq)
SELECT ?, ?, coalesce(max(seq), 0) FROM events WHERE true
    ON CONFLICT (outlet_id) DO UPDATE SET name = excluded.name

-- forget_outlets --
-- Those that the configuration doesn't name any more.
DELETE FROM outlets WHERE outlet_id NOT IN (SELECT value FROM json_each(?))

-- forget_undelivered --
-- Nobody is waiting for these.
DELETE FROM undelivered WHERE outlet_id NOT IN (SELECT value FROM json_each(?))

-- forget_alarms --
-- Nobody asked for these.
DELETE FROM alarms WHERE outlet_id NOT IN (SELECT value FROM json_each(?))

-- forget_gone --
-- What was taken down is told to nobody.
DELETE FROM undelivered WHERE seq NOT IN (SELECT seq FROM events)

-- standing --
-- How far one is.
SELECT seq, fails FROM outlets WHERE outlet_id = ?

-- went --
-- What was delivered, up to where; or why the last one failed.
UPDATE outlets
   SET seq = max(seq, ?2), delivered = delivered + ?3, delivered_at = CASE WHEN ?3 THEN ?4 ELSE delivered_at END,
       fails = ?5, error = ?6
 WHERE outlet_id = ?1

-- set_aside --
-- It failed where others didn't, or failed again.
INSERT INTO undelivered (outlet_id, seq, tries, due_at, error) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (outlet_id, seq) DO UPDATE SET tries = excluded.tries, due_at = excluded.due_at, error = excluded.error

-- delivered --
-- It was taken after all.
DELETE FROM undelivered WHERE outlet_id = ? AND seq = ?

-- due --
-- What was set aside and is due again, with its tries. A clock that was set back must not hold it up: ?3 is the latest that can be.
SELECT e.seq, e.kind, e.article_id, e.n, e.at, v.seg_id, v.rec_off, v.rec_len, a.source, u.tries
  FROM undelivered AS u
  JOIN events AS e ON e.seq = u.seq
  JOIN articles AS a ON a.article_id = e.article_id
  JOIN versions AS v ON v.article = a.id AND v.n = e.n - (e.kind = 'deleted')
 WHERE u.outlet_id = ?1 AND (u.due_at <= ?2 OR u.due_at > ?3) ORDER BY u.due_at, u.seq LIMIT ?4

-- alarms --
-- What an alert is about just now.
SELECT source_id, since, told FROM alarms WHERE outlet_id = ?

-- raise_alarm --
-- It has begun.
INSERT INTO alarms (outlet_id, source_id, since) VALUES (?, ?, ?) ON CONFLICT DO NOTHING

-- alarm_told --
-- Somebody knows.
UPDATE alarms SET told = 1 WHERE outlet_id = ? AND source_id = ?

-- end_alarm --
-- It is over.
DELETE FROM alarms WHERE outlet_id = ? AND source_id = ?

-- fares --
-- How sources fare that are polled.
SELECT s.source_id, s.kind, s.url, s.name, s.state, s.failures, s.last_outcome, s.last_at, s.rhythm,
       (SELECT min(p.at) FROM polls AS p WHERE p.source_id = s.source_id)
  FROM sources AS s WHERE s.state <> 'paused'
