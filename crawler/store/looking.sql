-- What every reader asks first.

-- meta --
-- The store's version and the archive's id.
SELECT key, value FROM meta
