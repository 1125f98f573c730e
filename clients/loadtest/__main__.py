"""`python -m clients.loadtest`, `hub loadtest`: a scenario against a hub, what its users saw, and a report."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from clients.loadtest.answers import Habits
from clients.loadtest.crowd import FAILURES
from clients.loadtest.hub_http import HubRefused, check_allowed
from clients.loadtest.ice import NotAllowed
from clients.loadtest.plan import SCENARIOS, STEPS, Limits, Plan, simulcast, usable
from clients.loadtest.report import summary, write
from clients.loadtest.run import run
from clients.loadtest.synthetic import VideoShape

_EXPLAINED = """\
scenarios:
  lecture     --publishers send, --viewers watch
  discussion  all --publishers send and watch --video-slots of each other, chosen anew every two seconds
  storm       a call of --running viewers is measured while --viewers join all at once
  rollcall    --viewers stations are called and answer, each answer in the journal (accounts of as many centers)
  curve       a lecture with ever more viewers (--steps) until a promise is broken, and why

Each publisher sends synthetic VP8 (encoded once) and Opus by WHIP; each viewer receives by WHEP and answers as a
browser does, opens only a sample of the packets and counts the rest by their headers. The accounts file is that of
the demo (demo-accounts.json): a list of {"username", "password", ...}. Publishers take one account each; viewers
share the others in turn. Without --meeting the first account opens one that calls the centers of all, and ends it.
The delay is from a picture's last packet leaving the publisher to the kernel's stamp on it at the viewer.

Only this machine is loaded, unless you name the hub's host and its media addresses with --allow. Load only hubs
that are yours. Ctrl-C ends it in good order. Exit code: 0 every promise kept, 1 not, 2 wrong options, 3 no run.

example:
  hub loadtest lecture --url http://127.0.0.1:8080 --accounts data/demo-accounts.json \\
      --viewers 200 --seconds 30 --report lecture.html
"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hub loadtest",
        description="Loads a hub with light peers and tells what they saw.",
        epilog=_EXPLAINED,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("scenario", nargs="?", choices=SCENARIOS, default="lecture", help="(%(default)s)")
    hub = parser.add_argument_group("where")
    hub.add_argument("--url", default="http://127.0.0.1:8080", help="the hub (%(default)s)")
    hub.add_argument("--accounts", type=Path, required=True, help="JSON file of accounts")
    hub.add_argument("--meeting", help="an open meeting; without it one is opened and ended")
    hub.add_argument(
        "--allow", action="append", default=[], metavar="HOST", help="a host or address beyond this machine"
    )
    who = parser.add_argument_group("who and how long")
    who.add_argument("--publishers", type=int, default=1, help="peers that send (%(default)s)")
    who.add_argument("--viewers", type=int, default=1, help="peers that receive (%(default)s)")
    who.add_argument(
        "--running", type=int, default=20, help="storm: viewers of the running call (%(default)s)"
    )
    steps = ",".join(map(str, STEPS))
    who.add_argument("--steps", default=steps, help="curve: numbers of viewers (%(default)s)")
    who.add_argument("--rounds", type=int, default=3, help="rollcall: so many calls (%(default)s)")
    who.add_argument("--seconds", type=float, default=10.0, help="how long is measured (%(default)s)")
    who.add_argument("--joining", type=int, default=8, help="so many connect at the same time (%(default)s)")
    who.add_argument("--processes", type=int, default=1, help="processes of this generator (%(default)s)")
    media = parser.add_argument_group("what is sent")
    media.add_argument("--size", default="1280x720", help="picture size (%(default)s)")
    media.add_argument("--fps", type=int, default=30, help="pictures a second (%(default)s)")
    media.add_argument("--bitrate", type=int, default=1_500_000, help="bit/s of the picture (%(default)s)")
    media.add_argument("--simulcast", action="store_true", help="three layers f, h, q instead of one")
    media.add_argument("--silent", action="store_true", help="no sound")
    media.add_argument("--even", action="store_true", help="spread a frame's packets instead of a burst")
    viewer = parser.add_argument_group("how viewers watch")
    viewer.add_argument("--video-slots", type=int, default=1, help="pictures a viewer takes (%(default)s)")
    viewer.add_argument("--audio-slots", type=int, default=1, help="sounds a viewer takes (%(default)s)")
    viewer.add_argument(
        "--sample", type=int, default=10, help="of so many frames one is opened for its delay (%(default)s)"
    )
    viewer.add_argument(
        "--nacks", type=int, default=3, help="how often a lost packet is asked for (%(default)s)"
    )
    viewer.add_argument("--no-feedback", action="store_true", help="no transport-wide feedback")
    viewer.add_argument("--no-reports", action="store_true", help="no receiver reports")
    viewer.add_argument("--no-key-frames", action="store_true", help="never ask for key frames")
    told = parser.add_argument_group("promises and report")
    limits = Limits()
    told.add_argument("--max-loss", type=float, default=limits.loss_permille, help="permille (%(default)s)")
    told.add_argument("--max-delay", type=float, help="p95 in ms (20; storm 50)")
    told.add_argument(
        "--max-join", type=float, help="ms until the first picture, p95 (1000; storm: all, 30000)"
    )
    told.add_argument(
        "--max-answer", type=float, default=limits.answer_p95_ms, help="rollcall, ms (%(default)s)"
    )
    told.add_argument("--report", type=Path, metavar="FILE", help="write a report (.html or .md)")
    told.add_argument("--json", action="store_true", help="print everything as JSON")
    return parser


