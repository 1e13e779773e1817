-- Taken down: never published again. The addresses are in `blocked`; an entry of a feed that has no page has only its name.
CREATE TABLE taken_down (article_id TEXT PRIMARY KEY, order_id TEXT NOT NULL) WITHOUT ROWID;
-- What was given out, so that a takedown can say where else an article lies: 30 bytes an article and export.
CREATE TABLE exports (
  export_id INTEGER PRIMARY KEY,
  folder    TEXT NOT NULL,
  form      TEXT NOT NULL,
  at        INTEGER NOT NULL
);
CREATE TABLE exported (article_id TEXT NOT NULL, export_id INTEGER NOT NULL, PRIMARY KEY (article_id, export_id)) WITHOUT ROWID;
