"""`warraq run --once` on these feeds, every mechanism on but the delay.

    with_warraq.py FEEDS FOLDER (full|plain)

`plain` puts in the extractor's place what the others do: the title and `article p`; how long it took is told.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

CONFIG = """\
archive: {{dir: archive}}
politeness: {{delay: 0s}}
fetch: {{allow_private: ["127.0.0.0/8"], insecure_hosts: {insecure}}}
log: {{level: error}}
sources:
{sources}
"""

if __name__ == "__main__":
    feeds = Path(sys.argv[1]).read_text().split()
    os.chdir(sys.argv[2])
    secure = [feed.split("/")[2] for feed in feeds if feed.startswith("https:")]
    told = CONFIG.format(sources="\n".join(f"  - feed: {feed}" for feed in feeds), insecure=secure)
    Path("config.yaml").write_text(told)
    os.environ["PYTHONPATH"] = f"{Path(__file__).parent / 'within'}:{os.environ['PYTHONPATH']}"
    if sys.argv[3] == "plain":
        Path("plain").touch()
    os.execv(sys.executable, [sys.executable, "-m", "crawler", "run", "--once"])
