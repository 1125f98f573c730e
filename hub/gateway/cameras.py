"""The cameras a gateway brings: each pulled at most once a stream, and put into every meeting and place it was offered in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from hub.gateway.camera import Camera
from hub.gateway.child import Children
from hub.gateway.choice import Expected, Quota
from hub.gateway.pulls import Opener, Pull
from hub.gateway.rtsp_port import Target
from hub.gateway.sound import Sound
from hub.gateway.twin import Twin
from hub.media.ingest.layer import Layer
from hub.media.ingest.publication import Publication
from hub.media.meeting.router import Router

#: Rates are told anew when they have changed by so much of themselves.
_RATE_CHANGED: Final = 0.3

NOTHING_EXPECTED: Final[Mapping[str, Expected]] = {}
Tell = Callable[[str, dict[str, Any]], None]


class Host(Protocol):
    """What is needed of the packet plane (its Sfu)."""

    def router_of(self, meeting: str) -> Router: ...
    def mark(self, layer: Layer) -> None:
        """A layer has packets to fan out."""


class Cameras:
    """All cameras of a gateway. `tell` is told `camera.state`; time comes from `clock`."""

    def __init__(
        self,
        host: Host,
        opener: Opener,
        tell: Tell,
        clock: Callable[[], float],
        to_unix: Callable[[float], float],
        mark: Callable[[Layer], None],
        transcodes: int = 1,
    ) -> None:
        """`transcodes`: so many cameras are transcoded at once."""
        self.by_id: dict[str, Camera] = {}
        self._host = host
        self._opener = opener
        self._tell = tell
        self._clock = clock
        self._to_unix = to_unix
        self._mark = mark
        self.quota = Quota(transcodes)
        self._children = Children()

    def offer(
        self,
        meeting: str,
        participant: str,
        camera: str,
        targets: Mapping[str, Target],
        *,
        sound: bool = False,
        twin: bool = False,
        expected: Mapping[str, Expected] = NOTHING_EXPECTED,
    ) -> None:
        """Bring it into a meeting, with its sound or without, and with its picture for who takes no H264 (`twin`); told again,
        only what is new is changed, and pictures go on. `expected`: what its streams were like, by name."""
        now = self._clock()
        found = self.by_id.get(camera)
        if found is None:
            found = Camera(
                camera,
                lambda rid, target: self._pull(camera, rid, target),
                lambda target: self._sound(camera, target),
                lambda: self._twin(camera),
                self.quota,
            )
            self.by_id[camera] = found
        if found.reach(targets, expected, now):
            for place, publication in list(found.places.items()):
                self._remove(found, place, publication, now)
                self._add(found, place, publication.participant, now)
        if meeting not in found.places:
            self._add(found, meeting, participant, now)
        if sound and meeting not in found.heard_in:
            made = found.heard_in[meeting] = found.publish_sound(participant)
            self._host.router_of(meeting).add_publication(made, now)
        elif not sound:
            self._silence(found, meeting, now)
        if twin and meeting not in found.twin_in:
            made = found.twin_in[meeting] = found.publish_twin(participant)
            self._host.router_of(meeting).add_publication(made, now)
        elif not twin:
            self._part(found, meeting, now)
        self._tell_state(found, again=True)

    def withdraw(self, meeting: str, camera: str) -> None:
        """It is not to be in that meeting any more; with the last one its pulls end at once. An unknown one is no error."""
        found = self.by_id.get(camera)
        publication = found.places.get(meeting) if found is not None else None
        if found is None or publication is None:
            return
        now = self._clock()
        self._remove(found, meeting, publication, now)
        self._silence(found, meeting, now)
        self._part(found, meeting, now)
        if not found.places:
            found.stop(now)
            del self.by_id[camera]

    def forget(self, meeting: str) -> None:
        """The meeting has ended here."""
        for camera in list(self.by_id):
            self.withdraw(meeting, camera)

    def look(self, now: float) -> None:
        """What is due by time; every 100 ms."""
        for camera in list(self.by_id.values()):
            camera.look(now)
            self._tell_state(camera)

    def retell(self) -> None:
        """Tell how every picture is once more."""
        for camera in self.by_id.values():
            self._tell_state(camera, again=True)

    def hello(self) -> list[dict[str, str]]:
        """What is brought where, for the gateway's hello."""
        return [
            {"meeting": meeting, "camera": camera.camera}
            for camera in self.by_id.values()
            for meeting in camera.places
        ]

    async def close(self) -> None:
        """End every pull; cameras are told."""
        for camera in self.by_id.values():
            camera.stop(self._clock())
        await self._children.gone()

    def dump(self) -> list[dict[str, Any]]:
        """For people."""
        return [
            {
                "camera": camera.camera,
                "places": sorted(camera.places),
                "pulls": [pull.dump() for pull in camera.pulls.values()],
                "sound": camera.sound.dump() if camera.sound is not None else None,
                "twin": camera.twin.dump() if camera.twin is not None else None,
            }
            for camera in self.by_id.values()
        ]

    # -- inside

    def _news(self, camera: str) -> None:
        found = self.by_id.get(camera)
        if found is not None:
            self._tell_state(found)

    def _sound(self, camera: str, target: Target) -> Sound:
        return Sound(
            target,
            self._opener,
            self._clock,
            self._to_unix,
            mark=self._mark,
            children=self._children,
            on_news=lambda: self._news(camera),
        )

    def _twin(self, camera: str) -> Twin:
        return Twin(
            self._clock,
            self._to_unix,
            mark=self._mark,
            children=self._children,
            on_news=lambda: self._news(camera),
        )

    def _pull(self, camera: str, rid: str, target: Target) -> Pull:
        return Pull(
            rid,
            target,
            self._opener,
            self._clock,
            self._to_unix,
            mark=self._mark,
            children=self._children,
            on_news=lambda: self._news(camera),
        )

    def _add(self, camera: Camera, meeting: str, participant: str, now: float) -> None:
        publication = camera.places[meeting] = camera.publish(participant)
        self._host.router_of(meeting).add_publication(publication, now)

    def _remove(self, camera: Camera, meeting: str, publication: Publication, now: float) -> None:
        del camera.places[meeting]
        camera.unpublish(publication)
        self._host.router_of(meeting).remove_publication(publication, now)

    def _silence(self, camera: Camera, meeting: str, now: float) -> None:
        """Its sound is not, or no more, in that place."""
        publication = camera.heard_in.pop(meeting, None)
        if publication is not None and camera.sound is not None:
            camera.sound.unpublish(publication)
            self._host.router_of(meeting).remove_publication(publication, now)

    def _part(self, camera: Camera, meeting: str, now: float) -> None:
        """Nobody, or nobody any more, takes anything but H264 in that place."""
        publication = camera.twin_in.pop(meeting, None)
        if publication is not None and camera.twin is not None:
            camera.twin.unpublish(publication)
            self._host.router_of(meeting).remove_publication(publication, now)

    def _tell_state(self, camera: Camera, *, again: bool = False) -> None:
        state, told = camera.state(), camera.told
        same = {**state, "bps": 0, "fps": 0} == {**told, "bps": 0, "fps": 0} if told else False
        rate, before = state["bps"], told.get("bps", 0)
        if again or not same or abs(rate - before) > _RATE_CHANGED * max(rate, before):
            camera.told = state
            self._tell("camera.state", state)
