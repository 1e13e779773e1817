-- The id of the article a page calls its own address (rel=canonical), where that is believed and another's; NULL: none.
ALTER TABLE articles ADD COLUMN canonical TEXT;
CREATE INDEX articles_canonical ON articles (canonical) WHERE canonical IS NOT NULL;
