"""The cameras a gateway brings: each pulled at most once a stream, and put into every meeting and place it was offered in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from hub.gateway.camera_layer import RIDS, CameraLayer, publication_of
from hub.gateway.choice import Candidate, Quota, to_transcode
from hub.gateway.pulls import Opener, Pull
from hub.gateway.rtsp_port import Target
from hub.gateway.transcode import Children
from hub.media.ingest.layer import Layer
from hub.media.ingest.publication import Publication
from hub.media.meeting.router import Router

#: The best of what streams say is what is said of the camera.
_BEST: Final = ("playing", "connecting", "reconnecting", "unplayable", "refused", "idle")
#: A place for transcoding is kept so long after the last viewer went: he may only have moved from one tile to another.
_KEPT_S: Final = 2.0
#: Rates are told anew when they have changed by so much of themselves.
_RATE_CHANGED: Final = 0.3

Tell = Callable[[str, dict[str, Any]], None]


class Host(Protocol):
    """What is needed of the packet plane (its Sfu)."""

    def router_of(self, meeting: str) -> Router: ...
    def mark(self, layer: Layer) -> None:
        """A layer has packets to fan out."""


class Camera:
    """One camera: its streams, and its publication in each meeting."""

    def __init__(self, camera: str, make_pull: Callable[[str, Target], Pull], quota: Quota) -> None:
        self.camera = camera
        self.pulls: dict[str, Pull] = {}
        self.places: dict[str, Publication] = {}
        self.told: dict[str, Any] = {}
        self._make_pull = make_pull
        self._quota = quota
        self._full = False  # it would be transcoded, if there were room
        self._watched_at = float("-inf")

    def look(self, now: float) -> None:
        """What is due by time; every 100 ms."""
        for pull in self.pulls.values():
            pull.look(now)
        if any(layer.used for pull in self.pulls.values() for layer in pull.layers):
            self._watched_at = now
        chosen = self._to_transcode(now) if now - self._watched_at < _KEPT_S else None
        has_place = chosen is not None and self._quota.take(self.camera)
        self._full = chosen is not None and not has_place
        if chosen is None:
            self._quota.drop(self.camera)
        for rid, pull in self.pulls.items():
            pull.transcode(has_place and rid == chosen)

    def _to_transcode(self, now: float) -> str | None:
        if not any(pull.raw for pull in self.pulls.values()):
            return None
        streams = [(rid, pull) for rid in RIDS if (pull := self.pulls.get(rid)) is not None]
        return to_transcode(
            [
                Candidate(rid, pull.size, bool(pull.bad), pull.promising(now))
                for rid, pull in streams
                if pull.raw is not None or not pull.bad
            ]
        )

    def stop(self, now: float) -> None:
        """End every pull at once."""
        self._quota.drop(self.camera)
        for pull in self.pulls.values():
            pull.stop(now)

    def reach(self, targets: Mapping[str, Target], now: float) -> bool:
        """Its streams by name. True if there are others than before: its publications have to be made anew."""
        changed = set(targets) != set(self.pulls)
        if changed:
            self.stop(now)
            self.pulls = {rid: self._make_pull(rid, target) for rid, target in targets.items()}
        else:
            for rid, target in targets.items():
                self.pulls[rid].redirect(target, now)
        return changed

    def publish(self, participant: str) -> Publication:
        """A publication of it, with a layer a stream."""
        rids = tuple(rid for rid in RIDS if rid in self.pulls)
        publication = publication_of(participant, rids)
        for rank, rid in enumerate(rids):
            pull = self.pulls[rid]
            layer = CameraLayer(publication, rid=rid, rank=rank, asked=pull.asked, promising=pull.promising)
            layer.size = pull.size if all(pull.size) else None
            pull.layers.append(layer)
            publication.add_layer(layer)
        return publication

    def unpublish(self, publication: Publication) -> None:
        """It is in that place no more."""
        for pull in self.pulls.values():
            pull.layers = [layer for layer in pull.layers if layer.publication is not publication]

    def state(self) -> dict[str, Any]:
        """How its picture is, as `camera.state` tells it."""
        pulls = [pull for pull in self.pulls.values() if pull.open] or list(self.pulls.values())
        best = min(pulls, key=lambda pull: (_BEST.index(pull.state), -pull.size[0]))
        width, height = best.size
        playing = best.state == "playing"
        # What can be neither passed on nor transcoded is shown by pictures, one every few seconds; those are decoded here.
        snapshots = "snapshots" if best.state == "unplayable" else None
        return {
            "camera": self.camera,
            "state": best.state,
            "reason": "quota" if snapshots and self._full else best.reason,
            "instead": "transcoded" if playing and best.transcoding else snapshots,
            "codec": best.codec,
            "width": width,
            "height": height,
            "fps": best.fps if playing else 0,
            "bps": best.bps if playing else 0,
        }


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
        self._children = Children(clock)

    def offer(self, meeting: str, participant: str, camera: str, targets: Mapping[str, Target]) -> None:
        """Bring it into a meeting; told again, only what is new is changed, and pictures go on."""
        now = self._clock()
        found = self.by_id.get(camera)
        if found is None:
            found = Camera(camera, lambda rid, target: self._pull(camera, rid, target), self.quota)
            self.by_id[camera] = found
        if found.reach(targets, now):
            for place, publication in list(found.places.items()):
                self._remove(found, place, publication, now)
                self._add(found, place, publication.participant, now)
        if meeting not in found.places:
            self._add(found, meeting, participant, now)
        self._tell_state(found, again=True)

    def withdraw(self, meeting: str, camera: str) -> None:
        """It is not to be in that meeting any more; with the last one its pulls end at once. An unknown one is no error."""
        found = self.by_id.get(camera)
        publication = found.places.get(meeting) if found is not None else None
        if found is None or publication is None:
            return
        now = self._clock()
        self._remove(found, meeting, publication, now)
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
            }
            for camera in self.by_id.values()
        ]

    # -- inside

    def _pull(self, camera: str, rid: str, target: Target) -> Pull:
        def news() -> None:
            found = self.by_id.get(camera)
            if found is not None:
                self._tell_state(found)

        return Pull(
            rid,
            target,
            self._opener,
            self._clock,
            self._to_unix,
            mark=self._mark,
            children=self._children,
            on_news=news,
        )

    def _add(self, camera: Camera, meeting: str, participant: str, now: float) -> None:
        publication = camera.places[meeting] = camera.publish(participant)
        self._host.router_of(meeting).add_publication(publication, now)

    def _remove(self, camera: Camera, meeting: str, publication: Publication, now: float) -> None:
        del camera.places[meeting]
        camera.unpublish(publication)
        self._host.router_of(meeting).remove_publication(publication, now)

    def _tell_state(self, camera: Camera, *, again: bool = False) -> None:
        state, told = camera.state(), camera.told
        same = {**state, "bps": 0, "fps": 0} == {**told, "bps": 0, "fps": 0} if told else False
        rate, before = state["bps"], told.get("bps", 0)
        if again or not same or abs(rate - before) > _RATE_CHANGED * max(rate, before):
            camera.told = state
            self._tell("camera.state", state)
