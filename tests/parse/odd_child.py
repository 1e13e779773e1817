"""A parser child that does what the address of its task says."""

import os
import signal
import sys
import time
from pathlib import Path

from crawler.model import Article, Discovery, ParseTask
from crawler.parse.serving import Bounds, serve


def answer(task: ParseTask) -> Discovery:
    doing = DEEDS.get(task.url.rpartition("/")[2])
    found = doing() if doing else None
    return found or Discovery(found="article", title=task.url)


def spin() -> None:
    while True:
        pass


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def grow() -> Discovery:
    return note(str(len(bytearray(1 << 40))))


def fail() -> None:
    raise RuntimeError("قسمة على صفر")


def babble() -> None:
    os.write(3, b"\xff" * 64)


def chat() -> None:
    os.write(1, b"a library says hello")
    sys.stderr.write("x" * 300_000)


def half() -> Discovery:
    return Discovery(found="article", article=Article(title="a\ud800b", found_in={"title": "x\udfff"}))


def who() -> Discovery:
    return note(f"{os.getpid()} {len(list(Path('/proc/self/fd').iterdir()))}")


def tire() -> None:
    SEEN.append(1)
    if len(SEEN) > 3:
        os.kill(os.getpid(), signal.SIGSEGV)


def write() -> Discovery:
    try:
        Path("/tmp/warraq-child-wrote").write_bytes(b"x")
    except OSError as error:
        return note(error.strerror)
    return note("written")


def fat() -> None:
    KEPT.append(bytearray(b"x" * (100 << 20)))


def fall_silent() -> None:
    """The next page can't be marked as begun: so it ends between two."""
    os.close(Bounds.from_words(sys.argv[1:]).marks)


def note(text: str) -> Discovery:
    return Discovery(found="nothing", note=text)


SEEN: list[int] = []
KEPT: list[bytearray] = []
DEEDS = {
    "spin": spin,
    "sleep": lambda: time.sleep(3600),
    "kill": die,
    "memory": grow,
    "defect": fail,
    "nonsense": babble,
    "noise": chat,
    "surrogate": half,
    "who": who,
    "tired": tire,
    "fat": fat,
    "last": fall_silent,
    "long": lambda: note("ط" * (4 << 20)),
    "slow": lambda: time.sleep(0.4),
    "write": write,
}


if __name__ == "__main__":
    serve(answer, Bounds.from_words(sys.argv[1:]))
