"""ICE-lite, the guard and consent, in virtual time: who is let in, by which way, and for how long."""

from __future__ import annotations

import os
import re

import pytest

from hub.errors import Refusal
from hub.media.transport.guard import dtls_refusal
from hub.media.transport.ice_lite import CONSENT_S, MAX_ADDRESSES, UNCHECKED_S, Credentials, IceLite
from hub.wire import stun
from tests.support.media_light import HELLO, KeyedDtls, LightPeer, fresh_fingerprint
from tests.support.media_world import Camera, World

HOME = ("192.0.2.1", 4000)


def request(credentials: Credentials, password: str = "", **more: object) -> stun.StunMessage:
    built = stun.binding_request(
        os.urandom(12),
        f"{credentials.ufrag}:theirs",
        (password or credentials.password).encode(),
        priority=1,
        **more,  # type: ignore[arg-type]
    )
    return stun.parse(built)


def test_a_check_is_believed_only_with_the_right_password() -> None:
    credentials = Credentials.fresh()
    ice = IceLite(credentials, 0.0)
    assert ice.check(request(credentials, "x" * 24, use_candidate=True), HOME, 1.0) == "stun_wrong_integrity"
    assert not ice.validated
    assert ice.heard_at == 0.0, "a forged check must not keep a peer alive"
    answer = ice.check(request(credentials, use_candidate=True), HOME, 2.0)
    assert not isinstance(answer, str)
    assert answer.validated
    assert ice.nominated == HOME
    reply = stun.parse(answer.data)
    assert reply.message_class == stun.SUCCESS
    assert reply.mapped == HOME
    assert reply.verify(credentials.password.encode())


def test_a_storm_of_forged_checks_cannot_keep_a_known_address_out() -> None:
    credentials = Credentials.fresh()
    ice = IceLite(credentials, 0.0)
    ice.check(request(credentials, use_candidate=True), HOME, 0.0)
    forged = stun.binding_request(bytes(12), f"{credentials.ufrag}:x", b"p" * 24, priority=1)
    right = stun.binding_request(
        bytes(12), f"{credentials.ufrag}:x", credentials.password.encode(), priority=1
    )
    elsewhere = ("192.0.2.9", 9)
    assert not ice.forged(right, elsewhere, 1.0)
    assert all(ice.forged(forged, ("192.0.2.66", port), 1.0) for port in range(1000))
    assert not ice.forged(right, HOME, 1.0)
    assert ice.forged(right, elsewhere, 1.0), "a new address has to wait out the second"
    assert not ice.forged(right, elsewhere, 2.0)


def test_who_claims_our_role_gets_487_and_no_address() -> None:
    credentials = Credentials.fresh()
    ice = IceLite(credentials, 0.0)
    answer = ice.check(request(credentials, controlled=1), HOME, 1.0)
    assert not isinstance(answer, str)
    reply = stun.parse(answer.data)
    assert reply.error is not None
    assert reply.error[0] == 487
    assert not ice.validated


def test_several_addresses_are_kept_and_the_oldest_goes_first() -> None:
    credentials = Credentials.fresh()
    ice = IceLite(credentials, 0.0)
    ice.check(request(credentials, use_candidate=True), HOME, 0.0)
    for port in range(1, 20):
        ice.check(request(credentials), ("192.0.2.2", port), 0.0)
    assert len(ice.validated) == MAX_ADDRESSES
    assert HOME in ice.validated, "the nominated address is never given up for an unused one"
    _, retired = ice.take_ended()
    assert ("192.0.2.2", 1) in retired


def test_a_new_address_is_taken_at_once_when_nominated_and_soon_when_not() -> None:
    credentials = Credentials.fresh()
    ice = IceLite(credentials, 0.0)
    ice.check(request(credentials, use_candidate=True), HOME, 0.0)
    moved, again = ("192.0.2.7", 1), ("192.0.2.7", 2)
    ice.check(request(credentials, use_candidate=True), moved, 1.0)
    assert ice.nominated == moved
    ice.check(request(credentials), again, 1.0 + UNCHECKED_S - 0.1)
    assert ice.nominated == moved, "a second way is no reason to leave the first"
    ice.check(request(credentials), again, 1.0 + UNCHECKED_S)
    assert ice.nominated == again, "aioice never nominates again after its NAT forgot it"
    assert ice.dump()["moves"] == 2


def test_during_a_restart_the_old_credentials_hold_until_the_new_pair_is_used() -> None:
    old, new = Credentials.fresh(), Credentials.fresh()
    ice = IceLite(old, 0.0)
    ice.check(request(old, use_candidate=True), HOME, 0.0)
    ice.restart(new)
    assert not isinstance(ice.check(request(old), HOME, 1.0), str)
    there = ("192.0.2.3", 5000)
    ice.check(request(new), there, 2.0)
    assert ice.nominated == HOME
    assert ice.take_ended() == ([], [])
    ice.check(request(new, use_candidate=True), there, 3.0)
    assert ice.nominated == there
    assert ice.take_ended() == ([old], [HOME])
    assert ice.check(request(old), HOME, 4.0) == "stun_unknown_ufrag"


def test_a_restart_that_was_never_used_is_replaced_by_the_next() -> None:
    first, second, third = (Credentials.fresh() for _ in range(3))
    ice = IceLite(first, 0.0)
    ice.restart(second)
    ice.restart(third)
    ended, _ = ice.take_ended()
    assert ended == [second]
    assert ice.generations == [first, third]


