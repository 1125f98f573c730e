"""A round is walked: taken, checked stop by stop, left off, gone on with, ended.

| command | refused with |
|---|---|
| `patrol.open` | `not_found`, `forbidden`, `conflict` (one goes on) |
| `patrol.take` | `not_found`, `forbidden`, `conflict` (another walks it than named), `wrong_state` (one walks another) |
| `patrol.check` | `not_found`, `forbidden` (another walks it), `already_done`, `wrong_state` (another stop; not seen) |
| … of a finding | also what its report, incident or order is refused with |
| `patrol.interrupt`, `patrol.end` | `not_found`, `forbidden` |
| `patrol.seen` (the hub only) | `not_found`, `wrong_state` (he stands elsewhere, or not so long) |

Of a stop something is said once, and in the order of the route. `normal` needs that the hub has seen the camera's picture flow
to him who says it, while he stood at this very stop, for LEAST_SEEN_S: what was seen before, by somebody else, or at another
stop does not count. So what was skipped or not seen is never normal.
"""

from __future__ import annotations

from hub.cameras.patrol_drafts import closing, over_alarms, told
from hub.cameras.patrol_finding import made_of
from hub.cameras.patrol_routes import seen_route
from hub.cameras.patrol_shapes import (
    LEAST_SEEN_S,
    PatrolCheck,
    PatrolEnd,
    PatrolInterrupt,
    PatrolOpen,
    PatrolSeen,
    PatrolTake,
)
from hub.cameras.patrol_state import Round, Route, patrols_of
from hub.clock import to_wire
from hub.directory.permissions import may
from hub.entry import Command, Draft, center_audience
from hub.errors import Refusal
from hub.gates import signature_of
from hub.ruling import Context
from hub.state import HubState


def opening(route: Route, context: Context, due: str, by: dict[str, str] | None) -> Draft:
    """A round of a route, as it is now."""
    found = context.tree.get(route.center)
    opened = {
        "round": context.new_id("pd"),
        "route": route.id,
        "version": route.version,
        "title": route.title,
        "center": route.center,
        "center_name": found.name if found is not None else route.center,
        "total": len(route.stops),
        "due": due,
        "by": by,
    }
    return Draft("patrol.opened", None, opened, (center_audience(route.center),))


def open_now(state: HubState, command: Command, context: Context) -> list[Draft]:
    """A round outside of the times."""
    route = seen_route(state, PatrolOpen.model_validate(command.data).route, context)
    account, tree = context.account, context.tree
    if not any(may(account, action, tree, route.center) for action in ("patrol.walk", "patrol.keep")):
        raise Refusal("forbidden", "this route is not yours to walk", "route")
    if route.round is not None:
        raise Refusal("conflict", "a round of it goes on", "route")
    due = to_wire(context.now + route.within)
    return [opening(route, context, due, signature_of(account, tree))]


def _going(state: HubState, round: str, context: Context) -> Round:
    """A round that goes on. Raises Refusal `not_found`: what is over is asked for by nobody."""
    one = patrols_of(state).rounds.get(round)
    if one is None or not may(context.account, "patrol.read", context.tree, one.center):
        raise Refusal("not_found", "there is no such round, or it is over", "round")
    return one


