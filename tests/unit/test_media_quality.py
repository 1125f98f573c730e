"""Tile quality: bands with hysteresis."""

from __future__ import annotations

import pytest

from hub.media.egress.quality import (
    BETTER_AFTER_S,
    FAIR_LOSS,
    FAIR_SHARE,
    GOOD_LOSS,
    GOOD_SHARE,
    LOST_AFTER_S,
    WORSE_AFTER_S,
    TileQuality,
)


def shown(quality: TileQuality) -> str | None:
    """Its state now."""
    return quality.state


def after(quality: TileQuality, loss: float, share: float, start: float, seconds: float) -> list[float]:
    """When the state changed while it was judged five times a second."""
    changes = []
    for step in range(round(seconds * 5) + 1):
        if quality.judge(loss, share, 0.0, start + step * 0.2):
            changes.append(step * 0.2)
    return changes


@pytest.mark.parametrize(
    ("loss", "share", "state"),
    [
        (0.0, 1.0, "good"),
        (GOOD_LOSS, GOOD_SHARE, "good"),
        (GOOD_LOSS + 0.01, 1.0, "fair"),
        (0.0, GOOD_SHARE - 0.01, "fair"),
        (FAIR_LOSS, FAIR_SHARE, "fair"),
        (FAIR_LOSS + 0.01, 1.0, "poor"),
        (0.0, FAIR_SHARE - 0.01, "poor"),
    ],
)
def test_the_first_look_gives_the_band(loss: float, share: float, state: str) -> None:
    quality = TileQuality()
    assert quality.judge(loss, share, 0.0, 0.0)
    assert quality.state == state


def test_worse_takes_a_second_better_takes_three() -> None:
    quality = TileQuality()
    quality.judge(0.0, 1.0, 0.0, 0.0)
    (worse,) = after(quality, 0.2, 1.0, 10.0, 5.0)
    assert worse == pytest.approx(WORSE_AFTER_S, abs=0.21)
    assert shown(quality) == "poor"
    (better,) = after(quality, 0.0, 1.0, 20.0, 10.0)
    assert better == pytest.approx(BETTER_AFTER_S, abs=0.21)
    assert shown(quality) == "good"


def test_figures_that_dance_around_an_edge_change_nothing() -> None:
    quality = TileQuality()
    quality.judge(0.05, 1.0, 0.0, 0.0)
    changes = [
        quality.judge(GOOD_LOSS * (0.9 if step % 2 else 1.1), 1.0, 0.0, step * 0.2) for step in range(100)
    ]
    assert not any(changes)
    assert not any(quality.judge(GOOD_LOSS * 0.9, 1.0, 0.0, 20 + step * 0.2) for step in range(100)), (
        "a little under the edge is not yet better"
    )


def test_a_single_bad_second_is_forgiven() -> None:
    quality = TileQuality()
    quality.judge(0.0, 1.0, 0.0, 0.0)
    assert not quality.judge(0.5, 1.0, 0.0, 1.0)
    assert not quality.judge(0.0, 1.0, 0.0, 1.5)
    assert not quality.judge(0.5, 1.0, 0.0, 2.1)
    assert shown(quality) == "good"


def test_ever_worse_is_worse_all_the_time() -> None:
    quality = TileQuality()
    quality.judge(0.0, 1.0, 0.0, 0.0)
    quality.judge(0.05, 1.0, 0.0, 1.0)
    assert quality.judge(0.5, 1.0, 0.0, 2.1)
    assert shown(quality) == "poor"


def test_nothing_arriving_is_lost_and_the_first_picture_ends_it() -> None:
    quality = TileQuality()
    quality.judge(0.0, 1.0, 0.0, 0.0)
    assert not quality.judge(0.0, 1.0, LOST_AFTER_S - 0.1, 2.0)
    assert quality.judge(0.0, 1.0, LOST_AFTER_S, 2.1)
    assert shown(quality) == "lost"
    assert not quality.judge(0.0, 1.0, LOST_AFTER_S + 1, 3.1)
    assert quality.judge(0.0, 1.0, 0.1, 3.3)
    assert shown(quality) == "good"


def test_an_empty_slot_has_no_quality() -> None:
    quality = TileQuality()
    quality.judge(0.0, 1.0, 0.0, 0.0)
    quality.clear()
    assert quality.state is None
    assert not quality.judge(0.0, 1.0, LOST_AFTER_S - 0.1, 1.0), "who has just come is not lost yet"
    assert quality.state is None
