"""Which file is the configuration, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from msgspec.structs import fields, replace
from yaml.nodes import MappingNode, Node

from crawler.config.document import MOST_BYTES, BadDocument, compose, is_null, pairs, spot_of
from crawler.config.environment import Overrides, overrides
from crawler.config.outlets import alerts, hooks
from crawler.config.problems import ConfigError, Problem, Spot
from crawler.config.reading import section, unknown
from crawler.config.rules import read_folder
from crawler.config.shape import Config, File, Sections, Strict
from crawler.config.sources import sources, spots
from crawler.config.units import span_text
from crawler.model import Url
from crawler.urls import dedupe_key


def load(path: Path | None, env: Mapping[str, str], cwd: Path) -> Config:
    """The configuration: `path`, else $WARRAQ_CONFIG, else ./config.yaml, else defaults; over it what the environment says.

    Makes nothing on the disk. Paths in a file are relative to that file. Without one, the archive is `warraq` in the user's
    data folder ($XDG_DATA_HOME, else ~/.local/share), never a new folder wherever one happens to stand.

    Raises:
        ConfigError: the file isn't there or can't be read, or what it says can't be used; all mistakes at once.
    """
    over = overrides(env, cwd)
    file, shown = _file(path, env, cwd)
    if file is None:
        placed = over if "archive.dir" in over.names else _with(over, "archive", "dir", _data_folder(env))
        return _absolute(_checked(b"", shown, placed), cwd, env)
    config = _absolute(replace(_checked(_bytes(file, shown), shown, over), origin=file), file.parent, env)
    rules = config.extract.rules
    return replace(config, rules=read_folder(rules or file.parent / "rules", wanted=rules is not None))


def origins(path: Path | None, env: Mapping[str, str], cwd: Path) -> Mapping[str, str]:
    """Where the value of each key comes from, by `section.key`: a line of the file, or a variable; no entry: it is the default.

    Raises:
        ConfigError: as `load`.
    """
    over = overrides(env, cwd)
    file, shown = _file(path, env, cwd)
    nodes, _ = _top(compose(_bytes(file, shown) if file else b""))
    found: dict[str, str] = {}
    for field in fields(Sections):
        _, told = section(field.type, nodes.get(field.name), field.name)
        found |= {f"{field.name}.{key}": f"{shown}:{spot.line}" for key, spot in told.spots.items()}
    return {**found, **over.names}


def read(data: bytes, shown: str) -> Config:
    """What a file's bytes say, its paths as they are written; `shown` is what problems call the file.

    Raises:
        ConfigError: with every mistake there is, in the order of the file.
    """
    return _checked(data, shown, Overrides(values={}, names={}))


def _file(path: Path | None, env: Mapping[str, str], cwd: Path) -> tuple[Path | None, str]:
    """The file, if there is one, and what it is called."""
    named = path or (Path(env["WARRAQ_CONFIG"]) if env.get("WARRAQ_CONFIG") else None)
    file = cwd / (named or "config.yaml")
    return (None if named is None and not file.exists() else file), str(named or "config.yaml")


def _with(over: Overrides, part: str, key: str, value: object) -> Overrides:
    return replace(over, values={**over.values, part: {**over.values.get(part, {}), key: value}})


def _checked(data: bytes, shown: str, over: Overrides) -> Config:
    config, problems = _read(data, over)
    if problems or over.problems:
        raise ConfigError(*(_told(one, shown, over) for one in sorted(problems)), *over.problems)
    return config


def _told(problem: Problem, shown: str, over: Overrides) -> str:
    if problem.spot != Spot() or not over.names:
        return problem.told(shown)
    return f"{over.names.get(problem.key, f'environment: {problem.key}')}: {problem.text}"


def line_of(file: Path, url: Url) -> int | None:
    """The line of a configuration in which a source's address stands; None: in none, or it can't be read any more."""
    try:
        root = compose(_bytes(file, str(file)))
    except (ConfigError, BadDocument):
        return None
    spot = spots(_top(root)[0].get("sources")).get(dedupe_key(url))
    return spot.line if spot else None


def _read(data: bytes, over: Overrides) -> tuple[Config, list[Problem]]:
    digest = sha256(data).hexdigest()
    try:
        root = compose(data)
    except BadDocument as bad:
        return Config(digest=digest), [bad.problem]
    nodes, problems = _top(root)
    sections: dict[str, Strict] = {}
    spots: dict[str, Spot] = {}
    for field in fields(Sections):
        written, told = section(field.type, nodes.get(field.name), field.name)
        sections[field.name] = replace(written, **over.values.get(field.name, {}))
        problems += told.problems
        spots |= {f"{field.name}.{key}": spot for key, spot in told.spots.items()}
    spots = {key: spot for key, spot in spots.items() if key not in over.names}
    config = replace(Config(digest=digest), **sections)
    found, wrong = sources(nodes.get("sources"), config.schedule)
    hooked, wrong_hooks = hooks(nodes.get("hooks"))
    alerted, wrong_alerts = alerts(nodes.get("alerts"))
    problems += wrong + wrong_hooks + wrong_alerts + _across(config, spots)
    return replace(config, sources=found, hooks=hooked, alerts=alerted), problems


def _top(root: Node | None) -> tuple[dict[str, Node], list[Problem]]:
    if root is None or is_null(root):
        return {}, []
    if not isinstance(root, MappingNode):
        return {}, [Problem(spot=spot_of(root), text="no section in it - `warraq init` writes a file to start from")]
    found, problems = pairs(root)
    known = [field.name for field in fields(File)]
    problems += [Problem(spot=one.spot, key=one.key, text=unknown(one.key, known)) for one in found if one.key not in known]
    return {one.key: one.node for one in found}, problems


def _across(config: Config, spots: Mapping[str, Spot]) -> list[Problem]:
    """What no key can know by itself. Told at the line that is there to be changed."""
    problems: list[Problem] = []

    def tell(key: str, other: str, text: str) -> None:
        problems.append(Problem(spot=spots.get(key) or spots.get(other) or Spot(), key=key, text=text))

    fetch, store, schedule, retry = config.fetch, config.store, config.schedule, config.retry
    if fetch.timeout * 3 > store.lease_ttl:
        least = span_text(fetch.timeout * 3)
        text = f"a request may take {span_text(fetch.timeout)} and has to end in a third of the lease - write {least} or more"
        tell("store.lease_ttl", "fetch.timeout", f"{text}, or make fetch.timeout shorter")
    if schedule.least > schedule.most:
        tell("schedule.least", "schedule.most", f"more than schedule.most - write {span_text(schedule.most)} or less")
    if schedule.every is not None and not schedule.least <= schedule.every <= schedule.most:
        bounds = f"{span_text(schedule.least)} to {span_text(schedule.most)}"
        tell("schedule.every", "schedule.least", f"not within schedule.least and schedule.most - write {bounds}")
    if retry.base > retry.most:
        tell("retry.base", "retry.most", f"more than retry.most - write {span_text(retry.most)} or less")
    if fetch.decoded_max < fetch.body_max:
        tell("fetch.decoded_max", "fetch.body_max", "less than fetch.body_max - a body is never smaller when unpacked")
    return problems


def _bytes(file: Path, shown: str) -> bytes:
    try:
        with file.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise ConfigError(f"{shown}: no such file - `warraq init` writes one, or name another with --config") from None
    except OSError as error:
        raise ConfigError(f"{shown}: {error.strerror} - name a file that can be read with --config") from None
    if len(data) > MOST_BYTES:
        raise ConfigError(f"{shown}: more than {MOST_BYTES >> 20} MB - keep so many sources in the store, not in the file")
    return data


def _data_folder(env: Mapping[str, str]) -> Path:
    """The XDG data folder; a relative one is to be passed over (XDG Base Directory Specification 0.8)."""
    given = env.get("XDG_DATA_HOME", "")
    return (Path(given) if Path(given).is_absolute() else _home(env) / ".local" / "share") / "warraq"


def _home(env: Mapping[str, str]) -> Path:
    if not env.get("HOME"):
        raise ConfigError("no config.yaml and no home folder - `warraq init` writes a config.yaml that says where things go")
    return Path(env["HOME"])


def _absolute(config: Config, base: Path, env: Mapping[str, str]) -> Config:
    folder = _place(config.archive.dir, base, env)
    store = _place(config.store.path, base, env) if config.store.path else folder / "warraq.db"
    rules = _place(config.extract.rules, base, env) if config.extract.rules else None
    return replace(
        config,
        archive=replace(config.archive, dir=folder),
        store=replace(config.store, path=store),
        extract=replace(config.extract, rules=rules),
    )


def _place(written: Path, base: Path, env: Mapping[str, str]) -> Path:
    return _home(env) / Path(*written.parts[1:]) if written.parts[:1] == ("~",) else base.absolute() / written