def test_passwords_stay_out_of_dumps_and_texts() -> None:
    credentials = Credentials.fresh()
    ice = IceLite(credentials, 0.0)
    assert credentials.password not in repr(credentials)
    assert credentials.password not in str(ice.dump())


def test_a_peer_that_falls_silent_is_disconnected_then_gone_after_30_s() -> None:
    world = World()
    viewer = world.join("watch", "leader")
    viewer.checking = False
    world.network.run(8)
    assert world.of("peer", peer=viewer.id)[-1]["state"] == "disconnected"
    assert viewer.id in world.sfu.peers
    world.network.run(CONSENT_S)
    last = world.of("peer", peer=viewer.id)[-1]
    assert (last["state"], last["reason"]) == ("closed", "consent_expired")
    assert viewer.id not in world.sfu.peers


def test_a_publishers_lost_line_is_told_as_such_and_its_return_too() -> None:
    world = World()
    station = world.join("publish", "tandu")
    camera = Camera(world, station)
    world.network.run(3)
    station.checking = camera.on = False
    world.network.run(10)
    camera.on = station.checking = True
    world.network.run(6)
    assert [event["state"] for event in world.of("quality", peer=station.id)] == ["good", "lost", "good"]


def test_a_silent_peer_that_comes_back_is_connected_again() -> None:
    world = World()
    viewer = world.join("watch", "leader")
    viewer.checking = False
    world.network.run(10)
    viewer.checking = True
    world.network.run(5)
    assert world.of("peer", peer=viewer.id)[-1]["state"] == "connected"


def test_an_offer_nobody_follows_up_is_forgotten() -> None:
    world = World()
    peer = LightPeer(lambda data: None, KeyedDtls, fresh_fingerprint())
    world.sfu.peer_open("s_never", "m", "ghost", "watch", peer.offer("recvonly"))
    world.network.run(CONSENT_S + 1)
    assert "s_never" not in world.sfu.peers


def test_media_goes_on_through_an_ice_restart_to_a_new_address() -> None:
    world = World()
    Camera(world, world.join("publish", "tandu"))
    viewer = world.join("watch", "leader")
    world.network.run(1)
    before = viewer.counters["rtp"]
    answer = world.sfu.peer_restart(viewer.id, "a=ice-ufrag:newu\r\na=ice-pwd:" + "p" * 24 + "\r\n")
    assert answer["etag"] == "2"
    world.network.run(1)
    assert viewer.counters["rtp"] - before > 80, "media goes on while the restart is under way"
    viewer.take_answer(answer["fragment"])
    old, viewer.address = viewer.address, ("10.0.0.77", 7777)
    world.peers[viewer.address] = world.peers.pop(old)
    viewer.check()
    world.network.run(0.2)
    before = viewer.counters["rtp"]
    world.network.run(1)
    assert viewer.counters["rtp"] - before > 80
    assert world.sfu.ingress.dump()["ufrags"] == 2
    assert not re.search(viewer.remote_password, str(world.sfu.dump()))


def test_a_restart_is_answered_for_the_sections_there_are_whatever_the_fragment_names() -> None:
    world = World()
    station = world.join("publish", "tandu", audio=0)
    wish = "a=ice-ufrag:newu\r\na=ice-pwd:" + "p" * 24 + "\r\n"
    for own in ("", "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:7\r\n"):
        fragment = world.sfu.peer_restart(station.id, own + wish)["fragment"]
        assert "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\n" in fragment
        assert "m=audio" not in fragment


def test_a_lone_section_outside_any_bundle_is_watched() -> None:
    world = World()
    Camera(world, world.join("publish", "tandu", audio=0, bundle=False))
    viewer = world.join("watch", "leader", audio=0, bundle=False)
    world.network.run(1)
    assert viewer.counters["rtp"] > 80


def test_a_restart_without_credentials_is_refused() -> None:
    world = World()
    viewer = world.join("watch", "leader")
    for fragment in ("", "a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n", "a=ice-ufrag:x\r\n", "\0"):
        with pytest.raises(Refusal) as refused:
            world.sfu.peer_restart(viewer.id, fragment)
        assert refused.value.code == "malformed"


def test_nothing_reaches_dtls_from_an_address_that_proved_nothing() -> None:
    assert dtls_refusal(memoryview(HELLO), HOME, set()) == "dtls_unvalidated_address"
    assert dtls_refusal(memoryview(HELLO), HOME, {HOME}) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x16",
        b"\x16\xfe\xfd" + bytes(9),
        b"\x16\xfe\xfd" + bytes(8) + b"\x00\x05" + bytes(4),
        b"\x16\x03\x03" + bytes(10),
        b"\x20" + bytes(10),
        b"\x18\xfe\xfd" + bytes(10),
    ],
)
def test_what_is_no_row_of_records_does_not_reach_dtls(data: bytes) -> None:
    assert dtls_refusal(memoryview(data), HOME, {HOME}) == "dtls_malformed"


def test_two_records_in_one_datagram_and_dtls_13_ones_pass() -> None:
    assert dtls_refusal(memoryview(HELLO + HELLO), HOME, {HOME}) is None
    assert dtls_refusal(memoryview(HELLO + b"\x2f" + bytes(30)), HOME, {HOME}) is None
