"""Simulcast and redundant sound: what of an offer is taken, and what the answer says of it."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.wire.sdp import Fingerprint, LocalTransport, Rid, SdpError, SimulcastChoice
from hub.wire.sdp_answer import ExtensionIds, PublishPlan, answer_publish, answer_watch
from hub.wire.sdp_parse import parse_offer
from hub.wire.sdp_simulcast import MAX_RIDS, parse_rid, parse_simulcast
from tests.support.packets import captured_offer

LOCAL = LocalTransport("hubu", "p" * 24, Fingerprint("sha-256", "AB"), (("192.0.2.9", 5000),))
SIMULCAST = captured_offer("chromium-offer-simulcast")
RIDS = "a=rid:q send\r\na=rid:h send\r\na=rid:f send\r\na=simulcast:send q;h;f\r\n"


def publish(text: str) -> PublishPlan:
    return answer_publish(parse_offer(text), LOCAL)


def offering(*lines: str) -> str:
    """Chromium's simulcast offer with these lines in place of its own rids."""
    assert RIDS in SIMULCAST
    return SIMULCAST.replace(RIDS, "".join(f"{line}\r\n" for line in lines))


def simulcast_lines(answer: str) -> list[str]:
    return [line for line in answer.splitlines() if line.startswith(("a=rid", "a=simulcast"))]


def test_chromiums_three_layers_are_taken_with_the_extensions_that_name_them() -> None:
    plan = publish(SIMULCAST)
    (picture,) = plan.tracks
    assert picture.rids == ("q", "h", "f")
    assert (picture.ssrc, picture.rtx_ssrc) == (None, None)
    assert (picture.codec.name, picture.codec.rtx) == ("vp8", 97)
    assert picture.extensions == ExtensionIds(
        mid=9, transport_sequence=4, abs_send_time=2, rid=10, repaired_rid=11
    )
    assert simulcast_lines(plan.answer) == [
        "a=rid:q recv",
        "a=rid:h recv",
        "a=rid:f recv",
        "a=simulcast:recv q;h;f",
    ]
    for line in (
        "a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
        "a=extmap:11 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
    ):
        assert line in plan.answer.splitlines()


@pytest.mark.parametrize(
    ("left_out", "codec", "rids"),
    [
        (("VP8",), "h264", ("q", "h", "f")),
        (("VP8", "H264"), "vp9", ("q", "h", "f")),
        (("VP8", "H264", "VP9"), "av1", ()),
    ],
)
def test_every_codec_that_can_be_switched_is_taken_in_layers(
    left_out: tuple[str, ...], codec: str, rids: tuple[str, ...]
) -> None:
    text = SIMULCAST
    for name in left_out:
        text = text.replace(f" {name}/90000", " X/90000")
    plan = publish(text)
    assert (plan.tracks[0].codec.name, plan.tracks[0].rids) == (codec, rids)
    assert bool(simulcast_lines(plan.answer)) == bool(rids)


@pytest.mark.parametrize(
    ("names", "rising"),
    [
        ("f;h;q", ("q", "h", "f")),
        ("h;l", ("l", "h")),
        ("hi_0;lo-1", ("lo-1", "hi_0")),
        ("2;1", ("1", "2")),
        ("x", ("x",)),
    ],
)
def test_layers_rise_by_known_names_else_against_the_offers_order(
    names: str, rising: tuple[str, ...]
) -> None:
    lines = [f"a=rid:{name} send" for name in names.split(";")]
    plan = publish(offering(*lines, f"a=simulcast:send {names}"))
    assert plan.tracks[0].rids == rising
    # The answer keeps the order of the offer.
    assert simulcast_lines(plan.answer)[-1] == f"a=simulcast:recv {names}"


def test_layers_rise_by_restrictions_that_all_of_them_have() -> None:
    plan = publish(
        offering(
            "a=rid:a send max-width=320;max-height=180",
            "a=rid:b send max-width=1280;max-height=720",
            "a=rid:c send pt=96;max-width=640",
            "a=simulcast:send a;b;c",
        )
    )
    assert plan.tracks[0].rids == ("a", "c", "b")


def test_of_more_than_three_layers_the_lowest_the_middle_and_the_highest_are_taken() -> None:
    names = ["e", "d", "c", "b", "a"]
    lines = [f"a=rid:{name} send" for name in names]
    plan = publish(offering(*lines, f"a=simulcast:send {';'.join(names)}"))
    assert plan.tracks[0].rids == ("a", "c", "e")
    assert simulcast_lines(plan.answer) == [
        "a=rid:e recv",
        "a=rid:c recv",
        "a=rid:a recv",
        "a=simulcast:recv e;c;a",
    ]


def test_a_paused_layer_is_taken_and_may_begin_at_any_time() -> None:
    plan = publish(SIMULCAST.replace("send q;h;f", "send q;~h;~f"))
    assert plan.tracks[0].rids == ("q", "h", "f")
    assert "~" not in plan.answer


def test_of_alternatives_the_first_that_may_carry_the_codec_is_taken() -> None:
    plan = publish(
        offering(
            "a=rid:1 send pt=98",
            "a=rid:2 send pt=96,102",
            "a=rid:3 send",
            "a=rid:4 send pt=98",
            "a=rid:5 recv",
            "a=simulcast:send 1,2;3;4;5;unheard-of recv 5",
        )
    )
    assert simulcast_lines(plan.answer) == ["a=rid:2 recv", "a=rid:3 recv", "a=simulcast:recv 2;3"]


