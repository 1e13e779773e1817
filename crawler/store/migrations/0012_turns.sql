-- A source that is due goes before the pages that wait for its host: its row is found without walking them.
CREATE INDEX sources_row ON sources (q_host, q_due, q_h) WHERE q_host IS NOT NULL;
