-- What is new, in the order of the commits.

-- after --
-- Events behind a number; one whose version isn't there any more is passed over. A deletion has the record before it.
SELECT e.seq, e.kind, e.article_id, e.n, e.at, v.seg_id, v.rec_off, v.rec_len, a.source
  FROM events AS e
  JOIN articles AS a ON a.article_id = e.article_id
  JOIN versions AS v ON v.article = a.id AND v.n = e.n - (e.kind = 'deleted')
 WHERE e.seq > ? ORDER BY e.seq LIMIT ?

-- newest --
-- The number of the last event; 0: there was none yet.
SELECT coalesce(max(seq), 0) FROM events

-- version --
-- Where the record of one version lies.
SELECT seg_id, rec_off, rec_len FROM versions
 WHERE article = (SELECT id FROM articles WHERE article_id = ?) AND n = ?
