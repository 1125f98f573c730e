"""Telling `media` events: desks hear of everybody, others of themselves, and who is in one's slots is told by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from hub.shapes import ParticipantRef
from hub.state import Meeting
from signaling.rooms import account_room, desk_room, meeting_room, own_room
from signaling.services import Json

#: Kinds that say something of single participants: each hears what is said of himself, desks hear it all.
_OF_PARTICIPANTS: Final = frozenset({"sources", "quality", "downlink"})
_REF: Final = tuple(ParticipantRef.model_fields)
_SCREEN: Final = ":screen"


def own(event: Json, account: str) -> Json:
    """What an event says of this participant."""
    mine = {**event, "gone": [who for who in event["gone"] if who == account]}
    if event["kind"] == "sources":
        return {**mine, "sources": [each for each in event["sources"] if each["participant"] == account]}
    for field in ("participants", "lines"):
        mine[field] = {who: value for who, value in event[field].items() if who == account}
    return mine


def _named(event: Json) -> set[str]:
    """The participants an event says something of."""
    said = event["sources"] if event["kind"] == "sources" else event["participants"]
    return {str(each["participant"]) if isinstance(each, dict) else str(each) for each in said} | set(
        event["gone"]
    )


def addressed(event: Json, account: str | None) -> Iterator[tuple[str, Json]]:
    """The rooms that hear an event, each with what it hears; `account` is the one it is for, None for everybody."""
    meeting = str(event["meeting"])
    if account is not None:
        yield account_room(account), event
    elif event["kind"] not in _OF_PARTICIPANTS:
        yield meeting_room(meeting), event
    else:
        yield desk_room(meeting), event
        for who in sorted(_named(event)):
            yield own_room(who, meeting), own({**event, "full": False} if "full" in event else event, who)


def holding(events: list[Json], account: str, *, desk: bool) -> list[Json]:
    """The events that hold when somebody begins to follow."""
    return [
        own(event, account) if event["kind"] in _OF_PARTICIPANTS and not desk else event for event in events
    ]


def with_people(event: Json, meeting: Meeting | None) -> Json:
    """A `slots` event with who is in the slots; another event as it is."""
    if event["kind"] != "slots":
        return event
    shown = [
        str(each).removesuffix(_SCREEN) for each in [*event["video"], *event["audio"]] if each is not None
    ]
    seats = meeting.seats if meeting is not None else {}
    people = [seats[who].model_dump(include=set(_REF)) for who in dict.fromkeys(shown) if who in seats]
    return {**event, "people": people}
