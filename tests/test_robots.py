"""robots.txt as RFC 9309 reads it, for a product token that others may begin alike."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.model import HostId, RobotsCopy
from crawler.robots import MOST_BYTES, Rules, reachable, verdict

SITE = "https://paper.example"


def allows(robots: str, path: str = "/news") -> bool:
    return Rules.parse(robots.encode()).allows(SITE + path)


def copy(status: int, body: bytes = b"") -> RobotsCopy:
    return RobotsCopy(origin=SITE, host_id=HostId(1), status=status, body=body, fetched_at=0, until=1)


DENY = "Disallow: /\n"


class TestAgents:
    @pytest.mark.parametrize("name", ["Warraq", "WARRAQ", "warraq/2.0", "Warraq Crawler", "Warraq # us"])
    def test_our_name_is_ours_in_any_case_and_cut_at_the_token(self, name):
        assert not allows(f"User-agent: {name}\n{DENY}")

    @pytest.mark.parametrize("name", ["War", "Warraqbot", "Googlebot", "aq", "", "ورّاق", "*bot"])
    def test_another_name_is_not_ours_though_it_begins_alike(self, name):
        assert allows(f"User-agent: {name}\n{DENY}")

    def test_the_star_speaks_to_us_only_where_nobody_else_does(self):
        robots = f"User-agent: *\n{DENY}\nUser-agent: Warraq\nDisallow: /only\n"
        assert allows(robots)
        assert not allows(robots, "/only/this")
        assert not allows(f"User-agent: Googlebot\nAllow: /\n\nUser-agent: *\n{DENY}")

    def test_groups_of_one_agent_are_one_group(self):
        robots = "User-agent: Warraq\nDisallow: /a\n\nUser-agent: x\nDisallow: /c\n\nUser-agent: warraq\nDisallow: /b\n"
        assert [allows(robots, path) for path in ("/a", "/b", "/c")] == [False, False, True]

    @pytest.mark.parametrize("line", ["Sitemap: https://paper.example/s.xml", "Noindex: /x", "<br>", "# note", ""])
    def test_a_line_of_no_meaning_does_not_end_a_list_of_agents(self, line):
        assert not allows(f"User-agent: Warraq\n{line}\nUser-agent: Other\n{DENY}")

    def test_rules_before_any_agent_are_passed_over(self):
        assert allows(DENY)


class TestRules:
    def test_the_longest_rule_wins_and_allow_where_they_tie(self):
        robots = "User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /c\nAllow: /c\n"
        assert [allows(robots, path) for path in ("/a/x", "/a/b", "/c")] == [False, True, True]

    def test_wildcards_and_the_end_sign(self):
        robots = "User-agent: *\nDisallow: /*.pdf$\nDisallow: /*?print=\n"
        assert [allows(robots, path) for path in ("/a.pdf", "/a.pdf?x", "/n?print=1", "/n")] == [False, True, False, True]

    def test_an_arabic_path_matches_however_it_is_written(self):
        for rule in ("/أخبار/", "/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/", "/%d8%a3%d8%ae%d8%a8%d8%a7%d8%b1/"):
            robots = f"User-agent: *\nDisallow: {rule}\n"
            assert not allows(robots, "/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/1")
            assert allows(robots, "/%D8%B1%D8%A3%D9%8A/1")

    def test_robots_txt_itself_is_always_allowed(self):
        for rules in (Rules.parse(f"User-agent: *\n{DENY}".encode()), Rules.none_allowed()):
            assert rules.allows(f"{SITE}/robots.txt")
            assert not rules.allows(f"{SITE}/robots.txt/x")
            assert not rules.allows(f"{SITE}/?x=/robots.txt")

    def test_an_empty_disallow_allows_all(self):
        assert allows("User-agent: *\nDisallow:\n")


class TestFile:
    def test_any_line_end_will_do(self):
        for end in ("\n", "\r\n", "\r"):
            assert not allows(f"User-agent: *{end}Disallow: /{end}")

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
    def test_a_byte_order_mark_does_not_hide_the_first_line(self, encoding):
        assert not Rules.parse(f"User-agent: *\n{DENY}".encode(encoding)).allows(f"{SITE}/news")

    def test_what_stands_behind_the_limit_is_ignored_and_half_a_line_too(self):
        begin = b"User-agent: *\n"
        filler = b"#" * (MOST_BYTES - len(begin) - len(b"\nDisallow: /")) + b"\n"
        assert Rules.parse(begin + filler + b"Disallow: /private\n").allows(f"{SITE}/news")

    def test_a_windows_1256_comment_does_no_harm(self):
        assert not Rules.parse("# أخبار\n".encode("windows-1256") + f"User-agent: *\n{DENY}".encode()).allows(f"{SITE}/x")

    def test_crawl_delay_is_ours_or_the_stars(self):
        assert Rules.parse(b"User-agent: *\nCrawl-delay: 7.5\n").crawl_delay == 7.5
        assert Rules.parse(b"User-agent: *\nCrawl-delay: 7\n\nUser-agent: Warraq\nCrawl-delay: 2\n").crawl_delay == 2
        for odd in ("-1", "soon", "inf", "nan", ""):
            assert Rules.parse(f"User-agent: *\nCrawl-delay: {odd}\n".encode()).crawl_delay is None

    def test_sitemaps_are_told_wherever_they_stand(self):
        robots = f"Sitemap: {SITE}/1.xml\nUser-agent: x\n{DENY}sitemap: {SITE}/2.xml\n"
        assert Rules.parse(robots.encode()).sitemaps == (f"{SITE}/1.xml", f"{SITE}/2.xml")

    @settings(deadline=None)
    @given(st.binary(max_size=400))
    def test_no_bytes_at_all_make_it_fail(self, junk):
        rules = Rules.parse(b"User-agent: *\nDisallow: /p\n" + junk)
        assert rules.allows(f"{SITE}/robots.txt")
        assert rules.crawl_delay is None or rules.crawl_delay >= 0


class TestVerdict:
    def test_a_copy_that_was_answered_is_read(self):
        rules = verdict(copy(200, f"User-agent: *\n{DENY}".encode()))
        assert not rules.allows(f"{SITE}/news")

    @pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 410, 451])
    def test_no_robots_txt_means_no_restrictions(self, status):
        assert verdict(copy(status)).allows(f"{SITE}/news")
        assert reachable(status)

    @pytest.mark.parametrize("status", [0, 429, 500, 503, 599])
    def test_an_unreachable_robots_txt_forbids_all_but_itself(self, status):
        assert not verdict(copy(status)).allows(f"{SITE}/news")
        assert verdict(copy(status)).allows(f"{SITE}/robots.txt")
        assert not reachable(status)
