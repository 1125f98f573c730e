"""A span of days in the hub's zone, and how it is cut into days or months for a chart. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hub.clock import from_wire, to_wire

#: The most days of one question: ten years and what leap years add.
MOST_DAYS: Final = 3660
#: Spans of more days are cut by months.
MOST_BY_DAY: Final = 92


class PeriodError(ValueError):
    """What is asked for is no span of days; the message says why."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included, in `zone`. Raises PeriodError."""

    first: date
    last: date
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise PeriodError("it ends before it begins")
        if (self.last - self.first).days >= MOST_DAYS:
            raise PeriodError(f"at most {MOST_DAYS} days")

    @property
    def since(self) -> str:
        """Its first moment, as on the wire."""
        return self._midnight(self.first)

    @property
    def until(self) -> str:
        """The first moment after it, as on the wire."""
        return self._midnight(self.last + timedelta(days=1))

    @property
    def by_day(self) -> bool:
        """Whether a chart has a column a day; else one a month."""
        return (self.last - self.first).days < MOST_BY_DAY

    def before(self) -> Period | None:
        """As many days before it; None where there are none in the calendar."""
        try:
            length = self.last - self.first + timedelta(days=1)
            return Period(self.first - length, self.last - length, self.zone)
        except OverflowError:
            return None

    def columns(self) -> list[str]:
        """Every day (``2026-11-29``) or month (``2026-11``) that it touches, in order."""
        days = [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]
        return list(dict.fromkeys(self._column(day) for day in days))

    def by_column(self, hours: Mapping[str, int]) -> list[int]:
        """Counts by hour of UTC (``2026-11-29T08``) added up by the columns of a chart.

        Zones whose clocks differ from UTC by part of an hour put the hour of a midnight into the day that it begins in.
        """
        sums = dict.fromkeys(self.columns(), 0)
        for hour, count in hours.items():
            day = from_wire(f"{hour}:00:00Z").astimezone(self.zone).date()
            column = self._column(min(max(day, self.first), self.last))
            sums[column] += count
        return list(sums.values())

    def _column(self, day: date) -> str:
        return day.isoformat() if self.by_day else day.isoformat()[:7]

    def _midnight(self, day: date) -> str:
        return to_wire(datetime.combine(day, time(), self.zone))


def period_of(first: str | None, last: str | None, now: datetime, zone: ZoneInfo) -> Period:
    """The span that two days like ``2026-11-29`` name. Without a last one today, without a first one the last one's month.

    Raises PeriodError.
    """
    try:
        end = date.fromisoformat(last) if last is not None else now.astimezone(zone).date()
        begin = date.fromisoformat(first) if first is not None else end.replace(day=1)
    except ValueError:
        raise PeriodError("a day is written like 2026-11-29") from None
    if not (date(1970, 1, 2) <= begin and end <= date(9000, 1, 1)):
        raise PeriodError("a day from 1970 on")
    return Period(begin, end, zone)
