"""Implementations of `crawler.ports.Store`."""
