"""`warraq systemd`: a unit for the daemon, with as few rights as it needs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

import click

from crawler.cli.options import config_option, loaded
from crawler.config import Config

_UNIT: Final = """\
# Keeps `warraq run` running. Put it in place and start it:
#   warraq systemd --config {config} | sudo tee /etc/systemd/system/warraq.service
#   sudo systemctl daemon-reload && sudo systemctl enable --now warraq
# `systemctl reload warraq` has it read the configuration again; `systemctl status warraq` shows what it did in the last minute.

[Unit]
Description=Warraq, a crawler and archive of news
Documentation=man:systemd.exec(5)
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=1h
StartLimitBurst=10

[Service]
Type=notify
NotifyAccess=main
ExecStart={command} run --config {config}
# Lines of NAME=secret, for what config.yaml calls ${{NAME}}; it needn't be there.
EnvironmentFile=-{secrets}
ExecReload=/bin/kill -HUP $MAINPID
Restart=on-failure
RestartSec=5s
# Without an answer of its event loop for so long it is ended, and started anew; nothing acknowledged is lost by that.
WatchdogSec=120s
# What is in flight may take fetch.timeout; then all is put away.
TimeoutStopSec={stop}s
# A store of an older version is brought to today's tables before it is ready.
TimeoutStartSec=30min
# A configuration that can't be used, or words that can't be followed, are no better the next time.
RestartPreventExitStatus=2 3
SuccessExitStatus=143
{account}
UMask=0027
LimitNOFILE=65536
MemoryMax={memory}
TasksMax=256
OOMPolicy=continue

# It reads its configuration, writes its archive, and talks to the web; nothing else is its business.
{paths}
ProtectSystem=strict
ProtectHome={home}
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RemoveIPC=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
"""
_STATE: Final = Path("/var/lib")
_LOOP_BYTES: Final = 512 << 20
"""For the loop's process: its code, answers in memory, the store's cache, and room to breathe."""


@click.command(
    epilog="""\b
Examples:
  warraq systemd --config /etc/warraq/config.yaml | sudo tee /etc/systemd/system/warraq.service
  warraq systemd --user warraq > warraq.service && systemd-analyze verify ./warraq.service"""
)
@click.option("--user", metavar="NAME", help="The account it runs as; without one systemd makes one up (DynamicUser).")
@config_option
def systemd(*, user: str | None, config_path: Path | None) -> None:
    """Print a systemd unit for `warraq run` with the configuration that holds here, to stdout.

    It restarts what fails, watches that it lives, and takes away all rights that it doesn't need.
    """
    config = loaded(config_path)
    for text in (str(config.origin or ""), *_folders(config), *_command(), user or ""):
        if any(sign in text for sign in "\n\r\"'\\%$ ") or not text.isprintable():
            raise click.UsageError(f"a unit can't name {text!r} - move it to a place whose name needs no quotes")
    click.echo(unit(config, " ".join(_command()), user), nl=False)


def unit(config: Config, command: str, user: str | None) -> str:
    """The unit's text."""
    folders, origin = _folders(config), config.origin or Path("/etc/warraq/config.yaml")
    needed = [*folders, command, str(config.origin or "")]
    children = 2 + (config.parse.workers if config.parse.workers != "auto" else os.cpu_count() or 1)
    return _UNIT.format(
        config=origin,
        secrets=origin.with_name("secrets"),
        command=command,
        stop=round(config.fetch.timeout) + 60,
        memory=f"{(_LOOP_BYTES + children * config.parse.child_memory) >> 20}M",
        account=f"User={user}" if user else "DynamicUser=yes",
        paths="\n".join(_places(folders, dynamic=user is None)),
        home="read-only" if any(_at_home(place) for place in needed) else "yes",
    )


def _folders(config: Config) -> list[str]:
    return sorted({str(config.archive.dir), str((config.store.path or config.archive.dir / "warraq.db").parent)})


def _places(folders: list[str], *, dynamic: bool) -> list[str]:
    """What may be written. A folder in /var/lib is given to the account that systemd makes up; any other has to be writable."""
    kept = [folder for folder in folders if dynamic and Path(folder).is_relative_to(_STATE) and Path(folder) != _STATE]
    states = sorted({Path(folder).relative_to(_STATE).parts[0] for folder in kept})
    return [f"StateDirectory={state}" for state in states] + [
        f"ReadWritePaths={folder}" for folder in folders if folder not in kept
    ]


def _at_home(place: str) -> bool:
    return any(Path(place).is_relative_to(home) for home in ("/home", "/root", "/run/user"))


def _command() -> tuple[str, ...]:
    """Ourselves, as systemd can start us: by an absolute path."""
    beside = Path(sys.executable).with_name("warraq")
    return (str(beside),) if beside.exists() else (sys.executable, "-P", "-m", "crawler")
