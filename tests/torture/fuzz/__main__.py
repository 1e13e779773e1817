"""`python -m tests.torture.fuzz TARGET FOLDER SECONDS`: one target under atheris; its corpus and its finds lie in the folder.

Runs in an environment of its own (`../test_fuzz.py` makes it). Ends with 0 only if nothing was found: no broken promise, no
exception, no crash of native code, nothing that takes longer than a page may, no more memory than a page may.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path
from typing import Final

import atheris

from tests.torture.fuzz import seeds

# Code that counts what it does takes about five times as long; a page has 2 s of CPU.
MOST_CPU: Final = 10.0
MOST_BYTES: Final = {"url": 2_000, "robots": 8_000, "encoding": 8_000, "wire": 8_000}
_ADDRESSES_BYTES: Final = 4 << 30
_SIZE: Final = 30_000


def main(target: str, folder: Path, seconds: str) -> None:
    """Fuzz, up to so many seconds or to the first find."""
    corpus = _prepared(target, folder)
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESSES_BYTES, _ADDRESSES_BYTES))
    atheris.enabled_hooks.add("str")  # what `startswith` looks for is told to the fuzzer; "RegEx" can't read patterns of bytes
    with atheris.instrument_imports(include=["crawler", "feedparser", "tests.torture.fuzz.targets"]):
        from tests.torture.fuzz.targets import TARGETS  # noqa: PLC0415 - instrumented while it is imported

    check = TARGETS[target]

    def once(data: bytes) -> None:
        started = time.process_time()
        check(data)
        took = time.process_time() - started
        assert took < MOST_CPU, f"{took:.1f} s of CPU"

    # -timeout: by the clock, six times the CPU, since the machine may be busy with other things.
    options = (
        f"-max_total_time={seconds} -timeout={6 * MOST_CPU:.0f} -rss_limit_mb=768 -max_len={MOST_BYTES.get(target, _SIZE)}"
    )
    paths = [f"-dict={folder / 'words'}", f"-artifact_prefix={folder}/find-", str(corpus)]
    atheris.Setup([sys.argv[0], *options.split(), "-print_final_stats=1", "-keep_seed=1", "-len_control=20", *paths], once)
    atheris.Fuzz()


def _prepared(target: str, folder: Path) -> Path:
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds.seeds(target)):
        (corpus / f"seed-{number}").write_bytes(seed)
    (folder / "words").write_text(seeds.dictionary(target), encoding="utf-8")
    return corpus


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
