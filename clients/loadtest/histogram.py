"""Durations counted in buckets 2 % wide: small, added up across processes, percentiles right to 2 %."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

_GROWTH: Final = 1.02
_SCALE: Final = 1 / math.log(_GROWTH)
#: Shorter ones count as this.
_LEAST_S: Final = 1e-6
_OFFSET: Final = math.log(_LEAST_S) * _SCALE


class Histogram:
    """How often which duration was seen. Times in seconds."""

    __slots__ = ("_buckets", "count", "largest")

    def __init__(self, values: Iterable[float] = ()) -> None:
        self._buckets: Counter[int] = Counter()
        self.count = 0
        self.largest = 0.0
        for value in values:
            self.add(value)

    def add(self, seconds: float) -> None:
        """Count one; below a microsecond (or below zero, when clocks differ) it counts as one."""
        self._buckets[int(math.log(max(seconds, _LEAST_S)) * _SCALE - _OFFSET)] += 1
        self.count += 1
        if seconds > self.largest:
            self.largest = seconds

    def percentile(self, part: float) -> float | None:
        """The value that `part` (0 to 1) of all are at most (nearest rank); None without any."""
        if not self.count:
            return None
        rank = max(1, math.ceil(part * self.count))
        seen = 0
        for bucket in sorted(self._buckets):
            seen += self._buckets[bucket]
            if seen >= rank:
                return min(self.largest, _LEAST_S * math.pow(_GROWTH, bucket + 0.5))
        return self.largest

    def share_over(self, seconds: float) -> float:
        """Share of values above this, to the width of a bucket; 0 without any."""
        edge = int(math.log(max(seconds, _LEAST_S)) * _SCALE - _OFFSET)
        return sum(n for bucket, n in self._buckets.items() if bucket > edge) / max(1, self.count)

    def merge(self, other: Histogram) -> None:
        """Count all of `other` too."""
        self._buckets.update(other._buckets)
        self.count += other.count
        self.largest = max(self.largest, other.largest)

    def copy(self) -> Histogram:
        """As it is now."""
        made = Histogram()
        made.merge(self)
        return made

    def since(self, before: Histogram) -> Histogram:
        """What came since `before`, an earlier copy; `largest` is that of all."""
        made = Histogram()
        made._buckets = self._buckets - before._buckets
        made.count, made.largest = sum(made._buckets.values()), self.largest
        return made

    def points(self, count: int = 60) -> list[tuple[float, float]]:
        """The distribution as a line for a chart: (value in ms, share of all up to it), at most `count` points."""
        points: list[tuple[float, float]] = []
        seen, told = 0, -1.0
        for bucket in sorted(self._buckets):
            seen += self._buckets[bucket]
            if seen == self.count or seen / self.count - told >= 1 / count:
                told = seen / self.count
                points.append((round(1000 * _LEAST_S * math.pow(_GROWTH, bucket + 0.5), 3), round(told, 4)))
        return points

    def clear(self) -> None:
        """Forget everything."""
        self._buckets.clear()
        self.count, self.largest = 0, 0.0

    def to_json(self) -> dict[str, Any]:
        """Everything, for another process."""
        return {"buckets": {str(key): n for key, n in self._buckets.items()}, "largest": self.largest}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Histogram:
        """The inverse of `to_json`."""
        made = cls()
        made._buckets = Counter({int(key): int(n) for key, n in data["buckets"].items()})
        made.count, made.largest = sum(made._buckets.values()), float(data["largest"])
        return made

    def told(self) -> dict[str, float | int | None]:
        """For reports: milliseconds, rounded, and how many."""
        out: dict[str, float | int | None] = {"count": self.count}
        for name, part in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99)):
            value = self.percentile(part)
            out[name] = None if value is None else round(value * 1000, 2)
        out["max"] = round(self.largest * 1000, 2) if self.count else None
        return out
