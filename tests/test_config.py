from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import inspect
from msgspec.structs import fields

from crawler.config import ArchiveConfig, Config, ConfigError, as_yaml, load, schema
from crawler.config.find import read
from crawler.config.problems import Mistake
from crawler.config.shape import File, Sections, SourceConfig, SourceEntry
from crawler.config.units import network, seconds, size, size_text, span_text
from crawler.fetching.guard import permission
from crawler.model import Kind

ROOT = Path(__file__).parent.parent
SHIPPED = (ROOT / "config.yaml").read_text(encoding="utf-8")


def problems(text: str | bytes) -> tuple[str, ...]:
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(ConfigError) as raised:
        read(data, "config.yaml")
    return raised.value.problems


def told(data: bytes) -> tuple[str, ...]:
    """Its problems, if it has any."""
    try:
        read(data, "config.yaml")
    except ConfigError as error:
        return error.problems
    return ()


def good(text: str) -> Config:
    return read(text.encode(), "config.yaml")


def keys() -> set[str]:
    return {f"{part.name}.{key.name}" for part in fields(Sections) for key in fields(part.type)}


# --- the shipped file and the pages about it


def test_the_shipped_file_says_nothing_but_the_defaults() -> None:
    assert good(SHIPPED) == Config(digest=sha256(SHIPPED.encode()).hexdigest())


def test_the_shipped_file_has_every_key_there_is() -> None:
    written = msgspec.yaml.decode(SHIPPED)
    assert {f"{part}.{key}" for part, values in written.items() if part != "sources" for key in values} == keys()


def test_the_shipped_examples_are_sources_once_their_marks_are_taken_away() -> None:
    examples = SHIPPED.partition("\nsources: []\n")[2]
    found = good(re.sub(r"(?m)^# ", "", examples)).sources
    assert [source.kind for source in found] == [Kind.FEED, Kind.SITEMAP, Kind.SECTION, Kind.SECTION]
    assert found[0].name == "الأخبار"
    assert found[0].every == 300.0
    assert found[0].tags == ("عربي", "سياسة")


