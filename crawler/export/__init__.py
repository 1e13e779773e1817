"""Records as bytes for a pipe or a file: `jsonl`, `array` (JSON), `markdown`, and the JSON Schema of a record."""
