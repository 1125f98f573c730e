"""What entries say of who had the word, from when until when."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from hub.clock import to_wire
from hub.entry import Entry
from hub.store import tables
from hub.store.bulk import Change

Project = Callable[[Entry], Iterator[Change]]

# New rows are written before statements are run: what ends must not reach what began with the same entry.
_ENDS: Final = "UPDATE spans SET to_at = :at WHERE meeting = :meeting AND to_at IS NULL AND seq < :seq"
_END_OF_WHY: Final = f"{_ENDS} AND why = :why"
_END_OF_ACCOUNT: Final = f"{_ENDS} AND why = :why AND account = :account"
_END_OF_TURN: Final = f"{_END_OF_WHY} AND center = :center"
_END_OF_PERSON: Final = f"{_ENDS} AND account = :account"


def _begins(entry: Entry, why: str, account: str | None, center: str | None = None) -> Change:
    return tables.spans, {
        "seq": entry.seq,
        "meeting": entry.meeting,
        "why": why,
        "account": account,
        "center": center,
        "from_at": to_wire(entry.at),
        "to_at": None,
    }


def _at(entry: Entry, **more: str) -> dict[str, object]:
    return {"at": to_wire(entry.at), "meeting": entry.meeting, "seq": entry.seq, **more}


def _of(why: str) -> Project:
    def begin(entry: Entry) -> Iterator[Change]:
        yield _begins(entry, why, entry.data["participant"])

    return begin


def _end(why: str) -> Project:
    def end(entry: Entry) -> Iterator[Change]:
        yield _END_OF_ACCOUNT, _at(entry, why=why, account=entry.data["participant"])

    return end


def _broadcast(entry: Entry) -> Iterator[Change]:
    who = entry.data["participant"]
    if who is not None:
        yield _begins(entry, "broadcast", who)
    yield _END_OF_WHY, _at(entry, why="broadcast")


def _called(entry: Entry) -> Iterator[Change]:
    yield _begins(entry, "roll_call", None, entry.data["center"])
    yield from _turn_over(entry)


def _answered(entry: Entry) -> Iterator[Change]:
    # One who answers late ends nobody else's turn.
    yield _END_OF_TURN, _at(entry, why="roll_call", center=entry.data["center"])


def _turn_over(entry: Entry) -> Iterator[Change]:
    yield _END_OF_WHY, _at(entry, why="roll_call")


def _gone(entry: Entry) -> Iterator[Change]:
    yield _END_OF_PERSON, _at(entry, account=entry.data["participant"])


def _over(entry: Entry) -> Iterator[Change]:
    yield _ENDS, _at(entry)


#: Which function projects which kind of entry, besides what the entry's own file makes of it.
KINDS: Final[dict[str, Project]] = {
    "floor.granted": _of("floor"),
    "floor.released": _end("floor"),
    "floor.revoked": _end("floor"),
    "talk.begun": _of("talk"),
    "talk.ended": _end("talk"),
    "talk.cut_off": _end("talk"),
    "stage.broadcast": _broadcast,
    "roll_call.called": _called,
    "roll_call.answered": _answered,
    "roll_call.unanswered": _answered,
    "roll_call.skipped": _answered,
    "roll_call.paused": _turn_over,
    "roll_call.finished": _turn_over,
    "meeting.left": _gone,
    "participant.removed": _gone,
    "meeting.ended": _over,
}


def spans(entry: Entry) -> Iterator[Change]:
    """The rows of who has the word that an entry begins or ends."""
    function = KINDS.get(entry.kind)
    if function is not None and entry.meeting is not None:
        yield from function(entry)
