-- Times: integer ms since 1970 UTC. Hashes: signed 64 bits of blake2b-8, computed by the client:
-- host_id over the politeness key, h over the dedupe key. 9000000000000000000 is NEVER.

CREATE TABLE meta (                                   -- schema_version, key_version (of the dedupe key), archive_id
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE hosts (                                  -- one row = one politeness queue (Mercator's "back queue" head)
  host_id   INTEGER PRIMARY KEY,
  host      TEXT NOT NULL UNIQUE,                     -- host, or host:port where the port is not the scheme's default
  delay_ms  INTEGER NOT NULL DEFAULT 0,               -- the gap it was last given; the configured one comes with each lease
  polite_at INTEGER NOT NULL DEFAULT 0,               -- no request may START before this; while leased: the lease's end
  wake_at   INTEGER NOT NULL DEFAULT 9000000000000000000,   -- <= min(queue.due_at) of this host
  ready_at  INTEGER GENERATED ALWAYS AS (max(polite_at, wake_at)) VIRTUAL,
  epoch     INTEGER NOT NULL DEFAULT 0,               -- fencing token, +1 at every lease
  owner     TEXT,                                     -- worker_id while leased
  last_at   INTEGER NOT NULL DEFAULT 0,               -- the last capture's fetched_at: the next is greater, so keys never collide
  fails     INTEGER NOT NULL DEFAULT 0,
  pending   INTEGER NOT NULL DEFAULT 0                -- rows in queue: for budgets and back-pressure
);
CREATE INDEX hosts_ready ON hosts (ready_at);         -- measured: 4 us a lease; (shard, ready_at) over 256 shards: 203 us

CREATE TABLE robots (
  origin     TEXT PRIMARY KEY,
  host_id    INTEGER NOT NULL,
  status     INTEGER NOT NULL,
  body       BLOB NOT NULL,
  fetched_at INTEGER NOT NULL,
  until      INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE seen (                                   -- insert-only; gates offers and nothing else
  part INTEGER NOT NULL,                              -- host_id >> 40: keeps a host's addresses on a few pages of the tree, for 3 bytes
  h    INTEGER NOT NULL,                              -- tells addresses apart by itself, also between hosts
  PRIMARY KEY (part, h)                               -- measured: 19.3 B an address; with the whole host_id 25.5
) WITHOUT ROWID;

-- Taken down: never offered again.
CREATE TABLE blocked (host_id INTEGER NOT NULL, h INTEGER NOT NULL, reason TEXT, PRIMARY KEY (host_id, h)) WITHOUT ROWID;

CREATE TABLE queue (                                  -- only what is still to do; the row goes in the commit that stores its outcome
  host_id INTEGER NOT NULL,
  due_at  INTEGER NOT NULL,
  h       INTEGER NOT NULL,
  kind    INTEGER NOT NULL,
  target  TEXT NOT NULL,                              -- path?query where the origin is https://<host>; else the whole URL
  depth   INTEGER NOT NULL DEFAULT 0,
  tries   INTEGER NOT NULL DEFAULT 0,                 -- outcomes so far
  leases  INTEGER NOT NULL DEFAULT 0,                 -- leases without an outcome (a job that kills its worker); cleared by release
  ctx     BLOB,                                       -- msgpack of its Context; NULL: an empty one
  PRIMARY KEY (host_id, due_at, h)
) WITHOUT ROWID;

CREATE TABLE segments (                               -- one WARC file and its records file; one writer at a time (flock)
  seg_id        TEXT PRIMARY KEY,
  owner         TEXT NOT NULL,
  state         INTEGER NOT NULL DEFAULT 1,           -- 1 open, 2 sealing, 3 sealed, 4 void
  committed     INTEGER NOT NULL DEFAULT 0,           -- bytes of the WARC that are acknowledged
  rec_committed INTEGER NOT NULL DEFAULT 0,           -- bytes of the .jsonl that are
  sha256        BLOB,
  created_at    INTEGER NOT NULL,
  sealed_at     INTEGER
) WITHOUT ROWID;
CREATE INDEX segments_live ON segments (created_at) WHERE state < 3;   -- used only if the query says 'state < 3'

CREATE TABLE captures (                               -- the catalog: one row an archived exchange
  host_id      INTEGER NOT NULL,
  h            INTEGER NOT NULL,
  fetched_at   INTEGER NOT NULL,
  seg_id       TEXT NOT NULL,
  off          INTEGER NOT NULL,                      -- of the response member
  len          INTEGER NOT NULL,
  glen         INTEGER NOT NULL,                      -- the whole group: response, request, metadata
  kind         INTEGER NOT NULL,
  status       INTEGER NOT NULL,
  mime         TEXT,
  digest       BLOB,                                  -- 20 bytes: sha1; a text: any other, with its name
  revisit_host INTEGER,
  revisit_h    INTEGER,
  revisit_at   INTEGER,
  url          TEXT NOT NULL,
  extracted    INTEGER NOT NULL DEFAULT 0,            -- 0 waits for a parser (the outbox), 1 done, 2 nothing to extract, 3 given up
  ctx          BLOB,                                  -- while it waits: msgpack of what else its Receipt holds
  PRIMARY KEY (host_id, h, fetched_at)
) WITHOUT ROWID;
CREATE INDEX captures_time ON captures (fetched_at);
CREATE INDEX captures_outbox ON captures (seg_id) WHERE extracted = 0;   -- the key follows by itself: read in its order

CREATE TABLE payloads (                               -- identical payloads of one host -> revisit
  host_id    INTEGER NOT NULL,
  digest     BLOB NOT NULL,
  h          INTEGER NOT NULL,
  fetched_at INTEGER NOT NULL,
  PRIMARY KEY (host_id, digest)
) WITHOUT ROWID;

CREATE TABLE workers (worker_id TEXT PRIMARY KEY, beat_at INTEGER NOT NULL, info TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE sources (                                -- exactly one of: q_* (its queue row), w_* (its waiting capture), not polled
  source_id     TEXT PRIMARY KEY,
  kind          INTEGER NOT NULL,
  url           TEXT NOT NULL,
  host_id       INTEGER NOT NULL,
  h             INTEGER NOT NULL,
  name          TEXT NOT NULL,
  origin        TEXT NOT NULL,                        -- config or command
  tags          TEXT NOT NULL,                        -- JSON
  every_ms      INTEGER NOT NULL,
  state         TEXT NOT NULL DEFAULT 'active',       -- active, paused (not polled), gone (410: polled monthly)
  q_host        INTEGER,
  q_due         INTEGER,
  q_h           INTEGER,
  w_host        INTEGER,
  w_h           INTEGER,
  w_at          INTEGER,
  asked         INTEGER NOT NULL DEFAULT 0,           -- a poll was wanted while a capture waited
  etag          TEXT,                                 -- validators and digest: of the last body that was read
  last_modified TEXT,
  body_digest   TEXT,
  captured_at   INTEGER NOT NULL DEFAULT 0,           -- fetched_at of that body; an older one changes nothing
  title         TEXT,
  found_new     INTEGER NOT NULL DEFAULT 0,           -- entries in all, and how many changed
  found_changed INTEGER NOT NULL DEFAULT 0,
  failures      INTEGER NOT NULL DEFAULT 0,           -- polls in a row
  last_at       INTEGER,
  last_outcome  TEXT
) WITHOUT ROWID;

CREATE TABLE polls (                                  -- a ring: the newest 200 of each source
  source_id TEXT NOT NULL,
  at        INTEGER NOT NULL,
  status    INTEGER NOT NULL,
  outcome   TEXT NOT NULL,
  failed    INTEGER NOT NULL,
  detail    TEXT NOT NULL,
  PRIMARY KEY (source_id, at)
) WITHOUT ROWID;

CREATE TABLE entries (                                -- what a source said; item_hash tells a change
  source_id  TEXT NOT NULL,
  key        TEXT NOT NULL,
  item_hash  TEXT NOT NULL,
  url        TEXT,
  first_seen INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  versions   INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (source_id, key)
) WITHOUT ROWID;

CREATE TABLE articles (                               -- the newest version of each; where its record's line lies
  article_id TEXT PRIMARY KEY,
  version    INTEGER NOT NULL,
  text_hash  TEXT NOT NULL,
  host_id    INTEGER NOT NULL,
  h          INTEGER NOT NULL,
  fetched_at INTEGER NOT NULL,
  url        TEXT NOT NULL,
  title      TEXT,
  published  TEXT,
  language   TEXT,
  source     TEXT,
  words      INTEGER NOT NULL,
  seg_id     TEXT NOT NULL,
  rec_off    INTEGER NOT NULL,
  rec_len    INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE versions (
  article_id TEXT NOT NULL,
  n          INTEGER NOT NULL,
  text_hash  TEXT NOT NULL,
  fetched_at INTEGER NOT NULL,
  seg_id     TEXT NOT NULL,
  rec_off    INTEGER NOT NULL,
  rec_len    INTEGER NOT NULL,
  PRIMARY KEY (article_id, n)
) WITHOUT ROWID;

CREATE TABLE events (                                 -- one a new article or version, in the order of the commits; never reused
  seq        INTEGER PRIMARY KEY AUTOINCREMENT,
  kind       TEXT NOT NULL,                           -- article or version
  article_id TEXT NOT NULL,
  n          INTEGER NOT NULL,
  at         INTEGER NOT NULL
);

CREATE TABLE failures (                               -- jobs that ended without what they were for
  host_id INTEGER NOT NULL,
  h       INTEGER NOT NULL,
  at      INTEGER NOT NULL,
  url     TEXT NOT NULL,
  kind    INTEGER NOT NULL,
  reason  TEXT NOT NULL,
  detail  TEXT NOT NULL,
  tries   INTEGER NOT NULL,
  ctx     BLOB,
  PRIMARY KEY (host_id, h, at)
) WITHOUT ROWID;
CREATE INDEX failures_time ON failures (at);
