-- Commit 1: what a visit leaves.

-- add_capture --
-- One archived exchange. A key that stands already is our own fault and stops everything.
INSERT INTO captures (host_id, h, fetched_at, seg_id, off, len, glen, kind, status, mime, digest,
                      revisit_host, revisit_h, revisit_at, url, extracted)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- add_waiting --
-- One that waits for a parser, with what else is to be known of it.
INSERT INTO outbox (seg_id, off, host_id, h, fetched_at, ctx) VALUES (?, ?, ?, ?, ?, ?)

-- add_payload --
-- The first capture that held these bytes is the one to refer to.
INSERT INTO payloads (host_id, digest, h, fetched_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING

-- put_robots --
-- The newest copy is kept.
INSERT INTO robots (origin, host_id, status, body, fetched_at, until) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (origin) DO UPDATE
   SET status = excluded.status, body = excluded.body, fetched_at = excluded.fetched_at, until = excluded.until
 WHERE excluded.fetched_at >= robots.fetched_at

-- add_failure --
-- A job that ended without what it was for.
INSERT INTO failures (host_id, h, at, url, kind, reason, detail, tries, ctx) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (host_id, h, at) DO UPDATE
   SET url = excluded.url, kind = excluded.kind, reason = excluded.reason, detail = excluded.detail, tries = excluded.tries,
       ctx = excluded.ctx

-- add_poll --
-- One line of a source's history.
INSERT INTO polls (source_id, at, status, outcome, failed, detail)
SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE EXISTS (SELECT 1 FROM sources WHERE source_id = ?1)
    ON CONFLICT (source_id, at) DO UPDATE
   SET status = excluded.status, outcome = excluded.outcome, failed = excluded.failed, detail = excluded.detail

-- trim_polls --
-- The history is a ring.
DELETE FROM polls
 WHERE source_id = ?1 AND at <= (SELECT at FROM polls WHERE source_id = ?1 ORDER BY at DESC LIMIT 1 OFFSET ?2)

-- note_poll --
-- How the source fares; what is NULL leaves what is there. What is paused stays paused.
UPDATE sources
   SET last_at = ?2, last_outcome = ?3, state = CASE WHEN state = 'paused' THEN state ELSE coalesce(?4, state) END,
       failures = coalesce(?5, failures), rhythm = coalesce(?6, rhythm),
       etag = CASE WHEN ?7 THEN ?8 ELSE etag END, last_modified = CASE WHEN ?7 THEN ?9 ELSE last_modified END,
       moved = coalesce(?10, moved)
 WHERE source_id = ?1

-- wait_source --
-- The source has no row: this capture waits for its parser, and commit 2 puts the row back.
UPDATE sources SET w_host = ?, w_h = ?, w_at = ? WHERE source_id = ?

-- settle_host --
-- What the visit taught about the host (NULL leaves what is there), its rows that are gone, and, with its last visit, its freedom.
UPDATE hosts
   SET delay_ms = coalesce(?1, delay_ms),
       fails = coalesce(?2, fails),
       latency_ms = coalesce(?3, latency_ms),
       calm = coalesce(?4, calm),
       slow_ms = coalesce(?5, slow_ms),
       last_at = max(last_at, ?6),
       pending = pending - ?7,
       owner = CASE WHEN ?8 THEN NULL ELSE owner END,
       polite_at = CASE WHEN ?8 THEN ?9 ELSE polite_at END,
       wake_at = CASE WHEN ?8 THEN coalesce((SELECT min(due_at) FROM queue WHERE queue.host_id = ?10), 9000000000000000000)
                      ELSE wake_at END
 WHERE host_id = ?10

-- known_articles --
-- The newest version of each of these, and when it was fetched.
SELECT a.article_id, a.version, a.text_hash, v.fetched_at
  FROM json_each(?) AS name CROSS JOIN articles AS a ON a.article_id = name.value
 CROSS JOIN versions AS v ON v.article = a.id AND v.n = a.version

-- delete_article --
-- It says nothing any more; where its last text lies stays.
UPDATE articles SET version = ?, text_hash = ? WHERE article_id = ?

-- add_deletion --
-- A version without a record: the answer that says so is a capture of this segment.
INSERT INTO versions (article, n, text_hash, fetched_at, seg_id, rec_off, rec_len)
SELECT id, ?2, ?3, ?4, ?5, 0, 0 FROM articles WHERE article_id = ?1

-- add_event --
-- In the order of the commits.
INSERT INTO events (kind, article_id, n, at) VALUES (?, ?, ?, ?)
