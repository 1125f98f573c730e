"""The page of benchmarks says what was measured, and of each aim whether it is met."""

from __future__ import annotations

import re

from tests.bench.__main__ import how, names
from tests.bench.report import aims, aims_table, find, machine, render, table

RESULTS = {
    "forward": [
        {"subscribers": 1, "source": "bursts", "compiled": "yes", "us_per_packet": 106.6},
        {"subscribers": 60, "source": "bursts", "compiled": "yes", "us_per_packet": 6.5},
        {"subscribers": 60, "source": "bursts", "compiled": "no", "us_per_packet": 9.75},
        {"subscribers": 120, "source": "bursts", "compiled": "yes", "us_per_packet": 5.6},
    ],
    "join": [{"joins": "alone", "count": 30, "p50_ms": 69.2, "p95_ms": 1000.1, "worst_ms": 1200.0}],
    "journal": [{"database": "sqlite", "callers": 256, "commands_per_s": 5000}],
    "orders": "the hub is not ready",
}


def test_a_limit_reached_exactly_is_met_and_one_beyond_is_not() -> None:
    verdicts = {aim.what: aim.verdict for aim in aims(RESULTS)}

    def verdict(*words: str) -> str:
        [found] = [told for what, told in verdicts.items() if all(word in what for word in words)]
        return found

    assert verdict("forwarded packet, 60 viewers", "at once") == "met"
    assert verdict("forwarded packet, 60 viewers", "evenly paced") == "not measured"
    assert verdict("Join to first picture in Chromium") == "**not met**"
    assert verdict("forwarded packet, 120 viewers") == "**not met**"
    assert verdict("Python alone", "60 viewers") == "met"
    assert verdict("Janus", "event_loops=1", "60 viewers") == "not measured"
    assert [aim.verdict for aim in aims(RESULTS) if aim.what.endswith("sqlite")] == ["met"]


def test_what_failed_or_was_not_measured_is_said_to_be_so() -> None:
    assert "not measured" in aims_table(RESULTS)
    page = render(RESULTS, dict.fromkeys(RESULTS, "By hand."), busy=0.0)
    assert "Failed: the hub is not ready" in page
    assert aims_table({}).count("not measured") == len(aims({})) > 0


def test_a_figure_is_found_by_the_columns_of_its_row() -> None:
    rows = RESULTS["forward"]
    assert isinstance(rows, list)
    assert find(rows, "us_per_packet", subscribers=1) == 106.6
    assert find(rows, "us_per_packet", subscribers=2) is None


def test_numbers_are_grouped_and_missing_ones_are_a_dash() -> None:
    assert table([{"commands_per_s": 12345, "packets_per_run": None}]).splitlines() == [
        "| commands per s | packets per run |",
        "|---|---|",
        "| 12,345 | – |",
    ]


def test_a_busy_machine_is_said_to_be_busy() -> None:
    assert "not quiet" in machine(0.5)
    assert "not quiet" not in machine(0.05)
    assert not re.search(r"/(home|root|tmp)/", machine(0.05))


def test_each_measurement_says_how_it_is_made() -> None:
    assert {"forward", "join", "journal", "orders"} <= set(names())
    assert all(len(how(name)) > 40 for name in names())