def take(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Walk it from where it stands, in the place of who does."""
    data, account = PatrolTake.model_validate(command.data), context.account
    one = _going(state, data.round, context)
    if not may(account, "patrol.walk", context.tree, one.center):
        raise Refusal("forbidden", "a round is walked by its own center", "round")
    walker = None if one.walker is None else one.walker["account"]
    if walker == account.id:
        return []
    if data.relieves != walker:
        raise Refusal("conflict", "another walks it than you know", "relieves")
    if account.id in patrols_of(state).walks:
        raise Refusal("wrong_state", "you walk another round; leave that off first", "round")
    taken = {
        "stop": one.stop,
        "relieves": one.walker,
        "by": signature_of(account, context.tree),
    }
    return [told("patrol.taken", one, taken)]


def interrupt(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Who walks it leaves off; who keeps its route may take it from him."""
    data = PatrolInterrupt.model_validate(command.data)
    one = _going(state, data.round, context)
    _require_lead(one, context)
    if one.walker is None:
        return []
    left = {
        "stop": one.stop,
        "reason": data.reason,
        "by": signature_of(context.account, context.tree),
    }
    return [told("patrol.interrupted", one, left)]


def _require_lead(one: Round, context: Context) -> None:
    account = context.account
    if one.walker is not None and one.walker["account"] == account.id:
        return
    if not may(account, "patrol.keep", context.tree, one.center):
        raise Refusal("forbidden", "another walks this round", "round")


def end(state: HubState, command: Command, context: Context) -> list[Draft]:
    """It ends with stops that nobody has looked at."""
    data = PatrolEnd.model_validate(command.data)
    one = _going(state, data.round, context)
    _require_lead(one, context)
    by = signature_of(context.account, context.tree)
    return [closing(one, "unfinished" if one.taken else "missed", context, by=by, reason=data.reason)]


def seen(state: HubState, command: Command, context: Context) -> list[Draft]:
    """The hub saw the picture flow: only to who walks, only of the stop at which he stands, only since he does."""
    data = PatrolSeen.model_validate(command.data)
    one = patrols_of(state).rounds.get(data.round)
    if one is None or one.walker is None or one.since is None:
        raise Refusal("not_found", "nobody walks this round", "round")
    stands = one.walker["account"] == data.account and one.stop == data.stop
    if not stands or one.stops[one.stop - 1].camera != data.camera:
        raise Refusal("wrong_state", "he does not stand there", "stop")
    if data.seconds > (context.now - one.since).total_seconds():
        raise Refusal("wrong_state", "he has not stood there for so long", "seconds")
    if data.seconds <= one.seconds:
        return []
    was_seen = data.model_dump(mode="json")
    return [Draft("patrol.seen", None, was_seen, (center_audience(one.center),))]


def check(state: HubState, command: Command, context: Context) -> list[Draft]:
    """What came of the stop at which one stands; with the last one the round is done."""
    data, account = PatrolCheck.model_validate(command.data), context.account
    one = _going(state, data.round, context)
    if one.walker is None or one.walker["account"] != account.id or one.since is None:
        raise Refusal("forbidden", "take the round first", "round")
    if not may(account, "patrol.walk", context.tree, one.center):
        raise Refusal("forbidden", "a round is walked by its own center", "round")
    if data.stop < one.stop:
        raise Refusal("already_done", "of this stop something was said", "stop")
    if data.stop > one.stop:
        raise Refusal("wrong_state", "you stand at another stop", "stop")
    if data.outcome == "normal" and one.seconds < LEAST_SEEN_S:
        raise Refusal(
            "wrong_state", f"its picture has not flowed to you for {LEAST_SEEN_S} seconds", "outcome"
        )
    stop, finding = one.stops[one.stop - 1], data.finding
    made, made_id = (
        ([], "")
        if finding is None
        else made_of(state, command, one, stop, finding, data.attachments, context)
    )
    by = signature_of(account, context.tree)
    checked = {
        "stop": one.stop,
        "total": len(one.stops),
        "camera": stop.camera,
        "camera_name": stop.name,
        "camera_center": stop.center,
        "camera_center_name": stop.center_name,
        "outcome": data.outcome,
        "reason": data.reason,
        "seconds": one.seconds,
        "quality": one.quality,
        "stayed": int((context.now - one.since).total_seconds()),
        "text": "" if finding is None else finding.text,
        "place": "" if finding is None else finding.place,
        "urgency": "normal" if finding is None else finding.urgency,
        "made": None if finding is None else {"what": finding.becomes, "id": made_id},
        "attachments": [] if finding is None else [each.model_dump() for each in data.attachments],
        "by": by,
    }
    drafts = [*made, told("patrol.checked", one, checked)]
    if one.stop == len(one.stops):
        drafts.append(closing(one, "done", context, by=by, last=data.outcome))
        drafts += over_alarms(state, one.route, "completed")
    return drafts
