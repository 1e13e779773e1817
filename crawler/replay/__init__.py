"""The archive as a browser shows it: `content` shows a capture, `pages` what is known of it."""
