"""Answers: what is negotiated with each browser, what is refused, and that another implementation agrees."""

from __future__ import annotations

import itertools
import re

import pytest
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, VideoStreamTrack

from hub.wire.sdp import Fingerprint, LocalTransport, SdpUnsupported
from hub.wire.sdp_answer import ExtensionIds, WatchPlan, answer_publish, answer_watch
from hub.wire.sdp_fragment import build_fragment
from hub.wire.sdp_parse import parse_offer
from tests.support.packets import captured_offer

LOCAL = LocalTransport(
    "hubu",
    "p" * 24,
    Fingerprint("sha-256", ":".join(["AB"] * 32)),
    (("192.0.2.9", 5000), ("2001:db8::9", 5000)),
    session_id=7,
)


def watch(text: str) -> WatchPlan:
    return answer_watch(parse_offer(text), LOCAL, itertools.count(1000).__next__)


#: Attributes of a section that belong to one sender, or to a codec other than VP8, H264 (108), VP9 (98), AV1 (45).
LEFT_OUT = re.compile(
    r"a=(ssrc|msid|mid|candidate|(rtpmap|fmtp|rtcp-fb):(10[0-7]|11[4-9]|39|40|120|63|9|0|8|13|110|126) )"
)


def viewer_offer(video: int, audio: int) -> str:
    """A viewer's offer made of Chromium's: so many receiving sections of each kind.

    With codec preferences set, as a page with many slots does: sixteen sections of all that Chromium
    can do are more than 2,000 lines.
    """
    head, sound, picture, _ = _parts(captured_offer("chromium-offer"))
    lines = [head.replace("BUNDLE 0 1 2", "BUNDLE " + " ".join(map(str, range(video + audio))))]
    for index in range(video + audio):
        part = picture if index < video else sound
        kept = [line for line in part.splitlines() if not LEFT_OUT.match(line)]
        lines.append("\r\n".join(kept).replace("a=sendrecv", f"a=mid:{index}\r\na=recvonly") + "\r\n")
    return "".join(lines)


def _parts(text: str) -> list[str]:
    head, *sections = text.split("m=")
    return [head, *(f"m={section}" for section in sections)]


def section_of(answer: str, mid: str) -> list[str]:
    return next(part for part in _parts(answer) if f"a=mid:{mid}\r\n" in part).splitlines()


def test_chromium_publishes_vp8_and_opus() -> None:
    plan = answer_publish(parse_offer(captured_offer("chromium-offer")), LOCAL)
    assert plan.tagged.bundle == ("0", "1")
    assert (plan.remote.ice_ufrag, plan.remote.setup) == ("Fuss", "actpass")
    sound, picture = plan.tracks
    assert (sound.codec.name, sound.codec.payload_type, sound.codec.rtx) == ("opus", 111, None)
    assert (sound.codec.red, sound.codec.fmtp) == (63, "minptime=10;useinbandfec=1")
    assert sound.codec.feedback == ("transport-cc",)
    assert (sound.ssrc, sound.rtx_ssrc) == (3771462808, None)
    assert sound.extensions == ExtensionIds(mid=4, audio_level=1, transport_sequence=3, abs_send_time=2)
    assert (picture.codec.name, picture.codec.payload_type, picture.codec.rtx) == ("vp8", 96, 97)
    assert picture.codec.feedback == ("nack", "nack pli", "ccm fir", "transport-cc", "goog-remb")
    assert (picture.ssrc, picture.rtx_ssrc) == (4194529482, 4168203942)
    assert picture.extensions == ExtensionIds(mid=4, transport_sequence=3, abs_send_time=2)
    head, *_ = _parts(plan.answer)
    assert "a=ice-lite\r\n" in head
    assert "a=group:BUNDLE 0 1\r\n" in head
    lines = section_of(plan.answer, "1")
    assert lines[0] == "m=video 9 UDP/TLS/RTP/SAVPF 96 97"
    for expected in (
        "a=recvonly",
        "a=setup:passive",
        "a=rtcp-mux",
        "a=rtcp-rsize",
        "a=fmtp:97 apt=96",
        "a=ice-ufrag:hubu",
    ):
        assert expected in lines
    assert section_of(plan.answer, "2")[0].startswith("m=application 0 ")
    assert "a=candidate:1 1 udp 2130706431 192.0.2.9 5000 typ host" in section_of(plan.answer, "0")
    assert "a=end-of-candidates" in section_of(plan.answer, "0")


def test_firefox_publishes_vp8_and_opus() -> None:
    plan = answer_publish(parse_offer(captured_offer("firefox-offer")), LOCAL)
    sound, picture = plan.tracks
    assert sound.extensions == ExtensionIds(mid=3, audio_level=1, transport_sequence=7)
    assert (picture.codec.payload_type, picture.codec.rtx, picture.ssrc, picture.rtx_ssrc) == (
        120,
        124,
        747431296,
        1807825982,
    )
    assert "a=fmtp:120 max-fs=12288;max-fr=60" in section_of(plan.answer, "1")


