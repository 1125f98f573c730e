"""Rights: the one table of role × action × relation, and the questions asked of it.

A right depends on the role, on the action, and on how the center the action is about stands to one's own:
`self`, `below` (in one's subtree), `above` (an ancestor) or `beside` (anything else). About a grid, or what stands in one, it
may depend on whether it is one of one's own besides: `grid` (`may_grid`).

| action | which center is asked about |
|---|---|
| `center.read` | the center to be seen in the tree |
| `meeting.open` | each center called |
| `meeting.join` | the called center one belongs to |
| `meeting.control` | the convener's center: mute, unmute, remove, broadcast, lock, pause, extend; joining uncalled |
| `meeting.end` | the convener's center: end the meeting for all |
| `chair.hold` | one's own center: ask for the chair and be given it, stand by as its backup, be a co-chair |
| `chair.take` | the center of who has the chair: take it from him; the meeting is one's to control besides |
| `control.export` | the convener's center: take the record of what was controlled out as a file |
| `sound.listen` | the center of whom one listens in to |
| `sound.insert` | each center in a word apart that one comes into, or ends, by force |
| `group.keep` | the center whose groups of centers are seen and changed; also one's own, to keep any |
| `layout.keep` | the center whose layouts are seen, used and changed |
| `wall.keep` | the center whose walls of cameras are seen, used and changed; also one's own, to keep any |
| `plan.keep` | the center whose plans are seen, changed and started |
| `answering.change` | the center that answers by itself, or does not |
| `meeting.minute` | the chair's center: record a decision, start and stop the recording |
| `meeting.read` | the chair's center: the meeting, live and in the archive (who is called sees it anyway) |
| `recording.make` | the chair's center: have a film, a clip or a file made of what was recorded, or not made |
| `minutes.write` | the convener's center: write minutes, submit them, take them back |
| `minutes.approve` | the convener's center: approve minutes and return them, as does who led the meeting last |
| `minutes.read` | the convener's center: minutes that are not approved; approved ones are read with the meeting |
| `evidence.take` | the chair's center: its record as a bundle that proves it, and a check of it |
| `hold.manage` | the convener's center: hold all that a meeting left, ask for the end of a hold and agree to it |
| `disposal.ask` | the convener's center: have what its meetings left put on a list to be destroyed |
| `disposal.approve` | each convener's center of a list: agree to its being destroyed, or refuse it |
| `secrecy.raise` | the convener's center: make its meeting a secret one, running or over; one has to be cleared |
| `secrecy.lower` | the convener's center: make a secret meeting a normal one; one has to be cleared |
| `note.add` | the chair's center |
| `report.file` | the center reported about |
| `report.read` | the center that reported |
| `task.give` | each center asked to report by a moment, or urged to; who ends one: the center that gave it |
| `task.read` | the center that gave it, and each that is asked |
| `alarm.acknowledge` | the center that has to answer the alarm first: to say that one has seen it |
| `alarm.read` | the center that the alarm is about |
| `order.issue` | each target |
| `order.carry_out` | the target that signs, reports progress and completes |
| `order.follow` | the issuer's center: accept and return what was done, urge, supervise, give more time |
| `order.change` | the issuer's center: withdraw and correct |
| `order.keep` | the center whose numbers of orders, and what its orders begin from, are changed |
| `order.read` | the issuer's center and each target; one that may be read is enough |
| `clearing.issue` | the center that brought a list, and each one that is to check rows of it; also taking it back |
| `clearing.carry_out` | the center whose rows are checked, or one's own grid, if they are given to it: read in full, report |
| `clearing.share` | the center whose rows they are: have them matched with its grids, give them to those, take them back |
| `clearing.read` | the center that brought the list, or the one whose rows they are: numbers, and rows, masked |
| `clearing.unmask` | the center whose row it is: read its personal values; told by an entry |
| `incident.register` | the center that takes in an incident or appeal |
| `incident.manage` | the responsible center, who asked it, who took it in; each center it is routed to |
| `incident.handle` | the responsible center: say that it has it, what it does, that it is done |
| `incident.read` | each center that it has concerned; one that may be read is enough |
| `statistics.read` | the center whose statistics they are, with all below it |
| `duty.keep` | the center whose roster of duty is put |
| `duty.take` | one's own center: take over and hand over its duty |
| `duty.read` | the center whose duty it is: roster, who has it, notes, the log of a day |
| `duty.know` | each center above one's own: the name of who has its duty now, and nothing more of it |
| `patrol.keep` | the center whose people walk a route: made, changed, withdrawn, walked now |
| `patrol.walk` | one's own center: walk its rounds, and have one walked now |
| `patrol.read` | the center whose people walk: routes, rounds, what was found |
| `check.start` | each center whose devices and line are looked at, and the one whose check is called off |
| `check.report` | the center that answers |
| `check.read` | the center that started it |
| `booking.make` | each center called; who changes and cancels one: the center that booked; templates of that center |
| `booking.approve` | the center that booked; also whether its bookings need approval |
| `booking.read` | the center that booked, and each center called |
| `camera.read` | the camera's center, or one that it is shared with: what the directory says of it |
| `camera.watch` | the same: its picture, its sound where it has one, who watches it |
| `camera.move` | the camera's center: turn it |
| `camera.keep` | the camera's center: its name, tags, place, and with whom it is shared |
| `camera.manage` | the camera's center: add, change and remove it, its addresses and passwords; bring lists of cameras |
| `account.read` | the account's center: the account, and what was done to it |
| `account.manage` | the account's center: make, rename, move, delete |
| `account.guard` | the account's center: role, disabling, end of sessions; all of administrators' accounts |
| `center.manage` | the center above each one that is made, changed or taken away |
| `audit.read` | the account's center: sign-ins, failures, the ends of sessions |
| `audit.verify` | each center at the top: hold the journal against its seals |
| `audit.read_own` | one's own center: what one did oneself |
| `house.read` | each center at the top: how the hub fares, its storage, its backups |
| `house.manage` | each center at the top: make and verify backups |
| `retention.set` | each center at the top: how long recordings, films, minutes and speech are kept |
| `policy.manage` | every root of the directory: what is demanded of passwords, sign-ins, sessions |
| `policy.read` | one's own center: all policies; what concerns oneself everybody reads |
| `device.issue` | the member's center: show a code by which a phone is bound to him |
| `device.withdraw` | the member's center: end the sign-in of a phone, and have it wiped |
| `device.read` | the member's center: which phones there are |
| `right.approve` | the account's center, as it is and as it is to be: agree to a right that another proposed |
| `phone.call` | the grid member's center: call his phone into a meeting that one leads |
| `grid.read` | the grid's village, or one's own grid: who answers for it and who walks it |
| `grid.keep` | the grid's village: make, change, assign, hand over, split and join grids |
| `grid.manage` | the same for who looks after the house, and bringing lists of grids |
| `sweep.open` | the center whose area is swept: opened, closed |
| `sweep.read` | the center that opened a sweep, or the village or own grid whose rows they are |
| `visit.record` | the own grid of the household; the village, where it is its turn |
| `errand.take` | the own grid of the household, or its village: write an errand down, do it, hand it on, rate it |
| `errand.read` | the village, or the own grid: what households asked for in numbers and kinds |
| `gridtask.do` | the own grid: receive an order that the village passed on, and say what came of it |
| `gridtask.read` | the village, or the own grid: orders in grids and what came of them |
| `visit.settle` | the own grid, of who answers for it, and the village: which of several visits holds |
| `registry.read` | the grid's village, or one's own grid: who lives where, what is personal covered |
| `registry.see` | one's own grid: the same uncovered |
| `registry.unmask` | the grid's village: uncovered, one by one, each look an entry |
| `registry.keep` | one's own grid, or the grid's village: register, change, merge, move |
| `registry.settle` | the same for who answers for the grid: which of two changes holds |
| `registry.bring` | the grid's village: bring lists of buildings, households and persons, and take them back |
| `view.keep` | the center whose views are kept and changed; those that are shared with one's own are used besides |

Administrators convene nothing. The audit administrator reads everything, and writes nothing but holds and his word on what is
to be destroyed; the system and security administrators work on accounts and settings, not on meetings.
What one cannot see is answered as what does not exist (`not_found`); what one sees and may not do, as
`forbidden`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Literal

from hub.directory.accounts import (
    AUDIT_ADMIN,
    CLERK,
    DISPATCHER,
    GRID_LEADER,
    GRID_MEMBER,
    LEADER,
    ROLES,
    SECURITY_ADMIN,
    STATION,
    SYSTEM_ADMIN,
    Account,
)
from hub.directory.secrecy import NORMAL, may_see_level
from hub.directory.tree import CenterTree
from hub.entry import CLEARED, EVERYONE_IN_MEETING, account_audience

__all__ = [
    "ACTIONS",
    "RELATIONS",
    "ROLES",
    "TABLE",
    "Relation",
    "asked_of",
    "may",
    "may_grid",
    "may_whole",
    "reads_entry",
    "relation",
    "rights",
    "sees_meeting",
]

Relation = Literal["self", "below", "above", "beside", "grid"]
#: How a center stands to another; `grid` is no relation of centers.
RELATIONS: Final[tuple[Relation, ...]] = ("self", "below", "above", "beside")

_OWN: Final[frozenset[Relation]] = frozenset({"self"})
_BELOW: Final[frozenset[Relation]] = frozenset({"below"})
_SUBTREE: Final[frozenset[Relation]] = frozenset({"self", "below"})
_ABOVE: Final[frozenset[Relation]] = frozenset({"above"})
_LINE: Final[frozenset[Relation]] = frozenset({"self", "below", "above"})
_ALL: Final[frozenset[Relation]] = frozenset(RELATIONS)
_GRID: Final[frozenset[Relation]] = frozenset({"grid"})

#: action -> role -> relations in which it is allowed. What is not listed is not allowed.
TABLE: Final[dict[str, dict[str, frozenset[Relation]]]] = {
    "center.read": {
        LEADER: _LINE,
        DISPATCHER: _LINE,
        STATION: _LINE,
        CLERK: _LINE,
        SYSTEM_ADMIN: _LINE,
        SECURITY_ADMIN: _LINE,
        AUDIT_ADMIN: _ALL,
        GRID_LEADER: _LINE,
        GRID_MEMBER: _LINE,
    },
    "meeting.open": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE},
    "meeting.join": {LEADER: _OWN, DISPATCHER: _OWN, STATION: _OWN, CLERK: _OWN},
    "meeting.control": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE},
    "meeting.end": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE},
    "chair.hold": {LEADER: _OWN, DISPATCHER: _OWN},
    # A dispatcher takes it from nobody of his own center: there he asks.
    "chair.take": {LEADER: _SUBTREE, DISPATCHER: _BELOW},
    "control.export": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE, CLERK: _SUBTREE},
    "sound.listen": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE},
    "sound.insert": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE},
    "group.keep": {LEADER: _OWN, DISPATCHER: _OWN},
    "layout.keep": {LEADER: _OWN, DISPATCHER: _OWN},
    "wall.keep": {LEADER: _OWN, DISPATCHER: _OWN},
    "plan.keep": {LEADER: _OWN, DISPATCHER: _OWN},
    "answering.change": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE, STATION: _OWN},
    "meeting.minute": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE, CLERK: _OWN},
    "meeting.read": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE, CLERK: _SUBTREE, AUDIT_ADMIN: _ALL},
    "recording.make": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE, CLERK: _SUBTREE},
    "minutes.write": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE, CLERK: _OWN},
    "minutes.approve": {LEADER: _SUBTREE},
    "minutes.read": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE, CLERK: _SUBTREE, AUDIT_ADMIN: _ALL},
    "evidence.take": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE, CLERK: _SUBTREE},
    "hold.manage": {CLERK: _SUBTREE, AUDIT_ADMIN: _ALL},
    "disposal.ask": {CLERK: _SUBTREE},
    "disposal.approve": {LEADER: _SUBTREE, AUDIT_ADMIN: _ALL},
    "secrecy.raise": {LEADER: _SUBTREE, DISPATCHER: _OWN, CLERK: _OWN},
    "secrecy.lower": {LEADER: _SUBTREE},
    # "above": a county's clerk in a meeting the city chairs; he sees it only if his center is called.
    "note.add": {LEADER: _LINE, DISPATCHER: _LINE, CLERK: _LINE},
    "report.file": {LEADER: _OWN, DISPATCHER: _OWN, STATION: _OWN},
    "report.read": {
        LEADER: _SUBTREE,
        DISPATCHER: _SUBTREE,
        STATION: _OWN,
        CLERK: _SUBTREE,
        AUDIT_ADMIN: _ALL,
    },
    "task.give": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE},
    "task.read": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE, STATION: _OWN, CLERK: _SUBTREE, AUDIT_ADMIN: _ALL},
    "alarm.acknowledge": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE},
    "alarm.read": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE, STATION: _OWN, CLERK: _SUBTREE, AUDIT_ADMIN: _ALL},
    "order.issue": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE},
    "order.carry_out": {LEADER: _OWN, DISPATCHER: _OWN, STATION: _OWN},
    "order.follow": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE},
    "order.change": {LEADER: _OWN, DISPATCHER: _OWN},
    "order.keep": {LEADER: _OWN, DISPATCHER: _OWN},
    "order.read": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE, STATION: _OWN, CLERK: _SUBTREE, AUDIT_ADMIN: _ALL},
    "clearing.issue": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE},
    "clearing.carry_out": {
        LEADER: _OWN,
        DISPATCHER: _OWN,
        STATION: _OWN,
        GRID_LEADER: _GRID,
        GRID_MEMBER: _GRID,
    },
    "clearing.share": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE, STATION: _OWN},
    "clearing.read": {
        LEADER: _SUBTREE,
        DISPATCHER: _SUBTREE,
        STATION: _OWN,
        CLERK: _SUBTREE,
        AUDIT_ADMIN: _ALL,
    },
    "clearing.unmask": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE},
    "incident.register": {LEADER: _OWN, DISPATCHER: _OWN},
    "incident.manage": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE},
    "incident.handle": {LEADER: _OWN, DISPATCHER: _OWN, STATION: _OWN},
    "incident.read": {
        LEADER: _SUBTREE,
        DISPATCHER: _SUBTREE,
        STATION: _OWN,
        CLERK: _SUBTREE,
        AUDIT_ADMIN: _ALL,
    },
    "statistics.read": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE, CLERK: _SUBTREE, AUDIT_ADMIN: _ALL},
    "duty.keep": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE, STATION: _OWN},
    "duty.take": {LEADER: _OWN, DISPATCHER: _OWN, STATION: _OWN},
    "duty.read": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE, STATION: _OWN, CLERK: _SUBTREE, AUDIT_ADMIN: _ALL},
    "duty.know": {LEADER: _ABOVE, DISPATCHER: _ABOVE, STATION: _ABOVE, CLERK: _ABOVE},
    "patrol.keep": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE},
    "patrol.walk": {LEADER: _OWN, DISPATCHER: _OWN, STATION: _OWN},
    "patrol.read": {
        LEADER: _SUBTREE,
        DISPATCHER: _SUBTREE,
        STATION: _OWN,
        CLERK: _SUBTREE,
        AUDIT_ADMIN: _ALL,
    },
    "check.start": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE},
    "check.report": {LEADER: _OWN, DISPATCHER: _OWN, STATION: _OWN},
    "check.read": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE, AUDIT_ADMIN: _ALL},
    "booking.make": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE},
    "booking.approve": {LEADER: _SUBTREE},
    "booking.read": {
        LEADER: _SUBTREE,
        DISPATCHER: _SUBTREE,
        STATION: _OWN,
        CLERK: _SUBTREE,
        AUDIT_ADMIN: _ALL,
    },
    "camera.read": {
        LEADER: _SUBTREE,
        DISPATCHER: _SUBTREE,
        STATION: _OWN,
        SYSTEM_ADMIN: _SUBTREE,
        AUDIT_ADMIN: _ALL,
    },
    "camera.watch": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE, STATION: _OWN},
    "camera.move": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE, STATION: _OWN},
    "camera.keep": {LEADER: _OWN, DISPATCHER: _OWN},
    "camera.manage": {SYSTEM_ADMIN: _SUBTREE},
    "account.read": {SYSTEM_ADMIN: _SUBTREE, SECURITY_ADMIN: _SUBTREE, AUDIT_ADMIN: _ALL},
    "account.manage": {SYSTEM_ADMIN: _SUBTREE},
    "account.guard": {SECURITY_ADMIN: _SUBTREE},
    "center.manage": {SYSTEM_ADMIN: _SUBTREE},
    # A grid leader has these about himself and members of his grids (hub/grids/devices.py).
    "device.issue": {DISPATCHER: _SUBTREE, GRID_LEADER: _OWN},
    "device.withdraw": {DISPATCHER: _SUBTREE, GRID_LEADER: _OWN},
    "device.read": {DISPATCHER: _SUBTREE, GRID_LEADER: _OWN, AUDIT_ADMIN: _ALL},
    "audit.read": {AUDIT_ADMIN: _ALL},
    "audit.verify": {AUDIT_ADMIN: _ALL},
    "audit.read_own": {SYSTEM_ADMIN: _OWN, SECURITY_ADMIN: _OWN, AUDIT_ADMIN: _OWN},
    "house.read": {SYSTEM_ADMIN: _SUBTREE, AUDIT_ADMIN: _ALL},
    "house.manage": {SYSTEM_ADMIN: _SUBTREE},
    "retention.set": {SYSTEM_ADMIN: _SUBTREE},
    "policy.manage": {SECURITY_ADMIN: _SUBTREE},
    "policy.read": {SECURITY_ADMIN: _ALL, AUDIT_ADMIN: _ALL},
    "right.approve": {SECURITY_ADMIN: _SUBTREE},
    "grid.read": {
        LEADER: _SUBTREE,
        DISPATCHER: _SUBTREE,
        STATION: _OWN,
        CLERK: _SUBTREE,
        SYSTEM_ADMIN: _SUBTREE,
        AUDIT_ADMIN: _ALL,
        GRID_LEADER: _GRID,
        GRID_MEMBER: _GRID,
    },
    "phone.call": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE},
    "grid.keep": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE},
    "grid.manage": {SYSTEM_ADMIN: _SUBTREE},
    "sweep.open": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE},
    "sweep.read": {
        LEADER: _SUBTREE,
        DISPATCHER: _SUBTREE,
        STATION: _OWN,
        CLERK: _SUBTREE,
        AUDIT_ADMIN: _ALL,
        GRID_LEADER: _GRID,
        GRID_MEMBER: _GRID,
    },
    "visit.record": {LEADER: _OWN, DISPATCHER: _OWN, STATION: _OWN, GRID_LEADER: _GRID, GRID_MEMBER: _GRID},
    "errand.take": {LEADER: _OWN, DISPATCHER: _OWN, STATION: _OWN, GRID_LEADER: _GRID, GRID_MEMBER: _GRID},
    "errand.read": {
        LEADER: _SUBTREE,
        DISPATCHER: _SUBTREE,
        STATION: _OWN,
        CLERK: _SUBTREE,
        AUDIT_ADMIN: _ALL,
        GRID_LEADER: _GRID,
        GRID_MEMBER: _GRID,
    },
    "gridtask.do": {GRID_LEADER: _GRID, GRID_MEMBER: _GRID},
    "gridtask.read": {
        LEADER: _SUBTREE,
        DISPATCHER: _SUBTREE,
        STATION: _OWN,
        CLERK: _SUBTREE,
        AUDIT_ADMIN: _ALL,
        GRID_LEADER: _GRID,
        GRID_MEMBER: _GRID,
    },
    "visit.settle": {LEADER: _OWN, DISPATCHER: _OWN, GRID_LEADER: _GRID},
    "registry.read": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE, GRID_LEADER: _GRID, GRID_MEMBER: _GRID},
    "registry.see": {GRID_LEADER: _GRID, GRID_MEMBER: _GRID},
    "registry.unmask": {LEADER: _OWN, DISPATCHER: _OWN},
    "registry.keep": {LEADER: _OWN, DISPATCHER: _OWN, GRID_LEADER: _GRID, GRID_MEMBER: _GRID},
    "registry.settle": {LEADER: _OWN, DISPATCHER: _OWN, GRID_LEADER: _GRID},
    "registry.bring": {LEADER: _SUBTREE, DISPATCHER: _SUBTREE},
    "view.keep": {LEADER: _OWN, DISPATCHER: _OWN},
}
ACTIONS: Final = tuple(TABLE)


def rights(account: Account, tree: CenterTree) -> list[str]:
    """The actions that this account may do about its own center or its own grids, for its page."""
    if account.center not in tree:
        return []
    return [action for action in ACTIONS if may_grid(account, action, tree, account.center, own=True)]


def relation(tree: CenterTree, own: str, target: str) -> Relation:
    """How the center `target` stands to the center `own`; unknown centers stand beside."""
    if own not in tree or target not in tree:
        return "beside"
    if own == target:
        return "self"
    if tree.contains(own, target):
        return "below"
    if tree.contains(target, own):
        return "above"
    return "beside"


def may(account: Account, action: str, tree: CenterTree, target_center: str) -> bool:
    """Whether the account may do `action` about `target_center`. Raises KeyError for an unknown action."""
    allowed = TABLE[action].get(account.role)
    if allowed is None or account.disabled:
        return False
    return relation(tree, account.center, target_center) in allowed


def may_grid(account: Account, action: str, tree: CenterTree, village: str, *, own: bool) -> bool:
    """Whether the account may do `action` about a grid of this village, or what stands in it; `own`: it is one of the account's
    grids (`hub.grids.catalog.grids_of`). Raises KeyError for an unknown action.

    Who belongs to another center by now has no grid there, whatever was assigned to him.
    """
    if may(account, action, tree, village):
        return True
    relations = TABLE[action].get(account.role, frozenset[Relation]())
    return own and not account.disabled and "grid" in relations and account.center == village


def may_whole(account: Account, action: str, tree: CenterTree) -> bool:
    """Whether the account may do `action` about the hub as a whole: about every center at the top."""
    roots = tree.roots
    return bool(roots) and all(may(account, action, tree, root.code) for root in roots)


def sees_meeting(
    account: Account,
    tree: CenterTree,
    chair_center: str,
    centers: Iterable[str],
    removed: bool = False,
    *,
    level: str,
) -> bool:
    """Whether the meeting exists for this account: its center is called, or may read the chair's; and its level lets it.

    Who was `removed` from it is not called any more: he sees it by right of reading or not at all.
    """
    if not may_see_level(account, level):
        return False
    if may(account, "meeting.read", tree, chair_center):
        return True
    return not removed and may(account, "meeting.join", tree, account.center) and account.center in centers


def reads_entry(
    account: Account,
    tree: CenterTree,
    audience: Iterable[str],
    in_meeting: bool,
    action: str = "order.read",
    *,
    level: str = NORMAL,
) -> bool:
    """Whether the account may read an entry with these audience words.

    `in_meeting` is the answer of `sees_meeting` for the entry's meeting (False without one), `level` that meeting's. A
    `center:` word lets that center's accounts read, and those above it that may do `action` about it: what the entry's rule
    names; an `account:` word lets that account read. What is of a secret meeting, or has the word CLEARED, only the cleared
    read.
    """
    audience = tuple(audience)
    if not may_see_level(account, level) or (CLEARED in audience and not account.cleared):
        return False
    own = account_audience(account.id)
    for word in audience:
        if word == EVERYONE_IN_MEETING:
            if in_meeting:
                return True
        elif word == own:
            if not account.disabled:
                return True
        elif word.startswith("center:") and may(account, action, tree, word.removeprefix("center:")):
            return True
    return False


def asked_of(account: Account, tree: CenterTree, action: str, centers: Sequence[str]) -> bool:
    """Whether something that is addressed to these centers asks something of the account's own.

    The first of them is whose it is (who issued the order, who took the incident in), the others have something to do. So an
    account that is not cleared reads what a secret meeting asks of its center, and nothing else that comes from there.
    `action` is how such things are read.
    """
    own = account.center
    return own in centers[1:] and own != centers[0] and may(account, action, tree, own)
