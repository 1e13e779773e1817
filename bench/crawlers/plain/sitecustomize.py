"""Only for `bench/throughput.py`: the title and `article p` in the extractor's place, in the children that read pages."""

import sys


def _plain() -> None:
    import crawler.extraction
    from crawler.model import Article
    from selectolax.lexbor import LexborHTMLParser

    def extract(data: bytes, **_told: object) -> Article:
        tree = LexborHTMLParser(data)
        title = tree.css_first("h1")
        text = "\n".join(node.text() for node in tree.css("article p"))
        return Article(title=title.text() if title else None, text=text, kind="article")

    crawler.extraction.extract = extract


if any("crawler.parse" in word for word in sys.orig_argv):
    _plain()
