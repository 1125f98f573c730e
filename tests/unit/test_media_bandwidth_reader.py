"""The fast reader of transport-wide feedback says what the full parser says, of any bytes whatever."""

from __future__ import annotations

import random
import struct

import pytest

from hub.wire.rtcp import RtcpError, TransportFeedback
from hub.wire.rtcp_build import serialise
from hub.wire.rtcp_parse import parse_compound
from hub.wire.transport_feedback_fast import feedback_in, is_feedback_alone, read_feedback
from tests.support.packets import golden


def fully(message: bytes) -> tuple[int, int, list[int | None]]:
    """(base, reference, arrivals) by the full parser. Raises RtcpError as that does."""
    packets = parse_compound(message)
    if len(packets) != 1 or not isinstance(packets[0], TransportFeedback):
        raise RtcpError("not one transport feedback packet")
    parsed = packets[0]
    tick, arrivals = 0, []
    for delta in parsed.deltas:
        tick += delta or 0
        arrivals.append(None if delta is None else tick)
    return parsed.base_sequence, parsed.reference_time & 0xFF_FFFF, arrivals


def check(message: bytes) -> bool:
    """Both readers say the same; True if that is not an error."""
    try:
        expected = fully(message)
    except RtcpError:
        with pytest.raises(RtcpError):
            read_feedback(message)
        return False
    base, reference, missing, arrivals = read_feedback(message)
    assert (base, reference, arrivals) == expected
    assert missing == arrivals.count(None)
    return True


def some_message(chance: random.Random) -> bytes:
    """A well-formed message: mostly small deltas, some lost, some large."""
    lost, large = chance.choice((0.0, 0.1, 0.9)), chance.choice((0.0, 0.0, 0.2))
    deltas: list[int | None] = []
    for _ in range(chance.choice((1, 3, 12, 14, 40, 300))):
        if chance.random() < lost:
            deltas.append(None)
        elif chance.random() < large:
            deltas.append(chance.choice((-0x8000, -1, 256, 0x7FFF, chance.randint(-400, 400))))
        else:
            deltas.append(chance.randint(0, 255))
    reference = chance.choice((0, 1, -1, -(1 << 23), (1 << 23) - 1, chance.randint(0, 1 << 22)))
    return serialise([TransportFeedback(1, 2, chance.randrange(1 << 16), reference, 7, tuple(deltas))])


def test_random_messages_read_alike() -> None:
    chance = random.Random(1)
    assert all(check(some_message(chance)) for _ in range(500))


def test_damaged_messages_read_alike_or_fail_alike() -> None:
    chance = random.Random(2)
    taken = 0
    for _ in range(3000):
        message = bytearray(some_message(chance))
        for _ in range(chance.randint(1, 4)):
            message[chance.randrange(len(message))] = chance.choice((0, 0xFF, chance.randrange(256)))
        if chance.random() < 0.3:
            del message[chance.randrange(len(message)) :]
        taken += check(bytes(message))
    assert taken > 100, "some survive, else nothing was compared"


def test_any_bytes_are_refused_cleanly_or_read() -> None:
    chance = random.Random(3)
    for _ in range(3000):
        body = chance.randbytes(chance.randrange(0, 60) * 4)
        check(struct.pack(">BBH", chance.choice((0x8F, 0xAF)), 205, len(body) // 4) + body)
        check(chance.randbytes(chance.randrange(0, 40)))


def test_captured_messages_read_alike() -> None:
    messages = [packet["data"] for packet in golden("rtcp") if packet["kind"] == "TransportFeedback"]
    assert messages
    for message in messages:
        alone = feedback_in(message)
        assert alone
        assert all(check(one) for one in alone)
        assert is_feedback_alone(message) == (alone == [message])


def test_it_never_reads_beyond_its_view() -> None:
    message = some_message(random.Random(4))
    around = b"\xff" * 8 + message + b"\xff" * 64
    view = memoryview(around)[8 : 8 + len(message)]
    assert read_feedback(view) == read_feedback(message)
    for end in range(len(message)):
        with pytest.raises(RtcpError):
            read_feedback(memoryview(around)[8 : 8 + end])


def test_feedback_is_found_in_a_compound_among_others() -> None:
    chance = random.Random(5)
    first, second = some_message(chance), some_message(chance)
    report = struct.pack(">BBHI", 0x80, 201, 1, 9)
    assert feedback_in(report + first + report + second) == [first, second]
    assert not is_feedback_alone(report + first)
    assert is_feedback_alone(first)
    assert feedback_in(b"") == feedback_in(report) == feedback_in(first[:-1]) == []
