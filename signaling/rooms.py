"""Rooms: names under which sockets are gathered, so that news reach those who may read them and nobody else.

An account's way of reading what is addressed to centers, by the action that lets it read (`order.read`, `report.read`),
puts its sockets into *reader* rooms: `below:C` reads what concerns center C and all below, `self:C` what concerns C alone,
`all` everything.

A *desk* is a follower of a meeting whose role reads below its own center. Entries are told to desks alone: a station hears
the parts of the meeting, its own seat and documents, and nothing of what other stations do.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from hub.directory.accounts import Account
from hub.directory.permissions import TABLE, Relation, may
from hub.directory.tree import CenterTree
from hub.entry import EVERYONE_IN_MEETING, Entry
from hub.rules import ENTRIES
from hub.state import Meeting

_CENTER: Final = "center:"
_ACCOUNT: Final = "account:"
#: The actions by which entries are read.
READS: Final = tuple(dict.fromkeys(rule.reads for rule in ENTRIES.values()))
#: How entries of kinds that this version does not know are read.
_UNKNOWN_READS: Final = "order.read"


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


def called_room(center: str) -> str:
    """The sockets of a center's accounts that a call concerns."""
    return f"called:{center}"


def meeting_room(meeting: str) -> str:
    """The followers of a meeting."""
    return f"meeting:{meeting}"


def desk_room(meeting: str) -> str:
    """The desks among the followers of a meeting."""
    return f"meeting:{meeting}:desk"


def is_desk(account: Account) -> bool:
    """Whether the account's role reads meetings below its own center."""
    relations = TABLE["meeting.read"].get(account.role, frozenset[Relation]())
    return "below" in relations or "beside" in relations


def reader_room(account: Account, action: str) -> str | None:
    """The room of this account's way of reading by this action; None when it reads nothing so."""
    relations = TABLE[action].get(account.role, frozenset[Relation]())
    if "beside" in relations:
        return f"{action}:all"
    if "below" in relations:
        return f"{action}:below:{account.center}"
    if "self" in relations:
        return f"{action}:self:{account.center}"
    return None


def _reader_rooms(account: Account) -> list[str]:
    return [room for action in READS if (room := reader_room(account, action)) is not None]


def standing_rooms(account: Account, tree: CenterTree) -> list[str]:
    """The rooms of a socket from its connection on."""
    rooms = [EVERYBODY, account_room(account.id), sight_room(account)]
    if may(account, "meeting.join", tree, account.center):
        rooms.append(called_room(account.center))
    return [*rooms, *_reader_rooms(account)]


def floor_room(meeting: str) -> str:
    """The followers of a meeting that are no desks."""
    return f"meeting:{meeting}:floor"


def own_room(account: str, meeting: str) -> str:
    """The followers of a meeting who are this account and no desk: told of themselves alone."""
    return f"{meeting_room(meeting)}:{account_room(account)}"


def following_rooms(account: Account, meeting: str) -> list[str]:
    """The rooms of a socket while it follows a meeting that it may see."""
    room = meeting_room(meeting)
    rooms = [room, *(f"{room}:{reader}" for reader in _reader_rooms(account))]
    if is_desk(account):
        return [*rooms, desk_room(meeting)]
    return [*rooms, floor_room(meeting), own_room(account.id, meeting)]


def reads_of(kind: str) -> str:
    """The action by which entries of this kind are read."""
    rule = ENTRIES.get(kind)
    return rule.reads if rule is not None else _UNKNOWN_READS


def above(action: str, codes: Iterable[str], tree: CenterTree) -> list[str]:
    """The reader rooms of centers that read, by this action, what concerns any of these or all that is below them."""
    rooms: dict[str, None] = {}
    for code in codes:
        rooms.update((f"{action}:below:{center.code}", None) for center in tree.path(code))
    if rooms:
        rooms[f"{action}:all"] = None
    return list(rooms)


def own(action: str, codes: Iterable[str]) -> list[str]:
    """The reader rooms of those who read, by this action, what concerns these centers and nothing else."""
    return [f"{action}:self:{code}" for code in codes]


def addressed_centers(entry: Entry) -> list[str]:
    """Codes of the centers that an entry is addressed to."""
    return [word.removeprefix(_CENTER) for word in entry.audience if word.startswith(_CENTER)]


def _own_accounts(entry: Entry) -> list[str]:
    """The rooms of the accounts that an entry is addressed to."""
    return [account_room(word.removeprefix(_ACCOUNT)) for word in entry.audience if word.startswith(_ACCOUNT)]


def entry_rooms(entry: Entry, tree: CenterTree) -> list[str]:
    """Where the entry itself goes: to the desks that may read it, of a meeting to those that follow it."""
    action, codes = reads_of(entry.kind), addressed_centers(entry)
    if entry.meeting is None:
        return [*above(action, codes, tree), *_own_accounts(entry)]
    rooms = [f"{meeting_room(entry.meeting)}:{room}" for room in above(action, codes, tree)]
    if EVERYONE_IN_MEETING in entry.audience:
        rooms.append(desk_room(entry.meeting))
    return rooms


def document_rooms(entry: Entry, tree: CenterTree) -> list[str]:
    """Who is told that the entry changed a document: the desks of its meeting if all there may read it, and who reads what
    is addressed to its centers: followers of the meeting, or everybody where the rule says so."""
    rule, codes = ENTRIES[entry.kind], addressed_centers(entry)
    rooms = [*own(rule.reads, codes), *above(rule.reads, codes, tree), *_own_accounts(entry)]
    if entry.meeting is not None:
        if not rule.everywhere:
            rooms = [f"{meeting_room(entry.meeting)}:{room}" for room in rooms]
        if EVERYONE_IN_MEETING in entry.audience:
            rooms.append(desk_room(entry.meeting))
    return rooms


def called_rooms(meeting: Meeting) -> list[str]:
    """The centers that a meeting calls, and its convener, who may have a role that is not called itself."""
    return [*map(called_room, meeting.centers), account_room(meeting.convener.id)]
