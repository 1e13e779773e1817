"""The store made again from the archive alone: `recall` decides what a record means, `segments` reads one, `order` all."""
