"""Entries: what stands in the journal, by kind. Commands have their models beside their rules."""

from __future__ import annotations

from typing import Any, Final, Literal

from typing_extensions import TypeAliasType

from signaling.schemas.base import Wire
from signaling.schemas.values import Author, MeetingKind, ParticipantRef, Priority, Situation, Track

RefusalCode = TypeAliasType(
    "RefusalCode",
    Literal[
        "invalid",
        "malformed",
        "unauthenticated",
        "forbidden",
        "not_found",
        "method_not_allowed",
        "not_acceptable",
        "conflict",
        "id_reused",
        "meeting_ended",
        "not_joined",
        "already_done",
        "wrong_state",
        "removed",
        "precondition_failed",
        "too_large",
        "unsupported_media",
        "range_not_satisfiable",
        "unprocessable",
        "too_many",
        "unavailable",
        "internal",
    ],
)


class Refused(Wire):
    """Why something was not done; `code` is the contract, `message` is for people."""

    code: RefusalCode
    message: str
    field: str = ""
    """The field that is wrong, where there is one."""


class RefusalBody(Wire):
    """The body of every refusal."""

    error: Refused


class Nothing(Wire):
    """The data of an entry that says all by its kind."""


class MeetingOpened(Wire):
    """A meeting was opened."""

    title: str
    kind: MeetingKind
    centers: list[str]
    record: bool
    chair: ParticipantRef


class MeetingJoined(Wire):
    """Somebody joined."""

    participant: ParticipantRef


class OfParticipant(Wire):
    """It happened to this participant."""

    participant: str


class ParticipantRemoved(Wire):
    """Somebody was removed."""

    participant: str
    reason: str


class Broadcast(Wire):
    """Who is on the stage from now on."""

    participant: str | None


class ReportFiled(Wire):
    """A center reported."""

    report: str
    situation: Situation
    text: str
    center: str
    name: str


class NamedCenter(Wire):
    """A center by code and name."""

    center: str
    name: str


class OrderIssued(Wire):
    """An order was issued."""

    order: str
    text: str
    priority: Priority
    due: str | None
    targets: list[NamedCenter]
    issuer: Author


class OrderSigned(Wire):
    """A center signed for an order."""

    order: str
    center: str
    name: str
    account_name: str


class OrderProgressed(Wire):
    """A center told how far it is."""

    order: str
    center: str
    name: str
    account_name: str
    text: str
    percent: int | None


class OrderCompleted(Wire):
    """A center carried out an order."""

    order: str
    center: str
    name: str
    account_name: str
    text: str


class DecisionRecorded(Wire):
    """A decision was recorded."""

    decision: str
    text: str
    by: Author


class NoteAdded(Wire):
    """A remark was added."""

    note: str
    text: str
    at: str | None
    """The moment meant, where it is another than that of the entry."""
    by: Author


class OfRecording(Wire):
    """It happened to this recording."""

    recording: str


class PartOpened(Wire):
    """The recorder began a part."""

    recording: str
    part: str
    participant: str
    center: str
    name: str
    file: str
    tracks: list[Track]
    started_at: str


class PartClosed(Wire):
    """The recorder closed a part."""

    recording: str
    part: str
    duration_ms: int
    bytes: int
    sha256: str


#: kind of entry -> model of its data
ENTRY_DATA: Final[dict[str, type[Wire]]] = {
    "meeting.opened": MeetingOpened,
    "meeting.joined": MeetingJoined,
    "meeting.left": OfParticipant,
    "meeting.ended": Nothing,
    "participant.muted": OfParticipant,
    "participant.unmuted": OfParticipant,
    "participant.removed": ParticipantRemoved,
    "stage.broadcast": Broadcast,
    "report.filed": ReportFiled,
    "order.issued": OrderIssued,
    "order.signed": OrderSigned,
    "order.progressed": OrderProgressed,
    "order.completed": OrderCompleted,
    "decision.recorded": DecisionRecorded,
    "note.added": NoteAdded,
    "recording.started": OfRecording,
    "recording.stopped": OfRecording,
    "recording.part_opened": PartOpened,
    "recording.part_closed": PartClosed,
}


class Actor(Wire):
    """Who did it; account `system` with an empty center for the hub itself."""

    account: str
    center: str


class Entry(Wire):
    """A fact of the journal. `seq` counts over the whole hub: what one client sees of it has gaps."""

    seq: int
    at: str
    actor: Actor
    kind: str
    meeting: str | None
    audience: list[str]
    data: dict[str, Any]
    alg: str
    prev: str
    hash: str


class Answer(Wire):
    """What a command is answered with when it was carried out."""

    seq: int
    entries: list[Entry]
