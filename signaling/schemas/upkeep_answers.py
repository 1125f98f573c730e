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
