-- When a source is asked again follows from what its polls taught.
ALTER TABLE sources ADD COLUMN rhythm BLOB;                       -- msgpack of its Rhythm; NULL: nothing is known yet
ALTER TABLE sources ADD COLUMN moved TEXT;                        -- where it is asked since it moved for good; NULL: at `url`
ALTER TABLE sources ADD COLUMN cron TEXT;                         -- five fields; every_ms is 0 where it has no interval of its own
ALTER TABLE sources ADD COLUMN weight REAL NOT NULL DEFAULT 1;    -- of an entry beside another source's
ALTER TABLE sources ADD COLUMN parent TEXT;                       -- the source it was found in (a sitemap's index)
ALTER TABLE sources ADD COLUMN lastmod_right INTEGER NOT NULL DEFAULT 0;   -- pages that had changed as a sitemap's lastmod said
ALTER TABLE sources ADD COLUMN lastmod_wrong INTEGER NOT NULL DEFAULT 0;   -- and those that had not
