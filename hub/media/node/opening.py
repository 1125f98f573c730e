"""From an offer to the media side of a peer: what it may send or watch, and the answer that says so."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from hub.media.egress.slots import build_watcher
from hub.media.egress.watch_side import WatchSide
from hub.media.ingest.layer import Layer
from hub.media.ingest.publication import Publication
from hub.media.ingest.publisher import Publisher
from hub.media.ingest.track import CAMERA
from hub.media.ingest.upload_cap import PUBLISHER_BPS
from hub.media.meeting.router import Router
from hub.media.transport.outlet import Outlet
from hub.media.transport.peer import MediaSide
from hub.wire.sdp import LocalTransport, Offer, RemoteTransport
from hub.wire.sdp_answer import answer_publish, answer_watch
from hub.wire.sdp_plan import Tagged


class Host(Protocol):
    """What a peer's media side needs of the plane it lives in."""

    def router_of(self, meeting: str) -> Router: ...
    def mark(self, layer: Layer) -> None:
        """A layer has packets to fan out when the port is drained."""

    def tell(self, event: str, data: dict[str, Any]) -> None: ...


@dataclass(frozen=True, slots=True)
class Opening:
    """Who wants to be opened, and where."""

    peer: str
    meeting: str
    participant: str
    direction: str
    source: str = CAMERA
    mirror: bool = False
    """Of a viewer: it is shown what it sends itself, to try its line."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What an offer came to; `video` and `audio` count tracks or slots, `tagged` stands for its one transport."""

    side: MediaSide
    remote: RemoteTransport
    answer: str
    tagged: Tagged
    video: int
    audio: int


def open_side(
    opening: Opening,
    offer: Offer,
    local: LocalTransport,
    outlet: Outlet,
    host: Host,
    to_unix: Callable[[float], float],
    now: float,
    publisher_bps: int = PUBLISHER_BPS,
) -> Opened:
    """The media side for `opening`; `publisher_bps` is what a publisher's picture may take.

    Raises SdpUnsupported for an offer that cannot be served."""
    if opening.direction == "publish":
        plan = answer_publish(offer, local)
        publisher = Publisher(
            peer=opening.peer,
            participant=opening.participant,
            source=opening.source,
            tracks=plan.tracks,
            outlet=outlet,
            events=_PublisherOf(host, opening),
            to_unix=to_unix,
            publisher_bps=publisher_bps,
        )
        kinds = [track.kind for track in plan.tracks]
        counts = kinds.count("video"), kinds.count("audio")
        return Opened(publisher, plan.remote, plan.answer, plan.tagged, *counts)
    watch = answer_watch(offer, local, _NewSources())
    watcher = build_watcher(opening.peer, opening.participant, watch, outlet, now, opening.mirror)
    router = host.router_of(opening.meeting)
    side = WatchSide(
        watcher,
        outlet,
        watch.slots[0].cname,
        to_unix,
        router.add_watcher,
        router.remove_watcher,
        router.tell_quality,
        router.tell_seen,
    )
    return Opened(side, watch.remote, watch.answer, watch.tagged, len(watcher.video), len(watcher.audio))


class _NewSources:
    """Gives SSRCs that differ within one answer."""

    def __init__(self) -> None:
        self._given: set[int] = set()

    def __call__(self) -> int:
        while True:
            ssrc = secrets.randbelow(0xFFFF_FFFE) + 1
            if ssrc not in self._given:
                self._given.add(ssrc)
                return ssrc


class _PublisherOf:
    """PublisherEvents of one peer: its publications go to the router of its meeting."""

    def __init__(self, host: Host, opening: Opening) -> None:
        self._host = host
        self._opening = opening

    def published(self, publication: Publication, now: float) -> None:
        self._host.router_of(self._opening.meeting).add_publication(publication, now)

    def unpublished(self, publication: Publication, now: float) -> None:
        self._host.router_of(self._opening.meeting).remove_publication(publication, now)

    def layer_added(self, publication: Publication, now: float) -> None:
        self._host.router_of(self._opening.meeting).add_layer(publication, now)

    def arrived(self, layer: Layer) -> None:
        self._host.mark(layer)

    def dropped(self, kind: str, reason: str, octets: int) -> None:
        self._host.tell(
            "dropped",
            {
                "meeting": self._opening.meeting,
                "participant": self._opening.participant,
                "peer": self._opening.peer,
                "track": kind,
                "reason": reason,
                "bytes": octets,
            },
        )

    def quality(self, state: str, loss_permille: int, bitrate_bps: int, rtt_ms: int | None) -> None:
        self._host.tell(
            "quality",
            {
                "meeting": self._opening.meeting,
                "participant": self._opening.participant,
                "peer": self._opening.peer,
                "state": state,
                "loss_permille": loss_permille,
                "bitrate_bps": bitrate_bps,
                "rtt_ms": rtt_ms,
            },
        )
