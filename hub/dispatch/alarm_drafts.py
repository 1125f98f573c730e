"""What entries about alarms hold: raised, signed by somebody, over."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from hub.clock import to_wire
from hub.directory.tree import CenterTree
from hub.entry import Draft, center_audience
from hub.gates import signature_of
from hub.ruling import Context
from hub.state import Alarm

_SEVERITIES: Final = {
    "situation": "critical",
    "lost": "critical",
    "overdue": "warning",
    "disk": "warning",
    "unrecorded": "critical",
    "service": "critical",
    "backup": "warning",
    "certificate": "warning",
    "checkpoints": "warning",
    "damaged": "critical",
    "copies": "warning",
    "patrol": "warning",
    "sweep": "warning",
    "camera": "warning",
}


def raised(kind: str, meeting: str | None, center: str, owner: str, context: Context, **more: Any) -> Draft:
    """A new alarm about this center, for `owner` to answer first."""
    data = {
        "alarm": context.new_id("w"),
        "kind": kind,
        "severity": _SEVERITIES[kind],
        "center": center,
        "name": name_of(context.tree, center),
        "owner": {"center": owner, "name": name_of(context.tree, owner)},
        "subject": None,
        "report": None,
        "order": None,
        "text": "",
        "words": {},
        "escalates_at": escalates_at(owner, context) if _SEVERITIES[kind] == "critical" else None,
        **more,
    }
    return draft("alarm.raised", meeting, center, data)


def signed(kind: str, alarm: Alarm, context: Context, **more: Any) -> Draft:
    """What somebody did about it."""
    data = {"alarm": alarm.id, **more, "by": signature_of(context.account, context.tree)}
    return draft(kind, alarm.meeting, alarm.center, data)


def over(alarms: Iterable[Alarm], why: str) -> list[Draft]:
    """They are over, and why."""
    return [
        draft("alarm.cleared", alarm.meeting, alarm.center, {"alarm": alarm.id, "why": why})
        for alarm in alarms
    ]


def draft(kind: str, meeting: str | None, center: str, data: dict[str, Any]) -> Draft:
    """An entry about an alarm, for its center and those above."""
    return Draft(kind, meeting, data, (center_audience(center),))


def above(tree: CenterTree, code: str) -> str | None:
    """The center above; None at the top, and for one that is no more."""
    center = tree.get(code)
    return center.parent if center is not None else None


def name_of(tree: CenterTree, code: str) -> str:
    """What a center is called; its code where it is no more."""
    center = tree.get(code)
    return center.name if center is not None else code


def escalates_at(asked: str, context: Context) -> str | None:
    """When the center after this one has to answer; None at the top."""
    return to_wire(context.now + context.escalate_after) if above(context.tree, asked) else None
