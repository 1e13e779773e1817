"""What may be said of one source: how it is asked, what of it is wanted; and that no secret is written down."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import fields

from crawler.config import Config, ConfigError, as_yaml, load
from crawler.config.arming import check_secrets
from crawler.config.find import line_of, read
from crawler.config.problems import Mistake
from crawler.config.secrets import resolved
from crawler.config.shape import SourceEntry
from crawler.model import Details, Entrance, Kind, Scope, Url

ROOT = Path(__file__).parent.parent

WHOLE = """\
sources:
  - site: https://paper.example/
    name: الجريدة
    cron: "*/15 6-22 * * *"
    tags: [عربي]
    priority: high
    language: ar
    include: [/ar/, /أخبار/]
    exclude: ["*/print/"]
    max_age: 7d
    languages: [ar, fa]
    depth: 1
    assets: lead-image
    delay: 5s
    headers: {X-Edition: gulf, X-Api-Key: "${PAPER_KEY}"}
    cookies: {session: "file:/etc/warraq/paper"}
    user: salma
    password: ${PAPER_PASSWORD}
    user_agent: Salma/1 (+https://salma.example)
    proxy: socks5://127.0.0.1:9050
"""


def good(text: str) -> Config:
    return read(text.encode(), "config.yaml")


def mistake(text: str) -> str:
    with pytest.raises(ConfigError) as raised:
        read(f"sources: [{{feed: https://a.example/, {text}}}]".encode(), "config.yaml")
    (line,) = raised.value.problems
    return line


def test_all_that_may_be_said_of_a_source_is_read() -> None:
    (source,) = good(WHOLE).sources
    assert (source.kind, source.cron, source.priority, source.tags) == (Kind.SECTION, "*/15 6-22 * * *", "high", ("عربي",))
    assert source.details == Details(
        site=True,
        scope=Scope(depth=1, include=("/ar/", "/أخبار/"), exclude=("*/print/",), max_age=604_800, languages=("ar", "fa")),
        entrance=Entrance(
            headers=(("X-Edition", "gulf"), ("X-Api-Key", "${PAPER_KEY}")),
            cookies=(("session", "file:/etc/warraq/paper"),),
            user="salma",
            password="${PAPER_PASSWORD}",
            user_agent="Salma/1 (+https://salma.example)",
            proxy="socks5://127.0.0.1:9050",
        ),
        delay=5.0,
        language="ar",
        assets="lead-image",
    )


def test_what_is_shown_of_a_source_reads_back_to_the_same() -> None:
    found = good(WHOLE)
    assert good(as_yaml(found)).sources == found.sources


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("cron: '61 * * * *'", "1:44: sources[0].cron: "),
        ("cron: hourly", "has not five fields"),
        ("every: 5m, cron: '0 * * * *'", "it has `every`, too - keep one of them"),
        ("priority: urgent", "write one of high, low, normal"),
        ("language: Arabic", "no tag of a language - write two or three letters"),
        ("languages: [ar, '']", "no tag of a language"),
        ("include: [world]", "`world` fits no path - begin it with / or *"),
        ("include: /world", "a list is wanted"),
        ("max_age: 5 days", "no span of time"),
        ("delay: 2h", "2h is out of bounds - anything from 0s to 1h will do"),
        ("depth: 2", "only a site has it"),
        ("headers: [X-A, b]", "names with a value each are wanted"),
        ("headers: {'X A': b}", "`X A` is no name"),
        ("headers: {X-A: ب}", "plain ASCII"),
        ("headers: {X-A: b, X-A: c}", "stands here a second time"),
        ("headers: {Cookie: '${C}'}", "Cookie is set by us - write `cookies: …` for it"),
        ("headers: {Accept-Encoding: zstd}", "Accept-Encoding is set by us - take it out"),
        ("headers: {Authorization: Bearer 5ecret}", "Authorization can't stand here - write ${NAME}"),
        ("headers: {X-Api-Key: 5ecret}", "X-Api-Key can't stand here"),
        ("cookies: {session: 5ecret}", "1:57: sources[0].cookies: a secret can't stand here - write ${NAME}"),
        ("user: salma, password: 5ecret", "a secret can't stand here"),
        ("cookies: {session: 'file:beside'}", "or file:/path/to/it"),
        ("user: salma", "needs a password"),
        ("password: '${P}'", "whose is it - write `user: …` beside it"),
        ("user: salma, password: '${P}', headers: {Authorization: '${A}'}", "keep one of them"),
        ("user_agent: وراق", "plain ASCII"),
        ("proxy: ftp://proxy.example", "no proxy - write http://host:port or socks5://host:port"),
        ("proxy: http://salma:5ecret@proxy.example:3128", "a password can't stand here"),
        ("proxy: 'http://[x'", "no proxy"),
        ("proxy: http://proxy.example:99999", "no proxy"),
    ],
)
def test_a_mistake_is_one_line_with_its_place_and_never_the_secret(text: str, told: str) -> None:
    line = mistake(text)
    assert re.match(r"config\.yaml:1:\d+: sources\[0\]\.\w+: .* - ", line)
    assert told in line
    assert "5ecret" not in line


def test_a_secret_is_read_from_where_it_was_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("  s3cret \n")
    assert resolved("Bearer ${KEY}", {"KEY": "abc"}) == "Bearer abc"
    assert resolved(f"file:{tmp_path / 'key'}", {}) == "s3cret"
    assert resolved("gulf", {}) == "gulf"


@pytest.mark.parametrize(
    ("text", "env", "told"),
    [
        ("${KEY}", {}, "the environment has no KEY - set it"),
        ("${KEY}", {"KEY": ""}, "the environment has no KEY"),
        ("file:/no/such/file", {}, "/no/such/file: No such file or directory"),
        ("file:/dev/zero", {}, "more than 16 KB"),
        ("${KEY}", {"KEY": "5ecret\r\nHost: evil.example"}, "what stands in ${KEY} can't be sent in a header"),
    ],
)
def test_a_secret_that_can_not_be_had_or_sent_is_told_by_its_place(text: str, env: dict[str, str], told: str) -> None:
    with pytest.raises(Mistake, match=re.escape(told)) as raised:
        resolved(text, env)
    assert "5ecret" not in str(raised.value)


def test_before_a_crawl_all_secrets_that_can_not_be_had_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(WHOLE)
    config = load(None, {}, tmp_path)
    with pytest.raises(ConfigError) as raised:
        check_secrets(config, {"PAPER_KEY": "k"})
    assert [line.partition(" - ")[0] for line in raised.value.problems] == [
        "config.yaml:2: https://paper.example/: cookies: /etc/warraq/paper: No such file or directory",
        "config.yaml:2: https://paper.example/: password: the environment has no PAPER_PASSWORD",
    ]
    check_secrets(good("sources: [{feed: https://a.example/}]"), {})


def test_the_line_of_a_source_is_found_by_its_address(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("fetch: {}\nsources:\n  - name: a\n    feed: https://A.example/rss?utm_source=x\n")
    assert line_of(file, Url("https://a.example/rss")) == 4
    assert line_of(file, Url("https://b.example/rss")) is None
    assert line_of(tmp_path / "nix.yaml", Url("https://a.example/rss")) is None


def test_the_page_about_the_configuration_names_every_key_of_a_source() -> None:
    page = (ROOT / "docs/configuration.md").read_text(encoding="utf-8").partition("## Sources")[2]
    rows = re.findall(r"^\| `(\w+)` \|", page, flags=re.MULTILINE)
    assert {"feed", "sitemap", "section", "site", *rows} == {field.name for field in fields(SourceEntry)}


def test_the_example_of_the_page_is_read() -> None:
    page = (ROOT / "docs/configuration.md").read_text(encoding="utf-8").partition("## Sources")[2]
    (example,) = re.findall(r"```yaml\n(.*?)```", page, flags=re.DOTALL)
    assert len(good(example).sources) == len(msgspec.yaml.decode(example)["sources"])
