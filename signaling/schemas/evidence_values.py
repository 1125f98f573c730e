"""Evidence bundles and checks of sessions on the wire."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypeAliasType

from hub.shapes import Wire

EvidenceWhat = TypeAliasType("EvidenceWhat", Literal["bundle", "check"])
EvidenceState = TypeAliasType("EvidenceState", Literal["waiting", "running", "ready", "failed", "cancelled"])
#: `entry`: not what was written; `journal`: not what was signed; `signature`: a checkpoint is forged; of recorded files
#: `missing`, `short` (cut off), `changed`, `orphan` (no entry tells of it).
EvidenceFindingKind = TypeAliasType(
    "EvidenceFindingKind",
    Literal["entry", "journal", "signature", "missing", "short", "changed", "orphan"],
)


class EvidenceAsked(Wire):
    """Have a bundle made, or the session checked."""

    what: EvidenceWhat


class EvidenceRecordings(Wire):
    """The recorded files of a meeting: those that are finished, their bytes, how many are still written, how many are gone."""

    parts: int
    bytes: int
    open: int
    destroyed: int
    """Of those that were finished, how many were destroyed by decision."""


class EvidenceScanned(Wire):
    """How far the slow scan is with a meeting's finished files: how many it has read again since, and what it found."""

    parts: int
    looked: int
    damaged: int
    oldest_at: str | None
    """Of those it has read: none of them was read longer ago."""


class EvidenceOffer(Wire):
    """What a bundle of a meeting would be."""

    entries: int
    left_out: int
    """Entries that one may not read oneself: their digests alone go in."""
    bytes: int | None
    """About how large it will be without recorded files; null: nothing is signed yet."""
    recordings: EvidenceRecordings
    scanned: EvidenceScanned
    room_bytes: int
    """So much a bundle with recorded files may take on the hub's disk, which is the job `evidence`."""
    key: str | None
    """The hub's public key, hex: to be compared with that of a bundle."""
    as_of: str


class EvidenceBundle(Wire):
    """A bundle that was made."""

    name: str
    bytes: int
    sha256: str
    entries: int
    left_out: int
    size: int
    """Entries of the journal that it rests on."""
    key: str
    until: str
    """It is kept until then, and no longer than until the hub starts anew."""


class EvidenceFinding(Wire):
    """One thing that is wrong."""

    kind: EvidenceFindingKind
    seq: int | None
    """The entry."""
    name: str
    """Whose picture and sound; of an orphan, its file."""
    at: str
    """When the part began; empty where it is about no part."""


class EvidenceChecked(Wire):
    """What was checked of a session, and what is wrong."""

    entries: int
    signed: int
    """Of those, how many a checkpoint covers."""
    checkpoints: int
    parts: int
    open_parts: int
    far_parts: int
    """Parts that stand in the second copy alone, where they are verified by themselves."""
    destroyed: int
    """Recorded files that were destroyed by decision: they are not missing."""
    bytes: int
    findings: list[EvidenceFinding]
    """The first of them."""
    found: int
    """How many there are."""


class EvidenceWork(Wire):
    """A bundle or a check, as it stands: `done` of `total` bytes of recorded files (0: none are read)."""

    work: str
    meeting: str
    what: EvidenceWhat
    state: EvidenceState
    done: int
    total: int
    reason: str
    """Why it failed: `unproven`, `too_large`, `files`, `fault`, or the code of a refusal; else empty."""
    asked_at: str
    ended_at: str | None
    bundle: EvidenceBundle | None
    checked: EvidenceChecked | None
