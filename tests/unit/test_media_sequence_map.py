"""A slot's numbering: continuous across switches, reversible, past every wrap."""

from __future__ import annotations

import random

from hub.media.row.sequence_map import MAX_STRETCHES, SequenceMap, extend


class Source:
    """Stands for a publication; only its identity matters."""


def test_extend_finds_the_nearest_number_on_both_sides_of_a_wrap() -> None:
    assert extend(0, 65_535) == 65_536
    assert extend(65_535, 65_536) == 65_535
    assert extend(5, 10 * 65_536 + 65_530) == 11 * 65_536 + 5
    for newest in range(60_000, 400_000, 997):
        for step in (-30_000, -1, 0, 1, 2, 30_000):
            assert extend((newest + step) & 0xFFFF, newest) == newest + step


def forward(mapping: SequenceMap[object], seq: int) -> int:
    assert mapping.current is not None
    out = seq + mapping.current.seq_delta
    mapping.newest_out = max(mapping.newest_out, out)
    return out


def test_numbers_go_on_without_a_gap_over_many_switches_and_wraps_and_lead_back() -> None:
    chance = random.Random(7)
    mapping = SequenceMap[object](first_out=65_000)
    expected = 65_000
    recent: list[tuple[int, Source, int]] = []
    for _ in range(400):
        source, seq = Source(), chance.randrange(65_536, 200_000)
        mapping.begin(source, seq, timestamp_delta=chance.randrange(1 << 40))
        for step in range(chance.randrange(1, 700)):
            out = forward(mapping, seq + step)
            assert out == expected
            expected += 1
            recent.append((out & 0xFFFF, source, seq + step))
        for out16, owner, number in recent[-200:]:
            found = mapping.back(out16)
            if found is None:
                assert len({id(o) for _, o, _ in recent[-200:]}) > MAX_STRETCHES
                continue
            stretch, back = found
            assert stretch.source is owner
            assert back == number
    assert expected > 2 * 65_536, "the test must wrap"


def test_what_was_never_sent_leads_nowhere() -> None:
    mapping = SequenceMap[object](100)
    assert mapping.back(100) is None
    mapping.begin(Source(), 5_000, 0)
    forward(mapping, 5_000)
    assert mapping.back(100) is not None
    assert mapping.back(101) is None
    assert mapping.back(99) is None


def test_a_left_out_packet_leaves_no_gap_and_its_neighbours_keep_their_way_back() -> None:
    mapping, source = SequenceMap[object](1), Source()
    mapping.begin(source, 70_000, 0)
    assert [forward(mapping, seq) for seq in (70_000, 70_001)] == [1, 2]
    mapping.leave_out(70_002)
    assert forward(mapping, 70_003) == 3
    back = [mapping.back(number) for number in (2, 3)]
    assert [found[1] for found in back if found] == [70_001, 70_003]
    late = mapping.place(source, 70_001)
    assert late is not None
    assert 70_001 + late.seq_delta == 2
    assert mapping.place(source, 70_002) is None, "it was left out and must not take another's number"


def test_a_left_out_packet_behind_a_loss_keeps_the_gap_for_the_missing_one() -> None:
    mapping, source = SequenceMap[object](1), Source()
    mapping.begin(source, 70_000, 0)
    forward(mapping, 70_000)
    mapping.leave_out(70_002)  # 70_001 has not come yet
    assert forward(mapping, 70_003) == 4
    assert forward(mapping, 70_001) == 2


def test_late_packets_of_before_the_switch_have_no_place() -> None:
    mapping, first, second = SequenceMap[object](1), Source(), Source()
    mapping.begin(first, 70_000, 0)
    forward(mapping, 70_000)
    mapping.begin(second, 90_000, 0)
    forward(mapping, 90_000)
    assert mapping.place(second, 89_999) is None
    assert mapping.place(first, 70_001) is None


def test_a_forgotten_source_is_not_named_and_its_numbers_go_to_nobody_else() -> None:
    mapping, first, second = SequenceMap[object](1), Source(), Source()
    mapping.begin(first, 70_000, 0)
    forward(mapping, 70_000)
    mapping.begin(second, 90_000, 0)
    forward(mapping, 90_000)
    mapping.forget(first)
    assert mapping.back(1) is None
    found = mapping.back(2)
    assert found is not None
    assert found[1] == 90_000
    mapping.forget(second)
    assert mapping.current is None
    assert mapping.back(2) is None
