"""The relays of one meeting: each is given what is published at this node, and nothing while the meeting rests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from hub.media.ingest.publication import Publication


class RelayLike(Protocol):
    """What the router needs of a relay: to be given everything that is published at this node, now and later."""

    @property
    def records(self) -> bool:
        """Whether it goes to the recorder, and takes guests of the meeting, too."""

    def add(self, publication: Publication) -> None: ...
    def remove(self, publication: Publication) -> None: ...
    def layers_changed(self, publication: Publication, now: float) -> None:
        """A layer has been added to a publication it was given."""


class Relays(dict[str, RelayLike]):
    """By name. What came by a relay goes no further."""

    paused = False

    def __init__(self) -> None:
        super().__init__()
        self._lent: list[Publication] = []

    def lend(self, guests: Sequence[Publication]) -> None:
        """These guests are recorded now, and no others."""
        if guests == self._lent:
            return
        before, self._lent = self._lent, list(guests)
        for relay in self.values():
            if relay.records:
                for guest in before:
                    if guest not in guests:
                        relay.remove(guest)
                for guest in guests:
                    if guest not in before:
                        relay.add(guest)

    def offer(self, publication: Publication) -> None:
        """A track begins."""
        if not publication.remote and not self.paused:
            for relay in self.values():
                relay.add(publication)

    def layer(self, publication: Publication, now: float) -> None:
        """A track has one more layer."""
        if not publication.remote and not self.paused:
            for relay in self.values():
                relay.layers_changed(publication, now)

    def withdraw(self, publication: Publication) -> None:
        """A track has ended."""
        if not publication.remote:
            for relay in self.values():
                relay.remove(publication)

    def rest(self, paused: bool, publications: Iterable[Publication]) -> None:
        """The meeting rests, and every stream ends; or it goes on, and they begin anew."""
        if paused == self.paused:
            return
        self.paused = paused
        for publication in publications:
            if paused:
                self.withdraw(publication)
            else:
                self.offer(publication)

    def forget(self, guest: Publication) -> None:
        """A guest's track has ended."""
        if guest in self._lent:
            self.lend([each for each in self._lent if each is not guest])

    def open(self, name: str, relay: RelayLike, publications: Iterable[Publication]) -> None:
        """A relay opens."""
        self[name] = relay
        for guest in self._lent if relay.records else ():
            relay.add(guest)
        for publication in publications:
            if not publication.remote and not self.paused:
                relay.add(publication)

    def close(self, name: str, publications: Iterable[Publication]) -> None:
        """A relay has closed: its streams end."""
        relay = self.pop(name, None)
        if relay is None:
            return
        for guest in self._lent if relay.records else ():
            relay.remove(guest)
        for publication in publications:
            if not publication.remote:
                relay.remove(publication)
