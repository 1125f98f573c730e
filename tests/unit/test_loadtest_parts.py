"""The parts of the load generator that decide what a measurement means."""

from __future__ import annotations

import av
import pytest

from clients.loadtest.crowd import RUNNING, Watching
from clients.loadtest.dtls import DtlsClient, DtlsFailed, identity
from clients.loadtest.hub_http import check_allowed
from clients.loadtest.ice import IceAgent, NotAllowed, choose_candidate
from clients.loadtest.offers import Local, Sending, publish_offer, read_answer, watch_offer
from clients.loadtest.synthetic import (
    PAYLOAD_BYTES,
    VideoShape,
    audio_frames,
    read_stamp,
    stamp,
    video_frames,
    vp8_payloads,
)
from hub.wire import stun, vp8
from hub.wire.sdp import Fingerprint, LocalTransport, RemoteTransport
from hub.wire.sdp_answer import answer_publish, answer_watch
from hub.wire.sdp_parse import parse_offer

SMALL = VideoShape(320, 180, 30, 300_000)
LOCAL = LocalTransport(
    "hubu", "p" * 24, Fingerprint("sha-256", ":".join(["AB"] * 32)), (("127.0.0.1", 5000),)
)


def joined(payloads: list[bytes]) -> bytes:
    """What a depacketizer hands to a decoder."""
    return b"".join(payload[vp8.parse_descriptor(payload).header_bytes :] for payload in payloads)


def test_synthetic_pictures_decode_at_the_stated_rate_and_only_the_first_is_a_key_frame() -> None:
    frames = video_frames(SMALL)
    rate = sum(map(len, frames)) * 8 * SMALL.fps / len(frames)
    assert rate == pytest.approx(SMALL.bitrate_bps, rel=0.01)
    decoder = av.CodecContext.create("vp8", "r")
    assert isinstance(decoder, av.VideoCodecContext)
    decoded = 0
    for number, frame in enumerate(frames):
        payloads = vp8_payloads(frame, number)
        payloads[-1] = stamp(payloads[-1], 7, 1_000 + number)
        assert all(len(payload) <= PAYLOAD_BYTES + 4 for payload in payloads)
        assert [vp8.is_keyframe_start(payload) for payload in payloads] == [number == 0] + [False] * (
            len(payloads) - 1
        )
        assert read_stamp(payloads[-1]) == (7, 1_000 + number)
        for picture in decoder.decode(av.Packet(joined(payloads))):
            assert (picture.width, picture.height) == (320, 180)
            decoded += 1
    assert decoded == len(frames) == 90


def test_synthetic_sound_is_fifty_frames_of_opus_a_second() -> None:
    frames = audio_frames()
    assert len(frames) == 50
    decoder = av.CodecContext.create("opus", "r")
    assert isinstance(decoder, av.AudioCodecContext)
    decoder.sample_rate = 48_000
    decoder.layout = "mono"
    assert sum(frame.samples for data in frames for frame in decoder.decode(av.Packet(data))) >= 49 * 960


def test_bytes_without_our_mark_have_no_moment() -> None:
    assert read_stamp(b"") is None
    assert read_stamp(bytes(40)) is None


def test_of_a_running_call_every_picture_is_measured_unless_none_is() -> None:
    assert Watching(sample_every=10).of(RUNNING).sample_every == 1
    assert Watching(sample_every=10).of("joining").sample_every == 10
    assert Watching(sample_every=0).of(RUNNING).sample_every == 0


def test_a_hub_accepts_both_offers_of_a_light_peer() -> None:
    local = Local("abcd", "w" * 24, identity().fingerprint)
    plan = answer_publish(
        parse_offer(publish_offer(local, [Sending("video", 5, 55), Sending("audio", 6)])), LOCAL
    )
    sources = [(track.kind, track.ssrc, track.rtx_ssrc) for track in plan.tracks]
    assert sources == [("video", 5, 55), ("audio", 6, None)]
    answered = read_answer(plan.answer)
    assert answered.remote.ice_ufrag == "hubu"
    assert set(answered.sections) == {"0", "1"}
    slots = answer_watch(parse_offer(watch_offer(local, 3, 2)), LOCAL, iter(range(10, 99)).__next__)
    assert [slot.kind for slot in slots.slots] == ["video"] * 3 + ["audio"] * 2
    assert read_answer(slots.answer).sections["0"].fid == ((10, 11),)


