"""`python -m clients.loadtest`: so many publishers and viewers in a meeting, for so long, and what they saw."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path

from clients.loadtest.hub_http import HubRefused
from clients.loadtest.ice import NotAllowed
from clients.loadtest.run import Plan, run, summary
from clients.loadtest.synthetic import VideoShape

_EXPLAINED = """\
Each publisher sends synthetic VP8 (encoded once) and Opus by WHIP; each viewer receives by WHEP, opens only a
sample of the packets and counts the rest by their headers. The accounts file is that of the demo
(demo-accounts.json): a list of {"username", "password", ...}. Publishers take one account each; viewers share
the others in turn. Without --meeting the first account opens one that calls the centers of all, and ends it.
A viewer's first picture slot shows the stage; further ones stay empty until somebody selects something for them.
The delay is from a frame's first packet at the publisher to its last at the viewer, by one machine's clock.

Only this machine is loaded, unless you name the hub's host and its media addresses with --allow. Load only
hubs that are yours.

example:
  python -m clients.loadtest --url http://127.0.0.1:8080 --accounts data/demo-accounts.json \\
      --publishers 1 --viewers 60 --seconds 20
"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m clients.loadtest",
        description="Loads a hub with light peers and tells what they saw.",
        epilog=_EXPLAINED,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--url", default="http://127.0.0.1:8080", help="the hub (%(default)s)")
    parser.add_argument("--accounts", type=Path, required=True, help="JSON file of accounts")
    parser.add_argument("--meeting", help="an open meeting; without it one is opened and ended")
    parser.add_argument("--publishers", type=int, default=1, help="peers that send (%(default)s)")
    parser.add_argument("--viewers", type=int, default=1, help="peers that receive (%(default)s)")
    parser.add_argument("--video-slots", type=int, default=1, help="pictures a viewer takes (%(default)s)")
    parser.add_argument("--audio-slots", type=int, default=1, help="sounds a viewer takes (%(default)s)")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long everybody stays (%(default)s)")
    parser.add_argument("--size", default="1280x720", help="picture size (%(default)s)")
    parser.add_argument("--fps", type=int, default=30, help="pictures a second (%(default)s)")
    parser.add_argument("--bitrate", type=int, default=1_500_000, help="bit/s of the picture (%(default)s)")
    parser.add_argument("--even", action="store_true", help="spread a frame's packets instead of a burst")
    parser.add_argument(
        "--sample", type=int, default=10, help="of so many frames one is opened for its delay (%(default)s)"
    )
    parser.add_argument(
        "--allow", action="append", default=[], metavar="HOST", help="a host or address beyond this machine"
    )
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    return parser


def main(words: list[str] | None = None) -> int:
    """Run as `words` say (the command line's without); the exit code: 0, or 1 when anything failed."""
    parser = _parser()
    args = parser.parse_args(words)
    try:
        width, height = (int(part) for part in args.size.split("x"))
        plan = Plan(
            url=args.url.rstrip("/"),
            accounts=json.loads(args.accounts.read_text()),
            meeting=args.meeting,
            publishers=args.publishers,
            viewers=args.viewers,
            video_slots=args.video_slots,
            audio_slots=args.audio_slots,
            seconds=args.seconds,
            shape=VideoShape(width, height, args.fps, args.bitrate),
            even=args.even,
            sample_every=args.sample,
            allowed=tuple(args.allow),
        )
        plan.check()
    except (OSError, ValueError) as error:
        parser.error(str(error))
    try:
        result = asyncio.run(run(plan))
    except (HubRefused, NotAllowed, OSError) as error:
        print(f"loadtest: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(json.dumps(result, indent=1) if args.json else summary(result))
    return 0 if not result["failures"] else 1


if __name__ == "__main__":
    sys.exit(main())
