"""Write pages with our archive: digests, records, gzip, append. Prints CPU and sync in ms a page, and bytes a page."""

from __future__ import annotations

import argparse
import asyncio
import json
import pickle
import time
from pathlib import Path

from fastwarc.warc import ArchiveIterator

from crawler import urls
from crawler.archive.device import Device
from crawler.archive.disk import DiskArchive
from crawler.archive.names import segment_id
from crawler.archive.warc import digest
from crawler.model import Context, Exchange, Fetched, Job, Kind, SourceId, Url, Visit, WorkerId

NOW = 1_795_332_068_123
GROUP = 32


class Timed(Device):
    """Counts the time spent in making things durable."""

    spent = 0.0

    def sync_data(self, descriptor: int) -> None:
        """As the real one."""
        begun = time.perf_counter()
        super().sync_data(descriptor)
        self.spent += time.perf_counter() - begun


def visit(page: dict, job: Job, at: int) -> Visit:
    """What the fetcher hands over; the payload's digest, which it makes while the body arrives, is counted here."""
    exchange = Exchange(
        url=job.url,
        kind=Kind.PAGE,
        fetched_at=at,
        took=0.1,
        request=page["request"],
        response=page["head"] + page["body"],
        peer="192.0.2.1",
        status=200,
        mime="text/html",
        payload_digest=digest(page["body"]),
        payload_bytes=len(page["body"]),
    )
    return Visit(
        job=job, epoch=1, outcome=Fetched(exchanges=(exchange,)), evidence=(exchange,), polite_at=at, delay_ms=0, last=False
    )


def job_of(url: Url) -> Job:
    host = urls.host(url)
    context = Context(source=SourceId("7t3hk54bnk34evod"), via=Url("http://news.example/feed.xml"), guid=url, title="A story")
    return Job(
        host=host, host_id=urls.host_id(host), h=urls.url_hash(url), due_at=NOW, url=url, kind=Kind.PAGE, context=context
    )


async def write(pages: list[dict], folder: Path) -> tuple[dict[str, float], Path]:
    device = Timed()
    archive = DiskArchive(folder / f"ours-{time.time_ns()}", archive_id="bench", info={"software": "Warraq"}, device=device)
    worker = WorkerId("run-0a1b2c")
    await archive.create(segment_id(NOW, 1, worker), worker, NOW)
    jobs = [job_of(Url(page["url"])) for page in pages]
    device.spent, begun = 0.0, time.process_time()
    for first in range(0, len(pages), GROUP):
        group = range(first, min(first + GROUP, len(pages)))
        written = await archive.write([visit(pages[n], jobs[n], NOW + n) for n in group], {}, {})
        archive.keep()
    cpu = time.process_time() - begun
    await archive.close()
    (path,) = archive._root.rglob("*.warc.gz*")  # noqa: SLF001 - a bench may look
    figures = {"cpu_ms": cpu, "sync_ms": device.spent}
    return {name: value / len(pages) * 1000 for name, value in figures.items()} | {"bytes": written.size / len(pages)}, path


def records(path: Path) -> list[tuple[str, list[tuple[str, str]], bytes]]:
    """Type, headers and block of each record, for the others to write."""
    with path.open("rb") as file:
        read = ArchiveIterator(file, parse_http=False)
        return [(record.headers["WARC-Type"], list(record.headers.to_tuples()), record.reader.read()) for record in read]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--records", type=Path)
    args = parser.parse_args()
    figures, path = asyncio.run(write(pickle.loads(args.pages.read_bytes()), args.folder))
    if args.records:
        args.records.write_bytes(pickle.dumps(records(path)[1:]))
    path.unlink()
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
