"""Who stands on the stage of one viewer: what he is shown of his own, else broadcast, else the loudest, else the first; never
oneself."""

from __future__ import annotations

import itertools
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from hub.media.ingest.track import SCREEN, word_of
from hub.media.meeting.audio import fill_slots


@dataclass(frozen=True, slots=True)
class Aside:
    """What stands aside from the broadcast. `views`: what single viewers see on their stage instead; `second`: whose screen
    stands beside the stage, so that it is not shown on it; `fallback`: who stands on the stage while nobody is broadcast."""

    views: Mapping[str, str] = field(default_factory=dict)
    second: str | None = None
    fallback: str | None = None


#: Nothing does.
NOTHING_ASIDE: Final = Aside()


def in_order(
    viewer: str,
    chosen: Iterable[str | None],
    speakers: Sequence[str],
    publishers: Iterable[str],
    showing: Container[str],
) -> Iterator[str]:
    """Participants whose picture `viewer` may be shown, who comes first at first, each once.

    `chosen` are those whom somebody chose: for this viewer, for all. `speakers` are those who spoke loudest, latest first;
    `publishers` all who publish, first come first; `showing` those who send a picture at all.
    """
    seen = {viewer}
    for group in (chosen, speakers, publishers):
        for participant in group:
            if participant is not None and participant not in seen and participant in showing:
                seen.add(participant)
                yield participant


def picture_of(participant: str, videos: Container[str], second: str | None) -> str:
    """The word of what the stage shows of him: who shares a screen shows it there, unless it stands beside the stage.

    His camera can be had in a tile.
    """
    screen = word_of(participant, SCREEN)
    if participant not in videos:
        return screen
    return screen if screen in videos and participant != second else participant


def filled(
    standing: Sequence[str | None], named: Iterable[str], order: Iterable[str], videos: Container[str]
) -> list[str | None]:
    """What stands in the slots that fill themselves: who comes next in `order`, but nobody who is `named` in another slot.

    Who stands already stays where he is: places do not change because somebody speaks.
    """
    elsewhere = {word.partition(":")[0] for word in named}
    coming = (picture_of(who, videos, who) for who in order if who not in elsewhere)
    made: list[str | None] = []
    for word in fill_slots(standing, itertools.islice(coming, len(standing)), None):
        assert word is None or isinstance(word, str)
        made.append(word)
    return made
