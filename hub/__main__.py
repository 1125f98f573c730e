"""The command line: ``python -m hub COMMAND``. ``--help`` explains every command and every setting."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from typing import Final

from hub import config, logs

#: The commands, each a module of `hub.cli`, as help lists them.
COMMANDS: Final = (
    "serve",
    "node",
    "recorder",
    "gateway",
    "turn",
    "stations",
    "cameras",
    "accounts",
    "centers",
    "journal",
    "checkpoints",
    "copies",
    "backup",
    "job",
    "work",
    "health",
    "loadtest",
)
EPILOG = "Settings come from the environment, or from the TOML file that HUB_CONFIG names:\n"


def parser(only: str | None = None) -> argparse.ArgumentParser:
    """The parser of all commands, or of one: what others need is not loaded then, and a node starts in a third of the time."""
    top = argparse.ArgumentParser(
        prog="hub",
        description="Lianxian: live video dispatch for a network of centers.",
        epilog=EPILOG + config.render_help(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in COMMANDS if only not in COMMANDS else (only,):
        importlib.import_module(f"hub.cli.{name}").add(commands)
    return top


def main(arguments: list[str] | None = None) -> int:
    """Run one command; its exit code. A setting that cannot be used is said in one line, exit code 2."""
    given = sys.argv[1:] if arguments is None else arguments
    chosen = parser(next(iter(given), None)).parse_args(given)
    try:
        settings = config.load()
    except config.ConfigError as problem:
        print(f"hub: {problem}", file=sys.stderr)
        return 2
    logs.begin(settings.log_level)
    # Database, journal, logs, recordings: what the hub writes is for its own user alone.
    os.umask(0o077)
    try:
        return int(chosen.run(chosen, settings))
    except config.ConfigError as problem:
        print(f"hub: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
