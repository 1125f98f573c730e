"""What rules ask first: does this meeting exist for the asker, does it run, may the asker do this here."""

from __future__ import annotations

from hub.directory.accounts import Account
from hub.directory.permissions import may, sees_meeting
from hub.directory.secrecy import NORMAL, Secrecy, may_see_level
from hub.directory.tree import CenterTree
from hub.entry import SYSTEM, Command
from hub.errors import Refusal
from hub.ruling import Context
from hub.seats import Seat
from hub.shapes import ParticipantRef
from hub.state import HubState, Meeting


def participant_of(account: Account, tree: CenterTree) -> ParticipantRef:
    """The account as others see it in a meeting. Raises KeyError for a center that is not in the tree."""
    center = tree[account.center]
    return ParticipantRef.model_validate(
        {
            "id": account.id,
            "name": account.name,
            "role": account.role,
            "center": center.code,
            "center_name": center.name,
            "level": center.level,
        }
    )


def signature_of(account: Account, tree: CenterTree) -> dict[str, str]:
    """Who signs a decision, an order or a note: `{account, name, center, center_name}`."""
    return {
        "account": account.id,
        "name": account.name,
        "center": account.center,
        "center_name": tree[account.center].name,
    }


def level_of(state: HubState, meeting: str | None) -> Secrecy:
    """The level of what comes from this meeting; what comes from none is normal."""
    found = None if meeting is None else state.meetings.get(meeting)
    return NORMAL if found is None else found.level


def sees(account: Account, tree: CenterTree, meeting: Meeting) -> bool:
    """Whether this meeting exists for this account: by the table, or as who opened or leads it; by its level always."""
    if not may_see_level(account, meeting.level):
        return False
    return account.id in (meeting.convener.id, meeting.chair.id) or sees_meeting(
        account, tree, meeting.convener.center, meeting.centers, level=meeting.level
    )


def visible_meeting(state: HubState, command: Command, context: Context) -> Meeting:
    """The meeting that the command names, running or ended.

    Raises Refusal `not_found` when it does not exist or the account may not see it: both look the same. The hub itself
    sees every meeting.
    """
    meeting = state.meetings.get(command.meeting or "")
    if meeting is None or not (context.account.id == SYSTEM or sees(context.account, context.tree, meeting)):
        raise Refusal("not_found", "there is no such meeting", "meeting")
    return meeting


def running_meeting(state: HubState, command: Command, context: Context) -> Meeting:
    """The meeting that the command names. Raises Refusal `not_found` or `meeting_ended`."""
    meeting = visible_meeting(state, command, context)
    if not meeting.is_open:
        raise Refusal("meeting_ended", "the meeting has ended", "meeting")
    return meeting


def may_here(meeting: Meeting, action: str, context: Context) -> bool:
    """See `allowed_here`; the asker is the context's."""
    return allowed_here(meeting, action, context.account, context.tree)


def allowed_here(meeting: Meeting, action: str, account: Account, tree: CenterTree) -> bool:
    """Whether the account may do `action` here: as the chair or beside him, or by right towards the convener's center.

    Who was removed has no rights in the meeting any more, nor has who may not know of it.
    """
    if not may_see_level(account, meeting.level):
        return False
    seat = meeting.seats.get(account.id)
    if seat is not None and seat.state == "removed":
        return False
    if meeting.chair.id == account.id:
        return True
    if action in BESIDE_THE_CHAIR and any(one.id == account.id for one in meeting.co_chairs):
        return True
    return may(account, action, tree, meeting.convener.center)


#: Entries by which somebody who was shown is not there any more; each names him as `participant`.
GOING = ("meeting.left", "participant.removed", "camera.parted", "phone.ended")

#: What is asked of rights in a meeting, towards the convener's center.
HERE = (
    "meeting.control",
    "meeting.end",
    "meeting.minute",
    "meeting.read",
    "note.add",
    "control.export",
    "recording.make",
)
#: What a co-chair may do as such: all of it but end the meeting for all.
BESIDE_THE_CHAIR = tuple(action for action in HERE if action != "meeting.end")


def rights_here(meeting: Meeting, account: Account, tree: CenterTree) -> list[str]:
    """The actions that this account may do in this meeting, for its page: what is not in here would be refused."""
    here = [action for action in HERE if allowed_here(meeting, action, account, tree)]
    return [*here, "chair.take"] if may_take_chair(meeting, account, tree) else here


def may_take_chair(meeting: Meeting, account: Account, tree: CenterTree) -> bool:
    """Whether the account may take the chair from who has it: it commands the meeting, and him."""
    seat = meeting.seats.get(account.id)
    if (seat is not None and seat.state == "removed") or meeting.chair.id == account.id:
        return False
    if not may_see_level(account, meeting.level):
        return False
    commands = may(account, "meeting.control", tree, meeting.convener.center)
    return commands and may(account, "chair.take", tree, meeting.chair.center)


def require_lead(meeting: Meeting, context: Context) -> None:
    """Raises Refusal `forbidden` unless the asker is the chair, or may take the chair from him."""
    if meeting.chair.id != context.account.id and not may_take_chair(meeting, context.account, context.tree):
        raise Refusal("forbidden", "this is the chair's to do")


def require_here(meeting: Meeting, action: str, context: Context) -> None:
    """Raises Refusal `forbidden` unless `may_here`."""
    if not may_here(meeting, action, context):
        raise Refusal("forbidden", "you may not do this in this meeting")


def require_joined(meeting: Meeting, context: Context) -> None:
    """Raises Refusal `not_joined`, or `removed`, unless the account is in the meeting now."""
    seat = meeting.seats.get(context.account.id)
    if seat is not None and seat.state == "removed":
        raise Refusal("removed", "you were removed from this meeting")
    if seat is None or seat.state != "joined":
        raise Refusal("not_joined", "join the meeting first")


def seat_of(meeting: Meeting, participant: str) -> Seat:
    """The standing of a participant. Raises Refusal `not_found` for one who never joined."""
    seat = meeting.seats.get(participant)
    if seat is None:
        raise Refusal("not_found", "nobody of this id joined the meeting", "participant")
    return seat


def shown_of(meeting: Meeting, participant: str) -> Seat:
    """The standing of who can be shown: a participant, a camera, a phone. Raises Refusal `not_found` for one who never was
    here."""
    seat = meeting.shown(participant)
    return seat if seat is not None else seat_of(meeting, participant)


def own_targets(codes: list[str], action: str, field: str, context: Context) -> list[str]:
    """Codes without repetition, each of which `action` is allowed for.

    Raises Refusal `not_found` for a center out of sight or unknown, `forbidden` for one that is seen only.
    """
    chosen = list(dict.fromkeys(codes))
    for code in chosen:
        if may(context.account, action, context.tree, code):
            continue
        if code in context.tree and may(context.account, "center.read", context.tree, code):
            raise Refusal("forbidden", f"center {code} is not yours to call or command", field)
        raise Refusal("not_found", f"there is no center {code}", field)
    return chosen
