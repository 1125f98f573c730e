"""Sound in packets: AAC's access units (RFC 3640), and how long Opus lasts (RFC 6716)."""

from __future__ import annotations

import pytest

from clients.camera.sounds import sound
from hub.wire import aac, opus

_HBR = "streamtype=5;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config=1408"


def test_a_description_tells_the_framing() -> None:
    assert aac.framing(_HBR) == aac.Framing(13, 3, 3, b"\x14\x08")
    assert aac.framing("CONFIG=1190; SizeLength=6;indexLength=2") == aac.Framing(6, 2, 3, b"\x11\x90")


@pytest.mark.parametrize("fmtp", ["", "config=", "config=xyz", "config=14", "sizelength=0;config=1408"])
def test_what_describes_nothing_is_refused(fmtp: str) -> None:
    with pytest.raises(aac.AacError):
        aac.framing(fmtp)


def test_access_units_come_out_as_they_went_in() -> None:
    framing = aac.framing(_HBR)
    one, two = b"\x01" * 5, b"\x02" * 3
    head = bytes((0, 32)) + (5 << 3).to_bytes(2, "big") + (3 << 3).to_bytes(2, "big")
    assert list(aac.units(head + one + two, framing)) == [one, two]
    made = sound("aac")
    assert all(len(list(aac.units(payload, framing))) == 1 for payload in made.payloads)


@pytest.mark.parametrize(
    "payload",
    [b"", b"\0", b"\0\0abc", b"\0\x10", b"\0\x10\0\x28abc", b"\0\x10\0\0abc", b"\xff\xff\0\0"],
)
def test_what_does_not_add_up_is_refused(payload: bytes) -> None:
    with pytest.raises(aac.AacError):
        list(aac.units(payload, aac.framing(_HBR)))


@pytest.mark.parametrize(
    ("packet", "samples"),
    [
        (b"", 0),
        (b"\x08x", 960),  # SILK, 20 ms
        (b"\x18x", 2880),  # SILK, 60 ms
        (b"\x79x", 1920),  # two of hybrid, 20 ms
        (b"\xe0x", 120),  # CELT, 2.5 ms
        (b"\xfb\x03x", 2880),  # three of CELT, 20 ms
        (b"\xfb", 0),
        (b"\x1b\x3fx", 0),  # longer than any
    ],
)
def test_how_long_opus_lasts(packet: bytes, samples: int) -> None:
    assert opus.samples(packet) == samples


def test_the_simulator_sends_opus_of_twenty_milliseconds() -> None:
    assert {opus.samples(payload) for payload in sound("opus").payloads} == {960}
