"""The DTLS client of a light peer, on pyOpenSSL alone: datagrams and time in, datagrams and SRTP keys out."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from OpenSSL import SSL
from pylibsrtp import Policy

from hub.wire.sdp import Fingerprint

#: What goes into one datagram; the path may be narrower than Ethernet.
_MTU: Final = 1200
_RECORD_HEADER: Final = 13
_HASHES: Final = {"sha-256": hashes.SHA256(), "sha-384": hashes.SHA384(), "sha-512": hashes.SHA512()}
#: OpenSSL's name of each SRTP profile: libsrtp's number, bytes of key and of salt. The first is preferred.
_PROFILES: Final[dict[bytes, tuple[int, int, int]]] = {
    b"SRTP_AEAD_AES_128_GCM": (Policy.SRTP_PROFILE_AEAD_AES_128_GCM, 16, 12),
    b"SRTP_AES128_CM_SHA1_80": (Policy.SRTP_PROFILE_AES128_CM_SHA1_80, 16, 14),
}


class DtlsFailed(Exception):
    """The handshake cannot succeed, or the other side is not who it said it would be."""


@dataclass(frozen=True, slots=True)
class SrtpKeys:
    """What the handshake gave: libsrtp's profile number, and master key with salt of each direction."""

    profile: int
    send: bytes = field(repr=False)
    receive: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Identity:
    """A certificate, its fingerprint, and the OpenSSL context that all peers of this process share."""

    fingerprint: Fingerprint
    context: SSL.Context


@functools.cache
def identity() -> Identity:
    """The one identity of this process: making a key for each of hundreds of peers would measure that."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loadtest")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    context = SSL.Context(SSL.DTLS_METHOD)
    context.set_verify(SSL.VERIFY_PEER, _accept_any)
    context.use_certificate(certificate)
    context.use_privatekey(key)
    context.set_tlsext_use_srtp(b":".join(_PROFILES))
    return Identity(_fingerprint(certificate, "sha-256"), context)


def _accept_any(*args: object) -> bool:
    """Who the other side is shows its fingerprint, not its issuer (RFC 5763 §5)."""
    return True


def _fingerprint(certificate: x509.Certificate, algorithm: str) -> Fingerprint:
    return Fingerprint(algorithm, certificate.fingerprint(_HASHES[algorithm]).hex(":").upper())


class DtlsClient:
    """One handshake. `feed` datagrams, `poll` when `timeout_s` has passed, send what both return."""

    def __init__(self, expected: Sequence[Fingerprint]) -> None:
        """`expected` are the fingerprints of the answer; one of them must be the server's."""
        self._expected = [one for one in expected if one.algorithm in _HASHES]
        self._connection = SSL.Connection(identity().context, None)
        self._connection.set_connect_state()
        self._connection.set_ciphertext_mtu(_MTU)
        #: The keys, once the handshake is done.
        self.keys: SrtpKeys | None = None
        self.closed = False

    def start(self) -> list[bytes]:
        """The first flight."""
        return self._advance()

    def feed(self, datagram: bytes) -> list[bytes]:
        """A datagram from the server. Raises DtlsFailed."""
        self._connection.bio_write(datagram)
        return self._advance()

    @property
    def timeout_s(self) -> float | None:
        """When to `poll` if nothing comes; None when nothing is awaited."""
        return None if self.keys is not None else self._connection.DTLSv1_get_timeout()

    def poll(self) -> list[bytes]:
        """What has to be sent again by now."""
        if self.keys is None:
            self._connection.DTLSv1_handle_timeout()
        return self._flight()

    def goodbye(self) -> list[bytes]:
        """The close alert. The association is over."""
        self.closed = True
        try:
            self._connection.shutdown()
        except SSL.Error:
            return []  # never came so far that there is something to close
        return self._flight()

    def _advance(self) -> list[bytes]:
        try:
            if self.keys is None:
                self._connection.do_handshake()
                self.keys = self._export()
            else:
                self._connection.recv(1)
        except SSL.WantReadError:
            pass
        except SSL.ZeroReturnError:
            self.closed = True
        except SSL.Error as error:
            raise DtlsFailed(f"DTLS failed: {error}") from error
        return self._flight()

    def _export(self) -> SrtpKeys:
        connection = self._connection
        certificate = connection.get_peer_certificate(as_cryptography=True)
        if certificate is None or not any(
            _fingerprint(certificate, one.algorithm) == one for one in self._expected
        ):
            raise DtlsFailed("the server's certificate is not that of the answer")
        chosen = _PROFILES.get(connection.get_selected_srtp_profile())
        if chosen is None:
            raise DtlsFailed("no SRTP profile in common")
        profile, key_bytes, salt_bytes = chosen
        material = connection.export_keying_material(b"EXTRACTOR-dtls_srtp", 2 * (key_bytes + salt_bytes))
        # RFC 5764 §4.2: client key, server key, client salt, server salt.
        salts = 2 * key_bytes
        client = material[:key_bytes] + material[salts : salts + salt_bytes]
        server = material[key_bytes:salts] + material[salts + salt_bytes :]
        return SrtpKeys(profile, send=client, receive=server)

    def _flight(self) -> list[bytes]:
        """What OpenSSL wants sent: its memory forgets where a datagram ended, so whole records are packed anew."""
        try:
            waiting = self._connection.bio_read(65_536)
        except SSL.WantReadError:
            return []
        datagrams: list[bytes] = []
        at = 0
        while at < len(waiting):
            size = _RECORD_HEADER + int.from_bytes(waiting[at + 11 : at + 13], "big")
            record = waiting[at : at + size]
            if datagrams and len(datagrams[-1]) + size <= _MTU:
                datagrams[-1] += record
            else:
                datagrams.append(record)
            at += size
        return datagrams
