"""The child's entry: `python -m crawler.parse.child MEMORY SECONDS LIMIT TURNS MARKS AT_HAND`."""

from __future__ import annotations

import gc
import sys

from crawler.allocator import collect_seldom, give_back, with_stack
from crawler.model import Discovery, ParseTask
from crawler.parse.reading import read
from crawler.parse.serving import Bounds, serve
from crawler.parse.turns import Turn


def main() -> None:
    """Serve as the pool's child."""
    bounds = Bounds.from_words(sys.argv[1:])
    turn = Turn(bounds.turns)
    collect_seldom()

    def answer(task: ParseTask) -> Discovery:
        try:
            return read(task, bounds.limit, turn.take, bounds.at_hand)
        finally:
            if turn.taken:
                gc.collect()  # a feed of 20 MB leaves 56,000 objects in cycles, 10 MB, which nobody would look for now
                give_back()
                turn.leave()

    with_stack(lambda: serve(answer, bounds))


if __name__ == "__main__":
    main()
