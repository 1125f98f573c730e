"""What an account may see, asked of the committed state and of the one permission table.

Who was removed from a meeting takes no part in it any more, whatever his role: he neither follows nor joins it. To read it
he needs a right of reading of his own (`meeting.read` towards the chair's center); that his center was called is not enough,
neither while the meeting runs nor later.
"""

from __future__ import annotations

from hub.conference.lock_shapes import Waiting
from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.directory.tree import CenterTree
from hub.errors import Refusal
from hub.gates import sees as sees_here
from hub.state import HubState, Meeting
from signaling.services import Services


def sees(tree: CenterTree, account: Account, meeting: Meeting) -> bool:
    """Whether this meeting exists for this account."""
    return sees_here(account, tree, meeting)


def visible_meeting(state: HubState, tree: CenterTree, account: Account, meeting: str) -> Meeting:
    """The meeting, running or ended. Raises Refusal("not_found") for none as for one out of sight."""
    found = state.meetings.get(meeting)
    if found is None or not sees(tree, account, found):
        raise Refusal("not_found", "there is no such meeting", "meeting")
    return found


def own_meeting(state: HubState, tree: CenterTree, account: Account, meeting: str) -> Meeting:
    """The meeting, to take part in it. Raises Refusal as `visible_meeting`, and `removed`."""
    found = visible_meeting(state, tree, account, meeting)
    if is_removed(found, account):
        raise removed_from_meeting()
    return found


async def readable_meeting(services: Services, account: Account, meeting: str) -> Meeting:
    """The meeting, to read it. Raises Refusal as `visible_meeting`, and `removed` for one who was only called to it."""
    found = visible_meeting(services.writer.state, services.tree, account, meeting)
    if reads_by_right(services.tree, account, found):
        return found
    if found.is_open:
        removed = is_removed(found, account)
    else:  # who was there is not in the state any more
        removed = await services.queries.is_removed(account, services.tree, meeting)
    if removed:
        raise removed_from_meeting()
    return found


def reads_by_right(tree: CenterTree, account: Account, meeting: Meeting) -> bool:
    """Whether the account reads this meeting by its role, called or not."""
    return sees(tree, account, meeting) and may(account, "meeting.read", tree, meeting.convener.center)


def is_removed(meeting: Meeting, account: Account) -> bool:
    """Whether the account was removed from this running meeting."""
    seat = meeting.seats.get(account.id)
    return seat is not None and seat.state == "removed"


def is_joined(meeting: Meeting, account: Account) -> bool:
    """Whether the account is in this running meeting."""
    seat = meeting.seats.get(account.id)
    return seat is not None and seat.state == "joined"


def require_let_in(meeting: Meeting, account: Account) -> None:
    """Raises Refusal `waiting` for one who waits at a locked meeting, `not_admitted` for one who was not let in."""
    row = meeting.read(Waiting).rows.get(account.id)
    if row is None or is_joined(meeting, account):
        return
    if row.state == "refused":
        raise Refusal("not_admitted", "the chair does not let you in", "meeting")
    raise Refusal("waiting", "the meeting is locked; you wait to be let in", "meeting")


def removed_from_meeting() -> Refusal:
    """What one is told who was removed."""
    return Refusal("removed", "you were removed from this meeting", "meeting")
