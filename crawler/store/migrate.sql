-- Tables of any version: what is asked before one knows which it is.

-- tables --
-- What is in the file.
SELECT name FROM sqlite_master WHERE type = 'table'

-- meta --
-- All of it: a handful of rows.
SELECT key, value FROM meta

-- set_meta --
-- Enter or change one of them.
INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value
