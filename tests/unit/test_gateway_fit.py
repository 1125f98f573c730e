"""H264 made fit: what any camera sends comes out short, whole, numbered and with its parameter sets."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.camera.faults import Faults
from clients.camera.packets import payloads
from clients.camera.scene import Scene
from hub.gateway.clock import Stamps
from hub.gateway.fit import MOST_BYTES, Fit, Fitted
from hub.wire import h264, h264_fit
from hub.wire.rtp import build_packet
from tests.support.camera_pull import annex_b, numbers

SCENE = Scene("fit", 320, 180, 10, 600_000, stretch_s=2, loop_s=4, noise=True)


def sent(faults: Faults, scene: Scene = SCENE, stretches: int = 2) -> list[tuple[bytes, int, bool]]:
    """Payload, stamp and mark of each packet of the whole loop."""
    out = []
    for number in range(stretches):
        for shot in scene.stretch(number):
            parts = payloads(shot, scene, faults)
            stamp = round((number * scene.stretch_s + shot.at_s) * 90_000)
            out += [(part, stamp, part is parts[-1]) for part in parts]
    return out


def fitted(
    packets: list[tuple[bytes, int, bool]], fit: Fit | None = None, first: int = 65_500
) -> list[Fitted]:
    fit = fit or Fit(Stamps())
    out: list[Fitted] = []
    for number, (payload, stamp, mark) in enumerate(packets):
        packet = build_packet(96, (first + number) & 0xFFFF, stamp, 7, payload, marker=mark)
        out += fit.take(packet, stamp / 90_000)
    return out


@pytest.mark.parametrize("mtu", [64, 300, 1199, 1200, 1201, 1400, 9000, 60_000])
def test_packets_of_any_size_leave_in_at_most_1200_bytes(mtu: int) -> None:
    out = fitted(sent(Faults(mtu=mtu)))
    assert max(len(each.payload) for each in out) <= MOST_BYTES
    assert numbers(out) == list(range(40))
    assert [each.sequence for each in out] == list(range(len(out)))
    # Not cut into more packets than need be: all but the last of a unit are full.
    parts = [each for each in out if each.payload[0] & 0x1F == h264.FU_A]
    assert all(len(each.payload) == MOST_BYTES for each in parts if not each.payload[1] & 0x40)


def test_what_comes_fit_leaves_as_it_came() -> None:
    packets = [
        packet for packet in sent(Faults(mtu=MOST_BYTES)) if packet[0][0] & 0x1F not in (h264.SPS, h264.PPS)
    ]
    fit = Fit(Stamps(), SCENE.sets())
    out = [each for each in fitted(packets, fit) if each.payload[0] & 0x1F != h264.STAP_A]
    assert [(each.payload, each.marker) for each in out] == [(payload, mark) for payload, _, mark in packets]


def test_each_key_frame_has_its_parameter_sets_in_front_and_only_there() -> None:
    out = fitted(sent(Faults(notes=True)))
    keys = [index for index, each in enumerate(out) if each.key]
    assert len(keys) == 2
    for index in keys:
        assert h264.is_keyframe_start(out[index].payload)
        assert h264.has_idr(out[index + 1].payload)
        assert out[index].timestamp == out[index + 1].timestamp
    kinds = {nal.kind for each in out for nal in h264.nals(each.payload)}
    assert kinds == {h264.SPS, h264.PPS, h264.IDR, h264_fit.NON_IDR}


def test_nothing_leaves_before_a_picture_that_one_can_begin_with() -> None:
    packets = sent(Faults())
    cut = packets[len(packets) // 4 :]
    fit = Fit(Stamps())
    out = fitted(cut, fit)
    assert out[0].key
    assert numbers(out) == list(range(20, 40))
    assert fit.dropped["before_key"]


def test_sets_of_the_description_serve_where_none_come() -> None:
    packets = sent(Faults(odd=frozenset({"sets_once"})))
    assert fitted(packets) == []
    assert numbers(fitted(packets, Fit(Stamps(), SCENE.sets()))) == list(range(40))


@pytest.mark.parametrize("faults", [Faults(marks="none"), Faults(marks="all"), Faults(marks="none", mtu=200)])
def test_marks_are_right_even_where_the_cameras_are_not(faults: Faults) -> None:
    wanted = {"none": False, "all": True}
    packets = [(payload, stamp, wanted[faults.marks]) for payload, stamp, _ in sent(faults)]
    out = fitted(packets)
    for before, after in itertools.pairwise(out):
        assert before.marker == (before.timestamp != after.timestamp)


def test_a_lost_packet_leaves_a_hole_and_costs_one_picture_at_most() -> None:
    packets = sent(Faults(mtu=500))
    whole = fitted(packets)
    lost = len(packets) * 3 // 4
    fit = Fit(Stamps())
    out: list[Fitted] = []
    for number, (payload, stamp, mark) in enumerate(packets):
        if number != lost:
            out += fit.take(build_packet(96, number, stamp, 7, payload, marker=mark), stamp / 90_000)
    assert fit.lost == 1
    sequences = [each.sequence for each in out]
    assert sequences[-1] - sequences[0] == len(sequences)  # one number is missing
    assert sum(each.marker for each in out) >= sum(each.marker for each in whole) - 1


def test_packets_twice_and_late_change_nothing() -> None:
    packets = sent(Faults())
    fit, out = Fit(Stamps()), []
    for number, (payload, stamp, mark) in enumerate(packets):
        packet = build_packet(96, number, stamp, 7, payload, marker=mark)
        out += fit.take(packet, stamp / 90_000)
        assert fit.take(packet, stamp / 90_000) == []
    assert numbers(out) == list(range(40))


def test_numbers_go_on_over_connections_and_pictures_that_are_left_are_not_mixed() -> None:
    packets = sent(Faults())
    fit = Fit(Stamps(), sequence=500)
    first = fitted(packets[: len(packets) // 3], fit)
    fit.anew()
    fit.stamps.anew()
    second = fitted([(payload, stamp + 999_999, mark) for payload, stamp, mark in packets], fit, first=3)
    assert [each.sequence for each in first + second] == list(range(500, 500 + len(first) + len(second)))
    assert second[0].key
    assert numbers(second) == list(range(40))


def test_b_pictures_and_another_size_are_seen() -> None:
    with_b = Scene("b", 320, 180, 10, 300_000, stretch_s=2, loop_s=2, b_pictures=2)
    fit = Fit(Stamps())
    fitted(sent(Faults(), with_b, 1), fit)
    assert fit.b_pictures
    assert fit.size == (320, 180)
    larger = Scene("c", 640, 360, 10, 300_000, stretch_s=1, loop_s=1)
    fit.anew()
    fitted(sent(Faults(), larger, 1), fit)
    assert fit.size == (640, 360)


def test_another_codec_in_mid_stream_is_dropped() -> None:
    fit = Fit(Stamps())
    fitted(sent(Faults(), stretches=1), fit)
    h265 = Scene("d", 320, 180, 10, 300_000, stretch_s=1, loop_s=1, codec="h265")
    out = fitted(sent(Faults(), h265, 1), fit, first=40_000)
    assert sum(fit.dropped.values()) > 0
    assert not any(each.key for each in out)


def test_pictures_in_several_slices_have_one_mark() -> None:
    idr, sets = _unit(5, first=True), SCENE.sets()
    packets = [(unit, 0, False) for unit in (*sets, idr)]
    for stamp in (3600, 7200, 10_800):
        packets += [(_unit(1, first=True), stamp, True), (_unit(1, first=False), stamp, True)]
    out = fitted(packets)
    stamps = sorted({each.timestamp for each in out})
    marks = [[each.marker for each in out if each.timestamp == stamp] for stamp in stamps]
    # The first lie is believed; from then on the hub knows this camera.
    assert marks[1:3] == [[True, True], [False, True]]


def _unit(kind: int, *, first: bool) -> bytes:
    return bytes((0x60 | kind, 0xB8 if first else 0x44)) + b"\x84" * 20


@pytest.mark.parametrize(
    ("bits", "kind"),
    [("1", "P"), ("010", "B"), ("011", "I"), ("00110", "P"), ("00111", "B"), ("0001000", "I")],
)
def test_kinds_of_slices(bits: str, kind: str) -> None:
    assert h264_fit.slice_kind(int(("1" + bits).ljust(8, "0"), 2)) == kind
    assert h264_fit.slice_kind(int(("0" + bits).ljust(8, "0")[:8], 2)) == ""


@given(
    st.lists(st.tuples(st.binary(max_size=64), st.booleans(), st.integers(0, 3)), max_size=40), st.randoms()
)
def test_noise_between_pictures_breaks_nothing(
    noise: list[tuple[bytes, bool, int]], chance: random.Random
) -> None:
    fit = Fit(Stamps(), SCENE.sets())
    packets = sent(Faults(mtu=700), stretches=1)
    for payload, mark, step in noise:
        packets.insert(chance.randrange(len(packets)), (payload, step * 3600, mark))
    out = fitted(packets, fit)
    assert all(0 < len(each.payload) <= MOST_BYTES for each in out)
    sequences = [each.sequence for each in out]
    assert sequences == sorted(set(sequences))
    annex_b(out)
