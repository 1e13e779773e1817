-- What is imported: captures that came from elsewhere.

-- known --
-- Which of these are there already, and what they hold.
SELECT c.host_id, c.h, c.fetched_at, c.digest
  FROM json_each(?) AS k CROSS JOIN captures AS c
 WHERE c.host_id = json_extract(k.value, '$[0]') AND c.h = json_extract(k.value, '$[1]')
   AND c.fetched_at = json_extract(k.value, '$[2]')

-- blocked --
-- Whether an address was taken down.
SELECT count(*) FROM blocked WHERE host_id = ? AND h = ?

-- original --
-- The capture a revisit speaks of.
SELECT host_id, h, fetched_at, url, seg_id, off, len, digest FROM captures WHERE host_id = ? AND h = ? AND fetched_at = ?
