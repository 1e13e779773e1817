"""`warraq init`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from crawler.cli.output import replacing

_PACKAGE: Final = Path(__file__).parent.parent


@click.command(epilog="Example: warraq init news && cd news && warraq run")
@click.argument("folder", type=click.Path(path_type=Path), default=Path(), metavar="[DIR]")
def init(folder: Path) -> None:
    """Write a config.yaml to start from, with every key there is, into DIR (else here).

    A file that is already there is never written over.
    """
    file = folder / "config.yaml"
    folder.mkdir(parents=True, exist_ok=True)
    if file.exists() or file.is_symlink():
        raise click.UsageError(f"{file} is already there - edit it, or choose another folder: warraq init DIR")
    with replacing(file) as made:
        made.write(shipped().read_bytes())
    click.echo(f"{file} is written. Put your sources at its end, then: warraq run")


def shipped() -> Path:
    """The config.yaml of this version: in an installed package within it, in a checkout beside it."""
    installed = _PACKAGE / "config.yaml"
    return installed if installed.is_file() else _PACKAGE.parent / "config.yaml"
