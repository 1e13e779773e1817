-- How articles changed.

-- versions --
-- All of one article, in order. A deletion has no record.
SELECT n, fetched_at, seg_id, rec_off, rec_len FROM versions
 WHERE article = (SELECT id FROM articles WHERE article_id = ?) ORDER BY n

-- article --
-- What is known of one by its id.
SELECT article_id, url, title, language, source FROM articles WHERE article_id = ?

-- changes --
-- Versions that aren't the first, each with the text before it; of a deletion, and of what came back, the text before that.
SELECT e.seq, e.kind, e.article_id, e.n, v.fetched_at, v.seg_id, v.rec_off, v.rec_len, p.n, p.fetched_at, p.seg_id, p.rec_off,
       p.rec_len, a.url, a.title, a.language, a.source,
       e.kind = 'version' AND EXISTS (SELECT 1 FROM versions WHERE article = a.id AND n = e.n - 1 AND rec_len = 0)
  FROM events AS e
 CROSS JOIN articles AS a ON a.article_id = e.article_id
 CROSS JOIN versions AS v ON v.article = a.id AND v.n = e.n
 CROSS JOIN versions AS p
    ON p.article = a.id
   AND p.n = (SELECT max(n) FROM versions WHERE article = a.id AND n < e.n AND rec_len > 0)
 WHERE e.kind IN ('version', 'deleted') AND v.fetched_at >= ?1
   AND (?2 IS NULL OR a.source IN (SELECT source_id FROM sources WHERE ?2 IN (source_id, name, url)) OR a.url LIKE '%://' || ?2 || '/%')
 ORDER BY e.seq
