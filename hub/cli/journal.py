"""``hub journal``: verify the journal, rebuild its projections, write it out."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

import sqlalchemy as sa

from hub.clock import system_clock
from hub.config import Config
from hub.copies.looking import looking_far
from hub.depot.looking import looking
from hub.entry import Entry
from hub.journal.audit_file import against_journal, read_export
from hub.journal.checkpoint import Checkpointer
from hub.journal.head import Shortfall
from hub.journal.ports import OfflineJournal, StoreBroken, StoreBusy
from hub.journal.recovery import Recovered, recovery_entry
from hub.journal.verify import verify
from hub.store.database import Database
from hub.store.migrations import SchemaTooNew
from hub.store.offline import go_on, offline_journal, rebuild

#: Characters of `--why` that are kept.
MAX_WHY = 2000
#: Findings of a file that are told one by one.
MOST_FINDINGS = 50


def add(commands: Any) -> None:
    """Add the command to the parser."""
    command = commands.add_parser("journal", help="verify, rebuild or export the journal")
    actions = command.add_subparsers(dest="action", required=True, metavar="ACTION")

    verify = actions.add_parser(
        "verify",
        help="check chain, checkpoints, projections, recordings and objects",
        description="Check the hash chain, the signed checkpoints, the projections against a rebuild, and the SHA-256 of "
        "every recording and of every object that an entry names. Lists what is wrong and exits with 1, or 0 when all is "
        "well. The hub may be running.",
    )
    verify.add_argument(
        "--checkpoints", type=Path, metavar="FILE", help="a copy of checkpoints.jsonl kept elsewhere"
    )
    verify.add_argument("--no-recordings", action="store_true", help="leave the recordings out")
    verify.add_argument("--no-objects", action="store_true", help="leave the objects out")
    verify.set_defaults(run=_verify)

    rebuild = actions.add_parser(
        "rebuild",
        help="make the projections anew from the entries",
        description="Empty the tables that are derived from the journal and fill them again. The hub must be stopped.",
    )
    rebuild.set_defaults(run=_rebuild)

    recover = actions.add_parser(
        "recover",
        help="have a journal that lost entries go on without them",
        description="A hub whose journal does not hold what it once held writes nothing. This shows what is missing and, once "
        "that is confirmed, appends one entry that says so; the numbers of what was lost are not used again. Put back a backup "
        "instead where there is one. The hub must be stopped.",
    )
    recover.add_argument("--why", metavar="TEXT", help="what happened, for the journal; asked for without it")
    recover.add_argument("--who", metavar="NAME", help="who says so; your name on this machine without it")
    recover.add_argument("--yes", action="store_true", help="do not ask for confirmation")
    recover.set_defaults(run=_recover)

    check = actions.add_parser(
        "check-export",
        help="check a file that the audit administrator took out",
        description="Check a CSV or JSON-lines file of the audit against the journal: every row must stand in it as it does. "
        "A JSON-lines file is checked in itself, too: each entry against its hash, neighbours against each other, all rows "
        "against the sum at its end. Exits with 1 when something differs. The hub may be running.",
    )
    check.add_argument("file", type=Path, help="the file")
    check.set_defaults(run=_check_export)

    export = actions.add_parser("export", help="write all entries as JSON lines")
    export.add_argument("file", nargs="?", type=Path, help="where to; standard output without it")
    export.set_defaults(run=_export)


class _Progress:
    """One line on standard error that counts up, only where a person looks."""

    def __init__(self) -> None:
        self._shown = False

    def __call__(self, what: str, done: int, total: int) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{what}: {done:,} of {total:,}   ")
            self._shown = True

    def end(self) -> None:
        if self._shown:
            sys.stderr.write("\n")


def _fail(problem: object) -> int:
    print(f"hub: {problem}", file=sys.stderr)
    return 1


def _open(settings: Config) -> Database:
    """The database, which must be there. Raises OSError."""
    database = Database(settings.database_url)
    if database.path is not None and not database.path.exists():
        database.close_now()
        raise FileNotFoundError(f"there is no database {database.path}")
    return database


def _plainly(work: Callable[[], int]) -> int:
    """Run `work`; what keeps it from its work is said in one line."""
    try:
        return work()
    except sa.exc.DBAPIError as problem:
        return _fail(problem.orig)
    except (sa.exc.SQLAlchemyError, StoreBusy, StoreBroken, SchemaTooNew, OSError, ValueError) as problem:
        return _fail(problem)


def _verify(arguments: argparse.Namespace, settings: Config) -> int:
    progress = _Progress()

    def work() -> int:
        database = _open(settings)
        try:
            with (
                offline_journal(database) as journal,
                looking(settings) as look,
                looking_far(settings) as far,
            ):
                report = verify(
                    journal,
                    settings.data_dir,
                    None if arguments.no_recordings else settings.recordings_dir,
                    arguments.checkpoints,
                    progress,
                    None if arguments.no_objects else look,
                    far,
                )
        finally:
            database.close_now()
            progress.end()
        print(
            f"{report.entries:,} entries, {report.checkpoints:,} checkpoints, {report.parts:,} recorded parts, "
            f"{report.objects:,} objects"
        )
        for known in report.recovered:
            print(f"recovered: {_lost(known)}, given up at entry {known.seq} by {known.who}: {known.why}")
        for finding in report.findings:
            print(f"{finding.kind}: {finding.text}")
        whole = "the journal is whole" + (" but for what was given up" if report.recovered else "")
        print(whole if report.ok else f"{len(report.findings)} findings")
        return 0 if report.ok else 1

    return _plainly(work)


def _lost(known: Recovered) -> str:
    what = "were lost and their numbers used again" if known.used_again else "were lost"
    numbers = (
        f"entry {known.first}" if known.first == known.last else f"entries {known.first} to {known.last}"
    )
    return f"{numbers} {what}"


def _recover(arguments: argparse.Namespace, settings: Config) -> int:
    def entry_for(shortfall: Shortfall) -> Entry | None:
        print(f"{shortfall}.")
        lost = f"{shortfall.first_lost} to {shortfall.mark.seq}"
        if shortfall.is_cut:
            print(f"The journal would go on at entry {shortfall.mark.seq + 1}; {lost} stay lost.")
        else:
            print(f"Entries {lost} were written twice; of those that were there first, nothing is left.")
        print("Newer entries may be lost besides. If there is a backup, put it back instead.")
        why = arguments.why or _ask("What happened (for the journal): ")
        if not why:
            return None
        if not arguments.yes and _ask("Type recover to go on without them: ") != "recover":
            return None
        return recovery_entry(shortfall, system_clock(), arguments.who or getpass.getuser(), why[:MAX_WHY])

    def work() -> int:
        database = _open(settings)
        asked = False

        def ask(shortfall: Shortfall) -> Entry | None:
            nonlocal asked
            asked = True
            return entry_for(shortfall)

        checkpointer = Checkpointer(settings.data_dir)
        try:
            checkpoint = go_on(database, checkpointer.marks(), ask, checkpointer.sign)
            if checkpoint is None:
                print("nothing was changed" if asked else "nothing is missing")
                return 1 if asked else 0
            checkpointer.keep_now(checkpoint)
        finally:
            checkpointer.close()
            database.close_now()
        print(
            f"the journal goes on at entry {checkpoint.seq}; `hub journal verify` tells of the loss from now on"
        )
        return 0

    return _plainly(work)


def _ask(question: str) -> str:
    """What the person at the terminal answers; nothing where there is none."""
    if not sys.stdin.isatty():
        print("not at a terminal: --why TEXT and --yes say it beforehand", file=sys.stderr)
        return ""
    return input(question).strip()


def _rebuild(_: argparse.Namespace, settings: Config) -> int:
    progress = _Progress()

    def work() -> int:
        database = _open(settings)
        try:
            done = rebuild(database, lambda done, total: progress("entries", done, total))
        finally:
            database.close_now()
            progress.end()
        print(f"projections made anew from {done:,} entries")
        return 0

    return _plainly(work)


def _export(arguments: argparse.Namespace, settings: Config) -> int:
    def work() -> int:
        database = _open(settings)
        try:
            with offline_journal(database) as journal:
                if arguments.file is None:
                    _write(journal, sys.stdout)
                else:
                    with arguments.file.open("w", encoding="utf-8") as file:
                        _write(journal, file)
        finally:
            database.close_now()
        return 0

    return _plainly(work)


def _check_export(arguments: argparse.Namespace, settings: Config) -> int:
    def work() -> int:
        taken = read_export(arguments.file)
        database = _open(settings)
        try:
            with offline_journal(database) as journal:
                findings = [
                    *taken.findings,
                    *against_journal(taken, journal.all_entries(lambda seq, text: None)),
                ]
        finally:
            database.close_now()
        for finding in findings[:MOST_FINDINGS]:
            print(finding)
        print(
            f"{len(findings)} findings"
            if findings
            else f"{len(taken.rows):,} entries stand in the journal as in the file"
        )
        return 1 if findings else 0

    return _plainly(work)


def _write(journal: OfflineJournal, file: TextIO) -> None:
    def bad_row(seq: int, text: str) -> None:
        print(f"hub: {text}", file=sys.stderr)

    for entry in journal.all_entries(bad_row):
        file.write(json.dumps(entry.to_wire(), ensure_ascii=False, separators=(",", ":")) + "\n")
