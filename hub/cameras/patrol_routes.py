"""Routes of patrols: made, put right, taken back; and when their rounds begin.

| command | refused with |
|---|---|
| `patrol.keep` | `not_found` (route, center, camera), `forbidden` (center, or a camera its people do not see) |
| … | also `conflict` (somebody put it right since), `invalid` (another center), `too_many` |
| `patrol.withdraw` | `not_found`, `forbidden` |

A route belongs to the center whose people walk it, and leads through cameras of that center, of those below it, and of others
that are shared with it. What a camera is called and whose it is the edge looks up in the directory, which is no part of the
journal; the entry holds it, so that a record reads the same when the camera is gone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from hub.cameras.patrol_drafts import closing, over_alarms
from hub.cameras.patrol_shapes import PatrolCamera, PatrolKeep, PatrolWithdraw
from hub.cameras.patrol_state import Route, patrols_of, shifts_of
from hub.clock import from_wire, to_wire
from hub.directory.permissions import may
from hub.dispatch.duty_state import duties_of
from hub.entry import Command, Draft, center_audience
from hub.errors import Refusal
from hub.gates import own_targets, signature_of
from hub.ruling import Context
from hub.state import HubState

#: Routes of one center.
MAX_ROUTES: Final = 64


def seen_route(state: HubState, route: str | None, context: Context) -> Route:
    """A route that the asker may see. Raises Refusal `not_found`."""
    found = patrols_of(state).routes.get(route or "")
    if found is None or not may(context.account, "patrol.read", context.tree, found.center):
        raise Refusal("not_found", "there is no such route", "route")
    return found


def _own_route(state: HubState, route: str, context: Context) -> Route:
    found = seen_route(state, route, context)
    if not may(context.account, "patrol.keep", context.tree, found.center):
        raise Refusal("forbidden", "this route is not yours to change", "route")
    return found


def keep(state: HubState, command: Command, context: Context) -> list[Draft]:
    """A route as it is from now on, and when its next round begins."""
    data = PatrolKeep.model_validate(command.data)
    before = None if data.route is None else _own_route(state, data.route, context)
    if before is None:
        own_targets([data.center], "patrol.keep", "center", context)
        if len(patrols_of(state).of_center.get(data.center, ())) >= MAX_ROUTES:
            raise Refusal("too_many", f"a center has {MAX_ROUTES} routes at most; withdraw some")
    elif data.version != before.version:
        raise Refusal("conflict", "somebody has put it right meanwhile", "version")
    elif data.center != before.center:
        raise Refusal("invalid", "a route stays with its center", "center")
    stops = _stops(data, context)
    route = before.id if before is not None else context.new_id("pr")
    kept = {
        "route": route,
        "version": 1 if before is None else before.version + 1,
        "center": data.center,
        "center_name": context.tree[data.center].name if data.center in context.tree else data.center,
        **data.model_dump(mode="json", include={"title", "note", "times", "by_shift", "within_minutes"}),
        "stops": stops,
        "by": signature_of(context.account, context.tree),
    }
    wanted = Route(
        id=route,
        center=data.center,
        title=data.title,
        version=kept["version"],
        stops=(),
        times=tuple((each.time, tuple(each.weekdays)) for each in data.times),
        by_shift=data.by_shift,
        within=timedelta(minutes=data.within_minutes),
        number=0 if before is None else before.number,
        next_at=None if before is None else before.next_at,
    )
    return [
        Draft("patrol.kept", None, kept, (center_audience(data.center),)),
        *timing(wanted, context, shifts_of_center(state, data.center)),
    ]


def _stops(data: PatrolKeep, context: Context) -> list[dict[str, Any]]:
    """Stops as an entry holds them. Raises Refusal `not_found`, `forbidden` by the stop."""
    known = {each.camera: each for each in data.cameras}
    told = []
    for place, stop in enumerate(data.stops):
        camera, field = known.get(stop.camera), f"stops.{place}.camera"
        if camera is None:
            raise Refusal("not_found", "there is no such camera", field)
        if not _is_seen_by(data.center, camera, context):
            raise Refusal("forbidden", "who walks this route may not watch this camera", field)
        center = context.tree.get(camera.center)
        told.append(
            {
                **stop.model_dump(mode="json"),
                "name": camera.name,
                "center": camera.center,
                "center_name": center.name if center is not None else camera.center,
            }
        )
    return told


def _is_seen_by(center: str, camera: PatrolCamera, context: Context) -> bool:
    tree = context.tree
    return (
        camera.center == center
        or center in camera.shared
        or (camera.center in tree and center in tree and tree.contains(center, camera.center))
    )


def withdraw(state: HubState, command: Command, context: Context) -> list[Draft]:
    """No rounds of it any more; one that goes on is over."""
    data = PatrolWithdraw.model_validate(command.data)
    route = _own_route(state, data.route, context)
    by = signature_of(context.account, context.tree)
    told = {
        "route": route.id,
        "center": route.center,
        "title": route.title,
        "reason": data.reason,
        "by": by,
    }
    one = patrols_of(state).rounds.get(route.round or "")
    drafts = [] if one is None else [closing(one, "withdrawn", context, by=by, reason=data.reason)]
    if route.number:
        drafts.append(_untimed(route))
    drafts.append(Draft("patrol.withdrawn", None, told, (center_audience(route.center),)))
    return [*drafts, *over_alarms(state, route.id, "passed")]


# -- when rounds begin


def shifts_of_center(state: HubState, center: str) -> list[datetime]:
    """When shifts on watch begin, by the rosters of this center."""
    duty = duties_of(state).by_center.get(center)
    return [] if duty is None else shifts_of(duty.shifts)


def timing(
    route: Route, context: Context, shifts: Iterable[datetime], after: datetime | None = None
) -> list[Draft]:
    """When its next round begins, the first after a moment, or after now; nothing where that is known already."""
    at = route.after(after or context.now, context.zone, list(shifts))
    if route.number and at == route.next_at:
        return []
    told = {
        "route": route.id,
        "number": route.number + 1,
        "at": None if at is None else to_wire(at),
    }
    audience = (center_audience(route.center),)
    before = [_untimed(route)] if route.number else []
    return [*before, Draft("patrol.timed", None, told, audience)]


def _untimed(route: Route) -> Draft:
    told = {"route": route.id, "number": route.number}
    return Draft("patrol.untimed", None, told, (center_audience(route.center),))


def on_roster(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Another roster: rounds that begin with shifts begin with those of it."""
    data, patrols = draft.data, patrols_of(state)
    routes = [patrols.routes[id] for id in patrols.of_center.get(str(data["center"]), ())]
    if not any(route.by_shift for route in routes):
        return []
    starts_at, ends_at = from_wire(data["starts_at"]), from_wire(data["ends_at"])
    stays = [each for each in shifts_of_center(state, str(data["center"])) if not starts_at <= each < ends_at]
    fresh = [from_wire(each["starts_at"]) for each in data["shifts"] if each["role"] == "watch"]
    shifts = sorted({*stays, *fresh})
    return [more for route in routes if route.by_shift for more in timing(route, context, shifts)]
