"""Who hears whom: the one place that decides it, from all that bears on it; media nodes are told this and nothing else.

| who | is heard by |
|---|---|
| who is in a word apart | the others in it, muted or not |
| the chair and the center called, while a roll call goes on | all in the common sound, muted or not; nobody else is |
| who holds the key, has the floor, is a camera or phone, while one talks by a key | all in the common sound; nobody else is |
| all others, but whom the chair muted | all in the common sound |
| whom somebody listens in to | him as well, muted or not |

| who | hears |
|---|---|
| whose loudspeaker is off | nothing |
| who is in a word apart | the others in it |
| who listens in to somebody | him alone |
| all others | the common sound |

What is first in a list goes before what is below it. Nobody hears himself, and nobody anybody while the meeting is paused.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from hub.conference.floor_shapes import Floor
from hub.conference.pause import Pause
from hub.conference.roll_call_shapes import RollCall
from hub.conference.sound_shapes import OwnSounds, Sound
from hub.ruling import RuleFile
from hub.state import Meeting


class Hearing(NamedTuple):
    """Who hears whom in a meeting, as nodes are told it; all by participant id."""

    heard: list[str] | None
    """Exactly these are heard in the common sound, muted or not; None: all but the muted."""
    muted: list[str]
    apart: list[list[str]]
    """Each list: those in one word apart."""
    deaf: list[str]
    """They hear nothing."""
    listeners: dict[str, str]
    """Who listens in -> to whom."""
    paused: bool = False
    """Nobody hears anybody: the meeting rests."""


def hearing_of(meeting: Meeting) -> Hearing:
    """What the parts of a meeting come to."""
    sound, own = meeting.read(Sound), meeting.read(OwnSounds).rows
    heard = meeting.read(RollCall).heard
    if heard is None and sound.mode == "talk":
        floor = meeting.read(Floor).rows
        speaks = [who for who, claim in floor.items() if claim.state == "speaking"]
        seats = meeting.seats
        heard = [
            who
            for who in dict.fromkeys((*(one.participant for one in sound.talking), *speaks))
            if who in seats and not seats[who].muted
        ]
        heard += [each.id for each in meeting.beside_now if each.is_heard]
    return Hearing(
        heard=heard,
        # who has left, too: he comes back muted, and nodes are not told anew when somebody joins
        muted=[seat.id for seat in (*meeting.seats.values(), *meeting.beside) if seat.muted],
        apart=[[one.participant for one in each.members] for each in sound.apart],
        deaf=[who for who, row in own.items() if row.speaker_off],
        paused=meeting.read(Pause).paused,
        listeners={who: row.listens.participant for who, row in own.items() if row.listens is not None},
    )


def hears(hearing: Hearing, listener: str, speaker: str) -> bool:
    """Whether the one hears the other when he speaks: the two tables above."""
    if hearing.paused or listener == speaker or listener in hearing.deaf:
        return False
    own = next((each for each in hearing.apart if listener in each), None)
    if own is not None:
        return speaker in own
    if listener in hearing.listeners:
        return hearing.listeners[listener] == speaker
    if any(speaker in each for each in hearing.apart):
        return False
    return speaker in hearing.heard if hearing.heard is not None else speaker not in hearing.muted


def in_common(hearing: Hearing, who: str) -> bool:
    """Whether all who hear the common sound hear him."""
    if hearing.paused or any(who in each for each in hearing.apart):
        return False
    return who in hearing.heard if hearing.heard is not None else who not in hearing.muted


def _to_node(meeting: Meeting) -> dict[str, Any]:
    return hearing_of(meeting)._asdict()


RULES = RuleFile("hearing", to_node=_to_node)
