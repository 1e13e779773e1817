-- Full-text search. A document is the text that an event tells of; its number is the event's.

-- is_there --
-- Whether there is an index.
SELECT count(*) FROM sqlite_schema WHERE name = 'search'

-- make --
-- It holds terms and where they stand, no texts: those are in the archive. They come folded, with blanks between them, and the
-- tokenizer has nothing to do. `body` is the first column: the number of another one takes two bytes of each entry.
CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5 (body, title, content = '', tokenize = 'ascii')

-- drop --
-- All of it goes; the next search makes it anew.
DROP TABLE IF EXISTS search

-- forget_marks --
-- It has read nothing.
DELETE FROM meta WHERE key IN ('search_seq', 'search_version', 'search_missed')

-- marks --
-- How far it has come, what made it, and how many articles it lacks.
SELECT key, value FROM meta WHERE key IN ('search_seq', 'search_version', 'search_missed')

-- set_mark --
-- One of these.
INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value

-- newest --
-- The number of the last event.
SELECT coalesce(max(seq), 0) FROM events

-- behind --
-- What it hasn't read: newest versions only, and where their records lie. A deletion comes behind the text it deletes.
SELECT e.seq, v.seg_id, v.rec_off, v.rec_len
  FROM events AS e
 CROSS JOIN articles AS a ON a.article_id = e.article_id AND e.n = a.version - (a.text_hash = '')
 CROSS JOIN versions AS v ON v.article = a.id AND v.n = e.n
 WHERE e.seq > ? ORDER BY e.seq LIMIT ?

-- add --
-- One document.
INSERT INTO search (rowid, body, title) VALUES (?, ?, ?)

-- merge --
-- So many pages of one piece made of many; a negative number begins with all of them.
INSERT INTO search (search, rank) VALUES ('merge', ?)

-- found --
-- The best, of these the newest first. What isn't an article's newest text any more, or was taken down, has no row to join.
-- A word of the headline counts as four of the text.
WITH best (doc, score) AS MATERIALIZED (
  SELECT rowid, bm25(search, 1.0, 4.0) FROM search WHERE search MATCH ?1 ORDER BY 2 LIMIT ?2
)
SELECT a.article_id, a.url, a.title, coalesce(a.published, ''), a.language, a.source, a.fetched_at, a.seg_id, a.rec_off,
       a.rec_len, a.fingerprint, coalesce(a.canonical, a.article_id), b.score, a.text_hash = ''
  FROM best AS b
 CROSS JOIN events AS e ON e.seq = b.doc
 CROSS JOIN articles AS a ON a.article_id = e.article_id AND e.n = a.version - (a.text_hash = '')
 WHERE (?4 IS NULL OR a.language = ?4 OR a.language LIKE ?4 || '-%')
   AND (?5 IS NULL OR a.source IN (SELECT source_id FROM sources WHERE ?5 IN (source_id, name, url)) OR a.url LIKE '%://' || ?5 || '/%')
   AND (?6 IS NULL OR coalesce(1000 * strftime('%s', a.published), a.fetched_at) >= ?6)
   AND (?7 IS NULL OR coalesce(1000 * strftime('%s', a.published), a.fetched_at) < ?7)
   AND (?8 IS NULL OR EXISTS (SELECT 1 FROM sources AS s, json_each(s.tags) AS t WHERE s.source_id = a.source AND t.value = ?8))
 ORDER BY round(b.score, 1), coalesce(1000 * strftime('%s', a.published), a.fetched_at) DESC LIMIT ?3
