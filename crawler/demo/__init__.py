"""A small newsroom on loopback ports, to see the crawler work without a network. Its papers, towns and people are invented."""
