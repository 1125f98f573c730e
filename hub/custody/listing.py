"""What would go on a day, and why the rest stays: the dry run, and the list that is made of it.

Pure: facts of meetings and of what they left come in, read at one moment; what comes out is the same for the same facts, so
that a list can be made again and compared by its digest.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from hub.clock import to_wire
from hub.custody.retention import KEPT_KINDS, KeptKind, RetentionPolicy

FORMAT: Final = "lianxian-disposal-1"
#: Things on one list; what is beyond is for the next one.
MOST_ITEMS: Final = 20_000
LIST_TYPE: Final = "application/json"

#: Why something stays: the meeting runs; it is held; its kind is kept for ever; its time is not over; a job works on it or its
#: minutes wait for approval; no second copy of it is proven; a list that waits or is carried out has it; it was not asked
#: for; the list is full.
Stays = Literal[
    "running", "held", "forever", "not_yet", "in_work", "no_copy", "listed", "not_asked", "next_list"
]

#: Whether a second copy of what has this digest is proven.
Copied = Callable[[str], bool]
#: Which of these digests a second copy is proven to hold.
Proven = Callable[[Collection[str]], Awaitable[Collection[str]]]
#: How many of these (`copies_of`) stand in the second copy, or may.
Standing = Callable[[Collection[tuple[str, str]]], Awaitable[int]]


def no_copies(digest: str) -> bool:
    """Where no second copy is configured, none is proven."""
    return False


async def nothing_proven(digests: Collection[str]) -> Collection[str]:
    """The same, of many."""
    return frozenset()


@dataclass(frozen=True, slots=True)
class File:
    """A file: what it is called, its size, its SHA-256.

    A recorded file that was never closed (its recorder was killed for good) has no SHA-256, and 0 bytes that an entry tells of.
    """

    name: str
    bytes: int
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a meeting left."""

    kind: KeptKind
    id: str
    files: tuple[File, ...] = ()

    @property
    def bytes(self) -> int:
        """What its files take."""
        return sum(file.bytes for file in self.files)


@dataclass(frozen=True, slots=True)
class Left:
    """A meeting, and all that it left."""

    meeting: str
    title: str
    center: str
    ended_at: datetime | None
    items: tuple[Item, ...]
    held: bool = False
    in_work: frozenset[KeptKind] = frozenset()
    """Kinds that a job or an approval is at."""
    listed: bool = False
    """Whether a list that is not over has it."""


@dataclass(frozen=True, slots=True)
class KindOf:
    """All of one kind that a meeting left: whether it goes, else why it stays, and from when on it may go."""

    kind: KeptKind
    items: tuple[Item, ...]
    stays: Stays | None
    due_at: datetime | None

    @property
    def bytes(self) -> int:
        return sum(item.bytes for item in self.items)


@dataclass(frozen=True, slots=True)
class Judged:
    """A meeting, kind by kind."""

    left: Left
    kinds: tuple[KindOf, ...]

    @property
    def goes(self) -> tuple[KindOf, ...]:
        return tuple(each for each in self.kinds if each.stays is None)


@dataclass(slots=True)
class Sum:
    """Meetings, things, bytes."""

    meetings: int = 0
    items: int = 0
    bytes: int = 0

    def add(self, kind: KindOf) -> None:
        """One meeting's things of a kind more."""
        self.meetings += 1
        self.items += len(kind.items)
        self.bytes += kind.bytes


@dataclass(frozen=True, slots=True)
class DryRun:
    """What would go on a day."""

    on: datetime
    policy: RetentionPolicy
    judged: tuple[Judged, ...]
    goes: Mapping[str, Sum]
    """By kind."""
    stays: Mapping[str, Sum]
    """By reason."""
    listing: dict[str, Any] = field(repr=False)
    """The list of all that goes; see `canonical`."""
    meetings: int
    """Of which something goes."""


