"""What is summed up in C gives the estimate that single messages give, in virtual time."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hub.media.estimate.delay_trend import STEADY
from tests.support.bottleneck import Bottleneck, Line
from tests.support.native_library import needs_compiler, present_library
from tests.support.summed_line import SummedLine
from tests.unit import test_media_bandwidth

pytestmark = needs_compiler


@pytest.fixture(scope="module", autouse=True)
def _library() -> Iterator[None]:
    with present_library():
        yield


@pytest.mark.parametrize("every_s", [0.05, 0.1])
@pytest.mark.parametrize("jitter_s", [0.0, 0.004])
def test_sums_and_single_messages_give_the_same_estimate(every_s: float, jitter_s: float) -> None:
    """Across the wrap of the numbers and of the receiver's clock."""
    made = []
    for kind in (Line, SummedLine):
        line = kind(Bottleneck(jitter_s=jitter_s), fixed=2, wanted_bps=0, feedback_every_s=every_s)
        line.run(20)
        made.append(line)
    single, summed = (line.estimator for line in made)
    assert isinstance(made[1], SummedLine)
    if not jitter_s:
        assert made[1].summing.left < 0.1 * single.messages
    assert summed.summed > 0.5 * single.messages
    made[1].summing.take(made[1].now)
    assert summed.messages == single.messages
    assert summed.feedback_lost == single.feedback_lost == 0
    assert summed._expected == single._expected
    assert summed._clock == single._clock
    assert len(summed._log) == len(single._log)
    assert summed.bitrate_bps == pytest.approx(single.bitrate_bps, rel=0.05)
    assert summed._rate.acked_bps == pytest.approx(single._rate.acked_bps, rel=0.1)
    assert summed._rate.trend._mean_y == pytest.approx(single._rate.trend._mean_y, abs=1e-5)
    assert summed._rate._turn_s == pytest.approx(single._rate._turn_s, rel=0.1)
    assert single._rate.trend.state == summed._rate.trend.state == STEADY


def _virtual() -> list[Any]:
    """Every test of the estimate that plays with a Line, with all its parameters."""
    cases = []
    for name, function in inspect.getmembers(test_media_bandwidth, inspect.isfunction):
        if not name.startswith("test_") or "Line(" not in inspect.getsource(function):
            continue
        arguments: list[dict[str, object]] = [{}]
        for mark in getattr(function, "pytestmark", ()):
            names, values = mark.args[0], mark.args[1]
            keys = [names] if isinstance(names, str) else list(names)
            rows = [value if len(keys) > 1 else (value,) for value in values]
            arguments = [{**old, **dict(zip(keys, row, strict=True))} for old in arguments for row in rows]
        cases += [
            pytest.param(function, each, id=f"{name[5:40]}-{index}") for index, each in enumerate(arguments)
        ]
    return cases


@pytest.mark.parametrize(("virtual", "arguments"), _virtual())
def test_all_that_holds_of_the_estimate_holds_with_sums_too(
    virtual: Callable[..., None], arguments: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(test_media_bandwidth, "Line", SummedLine)
    virtual(**arguments)
