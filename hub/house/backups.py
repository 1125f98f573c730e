"""Backups: which were made, where they are, and whether they hold; and that a hub came back from one.

| command | refused with |
|---|---|
| `backup.make` | `forbidden`, `conflict` (one is under way) |
| `backup.verify` | `forbidden`, `not_found`, `conflict` (one is under way) |
| `backup.note_made`, `note_failed`, `note_verified`, `note_removed`, `note_restored` (the hub only) | – |

Making one takes a while: `backup.begun` says that it is under way, `backup.made` or `backup.failed` how it
ended. One at a time. The hub's owner, at the command line, may have it put where he says; others have it
in the hub's own folder.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import Field

from hub.clock import to_wire
from hub.directory.permissions import may_whole
from hub.entry import HOUSE, SYSTEM, Command, Draft, Entry
from hub.errors import Refusal
from hub.house.parts import DIRECTORY
from hub.parts import Part, Row
from hub.ruling import CommandData, CommandRule, Context, EntryRule, RuleFile
from hub.shapes import Wire
from hub.state import HubState

#: Backups that are remembered; the oldest goes first.
MOST_KEPT: Final = 400
MAX_PATH: Final = 1000
MAX_REASON: Final = 400
#: Why it failed, when the process that was at it ended.
INTERRUPTED: Final = "interrupted"


class Kept(Row):
    """A backup, as the journal tells of it."""

    name: str
    begun_at: str
    by: str
    """Account id, `system` for the hub itself and for its owner."""
    keys: bool
    scheduled: bool
    state: Literal["running", "made", "failed", "removed"] = "running"
    ended_at: str | None = None
    path: str = ""
    """Where it is, on the hub's machine."""
    seq: int = 0
    """The newest entry in it."""
    tip: str = ""
    """That entry's SHA-256 in the chain."""
    bytes: int = 0
    files: int = 0
    missing: int = 0
    """Files that the journal names and that were not there, or were other ones."""
    reason: str = ""
    """Why it failed."""
    checking: bool = False
    """Whether it is read through now."""
    checked_at: str | None = None
    holds: bool | None = None
    """Whether every file in it was the one that was put there, when it was last read through."""
    findings: int = 0


class Backups(Part):
    """Every backup that is remembered, by name, oldest first."""

    by_name: dict[str, Kept] = Field(default_factory=dict)


class BackupMake(CommandData):
    """Make a backup of the whole hub, while it runs."""

    keys: bool = False
    """Whether the hub's secret keys are in it, too: whoever has it can then pass for the hub."""
    path: str | None = Field(default=None, max_length=MAX_PATH, pattern=r"^/[^\x00\n]*$")
    """For the hub's owner: where to put it, a path that is not there yet. Null: in the folder of the settings."""
    scheduled: bool = False
    """For the hub itself: that nobody asked for it but the clock."""


class BackupVerify(CommandData):
    """Read a backup through: whether every file in it is the one that was put there."""

    backup: str = Field(max_length=40)
    """Its name."""


class NoteBackupMade(CommandData):
    """Note that a backup was made."""

    backup: str = Field(max_length=40)
    """Its name."""
    path: str = Field(max_length=MAX_PATH)
    """Where it is."""
    seq: int = Field(ge=0)
    """The newest entry in it."""
    tip: str = Field(max_length=64)
    """Its SHA-256 in the chain."""
    bytes: int = Field(ge=0)
    """What all its files have."""
    files: int = Field(ge=0)
    """How many they are."""
    missing: int = Field(ge=0)
    """Files that the journal names and that were not there, or were other ones."""
    took_ms: int = Field(ge=0)
    """How long it took."""


class NoteBackupFailed(CommandData):
    """Note that a backup could not be made."""

    backup: str = Field(max_length=40)
    """Its name."""
    reason: str = Field(max_length=MAX_REASON)
    """Why, in words; `interrupted` when the hub ended meanwhile."""