def test_the_page_about_the_configuration_names_every_key_and_its_default() -> None:
    page = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+\.\w+)` \| `([^`]*)` \|", page, flags=re.MULTILINE))
    assert set(rows) == keys()
    text = "".join(f"{key.partition('.')[0]}: {{{key.partition('.')[2]}: {value}}}\n" for key, value in rows.items())
    for line in text.splitlines():
        assert msgspec.structs.replace(good(line), digest="") == Config(digest=""), line


def test_the_page_about_the_configuration_shows_messages_that_are_given() -> None:
    page = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
    shown = tuple(re.findall(r"^    (config\.yaml:.*)$", page, flags=re.MULTILINE))
    assert shown == problems("\n\nfetch:\n  timout: 20s\n\n\nsources:\n  - feed: https://a.example/\n    name: no\n")


def test_the_page_about_the_configuration_gives_the_bounds_that_hold() -> None:
    page = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
    for section, key, low, high in re.findall(r"^\| `(\w+)\.(\w+)` \| `[^`]*` \| (\w+) – (\w+) \|", page, flags=re.MULTILINE):
        line = problems(f"{section}: {{{key}: 999999999999999}}")[0]
        assert f"from {low} to {high}" in line


# --- which file


def test_a_named_file_wins_over_the_variable_and_both_over_the_folder(tmp_path: Path) -> None:
    for name, hops in (("named.yaml", 1), ("variable.yaml", 2), ("config.yaml", 3)):
        (tmp_path / name).write_text(f"fetch: {{hops: {hops}}}")
    env = {"WARRAQ_CONFIG": str(tmp_path / "variable.yaml")}
    assert load(Path("named.yaml"), env, tmp_path).fetch.hops == 1
    assert load(None, env, tmp_path).fetch.hops == 2
    assert load(None, {"WARRAQ_CONFIG": ""}, tmp_path).fetch.hops == 3
    assert load(None, {}, tmp_path).origin == tmp_path / "config.yaml"


def test_without_a_file_the_archive_is_in_the_users_data_folder_and_nothing_is_made(tmp_path: Path) -> None:
    found = load(None, {"HOME": "/home/warraq"}, tmp_path)
    assert found.archive.dir == Path("/home/warraq/.local/share/warraq")
    assert found.store.path == Path("/home/warraq/.local/share/warraq/warraq.db")
    assert found.origin is None
    assert list(tmp_path.iterdir()) == []


def test_the_data_folder_follows_xdg_unless_it_is_relative(tmp_path: Path) -> None:
    assert load(None, {"XDG_DATA_HOME": "/data", "HOME": "/h"}, tmp_path).archive.dir == Path("/data/warraq")
    assert load(None, {"XDG_DATA_HOME": "data", "HOME": "/h"}, tmp_path).archive.dir == Path("/h/.local/share/warraq")


def test_without_a_file_and_a_home_it_is_said_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="warraq init"):
        load(None, {}, tmp_path)


def test_paths_are_relative_to_the_file_and_not_to_where_one_stands(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/w.yaml").write_text("archive: {dir: ./kept}\nstore: {path: ../db/w.db}\n")
    found = load(Path("etc/w.yaml"), {}, tmp_path)
    assert found.archive.dir == tmp_path / "etc/kept"
    assert found.store.path == tmp_path / "etc/../db/w.db"


def test_a_tilde_is_the_home_folder(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("archive: {dir: ~/kept}")
    assert load(None, {"HOME": "/home/warraq"}, tmp_path).archive.dir == Path("/home/warraq/kept")


def test_the_digest_is_that_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_bytes(b"\xef\xbb\xbffetch: {hops: 1}\r\n")
    assert load(None, {}, tmp_path).digest == sha256(b"\xef\xbb\xbffetch: {hops: 1}\r\n").hexdigest()


def test_a_named_file_that_is_not_there_is_an_error_and_not_the_defaults(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^nix\.yaml: no such file - "):
        load(Path("nix.yaml"), {"HOME": "/h"}, tmp_path)


def test_a_folder_is_no_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Is a directory - name a file"):
        load(tmp_path, {}, tmp_path)


def test_an_endless_file_is_not_read_to_its_end() -> None:
    with pytest.raises(ConfigError, match="more than 8 MB"):
        load(Path("/dev/zero"), {}, Path("/"))


# --- mistakes


def test_every_mistake_is_told_at_once_in_the_order_of_the_file() -> None:
    text = """\
fetch:
  concurrency: lots
  hops: 99
stor: {}
sources:
  - feed: a.example/rss
  - name: ب
  - feed: https://b.example/
    evry: 5m
log: {level: loud}
"""
    assert problems(text) == (
        "config.yaml:2:16: fetch.concurrency: `lots` is no whole number - write one from 1 to 1000, without quotes",
        "config.yaml:3:9: fetch.hops: 99 is out of bounds - anything from 0 to 50 will do",
        "config.yaml:4:1: stor: unknown key - did you mean store?",
        "config.yaml:6:11: sources[0].feed: not a URL: 'a.example/rss' - write an address that begins with https:// or http://",
        "config.yaml:7:5: sources[1]: needs one of feed, sitemap, section, site - write `feed: https://…`",
        "config.yaml:9:5: sources[2].evry: unknown key - did you mean every?",
        "config.yaml:10:14: log.level: `loud` is not known - write one of debug, error, info, warning",
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("fetch: {contact: no}", '1:18: fetch.contact: YAML reads `no` as false - put it in quotes: "no"'),
        ("fetch: {user_agent: 1.0}", '1:21: fetch.user_agent: YAML reads `1.0` as a number - put it in quotes: "1.0"'),
        ("archive: {operator: 2024-01-31}", "as a date - put it in quotes"),
        ("archive: {operator: 2024-02-31}", "YAML can't read `2024-02-31` - write it in quotes"),
        ("archive: {operator: !!python/name:os.system x}", "YAML can't read `x`"),
        ('archive: {operator: "a\\nb"}', "one plain line"),
        ("archive: {operator: ''}", "0 characters - write 1 to 500"),
        ('archive: {unchanged_feeds: "yes"}', "`yes` is neither true nor false"),
        ("fetch: {contact: وراق}", "plain ASCII"),
        ("fetch: {hops: true}", "`true` is no whole number"),
        ("fetch: {hops: 1.5}", "`1.5` is no whole number"),
        ("fetch: {hops: }", "1:15: fetch.hops: there is no value"),
        ("fetch: {hops: [1]}", "one value is wanted"),
        ("fetch: {timeout: 5 minutes}", "`5 minutes` is no span of time - write it like"),
        ("fetch: {timeout: 0s}", "0s is out of bounds - anything from 10ms to 1h will do"),
        ("fetch: {timeout: .inf}", "no span of time"),
        ("fetch: {body_max: 2 crates}", "`2 crates` is no size"),
        ("fetch: {allow_private: 10.0.0.1}", "a list is wanted - write it in brackets"),
        ("fetch: {allow_private: ['::1', localhost]}", "1:32: fetch.allow_private: `localhost` is no address"),
        ("fetch: {allow_private: [10.0.0.1/8]}", "10.0.0.1/8 has host bits set"),
        ("fetch: {allow_private: ['127.0.0.1:90-80']}", "90-80 are no ports"),
        ("fetch: {insecure_hosts: [https://old.example]}", "`https://old.example` is no host - write one like old.example"),
        ("fetch: {insecure_hosts: [old.example/page]}", "`old.example/page` is no host"),
        ("fetch: {insecure_hosts: ['user@old.example']}", "`user@old.example` is no host"),
        ("parse: {workers: many}", "`many` is no whole number - write one from 1 to 64"),
        ("parse: {workers: 65}", "65 is out of bounds"),
        ("fetch: 3", "1:8: fetch: a section has keys"),
        ("[fetch]", "1:1: no section in it"),
        ("fetch: {hops: 1, hops: 2}", "fetch.hops: stands here a second time - the first is in line 1"),
        ("fetch: {}\nfetch: {}", "2:1: fetch: stands here a second time"),
        ("{[a]: 1}", "a key has to be a word"),
        ("sources: {feed: x}", "sources: a list is wanted"),
        ("sources: [https://a.example/]", "sources[0]: a source says what it is"),
        ("sources: [{feed: https://a.example/, section: https://a.example/b}]", "has feed and section - keep one"),
        ("sources: [{feed: }]", "sources[0].feed: there is no value"),
        ("sources: [{feed: ftp://a.example/}]", "only http and https can be fetched"),
        ("sources: [{feed: https://a.example/, tags: [عربي, no]}]", "YAML reads `no` as false"),
        ("fetch: {hops: 1\n", "2:1: did not find expected"),
        ("a: 1\n---\nb: 1\n", "2:1: "),
        ("fetch:\n\thops: 1\n", "2:1: found character that cannot start any token"),
        ("a: \x07", "control character"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_what_to_do(text: str, told: str) -> None:
    (line,) = problems(text)
    assert re.match(r"config\.yaml:\d+:\d+: ", line)
    assert told in line
    assert " - " in line


def test_columns_count_letters_and_not_bytes() -> None:
    assert problems('"شبكة": 1')[0].startswith("config.yaml:1:1: شبكة: unknown key")
    assert problems("archive: {operator: وراق, oprator: 1}")[0].startswith("config.yaml:1:27: archive.oprator:")


def test_another_encoding_is_told_with_its_place() -> None:
    (line,) = problems("archive:\n  operator: وراق\n".encode("windows-1256"))
    assert line == "config.yaml:2:13: not UTF-8 - save the file with this encoding"


# --- what no key knows by itself


def test_a_request_has_to_end_within_a_third_of_the_lease() -> None:
    (line,) = problems("store:\n  lease_ttl: 100s\n")
    assert line.startswith("config.yaml:2:3: store.lease_ttl: a request may take 1m and has to end in a third of the lease")
    assert "write 3m or more" in line
    assert good("store: {lease_ttl: 1s}\nfetch: {timeout: 300ms}").store.lease_ttl == 1.0


def test_where_only_the_request_was_made_longer_its_line_is_shown() -> None:
    (line,) = problems("fetch:\n  timeout: 2m\n")
    assert line.startswith("config.yaml:2:3: store.lease_ttl: ")


@pytest.mark.parametrize(
    "text",
    [
        "schedule: {least: 2d}",
        "schedule: {every: 1s}",
        "retry: {base: 1h, most: 1m}",
        "fetch: {body_max: 1GB}",
        "sources: [{feed: https://a.example/, every: 1s}]",
        "sources: [{feed: https://a.example/, every: 2d}]",
    ],
)
def test_values_that_contradict_each_other_are_told(text: str) -> None:
    assert all(" - " in line for line in problems(text))


def test_two_sources_of_one_address_are_one_too_many() -> None:
    (line,) = problems("sources:\n  - feed: https://a.example/r?utm_source=x\n  - section: HTTPS://A.example:443/r\n")
    assert line == "config.yaml:3:5: sources[1].section: the same address as in line 2 - take one of them out"


# --- what can be written


def test_sources_are_read_in_their_order() -> None:
    found = good("sources:\n  - {feed: https://a.example/rss, name: أ, every: ٥m}\n  - sitemap: http://b.example\n").sources
    assert found[0] == SourceConfig(kind=Kind.FEED, url=found[0].url, name="أ", every=300.0)
    assert [source.url for source in found] == ["https://a.example/rss", "http://b.example/"]


@pytest.mark.parametrize("text", ["", "# nothing\n", "null", "fetch:\nsources:\n", "\ufefffetch: {}\n"])
def test_what_is_left_out_is_default(text: str) -> None:
    assert msgspec.structs.replace(good(text), digest="") == Config(digest="")


def test_aliases_may_be_used_within_reason() -> None:
    found = good("fetch: {connect: &short 5s, idle: *short}\n").fetch
    assert (found.connect, found.idle) == (5.0, 5.0)


def test_the_user_agent_names_the_contact() -> None:
    assert re.fullmatch(r"Warraq/[\d.]+", good("").fetch.agent)
    assert good("fetch: {contact: ops@a.example}").fetch.agent.endswith(" (+ops@a.example)")
    assert good("fetch: {user_agent: Mine/1}").fetch.agent == "Mine/1"


@given(st.integers(0, 10**9))
def test_a_span_reads_back_as_it_is_told(millis: int) -> None:
    assert seconds(span_text(millis / 1000)) == pytest.approx(millis / 1000)


@given(st.integers(0, 2**45))
def test_a_size_reads_back_as_it_is_told(count: int) -> None:
    assert size(size_text(count)) == count


@pytest.mark.parametrize(
    ("text", "length"), [("200ms", 0.2), ("2s", 2), ("15m", 900), ("24h", 86400), ("7d", 604800), ("1.5", 1.5)]
)
def test_spans_are_written_as_people_write_them(text: str, length: float) -> None:
    assert seconds(text) == length


@pytest.mark.parametrize(
    "text", ["127.0.0.1", "127.0.0.0/8", "127.0.0.1:8080", "10.0.0.0/8:8000-9000", "::1", "fd00::/8", "[::1]:80"]
)
def test_networks_may_have_ports(text: str) -> None:
    assert network(text) == text
    assert permission(text)


@given(st.from_regex(r"\A\[?[0-9a-f.:/٣%-]{1,20}\]?(:[0-9]{1,6}(-[0-9]{1,6})?)?\Z"))
def test_what_the_configuration_takes_as_a_network_the_guard_takes_too(text: str) -> None:
    try:
        taken = network(text)
    except Mistake:
        return
    assert permission(taken)


def test_what_is_shown_reads_back_to_the_same() -> None:
    text = "fetch: {timeout: 1500ms, body_max: 1025B, allow_private: ['[::1]:80']}\nlog: {level: debug}\nparse: {workers: 3}\n"
    text += "sources: [{section: https://a.example/, name: 'no', every: 90s, tags: ['1', صحة]}]"
    found = good(text)
    again = good(as_yaml(found))
    assert msgspec.structs.replace(again, digest=found.digest) == found


# --- hostile files


@pytest.mark.parametrize("deep", ["[" * 500_000, "- " * 500_000, "? " * 500_000, "{a: " * 100_000])
def test_bottomless_nesting_is_told_and_does_not_overflow(deep: str) -> None:
    (line,) = problems(deep)
    assert "nested more than 16 deep" in line


def test_aliases_of_aliases_are_not_written_out() -> None:
    laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    laughs += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12))
    (line,) = problems(laughs)
    assert "more than 1,000,000 values" in line


def test_an_alias_within_itself_is_told() -> None:
    (line,) = problems("sources: &all [*all]\n")
    assert "`*all` stands within itself" in line


def test_a_number_of_ten_thousand_digits_is_told() -> None:
    (line,) = problems(f"fetch: {{hops: {'9' * 10_000}}}")
    assert len(line) < 300


@given(st.text(max_size=200) | st.binary(max_size=200))
def test_whatever_the_file_holds_the_answer_is_a_configuration_or_a_line(content: str | bytes) -> None:
    data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    assert all(line.startswith("config.yaml:") for line in told(data))


_words = st.sampled_from(
    ["fetch", "hops", "sources", "feed", "every", "store", "null", "no", "2s", "-1", "1e9", "https://a.example/", "ع"]
)
_trees = st.recursive(
    _words | st.none() | st.booleans() | st.integers() | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_words, inner, max_size=4),
    max_leaves=12,
)


@given(_trees)
def test_whatever_is_written_under_known_keys_the_answer_is_a_configuration_or_lines(tree: object) -> None:
    assert all(line.startswith("config.yaml:") for line in told(msgspec.yaml.encode(tree)))


# --- the schema


class _Shape(msgspec.Struct):
    properties: dict[str, dict[str, object]]


def test_the_schema_lets_times_and_sizes_be_written_with_their_units() -> None:
    defs = msgspec.convert(schema()["$defs"], dict[str, _Shape])
    properties = defs["FetchConfig"].properties
    assert properties["timeout"]["type"] == ["number", "string"]
    assert properties["body_max"]["type"] == ["integer", "string"]
    assert properties["hops"]["type"] == "integer"
    assert set(defs["File"].properties) == {field.name for field in fields(File)}
    assert set(defs["SourceEntry"].properties) == {field.name for field in fields(SourceEntry)}


def test_every_field_has_bounds_or_a_kind_that_needs_none() -> None:
    for section in fields(Sections):
        for field in fields(section.type):
            inner = inspect.type_info(field.type)
            kind = inner.type if isinstance(inner, inspect.Metadata) else inner
            if isinstance(kind, inspect.IntType | inspect.FloatType):
                assert kind.ge is not None, field.name
                assert kind.le is not None, field.name


def test_a_link_to_itself_is_told_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.symlink_to(file)
    with pytest.raises(ConfigError, match="symbolic links - name a file that can be read"):
        load(file, {}, tmp_path)


def test_the_sections_are_frozen() -> None:
    with pytest.raises(AttributeError):
        ArchiveConfig().compress = "zlib"  # type: ignore[misc]
