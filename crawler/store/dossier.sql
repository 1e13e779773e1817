-- All that is known of one address, for those who ask why.

-- host --
-- How its host stands.
SELECT host, polite_at, owner, slow_ms, fails, pending FROM hosts WHERE host_id = ?

-- queued --
-- When it is asked next.
SELECT due_at, kind, tries, leases FROM queue WHERE host_id = ? AND h = ? ORDER BY due_at LIMIT 1

-- seen --
-- Whether it was ever offered.
SELECT 1 FROM seen WHERE part = ? AND h = ?

-- blocked --
-- Whether it was taken down, and why.
SELECT coalesce(reason, '') FROM blocked WHERE host_id = ? AND h = ?

-- robots --
-- The copy of an origin.
SELECT origin, host_id, status, body, fetched_at, until FROM robots WHERE origin = ?

-- source --
-- The source that is asked at this address.
SELECT source_id, name, state, q_due, failures, last_at, last_outcome, w_at IS NOT NULL
  FROM sources WHERE source_id = ?3 OR (host_id = ?1 AND h = ?2) OR (q_host = ?1 AND q_h = ?2) LIMIT 1

-- captures --
-- What was archived of it, the newest first.
SELECT fetched_at, status, mime, seg_id, off, len, extracted, revisit_at IS NOT NULL
  FROM captures WHERE host_id = ? AND h = ? ORDER BY fetched_at DESC LIMIT ?

-- payload --
-- Where the payload of a capture lies, by the address and, if given, the time: the newest that holds an answer of use.
SELECT c.url, c.fetched_at, c.seg_id, c.off, c.len, o.seg_id, o.off, o.len
  FROM captures AS c
 CROSS JOIN captures AS o ON o.host_id = coalesce(c.revisit_host, c.host_id) AND o.h = coalesce(c.revisit_h, c.h)
                         AND o.fetched_at = coalesce(c.revisit_at, c.fetched_at)
 WHERE c.host_id = ?1 AND c.h = ?2 AND (?3 IS NULL OR c.fetched_at = ?3)
 ORDER BY c.status BETWEEN 200 AND 299 DESC, c.fetched_at DESC LIMIT 1

-- failure --
-- When it was last given up, and why.
SELECT at, reason, detail, tries FROM failures WHERE host_id = ? AND h = ? ORDER BY at DESC LIMIT 1

-- article --
-- The article of an id, or that was read at an address.
SELECT article_id, version, host_id, h, fetched_at, url, title, source, text_hash = '', seg_id, rec_off, rec_len
  FROM articles WHERE article_id = ?

-- aliases --
-- Articles that call themselves by this id, the first of them.
SELECT article_id FROM articles WHERE canonical = ? ORDER BY fetched_at LIMIT 1

-- versions --
-- All versions of an article, in order.
SELECT n, text_hash, fetched_at, seg_id, rec_off, rec_len FROM versions
 WHERE article = (SELECT id FROM articles WHERE article_id = ?) ORDER BY n
