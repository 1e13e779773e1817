-- Captures, articles and versions stand in the order they came, and an index finds them by their keys: in the order of keys that are hashes
-- each row was a page of the tree to write, by both commits. What a capture holds while it waits for its parser stands apart.

CREATE TABLE outbox (                                 -- captures that wait for a parser: those with extracted = 0
  seg_id     TEXT NOT NULL,
  off        INTEGER NOT NULL,                        -- what comes together goes together: few pages of the tree
  host_id    INTEGER NOT NULL,
  h          INTEGER NOT NULL,
  fetched_at INTEGER NOT NULL,
  ctx        BLOB NOT NULL,                           -- msgpack of what else its Receipt holds
  PRIMARY KEY (seg_id, off, host_id, h, fetched_at)
) WITHOUT ROWID;
INSERT INTO outbox SELECT seg_id, off, host_id, h, fetched_at, ctx FROM captures WHERE extracted = 0 AND ctx IS NOT NULL;

CREATE TABLE captures_in_order (                      -- the catalog: one row an archived exchange
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
  UNIQUE (host_id, h, fetched_at)
);
INSERT INTO captures_in_order
SELECT host_id, h, fetched_at, seg_id, off, len, glen, kind, status, mime, digest, revisit_host, revisit_h, revisit_at, url, extracted
  FROM captures ORDER BY fetched_at;
DROP TABLE captures;
ALTER TABLE captures_in_order RENAME TO captures;
CREATE INDEX captures_time ON captures (fetched_at);

CREATE TABLE articles_in_order (                      -- the newest version of each; where its record's line lies
  id          INTEGER PRIMARY KEY,                    -- a number, so that versions stand in the order they came, too
  article_id  TEXT NOT NULL UNIQUE,
  version     INTEGER NOT NULL,
  text_hash   TEXT NOT NULL,
  host_id     INTEGER NOT NULL,
  h           INTEGER NOT NULL,
  fetched_at  INTEGER NOT NULL,
  url         TEXT NOT NULL,
  title       TEXT,
  published   TEXT,
  language    TEXT,
  source      TEXT,
  words       INTEGER NOT NULL,
  seg_id      TEXT NOT NULL,
  rec_off     INTEGER NOT NULL,
  rec_len     INTEGER NOT NULL,
  canonical   TEXT,                                   -- the id of the article it calls its own, where that is another's
  fingerprint INTEGER                                 -- of its text, 64 bits as a signed number
);
INSERT INTO articles_in_order
SELECT NULL, article_id, version, text_hash, host_id, h, fetched_at, url, title, published, language, source, words, seg_id, rec_off,
       rec_len, canonical, fingerprint
  FROM articles ORDER BY fetched_at;
DROP TABLE articles;                                  -- with the indexes of the bands: only `warraq alike ID` asked them
ALTER TABLE articles_in_order RENAME TO articles;
CREATE INDEX articles_canonical ON articles (canonical) WHERE canonical IS NOT NULL;

CREATE TABLE versions_in_order (
  article    INTEGER NOT NULL,                        -- articles.id
  n          INTEGER NOT NULL,
  text_hash  TEXT NOT NULL,
  fetched_at INTEGER NOT NULL,
  seg_id     TEXT NOT NULL,
  rec_off    INTEGER NOT NULL,
  rec_len    INTEGER NOT NULL,
  PRIMARY KEY (article, n)
) WITHOUT ROWID;
INSERT INTO versions_in_order
SELECT a.id, v.n, v.text_hash, v.fetched_at, v.seg_id, v.rec_off, v.rec_len
  FROM articles AS a CROSS JOIN versions AS v ON v.article_id = a.article_id ORDER BY a.id, v.n;
DROP TABLE versions;
ALTER TABLE versions_in_order RENAME TO versions;
