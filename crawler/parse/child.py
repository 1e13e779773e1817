"""The child's entry: `python -m crawler.parse.child MEMORY SECONDS LIMIT MARKS`."""

from __future__ import annotations

import sys
from functools import partial

from crawler.parse.reading import read
from crawler.parse.serving import Bounds, serve


def main() -> None:
    """Serve as the pool's child."""
    bounds = Bounds.from_words(sys.argv[1:])
    serve(partial(read, limit=bounds.limit), bounds)


if __name__ == "__main__":
    main()