class NoteBackupVerified(CommandData):
    """Note what reading a backup through found."""

    backup: str = Field(max_length=40)
    """Its name."""
    holds: bool
    """Whether all is well."""
    findings: int = Field(ge=0)
    """What is wrong."""
    first: str = Field(max_length=MAX_REASON)
    """The first of it, in words; empty when all is well."""


class NoteBackupRemoved(CommandData):
    """Note that a backup was taken away, since newer ones are there."""

    backup: str = Field(max_length=40)
    """Its name."""


class NoteRestored(CommandData):
    """Note that this hub came back from a backup."""

    backup: str = Field(max_length=40)
    """Its name."""
    seq: int = Field(ge=0)
    """The newest entry that was in it."""


class BackupBegun(Wire):
    """A backup is being made."""

    backup: str
    path: str | None
    keys: bool
    scheduled: bool


class BackupMade(Wire):
    """A backup was made: it holds the journal up to entry `seq`."""

    backup: str
    path: str
    seq: int
    tip: str
    bytes: int
    files: int
    missing: int
    took_ms: int


class BackupFailed(Wire):
    """A backup could not be made."""

    backup: str
    reason: str


class OfBackup(Wire):
    """Base of entries about one backup."""

    backup: str


class BackupVerificationBegun(OfBackup):
    """A backup is being read through."""


class BackupVerified(OfBackup):
    """A backup was read through: whether it holds, else what is wrong first, in words."""

    holds: bool
    findings: int
    first: str


class BackupRemoved(OfBackup):
    """A backup was taken away, since newer ones are there."""


class BackupRestored(OfBackup):
    """This hub came back from a backup; what came after entry `seq` is not in it. All had to sign in anew."""

    seq: int


def running(state: HubState) -> Kept | None:
    """The backup that is being made or read through now."""
    for each in state.parts.read(Backups).by_name.values():
        if each.state == "running" or each.checking:
            return each
    return None


def cut_off(left: Kept) -> tuple[str, dict[str, Any]]:
    """The command, with its data, that tells that what was under way with a backup was cut off."""
    if left.state == "running":
        return "backup.note_failed", {"backup": left.name, "reason": INTERRUPTED}
    return "backup.note_verified", {"backup": left.name, "holds": False, "findings": 0, "first": INTERRUPTED}


def _draft(kind: str, data: dict[str, Any]) -> list[Draft]:
    return [Draft(kind, None, data, (HOUSE,))]


def _require(context: Context) -> None:
    if context.account.id != SYSTEM and not may_whole(context.account, "house.manage", context.tree):
        raise Refusal("forbidden", "backups are the system administrator's to make")


def _require_idle(state: HubState) -> None:
    if running(state) is not None:
        raise Refusal("conflict", "a backup is being made or read through now")


