"""STUN Binding messages as ICE uses them (RFC 8489, RFC 8445 §7): a small strict parser."""

from __future__ import annotations

import hmac
import ipaddress
import struct
import zlib
from dataclasses import dataclass, field
from typing import Final

MAGIC_COOKIE: Final = 0x2112A442
HEADER_BYTES: Final = 20
MAX_MESSAGE_BYTES: Final = 1500
#: More attributes than this no browser sends (Chromium: 9).
MAX_ATTRIBUTES: Final = 32

#: Message classes of the method Binding (RFC 8489 §5): the message type as on the wire.
REQUEST: Final = 0x0001
INDICATION: Final = 0x0011
SUCCESS: Final = 0x0101
ERROR: Final = 0x0111

USERNAME: Final = 0x0006
MESSAGE_INTEGRITY: Final = 0x0008
ERROR_CODE: Final = 0x0009
UNKNOWN_ATTRIBUTES: Final = 0x000A
XOR_MAPPED_ADDRESS: Final = 0x0020
PRIORITY: Final = 0x0024
USE_CANDIDATE: Final = 0x0025
SOFTWARE: Final = 0x8022
FINGERPRINT: Final = 0x8028
ICE_CONTROLLED: Final = 0x8029
ICE_CONTROLLING: Final = 0x802A

_KNOWN: Final = frozenset(
    {
        USERNAME,
        ERROR_CODE,
        UNKNOWN_ATTRIBUTES,
        XOR_MAPPED_ADDRESS,
        PRIORITY,
        USE_CANDIDATE,
        SOFTWARE,
        ICE_CONTROLLED,
        ICE_CONTROLLING,
    }
)
_INTEGRITY_BYTES: Final = 20
_FINGERPRINT_XOR: Final = 0x5354554E
_HEADER: Final = struct.Struct(">HHI12s")
_ATTRIBUTE: Final = struct.Struct(">HH")


class StunError(ValueError):
    """The bytes are no STUN Binding message that ICE could have sent."""


@dataclass(frozen=True, slots=True)
class StunMessage:
    """One Binding message. Attributes that are not there are None (flags: False).

    `message_class` is REQUEST, INDICATION, SUCCESS or ERROR. `mapped` is (IP address, port). `error` is
    (code, reason). `unknown` lists comprehension-required attributes we do not know: a request that has
    any is answered with 420 (RFC 8489 §6.3.1). Nothing here is authentic until `verify` said so.
    """

    message_class: int
    transaction_id: bytes
    username: str | None = None
    priority: int | None = None
    use_candidate: bool = False
    controlling: int | None = None
    controlled: int | None = None
    mapped: tuple[str, int] | None = None
    error: tuple[int, str] | None = None
    software: str | None = None
    has_fingerprint: bool = False
    unknown: tuple[int, ...] = ()
    _signed: bytes = field(default=b"", repr=False)
    _integrity: bytes | None = field(default=None, repr=False)

    @property
    def has_integrity(self) -> bool:
        """Whether there is a MESSAGE-INTEGRITY (not whether it is right)."""
        return self._integrity is not None

    def verify(self, password: bytes) -> bool:
        """Whether MESSAGE-INTEGRITY is there and was made with `password` (constant time, §9.1)."""
        if self._integrity is None:
            return False
        return hmac.compare_digest(hmac.digest(password, self._signed, "sha1"), self._integrity)


