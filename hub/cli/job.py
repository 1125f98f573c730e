"""``hub job``: long work for a running hub, in a process of low priority that it starts itself.

What it is told comes as JSON on the command line; it writes JSON lines: ``{"at": [what, done, total]}``, and at the end
``{"result": {…}}`` or ``{"failed": words}``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from sqlalchemy.exc import SQLAlchemyError

from hub.backup.check import check_backup
from hub.backup.create import BackupBusy, create_backup
from hub.backup.manifest import NoBackup
from hub.clock import system_clock
from hub.config import Config
from hub.copies.looking import looking_far
from hub.depot.looking import looking
from hub.journal.verify import verify
from hub.store.database import Database
from hub.store.offline import offline_journal

#: Progress is told so often at most.
EVERY_S: Final = 0.25

Data = dict[str, Any]


def add(commands: Any) -> None:
    """Add the command to the parser."""
    command = commands.add_parser("job", help="long work for a running hub (it starts these itself)")
    command.add_argument("name", choices=sorted(JOBS), help="which")
    command.add_argument("spec", help="what exactly, as JSON")
    command.set_defaults(run=_run)


def _run(chosen: argparse.Namespace, settings: Config) -> int:
    os.nice(19)  # whoever is in a meeting comes first
    try:
        _say({"result": JOBS[chosen.name](settings, json.loads(chosen.spec))})
    except (SQLAlchemyError, NoBackup, BackupBusy, OSError, ValueError) as problem:
        _say({"failed": str(getattr(problem, "orig", None) or problem)})
        return 1
    return 0


def _say(told: Data) -> None:
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    sys.stdout.flush()


class _Told:
    """Progress as lines, not more often than anybody reads them."""

    def __init__(self) -> None:
        self._last = ("", 0.0)

    def __call__(self, what: str, done: int, total: int) -> None:
        now = time.monotonic()
        if what != self._last[0] or done >= total or now - self._last[1] >= EVERY_S:
            self._last = what, now
            _say({"at": [what, done, total]})


def _make_backup(settings: Config, spec: Data) -> Data:
    target = Path(spec["path"])
    manifest = create_backup(
        settings, target, system_clock, name=spec["name"], with_keys=spec["keys"], progress=_Told()
    )
    return {
        "path": str(target),
        "seq": manifest.seq,
        "tip": manifest.tip,
        "bytes": manifest.bytes,
        "files": len(manifest.files),
        "missing": len(manifest.missing),
    }


def _verify_backup(settings: Config, spec: Data) -> Data:
    checked = check_backup(Path(spec["path"]), _Told())
    first = checked.findings[0] if checked.findings else ""
    return {"holds": checked.holds, "findings": len(checked.findings), "first": first[:400]}


def _verify_journal(settings: Config, spec: Data) -> Data:
    database = Database(settings.database_url)
    try:
        with (
            offline_journal(database) as journal,
            looking(settings) as look,
            looking_far(settings) as far,
        ):
            report = verify(journal, settings.data_dir, settings.recordings_dir, None, _Told(), look, far)
    finally:
        database.close_now()
    return {
        "ended": "whole" if report.ok else "findings",
        "entries": report.entries,
        "checkpoints": report.checkpoints,
        "parts": report.parts,
        "objects": report.objects,
        "recovered": len(report.recovered),
        "findings": len(report.findings),
        "first": [f"{each.kind}: {each.text}"[:400] for each in report.findings[:20]],
    }


JOBS: Final[dict[str, Callable[[Config, Data], Data]]] = {
    "make-backup": _make_backup,
    "verify-backup": _verify_backup,
    "verify-journal": _verify_journal,
}
