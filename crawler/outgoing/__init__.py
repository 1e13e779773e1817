"""Giving out what is kept: `stamp` says what it is, `forms` write it, `order` does all of it."""