def _make(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = BackupMake.model_validate(command.data)
    _require(context)
    if context.account.id != SYSTEM and (data.path is not None or data.scheduled):
        raise Refusal("forbidden", "where it is put is the hub's owner's to say", "path")
    _require_idle(state)
    return _draft(
        "backup.begun", {"backup": f"{context.now:%Y%m%d-%H%M%S-%f}", **data.model_dump(mode="json")}
    )


def _verify(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = BackupVerify.model_validate(command.data)
    _require(context)
    kept = state.parts.read(Backups).by_name.get(data.backup)
    if kept is None or kept.state != "made":
        raise Refusal("not_found", "there is no such backup", "backup")
    _require_idle(state)
    return _draft("backup.verification_begun", {"backup": kept.name})


def _note_made(state: HubState, command: Command, context: Context) -> list[Draft]:
    return _draft("backup.made", NoteBackupMade.model_validate(command.data).model_dump(mode="json"))


def _note_failed(state: HubState, command: Command, context: Context) -> list[Draft]:
    return _draft("backup.failed", NoteBackupFailed.model_validate(command.data).model_dump(mode="json"))


def _note_verified(state: HubState, command: Command, context: Context) -> list[Draft]:
    return _draft("backup.verified", NoteBackupVerified.model_validate(command.data).model_dump(mode="json"))


def _note_removed(state: HubState, command: Command, context: Context) -> list[Draft]:
    return _draft("backup.removed", NoteBackupRemoved.model_validate(command.data).model_dump(mode="json"))


def _note_restored(state: HubState, command: Command, context: Context) -> list[Draft]:
    return _draft("backup.restored", NoteRestored.model_validate(command.data).model_dump(mode="json"))


def _kept(state: HubState, entry: Entry) -> Kept | None:
    return state.parts.edit(Backups).by_name.get(entry.data["backup"])


def _begun(state: HubState, entry: Entry) -> None:
    backups, data = state.parts.edit(Backups).by_name, entry.data
    backups[data["backup"]] = Kept(
        name=data["backup"],
        begun_at=to_wire(entry.at),
        by=entry.actor.account,
        keys=data["keys"],
        scheduled=data["scheduled"],
    )
    while len(backups) > MOST_KEPT:
        del backups[next(iter(backups))]


def _made(state: HubState, entry: Entry) -> None:
    if (kept := _kept(state, entry)) is not None:
        kept.state, kept.ended_at = "made", to_wire(entry.at)
        for name in ("path", "seq", "tip", "bytes", "files", "missing"):
            setattr(kept, name, entry.data[name])


def _failed(state: HubState, entry: Entry) -> None:
    if (kept := _kept(state, entry)) is not None:
        kept.state, kept.ended_at, kept.reason = "failed", to_wire(entry.at), entry.data["reason"]


def _verification_begun(state: HubState, entry: Entry) -> None:
    if (kept := _kept(state, entry)) is not None:
        kept.checking = True


def _verified(state: HubState, entry: Entry) -> None:
    if (kept := _kept(state, entry)) is not None:
        kept.checking, kept.checked_at = False, to_wire(entry.at)
        kept.holds, kept.findings = entry.data["holds"], entry.data["findings"]


def _removed(state: HubState, entry: Entry) -> None:
    if (kept := _kept(state, entry)) is not None:
        kept.state = "removed"


def _restored(state: HubState, entry: Entry) -> None:
    """In the backup that a hub came back from it is itself being made: it was made, or nobody had it."""
    if (kept := _kept(state, entry)) is not None and kept.state == "running":
        kept.state, kept.ended_at, kept.seq = "made", to_wire(entry.at), entry.data["seq"]


def _entry(kind: str, schema: type[Wire], apply: Any) -> EntryRule:
    return EntryRule(kind, schema, apply, reads="house.read", subject=DIRECTORY, house=True)


RULES = RuleFile(
    "backups",
    commands=(
        CommandRule("backup.make", BackupMake, _make, meeting="never", owner=True),
        CommandRule("backup.verify", BackupVerify, _verify, meeting="never", owner=True),
        CommandRule("backup.note_made", NoteBackupMade, _note_made, meeting="never", system=True),
        CommandRule("backup.note_failed", NoteBackupFailed, _note_failed, meeting="never", system=True),
        CommandRule("backup.note_verified", NoteBackupVerified, _note_verified, meeting="never", system=True),
        CommandRule("backup.note_removed", NoteBackupRemoved, _note_removed, meeting="never", system=True),
        CommandRule("backup.note_restored", NoteRestored, _note_restored, meeting="never", system=True),
    ),
    entries=(
        _entry("backup.begun", BackupBegun, _begun),
        _entry("backup.made", BackupMade, _made),
        _entry("backup.failed", BackupFailed, _failed),
        _entry("backup.verification_begun", BackupVerificationBegun, _verification_begun),
        _entry("backup.verified", BackupVerified, _verified),
        _entry("backup.removed", BackupRemoved, _removed),
        _entry("backup.restored", BackupRestored, _restored),
    ),
)
