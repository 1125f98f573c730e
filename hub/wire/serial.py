"""Numbers that wrap: differences and order modulo 2^16 and 2^32 (RFC 1982, RFC 3550 A.1), and unwrapping."""

from __future__ import annotations

from typing import Final

_MASK32: Final = 0xFFFF_FFFF


def diff16(a: int, b: int) -> int:
    """How far `a` is ahead of `b` modulo 2^16: −32,768 … 32,767.

    >>> diff16(2, 65535), diff16(65535, 2)
    (3, -3)
    """
    return ((a - b + 0x8000) & 0xFFFF) - 0x8000


def newer16(a: int, b: int) -> bool:
    """Whether `a` comes after `b` modulo 2^16 (exactly half the circle apart: no)."""
    return 0 < (a - b) & 0xFFFF < 0x8000


def diff32(a: int, b: int) -> int:
    """How far `a` is ahead of `b` modulo 2^32: −2^31 … 2^31 − 1."""
    return ((a - b + 0x8000_0000) & _MASK32) - 0x8000_0000


def newer32(a: int, b: int) -> bool:
    """Whether `a` comes after `b` modulo 2^32 (exactly half the circle apart: no)."""
    return 0 < (a - b) & _MASK32 < 0x8000_0000


class Unwrapper:
    """Turns wrapping numbers of one stream into indices that never wrap.

    The first number is its own index. Each later one gets the index nearest to the newest so far, so
    that numbers up to half the circle late or early are placed right. Indices before the first number's
    circle are negative.
    """

    __slots__ = ("_half", "_mask", "newest")

    def __init__(self, bits: int = 16) -> None:
        """`bits` is the width of the number on the wire, 1 to 32."""
        if not 1 <= bits <= 32:
            raise ValueError("a number on the wire has 1 to 32 bits")
        self._half = 1 << (bits - 1)
        self._mask = (1 << bits) - 1
        #: The greatest index so far, None before the first number.
        self.newest: int | None = None

    def peek(self, value: int) -> int:
        """The index `value` would get, without taking it as seen."""
        newest = self.newest
        if newest is None:
            return value
        return newest + ((value - newest + self._half) & self._mask) - self._half

    def unwrap(self, value: int) -> int:
        """The index of `value`, which is remembered if it is the newest."""
        index = self.peek(value)
        if self.newest is None or index > self.newest:
            self.newest = index
        return index
