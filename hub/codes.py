"""Many center codes in little room: for what is over and is asked of seldom, but for years."""

from __future__ import annotations

import sys
import zlib
from array import array
from collections.abc import Collection, Iterable, Iterator
from itertools import accumulate


class PackedCodes(Collection[str]):
    """A set of center codes (12 digits each), by code: 2,048 take about 1 KB, and asking takes a fraction of a millisecond.

    Equal when the same codes are in it; copying gives the same object.
    """

    __slots__ = ("_count", "_packed")

    def __init__(self, codes: Iterable[str]) -> None:
        numbers = sorted({int(code) for code in codes})
        steps = array("Q", (after - before for before, after in zip([0, *numbers], numbers, strict=False)))
        self._count = len(numbers)
        self._packed = zlib.compress(steps.tobytes())

    def _numbers(self) -> Iterator[int]:
        steps = array("Q")
        steps.frombytes(zlib.decompress(self._packed))
        return accumulate(steps)

    def __contains__(self, code: object) -> bool:
        return (
            isinstance(code, str)
            and len(code) == 12
            and code.isascii()
            and code.isdecimal()
            and int(code) in self._numbers()
        )

    def __iter__(self) -> Iterator[str]:
        return (f"{number:012}" for number in self._numbers())

    def __len__(self) -> int:
        return self._count

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PackedCodes) and self._packed == other._packed

    def __hash__(self) -> int:
        return hash(self._packed)

    def __deepcopy__(self, memo: object) -> PackedCodes:
        return self

    def __sizeof__(self) -> int:
        return object.__sizeof__(self) + sys.getsizeof(self._packed)
