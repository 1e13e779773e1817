-- Commit 2: what was read in a capture.

-- waiting --
-- Which of these captures wait for a parser still: the others were published before.
SELECT c.rowid, c.seg_id, c.off, c.host_id, c.h, c.fetched_at
  FROM json_each(?) AS k CROSS JOIN captures AS c
 WHERE c.host_id = json_extract(k.value, '$[0]')
   AND c.h = json_extract(k.value, '$[1]')
   AND c.fetched_at = json_extract(k.value, '$[2]')
   AND c.extracted = 0

-- end_waiting --
-- It leaves the outbox,
DELETE FROM outbox WHERE seg_id = ? AND off = ? AND host_id = ? AND h = ? AND fetched_at = ?

-- read_capture --
-- and its row says how that ended.
UPDATE captures SET extracted = ? WHERE rowid = ?

-- known_articles --
-- The newest version of each of these.
SELECT a.article_id, a.version, a.text_hash, v.fetched_at
  FROM json_each(?) AS name CROSS JOIN articles AS a ON a.article_id = name.value
 CROSS JOIN versions AS v ON v.article = a.id AND v.n = a.version

-- put_article --
-- The newest version, and where its record lies.
INSERT INTO articles (article_id, version, text_hash, host_id, h, fetched_at, url, title, published, language, source, words,
                      seg_id, rec_off, rec_len, canonical, fingerprint)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (article_id) DO UPDATE
   SET version = excluded.version, text_hash = excluded.text_hash, host_id = excluded.host_id, h = excluded.h,
       fetched_at = excluded.fetched_at, url = excluded.url, title = excluded.title, published = excluded.published,
       language = excluded.language, source = excluded.source, words = excluded.words, seg_id = excluded.seg_id,
       rec_off = excluded.rec_off, rec_len = excluded.rec_len, canonical = excluded.canonical,
       fingerprint = excluded.fingerprint

-- add_version --
-- Each version stays.
INSERT INTO versions (article, n, text_hash, fetched_at, seg_id, rec_off, rec_len)
SELECT id, ?2, ?3, ?4, ?5, ?6, ?7 FROM articles WHERE article_id = ?1

-- add_event --
-- In the order of the commits.
INSERT INTO events (kind, article_id, n, at) VALUES (?, ?, ?, ?)

-- sources --
-- What commit 2 must know of sources.
SELECT source_id, state, asked, captured_at, q_host, w_host, w_h, w_at
  FROM sources WHERE source_id IN (SELECT value FROM json_each(?))

-- update_source --
-- What is known of a source's body, once it was read. What came in its place (?8) is its state, and the outcome of the poll.
UPDATE sources
   SET etag = ?1, last_modified = ?2, body_digest = ?3, captured_at = ?4, title = coalesce(?5, title),
       found_new = found_new + ?6, found_changed = found_changed + ?7,
       last_outcome = coalesce(?8, last_outcome), state = CASE WHEN state = 'paused' THEN state ELSE coalesce(?8, state) END,
       failures = ?9, rhythm = ?10, moved = coalesce(?11, moved)
 WHERE source_id = ?12

-- strained --
-- What is known of hosts that showed strain, and the gap they were last given.
SELECT host_id, delay_ms, fails, latency_ms, slow_ms, calm FROM hosts WHERE host_id IN (SELECT value FROM json_each(?))

-- slow_host --
-- It gets a longer gap, from its next lease on.
UPDATE hosts SET slow_ms = ?, calm = ? WHERE host_id = ?

-- end_waiting_source --
-- The capture was read; whoever asked for a poll meanwhile gets it.
UPDATE sources SET w_host = NULL, w_h = NULL, w_at = NULL, asked = 0 WHERE source_id = ?

-- put_entry --
-- An entry as it is said now. No `url`: its key is its link, as in most feeds.
INSERT INTO entries (source_id, key, item_hash, url, first_seen, changed_at)
VALUES (?1, ?2, ?3, nullif(?4, ?2), ?5, ?6)
    ON CONFLICT (source_id, key) DO UPDATE
   SET item_hash = excluded.item_hash, url = excluded.url, changed_at = excluded.changed_at, versions = versions + 1
 WHERE excluded.item_hash <> entries.item_hash AND excluded.changed_at >= entries.changed_at

-- add_entry --
-- An entry of an older body than the one that was read last: only what nobody knew.
INSERT INTO entries (source_id, key, item_hash, url, first_seen, changed_at)
VALUES (?1, ?2, ?3, nullif(?4, ?2), ?5, ?6) ON CONFLICT DO NOTHING

-- remove_entry --
-- Its source says that it took it away.
UPDATE entries SET gone_at = ? WHERE source_id = ? AND key = ? AND gone_at IS NULL
