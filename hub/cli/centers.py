"""``hub centers``: bring the tree of centers into the directory."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from hub.cli.directory import Directory, with_directory
from hub.config import Config
from hub.directory.center_list import COLUMNS
from hub.directory.centers_csv import checked_centers, yueyang_centers
from hub.directory.tree import Center, CenterTree
from hub.errors import Refusal
from hub.sheets.reading import read_sheet

#: The columns that a list must have.
_HEADER = ",".join(each.name for each in COLUMNS if each.needed)


def load_centers(path: Path) -> list[Center]:
    """Centers of a file. Raises OSError, Refusal for a file that cannot be read, ValueError naming a wrong row."""
    sheet = read_sheet(path.read_bytes())
    if sheet.wrong:
        raise ValueError(str(sheet.wrong[0]))
    return checked_centers(sheet.rows)


def add(commands: Any) -> None:
    """Add the command to the parser."""
    command = commands.add_parser("centers", help="import the tree of centers")
    actions = command.add_subparsers(dest="action", required=True, metavar="ACTION")
    importing = actions.add_parser("import", help=f"from a CSV or XLSX file with the columns {_HEADER}")
    source = importing.add_mutually_exclusive_group(required=True)
    source.add_argument("file", nargs="?", type=Path, help="the file; CSV in UTF-8 or GB18030")
    source.add_argument("--yueyang", action="store_true", help="the tree of Yueyang that comes with the hub")
    command.set_defaults(run=_run)


def _run(chosen: argparse.Namespace, settings: Config) -> int:
    try:
        centers = yueyang_centers() if chosen.yueyang else load_centers(chosen.file)
        CenterTree(centers)
    except (OSError, ValueError, Refusal) as problem:
        print(f"hub: {problem}", file=sys.stderr)
        return 1

    async def work(directory: Directory) -> int:
        rows = [
            {
                "code": each.code,
                "name": each.name,
                "level": each.level,
                "parent": each.parent,
                "functional": each.functional,
            }
            for each in centers
        ]
        told = await directory.give("center.import", {"centers": rows})
        print(f"{len(centers)} centers")
        if ended := sum(len(each["grids"]) for each in told if "grids" in each):
            print(f"{ended} grids of centers that are no more ended with them")
        return 0

    return with_directory(settings, work)
