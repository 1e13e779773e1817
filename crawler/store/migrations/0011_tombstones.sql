-- When a feed said that an entry is taken away (at:deleted-entry); NULL: it never did. It stays known, so that it is no news again.
ALTER TABLE entries ADD COLUMN gone_at INTEGER;
