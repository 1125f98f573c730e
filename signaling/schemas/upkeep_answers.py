"""What the audit and the system administrator read: the audit with its proof, health, storage, backups."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypeAliasType

from hub.shapes import Role, Wire
from signaling.schemas.entries import Entry

#: `off`: this hub does without it.
HealthState = TypeAliasType("HealthState", Literal["good", "warning", "bad", "off"])
BackupState = TypeAliasType("BackupState", Literal["running", "made", "failed", "removed"])


class AuditPerson(Wire):
    """Who is meant by the id of an account."""

    username: str
    name: str
    role: Role
    center: str


class Audit(Wire):
    """What was done in the house, newest first; `next` is the `before` of the following page."""

    entries: list[Entry]
    next: int | None
    people: dict[str, AuditPerson]
    """Accounts by id, as far as they are there still."""
    as_of: str


class SignedUpTo(Wire):
    """A signed checkpoint: entry `seq` had this hash."""

    seq: int
    hash: str
    at: str
    key: str


class AuditProof(Wire):
    """One entry, and what holds it in its place."""

    entry: Entry
    holds: bool
    """Its hash is that of what it holds."""
    linked: bool
    """It names the hash of the entry before it."""
    checkpoint: SignedUpTo | None
    """The first that covers it; null: none yet."""
    people: dict[str, AuditPerson]


class UpkeepJob(Wire):
    """Long work that runs now: `done` of `total` (0: not known) of what it is at."""

    name: str
    about: str
    begun_at: str
    what: str
    done: int
    total: int


class AuditStanding(Wire):
    """How far back the journal reaches, how far it is signed, and what its last verification found."""

    oldest_at: str | None
    seq: int
    signed_seq: int
    signed_at: str | None
    kept_days_at_least: int
    running: str | None
    """The verification that is under way."""
    job: UpkeepJob | None
    last: Entry | None
    """The newest `audit.verified`."""
    as_of: str


class HealthPart(Wire):
    """One part of the hub, as it was looked at."""

    part: str
    name: str
    state: HealthState
    why: str
    """Why it is not good, as one word; empty when it is."""
    since: str
    """Since when it is so, as far as this hub has run."""
    figures: dict[str, int | str]


class Health(Wire):
    """How the hub fares."""

    parts: list[HealthPart]
    version: str
    started_at: str
    as_of: str


class KeptFiles(Wire):
    """What some kind of files takes; `lately_bytes` came within `lately_days`."""

    count: int
    bytes: int
    oldest_at: str | None
    lately_bytes: int


class KeptJournal(Wire):
    """What the database takes, and the entries in it."""

    count: int
    bytes: int
    oldest_at: str | None


class KeptBackups(Wire):
    """What the backups take that are remembered."""

    count: int
    bytes: int


class FolderRoom(Wire):
    """A folder of the hub, and the room on its file system."""

    name: str
    path: str
    free_bytes: int
    total_bytes: int


class Storage(Wire):
    """What the hub keeps, what that takes, and how long the room lasts."""

    recordings: KeptFiles
    objects: KeptFiles
    journal: KeptJournal
    backups: KeptBackups
    folders: list[FolderRoom]
    reserve_bytes: int
    """With less than this free nothing is recorded any more."""
    lately_days: int
    daily_bytes: int
    days_left: int | None
    """At the pace of lately; null: nothing came lately."""
    kept_days_at_least: int
    as_of: str


class CopyKind(Wire):
    """How far one kind of files is: `part` of recordings, `made` by jobs, `object`."""

    kind: Literal["part", "made", "object"]
    files: int
    bytes: int
    copied: int
    """Verified in the copy."""
    copied_bytes: int
    damaged: int
    """Found there to be another one, or gone: sent again."""


class CopyAt(Wire):
    """What the copier is at."""

    what: Literal["send", "verify", "fetch", "delete"]
    kind: Literal["part", "made", "object"]
    file: str
    meeting: str | None
    stage: str
    """`looking`, `sending`, `reading` (back), `fetching`; empty at first."""
    done: int
    total: int


class CopyTrouble(Wire):
    """A file that could not be done, and when it is tried again."""

    kind: Literal["part", "made", "object"]
    id: str
    file: str
    meeting: str | None
    bytes: int
    reason: str
    tries: int
    not_before: str


class FarAlone(Wire):
    """A meeting of which recorded files stand in the copy alone; `wanted` of them are being brought back."""

    meeting: str
    title: str
    opened_at: str
    files: int
    bytes: int
    wanted: int


class SomeFiles(Wire):
    """So many files."""

    files: int
    bytes: int


class Copies(Wire):
    """The second copy."""

    on: bool
    """Whether the settings name one."""
    place: str
    """Host and bucket."""
    trouble: str
    """Why nothing can be copied now: `away`, `refused`, `no_bucket`, `full`; empty while it can."""
    since: str | None
    answered_at: str | None
    at: CopyAt | None
    kinds: list[CopyKind]
    wanted: SomeFiles
    """What is to be brought back."""
    released: SomeFiles
    """Recorded files that stand there alone."""
    newest_at: str | None
    oldest_verified_at: str | None
    troubles: list[CopyTrouble]
    far_alone: list[FarAlone]
    pace_mb_s: int
    verify_days: int
    release_days: int | None
    can: list[str]
    """`manage`: the reader may have files brought back."""
    as_of: str


class MeetingCopies(Wire):
    """The files of one meeting in the second copy."""

    on: bool
    away: bool
    """Whether the copy cannot be reached now."""
    files: int
    copied: int
    """Verified there."""
    released: int
    """Recorded files that stand there alone."""
    wanted: int
    """Are being brought back."""
    verified_at: str | None
    """Of those verified, the one longest ago."""
    as_of: str


class Backup(Wire):
    """A backup, as the journal tells of it."""

    name: str
    begun_at: str
    by: str
    by_name: str
    keys: bool
    scheduled: bool
    state: BackupState
    ended_at: str | None
    path: str
    seq: int
    tip: str
    bytes: int
    files: int
    missing: int
    reason: str
    checking: bool
    checked_at: str | None
    holds: bool | None
    findings: int


class BackupList(Wire):
    """The backups, newest first, and when the clock makes the next one."""

    backups: list[Backup]
    job: UpkeepJob | None
    folder: str
    hour: int | None
    keep: int
    next_at: str | None
    can: list[str]
    """`manage`: the reader may make and verify them."""
    as_of: str
