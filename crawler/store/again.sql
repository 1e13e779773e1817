-- Asking once more for what was given up or done with.

-- waiting --
-- Rows of these addresses that nobody has in hand; sources' rows are theirs.
SELECT q.host_id, q.due_at, q.h
  FROM json_each(?) AS a
 CROSS JOIN queue AS q ON q.host_id = json_extract(a.value, '$[0]') AND q.h = json_extract(a.value, '$[1]')
 CROSS JOIN hosts AS o ON o.host_id = q.host_id
 WHERE q.kind NOT IN (SELECT value FROM json_each(?)) AND (q.leases = 0 OR o.owner IS NULL)

-- forget_failures --
-- They are told again if they fail again.
DELETE FROM failures
 WHERE (host_id, h) IN (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?))