def dry_run(
    lefts: Iterable[Left],
    policy: RetentionPolicy,
    on: datetime,
    kinds: Sequence[KeptKind] = KEPT_KINDS,
    copied: Copied = no_copies,
) -> DryRun:
    """Judge meetings, oldest first, as of a day; only these kinds go."""
    judged, listed, room = [], [], MOST_ITEMS
    goes: dict[str, Sum] = {}
    stays: dict[str, Sum] = {}
    ordered = sorted(lefts, key=lambda each: (each.ended_at or on, each.meeting))
    for left in ordered:
        each = _judge(left, policy, on, kinds, copied)
        going = sum(len(kind.items) for kind in each.goes)
        if going > room:
            each, going, room = _put_off(each), 0, 0  # what is older is never overtaken
        room -= going
        judged.append(each)
        for kind in each.kinds:
            (
                goes.setdefault(kind.kind, Sum())
                if kind.stays is None
                else stays.setdefault(kind.stays, Sum())
            ).add(kind)
        if each.goes:
            listed.append(_listed(each))
    whole = {
        "format": FORMAT,
        "on": to_wire(on),
        "policy": policy.model_dump(mode="json"),
        "meetings": listed,
    }
    return DryRun(on, policy, tuple(judged), goes, stays, whole, len(listed))


def _judge(
    left: Left, policy: RetentionPolicy, on: datetime, wanted: Sequence[KeptKind], copied: Copied
) -> Judged:
    found = []
    for kind in KEPT_KINDS:
        items = tuple(item for item in left.items if item.kind == kind)
        if not items:
            continue
        days = policy.days_of(kind)
        due_at = (
            left.ended_at + timedelta(days=days) if left.ended_at is not None and days is not None else None
        )
        found.append(
            KindOf(kind, items, _stays(left, policy, kind, items, due_at, on, wanted, copied), due_at)
        )
    return Judged(left, tuple(found))


def _stays(
    left: Left,
    policy: RetentionPolicy,
    kind: KeptKind,
    items: Sequence[Item],
    due_at: datetime | None,
    on: datetime,
    wanted: Sequence[KeptKind],
    copied: Copied,
) -> Stays | None:
    if left.ended_at is None:
        return "running"
    if left.held:
        return "held"
    if due_at is None:
        return "forever"
    if due_at > on:
        return "not_yet"
    if kind not in wanted:
        return "not_asked"
    if left.listed:
        return "listed"
    if kind in left.in_work:
        return "in_work"
    digests = [file.sha256 for item in items for file in item.files]
    if policy.needs_copy and not all(each is not None and copied(each) for each in digests):
        return "no_copy"
    return None


def _put_off(judged: Judged) -> Judged:
    """The list is full: what would go of this meeting is for the next one."""
    kinds = tuple(
        KindOf(each.kind, each.items, each.stays or "next_list", each.due_at) for each in judged.kinds
    )
    return Judged(judged.left, kinds)


def _listed(judged: Judged) -> dict[str, Any]:
    left = judged.left
    return {
        "meeting": left.meeting,
        "title": left.title,
        "center": left.center,
        "ended_at": to_wire(left.ended_at) if left.ended_at is not None else None,
        "items": [
            {
                "kind": item.kind,
                "id": item.id,
                "files": [
                    {"name": file.name, "bytes": file.bytes, "sha256": file.sha256} for file in item.files
                ],
            }
            for kind in judged.goes
            for item in sorted(kind.items, key=lambda each: each.id)
        ],
    }


def canonical(listed: Mapping[str, Any]) -> bytes:
    """A list as it is kept: its SHA-256 is what is asked for and agreed to."""
    return json.dumps(listed, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def copies_of(item: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What of a thing on a list may stand in the second copy: kind and id of its rows there (hub/evidence/copied.py)."""
    match item["kind"]:
        case "recordings":
            return [("part", item["id"])]
        case "minutes":
            return [("object", file["sha256"]) for file in item["files"]]
        case _:
            return [("made", f"{item['id']}/{file['name']}") for file in item["files"]]


async def nothing_far(copies: Collection[tuple[str, str]]) -> int:
    """Where there is no second copy, nothing stands there."""
    return 0


def meetings_on(listed: Mapping[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Each meeting of a list, with its items. Raises ValueError for what is no list."""
    if listed.get("format") != FORMAT or not isinstance(listed.get("meetings"), list):
        raise ValueError("this is no disposal list")
    for each in listed["meetings"]:
        yield each["meeting"], each["items"]