def parse(data: bytes) -> StunMessage:
    """The message in `data`. Raises StunError, and nothing else, for whatever is not strictly well-formed.

    FINGERPRINT, where present, is checked. Attributes between MESSAGE-INTEGRITY and FINGERPRINT are
    ignored, as they are not protected (RFC 8489 §14.5); nothing may follow FINGERPRINT; none may be doubled.
    """
    length = len(data)
    if not HEADER_BYTES <= length <= MAX_MESSAGE_BYTES:
        raise StunError("length of no STUN message")
    kind, body_length, cookie, transaction_id = _HEADER.unpack_from(data)
    if kind not in (REQUEST, INDICATION, SUCCESS, ERROR):
        raise StunError("not a Binding message")
    if cookie != MAGIC_COOKIE or body_length != length - HEADER_BYTES or body_length % 4:
        raise StunError("wrong magic cookie or length")
    values: dict[int, bytes] = {}
    unknown: list[int] = []
    signed, integrity, fingerprint = b"", None, False
    at = HEADER_BYTES
    for _ in range(MAX_ATTRIBUTES):
        if at == length:
            break
        # Lengths are multiples of 4, so a whole attribute header is there.
        attribute, size = _ATTRIBUTE.unpack_from(data, at)
        start, end = at + 4, at + 4 + size
        if fingerprint or end > length:
            raise StunError("attribute outside the message or after FINGERPRINT")
        if attribute == FINGERPRINT:
            if size != 4 or int.from_bytes(data[start:end], "big") != _crc(data[:at]):
                raise StunError("wrong FINGERPRINT")
            fingerprint = True
        elif integrity is None:
            if attribute == MESSAGE_INTEGRITY:
                if size != _INTEGRITY_BYTES:
                    raise StunError("MESSAGE-INTEGRITY of a wrong length")
                integrity = data[start:end]
                signed = _with_length(data[:at], end - HEADER_BYTES)
            elif attribute in values:
                raise StunError("attribute given twice")
            elif attribute in _KNOWN:
                values[attribute] = data[start:end]
            elif attribute < 0x8000:
                unknown.append(attribute)
        at = end + (-size % 4)
    if at != length:
        raise StunError("too many attributes, or padding outside the message")
    return StunMessage(
        message_class=kind,
        transaction_id=transaction_id,
        username=_text(values, USERNAME, 513),
        priority=_number(values, PRIORITY, 4),
        use_candidate=_number(values, USE_CANDIDATE, 0) is not None,
        controlling=_number(values, ICE_CONTROLLING, 8),
        controlled=_number(values, ICE_CONTROLLED, 8),
        mapped=_mapped(values, transaction_id),
        error=_error(values),
        software=_text(values, SOFTWARE, 763),
        has_fingerprint=fingerprint,
        unknown=tuple(unknown),
        _signed=signed,
        _integrity=integrity,
    )


def _with_length(data: bytes, body_length: int) -> bytes:
    """`data` with the length field as it stands where integrity or fingerprint is computed (§14.5, §14.7)."""
    return data[:2] + body_length.to_bytes(2, "big") + data[4:]


def _crc(data: bytes) -> int:
    """The fingerprint of a message that ends with the fingerprint attribute after `data`."""
    return zlib.crc32(_with_length(data, len(data) - HEADER_BYTES + 8)) ^ _FINGERPRINT_XOR


def _text(values: dict[int, bytes], attribute: int, most: int) -> str | None:
    value = values.get(attribute)
    if value is None:
        return None
    if len(value) > most:
        raise StunError("text too long")
    try:
        return value.decode()
    except UnicodeDecodeError as error:
        raise StunError("text that is not UTF-8") from error


def _number(values: dict[int, bytes], attribute: int, size: int) -> int | None:
    value = values.get(attribute)
    if value is None:
        return None
    if len(value) != size:
        raise StunError("attribute of a wrong length")
    return int.from_bytes(value, "big")


def _mapped(values: dict[int, bytes], transaction_id: bytes) -> tuple[str, int] | None:
    value = values.get(XOR_MAPPED_ADDRESS)
    if value is None:
        return None
    if len(value) not in (8, 20) or value[1] != (1 if len(value) == 8 else 2):
        raise StunError("XOR-MAPPED-ADDRESS of a wrong length or family")
    port = int.from_bytes(value[2:4], "big") ^ (MAGIC_COOKIE >> 16)
    return str(ipaddress.ip_address(_mask(value[4:], transaction_id))), port


