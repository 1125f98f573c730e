"""Guests: whom of other meetings the people of this one see and hear, because they are one conference by units (级联).

| who | is seen | is heard |
|---|---|---|
| the chair of a unit, in the meeting above | as one who is there | while the common sound there has him |
| whoever stands on the stage above, in a unit | on the stage, where nobody of the unit is broadcast | – |
| who is heard in the meeting above, units beside it too | – | in the unit, unless its loudspeaker is off above |

Who hears the common sound of a unit hears them, whatever is done to that sound there but a pause. Nobody is heard outside
whom his own meeting does not hear in common: nodes see to that, who have its truth as well. So what is said in a word apart
stays there, and what rests rests everywhere.
"""

from __future__ import annotations

from typing import Any

from hub.conference.hearing import hearing_of, in_common
from hub.conference.stage_shapes import Stage
from hub.conference.unit_shapes import Units
from hub.conference.unit_state import unit_of, units_of, upper_of
from hub.state import HubState, Meeting

#: Meeting that they are of -> `pictures`: whose; `sounds`: whose, None for all whom that meeting hears in common; `recorded`:
#: they are in the recording of this meeting, too, as far as they are seen and heard in it.
Guests = dict[str, dict[str, Any]]


def guests_of(state: HubState, meeting: Meeting) -> Guests:
    """Whom of which other meetings this one has."""
    guests = _from_above(state, meeting)
    hearing = None
    for unit, lower in units_of(state, meeting):
        if unit.participant is not None:
            hearing = hearing or hearing_of(meeting)
            heard = [unit.participant] if in_common(hearing, unit.participant) else []
            guests[lower.id] = {"pictures": [unit.participant], "sounds": heard, "recorded": True}
    return guests


def stage_of(state: HubState, meeting: Meeting) -> str | None:
    """Who of the meetings above stands on the stage of this one while nobody of its own is broadcast."""
    upper = upper_of(state, meeting)
    if upper is None:
        return None
    shown = upper.read(Stage).broadcast
    speaks = upper.read(Units).rows[meeting.id].participant
    if shown is not None and shown != speaks:
        return shown
    return (stage_of(state, upper) if shown is None else None) or upper.chair.id


def _from_above(state: HubState, meeting: Meeting) -> Guests:
    upper = upper_of(state, meeting)
    if upper is None:
        return {}
    guests: Guests = {}
    hearing = hearing_of(upper)
    deaf = upper.read(Units).rows[meeting.id].participant in hearing.deaf
    for each, what in _from_above(state, upper).items():
        guests[each] = {"pictures": [], "sounds": [] if deaf else what["sounds"]}
    guests[upper.id] = {"pictures": [], "sounds": [] if deaf else None}
    for unit, lower in units_of(state, upper):
        if lower.id != meeting.id and unit.participant is not None:
            heard = not deaf and in_common(hearing, unit.participant)
            guests[lower.id] = {"pictures": [], "sounds": [unit.participant] if heard else []}
    second = upper.read(Stage).second
    for who in dict.fromkeys((stage_of(state, meeting), upper.chair.id, second)):
        home = None if who is None else _home(state, upper, who)
        if home is not None and home != meeting.id:
            guests[home]["pictures"].append(who)
    return guests


def _home(state: HubState, meeting: Meeting, who: str) -> str | None:
    """The meeting whose participant this is: the one that he speaks for, this one, or one above it."""
    unit = unit_of(meeting, who)
    if unit is not None:
        return unit.of.meeting
    if who in meeting.seats:
        return meeting.id
    upper = upper_of(state, meeting)
    return None if upper is None else _home(state, upper, who)


def told_to_node(state: HubState, meeting: Meeting) -> dict[str, Any]:
    """What media nodes are told of it: fields of `meeting.set` beside those of `hub.rules.to_node`."""
    guests = guests_of(state, meeting)
    return {"guests": guests, "fallback": stage_of(state, meeting)} if guests else {}
