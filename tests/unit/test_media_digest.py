"""Feedback summed up in C says what each message would have said; what is not plain is left to Python, in order."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from hub.media import native
from hub.media.estimate import line as hub_line
from hub.media.transport.outlet import Outlet
from hub.media.transport.srtp import SealBuffer
from hub.wire.rtcp import RtcpError, TransportFeedback
from hub.wire.rtcp_build import serialise
from hub.wire.transport_feedback_fast import read_feedback
from tests.support.feedback_messages import REFERENCE, REPORT, START, Told, message, next_one
from tests.support.native_library import needs_compiler, present_library, run_sanitized
from tests.support.summed_line import ADDED, DUE, NOT_PLAIN, Summing
from tests.unit import test_media_native

pytestmark = needs_compiler


@pytest.fixture(scope="module", autouse=True)
def _library() -> Iterator[None]:
    with present_library():
        yield


def test_what_unpacks_the_structure_agrees_with_the_header() -> None:
    offset: Callable[..., int] = native.ffi.offsetof
    assert hub_line._DIGEST.size == offset("struct hub_line", "samples")
    assert hub_line._STATE.size == offset("struct hub_line", "next")
    assert offset("struct hub_line", "messages") == hub_line._MESSAGES_AT
    assert hub_line._BATCH.size == native.ffi.sizeof("struct hub_batch")
    assert len(hub_line._told.batches) == len(hub_line._told.sizes) == hub_line.SENT
    assert offset("struct hub_line", "attentive") == hub_line._ATTENTIVE_AT
    assert native.ffi.sizeof("struct hub_line") <= 10 * 1024


# --- messages -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "chunks",
    [
        (0x2000 | 20,),
        (0x2000 | 5, 0x2000 | 15),
        (0x2000 | 8191,),
        (0xBFFF, 0xBFFF),
        (0xBFFF, 0xBF00),
        (0xBFFF, 0xD554),
        (0xD555, 0xD555, 0xD555),
        (0xD555, 0x2000 | 13),
    ],
)
@pytest.mark.parametrize("padded", [True, False])
def test_every_way_of_saying_that_all_arrived_is_plain(chunks: tuple[int, ...], padded: bool) -> None:
    summing = Told()
    base = START + 2
    one = message(base, REFERENCE + 1, bytes([104, *[80] * 19]), chunks, padded=padded)
    assert read_feedback(one)[2] == 0
    assert summing.hear(one, 1.5) == ADDED
    told = summing.take(1.5)
    assert told is not None
    assert (told.covered, told.messages, told.packets) == ((base + 20) & 0xFFFF, 1, 20)
    assert told.octets == sum(range(1002, 1022))
    assert (told.turns, told.last_arrived) == (1, 256 + 104 + 19 * 80)
    assert told.samples[:4] == (1_040_000, 360, 1_060_000, 440)


LOST = serialise([TransportFeedback(1, 2, (START + 2) & 0xFFFF, 0, 1, (26, None, 80))])
LARGE = serialise([TransportFeedback(1, 2, (START + 2) & 0xFFFF, 0, 1, (26, 300, 80))])
BACK = serialise([TransportFeedback(1, 2, (START + 2) & 0xFFFF, 0, 1, (26, -2, 80))])
LEFT: Final = {
    "loss": LOST,
    "large delta": LARGE,
    "negative delta": BACK,
    "another base": message(START + 3, REFERENCE + 1, bytes([104, 80])),
    "told before": message(START, REFERENCE, bytes([200, 80])),
    "never sent": message(START + 2, REFERENCE + 1, bytes([104, *[8] * 60])),
    "no packets": message(START + 2, REFERENCE + 1, b""),
    "a run of none": message(START + 2, REFERENCE + 1, bytes([104]), (0x2000, 0x2001)),
    "reserved status": message(START + 2, REFERENCE + 1, bytes([104]), (0x6001,)),
    "reserved status in a vector": message(START + 2, REFERENCE + 1, bytes([104, 1]), (0xDC00,)),
    "one lost in a vector": message(START + 2, REFERENCE + 1, bytes([104, 1]), (0xA000,)),
    "65,535 of them": next_one()[:14] + b"\xff\xff" + next_one()[16:],
    "fewer deltas than said": next_one()[:14] + b"\x00\x09" + next_one()[16:],
    "more deltas than said": message(START + 2, REFERENCE + 1, bytes(8), (0x2001,))[:14]
    + b"\x00\x01"
    + message(START + 2, REFERENCE + 1, bytes(8), (0x2001,))[16:],
    "a clock that jumps": message(START + 2, REFERENCE + 600, bytes([104, 80])),
    "a clock that jumps back": message(START + 2, REFERENCE - 600, bytes([104, 80])),
    "two messages": next_one() * 2,
    "cut short": next_one()[:-4],
    "one word longer": next_one() + bytes(4),
    "padding larger than it": b"\xaf" + next_one()[1:-1] + b"\xff",
    "padding of none": b"\xaf" + next_one()[1:-1] + b"\x00",
    "another format": b"\x8e" + next_one()[1:],
    "a receiver report before it": REPORT + next_one(),
    "a receiver report cut short": REPORT[:-4],
    "nothing": b"",
}


@pytest.mark.parametrize("name", LEFT)
def test_what_is_not_plain_is_left_and_so_is_all_after_it_until_python_has_spoken(name: str) -> None:
    summing = Told()
    hear: Callable[..., int] = native.native().library.hub_line_hear
    line = summing.line.native
    before = summing.digest()
    assert hear(line, LEFT[name], len(LEFT[name]), 1.3) == NOT_PLAIN
    assert line.attentive
    line.attentive = 0
    assert summing.digest() == before
    line.attentive = 1
    assert hear(line, next_one(), len(next_one()), 1.3) == NOT_PLAIN
    summing.estimator.instruct(summing.line)
    assert hear(line, next_one(), len(next_one()), 1.3) == ADDED


def test_a_receiver_report_is_left_and_does_not_end_the_sum() -> None:
    summing = Told()
    assert summing.hear(next_one(), 1.2) == ADDED
    before = summing.digest()
    hear: Callable[..., int] = native.native().library.hub_line_hear
    assert hear(summing.line.native, REPORT, len(REPORT), 1.25) == NOT_PLAIN
    assert summing.digest() == before
    third = message(START + 5, REFERENCE + 2, bytes([88, 80]))
    assert hear(summing.line.native, third, len(third), 1.3) == ADDED


def test_what_is_left_comes_after_what_was_summed_up() -> None:
    summed, plainly = Told(), Told()
    lost = serialise([TransportFeedback(1, 2, (START + 5) & 0xFFFF, 1, 2, (10, None, 80))])
    assert summed.hear(next_one(), 1.2) == ADDED
    assert summed.hear(lost, 1.25) == NOT_PLAIN
    plainly.estimator.feedback(next_one(), 1.2)
    plainly.estimator.feedback(lost, 1.25)
    assert summed.estimator.feedback_lost == 0
    assert summed.estimator._expected == plainly.estimator._expected == (START + 8) & 0xFFFF
    assert summed.estimator._clock == plainly.estimator._clock
    assert len(summed.estimator._log) == len(plainly.estimator._log) == 32
    assert summed.estimator.messages == 3


def test_random_messages_are_only_plain_if_python_reads_the_same_in_them() -> None:
    chance = random.Random(1)
    summing = Told()
    line, hear = summing.line.native, native.native().library.hub_line_hear
    plain = 0
    for _ in range(4000):
        summing.estimator.instruct(summing.line)
        summing.line.native.messages = 0
        deltas = bytes([104, *(chance.randrange(90) for _ in range(chance.randrange(20)))])
        one = bytearray(message(START + 2, REFERENCE + 1, deltas, padded=chance.random() < 0.5))
        for _ in range(chance.choice((0, 1, 3))):
            one[chance.randrange(len(one))] ^= 1 << chance.randrange(8)
        if chance.random() < 0.1:
            del one[chance.randrange(len(one)) :]
        if hear(line, bytes(one), len(one), 1.3) == NOT_PLAIN:
            continue
        plain += 1
        told = summing.line.take()
        base, reference, missing, ticks = read_feedback(bytes(one))
        assert told is not None
        assert (base, missing) == ((START + 2) & 0xFFFF, 0)
        assert told.covered == (base + len(ticks)) & 0xFFFF
        assert told.reference == reference
        assert told.last_arrived == told.turns * 256 + (ticks[-1] or 0)
    assert plain > 1000


def test_the_compiled_part_stays_within_its_memory(tmp_path: Path) -> None:
    """Random messages under the address and undefined-behaviour sanitizers."""
    assert "messages" in run_sanitized(tmp_path, "feedback_check.c", "feedback.c")


# --- when it is told ------------------------------------------------------------------------------------------


def steadily(summing: Summing, messages: int, every_s: float, *, each: int = 2, slower: int = 0) -> list[int]:
    """What became of messages about `each` packets; each packet is `slower` ticks longer on its way than the one before."""
    became = []
    now, number, arrival = 10.0, START + 40, 0
    for step in range(messages):
        now += every_s
        deltas: list[int] = []
        for _ in range(each):
            at = round(now * 4000) + slower * (number - START)
            if not deltas:
                arrival = at // 256 * 256
            deltas.append(at - arrival)
            arrival = at
            summing.sent(number, (500,), now)
            number += 1
        first = round(now * 4000) + slower * (number - each - START)
        data = message(number - each, first // 256, bytes(deltas))
        result = summing.hear(data, now + 0.05)
        if step:
            became.append(result)
    return became


def test_a_digest_is_told_450_ms_after_its_first_message() -> None:
    assert steadily(Told(), 23, 0.05)[:20] == [*[ADDED] * 9, DUE] * 2


def test_a_settled_viewers_digest_waits_to_be_taken_but_not_with_growing_delay() -> None:
    settled = Told()
    settled.settled = True
    assert steadily(settled, 65, 0.05)[:62] == [*[ADDED] * 30, DUE] * 2, "nobody took it by the clock"
    growing = Told()
    growing.settled = True
    assert DUE in steadily(growing, 6, 0.03, each=1, slower=25)


def test_of_a_settled_viewer_fewer_samples_are_kept_and_none_that_tells_of_growing_delay_is_left_out() -> (
    None
):
    """Messages 20 ms apart, about one packet each: a sample of each, or one in 50 ms."""
    kept = {}
    for settled in (False, True):
        summing = Told()
        summing.settled = settled
        steadily(summing, 20, 0.02, each=1)
        kept[settled] = summing.line.native.sample_count
    assert (kept[False], kept[True]) == (19, 7)
    summing = Told()
    summing.settled = True
    digests: list[hub_line.Digest] = []
    take = summing.line.take

    def noted() -> hub_line.Digest | None:
        told = take()
        if told is not None:
            digests.append(told)
        return told

    summing.line.take = noted  # type: ignore[method-assign]
    assert DUE in steadily(summing, 5, 0.02, each=1, slower=25)
    sent_us, arrived = digests[0].samples[0::2], digests[0].samples[1::2]
    delays_us = [250 * at - (us - sent_us[0]) % 2**32 for us, at in zip(sent_us, arrived, strict=True)]
    assert max(delays_us) - min(delays_us) > 10_000, "the one that told of it is among them"


def test_a_digest_of_many_packets_is_told_at_once() -> None:
    assert steadily(Told(), 8, 0.001, each=200)[:5] == [ADDED, ADDED, DUE, ADDED, ADDED]


def test_growing_delay_is_told_early() -> None:
    became = steadily(Told(), 5, 0.03, each=1, slower=25)
    assert became[:3] == [ADDED, ADDED, DUE], "6 ms more with each message: 12 ms with the third"
    assert steadily(Told(), 5, 0.03, each=1, slower=0)[:4] == [ADDED] * 4


def test_a_digest_that_nothing_ends_is_taken_by_the_clock() -> None:
    summing = Told()
    summing.hear(next_one(), 2.0)
    assert not summing.line.waits(2.4)
    assert summing.line.waits(2.46)
    summing.take(2.2)
    assert not summing.line.waits(9.0)
    assert summing.estimator._heard_at == 2.0
    assert summing.take(2.2) is None


# --- what is noted of what leaves -----------------------------------------------------------------------------


@pytest.mark.parametrize("compiled", [True, False])
def test_everything_that_leaves_is_noted(compiled: bool) -> None:
    by_lines, by_estimators = (test_media_native.Node(viewers=7, compiled=compiled) for _ in range(2))
    for slot, _ in by_lines.slots:
        slot.outlet.draw_line(native.native())
    for node in (by_lines, by_estimators):
        test_media_native.play(node, 3, steps=60)
    for (slot, _), told in zip(by_lines.slots, by_estimators.lines, strict=True):
        if slot.outlet.estimator is None:
            assert slot.outlet.line is None
            continue
        assert slot.outlet.line is not None
        noted = slot.outlet.line.native.sent
        left = [
            ((first + index) & 0xFFFF, size, hub_line.microseconds(now))
            for first, sizes, now in told.told
            for index, size in enumerate(sizes)
        ]
        assert len(left) > 40
        assert slot.outlet.line.next_number == (left[-1][0] + 1) & 0xFFFF
        for number, size, sent_us in left[-hub_line.SENT :]:
            entry = noted[number % hub_line.SENT]
            assert (entry.number, entry.size, entry.sent_us) == (number, size, sent_us)


def test_an_outlet_without_an_estimator_has_no_line() -> None:
    outlet = Outlet(test_media_native.Wire(), SealBuffer(1024))
    outlet.draw_line(native.native())
    assert outlet.line is None
    assert outlet.way.line == native.ffi.NULL


def test_a_message_that_python_cannot_read_either_changes_nothing() -> None:
    summing = Told()
    assert summing.hear(next_one(), 1.2) == ADDED
    with pytest.raises(RtcpError):
        summing.hear(next_one()[:-1], 1.25)
    summing.estimator.instruct(summing.line)
    assert summing.estimator.messages == 2
    assert summing.hear(message(START + 5, REFERENCE + 5, bytes([60, 80])), 1.3) == ADDED
