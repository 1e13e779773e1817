"""What came packed lies in the archive as it came: it is shown, given away, and taken out like all else."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from urllib.parse import quote

import aiohttp
import pytest
from fastwarc import ArchiveIterator
from fastwarc.warc import WarcRecordType

from crawler.archive.names import Names
from crawler.model import Url
from crawler.outgoing.order import export
from crawler.rebuild.order import rebuild
from crawler.replay.serving import serving
from tests.archive.samples import HEAD, NOW, PAGE, WORKER, archive, exchange, name, visit
from tests.archive.stocked import config
from tests.fidelity.cases import LONG, PHOTO, STORY
from tests.outgoing.test_exporting import order, quiet
from tests.takedown.test_carrying import carry, contents, looked, orders

SHOT = Url("https://news.example/%D8%B5%D9%88%D8%B1%D8%A9.jpg")
PACKED = HEAD.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n")


@pytest.fixture(params=[True, False], ids=["sealed", "open"])
async def root(request, tmp_path) -> Path:
    """A page that came in gzip, and a picture longer than three stored blocks."""
    root = tmp_path / "archive"
    made = archive(root)
    await made.create(name(), WORKER, NOW)
    shot = exchange(PHOTO, url=SHOT, head=b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n", mime="image/jpeg", at=NOW + 1)
    await made.write([visit(exchange(LONG, head=PACKED)), visit(shot)], {}, {})
    made.keep()
    if request.param:
        await made.seal(name(), WORKER, NOW)
    await made.close()
    await rebuild(config(root), force=False, now=NOW)
    assert LONG[10:] in contents(root)  # as it came; its text is in no file
    assert STORY not in contents(root)
    return root


def parts(body: bytes) -> list[bytes]:
    """From everywhere in it."""
    return [body[at : at + 24] for at in range(10, len(body) - 24, 1 + len(body) // 100)]


async def test_it_is_shown_as_it_was_sent(root):
    async with serving(root, root / "warraq.db", 0) as address, aiohttp.ClientSession() as session:
        async with session.get(f"{address}/view?at={NOW}&url={quote(PAGE, safe='')}") as answer:
            view = await answer.text()
        assert "as it was written" in view
        async with session.get(re.search(r'src="([^"]+)"', view)[1].replace("&amp;", "&")) as answer:
            assert STORY.decode()[-9_000:] in await answer.text()


async def test_it_is_given_away_byte_for_byte(root):
    export(order(root, "wacz", "out"), quiet)
    with zipfile.ZipFile(root.parent / "out" / "warraq.wacz") as packed:
        (warc,) = [one for one in packed.namelist() if one.endswith(".warc.gz")]
        data = packed.read(warc)
    answers = ArchiveIterator(io.BytesIO(data), record_types=WarcRecordType.response, parse_http=False, verify_digests=True)
    assert [record.reader.read().partition(b"\r\n\r\n")[2] for record in answers] == [LONG, PHOTO]


@pytest.mark.parametrize(("url", "body", "other"), [(PAGE, LONG, PHOTO), (SHOT, PHOTO, LONG)], ids=["page", "picture"])
async def test_no_part_of_it_is_left_once_it_was_taken_out(root, url, body, other):
    size = (Names(root, name()).there() or root).stat().st_size
    assert await carry(root, await orders(root, url)) == []
    left = contents(root)
    assert [part for part in parts(body) if part in left] == []
    assert all(part in left for part in parts(other))
    assert (Names(root, name()).there() or root).stat().st_size == size
    assert looked(root) == []
