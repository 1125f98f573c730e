"""Patrol (线上巡逻): routes through cameras, rounds that people walk, and an honest record of what they saw.

| command | refused with |
|---|---|
| `patrol.advance` (the hub only) | – |

Commands on routes stand in patrol_routes.py, those on rounds in patrol_rounds.py. A round is opened by the clock at its times,
with a shift of the center's roster, or by hand; of a route one goes on at a time. One that is not done by its time is late, and
raises a warning, which goes up one level when nobody acknowledges it; it can still be done. Two hours later, or when the next
one begins, it is over: missed where nobody took it, else not walked to its end.
"""

from __future__ import annotations

from typing import Any

from hub.cameras import patrol_clock, patrol_drafts, patrol_rounds, patrol_routes
from hub.cameras import patrol_shapes as shapes
from hub.cameras import patrol_state as kept_as
from hub.ruling import Apply, CommandRule, Decide, Document, EntryRule, NoData, RuleFile, Subject
from hub.shapes import Wire


def _command(kind: str, schema: Any, decide: Decide, *, system: bool = False) -> CommandRule:
    return CommandRule(kind, schema, decide, meeting="never", system=system)


def _entry(kind: str, schema: type[Wire], apply: Apply, subject: Subject, what: str | None) -> EntryRule:
    document = None if what is None else Document("patrol", what)
    return EntryRule(kind, schema, apply, reads="patrol.read", document=document, subject=subject)


def _of_route(kind: str, schema: type[Wire], apply: Apply) -> EntryRule:
    return _entry(kind, schema, apply, kept_as.ROUTE, "route")


def _of_round(kind: str, schema: type[Wire], apply: Any) -> EntryRule:
    return _entry(kind, schema, kept_as.going(apply), kept_as.ROUND, "round")


RULES = RuleFile(
    "patrol",
    commands=(
        _command("patrol.keep", shapes.PatrolKeep, patrol_routes.keep),
        _command("patrol.withdraw", shapes.PatrolWithdraw, patrol_routes.withdraw),
        _command("patrol.open", shapes.PatrolOpen, patrol_rounds.open_now),
        _command("patrol.take", shapes.PatrolTake, patrol_rounds.take),
        _command("patrol.check", shapes.PatrolCheck, patrol_rounds.check),
        _command("patrol.interrupt", shapes.PatrolInterrupt, patrol_rounds.interrupt),
        _command("patrol.end", shapes.PatrolEnd, patrol_rounds.end),
        _command("patrol.seen", shapes.PatrolSeen, patrol_rounds.seen, system=True),
        _command("patrol.advance", NoData, patrol_clock.advance, system=True),
    ),
    entries=(
        _of_route("patrol.kept", shapes.PatrolKept, kept_as.kept),
        _of_route("patrol.withdrawn", shapes.PatrolWithdrawn, kept_as.withdrawn),
        _entry("patrol.timed", shapes.PatrolTimed, kept_as.timed, kept_as.TIMING, "route"),
        _entry("patrol.untimed", shapes.PatrolUntimed, kept_as.untimed, kept_as.TIMING, None),
        _entry("patrol.opened", shapes.PatrolOpened, kept_as.opened, kept_as.ROUND, "round"),
        _of_round("patrol.taken", shapes.PatrolTaken, kept_as.taken),
        _of_round("patrol.interrupted", shapes.PatrolInterrupted, kept_as.interrupted),
        _of_round("patrol.seen", shapes.PatrolWasSeen, kept_as.seen),
        _of_round("patrol.checked", shapes.PatrolChecked, kept_as.checked),
        _of_round("patrol.fell_due", shapes.PatrolFellDue, kept_as.fell_due),
        _of_round("patrol.ended", shapes.PatrolEnded, kept_as.ended),
    ),
    follows={"duty.planned": patrol_routes.on_roster, "alarm.acknowledged": patrol_drafts.on_acknowledged},
    hub_due=kept_as.next_due,
)
