"""What publishers say on reuse, word for word."""

import pytest

from crawler.rights import MOST_CHARS, of_headers, of_page


class TestPage:
    def test_directives_to_all_and_to_one_agent_are_told(self):
        metas = {
            "robots": ("max-image-preview:large",),
            "googlebot": ("noindex, nofollow",),
            "gptbot": ("noai",),
            "otherbot": ("unavailable_after: Friday, 25-Jun-27 15:00:00 EST",),
        }
        assert of_page(metas, None) == {
            "meta robots": "max-image-preview:large",
            "meta googlebot": "noindex, nofollow",
            "meta gptbot": "noai",
            "meta otherbot": "unavailable_after: Friday, 25-Jun-27 15:00:00 EST",
        }

    @pytest.mark.parametrize(
        "meta",
        [("description", "none, all of it, noindex"), ("audience", "all"), ("keywords", "index, follow"), ("og:title", "noai")],
    )
    def test_what_only_sounds_alike_is_none(self, meta):
        name, content = meta
        assert of_page({name: (content,)}, None) == {}

    def test_tdm_words_and_a_license(self):
        metas = {"tdm-reservation": ("1",), "tdm-policy": ("https://p.example/tdm.json",), "copyright": ("© الجريدة",)}
        assert of_page(metas, "https://creativecommons.org/licenses/by/4.0/") == {
            "meta tdm-reservation": "1",
            "meta tdm-policy": "https://p.example/tdm.json",
            "meta copyright": "© الجريدة",
            "link license": "https://creativecommons.org/licenses/by/4.0/",
        }

    def test_there_is_an_end_to_it(self):
        found = of_page({f"bot{n}": ("noindex",) for n in range(500)} | {"robots": ("noindex," * 9_000,)}, "x" * 9_000)
        assert len(found) < 30
        assert max(map(len, found.values())) == MOST_CHARS


class TestHeaders:
    def test_an_agent_may_stand_before_its_directives(self):
        said = "googlebot: nofollow, otherbot: noindex, unavailable_after: 25 Jun 2027 15:00:00 PST"
        assert of_headers({"X-Robots-Tag": said}) == {"header x-robots-tag": said}

    def test_signals_and_reservations(self):
        headers = {
            "TDM-Reservation": "1",
            "tdm-policy": "/t.json",
            "Content-Signal": "ai-train=no",
            "Server": "x",
            "content-usage": "",
        }
        assert of_headers(headers) == {
            "header tdm-reservation": "1",
            "header tdm-policy": "/t.json",
            "header content-signal": "ai-train=no",
        }

    @pytest.mark.parametrize(
        "link",
        ['<https://p.example/rsl.xml>; rel="license"; type="application/rsl+xml"', "<https://p.example/rsl.xml>;rel=license",
         '</x.css>; rel=preload, <https://p.example/rsl.xml>; title=t; rel="x license"'],
    )  # fmt: skip
    def test_terms_in_a_link_header(self, link):
        assert of_headers({"Link": link}) == {"header link license": "https://p.example/rsl.xml"}

    @pytest.mark.parametrize(
        "link", ['<https://p.example/licenses>; rel="next"', "license", "<" * 5_000, "<a>" * 3_000 + "license"]
    )
    def test_other_links_are_no_terms(self, link):
        assert of_headers({"link": link}) == {}
