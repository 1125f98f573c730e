"""Allocation: what each slot gets of a viewer's budget, what is dropped first, and that nothing flaps."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from hub.media.egress.allocation import (
    DWELL_MAX_S,
    DWELL_S,
    NOTHING,
    RETURN_S,
    REVIEW_S,
    UP_MARGIN,
    Allocator,
    Choice,
    SlotOffer,
)
from hub.media.ingest.offer import ALL_TEMPORAL, LayerOffer, Offer

#: Three layers with two temporal layers each: half the frame rate costs 60 %.
SIMULCAST = (
    LayerOffer((90_000, 150_000), 320, 180),
    LayerOffer((300_000, 500_000), 640, 360),
    LayerOffer((900_000, 1_500_000), 1280, 720),
)
LOW, MIDDLE, TOP = Choice(0), Choice(1), Choice(2)
LOW_SLOW = Choice(0, 0)


def offer(source: str, layers: Sequence[LayerOffer] = SIMULCAST) -> Offer:
    return Offer(source, layers)


def slot(one: Offer | None, width: int = 1280, height: int = 720, main: bool = True) -> SlotOffer:
    return SlotOffer(one, width, height, main)


def stage(others: int, tile: tuple[int, int] = (640, 360)) -> list[SlotOffer]:
    """A main picture and so many others."""
    return [
        slot(offer("main")),
        *(slot(offer(f"other {n}"), *tile, main=False) for n in range(others)),
    ]


def at_once(budget: float, slots: Sequence[SlotOffer]) -> list[Choice]:
    """What slots that are all new get."""
    return Allocator().allocate(budget, slots, 100.0)


# --- what is of use ---------------------------------------------------------------------------------------


def test_a_tile_gets_no_more_than_the_smallest_layer_that_fills_it() -> None:
    for width, height, choice in (
        (160, 90, LOW),
        (320, 180, LOW),
        (340, 190, LOW),
        (400, 225, MIDDLE),
        (640, 360, MIDDLE),
        (641, 1000, MIDDLE),
        (1280, 720, TOP),
        (3840, 2160, TOP),
        (0, 0, TOP),
    ):
        assert at_once(10e6, [slot(offer("a"), width, height)]) == [choice], (width, height)


def test_layers_of_unknown_size_are_all_of_use() -> None:
    layers = [layer._replace(width=0, height=0) for layer in SIMULCAST]
    assert at_once(10e6, [slot(offer("a", layers), 160, 90)]) == [TOP]


def test_a_layer_that_is_not_live_is_passed_over() -> None:
    layers = (SIMULCAST[0], SIMULCAST[1]._replace(live=False), SIMULCAST[2])
    assert at_once(10e6, [slot(offer("a", layers), 640, 360)]) == [TOP]
    assert at_once(1e6, [slot(offer("a", layers), 640, 360)]) == [LOW]
    dead = [layer._replace(live=False) for layer in SIMULCAST]
    assert at_once(10e6, [slot(offer("a", dead)), slot(None)]) == [NOTHING, NOTHING]


def test_a_higher_layer_that_costs_less_is_taken() -> None:
    still = (SIMULCAST[0], LayerOffer((100_000,), 1280, 720))
    assert at_once(120_000, [slot(offer("screen", still))]) == [Choice(1)]


# --- the order of dropping ----------------------------------------------------------------------------------


def test_less_budget_drops_in_the_stated_order() -> None:
    slots = stage(2)
    steps: list[list[Choice]] = []
    for budget in range(2_600_000, 0, -10_000):
        choices = at_once(budget, slots)
        if not steps or steps[-1] != choices:
            steps.append(choices)
    assert steps == [
        [TOP, MIDDLE, MIDDLE],
        [TOP, MIDDLE, LOW],
        [TOP, LOW, LOW],
        [TOP, LOW, LOW_SLOW],
        [TOP, LOW_SLOW, LOW_SLOW],
        # The main picture's resolution; what that frees goes to the others for the time being.
        [MIDDLE, MIDDLE, MIDDLE],
        [MIDDLE, MIDDLE, LOW],
        [MIDDLE, LOW, LOW],
        [MIDDLE, LOW, LOW_SLOW],
        [MIDDLE, LOW_SLOW, LOW_SLOW],
        [LOW, LOW, LOW],
        [LOW, LOW, LOW_SLOW],
        [LOW, LOW_SLOW, LOW_SLOW],
        [LOW_SLOW, LOW_SLOW, LOW_SLOW],
        [LOW, LOW_SLOW, NOTHING],
        [LOW_SLOW, LOW_SLOW, NOTHING],
        [LOW, NOTHING, NOTHING],
        [LOW_SLOW, NOTHING, NOTHING],
        [NOTHING, NOTHING, NOTHING],
    ]


def test_a_single_layer_is_kept_while_anything_of_it_fits_temporal_layers_first() -> None:
    single = offer("a", [LayerOffer((250_000, 400_000, 500_000), 640, 360)])
    assert at_once(500_000, [slot(single)]) == [Choice(0)]
    assert at_once(450_000, [slot(single)]) == [Choice(0, 1)]
    assert at_once(260_000, [slot(single)]) == [Choice(0, 0)]
    assert at_once(210_000, [slot(single)]) == [Choice(0, 0)], (
        "the last of the main picture may be overdrawn a little"
    )
    assert at_once(190_000, [slot(single)]) == [NOTHING]
    assert at_once(210_000, [slot(single, main=False)]) == [NOTHING]


def test_a_budget_of_nothing_or_less_gives_nothing() -> None:
    assert at_once(0, stage(3)) == at_once(-50_000, stage(3)) == [NOTHING] * 4


# --- hysteresis -------------------------------------------------------------------------------------------


def test_down_is_at_once_up_needs_margin_and_a_pause() -> None:
    allocator, slots = Allocator(), [slot(offer("a"))]
    assert allocator.allocate(2e6, slots, 0.0) == [TOP]
    assert allocator.allocate(1.4e6, slots, 0.1) == [MIDDLE]
    assert allocator.allocate(2e6, slots, 0.2) == [MIDDLE], "not so soon"
    later = 0.1 + DWELL_S
    assert allocator.allocate(1.5e6 * UP_MARGIN - 1, slots, later) == [MIDDLE], "not without margin"
    assert allocator.allocate(1.5e6 * UP_MARGIN + 1, slots, later) == [TOP]
    assert allocator.allocate(1.5e6, slots, later + 1) == [TOP], "what plays needs no margin"


def test_steps_up_that_do_not_last_are_tried_ever_less_often() -> None:
    allocator, slots = Allocator(), [slot(offer("a"))]
    now, raised = 0.0, []
    before = allocator.allocate(0.6e6, slots, now)
    while now < 300:
        now += 0.2
        # The line seems to carry it until it is sent.
        choices = allocator.allocate(0.6e6 if before == [TOP] else 2e6, slots, now)
        if choices == [TOP] != before:
            raised.append(now)
        before = choices
    assert len(raised) <= 25
    assert raised[-1] - raised[-2] > 5 * DWELL_S


def test_after_a_long_good_time_patience_is_as_at_the_beginning() -> None:
    allocator, slots = Allocator(), [slot(offer("a"))]
    now = 0.0
    allocator.allocate(0.6e6, slots, now)
    for _ in range(5):
        now += 2 * DWELL_MAX_S
        assert allocator.allocate(2e6, slots, now) == [TOP]
        now += 1
        allocator.allocate(0.6e6, slots, now)
    assert allocator.allocate(2e6, slots, now + 2 * DWELL_S) == [MIDDLE]
    now += 2 * DWELL_MAX_S
    assert allocator.allocate(2e6, slots, now) == [TOP]
    now += 7 * RETURN_S
    assert allocator.allocate(0.6e6, slots, now) == [MIDDLE]
    assert allocator.allocate(2e6, slots, now + DWELL_S) == [TOP]


def test_a_budget_that_dances_makes_no_picture_flap() -> None:
    chance = random.Random(1)
    for middle in (600_000, 900_000, 1_500_000, 1_800_000, 2_300_000):
        allocator, slots = Allocator(), stage(3)
        changes, before, now = 0, None, 0.0
        while now < 120:
            now += 0.2
            choices = allocator.allocate(middle * chance.uniform(0.95, 1.05), slots, now)
            changes += choices != before
            before = choices
        assert changes <= 12, middle


def test_rates_that_dance_make_no_picture_flap() -> None:
    chance = random.Random(2)
    allocator, changes, before, now = Allocator(), 0, None, 0.0
    while now < 120:
        now += 1.0
        layers = [
            layer._replace(rates=tuple(int(rate * chance.uniform(0.9, 1.05)) for rate in layer.rates))
            for layer in SIMULCAST
        ]
        choices = allocator.allocate(1_800_000, [slot(offer("a", layers))], now)
        changes += choices != before
        before = choices
    assert changes <= 2


def test_the_main_pictures_step_up_takes_from_the_others_only_when_it_happens() -> None:
    allocator, slots = Allocator(), stage(2)
    assert allocator.allocate(1_650_000, slots, 0.0) == [MIDDLE, MIDDLE, MIDDLE]
    # Enough for the top layer, not enough for its margin: nobody loses anything.
    assert allocator.allocate(1_750_000, slots, 10.0) == [MIDDLE, MIDDLE, MIDDLE]
    assert allocator.allocate(1_900_000, slots, 20.0) == [TOP, LOW, LOW]


def test_another_source_in_the_slot_begins_anew() -> None:
    allocator = Allocator()
    allocator.allocate(1e6, [slot(offer("a"))], 0.0)
    assert allocator.allocate(1.5e6, [slot(offer("b"))], 0.1) == [TOP]
    assert allocator.allocate(1.5e6, [slot(None)], 0.2) == [NOTHING]
    assert allocator.allocate(1.5e6, [slot(offer("b"))], 0.3) == [TOP]


def test_a_layer_that_dies_is_left_at_once_and_one_that_comes_back_is_not_a_failure() -> None:
    allocator = Allocator()
    assert allocator.allocate(3e6, [slot(offer("a"))], 0.0) == [TOP]
    without_top = offer("a", [*SIMULCAST[:2], SIMULCAST[2]._replace(live=False)])
    assert allocator.allocate(3e6, [slot(without_top)], 1.0) == [MIDDLE]
    assert allocator.allocate(3e6, [slot(offer("a"))], 1.0 + DWELL_S) == [TOP]


def test_a_tile_made_smaller_frees_its_budget_at_once() -> None:
    allocator = Allocator()
    big, small = offer("big"), offer("small")
    slots = [slot(big), slot(small, 1280, 720, main=False)]
    assert allocator.allocate(3.5e6, slots, 0.0) == [TOP, TOP]
    slots[1] = slot(small, 320, 180, main=False)
    assert allocator.allocate(3.5e6, slots, 0.1) == [TOP, LOW]
    assert allocator.spent_bps == 1_650_000


# --- what is told ------------------------------------------------------------------------------------------


def test_wanted_is_what_everybody_needs_for_the_useful_best_with_the_margin() -> None:
    allocator = Allocator()
    allocator.allocate(100_000, stage(2), 0.0)
    wanted = allocator.wanted_bps
    assert wanted == pytest.approx((1_500_000 + 2 * 500_000) * UP_MARGIN, abs=2)
    assert allocator.allocate(wanted, stage(2), 10.0) == [TOP, MIDDLE, MIDDLE]
    assert allocator.spent_bps == 2_500_000
    allocator.allocate(1e6, [], 20.0)
    assert allocator.wanted_bps == allocator.spent_bps == 0


def test_it_says_when_a_call_is_worth_its_time() -> None:
    allocator = Allocator()
    assert allocator.due(1e6, 0.0), "never called"
    allocator.allocate(1e6, stage(0), 10.0)
    assert not allocator.due(1e6, 10.1)
    assert not allocator.due(0.9e6, 10.1), "less, but enough for what plays"
    assert allocator.due(0.4e6, 10.1)
    assert allocator.due(1.2e6, 10.1), "more, and more is wanted"
    assert allocator.due(1e6, 10.0 + REVIEW_S)
    allocator.allocate(3e6, stage(0), 20.0)
    assert not allocator.due(9e6, 20.1), "nothing more is of use"


def test_the_budget_is_never_overdrawn_and_the_lowest_are_kept_longest() -> None:
    chance = random.Random(3)
    for _ in range(300):
        allocator = Allocator()
        slots = [
            slot(offer(f"{n}"), *chance.choice(((1280, 720), (640, 360), (320, 180))), main=n == 0)
            for n in range(chance.randint(1, 16))
        ]
        for step in range(6):
            budget = chance.uniform(0, 6e6)
            choices = allocator.allocate(budget, slots, step * 3.0)
            spent = sum(
                SIMULCAST[choice.layer].rates[min(choice.temporal, 1)]
                for choice in choices
                if choice.layer is not None
            )
            assert spent == allocator.spent_bps
            assert spent <= max(budget, 1.25 * budget if spent == 90_000 else 0)
            assert choices[0] != NOTHING or all(choice == NOTHING for choice in choices)
            assert all(choice.temporal in (0, ALL_TEMPORAL) for choice in choices)


# --- what the viewer wishes -------------------------------------------------------------------------------


def test_a_tile_that_is_enlarged_has_its_picture_at_once_however_lately_the_line_took_it() -> None:
    allocator = Allocator()
    small = [slot(offer("a"), 160, 90), slot(offer("b"), 160, 90, main=False)]
    assert allocator.allocate(600_000, small, 100.0) == [LOW, LOW]
    assert allocator.allocate(200_000, small, 101.0)[1] == LOW_SLOW  # the line got worse: a step up waits
    assert allocator.allocate(2e6, small, 101.5)[1] == LOW_SLOW
    large = [small[0], slot(offer("b"), 1280, 720, main=True)]
    large[0] = large[0]._replace(main=False)
    assert allocator.allocate(2e6, large, 101.6, wished=True)[1] == TOP


def test_what_a_wish_took_comes_back_with_it() -> None:
    allocator = Allocator()
    alone = [slot(offer("a"), 640, 360)]
    assert allocator.allocate(900_000, alone, 100.0) == [MIDDLE]
    beside = [*alone, *(slot(offer(f"b{n}"), 160, 90, main=False) for n in range(4))]
    beside[0] = beside[0]._replace(main=False)
    beside[1] = beside[1]._replace(main=True)
    assert allocator.allocate(900_000, beside, 100.5, wished=True) == [LOW] * 5
    assert allocator.allocate(900_000, alone, 101.0, wished=True) == [MIDDLE], "no line spoke against it"


def test_a_picture_that_nothing_shows_costs_no_other_one_anything_and_is_back_with_its_tile() -> None:
    allocator = Allocator()
    cells = [slot(offer(f"c{n}"), 320, 180, main=n == 0) for n in range(5)]
    assert allocator.allocate(900_000, cells, 100.0) == [LOW] * 5
    big = [slot(offer("c0")), *(each._replace(width=1, height=1, seen=False) for each in cells[1:])]
    assert allocator.allocate(1_750_000, big, 101.0, wished=True)[0] == TOP
    assert allocator.allocate(1_750_000, cells, 102.0, wished=True) == [LOW] * 5
