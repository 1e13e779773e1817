"""Only for `bench/throughput.py`: the title and `article p` in the extractor's place, in the children that read pages."""

# ruff: noqa: PLC0415 - the other processes of a crawl load this file, too, and shall not load the extractor
import sys


def _plain() -> None:
    from selectolax.lexbor import LexborHTMLParser

    import crawler.extraction
    from crawler.model import Article

    def extract(data: bytes, **_told: object) -> Article:
        tree = LexborHTMLParser(data)
        title = tree.css_first("h1")
        text = "\n".join(node.text() for node in tree.css("article p"))
        return Article(title=title.text() if title else None, text=text, kind="article")

    crawler.extraction.extract = extract


if any("crawler.parse" in word for word in sys.orig_argv):
    _plain()
