"""Feedback that is summed up where datagrams are read: what is kept, and what Python gets, in order."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from hub.media import native
from hub.media.transport.intake import DIGEST, RTCP, Intake
from hub.media.transport.srtp import Profile, SealBuffer, SrtpSession
from hub.wire.rtcp import Pli
from hub.wire.rtcp_build import serialise
from tests.support.feedback_messages import REFERENCE, REPORT, START, Told, message, next_one
from tests.support.native_library import needs_compiler, present_library

pytestmark = needs_compiler


@pytest.fixture(scope="module", autouse=True)
def _library() -> Iterator[None]:
    with present_library():
        yield


class Arriving:
    """A viewer's socket, and an intake that knows the viewer."""

    def __init__(self) -> None:
        self.summing = Told()
        self.clock = 1.3
        self.intake = Intake(native.native(), lambda: self.clock)
        self.known = self.intake.add()
        key = bytes(range(28))
        self.viewer = SrtpSession(Profile.AEAD_AES_128_GCM, key, inbound=False)
        self.known.open(SrtpSession(Profile.AEAD_AES_128_GCM, key, inbound=True), self.summing.line)
        self.known.control(1)
        self.ours, self.theirs = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
        for each in (self.ours, self.theirs):
            each.bind(("127.0.0.1", 0))
        self.intake.put(self.theirs.getsockname(), self.known)
        self.opened: list[tuple[int, bytes]] = []
        self.raw = self.kept = 0
        self.intake.on_opened = lambda number, kind, packet, refused, waited: self.opened.append(
            (kind, bytes(packet))
        )
        self.intake.on_raw = self._raw
        self.intake.on_kept = self._kept

    def _raw(self, view: memoryview, length: int, address: object, waited_s: float) -> None:
        self.raw += 1

    def _kept(self, octets: int) -> None:
        self.kept += octets

    def send(self, *compounds: bytes) -> None:
        """All of them wait in the socket, then they are taken."""
        buffer = SealBuffer(2048)
        for compound in compounds:
            buffer.view[: len(compound)] = compound
            sealed = self.viewer.protect_rtcp(buffer, 0, len(compound))
            self.theirs.sendto(bytes(buffer.view[:sealed]), self.ours.getsockname())
        self.intake.take(self.ours.fileno(), 64)

    def close(self) -> None:
        """No socket is left."""
        self.ours.close()
        self.theirs.close()


@pytest.fixture
def arriving() -> Iterator[Arriving]:
    made = Arriving()
    yield made
    made.close()


def test_feedback_of_a_known_viewer_is_kept_until_its_digest_is_due(arriving: Arriving) -> None:
    second = message(START + 5, REFERENCE + 5, bytes([60, 80]))
    arriving.send(next_one())
    assert (arriving.opened, arriving.kept) == ([], len(next_one()))
    arriving.clock += 0.2
    arriving.send(second)
    assert arriving.opened == [(DIGEST, second)]
    told = arriving.summing.line.take()
    assert told is not None
    assert (told.messages, told.packets, told.heard_at) == (2, 5, arriving.clock)


def test_what_waits_in_the_socket_behind_a_message_for_python_is_for_python_too(arriving: Arriving) -> None:
    third = message(START + 5, REFERENCE + 5, bytes([60, 80]))
    request = serialise([Pli(1, 2)])
    arriving.send(next_one(), request, third)
    assert arriving.opened == [(RTCP, request), (RTCP, third)]
    told = arriving.summing.line.take()
    assert told is not None
    assert told.messages == 1


def test_behind_a_receiver_report_is_summed_up_on(arriving: Arriving) -> None:
    third = message(START + 5, REFERENCE + 2, bytes([88, 80]))
    arriving.send(next_one(), REPORT, third)
    assert arriving.opened == [(RTCP, REPORT)]
    told = arriving.summing.line.take()
    assert told is not None
    assert told.messages == 2


def test_a_closed_peer_has_no_digest_any_more(arriving: Arriving) -> None:
    arriving.intake.remove(arriving.known)
    arriving.send(next_one())
    assert (arriving.raw, arriving.opened, arriving.kept) == (1, [], 0)
    assert arriving.summing.line.take() is None
