"""Reading bit fields out of bytes, most significant bit first: for VP9 headers and H264 parameter sets."""

from __future__ import annotations


class BitsError(ValueError):
    """There are fewer bits than were asked for."""


class BitReader:
    """Reads `data` from its first bit on. Every method raises BitsError past the end."""

    __slots__ = ("_at", "_bits", "_value")

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data, "big")
        self._bits = len(data) * 8
        self._at = 0

    def read(self, count: int) -> int:
        """The next `count` bits as an unsigned number."""
        self._at += count
        if self._at > self._bits:
            raise BitsError("out of bits")
        return self._value >> (self._bits - self._at) & ((1 << count) - 1)

    def golomb(self) -> int:
        """An unsigned Exp-Golomb number, ue(v) (H.264 §9.1)."""
        zeros = 0
        while self.read(1) == 0:
            zeros += 1
            if zeros > 31:
                raise BitsError("Exp-Golomb number over 32 bits")
        return (1 << zeros) - 1 + self.read(zeros)

    def signed_golomb(self) -> int:
        """A signed Exp-Golomb number, se(v) (H.264 §9.1.1)."""
        number = self.golomb()
        return (number + 1) // 2 if number & 1 else -(number // 2)
