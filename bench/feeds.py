"""Feeds: a corpus read (fields right), changed feeds and unchanged polls in CPU, beside feedparser and `reader`.

./run bench feeds corpus PATH [--set NAME] [--every N] [--alone] [--tell]
    ./run bench feeds delta PATH [--set NAME] [--every N] [--rounds N]
    ./run bench feeds poll [--feeds N] [--rounds N] [--group N] [--reader PYTHON]
    ./run bench feeds manners [--reader PYTHON]
"""

from __future__ import annotations

import sys

import feeds_corpus
import feeds_delta
import feeds_manners
import feeds_poll

PARTS = {"corpus": feeds_corpus.main, "delta": feeds_delta.main, "poll": feeds_poll.main, "manners": feeds_manners.main}


def main() -> int:
    """Run the part that is named first."""
    part = PARTS.get(sys.argv[1] if len(sys.argv) > 1 else "")
    if part is None:
        print(__doc__)
        return 2
    return part(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
