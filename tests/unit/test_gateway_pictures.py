"""Pictures put together from RTP are what the encoder made, in H264 and H265; what is broken is left out."""

from __future__ import annotations

import pytest

from hub.gateway.pictures import START, Pictures
from hub.wire.h264_fit import fragments
from tests.support.h264_sender import clip, one_by_one, units_of


def test_h264_pictures_come_out_as_they_went_in() -> None:
    pictures, out = Pictures("h264"), []
    frames = clip().frames[:20]
    for number, frame in enumerate(frames):
        for stamp, payload, marker in one_by_one(units_of(frame.data), number * 3000):
            out += pictures.take(payload, stamp, marker)
    assert [each.key for each in out] == [number % 15 == 0 for number in range(20)]
    assert out[1].data == START.join([b"", *units_of(frames[1].data)])


def test_h265_fragments_and_aggregates_are_put_together() -> None:
    sets = [bytes((kind << 1, 1)) + bytes((kind,)) * 8 for kind in (32, 33, 34)]
    idr = bytes((19 << 1, 1)) + bytes(range(250)) * 10
    pictures = Pictures("h265")
    together = bytes((48 << 1, 1)) + b"".join(len(unit).to_bytes(2, "big") + unit for unit in sets)
    assert pictures.take(together, 0, False) == []
    out = []
    body = idr[2:]
    for at in range(0, len(body), 900):
        flags = (0x80 if at == 0 else 0) | (0x40 if at + 900 >= len(body) else 0) | 19
        head = bytes((49 << 1, 1, flags))
        out += pictures.take(head + body[at : at + 900], 0, at + 900 >= len(body))
    [picture] = out
    assert picture.key
    assert picture.data == START.join([b"", *sets, idr])


def test_what_was_described_stands_before_a_key_picture_that_brings_no_sets() -> None:
    idr = bytes((0x65,)) + bytes(2000)
    pictures, out = Pictures("h264", [b"\x67sps", b"\x68pps"]), []
    parts = list(fragments(idr, 900))
    for part in parts:
        out += pictures.take(part, 9, part is parts[-1])
    assert out[0].data == START.join([b"", b"\x67sps", b"\x68pps", idr])


def test_what_cannot_be_read_makes_no_picture() -> None:
    pictures = Pictures("h264")
    assert pictures.take(b"\x7c\x05late", 1, True) == []
    assert pictures.take(b"\x18\xff", 2, True) == []
    with pytest.raises(ValueError, match="vp8"):
        Pictures("vp8")
