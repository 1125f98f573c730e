"""What entries about rounds hold that several commands write: that one is over, and its alarms."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from hub.cameras.patrol_shapes import PatrolState, counts
from hub.cameras.patrol_state import Round, patrols_of
from hub.clock import to_wire
from hub.dispatch import alarm_drafts
from hub.entry import Draft, center_audience
from hub.ruling import Context
from hub.state import Alarm, HubState

#: So long after a round fell due without anybody acknowledging that the level above is asked.
ESCALATES_AFTER: Final = timedelta(minutes=30)


def told(kind: str, one: Round, data: dict[str, Any]) -> Draft:
    """An entry about a round, for its center and those above."""
    head = {"round": one.id, "route": one.route, "title": one.title, "center": one.center}
    return Draft(kind, None, {**head, **data}, (center_audience(one.center),))


def closing(
    one: Round,
    state: PatrolState,
    context: Context,
    *,
    by: dict[str, str] | None = None,
    reason: str = "",
    last: str | None = None,
) -> Draft:
    """A round is over; `last` is what comes of its last stop with the same command."""
    outcomes = [*one.outcomes[:-1], last] if last is not None else one.outcomes
    name = alarm_drafts.name_of(context.tree, one.center)
    return told(
        "patrol.ended",
        one,
        {
            "center_name": name,
            "state": state,
            "total": len(outcomes),
            **counts(outcomes),
            "late": context.now > one.due,
            "reason": reason,
            "by": by,
        },
    )


# -- alarms


def _subject(route: str) -> str:
    return f"patrol:{route}"


def alarms_of(state: HubState, route: str) -> list[Alarm]:
    """The alarms about rounds of a route that are not over."""
    subject = _subject(route)
    return [each for each in state.alarms.values() if each.subject == subject]


def over_alarms(state: HubState, route: str, why: str) -> list[Draft]:
    """They are over."""
    return alarm_drafts.over(alarms_of(state, route), why)


def raised(state: HubState, one: Round, context: Context) -> list[Draft]:
    """A round is not done by its time; nothing while nobody has acknowledged that of the one before."""
    if any(not each.acknowledged for each in alarms_of(state, one.route)):
        return []
    goes_up = alarm_drafts.above(context.tree, one.center) is not None
    words: dict[str, str | int] = {
        "round": one.id,
        "title": one.title,
        "state": one.state,
        "checked": one.checked,
        "total": len(one.outcomes),
    }
    return [
        alarm_drafts.raised(
            "patrol",
            None,
            one.center,
            one.center,
            context,
            subject=_subject(one.route),
            words=words,
            escalates_at=to_wire(context.now + ESCALATES_AFTER) if goes_up else None,
        )
    ]


def on_acknowledged(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Somebody has seen that a round was missed: nothing more is to be done about one that is over."""
    alarm = state.alarms.get(str(draft.data["alarm"]))
    if alarm is None or alarm.kind != "patrol" or alarm.subject is None:
        return []
    route = patrols_of(state).routes.get(alarm.subject.removeprefix("patrol:"))
    one = None if route is None else patrols_of(state).rounds.get(route.round or "")
    return [] if one is not None and one.fallen else alarm_drafts.over([alarm], "passed")
