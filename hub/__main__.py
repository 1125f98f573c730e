"""The command line: ``python -m hub COMMAND``. ``--help`` explains every command and every setting."""

from __future__ import annotations

import argparse
import os
import sys

from hub import config, logs
from hub.cli import (
    accounts,
    backup,
    centers,
    health,
    job,
    journal,
    loadtest,
    node,
    recorder,
    serve,
    stations,
    turn,
    work,
)

EPILOG = "Settings come from the environment, or from the TOML file that HUB_CONFIG names:\n"


def parser() -> argparse.ArgumentParser:
    """The parser with all commands."""
    top = argparse.ArgumentParser(
        prog="hub",
        description="Lianxian: live video dispatch for a network of centers.",
        epilog=EPILOG + config.render_help(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in (
        serve,
        node,
        recorder,
        turn,
        stations,
        accounts,
        centers,
        journal,
        backup,
        job,
        work,
        health,
        loadtest,
    ):
        command.add(commands)
    return top


def main(arguments: list[str] | None = None) -> int:
    """Run one command; its exit code. A setting that cannot be used is said in one line, exit code 2."""
    chosen = parser().parse_args(arguments)
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
