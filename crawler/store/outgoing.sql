-- What is given out: articles with their evidence, and captures with what they refer to.

-- wanted --
-- The articles that were asked for.
CREATE TEMP TABLE wanted (article_id TEXT PRIMARY KEY, host_id INTEGER, h INTEGER) WITHOUT ROWID

-- want --
-- By language, source and time; those that have a text.
INSERT INTO wanted
SELECT a.article_id, a.host_id, a.h FROM main.articles AS a
 WHERE a.text_hash <> ''
   AND (?1 IS NULL OR a.language = ?1 OR a.language LIKE ?1 || '-%')
   AND (?2 IS NULL OR a.source IN (SELECT source_id FROM sources WHERE ?2 IN (source_id, name, url)) OR a.url LIKE '%://' || ?2 || '/%')
   AND (?3 IS NULL OR coalesce(1000 * strftime('%s', a.published), a.fetched_at) >= ?3)
   AND (?4 IS NULL OR coalesce(1000 * strftime('%s', a.published), a.fetched_at) < ?4)
   AND (?5 IS NULL OR a.article_id IN (SELECT value FROM json_each(?5)))

-- count --
-- How many.
SELECT count(*) FROM wanted

-- articles --
-- In the order of their fetching, with the capture that holds the payload.
SELECT a.article_id, a.seg_id, a.rec_off, a.rec_len, a.fetched_at, o.seg_id, o.off, o.len
  FROM wanted AS w
 CROSS JOIN main.articles AS a ON a.article_id = w.article_id
  LEFT JOIN captures AS c ON c.host_id = a.host_id AND c.h = a.h AND c.fetched_at = a.fetched_at
  LEFT JOIN captures AS o ON o.host_id = coalesce(c.revisit_host, c.host_id) AND o.h = coalesce(c.revisit_h, c.h)
                         AND o.fetched_at = coalesce(c.revisit_at, c.fetched_at)
 ORDER BY a.fetched_at, a.article_id

-- noted --
-- The captures that go with them, each once.
CREATE TEMP TABLE noted (seg_id TEXT, off INTEGER, glen INTEGER, fetched_at INTEGER, PRIMARY KEY (seg_id, off)) WITHOUT ROWID

-- note_all --
-- Everything.
INSERT INTO noted SELECT seg_id, off, glen, fetched_at FROM main.captures

-- note_wanted --
-- What was fetched from their addresses, each time.
INSERT INTO noted
SELECT DISTINCT c.seg_id, c.off, c.glen, c.fetched_at
  FROM wanted AS w CROSS JOIN main.captures AS c ON c.host_id = w.host_id AND c.h = w.h

-- note_originals --
-- What these refer to.
INSERT INTO noted
SELECT o.seg_id, o.off, o.glen, o.fetched_at
  FROM wanted AS w
 CROSS JOIN main.captures AS c ON c.host_id = w.host_id AND c.h = w.h AND c.revisit_at IS NOT NULL
 CROSS JOIN main.captures AS o ON o.host_id = c.revisit_host AND o.h = c.revisit_h AND o.fetched_at = c.revisit_at
 WHERE true ON CONFLICT DO NOTHING

-- has_assets --
-- Whether anything was archived that pages are drawn with.
SELECT EXISTS (SELECT 1 FROM main.captures WHERE kind = ?)

-- answers --
-- The pages among them, with their bytes.
SELECT DISTINCT o.url, o.status, o.mime, o.seg_id, o.off, o.len
  FROM wanted AS w
 CROSS JOIN main.captures AS c ON c.host_id = w.host_id AND c.h = w.h
 CROSS JOIN main.captures AS o ON o.host_id = coalesce(c.revisit_host, c.host_id) AND o.h = coalesce(c.revisit_h, c.h)
                              AND o.fetched_at = coalesce(c.revisit_at, c.fetched_at)
 WHERE o.status BETWEEN 200 AND 299

-- named --
-- What was archived of these addresses as an asset and isn't among them yet; with the bytes it has, or refers to.
SELECT c.seg_id, c.off, c.glen, c.fetched_at, o.seg_id, o.off, o.glen, o.fetched_at,
       c.url, c.status, c.mime, o.seg_id, o.off, o.len
  FROM json_each(?1) AS k
 CROSS JOIN main.captures AS c ON c.host_id = json_extract(k.value, '$[0]') AND c.h = json_extract(k.value, '$[1]') AND c.kind = ?2
 CROSS JOIN main.captures AS o ON o.host_id = coalesce(c.revisit_host, c.host_id) AND o.h = coalesce(c.revisit_h, c.h)
                              AND o.fetched_at = coalesce(c.revisit_at, c.fetched_at)
 WHERE NOT EXISTS (SELECT 1 FROM noted AS n WHERE n.seg_id = c.seg_id AND n.off = c.off)

-- note --
-- One more.
INSERT INTO noted VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING

-- count_noted --
-- How many.
SELECT count(*) FROM noted

-- captures --
-- In the order of the files.
SELECT seg_id, off, glen, fetched_at FROM noted ORDER BY seg_id, off
