-- The wall clock was set: what is due moves with it. A row is parked 4e18 before its new time meanwhile, so that none meets another.

-- known --
-- What was corrected last.
SELECT value FROM meta WHERE key = 'clock'

-- written --
-- When the store was last written, by the clock of that time.
SELECT value FROM meta WHERE key = 'written'

-- park --
-- All that lies ahead by the older of both clocks, but for what is handed out.
UPDATE queue SET due_at = due_at + ?1 - 4000000000000000000
 WHERE due_at > ?2 AND NOT (leases > 0 AND host_id IN (SELECT host_id FROM hosts WHERE owner IS NOT NULL))

-- follow --
-- Sources whose row was parked know where it will stand.
UPDATE sources SET q_due = q_due + ?1
 WHERE q_due > ?2
   AND NOT EXISTS (SELECT 1 FROM queue WHERE queue.host_id = q_host AND queue.due_at = q_due AND queue.h = q_h)

-- in_the_way --
-- Parked rows, by their new times, where another stands: one that wasn't moved.
SELECT hosts.host, q.host_id, q.due_at + 4000000000000000000, q.h, q.kind, q.target, q.depth, q.tries, q.leases, q.ctx
  FROM queue AS q CROSS JOIN hosts ON hosts.host_id = q.host_id
 WHERE q.due_at < -1000000000000000000
   AND EXISTS (SELECT 1 FROM queue AS p
                WHERE p.host_id = q.host_id AND p.due_at = q.due_at + 4000000000000000000 AND p.h = q.h)
 ORDER BY q.host_id, q.due_at, q.h

-- unpark --
-- To their new times.
UPDATE queue SET due_at = due_at + 4000000000000000000 WHERE due_at < -1000000000000000000

-- wake --
-- When each host's first job is due now.
UPDATE hosts
   SET wake_at = coalesce((SELECT min(due_at) FROM queue WHERE queue.host_id = hosts.host_id), 9000000000000000000)
 WHERE wake_at < 9000000000000000000

-- rest --
-- Hosts rest as long as they would have, and leases last as long; who has one that ends too late frees it himself.
UPDATE hosts SET polite_at = polite_at + ?1
 WHERE polite_at > ?2 AND (owner IS NULL OR (?1 > 0 AND polite_at <= ?3))