@pytest.mark.parametrize(
    ("left_out", "chosen", "payload_type"),
    [
        ((), "vp8", 96),
        (("VP8",), "h264", 108),
        (("VP8", "H264"), "vp9", 98),
        (("VP8", "H264", "VP9"), "av1", 45),
    ],
)
def test_the_picture_codec_follows_the_hubs_preference(
    left_out: tuple[str, ...], chosen: str, payload_type: int
) -> None:
    text = captured_offer("chromium-offer")
    for name in left_out:
        text = text.replace(f" {name}/90000", " X/90000")
    picture = answer_publish(parse_offer(text), LOCAL).tracks[1]
    assert (picture.codec.name, picture.codec.payload_type) == (chosen, payload_type)


def test_h264_without_constrained_baseline_takes_what_there_is() -> None:
    text = (
        captured_offer("chromium-offer")
        .replace(" VP8/90000", " X/90000")
        .replace("42e01f", "640c1f")
        .replace("42001f", "640c1f")
    )
    codec = answer_publish(parse_offer(text), LOCAL).tracks[1].codec
    assert (codec.name, codec.payload_type) == ("h264", 102)


def test_a_viewers_slots_take_every_codec_and_have_fixed_sources() -> None:
    plan = watch(viewer_offer(video=3, audio=2))
    assert [slot.mid for slot in plan.of_kind("video")] == ["0", "1", "2"]
    assert [slot.mid for slot in plan.of_kind("audio")] == ["3", "4"]
    first = plan.slots[0]
    assert {name: (c.payload_type, c.rtx) for name, c in first.codecs.items()} == {
        "vp8": (96, 97),
        "h264": (108, 109),
        "vp9": (98, 99),
        "av1": (45, 46),
    }
    assert (first.ssrc, first.rtx_ssrc) == (1000, 1001)
    assert plan.slots[3].rtx_ssrc is None
    lines = section_of(plan.answer, "0")
    assert lines[0] == "m=video 9 UDP/TLS/RTP/SAVPF 96 97 108 109 98 99 45 46"
    assert "a=ssrc-group:FID 1000 1001" in lines
    assert "a=ssrc:1000 cname:hub" in lines
    assert "a=sendonly" in lines
    assert "a=msid:stage video-0" in lines
    assert "a=msid:slot-1 video-1" in section_of(plan.answer, "1")
    sources = [source for slot in plan.slots for source in (slot.ssrc, slot.rtx_ssrc) if source is not None]
    assert len(set(sources)) == len(sources)


def test_as_many_slots_as_agreed_and_no_more() -> None:
    assert len(watch(viewer_offer(video=26, audio=4)).slots) == 30
    for video, audio in ((27, 1), (1, 5)):
        with pytest.raises(SdpUnsupported):
            watch(viewer_offer(video, audio))


def test_feedback_for_packet_numbers_needs_the_numbers() -> None:
    text = captured_offer("chromium-offer").replace("draft-holmer", "draft-other")
    for track in answer_publish(parse_offer(text), LOCAL).tracks:
        assert "transport-cc" not in track.codec.feedback
        assert track.extensions.transport_sequence is None


def test_extensions_for_the_other_direction_are_not_used() -> None:
    mid = "urn:ietf:params:rtp-hdrext:sdes:mid"
    text = captured_offer("chromium-offer").replace(f"extmap:4 {mid}", f"extmap:4/sendonly {mid}")
    plan = answer_publish(parse_offer(text), LOCAL)
    assert plan.tracks[0].extensions.mid == 4
    assert f"a=extmap:4/recvonly {mid}" in plan.answer
    assert watch(text).slots[0].extensions.mid is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a=rtcp-mux\r\n", ""),
        ("BUNDLE 0 1 2", "BUNDLE 0"),
        ("a=group:BUNDLE 0 1 2\r\n", ""),
        ("UDP/TLS/RTP/SAVPF", "RTP/AVP"),
        ("opus/48000/2", "flac/48000/2"),
        ("90000", "8000"),
        ("a=setup:actpass", "a=setup:holdconn"),
        ("s=-\r\n", "s=-\r\na=ice-lite\r\n"),
        ("a=fingerprint:sha-256", "a=fingerprint:md5"),
        ("a=sendrecv", "a=inactive"),
        ("a=extmap:1 urn", "a=extmap:14 urn"),
        ("a=rtpmap:96 VP8", "a=rtpmap:111 VP8"),
    ],
)
def test_what_cannot_be_served_is_told_apart_from_what_is_malformed(before: str, after: str) -> None:
    text = captured_offer("chromium-offer")
    assert before in text
    if before.startswith("a=rtpmap"):
        text = text.replace("m=video 39150 UDP/TLS/RTP/SAVPF 96", "m=video 39150 UDP/TLS/RTP/SAVPF 111")
    offer = parse_offer(text.replace(before, after))
    for answer in (
        lambda: answer_publish(offer, LOCAL),
        lambda: answer_watch(offer, LOCAL, itertools.count().__next__),
    ):
        with pytest.raises(SdpUnsupported):
            answer()


