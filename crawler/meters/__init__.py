"""What is counted while a crawl runs: figures, how they are written for Prometheus, and where they come from."""
