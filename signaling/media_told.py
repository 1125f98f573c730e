"""Telling `media` events: desks hear of everybody, others of themselves, and who is in one's slots is told by name."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Final

from hub.conference.unit_state import together
from hub.shapes import ParticipantRef
from hub.state import HubState, Meeting
from signaling.rooms import account_room, desk_room, floor_room, meeting_room, own_room
from signaling.services import Json

#: Kinds that say something of single participants: each hears what is said of himself, desks hear it all.
_OF_PARTICIPANTS: Final = frozenset({"sources", "quality", "downlink"})
_REF: Final = tuple(ParticipantRef.model_fields)
_SCREEN: Final = ":screen"
#: So often those who are no desks are told who speaks, changed or not: one may have come since.
SPEAKER_EVERY_S: Final = 2.0


def own(event: Json, account: str) -> Json:
    """What an event says of this participant."""
    mine = {**event, "gone": [who for who in event["gone"] if who == account]}
    if event["kind"] == "sources":
        return {**mine, "sources": [each for each in event["sources"] if each["participant"] == account]}
    for field in ("participants", "lines"):
        mine[field] = {who: value for who, value in event[field].items() if who == account}
    return mine


def _each(event: Json) -> Iterator[tuple[str, Json]]:
    """What an event says of each participant whom it names, in one walk: it may name thousands."""
    if event["kind"] == "sources":
        bare = {**event, "sources": [], "gone": [], "full": False}
        for source in event["sources"]:
            yield str(source["participant"]), {**bare, "sources": [source]}
    else:
        bare = {**event, "participants": {}, "lines": {}, "gone": []}
        for who, state in event["participants"].items():
            lines = {who: event["lines"][who]} if who in event["lines"] else {}
            yield who, {**bare, "participants": {who: state}, "lines": lines}
    for who in event["gone"]:
        yield str(who), {**bare, "gone": [who]}


def addressed(event: Json, account: str | None) -> Iterator[tuple[str, Json]]:
    """The rooms that hear an event, each with what it hears; `account` is the one it is for, None for everybody."""
    meeting = str(event["meeting"])
    if account is not None:
        yield account_room(account), event
    elif event["kind"] == "levels":
        yield desk_room(meeting), event
    elif event["kind"] not in _OF_PARTICIPANTS:
        yield meeting_room(meeting), event
    else:
        yield desk_room(meeting), event
        for who, said in _each(event):
            yield own_room(who, meeting), said


class Speakers:
    """Who speaks, for those who are no desks: told when it changes and now and then, without how loud everybody is."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._told: dict[str, tuple[str | None, float]] = {}  # meeting -> who was told, and when

    def news(self, event: Json) -> tuple[str, Json] | None:
        """The room and the event to tell after an event `levels`; None when nothing is to be told."""
        meeting, speaker, now = str(event["meeting"]), event["speaker"], self._now()
        told = self._told.get(meeting)
        if told is not None and told[0] == speaker and now - told[1] < SPEAKER_EVERY_S:
            return None
        self._told[meeting] = (speaker, now)
        return floor_room(meeting), {**event, "levels": {}}

    def ended(self, meeting: str) -> None:
        """A meeting is over."""
        self._told.pop(meeting, None)


def holding(events: list[Json], account: str, *, desk: bool) -> list[Json]:
    """The events that hold when somebody begins to follow."""
    return [
        own(event, account) if event["kind"] in _OF_PARTICIPANTS and not desk else event for event in events
    ]


def with_people(event: Json, meeting: Meeting | None, state: HubState) -> Json:
    """A `slots` event with who is in the slots, guests of other meetings among them; another event as it is."""
    if event["kind"] != "slots":
        return event
    shown = [
        str(each).removesuffix(_SCREEN) for each in [*event["video"], *event["audio"]] if each is not None
    ]
    meetings = [meeting] if meeting is not None else []
    if meeting is not None and meeting.is_open:
        meetings += [state.meetings[each] for each in together(state, meeting.id)]
    people = [
        seat.model_dump(include=set(_REF))
        for who in dict.fromkeys(shown)
        if (seat := next((seat for each in meetings if (seat := each.shown(who)) is not None), None))
        is not None
    ]
    return {**event, "people": people}
