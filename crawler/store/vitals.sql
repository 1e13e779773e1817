-- Whether a store's file is sound, and who works with it.

-- quick_check --
-- The first thing SQLite finds wrong with the file's pages.
PRAGMA quick_check(1)

-- workers --
-- All that were entered, dead ones too.
SELECT worker_id FROM workers ORDER BY worker_id

-- newest --
-- When the last answer came.
SELECT coalesce(max(fetched_at), 0) FROM captures

-- options --
-- What this SQLite was built with.
PRAGMA compile_options
