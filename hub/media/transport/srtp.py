"""SRTP and SRTCP on kept buffers: libsrtp through pylibsrtp's own cffi handle, without a copy a packet.

pylibsrtp's `Session.protect` copies each packet twice and allocates a length and a result for it; the
packet path cannot afford that, so this file calls the library itself. Nothing else in the hub does.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any, Final

import pylibsrtp

from hub.media.native import ffi as native_ffi
from hub.media.native import libsrtp

_ffi: Final[Any] = pylibsrtp.ffi
_lib: Final[Any] = pylibsrtp.lib

#: The longest payload of an RTP packet that is passed on: all that a path of 1,500 bytes brings in one piece (IPv4 and UDP take
#: 28 of them, the RTP header 12, the shortest tag 10). A sender on a wider path is told to make shorter ones.
MAX_PAYLOAD_BYTES: Final = 1450
#: The longest RTP packet that is protected: such a payload behind the longest header of a slot (36 bytes, stamp.py) and the two
#: bytes of a retransmission. What is then too long for its path in one piece the kernel sends in two.
MAX_RTP_BYTES: Final = 1488
#: What fits the path of 1,500 bytes in one piece in any case, under IPv6 too: nothing that we could leave out goes beyond.
WHOLE_RTP_BYTES: Final = 1436
#: Bytes that protection may add at most (tag, MKI, SRTCP index), in libsrtp's own counting.
MAX_TRAILER_BYTES: Final = 148
#: How far back a packet may be protected or accepted again: the length of the packet cache. libsrtp shifts
#: this many bits for each packet, so more of it costs time (4,096: 0.4 µs).
WINDOW_PACKETS: Final = 512

_REASONS: Final[dict[int, str]] = {
    7: "srtp_auth_failed",
    8: "srtp_cipher_failed",
    9: "srtp_replayed",
    10: "srtp_too_old",
    13: "srtp_no_context",
    21: "srtp_malformed",
    26: "srtp_too_old",
}


class Profile(enum.Enum):
    """Protection profiles the hub takes, with the lengths of master key, master salt and RTP tag in bytes."""

    AEAD_AES_128_GCM = (pylibsrtp.Policy.SRTP_PROFILE_AEAD_AES_128_GCM, 16, 12, 16)
    AEAD_AES_256_GCM = (pylibsrtp.Policy.SRTP_PROFILE_AEAD_AES_256_GCM, 32, 12, 16)
    AES_CM_128_HMAC_SHA1_80 = (pylibsrtp.Policy.SRTP_PROFILE_AES128_CM_SHA1_80, 16, 14, 10)

    def __init__(self, libsrtp_id: int, key_bytes: int, salt_bytes: int, tag_bytes: int) -> None:
        self.tag_bytes = tag_bytes
        self.libsrtp_id = libsrtp_id
        self.key_bytes = key_bytes
        self.salt_bytes = salt_bytes


@dataclass(frozen=True, slots=True)
class SrtpKeys:
    """What a handshake, or whoever opens a relay, hands over: master key and salt of each direction."""

    profile: Profile
    send: bytes
    receive: bytes

    def __repr__(self) -> str:
        return f"SrtpKeys({self.profile.name})"  # never the keys: this may end up in a log


class SealBuffer:
    """One kept block of memory in which packets are laid, protected in place, and sent from.

    `view` is for writing bytes, `base` is the same memory for libsrtp (`base + offset`), `length` an
    `int *` that libsrtp reads and writes.
    """

    def __init__(self, size: int) -> None:
        self._memory = _ffi.new("char[]", size)
        self.size = size
        self.view = memoryview(_ffi.buffer(self._memory))
        self.base: Any = _ffi.cast("char *", self._memory)
        self.length: Any = _ffi.new("int *")
        #: The address of the memory, for compiled code.
        self.native_base = int(_ffi.cast("uintptr_t", self._memory))


#: The type in C of what seals: (session, packet, its length) to 0 or libsrtp's code.
PROTECT: Final = "int (*)(void *, void *, int *)"
_NATIVE_PROTECT: Final[Any] = libsrtp("srtp_protect", PROTECT)


class SrtpSession:
    """One direction of one peer: the streams that share one master key.

    `protect_call(handle, packet, length)` seals an RTP packet; both are public so that the forwarding loop can do without
    a method. `native_protect` and `native_handle` are the same for compiled code, which counts on other declarations;
    `native_context` is what sealing reads first besides the handle, if that is known.
    """

    def __init__(self, profile: Profile, key: bytes, *, inbound: bool) -> None:
        """Raises ValueError for a key of the wrong length, pylibsrtp.Error if libsrtp refuses."""
        if len(key) != profile.key_bytes + profile.salt_bytes:
            raise ValueError("wrong length of an SRTP master key")
        ssrc_type = pylibsrtp.Policy.SSRC_ANY_INBOUND if inbound else pylibsrtp.Policy.SSRC_ANY_OUTBOUND
        policy = pylibsrtp.Policy(key=key, ssrc_type=ssrc_type, srtp_profile=profile.libsrtp_id)
        # A plain retransmission is the same packet again, bit for bit (see docs/rtcp.md): allowed to leave.
        policy.allow_repeat_tx = not inbound
        policy.window_size = WINDOW_PACKETS
        self.tag_bytes = profile.tag_bytes
        self._session = pylibsrtp.Session(policy)
        self._srtp: Any = self._session._srtp[0]
        self.handle: Any = self._srtp
        self.protect_call: Any = _lib.srtp_protect
        self.native_handle: Any = native_ffi.cast("void *", int(_ffi.cast("uintptr_t", self._srtp)))
        self.native_protect: Any = _NATIVE_PROTECT
        self.native_context: Any = native_ffi.NULL

    def unprotect_rtp(self, buffer: SealBuffer, length: int) -> int:
        """Open the SRTP packet of `length` bytes at the start of `buffer`, in place.

        Returns the length of the RTP packet, or minus libsrtp's code (see `reason`) if it is refused.
        """
        cell = buffer.length
        cell[0] = length
        code: int = _lib.srtp_unprotect(self._srtp, buffer.base, cell)
        return -code if code else cell[0]

    def unprotect_rtcp(self, buffer: SealBuffer, length: int) -> int:
        """The same for an SRTCP packet."""
        cell = buffer.length
        cell[0] = length
        code: int = _lib.srtp_unprotect_rtcp(self._srtp, buffer.base, cell)
        return -code if code else cell[0]

    def protect_rtp(self, buffer: SealBuffer, offset: int, length: int) -> int:
        """Seal the RTP packet of `length` bytes at `offset`, in place; returns as `unprotect_rtp`."""
        if length > MAX_RTP_BYTES:
            return -_PACKET_TOO_LONG
        cell = buffer.length
        cell[0] = length
        code: int = self.protect_call(self.handle, buffer.base + offset, cell)
        return -code if code else cell[0]

    def protect_rtcp(self, buffer: SealBuffer, offset: int, length: int) -> int:
        """The same for an RTCP compound packet."""
        cell = buffer.length
        cell[0] = length
        code: int = _lib.srtp_protect_rtcp(self._srtp, buffer.base + offset, cell)
        return -code if code else cell[0]

    def forget(self, ssrc: int) -> None:
        """Free the state of one stream that has ended; unknown streams are no error."""
        _lib.srtp_remove_stream(self._srtp, int.from_bytes(ssrc.to_bytes(4, "big"), "little"))


_PACKET_TOO_LONG: Final = 99


def reason(result: int) -> str:
    """The name under which a refused packet is counted, from a negative result of `SrtpSession`."""
    if -result == _PACKET_TOO_LONG:
        return "rtp_too_long"
    return _REASONS.get(-result, f"srtp_error_{-result}")
