"""XML in the encodings of other machines."""

from __future__ import annotations

import pytest

from crawler.sources import read_feed


def title(data: bytes) -> str | None:
    return read_feed(data, url="https://p.example/f", content_type=None, known={}).title


def rss(words: str, label: str) -> str:
    return f'<?xml version="1.0" encoding="{label}"?><rss><channel><title>{words}</title></channel></rss>'


@pytest.mark.parametrize(
    ("label", "codec", "words"),
    [
        ("cp720", "cp720", "خبر من مصر"),
        ("IBM850", "cp850", "Çédille"),
        ("862", "cp862", "אב"),
        ("koi8-t", "koi8_t", "қ"),
        ("mac-cyrillic", "mac_cyrillic", "Правда"),
        ("windows_1251", "cp1251", "Правда"),
        ("ms-arab", "cp1256", "خبر"),
        ("cp037", "cp037", "café"),
        ("utf-32", "utf_32", "خبر"),
        ("utf-32be", "utf_32_be", "خبر"),
        ("utf-32le", "utf_32_le", "خبر"),
    ],
)
def test_a_feed_of_an_old_machine_is_read(label: str, codec: str, words: str) -> None:
    assert title(rss(words, label).encode(codec)) == words


def test_what_python_calls_an_encoding_but_is_none_is_never_used() -> None:
    for label in ("rot13", "zip", "base64", "unicode_escape", "utf-7", "idna"):
        assert title(rss("plain", label).encode()) == "plain"


def test_a_feed_in_utf8_is_read_as_that_whatever_page_it_declares() -> None:
    assert title(rss("خبر", "cp850").encode()) == "خبر"
