-- What a takedown asks of the store, and takes out of it.

-- article --
-- Whose page it is, and what it calls its own address.
SELECT host_id, h, url, canonical FROM articles WHERE article_id = ?

-- articles_at --
-- Articles whose page lies at these addresses; the last column tells a feed's entry from a page.
SELECT a.article_id, a.url FROM json_each(?) AS k CROSS JOIN articles AS a
 WHERE a.host_id = json_extract(k.value, '$[0]') AND a.h = json_extract(k.value, '$[1]')

-- lines --
-- Where the record lines of these articles lie, each version's.
SELECT a.article_id, v.seg_id, v.rec_off, v.rec_len
  FROM json_each(?) AS name CROSS JOIN articles AS a ON a.article_id = name.value CROSS JOIN versions AS v ON v.article = a.id

-- captures_at --
-- What was archived of these addresses.
SELECT c.host_id, c.h, c.fetched_at, c.seg_id, c.off, c.len, c.glen, c.kind, c.status, c.mime, c.digest,
       c.revisit_host, c.revisit_h, c.revisit_at, c.url, c.extracted
  FROM json_each(?) AS k CROSS JOIN captures AS c
 WHERE c.host_id = json_extract(k.value, '$[0]') AND c.h = json_extract(k.value, '$[1]')

-- capture --
-- One of them, by its key.
SELECT host_id, h, fetched_at, seg_id, off, len, glen, kind, status, mime, digest, revisit_host, revisit_h, revisit_at, url,
       extracted
  FROM captures WHERE host_id = ? AND h = ? AND fetched_at = ?

-- repeats --
-- Captures that refer to these. Reads all of them: nobody else asks this, so there is no index for it.
SELECT host_id, h, fetched_at, seg_id, off, len, glen, kind, status, mime, digest, revisit_host, revisit_h, revisit_at, url,
       extracted
  FROM captures
 WHERE revisit_at IS NOT NULL
   AND (revisit_host, revisit_h, revisit_at) IN
       (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]') FROM json_each(?))

-- block --
-- Never offered again.
INSERT INTO blocked (host_id, h, reason) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET reason = excluded.reason

-- take_down --
-- Never published again, also where it has no page.
INSERT INTO taken_down (article_id, order_id) VALUES (?, ?) ON CONFLICT DO NOTHING

-- barred_addresses --
-- Which of these are never asked again. Mostly there is none in all: then the list isn't looked into.
SELECT b.host_id, b.h
  FROM (SELECT 1 FROM blocked LIMIT 1) CROSS JOIN json_each(?) AS a CROSS JOIN blocked AS b
 WHERE b.host_id = json_extract(a.value, '$[0]') AND b.h = json_extract(a.value, '$[1]')

-- barred_articles --
-- Which of these are never published again.
SELECT t.article_id
  FROM (SELECT 1 FROM taken_down LIMIT 1) CROSS JOIN json_each(?) AS a CROSS JOIN taken_down AS t ON t.article_id = a.value

-- forget_capture --
-- It is known no more.
DELETE FROM captures WHERE host_id = ? AND h = ? AND fetched_at = ?

-- forget_waiting --
-- Nobody reads it any more. The outbox is short: all of it is walked.
DELETE FROM outbox WHERE host_id = ? AND h = ? AND fetched_at = ?

-- forget_payload --
-- Nor its bytes: the next identical ones are kept anew, if they are asked for at all.
DELETE FROM payloads WHERE host_id = ? AND h = ? AND fetched_at = ?

-- forget_queued --
-- Nothing is to be asked of it.
DELETE FROM queue WHERE host_id = ? AND h = ? RETURNING host_id

-- fewer --
-- A host learns that rows of its queue are gone.
UPDATE hosts SET pending = pending - ? WHERE host_id = ?

-- forget_failure --
-- What couldn't be had there.
DELETE FROM failures WHERE host_id = ? AND h = ?

-- stop_source --
-- A source at such an address is asked no more.
UPDATE sources SET state = 'paused', q_host = NULL, q_due = NULL, q_h = NULL WHERE host_id = ? AND h = ?

-- end_waiting --
-- A source whose body is gone waits no more; it is due again with the next start.
UPDATE sources SET w_host = NULL, w_h = NULL, w_at = NULL WHERE w_host = ? AND w_h = ? AND w_at = ?

-- forget_versions --
-- What it said each time,
DELETE FROM versions WHERE article = (SELECT id FROM articles WHERE article_id = ?)

-- forget_article --
-- and last,
DELETE FROM articles WHERE article_id = ?

-- forget_events --
-- and that there was news of it.
DELETE FROM events WHERE article_id = ?

-- entries --
-- What sources said of pages, some at a time.
SELECT source_id, key, url FROM entries
 WHERE (source_id, key) > (?, ?) ORDER BY source_id, key LIMIT ?

-- forget_entry --
-- One of them.
DELETE FROM entries WHERE source_id = ? AND key = ?

-- known --
-- Orders that were carried out in this store.
SELECT reason FROM blocked WHERE reason IS NOT NULL UNION SELECT order_id FROM taken_down

-- reseal --
-- The sum of a sealed segment after records of it were erased.
UPDATE segments SET sha256 = ? WHERE seg_id = ? AND state = 3

-- checkpoint --
-- All of the log into the file, and the log emptied: deleted rows stand in it, too.
PRAGMA wal_checkpoint(TRUNCATE)

-- exports --
-- Where articles were exported to.
SELECT DISTINCT e.folder, e.form, e.at FROM exported AS x JOIN exports AS e ON e.export_id = x.export_id
 WHERE x.article_id IN (SELECT value FROM json_each(?)) ORDER BY e.at

-- add_export --
-- An export that was finished.
INSERT INTO exports (folder, form, at) VALUES (?, ?, ?) RETURNING export_id

-- add_exported --
-- What is in it.
INSERT INTO exported (export_id, article_id) VALUES (?, ?) ON CONFLICT DO NOTHING
