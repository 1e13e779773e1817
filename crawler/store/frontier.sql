-- Hosts and their leases; workers.

-- ready --
-- Who may be asked now, longest ready first, with the first due jobs of each (or none: it was woken for nothing).
-- Walks the index hosts_ready, whose entries end in the host_id; then one look into the hosts' tree and two into the queue's.
-- Sorting the whole would cost 0.7 us a host: whoever asks sorts the jobs of those that have several.
SELECT r.host, r.epoch + 1, r.delay_ms, r.last_at, r.fails, r.latency_ms, r.slow_ms, r.calm,
       r.host_id, q.due_at, q.h, q.kind, q.target, q.depth, q.tries, q.leases, q.ctx
  FROM (SELECT host_id FROM hosts WHERE ready_at <= ?1 ORDER BY ready_at, host_id LIMIT ?2) AS next
 CROSS JOIN hosts AS r ON r.host_id = next.host_id
  LEFT JOIN queue AS q
    ON q.host_id = r.host_id
   AND (q.due_at, q.h) IN (SELECT p.due_at, p.h FROM queue AS p WHERE p.host_id = r.host_id AND p.due_at <= ?1
                            ORDER BY p.due_at, p.h LIMIT ?3)

-- due_besides --
-- The first due jobs of a host but for those of one kind.
SELECT host_id, due_at, h, kind, target, depth, tries, leases, ctx FROM queue
 WHERE host_id = ?1 AND due_at <= ?2 AND kind <> ?3
 ORDER BY due_at, h LIMIT ?4

-- polls_due --
-- The first due polls of sources, of each of these hosts. Walks the index sources_row.
SELECT q.host_id, q.due_at, q.h, q.kind, q.target, q.depth, q.tries, q.leases, q.ctx
  FROM json_each(?1) AS crowded CROSS JOIN queue AS q
    ON q.host_id = crowded.value
   AND (q.due_at, q.h) IN (SELECT s.q_due, s.q_h FROM sources AS s WHERE s.q_host = crowded.value AND s.q_due <= ?2
                            ORDER BY s.q_due, s.q_h LIMIT ?3)
 ORDER BY q.host_id, q.due_at, q.h

-- polls_of --
-- What a lease must know of sources, and which row is theirs.
SELECT s.q_host, s.q_due, s.q_h,
       s.source_id, s.url, s.host_id, s.h, s.every_ms, s.cron, s.weight, s.parent, s.etag, s.last_modified, s.body_digest,
       s.rhythm, s.moved, root.lastmod_right, root.lastmod_wrong, s.details
  FROM sources AS s LEFT JOIN sources AS root ON root.source_id = coalesce(s.parent, s.source_id)
 WHERE s.source_id IN (SELECT value FROM json_each(?)) AND s.q_host IS NOT NULL

-- lease --
-- Push the politeness to the lease's end: nobody else gets these hosts before, and somebody does after.
UPDATE hosts SET polite_at = ?, epoch = epoch + 1, owner = ? WHERE host_id IN (SELECT value FROM json_each(?))

-- count_lease --
-- One lease more without an outcome.
UPDATE queue SET leases = leases + 1 WHERE host_id = ? AND due_at = ? AND h = ?

-- count_due --
-- The same for all that is due at these hosts.
UPDATE queue SET leases = leases + 1 WHERE host_id IN (SELECT value FROM json_each(?)) AND due_at <= ?

-- take_host --
-- Lease one host whatever it has to do.
UPDATE hosts SET polite_at = ?, epoch = epoch + 1, owner = ? WHERE host_id = ? AND polite_at <= ?
RETURNING host, epoch, delay_ms, last_at, fails, latency_ms, slow_ms, calm, host_id

-- renew --
-- Move the end of a lease, if it is still the same lease.
UPDATE hosts SET polite_at = ? WHERE host_id = ? AND epoch = ? AND owner = ? RETURNING host_id

-- holders --
-- Who has these hosts, under which epoch.
SELECT host_id, epoch, owner FROM hosts WHERE host_id IN (SELECT value FROM json_each(?))

-- handed_out --
-- Jobs of these hosts that were handed out before the clock was put back.
SELECT hosts.host, q.host_id, q.due_at, q.h, q.kind, q.target, q.depth, q.tries, q.leases, q.ctx
  FROM json_each(?1) AS ours
 CROSS JOIN queue AS q ON q.host_id = ours.value AND q.due_at > ?2 AND q.leases > 0
 CROSS JOIN hosts ON hosts.host_id = q.host_id
 ORDER BY q.host_id, q.due_at, q.h

-- forget_leases --
-- A lease that was given back says nothing against its jobs.
UPDATE queue SET leases = 0 WHERE host_id = ? AND leases > 0

-- free --
-- End a lease.
UPDATE hosts SET owner = NULL, polite_at = ? WHERE host_id = ?

-- hosts_of --
-- What a worker holds. Scans the hosts: at a start, and once a minute.
SELECT host_id FROM hosts WHERE owner = ?

-- reclaim --
-- Free the hosts of a dead worker, ready after their gap; whatever it still sends is fenced.
UPDATE hosts SET polite_at = min(polite_at, ?1 + max(delay_ms, ?2)), epoch = epoch + 1, owner = NULL WHERE owner = ?3

-- next_ready --
-- The earliest readiness of all.
SELECT ready_at FROM hosts ORDER BY ready_at LIMIT 1

-- pending --
-- Jobs of some kinds that may be asked by then: host by host. A leased host counts: its lease ends sooner than its TTL says.
SELECT count(*)
  FROM hosts CROSS JOIN queue AS q
 WHERE hosts.wake_at <= ?1 AND (hosts.polite_at <= ?3 OR hosts.owner IS NOT NULL) AND q.host_id = hosts.host_id AND q.due_at <= ?1 AND q.kind IN (SELECT value FROM json_each(?2))

-- enlist --
-- Enter a worker.
INSERT INTO workers (worker_id, beat_at, info) VALUES (?, ?, ?)
    ON CONFLICT (worker_id) DO UPDATE SET beat_at = excluded.beat_at, info = excluded.info

-- beat --
-- It lives.
UPDATE workers SET beat_at = ? WHERE worker_id = ?

-- workers --
-- All of them.
SELECT worker_id FROM workers ORDER BY worker_id

-- dismiss --
-- Strike a worker off.
DELETE FROM workers WHERE worker_id = ?
