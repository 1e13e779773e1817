-- What the store says of the archive, for those who only read: verify, list, du.

-- shelved --
-- All segments with what is in them, by name.
SELECT s.seg_id, s.owner, s.state, s.committed, s.rec_committed, s.created_at, coalesce(c.waiting, 0),
       s.sha256, s.sealed_at, s.uri, coalesce(c.number, 0), c.first, c.last
  FROM segments AS s
  LEFT JOIN (SELECT seg_id, count(*) AS number, sum(extracted = 0) AS waiting, min(fetched_at) AS first, max(fetched_at) AS last
               FROM captures GROUP BY seg_id) AS c ON c.seg_id = s.seg_id
 ORDER BY s.seg_id

-- note_captures --
-- A copy in the order of the files: to read along takes hours, and a transaction that long would let the log grow.
CREATE TEMP TABLE noted_captures AS
SELECT host_id, h, fetched_at, seg_id, off, len, glen, kind, status, mime, digest, revisit_host, revisit_h, revisit_at, url,
       extracted
  FROM main.captures ORDER BY seg_id, off

-- note_lines --
-- The same of the record lines that versions of articles point to.
CREATE TEMP TABLE noted_lines AS
SELECT v.seg_id, v.rec_off, v.rec_len, a.article_id, v.n
  FROM main.versions AS v JOIN main.articles AS a ON a.id = v.article
 WHERE v.rec_len > 0 ORDER BY v.seg_id, v.rec_off

-- captures --
-- By segment and place.
SELECT * FROM noted_captures ORDER BY rowid

-- lines --
-- By segment and place.
SELECT * FROM noted_lines ORDER BY rowid

-- lost_originals --
-- Revisits of captures that aren't there.
SELECT c.seg_id, c.off, c.url
  FROM captures AS c LEFT JOIN captures AS o
    ON o.host_id = c.revisit_host AND o.h = c.revisit_h AND o.fetched_at = c.revisit_at
 WHERE c.revisit_at IS NOT NULL AND o.fetched_at IS NULL

-- lost_payloads --
-- Payloads whose capture isn't there: the next identical one would refer to nothing.
SELECT p.host_id, p.h, p.fetched_at
  FROM payloads AS p LEFT JOIN captures AS c ON c.host_id = p.host_id AND c.h = p.h AND c.fetched_at = p.fetched_at
 WHERE c.fetched_at IS NULL

-- lost_versions --
-- Articles whose newest text isn't among the versions, or lies elsewhere.
SELECT a.article_id, a.version
  FROM articles AS a LEFT JOIN versions AS v
    ON v.article = a.id AND v.n = a.version - (a.text_hash = '')
   AND v.seg_id = a.seg_id AND v.rec_off = a.rec_off AND v.rec_len = a.rec_len
 WHERE v.n IS NULL

-- sizes_by_day --
-- Bytes of the WARCs by the day of the fetch, UTC.
SELECT date(fetched_at / 1000, 'unixepoch'), count(*), sum(glen) FROM captures GROUP BY 1 ORDER BY 1

-- sizes_by_kind --
-- Bytes by what was asked for.
SELECT kind, count(*), sum(glen) FROM captures GROUP BY 1 ORDER BY 3 DESC, 1

-- sizes_by_host --
-- Bytes by host.
SELECT coalesce(h.host, '-'), count(*), sum(c.glen)
  FROM captures AS c LEFT JOIN hosts AS h ON h.host_id = c.host_id GROUP BY c.host_id ORDER BY 3 DESC, 1

-- note_sources --
-- Whose an address is: the source's own, or that of an article found through it.
CREATE TEMP TABLE noted_sources AS
SELECT host_id, h, max(source_id) AS source_id
  FROM (SELECT host_id, h, source_id FROM main.sources
        UNION ALL SELECT host_id, h, source FROM main.articles WHERE source IS NOT NULL)
 GROUP BY host_id, h

-- find_noted_sources --
-- By address.
CREATE UNIQUE INDEX temp.noted_sources_address ON noted_sources (host_id, h)

-- sizes_by_source --
-- Bytes by source; what belongs to none (robots.txt, redirects, lists of a one-shot) under a dash.
SELECT coalesce(nullif(s.name, ''), s.url, n.source_id, '-'), count(*), sum(c.glen)
  FROM captures AS c
  LEFT JOIN temp.noted_sources AS n ON n.host_id = c.host_id AND n.h = c.h
  LEFT JOIN sources AS s ON s.source_id = n.source_id
 GROUP BY n.source_id ORDER BY 3 DESC, 1

-- page_of --
-- Where the payload lies that an article's newest version was read from.
SELECT a.url, o.seg_id, o.off, o.len
  FROM articles AS a
  JOIN captures AS c ON c.host_id = a.host_id AND c.h = a.h AND c.fetched_at = a.fetched_at
  JOIN captures AS o ON o.host_id = coalesce(c.revisit_host, c.host_id) AND o.h = coalesce(c.revisit_h, c.h)
                    AND o.fetched_at = coalesce(c.revisit_at, c.fetched_at)
 WHERE a.article_id = ?

-- fingerprints --
-- Articles whose text was read since then, in the order of their fetching, the newest of them.
SELECT article_id, fetched_at, url, title, source, fingerprint
  FROM (SELECT * FROM articles WHERE fingerprint IS NOT NULL AND fetched_at >= ? ORDER BY fetched_at DESC LIMIT ?)
 ORDER BY fetched_at, article_id

-- fingerprint --
-- Of one article.
SELECT fingerprint FROM articles WHERE article_id = ? AND fingerprint IS NOT NULL

-- all_fingerprints --
-- Of all articles. There is no index to find near ones by: six of them were 130 bytes an article, and six pages of the file to write.
SELECT article_id, fingerprint FROM articles WHERE fingerprint IS NOT NULL

-- alike --
-- These articles, in the order of their fetching.
SELECT article_id, fetched_at, url, title, source, fingerprint
  FROM articles WHERE article_id IN (SELECT value FROM json_each(?)) AND fingerprint IS NOT NULL ORDER BY fetched_at, article_id

-- check --
-- What SQLite itself finds wrong with the file.
PRAGMA integrity_check

-- failures --
-- Jobs that ended without what they were for.
SELECT host_id, h, at, url, kind, reason, detail, tries, ctx FROM failures WHERE at >= ? ORDER BY at, host_id, h

-- troubled --
-- Sources that don't bring what they are for, and what was said of their last poll.
SELECT s.source_id, s.kind, s.url, s.state, s.failures, coalesce(s.last_at, 0), coalesce(s.last_outcome, ''),
       coalesce((SELECT p.detail FROM polls AS p WHERE p.source_id = s.source_id ORDER BY p.at DESC LIMIT 1), '')
  FROM sources AS s
 WHERE s.state IN ('gone', 'blocked') OR (s.state <> 'paused' AND s.failures > 0)
 ORDER BY s.last_at, s.source_id
