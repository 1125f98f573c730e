"""Who hears whom in one meeting, as control tells it: worked out when it is told, looked up when slots are filled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple


class Standing(NamedTuple):
    """How one is heard. Who is heard apart is not heard in the common sound."""

    silent: bool
    """By nobody."""
    common: bool
    """In the common sound."""
    apart: frozenset[str] | None
    """In a word apart with these."""


_RESTS: Final = Standing(True, False, None)


class Hearing:
    """What control tells of sound (docs/link.md), all by participant. What is not told is as in a meeting without any of it."""

    def __init__(
        self,
        muted: Iterable[str] = (),
        heard: Iterable[str] | None = None,
        apart: Sequence[Sequence[str]] = (),
        deaf: Iterable[str] = (),
        listeners: Mapping[str, str] | None = None,
        paused: bool = False,
    ) -> None:
        """Exactly `heard` are heard in the common sound, with None all but the `muted`.

        Those in one list of `apart` hear exactly each other. The `deaf` hear nothing, `listeners` exactly the one they
        listen in to. While the meeting is `paused` nobody hears anybody.
        """
        self.paused = paused
        self.muted = frozenset(muted)
        self.heard = frozenset(heard) if heard is not None else None
        self.deaf = frozenset(deaf)
        self.listeners = dict(listeners or {})
        self._apart = {who: frozenset(group) for group in apart for who in group}
        self._listened = frozenset(self.listeners.values())

    @property
    def aside(self) -> tuple[object, ...]:
        """All that makes somebody hear something else than the common sound: comparable."""
        return (self._apart, self.deaf, self.listeners, self.paused)

    def in_common(self, who: str) -> bool:
        """Whether he is heard by all who hear the common sound."""
        if who in self._apart or self.paused:
            return False
        return who not in self.muted if self.heard is None else who in self.heard

    def is_silent(self, who: str) -> bool:
        """Whether nobody is to hear him: nothing of him is even kept."""
        return self.standing(who).silent

    def own_of(self, listener: str) -> frozenset[str] | None:
        """Whom this one hears in place of the common sound; None where he hears that."""
        if listener in self.deaf or self.paused:
            return frozenset()
        apart = self._apart.get(listener)
        if apart is not None:
            return apart - {listener}
        target = self.listeners.get(listener)
        return None if target is None else frozenset((target,)) - {listener}

    def hears(self, listener: str, speaker: str) -> bool:
        """Whether the one may get the other's sound."""
        own = self.own_of(listener)
        return speaker in own if own is not None else speaker != listener and self.in_common(speaker)

    def standing(self, who: str) -> Standing:
        """How he is heard, in one look: a city's microphones are gone through when this is told."""
        if self.paused:
            return _RESTS
        apart = self._apart.get(who)
        if apart is None:
            common = who not in self.muted if self.heard is None else who in self.heard
            return Standing(not common and who not in self._listened, common, None)
        return Standing(len(apart) < 2 and who not in self._listened, False, apart)

    def dump(self) -> dict[str, object]:
        """For people."""
        return {
            "muted": sorted(self.muted),
            "heard": sorted(self.heard) if self.heard is not None else None,
            "apart": sorted({tuple(sorted(group)) for group in self._apart.values()}),
            "deaf": sorted(self.deaf),
            "listeners": self.listeners,
            "paused": self.paused,
        }
