"""The version, in one place: the package, `--version`, the User-Agent and the records all take it from here."""

from typing import Final

VERSION: Final = "0.1.0"
