"""One camera of a gateway: its streams, its sound, and what of them is given to viewers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from hub.gateway.camera_layer import RIDS, CameraLayer, publication_of
from hub.gateway.choice import Candidate, Expected, Quota, to_transcode, to_twin
from hub.gateway.pulls import Pull
from hub.gateway.rtsp_port import Target
from hub.gateway.sound import Sound
from hub.gateway.twin import Twin
from hub.media.ingest.publication import Publication

#: The best of what streams say is what is said of the camera.
_BEST: Final = ("playing", "connecting", "reconnecting", "unplayable", "refused", "idle")
#: A place for transcoding is kept so long after the last viewer went: he may only have moved from one tile to another.
_KEPT_S: Final = 2.0


class Camera:
    """One camera: its streams, and its publication in each meeting."""

    def __init__(
        self,
        camera: str,
        make_pull: Callable[[str, Target], Pull],
        make_sound: Callable[[Target], Sound],
        make_twin: Callable[[], Twin],
        quota: Quota,
    ) -> None:
        self.camera = camera
        self.pulls: dict[str, Pull] = {}
        self.places: dict[str, Publication] = {}
        self.sound: Sound | None = None
        self.heard_in: dict[str, Publication] = {}  # its sound, by place
        self.twin: Twin | None = None
        self.twin_in: dict[str, Publication] = {}  # its picture for who takes no H264, by place
        self.told: dict[str, Any] = {}
        self._make_pull = make_pull
        self._make_sound = make_sound
        self._make_twin = make_twin
        self._quota = quota
        self._full = False  # it would be transcoded, if there were room
        self._watched_at = self._twin_watched_at = float("-inf")

    def look(self, now: float) -> None:
        """What is due by time; every 100 ms."""
        for pull in self.pulls.values():
            pull.look(now)
        if self.sound is not None:
            self.sound.look(now)
        if any(layer.used for pull in self.pulls.values() for layer in pull.layers):
            self._watched_at = now
        chosen = self._to_transcode(now) if now - self._watched_at < _KEPT_S else None
        has_place = chosen is not None and self._quota.take(self.camera)
        self._full = chosen is not None and not has_place
        if chosen is None:
            self._quota.drop(self.camera)
        for rid, pull in self.pulls.items():
            pull.transcode(has_place and rid == chosen)
        if self.twin is not None:
            self._look_at_twin(self.twin, now)

    def _to_transcode(self, now: float) -> str | None:
        if not any(pull.raw for pull in self.pulls.values()):
            return None
        return to_transcode(self._candidates(now))

    def _candidates(self, now: float) -> list[Candidate]:
        streams = [(rid, pull) for rid in RIDS if (pull := self.pulls.get(rid)) is not None]
        return [
            Candidate(rid, pull.size, bool(pull.bad), pull.promising(now))
            for rid, pull in streams
            if pull.raw is not None or not pull.bad
        ]

    def _look_at_twin(self, twin: Twin, now: float) -> None:
        if twin.used:
            self._twin_watched_at = now
        wanted = now - self._twin_watched_at < _KEPT_S
        place = (self.camera, "twin")
        has_place = wanted and self._quota.take(place)
        if not wanted:
            self._quota.drop(place)
        pull = self.pulls.get(twin.of or "") if has_place else None
        if has_place and (pull is None or pull.tap is not twin or not (pull.bad or pull.promising(now))):
            pull = self.pulls.get(to_twin(self._candidates(now)) or "", pull)
        # Nodes ask for it where their viewer's line has room; where it has none the word is true all the same.
        full = not has_place and (wanted or (bool(twin.layers) and self._quota.full))
        twin.look(pull, full=full, now=now)

    def hold(self, now: float) -> bool:
        """Pictures of it are asked for one by one: what is pulled goes on, else the stream that fills a tile is pulled from now
        on, until a while after the last of them. False where none can be."""
        pulls = [pull for pull in self.pulls.values() if pull.open]
        if not pulls and (chosen := self.pulls.get(to_twin(self._candidates(now)) or "")) is not None:
            pulls = [chosen]
        held = [pull.hold(now) for pull in pulls]
        return any(held)

    def stop(self, now: float) -> None:
        """End every pull at once."""
        self._quota.drop(self.camera)
        if self.twin is not None:
            self._quota.drop((self.camera, "twin"))
            self.twin.stop()
        for pull in self.pulls.values():
            pull.stop(now)
        if self.sound is not None:
            self.sound.stop(now)

    def reach(self, targets: Mapping[str, Target], expected: Mapping[str, Expected], now: float) -> bool:
        """Its streams by name, and what they were like when they were last looked at. True if there are others than before: its
        publications have to be made anew."""
        changed = set(targets) != set(self.pulls)
        if changed:
            self.stop(now)
            self.pulls = {rid: self._make_pull(rid, target) for rid, target in targets.items()}
        else:
            for rid, target in targets.items():
                self.pulls[rid].redirect(target, now)
        for rid, pull in self.pulls.items():
            pull.expected = expected.get(rid, pull.expected)
        if self.sound is not None:
            self.sound.redirect(_best(targets), now)
        return changed

    def publish(self, participant: str) -> Publication:
        """A publication of it, with a layer a stream."""
        rids = tuple(rid for rid in RIDS if rid in self.pulls)
        publication = publication_of(participant, rids)
        for rank, rid in enumerate(rids):
            pull = self.pulls[rid]
            layer = CameraLayer(publication, rid=rid, rank=rank, asked=pull.asked, promising=pull.promising)
            layer.size = pull.size if all(pull.size) else None
            if pull.expected.bps:
                layer.rates.cumulative_bps = (pull.expected.bps,)  # until it is measured
            pull.layers.append(layer)
            publication.add_layer(layer)
        return publication

    def publish_sound(self, participant: str) -> Publication:
        """A publication of its sound."""
        if self.sound is None:
            self.sound = self._make_sound(_best({rid: pull.target for rid, pull in self.pulls.items()}))
        return self.sound.publish(participant)

    def publish_twin(self, participant: str) -> Publication:
        """A publication of its picture for viewers who take no H264."""
        if self.twin is None:
            self.twin = self._make_twin()
        return self.twin.publish(participant)

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
            "sound": (self.sound.state or None) if self.sound is not None else None,
            "twin": (self.twin.state or None) if self.twin is not None else None,
            "instead": "transcoded" if playing and best.transcoding else snapshots,
            "codec": best.codec,
            "width": width,
            "height": height,
            "fps": best.fps if playing else 0,
            "bps": best.bps if playing else 0,
        }


def _best(targets: Mapping[str, Target]) -> Target:
    """The stream of which its sound is asked for: the large one, where there is one."""
    return targets.get("main") or next(iter(targets.values()))
