"""``python -m tests.matrix [--only NAME] [--seconds 14]``: what works with what, judged by decoded pictures and sound.

Every publisher (publishers.py) with every codec it has, every viewer (viewers.py), and the recorder, on one running hub.
Writes docs/compatibility.md; where `--only` chooses rows (the beginning of publishers' names), the others stay as they were.
The exit status is 1 when a cell is neither good nor turned away in words. Takes about ten minutes and both cores.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import av

from tests.matrix.browsers import Browsers, running_browsers
from tests.matrix.place import Place, Refused, open_meeting, recorded, running_hub
from tests.matrix.publishers import GST_PEER, PUBLISHERS, SYSTEM_PYTHON, Publisher, child
from tests.matrix.table import Cell, Row, kept, render
from tests.matrix.viewers import NAMES, Viewer, watching
from tests.support.hub_process import ROOT, HubProcess

PAGE = ROOT / "docs" / "compatibility.md"
RECORDER = "recorder"
COLUMNS = (*NAMES, RECORDER)
#: A publisher's first pictures come within this time.
BEGIN_S = 2.0


async def fill(place: Place, codec: str, browsers: Browsers, seconds: float) -> dict[str, Cell]:
    """The cells of the viewers, who watch at the same time."""
    cells: dict[str, Cell] = {}
    viewers: dict[str, Viewer] = {}
    async with contextlib.AsyncExitStack() as stack:
        for name in NAMES:
            try:
                viewers[name] = await stack.enter_async_context(watching(place, name, codec, browsers))
            except Refused as refused:
                cells[name] = Cell(refusal=str(refused))
        await asyncio.sleep(seconds)
        for name, viewer in viewers.items():
            try:
                cells[name] = Cell(await viewer.judged())
            except Refused as refused:
                cells[name] = Cell(refusal=str(refused))
            print(f"  {name}: {cells[name]} ({cells[name].verdict})", file=sys.stderr)
    return cells


async def row_of(
    publisher: Publisher, codec: str, hub: HubProcess, browsers: Browsers, folder: Path, seconds: float
) -> Row:
    """One publisher with one codec."""
    print(f"{publisher.name}, {codec}", file=sys.stderr)
    await browsers.begin_row()
    async with open_meeting(hub, folder) as place:
        try:
            async with publisher.publishing(place, codec, browsers):
                await asyncio.sleep(BEGIN_S)
                cells = await fill(place, codec, browsers, seconds)
                try:
                    cells[RECORDER] = Cell(await recorded(place))
                except AssertionError as missing:
                    cells[RECORDER] = Cell(fault=str(missing))
                print(f"  {RECORDER}: {cells[RECORDER]} ({cells[RECORDER].verdict})", file=sys.stderr)
        except Refused as refused:
            print(f"  – {refused}", file=sys.stderr)
            return Row(publisher.name, codec, {}, str(refused))
        except (AssertionError, TimeoutError) as failed:
            fault = Cell(fault=str(failed) or "not in time")
            print(f"  {fault}", file=sys.stderr)
            return Row(publisher.name, codec, dict.fromkeys(COLUMNS, fault))
    return Row(publisher.name, codec, cells)


async def versions(browsers: Browsers) -> dict[str, str]:
    """Of all who take part."""
    found = await browsers.versions()
    async with child(SYSTEM_PYTHON, str(GST_PEER), "version") as process:
        assert process.stdout is not None
        told = json.loads(await process.stdout.readline())
        found["GStreamer"] = str(told["version"]).removeprefix("GStreamer ")
    found["FFmpeg"] = f"{av.ffmpeg_version_info} (PyAV {av.__version__})"
    found["aiortc"] = version("aiortc")
    return found


async def run(only: str, seconds: float) -> list[Row]:
    """All rows, one after the other; the page is written when nothing was left out."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with running_hub(folder) as hub, running_browsers(folder) as browsers:
            used = await versions(browsers)
            for publisher in PUBLISHERS:
                for codec in publisher.codecs if publisher.name.lower().startswith(only.lower()) else ():
                    row = folder / f"row-{len(rows)}"
                    rows.append(await row_of(publisher, codec, hub, browsers, row, seconds))
    order = [(publisher.name, codec) for publisher in PUBLISHERS for codec in publisher.codecs]
    text = render(order, rows, COLUMNS, used, kept(PAGE.read_text("utf-8")) if PAGE.exists() else {})
    print(text)
    PAGE.write_text(text, "utf-8")
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.matrix", description=__doc__)
    parser.add_argument("--only", default="", help="publishers whose names begin so")
    parser.add_argument(
        "--seconds", type=float, default=14.0, help="how long each row is watched (%(default)s)"
    )
    options = parser.parse_args()
    rows = asyncio.run(run(options.only, options.seconds))
    return 0 if rows and all(row.good for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
