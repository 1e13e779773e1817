-- Sources that were found in others, and what their words proved worth.

-- known --
-- Which of these need no entering: a paused one does, unless it was paused by hand.
SELECT source_id FROM sources
 WHERE source_id IN (SELECT value FROM json_each(?)) AND (state <> 'paused' OR held)

-- judge --
-- A page that had changed as its source said, or had not.
UPDATE sources SET lastmod_right = lastmod_right + ?, lastmod_wrong = lastmod_wrong + ? WHERE source_id = ?
