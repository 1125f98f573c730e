"""Periods and figures: days of the hub's zone, columns of a chart, sums and rates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.clock import from_wire
from hub.statistics.figures import NAMES, added, rates
from hub.statistics.period import Period, PeriodError, period_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 29, 17, tzinfo=UTC)  # one in the morning of the 30th there
days = st.dates(min_value=datetime(2000, 1, 1).date(), max_value=datetime(2090, 1, 1).date())


def test_without_days_it_is_this_month_of_the_zone() -> None:
    period = period_of(None, None, NOW, SHANGHAI)
    assert (period.first.isoformat(), period.last.isoformat()) == ("2026-11-01", "2026-11-30")
    assert (period.since, period.until) == ("2026-10-31T16:00:00.000000Z", "2026-11-30T16:00:00.000000Z")


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-11-02", "2026-11-01"),
        ("2026-13-01", None),
        (None, "gestern"),
        ("0001-01-01", "2026-01-01"),
        ("2000-01-01", "2026-01-01"),
        (None, "9999-12-31"),
    ],
)
def test_what_is_no_span_of_days_is_refused(first: str | None, last: str | None) -> None:
    with pytest.raises(PeriodError):
        period_of(first, last, NOW, SHANGHAI)


@given(
    days, st.integers(0, 400), st.sampled_from(["Asia/Shanghai", "UTC", "Europe/Berlin", "Asia/Kathmandu"])
)
def test_every_hour_of_a_period_is_in_one_column_and_none_is_lost(first, more, zone) -> None:  # type: ignore[no-untyped-def]
    period = Period(first, first + timedelta(days=more), ZoneInfo(zone))
    begun, ended = from_wire(period.since), from_wire(period.until)
    hours = {}
    at = begun
    while at < ended:
        hours[at.strftime("%Y-%m-%dT%H")] = 1
        at += timedelta(hours=11)
    assert sum(period.by_column(hours)) == len(hours)
    assert len(period.columns()) == len(period.by_column({}))
    before = period.before()
    assert before is not None
    assert before.until == period.since


def test_long_spans_are_cut_by_months() -> None:
    period = period_of("2026-01-15", "2026-12-01", NOW, SHANGHAI)
    assert period.columns()[0] == "2026-01"
    assert len(period.columns()) == 12
    # the last hour of January there is 15:00 of UTC
    assert period.by_column({"2026-01-31T15": 2, "2026-01-31T16": 3})[:2] == [2, 3]


def test_sums_are_of_all_and_minutes_are_rounded_once() -> None:
    one = {"present_ms": 20_000, "reports": 2}
    figures = added([one, one, {"present_ms": 51_000, "spoken_ms": 89_000, "appeals": 1}])
    assert (figures.minutes, figures.spoken, figures.reports, figures.appeals) == (2, 1, 4, 1)
    assert added([]).model_dump() == dict.fromkeys(NAMES, 0)


def test_a_rate_without_a_whole_is_none() -> None:
    found = rates(added([{"on_time": 2, "late": 1, "incidents": 3, "appeals": 1, "appeals_closed": 1}]))
    none = dict.fromkeys(("attendance", "cleared", "answered", "patrolled", "seen"))
    assert found == {**none, "closed": 25.0, "on_time": 66.7}
