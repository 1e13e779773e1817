"""Full-text search in any script: how a text becomes terms, and what a query asks for. Pure."""
