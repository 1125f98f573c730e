"""Opening a meeting: the one place through which every meeting begins.

Whoever convenes by hand, a booking whose moment has come, a template: all say here what is to be opened, and get the draft.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.directory.secrecy import NORMAL, Secrecy
from hub.entry import Draft
from hub.errors import Refusal
from hub.gates import participant_of
from hub.ruling import Context
from hub.state import HubState

#: Meetings convened by one account that are open at the same time; those it forgot to end count, too.
MAX_OPEN: Final = 64


@dataclass(frozen=True, slots=True)
class Convening:
    """What meeting is to be opened."""

    title: str
    kind: str
    #: Codes of the centers to call; the chair's own need not be among them.
    centers: Collection[str]
    record: bool
    #: The booking that brings it about, if one does.
    booking: str | None = None
    #: When it is planned to end, as on the wire.
    ends_at: str | None = None
    #: Whether it is a drill.
    drill: bool = False
    #: Who may know of it; a secret one is opened for nobody who is not cleared.
    level: Secrecy = NORMAL


def require_convener(state: HubState, account: Account, context: Context) -> None:
    """Raises Refusal `forbidden` for a role that may not convene, `too_many` where it has MAX_OPEN meetings open."""
    if not may(account, "meeting.open", context.tree, account.center):
        raise Refusal("forbidden", "this role may not convene")
    if sum(each.is_open and each.convener.id == account.id for each in state.meetings.values()) >= MAX_OPEN:
        raise Refusal("too_many", f"{MAX_OPEN} meetings that you convened are open; end some")


def opening(wanted: Convening, chair: Account, context: Context) -> Draft:
    """The draft that opens the meeting with this chair, who has the right to, and is cleared where it is a secret one.

    What follows from it is its consequences.
    """
    return Draft(
        "meeting.opened",
        context.new_id("m"),
        {
            "title": wanted.title,
            "kind": wanted.kind,
            "centers": list(dict.fromkeys([chair.center, *wanted.centers])),
            "record": wanted.record,
            "chair": participant_of(chair, context.tree).model_dump(mode="json"),
            "booking": wanted.booking,
            "ends_at": wanted.ends_at,
            "drill": wanted.drill,
            "level": wanted.level,
        },
    )


def callable_centers(chair: Account | None, codes: Collection[str], context: Context) -> list[str]:
    """Those of the centers, as the directory now is, that this account may call to a meeting; none for nobody."""
    tree = context.tree
    if chair is None or chair.center not in tree or not may(chair, "meeting.open", tree, chair.center):
        return []
    return [code for code in codes if code in tree and may(chair, "meeting.open", tree, code)]
