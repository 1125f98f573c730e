"""Disposal lists on the wire and in the state: what is to be destroyed, what was, what was spared and why."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from hub.custody.retention import KeptKind
from hub.fields import ObjectId, Text
from hub.objects.reference import Digest, NamedObject
from hub.parts import Part, Row
from hub.ruling import CommandData
from hub.shapes import Author, Role, Wire

MAX_REASON: Final = 400

#: Why a meeting of an approved list was spared after all: it is held; it runs; a job works on it; the present policy keeps it;
#: no second copy is proven; it is not what the list says any more.
Spared = TypeAliasType("Spared", Literal["held", "running", "open_job", "policy", "no_copy", "changed"])


class DisposedFile(CommandData):
    """A file that goes."""

    name: str = Field(max_length=400)
    """What it is called: within the recordings, of a job, or the digest of an object."""
    bytes: int = Field(ge=0)
    """Its size."""
    sha256: Digest | None
    """Of the whole file; null: a recorded file that was never closed, of which no entry tells a digest or a size."""


class DisposedItem(CommandData):
    """One thing that goes, with all its files."""

    kind: KeptKind
    """What it is."""
    id: str = Field(max_length=80)
    """Of a recorded file and what was heard in it RECORDING/PART, of a film or clip its job, of minutes `minutes`."""
    files: list[DisposedFile] = Field(default_factory=list, max_length=1000)
    """Its files; none of what stands in the database alone."""


class KindCount(CommandData):
    """How much of one kind."""

    kind: KeptKind
    """Which."""
    items: int = Field(ge=0)
    """How many things."""
    bytes: int = Field(ge=0)
    """What their files take."""


class NoteDisposalAsked(CommandData):
    """Note that somebody asks for a list to be destroyed, as the hub made it for him."""

    by: Author
    """Who asks."""
    role: Role
    """His role: who approves has another one."""
    on: str = Field(max_length=40)
    """As of when it was made."""
    kinds: list[KindCount] = Field(min_length=1, max_length=6)
    """What is on it."""
    content: NamedObject
    """The whole list."""
    centers: list[str] = Field(min_length=1, max_length=4096)
    """The conveners' centers of all its meetings."""
    meetings: int = Field(ge=1)
    """How many meetings are on it."""
    classified: bool = False
    """Whether a secret one is among them: then the list is for the cleared."""
    reason: Text = Field(min_length=1, max_length=MAX_REASON)
    """In the words of who asks."""


class DisposalApprove(CommandData):
    """Agree to a list, as another person with another role: what is on it is destroyed at once."""

    disposal: ObjectId
    """Which."""
    digest: Digest
    """SHA-256 of the list that one has seen."""


class DisposalReject(CommandData):
    """Do not destroy it: refuse what another asked, or take back what one asked oneself."""

    disposal: ObjectId
    """Which."""
    reason: Text = Field(default="", max_length=MAX_REASON)
    """Why, in words."""


class NoteDestroyed(CommandData):
    """Note that a meeting's things of an approved list go now, unless something keeps them."""

    disposal: ObjectId
    """Which list."""
    items: list[DisposedItem] = Field(max_length=20_000)
    """What goes."""
    keep: Spared | None = None
    """Why nothing goes, where the hub has found a reason."""


class NoteDisposalCompleted(CommandData):
    """Note that all files of a list are gone."""

    disposal: ObjectId
    """Which."""


class OfDisposal(Wire):
    """Base of entries about a disposal list."""

    disposal: str
    number: str
    """As it is called: the year and a number counted in it."""


class DisposalAsked(OfDisposal):
    """Somebody asks for a list to be destroyed; nothing goes until another person agrees."""

    by: Author
    role: Role
    on: str
    kinds: list[KindCount]
    content: NamedObject
    centers: list[str]
    meetings: int
    classified: bool = False
    """Whether a secret one is among them."""
    reason: str


class DisposalApproved(OfDisposal):
    """A second person agreed to a list: what is on it is being destroyed."""

    by: Author
    role: Role
    asked_by: Author


class DisposalRejected(OfDisposal):
    """A list is not destroyed: it was refused, or taken back by who asked."""

    by: Author
    outcome: Literal["rejected", "taken_back"]
    reason: str


class DisposalDestroyed(OfDisposal):
    """Things that a meeting left were destroyed by this list; it may take several of these to tell all."""

    items: list[DisposedItem]
    asked_by: Author
    approved_by: Author


class DisposalSpared(OfDisposal):
    """A meeting of the list was spared after all."""

    reason: Spared


class DisposalCompleted(OfDisposal):
    """All that the list names is gone, but for the meetings that were spared."""

    meetings: int
    """Of which something was destroyed."""
    spared: int
    items: int
    bytes: int


class Listed(Row):
    """A disposal list that is not over."""

    number: str
    by: Author
    role: Role
    digest: str
    """SHA-256 of the list."""
    centers: list[str]
    classified: bool = False
    """Whether a secret meeting was among those on it: then it is for the cleared."""
    approved_by: Author | None = None
    done: dict[str, bool] = Field(default_factory=dict)
    """Meetings that are dealt with: whether things of them were destroyed (or it was spared)."""
    items: int = 0
    bytes: int = 0


class Disposals(Part):
    """The lists that are not over, by id; how many there were in each year."""

    open: dict[str, Listed] = Field(default_factory=dict)
    counted: dict[str, int] = Field(default_factory=dict)
    """By year."""
