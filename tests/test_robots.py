"""robots.txt as RFC 9309 reads it, for a product token that others may begin alike."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from protego import Protego

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

    def test_only_a_rule_ends_a_list_of_agents(self):
        """RFC 9309, 2.2.4: other records "MUST NOT interfere"; a Crawl-delay is one."""
        assert not allows(f"User-agent: Warraq\nCrawl-delay: 1\n\nUser-agent: Other\n{DENY}")
        assert Rules.parse(b"User-agent: Warraq\nCrawl-delay: 1\nUser-agent: Other\nCrawl-delay: 9\n").crawl_delay == 9

    @pytest.mark.parametrize(
        "name", ["USER-AGENT", "useragent", "user agent", "useg-agent", "User-agnet", "users-agent", " user-agent "]
    )
    def test_a_mistyped_agent_line_is_understood(self, name):
        assert not allows(f"User-agent: Other\nAllow: /\n{name}: Warraq\n{DENY}")

    @pytest.mark.parametrize("agent", ["Warraq", "Warraq/1.0", "WARRAQ (+https://x.example)"])
    def test_the_product_may_come_as_a_whole_user_agent(self, agent):
        assert not Rules.parse(f"User-agent: warraq\n{DENY}".encode(), agent).allows(f"{SITE}/x")

    def test_a_digit_belongs_to_a_name(self):
        """The RFC's tokens have none, but robots are named so; cutting there would let `Warraq2` govern Warraq."""
        assert allows(f"User-agent: Warraq2\n{DENY}")

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

    @pytest.mark.parametrize(
        ("rule", "path"),
        [
            # the table of RFC 9309, section 2.2.2
            ("/foo/bar?baz=quz", "/foo/bar?baz=quz"),
            ("/foo/bar?baz=https://foo.bar", "/foo/bar?baz=https%3A%2F%2Ffoo.bar"),
            ("/foo/bar?baz=https%3a%2f%2Ffoo.bar", "/foo/bar?baz=https://foo.bar"),
            ("/foo/bar/ツ", "/foo/bar/%E3%83%84"),
            ("/foo/bar/%E3%83%84", "/foo/bar/%e3%83%84"),
            ("/foo/bar/%62%61%7A", "/foo/bar/baz"),
            # and of section 2.2.3
            ("/path/file-with-a-%2A.html", "/path/file-with-a-*.html"),
            ("/path/foo-%24", "/path/foo-$"),
            ("/a$b", "/a$b"),
            ("/{id}", "/%7Bid%7D"),
            ("/*%2Fx", "/?u=a%2Fx"),
            ("*a/x", "/?u=a%2Fx"),
            ("/a b", "/a%20b"),
        ],
    )
    def test_paths_match_however_they_are_written(self, rule, path):
        assert not allows(f"User-agent: *\nDisallow: {rule}\n", path)

    def test_an_escaped_slash_is_no_slash(self):
        assert allows("User-agent: *\nDisallow: /a/b\n", "/a%2Fb")
        assert allows("User-agent: *\nDisallow: /a%2Fb\n", "/a/b")

    def test_a_path_in_windows_1256_matches_its_own_escapes(self):
        rules = Rules.parse("User-agent: *\nDisallow: /خبر\n".encode("windows-1256"))
        assert not rules.allows(f"{SITE}/%CE%C8%D1/1")

    @pytest.mark.parametrize("path", ["/x", "/aXb", "/a/b/c/d", "/abcd"])
    def test_the_parts_of_a_pattern_come_in_their_order_and_do_not_overlap(self, path):
        assert allows("User-agent: *\nDisallow: /*b*a$\nDisallow: /abc*cd$\nDisallow: /a/*/*/*/d$\n", path)

    def test_robots_txt_itself_is_always_allowed(self):
        for rules in (Rules.parse(f"User-agent: *\n{DENY}".encode()), Rules.none_allowed()):
            assert rules.allows(f"{SITE}/robots.txt")
            assert not rules.allows(f"{SITE}/robots.txt/x")
            assert not rules.allows(f"{SITE}/?x=/robots.txt")

    def test_an_empty_disallow_allows_all(self):
        assert allows("User-agent: *\nDisallow:\n")

    @pytest.mark.parametrize(
        "name", ["Dissallow", "dissalow", "disalow", "diasllow", "disallaw", "Desallow", "DISALLOW ", "disallows"]
    )
    def test_a_mistyped_rule_is_kept(self, name):
        assert not allows(f"User-agent: *\n{name}: /news\n")

    @pytest.mark.parametrize(
        "line", ["Disallow /news", "Disallow:/news", "disallow : /news # all", "Disallow: /news<BR>", "<br>Disallow: /news"]
    )
    def test_a_rule_may_lack_its_colon_or_stand_in_markup(self, line):
        assert not allows(f"<html><body>\nUser-agent: *<br/>\n{line}\n")


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

    def test_of_several_delays_the_longest_holds(self):
        assert Rules.parse(b"User-agent: *\nCrawl-delay: 7\nCrawl-delay: 10s\n").crawl_delay == 10

    def test_what_it_says_on_reuse_is_told(self):
        robots = (
            f"License: {SITE}/rsl.xml\nUser-agent: GPTBot\nContent-Signal: search=no\n{DENY}"
            "User-agent: *\nContent-Signal: search=yes, ai-train=no # see\nContent-Usage: /x train-ai=n\nAllow: /\n"
        )
        assert Rules.parse(robots.encode()).rights == {
            "robots.txt content-signal": "search=yes, ai-train=no",
            "robots.txt content-usage": "/x train-ai=n",
            "robots.txt license": f"{SITE}/rsl.xml",
        }
        assert Rules.parse(b"User-agent: *\nAllow: /\n").rights == {}

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


NAMES = st.sampled_from(["*", "Warraq", "warraq", "Other", "Other # a note"])
PIECES = st.lists(st.sampled_from(["a", "b", "/", "*", "%41", "خبر", "?", "=", "."]), max_size=6).map(
    lambda parts: "".join(parts).rstrip("?")
)
RULES = st.tuples(st.sampled_from(["Allow", "Disallow"]), PIECES, st.sampled_from(["", "$"])).map(
    lambda rule: f"{rule[0]}: /{rule[1]}{rule[2]}"
)
GROUPS = st.tuples(st.lists(NAMES, min_size=1, max_size=3), st.lists(RULES, min_size=1, max_size=4)).map(
    lambda group: "\n".join([*(f"User-agent: {name}" for name in group[0]), *group[1]])
)


class TestBesideProtego:
    """An oracle, where it reads the RFC as we do.

    Left out, since it doesn't: names that begin alike (it lets `War` govern `Warraq`, and not `Warraq/2`), records between two
    agents (it ends the list there), escapes of reserved signs in a query (it takes `%2F` for another path than `/`), a `?` at
    the end (it drops it).
    """

    @settings(deadline=None, max_examples=150)
    @given(
        st.lists(GROUPS, max_size=4),
        st.lists(st.sampled_from(["a", "b", "/", "A", "خبر", "?", "=", "."]), max_size=7).map(
            lambda parts: "".join(parts).rstrip("?")
        ),
    )
    def test_both_allow_the_same(self, groups, path):
        robots = "\n\n".join(groups)
        url = f"{SITE}/{path}"
        assert Rules.parse(robots.encode()).allows(url) == Protego.parse(robots).can_fetch(url, "Warraq")
