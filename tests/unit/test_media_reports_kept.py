"""Reports and REMB that say nothing new are kept where datagrams are read; whatever says something is told."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from hub.media import native
from hub.wire import rtcp
from hub.wire.rtcp_build import serialise
from tests.support.native_library import needs_compiler, present_library
from tests.unit.test_media_digest_intake import Arriving

pytestmark = needs_compiler

SLOT, FLOOR = 2, 1_000_000
NAMES = rtcp.SourceDescription(((1, ((rtcp.CNAME, b"viewer"),)),))


@pytest.fixture(scope="module", autouse=True)
def _library() -> Iterator[None]:
    with present_library():
        yield


def report(fraction_lost: int = 0) -> rtcp.ReceiverReport:
    return rtcp.ReceiverReport(1, (rtcp.ReportBlock(SLOT, fraction_lost, 0, 1, 0, 0, 0),))


def remb(bps: int) -> rtcp.Remb:
    return rtcp.Remb(1, bps, (SLOT,))


def hears(*datagrams: bytes, keep: int = 1, floor: int = FLOOR, apart_s: float = 0.01) -> list[bool]:
    """Of each datagram, one after the other, whether Python is told of it."""
    reports = native.ffi.new("struct hub_reports *")
    reports.keep, reports.meaningless_bps = keep, floor
    hear, now, told = native.native().library.hub_reports_hear, 100.0, []
    for datagram in datagrams:
        now += apart_s
        told.append(hear(reports, datagram, len(datagram), now) == 0)
    return told


@pytest.mark.parametrize(
    "one",
    [
        (report(),),
        (report(), NAMES),
        (report(), NAMES, remb(FLOOR)),
        (remb(FLOOR),),
        (remb(5_000_000_000),),
        (rtcp.ReceiverReport(1, ()), remb(FLOOR)),
    ],
)
def test_what_says_nothing_new_is_told_once_a_second(one: tuple[rtcp.RtcpPacket, ...]) -> None:
    datagram = serialise(one)
    assert hears(*[datagram] * 30) == [True] + [False] * 29
    assert sum(hears(*[datagram] * 31, apart_s=0.1)) in (3, 4)
    assert all(hears(datagram, datagram, keep=0)), "not before Python says so"


def test_reports_and_remb_are_told_once_a_second_each_however_often_the_other_comes() -> None:
    assert hears(serialise([remb(FLOOR)]), serialise([report()]), serialise([remb(FLOOR)])) == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    "one",
    [
        (report(1),),
        (report(), remb(FLOOR * 9 // 10)),
        (report(), rtcp.Nack(1, SLOT, (7,))),
        (report(), rtcp.Pli(1, SLOT)),
        (rtcp.Pli(1, SLOT),),
        (report(), rtcp.Bye((1,))),
    ],
)
def test_whatever_says_something_is_told_each_time(one: tuple[rtcp.RtcpPacket, ...]) -> None:
    datagram = serialise(one)
    assert all(hears(serialise([report()]), *[datagram] * 5))


@pytest.mark.parametrize("cut", [1, 4, 7, 9, 30, 33, 50])
def test_what_is_cut_short_is_told(cut: int) -> None:
    whole = serialise([report(), remb(FLOOR)])
    assert hears(whole, whole[:cut]) == [True, True]


def test_the_intake_keeps_them_from_python_and_counts_their_bytes() -> None:
    with contextlib.closing(Arriving()) as arriving:
        datagram = serialise([report(), NAMES, remb(FLOOR)])
        arriving.send(datagram)
        assert len(arriving.opened) == 1, "every one is told"
        arriving.known.keep_reports(FLOOR)
        arriving.send(*[datagram] * 5)
        assert len(arriving.opened) == 2
        assert arriving.kept == 4 * len(datagram)
        arriving.known.keep_reports(None)
        arriving.send(*[datagram] * 5)
        assert len(arriving.opened) == 7