def _mask(address: bytes, transaction_id: bytes) -> bytes:
    key = MAGIC_COOKIE.to_bytes(4, "big") + transaction_id
    return bytes(a ^ b for a, b in zip(address, key, strict=False))


def _error(values: dict[int, bytes]) -> tuple[int, str] | None:
    value = values.get(ERROR_CODE)
    if value is None:
        return None
    if len(value) < 4 or not 3 <= value[2] & 0x07 <= 6 or value[3] > 99:
        raise StunError("malformed ERROR-CODE")
    return (value[2] & 0x07) * 100 + value[3], _text({ERROR_CODE: value[4:]}, ERROR_CODE, 763) or ""


# --- building -----------------------------------------------------------------------------------------


def binding_request(
    transaction_id: bytes,
    username: str,
    password: bytes,
    *,
    priority: int,
    controlling: int | None = None,
    controlled: int | None = None,
    use_candidate: bool = False,
) -> bytes:
    """A connectivity check (RFC 8445 §7.1). `username` is ``theirs:ours``, `password` theirs; roles carry
    their 64-bit tie-breaker."""
    attributes = [(USERNAME, username.encode()), (PRIORITY, priority.to_bytes(4, "big"))]
    if controlling is not None:
        attributes.append((ICE_CONTROLLING, controlling.to_bytes(8, "big")))
    if controlled is not None:
        attributes.append((ICE_CONTROLLED, controlled.to_bytes(8, "big")))
    if use_candidate:
        attributes.append((USE_CANDIDATE, b""))
    return _build(REQUEST, transaction_id, attributes, password)


def binding_success(transaction_id: bytes, address: tuple[str, int], password: bytes | None) -> bytes:
    """The answer to a check: `address` is where it came from (IPv4 or IPv6 text without zone, port)."""
    ip = ipaddress.ip_address(address[0].partition("%")[0])
    if ip.version == 6 and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    port = address[1] ^ (MAGIC_COOKIE >> 16)
    family = 1 if ip.version == 4 else 2
    value = bytes([0, family]) + port.to_bytes(2, "big") + _mask(ip.packed, transaction_id)
    return _build(SUCCESS, transaction_id, [(XOR_MAPPED_ADDRESS, value)], password)


def binding_error(
    transaction_id: bytes,
    code: int,
    reason: str,
    password: bytes | None = None,
    unknown: tuple[int, ...] = (),
) -> bytes:
    """An error answer (300–699). `unknown` are the attributes a 420 names. Without `password` no integrity,
    as for 400 and 401 (RFC 8489 §9.1.3)."""
    attributes = [(ERROR_CODE, bytes([0, 0, code // 100, code % 100]) + reason.encode())]
    if unknown:
        attributes.append((UNKNOWN_ATTRIBUTES, struct.pack(f">{len(unknown)}H", *unknown)))
    return _build(ERROR, transaction_id, attributes, password)


def binding_indication(transaction_id: bytes) -> bytes:
    """A keep-alive without answer (RFC 8445 §11)."""
    return _build(INDICATION, transaction_id, [], None)


def _build(
    kind: int, transaction_id: bytes, attributes: list[tuple[int, bytes]], password: bytes | None
) -> bytes:
    if len(transaction_id) != 12:
        raise StunError("a transaction id has 12 bytes")
    body = b"".join(
        _ATTRIBUTE.pack(attribute, len(value)) + value + bytes(-len(value) % 4)
        for attribute, value in attributes
    )
    message = _HEADER.pack(kind, len(body), MAGIC_COOKIE, transaction_id) + body
    if password is not None:
        signed = _with_length(message, len(body) + 4 + _INTEGRITY_BYTES)
        digest = hmac.digest(password, signed, "sha1")
        message = signed + _ATTRIBUTE.pack(MESSAGE_INTEGRITY, _INTEGRITY_BYTES) + digest
    crc = _crc(message)
    message = _with_length(message, len(message) - HEADER_BYTES + 8)
    return message + _ATTRIBUTE.pack(FINGERPRINT, 4) + crc.to_bytes(4, "big")
