"""Warraq: sources -> frontier -> fetch -> archive -> extract -> catalog."""
