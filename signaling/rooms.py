"""Rooms: names under which sockets are gathered, so that news reach those who may read them and nobody else.

An account's way of reading what is addressed to centers, by the action that lets it read (`order.read`, `report.read`),
puts its sockets into *reader* rooms: `below:C` reads what concerns center C and all below, `self:C` what concerns C alone,
`all` everything.

A *desk* is a follower of a meeting whose role reads below its own center. Entries are told to desks alone: a station hears
the parts of the meeting, its own seat and documents, and nothing of what other stations do.

What is secret (`hub.directory.secrecy`) goes to the `cleared` part of a room alone; a meeting's own rooms hold nobody else
while it is secret. What it asks of a center is told to its other accounts in a room of their own (`uncleared_room`), where
nothing says from which meeting it comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from hub.conference.secrecy import is_cleared
from hub.directory.accounts import Account
from hub.directory.permissions import TABLE, Relation, may
from hub.directory.secrecy import NORMAL
from hub.directory.tree import CenterTree
from hub.dispatch.incident_state import incidents_of
from hub.entry import CLEARED, EVERYONE_IN_MEETING, Entry
from hub.gates import level_of
from hub.rules import ENTRIES
from hub.state import HubState, Meeting

_UNCLEARED: Final = "uncleared:"
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


def cleared(room: str) -> str:
    """Those in the room who are cleared."""
    return f"{room}:cleared"


def uncleared_room(center: str) -> str:
    """The sockets of a center's accounts that are not cleared, and read what is asked of it."""
    return f"{_UNCLEARED}{center}"


def is_uncleared(room: str) -> bool:
    """Whether what is told in this room must not say from which meeting it comes."""
    return room.startswith(_UNCLEARED)


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
    return [*rooms, *_parted_rooms(account, tree), *level_rooms(account, tree)]


def _parted_rooms(account: Account, tree: CenterTree) -> list[str]:
    """The rooms that have a cleared part."""
    called = [called_room(account.center)] if may(account, "meeting.join", tree, account.center) else []
    return [*called, *_reader_rooms(account)]


def level_rooms(account: Account, tree: CenterTree) -> list[str]:
    """Those of the standing rooms that go by whether the account is cleared."""
    if account.cleared:
        return [cleared(room) for room in _parted_rooms(account, tree)]
    reads = any(may(account, action, tree, account.center) for action in ("order.read", "incident.read"))
    return [uncleared_room(account.center)] if reads else []


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


def is_secret(entry: Entry, state: HubState) -> bool:
    """Whether only who is cleared may hear of the entry: it is of a secret meeting, or says so itself."""
    return CLEARED in entry.audience or level_of(state, entry.meeting) != NORMAL


def _own_accounts(entry: Entry, state: HubState) -> list[str]:
    """The rooms of the accounts that an entry is addressed to; what is secret not those that are not cleared."""
    accounts = [word.removeprefix(_ACCOUNT) for word in entry.audience if word.startswith(_ACCOUNT)]
    secret = is_secret(entry, state)
    return [account_room(each) for each in accounts if not secret or is_cleared(state, each)]


def entry_rooms(entry: Entry, tree: CenterTree, state: HubState) -> list[str]:
    """Where the entry itself goes: to the desks that may read it, of a meeting to those that follow it."""
    action, codes = reads_of(entry.kind), addressed_centers(entry)
    if entry.meeting is None:
        readers = above(action, codes, tree)
        if is_secret(entry, state):
            readers = [cleared(room) for room in readers]
        return [*readers, *_own_accounts(entry, state)]
    rooms = [f"{meeting_room(entry.meeting)}:{room}" for room in above(action, codes, tree)]
    if EVERYONE_IN_MEETING in entry.audience:
        rooms.append(desk_room(entry.meeting))
    return rooms


def document_rooms(entry: Entry, tree: CenterTree, state: HubState) -> list[str]:
    """Who is told that the entry changed a document: the desks of its meeting if all there may read it, and who reads what
    is addressed to its centers: followers of the meeting, or everybody where the rule says so. What is secret is told to the
    cleared, and what it asks of a center there."""
    rule, codes = ENTRIES[entry.kind], addressed_centers(entry)
    readers, accounts = (
        [*own(rule.reads, codes), *above(rule.reads, codes, tree)],
        _own_accounts(entry, state),
    )
    if entry.meeting is None or rule.everywhere:
        if is_secret(entry, state):
            readers = [*map(cleared, readers), *map(uncleared_room, asked_centers(entry, state))]
        rooms = [*readers, *accounts]
    else:
        rooms = [f"{meeting_room(entry.meeting)}:{room}" for room in (*readers, *accounts)]
    if entry.meeting is not None and EVERYONE_IN_MEETING in entry.audience:
        rooms.append(desk_room(entry.meeting))
    return rooms


def asked_centers(entry: Entry, state: HubState) -> list[str]:
    """Codes of the centers that the order or incident of a secret entry asks something of (`asked_of`)."""
    document = ENTRIES[entry.kind].document
    if document is None or document.what not in ("order", "incident"):
        return []
    codes: Sequence[str] = addressed_centers(entry)
    if document.what == "incident":
        incident = incidents_of(state).by_id.get(str(entry.data[document.id]))
        codes = incident.asked if incident is not None else ()
    return [code for code in dict.fromkeys(codes[1:]) if code != codes[0]]


def called_rooms(meeting: Meeting, state: HubState, centers: Iterable[str] = ()) -> list[str]:
    """The centers that a meeting calls (or these of them), and its convener, who may have a role that is not called itself."""
    named = list(centers)
    rooms = [called_room(code) for code in (named or meeting.centers)]
    if meeting.level != NORMAL:
        rooms = [cleared(room) for room in rooms]
    convener = meeting.convener.id
    if not named and (meeting.level == NORMAL or is_cleared(state, convener)):
        rooms.append(account_room(convener))
    return rooms
