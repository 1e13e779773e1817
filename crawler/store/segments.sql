-- Segments: which files there are, whose they are, how much of them is acknowledged.

-- open_segment --
-- Enter one, before its file is made.
INSERT INTO segments (seg_id, owner, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING seg_id

-- take_segment --
-- Another writer, who holds the file's lock.
UPDATE segments SET owner = ? WHERE seg_id = ? AND state < 3 RETURNING seg_id

-- unsealed --
-- What is to repair on a start, and to seal in the end.
SELECT seg_id, owner, state, committed, rec_committed, created_at,
       (SELECT count(*) FROM outbox WHERE outbox.seg_id = segments.seg_id)
  FROM segments WHERE state < 3 ORDER BY created_at, seg_id

-- seal --
-- Forwards only.
UPDATE segments SET state = ?1, sha256 = ?2, sealed_at = CASE WHEN ?1 > 2 THEN ?3 END
 WHERE seg_id = ?4 AND state < 3 RETURNING seg_id

-- place --
-- Only what is final is moved.
UPDATE segments SET uri = ? WHERE seg_id = ? AND state = 3 RETURNING seg_id

-- advance --
-- More of the WARC is acknowledged. Only by its writer, only while it is open, and it never shrinks.
UPDATE segments SET committed = ?1 WHERE seg_id = ?2 AND owner = ?3 AND state = 1 AND committed <= ?1 RETURNING seg_id

-- advance_records --
-- More of the records is acknowledged.
UPDATE segments SET rec_committed = ?1 WHERE seg_id = ?2 AND owner = ?3 AND state < 3 AND rec_committed <= ?1 RETURNING seg_id
