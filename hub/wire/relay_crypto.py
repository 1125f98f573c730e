"""The sealing of a relay: SRTP and SRTCP with keys that control handed over (RFC 7714, AEAD_AES_128_GCM)."""

from __future__ import annotations

from typing import Any, Final

import pylibsrtp

#: Master key (16 bytes) and master salt (12 bytes) of AEAD_AES_128_GCM, as they travel over the link (RFC 7714 §12).
KEY_BYTES: Final = 28
#: How far back a packet is still accepted, in packets. A retransmission asked for at 2,000 packets/s comes within it.
WINDOW_PACKETS: Final = 2048
#: The longest packet that is opened, and with libsrtp's longest trailer (144 bytes) the longest that is sealed.
_ROOM_BYTES: Final = 1500 + 144


class RelayCryptoError(ValueError):
    """A packet that cannot be opened or sealed: forged, replayed, too old, too long or not of this relay."""


class RelayCrypto:
    """Both directions of one end of a relay. Knows no addresses and no clock.

    `send_key` seals what this end sends, `receive_key` opens what it gets; the other end has them the other way
    round. Raises ValueError for keys of a wrong length.
    """

    def __init__(self, send_key: bytes, receive_key: bytes) -> None:
        self._out = _session(send_key, pylibsrtp.Policy.SSRC_ANY_OUTBOUND)
        self._in = _session(receive_key, pylibsrtp.Policy.SSRC_ANY_INBOUND)

    def seal_rtp(self, packet: bytes) -> bytes:
        """RTP -> SRTP. The same packet may be sealed again, for a retransmission. Raises RelayCryptoError."""
        return _run(self._out.protect, packet)

    def seal_rtcp(self, packet: bytes) -> bytes:
        """RTCP -> SRTCP. Raises RelayCryptoError."""
        return _run(self._out.protect_rtcp, packet)

    def open_rtp(self, packet: bytes) -> bytes:
        """SRTP -> RTP. Raises RelayCryptoError, also for a packet that was opened before."""
        return _run(self._in.unprotect, packet)

    def open_rtcp(self, packet: bytes) -> bytes:
        """SRTCP -> RTCP. Raises RelayCryptoError."""
        return _run(self._in.unprotect_rtcp, packet)


def _session(key: bytes, direction: int) -> Any:
    if len(key) != KEY_BYTES:
        raise ValueError(f"a relay key has {KEY_BYTES} bytes, not {len(key)}")
    policy = pylibsrtp.Policy(
        key=key, ssrc_type=direction, srtp_profile=pylibsrtp.Policy.SRTP_PROFILE_AEAD_AES_128_GCM
    )
    policy.window_size = WINDOW_PACKETS
    policy.allow_repeat_tx = True
    session: Any = pylibsrtp.Session(policy=policy)
    # Its own block of 1,500 bytes, of which it keeps 144 free for the trailer, is too small for the longest packets.
    session._cdata = pylibsrtp.ffi.new("char[]", _ROOM_BYTES)
    session._buffer = pylibsrtp.ffi.buffer(session._cdata)
    return session


def _run(operation: Any, packet: bytes) -> bytes:
    try:
        result: bytes = operation(packet)
    except (pylibsrtp.Error, ValueError) as refused:
        raise RelayCryptoError(str(refused)) from None
    return result
