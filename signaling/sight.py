"""What an account may see, asked of the committed state and of the one permission table."""

from __future__ import annotations

from hub.directory.accounts import Account
from hub.directory.permissions import sees_meeting
from hub.directory.tree import CenterTree
from hub.errors import Refusal
from hub.state import HubState, Meeting


def sees(tree: CenterTree, account: Account, meeting: Meeting) -> bool:
    """Whether this meeting exists for this account."""
    return meeting.chair.id == account.id or sees_meeting(
        account, tree, meeting.chair.center, meeting.centers
    )


def visible_meeting(state: HubState, tree: CenterTree, account: Account, meeting: str) -> Meeting:
    """The meeting, running or ended. Raises Refusal("not_found") for none as for one out of sight."""
    found = state.meetings.get(meeting)
    if found is None or not sees(tree, account, found):
        raise Refusal("not_found", "there is no such meeting", "meeting")
    return found
