"""`warraq fetch`, and what of its records says that it is whole."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

CONFIG = """
fetch: {{allow_private: [127.0.0.0/8], connect: {0}s, idle: {1}s, timeout: {0}s, concurrency: 200}}
politeness: {{delay: 0s}}
retry: {{base: 10ms}}
"""


def main() -> None:
    wanted, out, seconds = json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2]), float(sys.argv[3])
    config = out.with_suffix(".yaml")
    config.write_text(CONFIG.format(seconds, seconds / 2))
    told = subprocess.run(
        [sys.executable, "-m", "crawler", "fetch", "--jsonl", "--no-archive", "--quiet", "--config", config, "-"],
        input="\n".join(url for _, url in wanted),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
        text=True,
    )
    names = {urlsplit(url).port: name for name, url in wanted}
    records = [json.loads(line) for line in told.stdout.splitlines()]
    lines = [[names[urlsplit(one["url"]).port], one["text"], one["note"]] for one in records]
    out.write_text("".join(json.dumps(line) + "\n" for line in lines))


if __name__ == "__main__":
    main()
