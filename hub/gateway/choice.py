"""What viewers are given of a camera whose streams browsers cannot all show: which is transcoded, and whether there is room.

In this order: a main stream that plays, a sub stream that plays, a transcoded one, pictures every few seconds. Layers that play
are chosen by viewers themselves; here is said what happens where none does. Pure.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Final, NamedTuple

#: What is larger is decoded at a price, and leaves smaller; what is smaller is not worth a large tile.
_MOST_LINES: Final = 720
_LEAST_LINES: Final = 360


class Expected(NamedTuple):
    """What a stream was like when it was last looked at: its size in pixels, bits a second; 0 where not known."""

    size: tuple[int, int] = (0, 0)
    bps: int = 0


class Candidate(NamedTuple):
    """One stream of a camera. `size` is (0, 0) while not known.

    `bad`: it comes, and no browser shows it. `hopeful`: it plays, or would if it were asked for.
    """

    rid: str
    size: tuple[int, int]
    bad: bool
    hopeful: bool


def to_transcode(streams: Sequence[Candidate]) -> str | None:
    """The stream that is to be transcoded, None where one plays or may, or where none comes. The large one is named last."""
    if any(stream.hopeful and not stream.bad for stream in streams):
        return None
    bad = [stream for stream in streams if stream.bad]
    fair = [stream for stream in bad if _LEAST_LINES <= stream.size[1] <= _MOST_LINES]
    best = max(fair, key=lambda stream: stream.size[1], default=None)
    return best.rid if best is not None else bad[-1].rid if bad else None


def to_twin(streams: Sequence[Candidate]) -> str | None:
    """The stream that is made VP8 for viewers who take no H264: the smallest that fills a tile, else the largest there is; None
    where none comes, or would."""
    there = [stream for stream in streams if stream.bad or stream.hopeful]
    fair = [stream for stream in there if stream.size[1] >= _LEAST_LINES]
    if fair:
        return min(fair, key=lambda stream: stream.size[1]).rid
    # of those of which no size is known the first, which is the small one
    unknown = [stream for stream in there if not any(stream.size)]
    return unknown[0].rid if unknown else max(there, key=lambda s: s.size[1]).rid if there else None


class Quota:
    """So many at once, first come, first served. What waits has its turn when something is dropped."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._asked: dict[Hashable, None] = {}
        self._held: set[Hashable] = set()

    @property
    def full(self) -> bool:
        """Whether who asks now has to wait."""
        return len(self._held) >= self.most

    def take(self, key: Hashable) -> bool:
        """Whether `key` has a place; asked again while it is wanted. Who asked first comes first."""
        if key in self._held:
            return True
        self._asked.setdefault(key)
        free = self.most - len(self._held)
        if free <= 0 or list(self._asked).index(key) >= free:
            return False
        del self._asked[key]
        self._held.add(key)
        return True

    def drop(self, key: Hashable) -> None:
        """It is wanted no more, whether it had a place or waited; an unknown one is no error."""
        self._held.discard(key)
        self._asked.pop(key, None)

    def dump(self) -> dict[str, object]:
        """For people."""
        return {"most": self.most, "held": len(self._held), "waiting": len(self._asked)}