def _plan(args: argparse.Namespace) -> Plan:
    width, height = (int(part) for part in args.size.split("x"))
    best = VideoShape(width, height, args.fps, args.bitrate)
    defaults = Limits()
    plan = Plan(
        scenario=args.scenario,
        publishers=args.publishers,
        viewers=args.viewers,
        running=args.running if args.scenario == "storm" else 0,
        steps=tuple(int(step) for step in args.steps.split(",")),
        rounds=args.rounds,
        video_slots=args.video_slots,
        audio_slots=args.audio_slots,
        seconds=args.seconds,
        layers=simulcast(best) if args.simulcast else (best,),
        sound=not args.silent,
        even=args.even,
        sample_every=args.sample,
        habits=Habits(not args.no_feedback, not args.no_reports, args.nacks, not args.no_key_frames),
        joining=args.joining,
        processes=args.processes,
        allowed=tuple(args.allow),
        limits=Limits(
            loss_permille=args.max_loss,
            delay_p95_ms=args.max_delay or defaults.delay_p95_ms,
            storm_delay_p95_ms=args.max_delay or defaults.storm_delay_p95_ms,
            first_picture_p95_ms=args.max_join or defaults.first_picture_p95_ms,
            storm_media_ms=args.max_join or defaults.storm_media_ms,
            answer_p95_ms=args.max_answer,
        ),
    )
    plan.check()
    return plan


def main(words: list[str] | None = None) -> int:
    """Run as `words` say (the command line's without); the exit code."""
    parser = _parser()
    args = parser.parse_args(words)
    try:
        plan = _plan(args)
        accounts = usable(json.loads(args.accounts.read_text()), plan.publishers)
        if args.report is not None and not args.report.parent.is_dir():
            raise ValueError(f"there is no folder {args.report.parent}")
    except (OSError, ValueError) as error:
        parser.error(str(error))
    url = args.url.rstrip("/")
    try:
        check_allowed(url, plan.allowed)
        result = asyncio.run(_bounded(plan, url, accounts, args.meeting))
        if args.report is not None:
            write(result, args.report)
    except (NotAllowed, HubRefused, OSError, *FAILURES) as error:
        print(f"loadtest: {error}", file=sys.stderr)
        return 3
    except (KeyboardInterrupt, asyncio.CancelledError):
        print("loadtest: broken off", file=sys.stderr)
        return 130
    print(json.dumps(result, indent=1, ensure_ascii=False) if args.json else summary(result))
    return 0 if result["met"] else 1


async def _bounded(
    plan: Plan, url: str, accounts: Sequence[Mapping[str, Any]], meeting: str | None
) -> dict[str, Any]:
    """The run, broken off by a signal or when it does not come to its end; everybody leaves in good order."""
    task = asyncio.current_task()
    assert task is not None
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    try:
        async with asyncio.timeout(plan.longest_s):
            return await run(plan, url, accounts, meeting)
    except TimeoutError:
        raise OSError(f"not done within {plan.longest_s:.0f} s, broken off") from None


if __name__ == "__main__":
    sys.exit(main())
