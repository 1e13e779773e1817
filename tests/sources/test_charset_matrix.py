"""Arabic in four encodings, under right, missing and wrong declarations and headers: what is right, is read right."""

from __future__ import annotations

from itertools import product

import pytest

from crawler.sources import read_feed

TITLE = "افتتاح مكتبة المدينة القديمة بعد ترميمها"
TEXT = "أعلنت البلدية اليوم عن افتتاح المكتبة العامة بعد أعمال ترميم دامت ثلاث سنوات، وسط حضور كبير من الأهالي."
ENCODINGS = ("utf-8", "windows-1256", "iso-8859-6", "utf-16")
LABELS = ("right", "none", "wrong")
WRONG = {"utf-8": "windows-1256", "windows-1256": "utf-8", "iso-8859-6": "utf-8", "utf-16": "utf-8"}


def cases() -> list[tuple[str, str, str]]:
    return list(product(ENCODINGS, LABELS, LABELS))


def read(encoding: str, declared: str, header: str, wrong: str) -> bool:
    """Whether the title is right."""
    label = {"right": f' encoding="{encoding}"', "none": "", "wrong": f' encoding="{WRONG[encoding]}"'}[declared]
    text = f'<?xml version="1.0"{label}?><rss version="2.0"><channel><title>{TITLE}</title><item><title>{TITLE}</title>'
    data = f"{text}<description>{TEXT}</description></item></channel></rss>".replace("،", "-").encode(encoding)
    charset = {"right": f"; charset={encoding}", "none": "", "wrong": f"; charset={wrong}"}[header]
    found = read_feed(data, url="https://p.example/f", content_type=f"application/rss+xml{charset}", known={})
    return [entry.title for entry in found.entries] == [TITLE]


@pytest.mark.parametrize("wrong", ["iso-8859-1", "utf-8", "us-ascii", "windows-1252"])
def test_e1_33_of_36_combinations_are_read_right(wrong: str) -> None:
    failed = [case for case in cases() if not read(*case, wrong)]
    assert len(failed) <= 3, failed


@pytest.mark.parametrize(("encoding", "header"), list(product(ENCODINGS, LABELS)))
def test_e1_a_header_never_beats_a_right_declaration(encoding: str, header: str) -> None:
    assert read(encoding, "right", header, "iso-8859-1")
