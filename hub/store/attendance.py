"""From an entry to the rows of `participants` and `stays`: who joined, left, was removed, was muted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from hub.clock import to_wire
from hub.entry import Entry
from hub.store import tables
from hub.store.bulk import Change, insert_sql

Project = Callable[[Entry], Iterator[Change]]

_JOIN: Final = (
    insert_sql(tables.participants)
    + " ON CONFLICT (meeting, account) DO UPDATE SET state = 'joined', left_at = NULL"
)
_LEAVE: Final = (
    "UPDATE participants SET state = :state, left_at = :at WHERE meeting = :meeting AND account = :account"
)
# New rows are there before any statement runs: what ends are those that began before.
_END_STAY: Final = (
    "UPDATE stays SET left_at = :at WHERE meeting = :meeting AND account = :account"
    " AND left_at IS NULL AND seq < :seq"
)
_MUTE: Final = "UPDATE participants SET muted = :muted WHERE meeting = :meeting AND account = :account"
_SIGN_IN: Final = (
    "UPDATE participants SET present = :present, duty = :duty WHERE meeting = :meeting AND account = :account"
)
# An id is the same in each place of its text, so that LIKE finds it and nothing else.
_MUTE_ALL: Final = (
    "UPDATE participants SET muted = :muted WHERE meeting = :meeting AND state = 'joined'"
    " AND :but NOT LIKE (:before || account || :after)"
)
_UNMUTE_ALL: Final = "UPDATE participants SET muted = :muted WHERE meeting = :meeting"


def _meeting_joined(entry: Entry) -> Iterator[Change]:
    who = entry.data["participant"]
    yield (
        _JOIN,
        {
            "meeting": entry.meeting,
            "account": who["id"],
            "seq": entry.seq,
            "name": who["name"],
            "role": who["role"],
            "center": who["center"],
            "center_name": who["center_name"],
            "level": who["level"],
            "state": "joined",
            "muted": False,
            "joined_at": to_wire(entry.at),
            "left_at": None,
            "present": "",
            "duty": "",
        },
    )
    at = to_wire(entry.at)
    # who is let in anew without having left begins anew
    yield _END_STAY, {"at": at, "meeting": entry.meeting, "account": who["id"], "seq": entry.seq}
    yield (
        tables.stays,
        {
            "meeting": entry.meeting,
            "account": who["id"],
            "seq": entry.seq,
            "center": who["center"],
            "joined_at": at,
            "left_at": None,
        },
    )


def _departure(state: str) -> Project:
    def leave(entry: Entry) -> Iterator[Change]:
        who = entry.data["participant"]
        at = to_wire(entry.at)
        yield _LEAVE, {"state": state, "at": at, "meeting": entry.meeting, "account": who}
        yield _END_STAY, {"at": at, "meeting": entry.meeting, "account": who, "seq": entry.seq}

    return leave


def _muting(muted: bool) -> Project:
    def mute(entry: Entry) -> Iterator[Change]:
        yield _MUTE, {"muted": muted, "meeting": entry.meeting, "account": entry.data["participant"]}

    return mute


def _all_muted(entry: Entry) -> Iterator[Change]:
    but = "".join(f",{who}" for who in entry.data["but"]) + ","
    yield (
        _MUTE_ALL,
        {"muted": True, "meeting": entry.meeting, "but": but, "before": "%,", "after": ",%"},
    )


def _all_unmuted(entry: Entry) -> Iterator[Change]:
    yield _UNMUTE_ALL, {"muted": False, "meeting": entry.meeting}


def _signed_in(entry: Entry) -> Iterator[Change]:
    data = entry.data
    yield (
        _SIGN_IN,
        {
            "present": data["name"],
            "duty": data["duty"],
            "meeting": entry.meeting,
            "account": data["participant"],
        },
    )


#: Which function projects which kind of entry.
KINDS: Final[dict[str, Project]] = {
    "meeting.joined": _meeting_joined,
    "meeting.left": _departure("left"),
    "meeting.signed_in": _signed_in,
    "participant.muted": _muting(True),
    "participant.unmuted": _muting(False),
    "participant.all_muted": _all_muted,
    "participant.all_unmuted": _all_unmuted,
    "participant.removed": _departure("removed"),
}
