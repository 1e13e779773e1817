-- A store made again from an archive, or an older one that takes in what came since. Nobody else uses the file meanwhile.

-- scratch --
-- What is needed only while it is made; goes with the connection.
CREATE TEMP TABLE told (                              -- each record line that has a text
  article_id TEXT NOT NULL,
  at         INTEGER NOT NULL,                        -- the newest fetched_at of this article in its segment so far
  seg_id     TEXT NOT NULL,
  rec_off    INTEGER NOT NULL,
  rec_len    INTEGER NOT NULL,
  text_hash  TEXT NOT NULL,
  host_id    INTEGER NOT NULL,
  h          INTEGER NOT NULL,
  fetched_at INTEGER NOT NULL,
  url        TEXT NOT NULL,
  title      TEXT,
  published  TEXT,
  language   TEXT,
  source     TEXT,
  words      INTEGER NOT NULL,
  canonical  TEXT,
  fingerprint INTEGER,
  PRIMARY KEY (article_id, at, seg_id, rec_off)
) WITHOUT ROWID

-- scratch_redirects --
-- Who pointed where.
CREATE TEMP TABLE redirects (part INTEGER, h INTEGER, to_part INTEGER, to_h INTEGER, PRIMARY KEY (part, h)) WITHOUT ROWID

-- scratch_news --
-- Versions that weren't there before.
CREATE TEMP TABLE news (article_id TEXT NOT NULL, n INTEGER NOT NULL, fetched_at INTEGER NOT NULL)

-- segments --
-- Which are known, and how far they had come.
SELECT seg_id, state, sha256 FROM segments

-- add_segment --
-- As it is now, as far as its files tell.
INSERT INTO segments (seg_id, owner, state, committed, rec_committed, sha256, created_at, sealed_at, uri)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (seg_id) DO UPDATE
   SET owner = excluded.owner, state = excluded.state, committed = excluded.committed,
       rec_committed = excluded.rec_committed, sha256 = excluded.sha256, sealed_at = excluded.sealed_at, uri = excluded.uri

-- add_capture --
-- One archived exchange. One that is known may have been read since.
INSERT INTO captures (host_id, h, fetched_at, seg_id, off, len, glen, kind, status, mime, digest,
                      revisit_host, revisit_h, revisit_at, url, extracted)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (host_id, h, fetched_at) DO UPDATE SET extracted = excluded.extracted
 WHERE captures.extracted = 0 AND excluded.extracted <> 0

-- add_waiting --
-- One that waits for a parser, unless it was read since.
INSERT INTO outbox (seg_id, off, host_id, h, fetched_at, ctx)
SELECT ?1, ?2, ?3, ?4, ?5, ?6 FROM captures WHERE host_id = ?3 AND h = ?4 AND fetched_at = ?5 AND extracted = 0
    ON CONFLICT DO NOTHING

-- forget_read --
-- What was read since waits no more.
DELETE FROM outbox
 WHERE NOT EXISTS (SELECT 1 FROM captures AS c
                    WHERE c.host_id = outbox.host_id AND c.h = outbox.h AND c.fetched_at = outbox.fetched_at AND c.extracted = 0)

-- add_host --
-- The next capture's key must be greater than its last one's.
INSERT INTO hosts (host_id, host, last_at) VALUES (?, ?, ?)
    ON CONFLICT (host_id) DO UPDATE SET last_at = max(last_at, excluded.last_at)

-- add_seen --
-- An address that needn't be asked for again.
INSERT INTO seen (part, h) VALUES (?, ?) ON CONFLICT DO NOTHING

-- add_redirect --
-- The newest word holds.
INSERT INTO redirects (part, h, to_part, to_h) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET to_part = excluded.to_part, to_h = excluded.to_h

-- see_redirects --
-- What points to something seen was followed to its end.
INSERT INTO seen (part, h)
SELECT r.part, r.h FROM redirects AS r JOIN seen AS s ON s.part = r.to_part AND s.h = r.to_h WHERE true
    ON CONFLICT DO NOTHING
RETURNING h

-- add_told --
-- One line of a `.jsonl`.
INSERT INTO told (article_id, at, seg_id, rec_off, rec_len, text_hash, host_id, h, fetched_at, url, title, published, language,
                  source, words, canonical, fingerprint)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING

