from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import inspect
from msgspec.structs import fields

from crawler.config import ConfigError, as_yaml, load, origins, with_origins
from crawler.config.environment import overrides, variable
from crawler.config.find import read
from crawler.config.shape import Sections
from crawler.config.show import _plain


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.yaml").write_text("fetch:\n  timeout: 20s\n  hops: 3\n")
    return tmp_path


def problems(folder: Path, **env: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as raised:
        load(None, env, folder)
    return raised.value.problems


def test_the_environment_says_it_over_the_file(folder: Path) -> None:
    env = {
        "WARRAQ_FETCH__TIMEOUT": "10s",
        "WARRAQ_FETCH__BODY_MAX": "1MB",
        "WARRAQ_FETCH__ALLOW_PRIVATE": "127.0.0.1, 10.0.0.0/8",
        "WARRAQ_ARCHIVE__UNCHANGED_FEEDS": "1",
        "WARRAQ_ARCHIVE__OPERATOR": "no",
        "WARRAQ_ARCHIVE__DIR": "elsewhere",
        "WARRAQ_PARSE__WORKERS": "2",
        "WARRAQ_LOG__LEVEL": "debug",
    }
    found = load(None, env, folder)
    assert (found.fetch.timeout, found.fetch.hops, found.fetch.body_max) == (10.0, 3, 1 << 20)
    assert found.fetch.allow_private == ("127.0.0.1", "10.0.0.0/8")
    assert (found.archive.unchanged_feeds, found.archive.operator, found.archive.dir) == (True, "no", folder / "elsewhere")
    assert (found.parse.workers, found.log.level) == (2, "debug")


def test_an_empty_variable_says_nothing(folder: Path) -> None:
    assert load(None, {"WARRAQ_FETCH__TIMEOUT": ""}, folder).fetch.timeout == 20.0


def test_without_a_file_it_holds_too(tmp_path: Path) -> None:
    found = load(None, {"WARRAQ_FETCH__HOPS": "1", "HOME": str(tmp_path)}, tmp_path)
    assert (found.fetch.hops, found.archive.dir) == (1, tmp_path / ".local/share/warraq")
    placed = load(None, {"WARRAQ_ARCHIVE__DIR": "/srv/news"}, tmp_path)
    assert (placed.archive.dir, placed.store.path) == (Path("/srv/news"), Path("/srv/news/warraq.db"))


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("WARRAQ_FETCH__TIMOUT", "10s", "did you mean WARRAQ_FETCH__TIMEOUT?"),
        ("WARRAQ_FETCH_TIMEOUT", "10s", "did you mean WARRAQ_FETCH__TIMEOUT?"),
        ("WARRAQ_FETCH__TIMEOUT", "soon", "no span of time"),
        ("WARRAQ_FETCH__HOPS", "two", "no whole number"),
        ("WARRAQ_ARCHIVE__UNCHANGED_FEEDS", "perhaps", "neither true nor false"),
        ("WARRAQ_FETCH__ALLOW_PRIVATE", "here,there", "no address"),
        ("WARRAQ_FETCH__HOPS", "9" * 40, "no whole number"),
        ("WARRAQ_ARCHIVE__OPERATOR", "one\ntwo", "one plain line"),
        ("WARRAQ_FETCH__TIMEOUT", "200s", "has to end in a third of the lease"),
    ],
)
def test_a_mistake_is_one_line_that_names_the_variable(folder: Path, name: str, text: str, said: str) -> None:
    (told,) = problems(folder, **{name: text})
    assert said in told
    assert told.startswith((f"{name}: ", "environment: ", "config.yaml:"))


def test_other_variables_are_nobodys_business(folder: Path) -> None:
    env = {"WARRAQ_CONFIG": "config.yaml", "WARRAQ_OPS_SECRET": "x", "PATH": "/bin"}
    assert load(None, env, folder).fetch.timeout == 20.0


def test_mistakes_of_file_and_environment_are_told_together(folder: Path) -> None:
    (folder / "config.yaml").write_text("fetch: {hops: many}\n")
    told = problems(folder, WARRAQ_FETCH__KNOCKS="0", WARRAQ_X__Y="1")
    assert [line.partition(":")[0] for line in told] == ["config.yaml", "WARRAQ_FETCH__KNOCKS", "WARRAQ_X__Y"]


def test_every_default_can_be_said_by_a_variable() -> None:
    defaults = read(b"", "config.yaml")
    env, wanted = {}, {}
    for part in fields(Sections):
        for key in fields(part.type):
            value = getattr(getattr(defaults, part.name), key.name)
            shown = _plain(inspect.type_info(key.type), value)
            text = ",".join(map(str, shown)) if isinstance(shown, list) else "null" if shown is None else str(shown).lower()
            env[variable(part.name, key.name)] = text
            if text and key.name != "dir":
                wanted[f"{part.name}.{key.name}"] = value
    said = overrides(env, Path("/"))
    assert said.problems == ()
    assert {key: said.values[key.partition(".")[0]][key.partition(".")[2]] for key in wanted} == wanted


def test_origins_tell_of_every_key_whence_it_is_and_the_file_stays_one(folder: Path) -> None:
    env = {"WARRAQ_FETCH__HOPS": "5"}
    found = load(None, env, folder)
    text = with_origins(as_yaml(found), origins(None, env, folder))
    assert "  timeout: 20s  # config.yaml:2\n" in text
    assert "  hops: 5  # WARRAQ_FETCH__HOPS\n" in text
    assert "  knocks: 2  # default\n" in text
    assert as_yaml(read(text.encode(), "config.yaml")) == as_yaml(found)
