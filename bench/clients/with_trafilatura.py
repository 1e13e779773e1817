"""trafilatura's `fetch_url` with its own settings, but for the time-out and leave to ask this machine."""

from __future__ import annotations

import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from pathlib import Path

from trafilatura import fetch_url
from trafilatura.settings import DEFAULT_CONFIG

WRITING = threading.Lock()


def main() -> None:
    config = deepcopy(DEFAULT_CONFIG)
    config["DEFAULT"]["DOWNLOAD_TIMEOUT"] = str(max(1, round(float(sys.argv[3]))))
    config["DEFAULT"]["SSRF_PROTECTION"] = "off"
    with open(sys.argv[2], "w") as out, ThreadPoolExecutor(16) as pool:

        def ask(one: tuple[str, str]) -> None:
            name, url = one
            text = fetch_url(url, config=config)
            with WRITING:
                out.write(json.dumps([name, text]) + "\n")
                out.flush()

        list(pool.map(ask, json.loads(Path(sys.argv[1]).read_text())))


if __name__ == "__main__":
    main()
