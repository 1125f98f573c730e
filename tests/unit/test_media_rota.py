"""Whose turn it is in which tick."""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import pytest

from hub.media.node.rota import PACK, STEADY_S, VIEWER_TICKS, Rota

if TYPE_CHECKING:
    from hub.media.transport.peer import Peer

#: From one tick to the next with pictures 30 times a second and nothing else.
TICK_S = 1 / 30
NOW = 100.0


@dataclass(frozen=True)
class Somebody:
    """What a rota asks of a peer."""

    number: int
    direction: str = "watch"


def rota(*peers: Somebody) -> Rota:
    return Rota(cast("list[Peer]", peers), NOW)


def viewers(count: int) -> list[Somebody]:
    return [Somebody(number) for number in range(count)]


def times(made: Rota, ticks: int, tick_s: float = TICK_S) -> list[tuple[list[object], list[object]]]:
    """Who had a turn in each tick, and who one among the settled."""
    told: list[tuple[list[object], list[object]]] = []
    for tick in range(ticks):
        turns = list(made.turn(tick, NOW + tick * tick_s))
        told.append(([peer for peer, _ in turns], [peer for peer, steady in turns if steady]))
    return told


@pytest.mark.parametrize("count", [1, 2, 19, 60, 333, 1000, 4096])
def test_every_viewer_has_his_turn_each_ten_ticks(count: int) -> None:
    turns = defaultdict[object, list[int]](list)
    for tick, (had, _) in enumerate(times(rota(*viewers(count)), 50)):
        for peer in had:
            turns[peer].append(tick)
    assert len(turns) == count
    for ticks in turns.values():
        assert ticks == list(range(ticks[0], 50, VIEWER_TICKS))


@pytest.mark.parametrize("tick_s", [0.02, TICK_S, 0.1])
@pytest.mark.parametrize("count", [1, 60, 1000])
def test_every_viewer_has_one_among_the_settled_each_second_whatever_the_pace(
    count: int, tick_s: float
) -> None:
    looked = defaultdict[object, list[float]](list)
    for tick, (_, steady) in enumerate(times(rota(*viewers(count)), round(20 / tick_s), tick_s)):
        for peer in steady:
            looked[peer].append(tick * tick_s)
    assert len(looked) == count
    for when in looked.values():
        assert (
            max(after - before for before, after in itertools.pairwise(when))
            <= STEADY_S + 10 * tick_s + 0.001
        )
        assert min(after - before for before, after in itertools.pairwise(when)) >= STEADY_S / 2
        assert 18 <= len(when) <= 21


@pytest.mark.parametrize(("count", "most"), [(60, PACK), (1000, 2 * PACK), (2000, 80)])
def test_the_settled_come_in_packs_and_no_tick_has_many_of_them(count: int, most: int) -> None:
    packs = [len(steady) for _, steady in times(rota(*viewers(count)), 600, 0.02)]
    assert max(packs) <= most
    assert min(pack for pack in packs if pack) >= PACK / 2


def test_turns_of_all_viewers_are_spread_over_the_ticks() -> None:
    assert {len(had) for had, _ in times(rota(*viewers(1000)), 50)} == {100}
    assert [len(had) for had, _ in times(rota(*viewers(60)), 10)] == [20, 0, 0, 20, 0, 0, 20, 0, 0, 0]


def test_publishers_have_a_turn_each_time_and_before_the_viewers() -> None:
    speaker = Somebody(99, "publish")
    for had, steady in times(rota(*viewers(30), speaker), 60):
        assert had[0] == speaker
        assert speaker not in had[1:]
        assert speaker not in steady


def test_a_rota_of_nobody_is_empty() -> None:
    assert not rota()
    assert list(rota().turn(0, NOW)) == []
    assert rota(Somebody(1))
    assert rota(Somebody(1, "publish"))
