"""Command line of the headless station: `python -m clients.station --help`."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys
from pathlib import Path

from clients.station.api import Refused
from clients.station.demo import read_account, run_demo
from clients.station.options import REASONS, StationOptions
from clients.station.station import Station


def parser() -> argparse.ArgumentParser:
    """The options, each explained."""
    made = argparse.ArgumentParser(
        prog="lianxian-station",
        description="A station without a screen: answers calls, publishes picture and sound, reports, signs orders.",
    )
    made.add_argument("--url", default="http://127.0.0.1:8080", help="where the hub answers (%(default)s)")
    made.add_argument("--username", help="the account; its password comes from LIANXIAN_PASSWORD or a file")
    made.add_argument("--password-file", type=Path, help="a file with the password on its first line")
    made.add_argument("--accounts", type=Path, help="a demo-accounts.json to take the account from")
    made.add_argument("--center", help="with --accounts: code of the center whose station this is")
    made.add_argument("--demo", action="store_true", help="with --accounts: run the four demo stations")
    made.add_argument("--video", type=Path, help="a file whose picture is sent in a loop")
    made.add_argument("--audio", type=Path, help="a file whose sound is sent in a loop")
    made.add_argument("--camera", help="a camera, as /dev/video0")
    made.add_argument("--cache", type=Path, help="folder for media that were encoded once")
    made.add_argument("--auto-answer", type=float, metavar="SECONDS", help="answer calls after so long")
    made.add_argument(
        "--answer-as-set", action="store_true", help="answer calls after so long as the center has set"
    )
    made.add_argument(
        "--decline",
        choices=REASONS,
        help="decline every call with this reason (after --auto-answer seconds)",
    )
    made.add_argument("--present", metavar="NAME", help="sign in with the name of who is present")
    made.add_argument("--duty", default="", help="with --present: in which duty")
    made.add_argument("--auto-report", metavar="TEXT", help="report the situation as normal after joining")
    made.add_argument(
        "--auto-sign", action="store_true", help="sign for orders, report progress, complete them"
    )
    made.add_argument(
        "--json",
        action="store_true",
        help="write to the standard output what becomes of the center's situations, a line of JSON a step",
    )
    made.add_argument("--quiet", action="store_true", help="log warnings only")
    return made


def options_from(arguments: argparse.Namespace) -> StationOptions:
    """The station that is meant. Raises ValueError for a combination that says too little."""
    if arguments.accounts is not None:
        if not arguments.center:
            raise ValueError("--accounts needs --center (or --demo)")
        username, password = read_account(arguments.accounts, arguments.center)
    elif arguments.username:
        username = arguments.username
        if arguments.password_file is not None:
            password = arguments.password_file.read_text(encoding="utf-8").splitlines()[0]
        else:
            password = os.environ.get("LIANXIAN_PASSWORD", "")
        if not password:
            raise ValueError("a password is needed, in LIANXIAN_PASSWORD or by --password-file")
    else:
        raise ValueError("either --username or --accounts with --center is needed")
    more = {} if arguments.cache is None else {"cache_dir": arguments.cache}
    return StationOptions(
        url=arguments.url,
        username=username,
        password=password,
        video=arguments.video,
        audio=arguments.audio,
        camera=arguments.camera,
        auto_answer_s=arguments.auto_answer,
        answers_as_set=arguments.answer_as_set,
        declines=arguments.decline,
        present=arguments.present,
        duty=arguments.duty,
        auto_report=arguments.auto_report,
        auto_sign=arguments.auto_sign,
        told_to=sys.stdout if arguments.json else None,
        **more,
    )


async def run(arguments: argparse.Namespace) -> None:
    """Run what is asked for until SIGTERM or SIGINT."""
    if arguments.demo:
        if arguments.accounts is None:
            raise ValueError("--demo needs --accounts")
        cache = arguments.cache or StationOptions("", "", "").cache_dir
        work = asyncio.create_task(run_demo(arguments.url, arguments.accounts, cache))
    else:
        # A cancelled station leaves properly before it ends.
        work = asyncio.create_task(Station(options_from(arguments)).run())
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, work.cancel)
    try:
        await work
    except asyncio.CancelledError:
        pass


def main() -> None:
    """Exit code 0 after a signal, 1 when the hub does not take the account, 2 for unusable options."""
    arguments = parser().parse_args()
    logging.basicConfig(
        level=logging.WARNING if arguments.quiet else logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    # aioice tells every address it tries, aiohttp every request: neither belongs into a station's log.
    for name in ("aioice", "aiortc", "aiohttp"):
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        asyncio.run(run(arguments))
    except Refused as refused:
        print(f"lianxian-station: the hub refuses: {refused}", file=sys.stderr)
        raise SystemExit(1) from None
    except (ValueError, OSError) as error:
        print(f"lianxian-station: {error}", file=sys.stderr)
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
