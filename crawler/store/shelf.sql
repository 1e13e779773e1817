-- What is shown of the archive.

-- newest --
-- The articles that were fetched last.
SELECT a.title, a.url, a.language, a.fetched_at, a.source FROM articles AS a ORDER BY a.fetched_at DESC LIMIT ?

-- captures --
-- The newest of an address, newest first.
SELECT c.host_id, c.h, c.fetched_at, c.seg_id, c.off, c.len, c.glen, c.kind, c.status, c.mime, c.digest,
       c.revisit_host, c.revisit_h, c.revisit_at, c.url, c.extracted
  FROM captures AS c WHERE c.host_id = ? AND c.h = ? ORDER BY c.fetched_at DESC LIMIT ?

-- nearest --
-- The one whose time is nearest; a good answer before any other.
SELECT c.host_id, c.h, c.fetched_at, c.seg_id, c.off, c.len, c.glen, c.kind, c.status, c.mime, c.digest,
       c.revisit_host, c.revisit_h, c.revisit_at, c.url, c.extracted
  FROM captures AS c WHERE c.host_id = ? AND c.h = ?
 ORDER BY NOT (c.status BETWEEN 200 AND 299 OR c.status = 304), abs(c.fetched_at - ?) LIMIT 1

-- original --
-- What a revisit refers to.
SELECT c.host_id, c.h, c.fetched_at, c.seg_id, c.off, c.len, c.glen, c.kind, c.status, c.mime, c.digest,
       c.revisit_host, c.revisit_h, c.revisit_at, c.url, c.extracted
  FROM captures AS c WHERE c.host_id = ? AND c.h = ? AND c.fetched_at = ?

-- there --
-- Which of these addresses were captured.
SELECT DISTINCT c.host_id, c.h
  FROM json_each(?) AS k CROSS JOIN captures AS c
 WHERE c.host_id = json_extract(k.value, '$[0]') AND c.h = json_extract(k.value, '$[1]')
