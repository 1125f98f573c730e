"""What may reach DTLS: only what looks like DTLS records and comes from an address that ICE validated.

aiortc's transport closes itself on an empty datagram or on an SRTP-shaped one, and a handshake can be broken by
forged records; so everything is looked at here first.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Final

from hub.media.transport.address import Address

#: Content types of DTLS 1.2 records (RFC 6347 §4.1: change cipher spec, alert, handshake, application data) …
_PLAIN_TYPES: Final = range(20, 24)
#: … ACK (RFC 9147 §7) and the unified header of DTLS 1.3 records, 001xxxxx (RFC 9147 §4).
_ACK: Final = 26
_UNIFIED: Final = range(32, 64)
_RECORD_HEADER: Final = 13
_UNIFIED_LEAST: Final = 1 + 2 + 16


def dtls_refusal(data: memoryview, address: Address, validated: Container[Address]) -> str | None:
    """Why a datagram must not reach DTLS (the name it is counted under); None if it may."""
    if address not in validated:
        return "dtls_unvalidated_address"
    at, length = 0, len(data)
    if not length:
        return "dtls_malformed"
    while at < length:
        kind = data[at]
        if kind in _UNIFIED:
            # The length is optional and the sequence number encrypted: the rest is for OpenSSL to judge.
            return None if length - at >= _UNIFIED_LEAST else "dtls_malformed"
        if kind not in _PLAIN_TYPES and kind != _ACK:
            return "dtls_malformed"
        if length - at < _RECORD_HEADER or data[at + 1] != 0xFE:
            return "dtls_malformed"
        at += _RECORD_HEADER + (data[at + 11] << 8 | data[at + 12])
    return None if at == length else "dtls_malformed"
