"""What becomes of routes and rounds when their time comes: a round is opened, is late, is over."""

from __future__ import annotations

from typing import Final

from hub.cameras.patrol_drafts import alarms_of, closing, raised, told
from hub.cameras.patrol_rounds import opening
from hub.cameras.patrol_routes import shifts_of_center, timing
from hub.cameras.patrol_state import Round, Route, patrols_of
from hub.clock import to_wire
from hub.dispatch import alarm_drafts
from hub.entry import Command, Draft
from hub.ruling import Context
from hub.state import HubState

#: Routes and rounds that the clock takes on at once; the others follow at once.
AT_ONCE: Final = 32


def advance(state: HubState, command: Command, context: Context) -> list[Draft]:
    """All that has come due, one step of each."""
    patrols, drafts = patrols_of(state), list[Draft]()
    come = [id for at, id in patrols.agenda[:AT_ONCE] if at <= context.now]
    begins = {patrols.routes[id].round for id in come if id in patrols.routes}
    for id in come:
        route = patrols.routes.get(id)
        if route is not None:
            drafts += _open(state, route, context)
        elif id not in begins:  # the next round of its route ends it
            drafts += _come(state, patrols.rounds[id], context)
    return drafts


def _open(state: HubState, route: Route, context: Context) -> list[Draft]:
    """Its next round. What was to be walked while no hub ran is not walked any more."""
    at = route.next_at
    assert at is not None, "a route on the agenda waits for a moment"
    next_one = timing(route, context, shifts_of_center(state, route.center))
    if at + route.within <= context.now:
        return next_one
    before = patrols_of(state).rounds.get(route.round or "")
    drafts = [] if before is None else close(state, before, context)
    return [*drafts, *next_one, opening(route, context, to_wire(at + route.within), None)]


def _come(state: HubState, one: Round, context: Context) -> list[Draft]:
    if one.next_step[1] == "close":
        return close(state, one, context)
    return fall_due(state, one, context)


def fall_due(state: HubState, one: Round, context: Context) -> list[Draft]:
    """It should be done by now."""
    data = {"state": one.state, "checked": one.checked, "total": len(one.outcomes)}
    return [told("patrol.fell_due", one, data), *raised(state, one, context)]


def close(state: HubState, one: Round, context: Context) -> list[Draft]:
    """Nobody walks it any more; what somebody has acknowledged of it is over."""
    late = [] if one.fallen else fall_due(state, one, context)
    over = [each for each in alarms_of(state, one.route) if each.acknowledged]
    ended = closing(one, "unfinished" if one.taken else "missed", context)
    return [*late, ended, *alarm_drafts.over(over, "passed")]