-- add_payloads --
-- The first capture that held these bytes. SQLite takes the other columns from the row that has the minimum.
INSERT INTO payloads (host_id, digest, h, fetched_at)
SELECT host_id, digest, h, min(fetched_at) FROM captures
 WHERE digest IS NOT NULL AND digest <> ? AND revisit_at IS NULL
 GROUP BY host_id, digest
    ON CONFLICT DO NOTHING

-- told --
-- In the order in which they were published, article by article.
SELECT article_id, text_hash, fetched_at, at, seg_id, rec_off FROM told
 WHERE (article_id, at, seg_id, rec_off) > (?, ?, ?, ?) ORDER BY article_id, at, seg_id, rec_off LIMIT ?

-- publish_version --
-- A line that said something new.
INSERT INTO versions (article, n, text_hash, fetched_at, seg_id, rec_off, rec_len)
SELECT a.id, ?5, t.text_hash, t.fetched_at, t.seg_id, t.rec_off, t.rec_len
  FROM told AS t CROSS JOIN articles AS a ON a.article_id = t.article_id
 WHERE (t.article_id, t.at, t.seg_id, t.rec_off) = (?1, ?2, ?3, ?4)

-- note_news --
-- To be told as an event.
INSERT INTO news (article_id, n, fetched_at) VALUES (?, ?, ?)

-- publish_article --
-- The last of its versions.
INSERT INTO articles (article_id, version, text_hash, host_id, h, fetched_at, url, title, published, language, source, words,
                      seg_id, rec_off, rec_len, canonical, fingerprint)
SELECT article_id, ?5, text_hash, host_id, h, fetched_at, url, title, published, language, source, words, seg_id, rec_off,
       rec_len, canonical, fingerprint
  FROM told WHERE (article_id, at, seg_id, rec_off) = (?1, ?2, ?3, ?4) AND true
    ON CONFLICT (article_id) DO UPDATE
   SET version = excluded.version, text_hash = excluded.text_hash, host_id = excluded.host_id, h = excluded.h,
       fetched_at = excluded.fetched_at, url = excluded.url, title = excluded.title, published = excluded.published,
       language = excluded.language, source = excluded.source, words = excluded.words, seg_id = excluded.seg_id,
       rec_off = excluded.rec_off, rec_len = excluded.rec_len, canonical = excluded.canonical,
       fingerprint = excluded.fingerprint

-- forget_number --
-- Numbers of events that another store of this archive may have given go with it: nobody who tails must be told of others by
-- them. The time in ms is greater than any of them.
DELETE FROM sqlite_sequence WHERE name = 'events' AND seq < CAST(strftime('%s', 'now') AS INTEGER) * 1000

-- skip_numbers --
-- So the next ones begin there.
INSERT INTO sqlite_sequence (name, seq)
SELECT 'events', CAST(strftime('%s', 'now') AS INTEGER) * 1000 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'events')

-- add_events --
-- One a version; when it was published isn't known, so the time of its capture stands for it.
INSERT INTO events (kind, article_id, n, at)
SELECT CASE WHEN v.rec_len = 0 THEN 'deleted' WHEN n.n = 1 THEN 'article' ELSE 'version' END, n.article_id, n.n, n.fetched_at
  FROM news AS n JOIN articles AS a ON a.article_id = n.article_id JOIN versions AS v ON v.article = a.id AND v.n = n.n
 ORDER BY n.fetched_at, n.article_id, n.n

-- end_waiting --
-- Sources whose body was read meanwhile come back into the queue with the next start.
UPDATE sources SET w_host = NULL, w_h = NULL, w_at = NULL
 WHERE w_at IS NOT NULL
   AND NOT EXISTS (SELECT 1 FROM captures WHERE host_id = w_host AND h = w_h AND fetched_at = w_at AND extracted = 0)

-- original --
-- The capture a revisit speaks of.
SELECT host_id, h, fetched_at, url, seg_id, off, len FROM captures WHERE host_id = ? AND h = ? AND fetched_at = ?

-- count --
-- What it holds now.
SELECT (SELECT count(*) FROM captures), (SELECT count(*) FROM payloads), (SELECT count(*) FROM articles),
       (SELECT count(*) FROM versions), (SELECT count(*) FROM seen), (SELECT count(*) FROM outbox)