def test_a_hub_takes_three_layers_of_a_light_peer() -> None:
    local = Local("abcd", "w" * 24, identity().fingerprint)
    offer = publish_offer(local, [Sending("video", 0, rids=("f", "h", "q"))])
    plan = answer_publish(parse_offer(offer), LOCAL)
    assert plan.tracks[0].rids == ("q", "h", "f")
    assert {rid.id for rid in read_answer(plan.answer).sections["0"].rids} == {"f", "h", "q"}


def test_without_feedback_none_is_promised() -> None:
    local = Local("abcd", "w" * 24, identity().fingerprint)
    slots = answer_watch(
        parse_offer(watch_offer(local, 1, 1, transport_cc=False)), LOCAL, iter(range(10, 99)).__next__
    )
    assert all(slot.extensions.transport_sequence is None for slot in slots.slots)


@pytest.mark.parametrize(
    ("candidate", "allowed", "chosen"),
    [
        ("1 1 udp 1 127.0.0.1 7 typ host", (), ("127.0.0.1", 7)),
        ("1 1 udp 1 ::1 7 typ host", (), ("::1", 7)),
        ("1 1 udp 1 192.0.2.1 7 typ host", ("192.0.2.1",), ("192.0.2.1", 7)),
        ("1 1 udp 1 192.0.2.1 7 typ host", (), None),
        ("1 1 tcp 1 127.0.0.1 7 typ host", (), None),
        ("1 2 udp 1 127.0.0.1 7 typ host", (), None),
        ("1 1 udp 1 host.example 7 typ host", (), None),
        ("nonsense", (), None),
    ],
)
def test_only_this_machine_or_what_the_user_named_is_loaded(
    candidate: str, allowed: tuple[str, ...], chosen: tuple[str, int] | None
) -> None:
    if chosen is not None:
        assert choose_candidate([candidate], allowed) == chosen
    else:
        with pytest.raises(NotAllowed):
            choose_candidate([candidate], allowed)


@pytest.mark.parametrize(
    ("url", "allowed", "good"),
    [
        ("http://127.0.0.1:8080", (), True),
        ("http://localhost:8080", (), True),
        ("http://[::1]:8080", (), True),
        ("http://hub.example", (), False),
        ("http://127.0.0.1.example", (), False),
        ("https://hub.example", ("hub.example",), True),
        ("nonsense", (), False),
    ],
)
def test_a_hub_elsewhere_must_be_named(url: str, allowed: tuple[str, ...], good: bool) -> None:
    if good:
        check_allowed(url, allowed)
    else:
        with pytest.raises(NotAllowed):
            check_allowed(url, allowed)


def test_only_the_hubs_own_answer_makes_the_pair_valid() -> None:
    remote = RemoteTransport("hubu", "p" * 24, (), "passive")
    agent = IceAgent()
    request = stun.parse(agent.check(remote, 1.0))
    assert request.username == f"hubu:{agent.ufrag}"
    assert request.use_candidate
    assert request.verify(b"p" * 24)
    here = ("127.0.0.1", 1)
    for wrong in (
        b"nonsense",
        stun.binding_success(bytes(12), here, b"p" * 24),
        stun.binding_success(request.transaction_id, here, b"other"),
        stun.binding_error(request.transaction_id, 487, "Role Conflict"),
    ):
        assert not agent.receive(wrong, remote, 1.1)
    assert agent.refused == (487, "Role Conflict")
    right = stun.binding_success(request.transaction_id, here, b"p" * 24)
    assert agent.receive(right, remote, 1.2)
    assert agent.rtt_s == pytest.approx(0.2)
    assert not agent.receive(right, remote, 1.3)


def test_a_first_flight_fits_datagrams_and_nonsense_is_survived() -> None:
    client = DtlsClient([identity().fingerprint])
    flight = client.start()
    assert flight
    assert all(20 <= datagram[0] <= 63 and len(datagram) <= 1200 for datagram in flight)
    try:
        client.feed(b"\x16\xfe\xfd" + bytes(40))
    except DtlsFailed:
        pass
    assert client.keys is None
