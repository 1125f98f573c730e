"""Rooms: names under which sockets are gathered, so that an entry reaches those who may read it and nobody else.

An account's way of reading (permissions, action `order.read`) puts its sockets into one *reader* room:
`below:C` reads what concerns center C and all below, `self:C` what concerns C alone, `all` everything.
"""

from __future__ import annotations

from typing import Final

from hub.directory.accounts import Account
from hub.directory.permissions import TABLE, may
from hub.directory.tree import CenterTree
from hub.entry import EVERYONE_IN_MEETING, Entry
from hub.state import HubState

_CENTER: Final = "center:"
#: Kinds of entries that reach the centers a meeting calls, whether they follow it or not.
_CALLS: Final = frozenset({"meeting.opened", "meeting.ended"})


def account_room(account: str) -> str:
    """All sockets of one account."""
    return f"account:{account}"


#: Every socket.
EVERYBODY: Final = "everybody"
#: The sockets that see every center.
SEES_ALL: Final = "sight:all"


def sight_room(account: Account) -> str:
    """Who sees the same centers: those of one center (its subtree and the line above it), or SEES_ALL."""
    relations = TABLE["center.read"].get(account.role, frozenset())
    return SEES_ALL if "beside" in relations else sight_room_of(account.center)


def sight_room_of(center: str) -> str:
    """The sockets that see what this center sees."""
    return f"sight:{center}"


def meeting_room(meeting: str) -> str:
    """The followers of a meeting."""
    return f"meeting:{meeting}"


def reader_room(account: Account) -> str | None:
    """The room of this account's way of reading what is addressed to centers; None when it reads nothing."""
    relations = TABLE["order.read"].get(account.role, frozenset())
    if "beside" in relations:
        return "all"
    if "below" in relations:
        return f"below:{account.center}"
    if "self" in relations:
        return f"self:{account.center}"
    return None


def standing_rooms(account: Account, tree: CenterTree) -> list[str]:
    """The rooms of a socket from its connection on."""
    rooms = [EVERYBODY, account_room(account.id), sight_room(account)]
    if may(account, "meeting.join", tree, account.center):
        rooms.append(f"called:{account.center}")
    reader = reader_room(account)
    return [*rooms, reader] if reader is not None else rooms


def following_rooms(account: Account, meeting: str) -> list[str]:
    """The rooms of a socket while it follows a meeting that it may see."""
    reader = reader_room(account)
    room = meeting_room(meeting)
    return [room] if reader is None else [room, f"{room}:{reader}"]


def entry_rooms(entry: Entry, state: HubState, tree: CenterTree) -> list[str]:
    """Where an entry goes: the readers among its meeting's followers (of an entry without a meeting: all its
    readers), and, follower or not, the centers that it calls, targets or ends something for."""
    rooms: dict[str, None] = {}
    prefix = f"{meeting_room(entry.meeting)}:" if entry.meeting is not None else ""
    to_centers = False
    for word in entry.audience:
        if word == EVERYONE_IN_MEETING and entry.meeting is not None:
            rooms[meeting_room(entry.meeting)] = None
        elif word.startswith(_CENTER):
            to_centers = True
            code = word.removeprefix(_CENTER)
            rooms[f"{prefix}self:{code}"] = None
            for center in tree.path(code):
                rooms[f"{prefix}below:{center.code}"] = None
            if entry.kind.startswith("order."):
                rooms[f"self:{code}"] = None
                rooms[f"below:{code}"] = None
    if to_centers:
        rooms[f"{prefix}all"] = None
    if entry.kind in _CALLS and entry.meeting is not None:
        meeting = state.meetings.get(entry.meeting)
        if meeting is not None:
            rooms.update((f"called:{code}", None) for code in meeting.centers)
            # Whoever opened it may convene from a role that is not called itself.
            rooms[account_room(meeting.convener.id)] = None
    return list(rooms)
