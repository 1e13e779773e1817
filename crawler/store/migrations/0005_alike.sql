-- The fingerprint of the newest version's text, 64 bits as a signed number; and by its bands (crawler/alike.py) near-copies are
-- found: 130 bytes an article.
ALTER TABLE articles ADD COLUMN fingerprint INTEGER;
CREATE INDEX articles_band_0 ON articles (fingerprint & 2047) WHERE fingerprint IS NOT NULL;
CREATE INDEX articles_band_1 ON articles (fingerprint >> 11 & 2047) WHERE fingerprint IS NOT NULL;
CREATE INDEX articles_band_2 ON articles (fingerprint >> 22 & 2047) WHERE fingerprint IS NOT NULL;
CREATE INDEX articles_band_3 ON articles (fingerprint >> 33 & 2047) WHERE fingerprint IS NOT NULL;
CREATE INDEX articles_band_4 ON articles (fingerprint >> 44 & 1023) WHERE fingerprint IS NOT NULL;
CREATE INDEX articles_band_5 ON articles (fingerprint >> 54 & 1023) WHERE fingerprint IS NOT NULL;
