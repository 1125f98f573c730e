"""Retention, holds and disposal lists on the wire."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from hub.custody.disposal_shapes import DisposedItem, KindCount, Spared
from hub.custody.retention import KeptKind, RetentionPolicy
from hub.fields import Text
from hub.shapes import Author, Role, Wire

#: Why something stays: see hub/custody/listing.py.
StaysReason = TypeAliasType(
    "StaysReason",
    Literal[
        "running", "held", "forever", "not_yet", "in_work", "no_copy", "listed", "not_asked", "next_list"
    ],
)
DisposalState = TypeAliasType(
    "DisposalState", Literal["asked", "approved", "rejected", "taken_back", "completed"]
)


class RetentionNow(Wire):
    """How long what meetings leave is kept."""

    policy: RetentionPolicy
    set_at: str | None
    """Null: nobody has said so yet, and all is kept for ever."""
    set_by: str
    """Name of who set it; empty for nobody, and for the hub's owner."""
    reason: str
    copies: bool
    """Whether a second copy is configured."""
    can: list[str]
    """What one may do oneself: `set`, `ask`, `approve`."""


class Sums(Wire):
    """Meetings, things, and the bytes of their files."""

    meetings: int
    items: int
    bytes: int


class KindSums(Sums):
    """What goes of one kind."""

    kind: KeptKind


class ReasonSums(Sums):
    """What stays for one reason."""

    reason: StaysReason


class DryRunKind(Wire):
    """All of one kind that a meeting left."""

    kind: KeptKind
    items: int
    bytes: int
    stays: StaysReason | None
    """Null: it goes."""
    due_at: str | None
    """From when on it may go; null: never."""


class DryRunMeeting(Wire):
    """A meeting in a dry run."""

    meeting: str
    title: str
    center: str
    center_name: str
    ended_at: str | None
    kinds: list[DryRunKind]


class DryRunAnswer(Wire):
    """What would go on a day, and why the rest stays. Sums are of all, rows a page; `next` is the `after` of the next one."""

    on: str
    digest: str
    """SHA-256 of the list that it makes: who asks for it names it."""
    meetings: int
    """Of which something goes."""
    goes: list[KindSums]
    stays: list[ReasonSums]
    rows: list[DryRunMeeting]
    """Those of which something goes first, each the oldest first."""
    next: int | None


class DisposalAsk(Wire):
    """Have the list of a dry run asked for."""

    id: str = Field(pattern=r"^[A-Za-z0-9._:-]{1,64}$")
    """Made by the client: sent again, it counts once."""
    on: str = Field(max_length=64)
    """As in the dry run."""
    kinds: list[KeptKind] = Field(min_length=1, max_length=6)
    """As in the dry run."""
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    """As in the dry run: another one is refused with `conflict`."""
    reason: Text = Field(min_length=1, max_length=400)
    """Why, in words."""


class DisposalWasAsked(Wire):
    """The list waits for a second person."""

    disposal: str
    number: str


class Disposal(Wire):
    """A disposal list, as it stands."""

    disposal: str
    seq: int
    number: str
    state: DisposalState
    on: str
    kinds: list[KindCount]
    centers: list[str]
    digest: str
    """SHA-256 of the list."""
    list_bytes: int
    meetings: int
    reason: str
    asked_by: Author
    asked_role: Role
    asked_at: str
    decided_by: Author | None
    decided_at: str | None
    decided_reason: str
    destroyed: int
    """Things that were destroyed, once it is completed."""
    freed: int
    """What their files took."""
    spared: int
    """Meetings that were spared after all."""
    completed_at: str | None
    can: list[str]
    """What one may do oneself: `approve`, `reject`, `take_back`."""


class DisposalPage(Wire):
    """Lists, the newest first; `next` is the `before` of the next page."""

    disposals: list[Disposal]
    next: int | None


class DisposalMeeting(Wire):
    """A meeting on a list."""

    meeting: str
    title: str
    center: str
    ended_at: str | None
    items: list[DisposedItem]
    spared: Spared | None
    """Why it was spared after all."""


class DisposalWhole(Wire):
    """A list with its meetings, a page; `next` is the `after` of the next one."""

    disposal: Disposal
    rows: list[DisposalMeeting]
    next: int | None
    far_left: int
    """Files that are still to go from the second copy before the list is over; 0 as long as it is not agreed to."""
    far_away: bool
    """Whether the second copy cannot be reached now."""


class Hold(Wire):
    """A hold that is not over."""

    hold: str
    meeting: str
    reason: str
    placed_by: Author
    placed_at: str
    lift_reason: str
    lift_by: Author | None
    """Who asked for its end; null: nobody."""
    lift_at: str | None


class HeldMeeting(Hold):
    """A hold, with its meeting."""

    title: str
    opened_at: str
    ended_at: str | None


class HoldList(Wire):
    """Every hold that is not over."""

    holds: list[HeldMeeting]


class DestroyedKind(Wire):
    """What of one kind was destroyed of a meeting, by which list, asked for and agreed to by whom."""

    kind: KeptKind
    number: str
    at: str
    items: int
    bytes: int
    asked_by: Author
    approved_by: Author


class FileFinding(Wire):
    """A file that is not what the journal tells, as it was found when it was last read again."""

    what: Literal["part", "object", "file"]
    """A recorded part, an object, or a file of which no entry tells."""
    finding: Literal["missing", "short", "changed", "orphan"]
    meeting: str | None
    name: str
    """Of a part: whose picture and sound."""
    started_at: str
    """Of a part: when it began; empty for others."""
    file: str
    """Where it stands in the folder of recordings; of an object its SHA-256."""
    looked_at: str


class DamagedFiles(Wire):
    """Files that are not what the journal tells, what was read last first."""

    findings: list[FileFinding]
    as_of: str


class CustodyAnswer(Wire):
    """What is to be known of a meeting's files: whether they are held, destroyed, damaged."""

    meeting: str
    hold: Hold | None
    destroyed: list[DestroyedKind]
    damaged: list[FileFinding]
    """What the slow scan found wrong."""
    can: list[str]
    """What one may do oneself: `hold`, `ask_lift`, `lift`, `keep`."""
