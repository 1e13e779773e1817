-- What was found and where it lies.

-- originals --
-- The captures that hold these payloads. {} becomes one (?, ?) a payload: a digest is a blob, and JSON has none.
WITH wanted (host_id, digest) AS (VALUES {})
SELECT c.host_id, c.h, c.fetched_at, c.url, c.seg_id, c.off, c.len, p.digest
  FROM wanted AS w
 CROSS JOIN payloads AS p ON p.host_id = w.host_id AND p.digest = w.digest
 CROSS JOIN captures AS c ON c.host_id = p.host_id AND c.h = p.h AND c.fetched_at = p.fetched_at

-- last_capture --
-- Where the payload lies that a 304 speaks of: that of the newest good answer, which may be a revisit itself.
SELECT o.host_id, o.h, o.fetched_at, o.url, o.seg_id, o.off, o.len, o.digest
  FROM captures AS c
 CROSS JOIN captures AS o
    ON o.host_id = coalesce(c.revisit_host, c.host_id) AND o.h = coalesce(c.revisit_h, c.h)
   AND o.fetched_at = coalesce(c.revisit_at, c.fetched_at)
 WHERE c.host_id = ? AND c.h = ? AND c.digest IS NOT NULL AND c.digest <> ? AND c.status BETWEEN 200 AND 299
 ORDER BY c.fetched_at DESC LIMIT 1

-- outbox --
-- What waits for a parser, in the order of the file, from behind a capture on.
SELECT c.host_id, c.h, c.fetched_at, c.seg_id, c.off, c.len, c.glen, c.kind, c.status, c.mime, c.digest,
       c.revisit_host, c.revisit_h, c.revisit_at, c.url, c.extracted, o.ctx
  FROM outbox AS o
 CROSS JOIN captures AS c ON c.host_id = o.host_id AND c.h = o.h AND c.fetched_at = o.fetched_at
 WHERE o.seg_id = ?1
   AND (o.off, o.host_id, o.h, o.fetched_at) >
       (coalesce((SELECT off FROM captures WHERE host_id = ?2 AND h = ?3 AND fetched_at = ?4), -1), ?2, ?3, ?4)
 ORDER BY o.off, o.host_id, o.h, o.fetched_at LIMIT ?5

-- robots --
-- The copy of an origin.
SELECT origin, host_id, status, body, fetched_at, until FROM robots WHERE origin = ?

-- articles --
-- Articles by the event of their newest text (a deletion is one version behind it), with what they call themselves.
SELECT e.seq, a.article_id, coalesce(a.canonical, a.article_id)
  FROM events AS e JOIN articles AS a ON a.article_id = e.article_id AND e.n = a.version - (a.text_hash = '')
 WHERE e.seq > ? ORDER BY e.seq

-- kin --
-- These articles, and those that call themselves by their names.
WITH ids (article_id) AS (
  SELECT value FROM json_each(?1)
   UNION
  SELECT a.article_id FROM json_each(?1) AS name CROSS JOIN articles AS a ON a.canonical = name.value
)
SELECT a.article_id, a.version, a.url, a.title, a.published, a.language, a.words, a.seg_id, a.rec_off, a.rec_len,
       coalesce(a.canonical, a.article_id), v.fetched_at, a.fetched_at
  FROM ids
 CROSS JOIN articles AS a ON a.article_id = ids.article_id
 CROSS JOIN versions AS v ON v.article = a.id AND v.n = 1

-- failures --
-- Oldest first.
SELECT host_id, h, at, url, kind, reason, detail, tries, ctx FROM failures WHERE at >= ? ORDER BY at, host_id, h

-- forget_failures --
-- The oldest of those from before.
DELETE FROM failures
 WHERE (host_id, h, at) IN (SELECT host_id, h, at FROM failures WHERE at < ? ORDER BY at LIMIT ?) RETURNING at

-- forget_robots --
-- Copies that nobody has renewed since: they are asked for again within a day where they are needed.
DELETE FROM robots WHERE origin IN (SELECT origin FROM robots WHERE fetched_at < ? LIMIT ?) RETURNING origin

-- many_entries --
-- Sources of which more is known than this.
SELECT e.source_id, count(*), s.rhythm
  FROM entries AS e JOIN sources AS s ON s.source_id = e.source_id GROUP BY e.source_id HAVING count(*) > ?

-- thin_entries --
-- The oldest of a source.
DELETE FROM entries
 WHERE source_id = ?1 AND key IN (SELECT key FROM entries WHERE source_id = ?1 ORDER BY changed_at, key LIMIT ?2) RETURNING key
