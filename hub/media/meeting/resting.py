"""Cameras that may rest: pictures and layers that nobody takes are stopped at their publishers, and resumed at once."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Final

from hub.media.ingest.layer import Layer
from hub.media.ingest.publication import Publication

#: A picture nobody watches is paused after this long; watched again, it resumes at once.
PAUSE_AFTER_S: Final = 2.0
#: A layer nobody takes is stopped after this long; wanted again, it resumes at once.
LAYER_OFF_AFTER_S: Final = 5.0

#: Tells control an event of docs/link.md: (name, data).
Tell = Callable[[str, dict[str, Any]], None]


class Resting:
    """Which pictures of one meeting rest. Those of other nodes their own nodes see to."""

    def __init__(self, meeting: str, tell: Tell) -> None:
        self._meeting = meeting
        self._tell = tell
        self._unwatched_since: dict[Publication, float] = {}
        self._unused_since: dict[Layer, float] = {}

    def forget(self, publication: Publication) -> None:
        """A track has ended."""
        self._unwatched_since.pop(publication, None)
        for layer in publication.layers:
            self._unused_since.pop(layer, None)

    def tick(self, pictures: Collection[Publication], now: float) -> None:
        """Pause and resume, now and then."""
        self._tell_pauses(pictures, now)
        self._tell_layers(pictures, now)

    def retell(self, pictures: Collection[Publication]) -> None:
        """Tell what holds now once more."""
        for publication in pictures:
            if not publication.remote:
                # Either way: that somebody watches again may have been told while nobody heard it.
                self._tell_pause(publication)
            if any(not layer.active for layer in publication.layers):
                self._tell_active(publication)

    def _tell_pauses(self, pictures: Collection[Publication], now: float) -> None:
        for publication in pictures:
            if publication.remote:
                continue
            if publication.watched:
                self._unwatched_since.pop(publication, None)
                if publication.paused:
                    publication.set_paused(False, now)
                    self._tell_pause(publication)
            elif not publication.paused:
                since = self._unwatched_since.setdefault(publication, now)
                if now - since >= PAUSE_AFTER_S:
                    publication.set_paused(True, now)
                    self._tell_pause(publication)

    def _tell_layers(self, pictures: Collection[Publication], now: float) -> None:
        """Have the publishers stop the simulcast layers that nobody takes, and resume those that somebody does."""
        for publication in pictures:
            if publication.remote or not publication.simulcast or not publication.watched:
                continue
            changed = False
            for layer in publication.layers:
                if layer.used or layer.rank == 0:
                    self._unused_since.pop(layer, None)
                    active = True
                else:
                    active = now - self._unused_since.setdefault(layer, now) < LAYER_OFF_AFTER_S
                if active != layer.active:
                    layer.activate(active, now)
                    changed = True
            if changed:
                self._tell_active(publication)

    def _about(self, publication: Publication) -> dict[str, Any]:
        return {
            "meeting": self._meeting,
            "participant": publication.participant,
            "peer": publication.peer,
        }

    def _tell_pause(self, publication: Publication) -> None:
        self._tell("pause", {**self._about(publication), "paused": publication.paused})

    def _tell_active(self, publication: Publication) -> None:
        stopped = {layer.rid for layer in publication.layers if not layer.active}
        active = [rid for rid in publication.rids if rid not in stopped]
        self._tell("layers", {**self._about(publication), "active": active})
