"""Sources nobody announced, sources two claim, sources of others: refused before they cost anything, and never mixed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from hub.media.ingest.incoming import MAX_LOOKS
from hub.media.transport.peer import Peer
from hub.media.transport.srtp import SealBuffer, SrtpSession
from hub.wire import rtp
from tests.support.media_light import RID_ID, VP8, LightPeer
from tests.support.media_world import Camera, World
from tests.support.virtual_viewer import VirtualViewer

SOURCES = 20_000
_PAYLOAD = b"\x90\xe0\x80\x01\x01\x00\x11" + bytes(50)


class Unprotects:
    """How often libsrtp was asked to open an RTP packet."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls = 0
        real = SrtpSession.unprotect_rtp

        def counted(session: SrtpSession, buffer: object, length: int) -> int:
            self.calls += 1
            return real(session, buffer, length)  # type: ignore[arg-type]

        monkeypatch.setattr(SrtpSession, "unprotect_rtp", counted)


class Forger:
    """Makes authentic packets of sources that this peer did not announce."""

    def __init__(self, peer: LightPeer) -> None:
        assert peer.keys is not None
        self._keys = peer.keys
        self._buffer = SealBuffer(2048)
        self._sealed = 0

    def packet(self, ssrc: int, sequence: int = 1, more: Sequence[tuple[int, bytes]] = ()) -> bytes:
        """One VP8 packet."""
        if self._sealed % 100 == 0:
            # A session gets slower with each source: that is what the hub must not be made to do.
            self._session = SrtpSession(self._keys.profile, self._keys.send, inbound=False)
        self._sealed += 1
        packet = rtp.build_packet(VP8, sequence & 0xFFFF, 1, ssrc, _PAYLOAD, extensions=more)
        self._buffer.view[: len(packet)] = packet
        return bytes(self._buffer.view[: self._session.protect_rtp(self._buffer, 0, len(packet))])


def peer_of(world: World, peer: LightPeer) -> Peer:
    return world.sfu.peers[peer.id]


def test_twenty_thousand_sources_of_one_publisher_are_not_even_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()
    station = world.join("publish", "tandu")
    Camera(world, station)
    viewer = VirtualViewer(world, world.join("watch", "leader"))
    world.network.run(2)
    forger, opened = Forger(station), Unprotects(monkeypatch)
    for ssrc in range(1, SOURCES + 1):
        world.inject(forger.packet(ssrc), station.address)
    assert opened.calls == 0
    assert peer_of(world, station).counters["rtp_unsignalled_ssrc"] == SOURCES
    [publication] = world.sfu.routers["m"].publications
    assert [layer.ssrc for layer in publication.layers] == [station.video_ssrc]
    shown = len(viewer.pictures[0].shown)
    world.network.run(2)
    assert len(viewer.pictures[0].shown) >= shown + 58, "the announced source goes on"
    assert not viewer.pictures[0].missing


def test_where_an_offer_names_no_sources_a_handful_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulcast: sources are learnt from their rids; whoever sends thousands is opened no more than a few times."""
    for rids in ((), ("q", "h", "f")):
        world = World()
        station = world.join("publish", "tandu", with_ssrcs=False, rids=rids)
        forger, opened = Forger(station), Unprotects(monkeypatch)
        for ssrc in range(1, SOURCES + 1):
            world.inject(forger.packet(ssrc, more=[(RID_ID, b"nobody")]), station.address)
        known = 1 if not rids else 0
        assert opened.calls <= MAX_LOOKS + 1
        assert len(world.sfu.routers["m"].publications) == known
        assert peer_of(world, station).counters["rtp_unsignalled_ssrc"] >= SOURCES - MAX_LOOKS - 1


def test_equal_sources_of_two_publishers_do_not_mix() -> None:
    world = World()
    first = world.join("publish", "tandu")
    second = world.join("publish", "lianhe", sources_of=first)
    assert (first.video_ssrc, first.rtx_ssrc) == (second.video_ssrc, second.rtx_ssrc)
    Camera(world, first, size=300)
    Camera(world, second, size=500)
    viewers = {}
    for name in ("tandu", "lianhe"):
        watching = world.join("watch", f"leader-{name}")
        world.sfu.peer_select(watching.id, [name])
        viewers[name] = VirtualViewer(world, watching)
    world.network.run(4)
    for name, size in (("tandu", 300), ("lianhe", 500)):
        picture = viewers[name].pictures[0]
        assert {len(payload) for _, _, payload in picture.packets.values()} == {size}
        assert len(picture.shown) > 90
        assert not picture.missing


def test_a_publisher_cannot_send_into_the_source_of_another() -> None:
    world = World()
    honest, evil = world.join("publish", "tandu"), world.join("publish", "evil")
    camera = Camera(world, honest)
    viewer = VirtualViewer(world, world.join("watch", "leader"))
    forger = Forger(evil)
    world.network.run(2)
    for sequence in range(500):
        world.inject(forger.packet(honest.video_ssrc, camera.seq + sequence), evil.address)
        world.network.run(0.004)
    assert peer_of(world, evil).counters["rtp_unsignalled_ssrc"] == 500
    # With its own key, from the other's address: does not open, and costs the other nothing.
    for sequence in range(500):
        world.inject(forger.packet(honest.video_ssrc, camera.seq + sequence), honest.address)
        world.network.run(0.004)
    assert peer_of(world, honest).counters["srtp_auth_failed"] == 500
    world.network.run(2)
    picture = viewer.pictures[0]
    assert not picture.missing
    assert {len(payload) for _, _, payload in picture.packets.values()} == {900}
    assert picture.frozen_s() == 0.0
