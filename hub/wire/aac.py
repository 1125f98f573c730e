"""AAC payloads (RFC 3640, mode AAC-hbr and its like): which access units a packet carries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hub.wire.bits import BitReader, BitsError
from hub.wire.rtp_header import Buffer

#: An access unit is at most 768 bytes a channel (ISO/IEC 14496-3); some cameras count wrongly, but not so wrongly.
_MOST_UNITS: Final = 32
_MOST_CONFIG: Final = 64


class AacError(ValueError):
    """The bytes are no payload of that kind."""


@dataclass(frozen=True, slots=True)
class Framing:
    """How access units stand in payloads, by the description (§4.1): bits of their lengths, of the first one's index and of
    the others'. `config` is the decoder's (AudioSpecificConfig)."""

    size_bits: int
    index_bits: int
    delta_bits: int
    config: bytes


def framing(fmtp: str) -> Framing:
    """As a description tells it; what it does not tell is as in AAC-hbr. Raises AacError without a configuration."""
    told: dict[str, str] = {}
    for parameter in fmtp.split(";"):
        name, _, value = parameter.strip().partition("=")
        told[name.strip().lower()] = value.strip()
    try:
        config = bytes.fromhex(told.get("config", ""))
        bits = [
            int(told.get(name, usual))
            for name, usual in (("sizelength", "13"), ("indexlength", "3"), ("indexdeltalength", "3"))
        ]
    except ValueError:
        raise AacError("a description that cannot be read") from None
    if not 2 <= len(config) <= _MOST_CONFIG or not all(0 <= each <= 16 for each in bits) or not bits[0]:
        raise AacError("no description of AAC")
    return Framing(bits[0], bits[1], bits[2], config)


def units(payload: Buffer, framing: Framing) -> Iterator[bytes]:
    """The whole access units of a payload (§3.2.1). Raises AacError where they do not add up; one that is spread over several
    packets, as none of a camera's is, counts as that."""
    if len(payload) < 2:
        raise AacError("cut short")
    head_bits = payload[0] << 8 | payload[1]
    at = 2 + (head_bits + 7) // 8
    if not head_bits or at > len(payload):
        raise AacError("no access units")
    reader = BitReader(bytes(payload[2:at]))
    sizes: list[int] = []
    while head_bits > 0 and len(sizes) < _MOST_UNITS:
        index_bits = framing.delta_bits if sizes else framing.index_bits
        head_bits -= framing.size_bits + index_bits
        if head_bits < 0:
            break
        try:
            sizes.append(reader.read(framing.size_bits))
            reader.read(index_bits)
        except BitsError:
            raise AacError("cut short") from None
    for size in sizes:
        if size == 0 or at + size > len(payload):
            raise AacError("an access unit outside its packet")
        yield bytes(payload[at : at + size])
        at += size
