"""Who is heard: the loudest open microphones of a meeting, chosen calmly, never oneself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from hub.media.ingest.microphone import Microphone

#: A newcomer must be this much louder than the quietest speaker to take his place at once.
MARGIN_DB: Final = 6.0
#: A microphone keeps its place at least this long.
HOLD_S: Final = 2.0
#: Quieter than this is not speech; such a microphone is never "the loudest".
SPEECH_LEVEL: Final = 60.0


class AudioRanking:
    """The open microphones of one meeting in the order in which they are heard, with hysteresis.

    A viewer with M audio slots hears the first M that are not his own.
    """

    def __init__(self, places: int) -> None:
        """`places`: how many positions at the front matter; the order behind them is not kept."""
        self.places = places
        self.microphones: dict[object, Microphone] = {}
        self._order: list[Microphone] = []

    def add(self, microphone: Microphone) -> None:
        """A microphone opens, behind all others."""
        self.microphones[microphone.key] = microphone
        self._order.append(microphone)

    def remove(self, key: object) -> None:
        """A microphone is gone."""
        self.microphones.pop(key, None)
        self._order = [m for m in self._order if m.key != key]

    def rank(self, now: float) -> list[Microphone]:
        """The microphones that are heard now, first place first; muted ones are not among them."""
        order = self._order
        for place in range(min(self.places, len(order) - 1)):
            holder = order[place]
            best = min(order[place + 1 :], key=lambda m: m.rank_level(now))
            if not holder.muted and (
                now - holder.placed_at < HOLD_S or best.rank_level(now) + MARGIN_DB > holder.rank_level(now)
            ):
                continue
            if best.rank_level(now) < holder.rank_level(now):
                order.remove(best)
                order.insert(place, best)
                best.placed_at = now
        return [m for m in order[: self.places] if not m.muted]

    def loudest(self, now: float) -> str | None:
        """The participant who speaks loudest now; None in silence."""
        speaking = [m for m in self.microphones.values() if not m.muted and m.has_levels]
        best = min(speaking, key=lambda m: m.loudness(now), default=None)
        return best.participant if best is not None and best.loudness(now) < SPEECH_LEVEL else None

    def levels(self, now: float) -> dict[str, int]:
        """The level of each open microphone of this node that tells one, −dBov."""
        return {
            m.participant: round(m.loudness(now))
            for m in self.microphones.values()
            if m.has_levels and not m.muted and not m.remote
        }


class Speaker:
    """The speaker shown on the stage: the loudest, but not changed more often than a viewer can follow."""

    def __init__(self) -> None:
        self.current: str | None = None
        self._since = float("-inf")
        self._candidate: str | None = None
        self._candidate_since = float("-inf")

    def update(self, loudest: str | None, now: float) -> bool:
        """Take the loudest participant of this moment; True if the speaker changed."""
        if loudest is None or loudest == self.current:
            self._candidate = None
            return False
        if loudest != self._candidate:
            self._candidate, self._candidate_since = loudest, now
        patient = 0.0 if self.current is None else 0.6
        if now - self._candidate_since < patient or (self.current is not None and now - self._since < HOLD_S):
            return False
        self.current, self._since, self._candidate = loudest, now, None
        return True

    def left(self, participant: str) -> None:
        """The participant sends nothing any more."""
        if self.current == participant:
            self.current = None


def fill_slots(
    slots: Sequence[object | None], audible: Iterable[object], own: object | None
) -> list[object | None]:
    """Which microphone each audio slot of one viewer plays: who stays keeps his slot, oneself is left out."""
    wanted = [key for key in audible if key != own][: len(slots)]
    filled: list[object | None] = [key if key in wanted else None for key in slots]
    waiting = [key for key in wanted if key not in filled]
    for index, key in enumerate(filled):
        if key is None and waiting:
            filled[index] = waiting.pop(0)
    return filled
