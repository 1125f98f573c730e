"""Offers: captured ones have their fields, hostile ones one exact error in linear time."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.wire.sdp import MAX_SDP_BYTES, Fingerprint, LocalTransport, Rid, SdpError, SimulcastChoice
from hub.wire.sdp_fragment import build_fragment, parse_fragment
from hub.wire.sdp_parse import parse_offer
from hub.wire.sdp_plan import Tagged
from tests.support.packets import captured_offer

NAMES = ["chromium-offer", "chromium-offer-simulcast", "firefox-offer"]
MINIMAL = (
    "v=0\r\na=group:BUNDLE 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=rtpmap:111 opus/48000/2\r\n"
)


def test_chromium_says_what_it_has() -> None:
    offer = parse_offer(captured_offer("chromium-offer"))
    assert offer.bundle == ("0", "1", "2")
    audio, video, data = offer.sections
    assert (audio.kind, audio.mid, audio.direction, audio.rejected) == ("audio", "0", "sendrecv", False)
    opus = audio.codecs[0]
    assert (opus.payload_type, opus.name, opus.clock_rate, opus.channels) == (111, "opus", 48000, 2)
    assert opus.parameters == {"minptime": "10", "useinbandfec": "1"}
    assert opus.feedback == ("transport-cc",)
    assert audio.ssrcs == (3771462808,)
    assert video.fid == ((4194529482, 4168203942),)
    assert video.ssrcs == (4194529482, 4168203942)
    vp8 = video.codecs[0]
    assert vp8.feedback == ("goog-remb", "transport-cc", "ccm fir", "nack", "nack pli")
    rtx = video.rtx_for(96)
    assert rtx is not None
    assert rtx.payload_type == 97
    assert {e.id: e.uri for e in video.extensions}[4] == "urn:ietf:params:rtp-hdrext:sdes:mid"
    assert video.msid == ("ce2ae154-9b15-4c7c-a334-14e9aa0fabe6", "983179a9-562c-4093-a876-1518950940e7")
    assert (video.ice_ufrag, video.setup, video.rtcp_mux, video.rtcp_reduced_size) == (
        "Fuss",
        "actpass",
        True,
        True,
    )
    assert "JIRldkfdh" not in repr(video)
    assert video.fingerprints[0].algorithm == "sha-256"
    assert len(video.candidates) == 4
    assert (data.kind, data.formats, data.codecs) == ("application", ("webrtc-datachannel",), ())


def test_chromium_with_simulcast_names_rids_and_no_sources() -> None:
    (video,) = parse_offer(captured_offer("chromium-offer-simulcast")).sections
    assert video.rids == (Rid("q", "send"), Rid("h", "send"), Rid("f", "send"))
    assert video.simulcast == tuple((SimulcastChoice(name),) for name in "qhf")
    assert video.ssrcs == ()
    assert video.direction == "sendonly"


def test_firefox_says_some_of_it_for_the_whole_session() -> None:
    audio, video, _ = parse_offer(captured_offer("firefox-offer")).sections
    assert audio.fingerprints[0].value.startswith("42:99:1B:0E")
    assert audio.ice_ufrag == "270494dd"
    assert [(e.id, e.direction) for e in audio.extensions] == [
        (1, "sendrecv"),
        (2, "recvonly"),
        (3, "sendrecv"),
        (7, "sendrecv"),
    ]
    assert video.fid == ((747431296, 1807825982),)
    assert [codec.name for codec in video.codecs if codec.name != "rtx"] == [
        "vp8",
        "vp9",
        "av1",
        "ulpfec",
        "red",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_line_ends_of_unix_do_as_well(name: str) -> None:
    text = captured_offer(name)
    assert "\r\n" in text
    assert parse_offer(text.replace("\r\n", "\n")) == parse_offer(text)


def test_port_zero_is_a_refusal_unless_it_is_bundled_only() -> None:
    text = MINIMAL.replace("audio 9", "audio 0")
    assert parse_offer(text).sections[0].rejected
    assert not parse_offer(text + "a=bundle-only\r\n").sections[0].rejected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v=1\r\n",
        "hello",
        "v=0\r\n",
        MINIMAL.replace("a=mid:0\r\n", ""),
        MINIMAL + "a=mid:0\r\n",
        MINIMAL.replace("BUNDLE 0", "BUNDLE 0 1"),
        MINIMAL.replace("BUNDLE 0", "BUNDLE 0 0"),
        MINIMAL + "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n",
        MINIMAL.replace("SAVPF 111", "SAVPF 111 111"),
        MINIMAL.replace("SAVPF 111", "SAVPF 128"),
        MINIMAL.replace("SAVPF 111", "SAVPF ²"),
        MINIMAL.replace("audio 9", "audio 65536"),
        MINIMAL.replace("audio 9 UDP/TLS/RTP/SAVPF 111", "audio"),
        MINIMAL + "nonsense\r\n",
        MINIMAL + "a=rtpmap:111\r\n",
        MINIMAL + "a=rtpmap:x opus/48000\r\n",
        MINIMAL + "a=rtpmap:111 opus/-1\r\n",
        MINIMAL + "a=rtpmap:111 opus/48000/2/2\r\n",
        MINIMAL + "a=rtcp-fb:111\r\n",
        MINIMAL + "a=extmap:0 urn:x\r\n",
        MINIMAL + "a=extmap:1\r\n",
        MINIMAL + "a=extmap:1/sideways urn:x\r\n",
        MINIMAL + "a=ssrc:4294967296 cname:x\r\n",
        MINIMAL + "a=ssrc-group:FID 1\r\n",
        MINIMAL + "a=rid:q sideways\r\n",
        MINIMAL + "a=msid:\r\n",
        MINIMAL + "a=setup:never\r\n",
        MINIMAL + "a=fingerprint:sha-256 12:34\r\n",
        MINIMAL + "a=fingerprint:sha-256 " + ":".join(["AA"] * 32) + "\r\n" * 1 + "a=fingerprint:x AA\r\n",
        MINIMAL + "a=ice-ufrag:abcd\r\n",
        MINIMAL + "a=ice-ufrag:ab d\r\na=ice-pwd:" + "p" * 22 + "\r\n",
        MINIMAL + "a=ice-ufrag:abcd\r\na=ice-pwd:short\r\n",
        MINIMAL + "m=video 9 UDP/TLS/RTP/SAVPF 97\r\na=mid:1\r\na=rtpmap:97 rtx/90000\r\n",
        MINIMAL + "a=x:" + "y" * 4096 + "\r\n",
        MINIMAL + "a=x\0y\r\n",
        MINIMAL + "a=x\ry\r\n",
        MINIMAL + "a=x\r\n" * 2000,
        MINIMAL + "a=x:" + "联" * 1200 + "\r\n" + ("a=x:" + "联" * 1200 + "\r\n") * 20,
        "v=0\r\n" + "".join(f"m=audio 9 RTP/AVP 0\r\na=mid:{n}\r\n" for n in range(65)),
        "v=0\r\n"
        + "".join(f"m=audio 9 RTP/AVP {' '.join(map(str, range(128)))}\r\na=mid:{n}\r\n" for n in range(9)),
    ],
    ids=range(41),
)
def test_what_is_no_offer_is_refused_with_one_error(text: str) -> None:
    with pytest.raises(SdpError):
        parse_offer(text)


def least_s(text: str) -> float:
    """The least processor time of five readings: a busy machine only ever adds to it."""
    times = []
    for _ in range(5):
        started = time.process_time()
        with contextlib.suppress(SdpError):
            parse_offer(text)
        times.append(time.process_time() - started)
    return min(times)


@pytest.mark.parametrize(
    "line",
    [
        "a=ssrc:{n} cname:x",
        "a=rtpmap:{pt} VP8/90000",
        "a=rtcp-fb:96 nack",
        "a=extmap:{id} urn:x",
        "a=rid:{n} send",
        "a=ssrc-group:FID {n} {n}",
        "a=candidate:{n} 1 udp 1 192.0.2.1 1 typ host",
        "a=fmtp:96 x=y;x=y;x=y",
    ],
)
def test_the_longest_offer_that_is_read_takes_no_time(line: str) -> None:
    head = "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF " + " ".join(map(str, range(128))) + "\r\na=mid:0\r\n"
    lines = [line.format(n=n, pt=n % 128, id=1 + n % 255) for n in range(1990)]
    text = head + "\r\n".join(lines) + "\r\n"
    assert least_s(text[:MAX_SDP_BYTES]) < 0.05


def test_a_far_too_long_offer_is_refused_at_once() -> None:
    text = "v=0\r\n" + "a=ssrc:1 cname:x\r\n" * 500_000
    with pytest.raises(SdpError):
        parse_offer(text)
    assert least_s(text) < 0.05


@given(st.data())
def test_damaged_offers_raise_only_the_one_error(data: st.DataObject) -> None:
    lines = captured_offer(data.draw(st.sampled_from(NAMES))).splitlines()
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.integers(0, 3)):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, data.draw(st.text(max_size=30)))
            case 2:
                cut = data.draw(st.integers(0, len(lines[at])))
                lines[at] = lines[at][:cut] + data.draw(st.text(max_size=5)) + lines[at][cut:]
            case _:
                lines[at] = lines[at][: data.draw(st.integers(0, len(lines[at])))]
    for read in (parse_offer, parse_fragment):
        try:
            read("\r\n".join(lines))
        except SdpError:
            pass


@given(st.text(max_size=200))
def test_arbitrary_text_raises_only_the_one_error(text: str) -> None:
    for candidate in (text, "v=0\r\n" + text, MINIMAL + text, MINIMAL + "a=" + text):
        for read in (parse_offer, parse_fragment):
            try:
                read(candidate)
            except SdpError:
                pass


# --- fragments ----------------------------------------------------------------------------------------


def test_a_fragment_of_a_trickling_client_is_read() -> None:
    text = (
        "a=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=ice-ufrag:EsAw\r\n"
        "a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\na=candidate:1 1 UDP 2130706431 192.0.2.1 2000 typ host\r\n"
        "a=end-of-candidates\r\n"
    )
    fragment = parse_fragment(text)
    assert (fragment.ice_ufrag, fragment.ice_pwd) == ("EsAw", "P2uYro0UCOQ4zxjKXaWCBui1")
    assert fragment.mids == ("0",)
    assert fragment.candidates == ("1 1 UDP 2130706431 192.0.2.1 2000 typ host",)
    assert fragment.end_of_candidates


@pytest.mark.parametrize(
    "text",
    [
        "a=ice-ufrag:EsAw\r\n",
        "a=ice-ufrag:EsAw\r\na=ice-pwd:short\r\n",
        "a=ice-ufrag:EsAw\r\na=ice-ufrag:Other\r\n",
        "nonsense\r\n",
    ],
)
def test_a_malformed_fragment_is_refused(text: str) -> None:
    with pytest.raises(SdpError):
        parse_fragment(text)


def test_the_hubs_own_fragment_reads_back() -> None:
    fingerprint = Fingerprint("sha-256", ":".join(["AB"] * 32))
    local = LocalTransport("hubu", "p" * 24, fingerprint, (("192.0.2.9", 5000), ("2001:db8::9", 5000)))
    text = build_fragment(local, Tagged("video", "UDP/TLS/RTP/SAVPF", 96, "a", ("a", "b")))
    fragment = parse_fragment(text)
    assert (fragment.ice_ufrag, fragment.ice_pwd, fragment.mids) == ("hubu", "p" * 24, ("a",))
    assert [candidate.split()[4] for candidate in fragment.candidates] == ["192.0.2.9", "2001:db8::9"]
    assert fragment.end_of_candidates
    assert text.startswith("a=group:BUNDLE a b\r\n")
    assert "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n" in text
    assert "p" * 24 not in repr(local)
    assert "p" * 24 not in repr(fragment)