def test_two_pictures_of_one_publisher_are_refused() -> None:
    with pytest.raises(SdpUnsupported):
        answer_publish(parse_offer(viewer_offer(2, 1).replace("a=recvonly", "a=sendonly")), LOCAL)


def test_no_ice_credentials_are_refused() -> None:
    text = "\r\n".join(
        line for line in captured_offer("chromium-offer").splitlines() if not line.startswith("a=ice-")
    )
    with pytest.raises(SdpUnsupported):
        answer_publish(parse_offer(text + "\r\n"), LOCAL)


# --- another implementation as judge ------------------------------------------------------------------


async def test_aiortc_accepts_the_answer_to_its_publish_offer() -> None:
    peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    try:
        peer.addTrack(AudioStreamTrack())
        peer.addTrack(VideoStreamTrack())
        await peer.setLocalDescription(await peer.createOffer())
        plan = answer_publish(parse_offer(peer.localDescription.sdp), LOCAL)
        assert [(track.kind, track.codec.name) for track in plan.tracks] == [
            ("audio", "opus"),
            ("video", "vp8"),
        ]
        assert all(track.ssrc is not None for track in plan.tracks)
        await peer.setRemoteDescription(RTCSessionDescription(plan.answer, "answer"))
        assert peer.signalingState == "stable"
        assert [t.currentDirection for t in peer.getTransceivers()] == ["sendonly", "sendonly"]
    finally:
        await peer.close()


async def test_aiortc_accepts_the_answer_to_its_watch_offer() -> None:
    peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    try:
        for kind in ("video", "video", "audio"):
            peer.addTransceiver(kind, direction="recvonly")
        peer.createDataChannel("not for us")
        await peer.setLocalDescription(await peer.createOffer())
        plan = watch(peer.localDescription.sdp)
        assert [slot.kind for slot in plan.slots] == ["video", "video", "audio"]
        assert set(plan.slots[0].codecs) == {"vp8", "h264"}
        await peer.setRemoteDescription(RTCSessionDescription(plan.answer, "answer"))
        assert peer.signalingState == "stable"
        assert [t.currentDirection for t in peer.getTransceivers()] == ["recvonly"] * 3
    finally:
        await peer.close()


def test_who_begins_the_handshake_is_whoever_the_offer_lets() -> None:
    """RFC 8842 section 5.3: of actpass the hub waits; only where it must, it begins."""
    text = captured_offer("chromium-offer")
    for offered, answered in (("actpass", "passive"), ("active", "passive"), ("passive", "active")):
        plan = answer_publish(parse_offer(text.replace("a=setup:actpass", f"a=setup:{offered}")), LOCAL)
        assert plan.remote.hub_is_server == (answered == "passive")
        assert set(re.findall(r"a=setup:(\w+)", plan.answer)) == {answered}


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("a=setup:actpass", "a=setup:holdconn", "holdconn"),
        ("s=-\r\n", "s=-\r\na=ice-lite\r\n", "ICE-lite"),
        ("a=mid:0\r\n", "a=mid:0\r\na=ice-lite\r\n", "ICE-lite"),
        ("a=rtcp-mux\r\n", "", "rtcp-mux"),
        ("a=group:BUNDLE 0 1 2\r\n", "", "bundled"),
    ],
)
def test_a_refusal_says_what_is_wrong_with_the_offer(before: str, after: str, words: str) -> None:
    offer = parse_offer(captured_offer("chromium-offer").replace(before, after))
    for answer in (
        lambda: answer_publish(offer, LOCAL),
        lambda: answer_watch(offer, LOCAL, itertools.count().__next__),
    ):
        with pytest.raises(SdpUnsupported, match=words):
            answer()


@pytest.mark.parametrize("mid", ["a=mid:1\r\n", ""])
def test_a_section_that_stands_alone_needs_no_bundle(mid: str) -> None:
    """RFC 9143 section 7.2: what was not offered in a group is not answered in one."""
    head, _, picture, _ = _parts(captured_offer("chromium-offer"))
    text = head.replace("a=group:BUNDLE 0 1 2\r\n", "") + picture.replace("a=mid:1\r\n", mid)
    offer = parse_offer(text)
    for plan in (answer_publish(offer, LOCAL), answer_watch(offer, LOCAL, itertools.count(1).__next__)):
        assert "BUNDLE" not in plan.answer
        assert plan.answer.count("a=mid:") == bool(mid)
        assert plan.tagged.bundle == ()
        assert (plan.tagged.kind, plan.tagged.mid) == ("video", mid[6:7])
        assert build_fragment(LOCAL, plan.tagged).count("a=mid:") == bool(mid)


def test_what_is_said_of_a_transport_later_is_said_of_its_own_first_section() -> None:
    """RFC 8840 section 4.4: a session without sound has no m=audio."""
    plan = watch(viewer_offer(2, 0))
    fragment = build_fragment(LOCAL, plan.tagged)
    assert "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\n" in fragment
    assert "a=group:BUNDLE 0 1\r\n" in fragment
    assert "m=audio" not in fragment
