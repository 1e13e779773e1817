"""Asking the web: one request at a time, as bytes on the wire, guarded, limited, paced, and never following redirects.

The fetchers are wrapped into each other, outermost first: `robots_cache` (may we?), `retrying` (a second knock), `paced`
(the host's gap and our lease), `http` (aiohttp with a wire tap). `turns` builds that for a lease; `files` reads documents
that lie here.
"""
