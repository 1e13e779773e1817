-- Who was told of what. A hook or an alert is named by a hash of what config.yaml says of it.
CREATE TABLE outlets (
  outlet_id    TEXT PRIMARY KEY,
  name         TEXT NOT NULL,                         -- as it is shown: no secret is in it
  seq          INTEGER NOT NULL,                      -- it was told of every event up to this one, but for those in undelivered
  delivered    INTEGER NOT NULL DEFAULT 0,            -- messages in all
  delivered_at INTEGER,                               -- the last of them
  fails        INTEGER NOT NULL DEFAULT 0,            -- in a row
  error        TEXT                                   -- why the last one failed; NULL: it didn't
) WITHOUT ROWID;

CREATE TABLE undelivered (                            -- set aside: they failed where others didn't
  outlet_id TEXT NOT NULL,
  seq       INTEGER NOT NULL,
  tries     INTEGER NOT NULL,
  due_at    INTEGER NOT NULL,
  error     TEXT NOT NULL,
  PRIMARY KEY (outlet_id, seq)
) WITHOUT ROWID;

CREATE TABLE alarms (                                 -- a source an alert is about; the row goes when that is over
  outlet_id TEXT NOT NULL,
  source_id TEXT NOT NULL,
  since     INTEGER NOT NULL,
  told      INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (outlet_id, source_id)
) WITHOUT ROWID;