@pytest.mark.parametrize(
    "text",
    [
        SIMULCAST.replace("rtp-hdrext:sdes:rtp-stream-id", "x-stream-id"),
        offering("a=rid:q send"),
        offering("a=simulcast:send q;h"),
        offering("a=rid:q send pt=98", "a=simulcast:send q"),
        offering("a=rid:q recv", "a=simulcast:recv q"),
    ],
)
def test_layers_that_cannot_be_told_apart_are_answered_as_one(text: str) -> None:
    plan = publish(text)
    (picture,) = plan.tracks
    assert (picture.rids, picture.ssrc) == ((), None)
    assert (picture.extensions.rid, picture.extensions.repaired_rid) == (None, None)
    assert simulcast_lines(plan.answer) == []
    assert "rtp-stream-id" not in plan.answer


def test_without_a_name_for_repairs_nothing_is_repaired_by_rtx() -> None:
    plan = publish(SIMULCAST.replace("sdes:repaired-rtp-stream-id", "x"))
    assert (plan.tracks[0].codec.rtx, plan.tracks[0].rids) == (None, ("q", "h", "f"))
    assert "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n" in plan.answer


def test_rids_and_simulcast_are_read_with_all_they_may_have() -> None:
    assert parse_rid("a_1-Z send pt=96,97;Max-Width=1280; max-fps=30") == Rid(
        "a_1-Z", "send", (96, 97), (("max-width", "1280"), ("max-fps", "30"))
    )
    assert parse_simulcast("recv x send 1,~2;3") == (
        (SimulcastChoice("1"), SimulcastChoice("2", paused=True)),
        (SimulcastChoice("3"),),
    )
    assert parse_simulcast("recv x") == ()


@pytest.mark.parametrize(
    "line",
    [
        "a=rid:q",
        "a=rid:q both",
        "a=rid:q! send",
        f"a=rid:{'q' * 65} send",
        "a=rid:q send pt=",
        "a=rid:q send pt=9x",
        "a=rid:q send\r\na=rid:q send",
        "\r\n".join(f"a=rid:{number} send" for number in range(MAX_RIDS + 1)),
        "a=simulcast:",
        "a=simulcast:send",
        "a=simulcast:send q recv",
        "a=simulcast:send q send h",
        "a=simulcast:both q",
        "a=simulcast:send q;;h",
        "a=simulcast:send q,",
        "a=simulcast:send ~~q",
        "a=simulcast:send q;q",
        "a=simulcast:send " + ";".join(map(str, range(MAX_RIDS + 1))),
    ],
)
def test_malformed_rids_and_simulcast_have_the_one_error(line: str) -> None:
    with pytest.raises(SdpError):
        parse_offer(offering(line))


@given(st.text(alphabet="qhf;,~ =sendrcvpt1", max_size=40))
def test_arbitrary_values_raise_only_the_one_error(value: str) -> None:
    for line in (f"a=rid:{value}", f"a=simulcast:{value}"):
        try:
            offer = parse_offer(offering("a=rid:1 send", line))
        except SdpError:
            continue
        answer_publish(offer, LOCAL)


# --- sound --------------------------------------------------------------------------------------------


def test_redundant_sound_is_accepted_from_publishers_and_for_viewers() -> None:
    text = captured_offer("chromium-offer")
    for answer in (
        publish(text).answer,
        answer_watch(parse_offer(text), LOCAL, itertools.count(1).__next__).answer,
    ):
        assert {"a=rtpmap:63 red/48000/2", "a=fmtp:63 111/111"} <= set(answer.splitlines())
        # Before Opus: else Chromium does not send it.
        assert "m=audio 9 UDP/TLS/RTP/SAVPF 63 111" in answer.splitlines()
    slots = answer_watch(parse_offer(text), LOCAL, itertools.count(1).__next__).of_kind("audio")
    assert slots[0].codecs["opus"].red == 63
    assert publish(captured_offer("firefox-offer")).tracks[0].codec.red is None


@pytest.mark.parametrize(
    ("before", "after", "red"),
    [
        ("a=fmtp:63 111/111\r\n", "", 63),
        ("a=fmtp:63 111/111", "a=fmtp:63 111/111/111", 63),
        ("a=fmtp:63 111/111", "a=fmtp:63 111/0", None),
        ("red/48000/2", "red/8000", None),
        ("m=audio 43924 UDP/TLS/RTP/SAVPF 111 63", "m=audio 43924 UDP/TLS/RTP/SAVPF 111", None),
    ],
)
def test_redundancy_must_be_of_the_very_sound(before: str, after: str, red: int | None) -> None:
    text = captured_offer("chromium-offer")
    assert before in text
    assert publish(text.replace(before, after)).tracks[0].codec.red == red


@pytest.mark.parametrize(
    ("offered", "answered"),
    [
        ("minptime=10;useinbandfec=1", "minptime=10;useinbandfec=1"),
        ("stereo=1;usedtx=1;sprop-stereo=1", "useinbandfec=1;usedtx=1"),
        ("minptime=x;usedtx=0", "useinbandfec=1"),
    ],
)
def test_sound_is_asked_for_with_its_own_error_correction_and_without_stereo(
    offered: str, answered: str
) -> None:
    text = captured_offer("chromium-offer").replace("minptime=10;useinbandfec=1", offered)
    plan = publish(text)
    assert plan.tracks[0].codec.fmtp == answered
    assert f"a=fmtp:111 {answered}" in plan.answer.splitlines()


def test_nack_of_sound_is_accepted_where_it_is_offered_and_leaves_its_packets_without_stamps() -> None:
    text = captured_offer("chromium-offer").replace(
        "a=rtcp-fb:111 transport-cc\r\n", "a=rtcp-fb:111 transport-cc\r\na=rtcp-fb:111 nack\r\n"
    )
    sound, picture = publish(text).tracks
    assert sound.codec.feedback == ("nack",)
    assert sound.extensions.transport_sequence is None
    assert sound.extensions.abs_send_time is None
    assert picture.extensions.transport_sequence is not None
