"""Inputs that once escaped a fuzzing target, and those it begins with, are taken by every target."""

from __future__ import annotations

import itertools
import logging
import time
from collections.abc import Iterator

import pytest

from tests.fuzz.target import SLOW_MS, LoggedBugs, judge
from tests.fuzz.targets import TARGETS, found_inputs


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """Targets listen to the hub's log."""
    logger = logging.getLogger("hub")
    handlers, propagate = list(logger.handlers), logger.propagate
    yield
    logger.handlers[:], logger.propagate = handlers, propagate


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_that_escaped_once_escapes_again(name: str) -> None:
    target = TARGETS[name]
    run = target.begin()
    inputs = {**found_inputs(), **{f"seed {n}": data for n, data in enumerate(target.seeds())}}
    assert target.seeds(), "a target without seeds finds little"
    for of, data in inputs.items():
        escape = judge(run, target.refusals, data[: target.longest])
        assert escape is None, f"{of}: {escape.what}"


def test_an_unexpected_exception_is_an_escape_and_a_refusal_is_none() -> None:
    def run(data: bytes) -> None:
        raise KeyError(data) if data else ValueError

    assert judge(run, (ValueError,), b"") is None
    escape = judge(run, (ValueError,), b"x")
    assert escape is not None
    assert isinstance(escape.error, KeyError)
    assert "test_fuzz_found" in escape.what


def test_only_what_is_slow_every_time_is_an_escape() -> None:
    def busy(seconds: float) -> None:
        end = time.thread_time() + seconds
        while time.thread_time() < end:
            pass

    once = itertools.count()
    assert judge(lambda data: busy(0.012) if next(once) == 0 else None, (), b"") is None
    escape = judge(lambda data: busy(0.012), (), b"")
    assert escape is not None
    assert (escape.error, escape.took_ms > SLOW_MS) == (None, True)


def test_a_bug_that_the_hub_only_logs_is_found() -> None:
    bugs = LoggedBugs()
    bugs.check()
    try:
        raise IndexError("x")
    except IndexError:
        logging.getLogger("hub.media.test").exception("handled")
    with pytest.raises(IndexError):
        bugs.check()
    bugs.check()
