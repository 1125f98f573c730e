"""RTSP as cameras send it: what is clear is read, what is not is one error, and nothing grows without end."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.wire.rtsp import (
    MAX_STRAY_BYTES,
    Interleaved,
    Message,
    Reader,
    Request,
    Response,
    RtspError,
    build_interleaved,
    build_request,
    build_response,
)
from hub.wire.sdp_rtsp import MAX_TRACKS, DescriptionError, base_url, parse_description, resolve
from tests.support.camera_golden import ANSWERS, BASE, DESCRIPTIONS


def responses(messages: list[Message]) -> list[Response]:
    return [message for message in messages if isinstance(message, Response)]


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("portion", [1, 7, 100_000])
def test_answers_are_read_however_they_are_written_and_cut(name: str, portion: int) -> None:
    told = ANSWERS[name]
    reader = Reader()
    found: list[Message] = []

    def feed() -> None:
        for at in range(0, len(told.data), portion):
            found.extend(reader.feed(told.data[at : at + portion]))

    if told.status is None:
        with pytest.raises(RtspError):
            feed()
        return
    feed()
    (answer,) = responses(found)
    assert answer.status == told.status
    assert answer.headers.get(told.header[0]) == told.header[1]
    assert answer.body == told.body


@pytest.mark.parametrize("name", DESCRIPTIONS)
def test_descriptions_are_read_however_they_are_written(name: str) -> None:
    told = DESCRIPTIONS[name]
    if told.codecs is None:
        with pytest.raises(DescriptionError):
            parse_description(told.text, BASE)
        return
    description = parse_description(told.text, BASE)
    assert tuple(track.codec for track in description.tracks) == told.codecs
    assert description.tracks[0].control == told.control
    assert description.tracks[-1].clock_rate in (90_000, 8000)
    assert [track.fmtp for track in description.tracks if track.kind == "video"] == [told.fmtp]


@pytest.mark.parametrize(
    ("claims", "fps", "size"),
    [
        ("a=framerate:25.000000", 25.0, None),
        ("a=x-framerate: 12", 12.0, None),
        ("a=framerate:30000/1001", 30000 / 1001, None),
        ("a=framerate:0", None, None),
        ("a=framerate:1/0", None, None),
        ("a=framerate:nan", None, None),
        ("a=framerate:1e999", None, None),
        ("a=x-dimensions:1920,1080", None, (1920, 1080)),
        ("a=framesize:96 640-480", None, (640, 480)),
        ("a=cliprect:0,0,576,704", None, (704, 576)),
        ("a=x-dimensions:0,0", None, None),
        ("a=x-dimensions:999999,2", None, None),
    ],
)
def test_what_a_description_claims_is_taken_where_it_can_be(
    claims: str, fps: float | None, size: tuple[int, int] | None
) -> None:
    text = DESCRIPTIONS["plain"].text + claims + "\r\n"
    (track,) = parse_description(text, BASE).tracks
    assert (track.fps, track.size) == (fps, size)


def test_a_description_of_a_thousand_tracks_is_cut() -> None:
    text = "v=0\r\n" + "m=video 0 RTP/AVP 96\r\na=control:x\r\n" * 400
    assert len(parse_description(text, BASE).tracks) == MAX_TRACKS


@pytest.mark.parametrize(
    ("told", "base"),
    [
        ("", BASE),
        (BASE + "/", BASE + "/"),
        ("rtsp://10.0.0.7:554/cam/realmonitor", BASE),
        ("rtsp://10.0.0.7/cam/realmonitor/", BASE),
        ("rtsp://192.168.1.64/cam/realmonitor/", BASE),
        ("rtsp://rtsp://10.0.0.7/x/", "rtsp://10.0.0.7/x/"),
        ("/cam/realmonitor", BASE),
        ('"rtsp://10.0.0.7/x"', "rtsp://10.0.0.7/x"),
    ],
)
def test_a_base_is_believed_only_where_it_makes_sense(told: str, base: str) -> None:
    assert base_url(BASE, told) == base


def test_controls_are_appended_as_vendors_mean_it() -> None:
    assert resolve(BASE + "/", "trackID=0") == BASE + "/trackID=0"
    assert resolve("rtsp://h/a", "*") == resolve("rtsp://h/a", "") == "rtsp://h/a"


def test_packets_and_answers_share_a_connection() -> None:
    packet = bytes(range(200))
    data = (
        build_interleaved(0, packet)
        + build_response(200, "OK", [("CSeq", "9")])
        + build_interleaved(1, b"")
        + build_request("REDIRECT", "*", [("Location", "rtsp://h/")])
        + build_interleaved(2, bytes(65_535))
    )
    reader = Reader()
    found = [message for at in range(0, len(data), 1000) for message in reader.feed(data[at : at + 1000])]
    assert [type(message) for message in found] == [Interleaved, Response, Interleaved, Request, Interleaved]
    inside = [(message.channel, bytes(message.data)) for message in found if isinstance(message, Interleaved)]
    assert inside == [(0, packet), (1, b""), (2, bytes(65_535))]
    _, answer, _, asked, _ = found
    assert isinstance(answer, Response)
    assert isinstance(asked, Request)
    assert (answer.cseq, asked.headers.get("location")) == (9, "rtsp://h/")
    assert reader.stray == 0


def test_stray_bytes_are_passed_over_and_counted_and_not_for_ever() -> None:
    reader = Reader()
    assert (
        len(reader.feed(b"\0\1junk" + build_interleaved(0, b"x") + b"Mx" + build_interleaved(0, b"y"))) == 2
    )
    assert reader.stray == 6 + 2
    with pytest.raises(RtspError):
        reader.feed(bytes(MAX_STRAY_BYTES + 2))


def test_hours_of_packets_take_no_more_room() -> None:
    reader = Reader()
    packet = build_interleaved(0, bytes(1400))
    begun = time.thread_time()
    for _ in range(2000):
        room = reader.room()
        assert len(room) >= len(packet)
        room[: len(packet)] = packet
        reader.came(len(packet))
        assert len(list(reader.messages())) == 1
    assert time.thread_time() - begun < 0.5


@pytest.mark.parametrize("text", ["a\r\nb", "a\nb", "a\0b"])
def test_nothing_gets_out_of_its_line(text: str) -> None:
    with pytest.raises(RtspError):
        build_request("OPTIONS", f"rtsp://h/{text}", [])
    with pytest.raises(RtspError):
        build_request("OPTIONS", "rtsp://h/", [("X", text)])
    with pytest.raises(RtspError):
        build_response(200, text, [])


@given(st.lists(st.tuples(st.integers(0, 255), st.binary(max_size=300)), max_size=20), st.integers(1, 700))
def test_packets_come_out_as_they_went_in(packets: list[tuple[int, bytes]], portion: int) -> None:
    data = b"".join(build_interleaved(channel, packet) for channel, packet in packets)
    reader = Reader()
    found = [
        message for at in range(0, len(data), portion) for message in reader.feed(data[at : at + portion])
    ]
    assert [
        (message.channel, bytes(message.data)) for message in found if isinstance(message, Interleaved)
    ] == packets
