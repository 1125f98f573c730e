"""DTLS-SRTP handshakes: the only file that knows aiortc's RTCDtlsTransport (private API, version pinned).

aiortc wants an ICE transport to read from and write to; `Pipe` is one, fed by the node with DTLS datagrams
that passed `guard`. Only the handshake and its keys are taken from it: SRTP never passes through aiortc.
`tests/unit/test_media_dtls.py` is the contract test to run before raising the pin.
"""

from __future__ import annotations

import asyncio
import collections
import logging
from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

from aiortc import rtcdtlstransport as aiortc_dtls
from aiortc.rtcdtlstransport import (
    RTCCertificate,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
    SRTPProtectionProfile,
)
from OpenSSL import SSL

from hub.media.transport.srtp import Profile, SrtpKeys
from hub.wire.sdp import Fingerprint

#: A handshake that takes longer is given up; the peer is closed.
HANDSHAKE_TIMEOUT_S: Final = 20.0
#: DTLS datagrams handled in one turn of the loop, of all peers together.
DATAGRAMS_A_TURN: Final = 2
#: DTLS datagrams of one peer that may wait for its handshake task.
_PIPE_DATAGRAMS: Final = 32

#: In our order of preference: GCM with 128 bits is the cheapest for the packet path (6.5 against 9 µs).
_PROFILES: Final[list[tuple[SRTPProtectionProfile, Profile]]] = [
    (aiortc_dtls.SRTP_AEAD_AES_128_GCM, Profile.AEAD_AES_128_GCM),
    (aiortc_dtls.SRTP_AES128_CM_SHA1_80, Profile.AES_CM_128_HMAC_SHA1_80),
    (aiortc_dtls.SRTP_AEAD_AES_256_GCM, Profile.AEAD_AES_256_GCM),
]

log = logging.getLogger(__name__)


class DtlsEndpoint(Protocol):
    """One peer's DTLS association, as the rest of the media plane sees it."""

    def feed(self, datagram: bytes) -> bool:
        """Take a DTLS datagram from a validated address; False if it was dropped (too many wait)."""

    def close(self) -> None:
        """Say goodbye to the other side and stop. May be called twice."""


class DtlsCallbacks(Protocol):
    """What an endpoint reports, always from the node's own loop."""

    def send_dtls(self, datagram: bytes) -> None: ...
    def dtls_connected(self, keys: SrtpKeys) -> None: ...
    def dtls_ended(self, reason: str) -> None: ...


#: Begins the DTLS association of a peer: (remote fingerprints, whether we are the DTLS server, callbacks).
DtlsFactory = Callable[[Sequence[Fingerprint], bool, DtlsCallbacks], DtlsEndpoint]


class Turns:
    """Lets few DTLS datagrams through in each turn of the loop.

    A handshake costs about a millisecond; after a line came back hundreds begin at once, and packets must be
    received and forwarded between them.
    """

    def __init__(self) -> None:
        self._waiting: collections.deque[tuple[Pipe, bytes]] = collections.deque()

    def put(self, pipe: Pipe, datagram: bytes) -> bool:
        """Have `datagram` handed to `pipe` when it is its turn; False if too many of the peer wait already."""
        if pipe.waiting >= _PIPE_DATAGRAMS:
            return False
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._take)
        pipe.waiting += 1
        self._waiting.append((pipe, datagram))
        return True

    def _take(self) -> None:
        for _ in range(min(DATAGRAMS_A_TURN, len(self._waiting))):
            pipe, datagram = self._waiting.popleft()
            pipe.inbox.put_nowait(datagram)
        if self._waiting:
            asyncio.get_running_loop().call_soon(self._take)


class Certificate:
    """The node's certificate, made fresh for each process, and what all its handshakes share."""

    def __init__(self) -> None:
        self._turns = Turns()
        self._certificate = _ContextKeepingCertificate.generateCertificate()
        fingerprint = self._certificate.getFingerprints()[0]
        self.fingerprint = Fingerprint(fingerprint.algorithm, fingerprint.value)

    def endpoint(
        self, fingerprints: Sequence[Fingerprint], server: bool, callbacks: DtlsCallbacks
    ) -> DtlsEndpoint:
        """A DtlsFactory. Must be called on a running event loop."""
        return _Endpoint(self._certificate, self._turns, fingerprints, server, callbacks)


class _ContextKeepingCertificate(RTCCertificate):
    _context: SSL.Context | None = None

    def _create_ssl_context(self, srtp_profiles: list[SRTPProtectionProfile]) -> SSL.Context:
        if self._context is None:
            self._context = super()._create_ssl_context(srtp_profiles)
            # Nobody resumes a DTLS-SRTP session; without this a shared context would keep each one.
            self._context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
        return self._context


class Pipe:
    """What aiortc takes for its RTCIceTransport."""

    def __init__(self, server: bool, send: Callable[[bytes], None]) -> None:
        # aiortc: the controlling side becomes the DTLS server when the role is "auto"; we set it anyway.
        self.role = "controlling" if server else "controlled"
        self.state = "completed"
        self._send_now = send
        self.inbox: asyncio.Queue[bytes] = asyncio.Queue()
        #: Datagrams of this peer that wait, in the inbox or for their turn.
        self.waiting = 0

    async def _recv(self) -> bytes:
        datagram = await self.inbox.get()
        self.waiting -= 1
        return datagram

    async def _send(self, datagram: bytes) -> None:
        self._send_now(datagram)

    async def stop(self) -> None:
        pass

    def shut(self) -> None:
        """Nothing is sent any more, and whoever sent is let go."""
        self._send_now = _to_nobody


def _to_nobody(datagram: bytes) -> None:
    """Where what a closed association still says goes."""


class _TellingConnection:
    """OpenSSL's side of an association, which remembers what it refused: aiortc passes that over in silence."""

    def __init__(self, connection: SSL.Connection) -> None:
        self._connection: Any = connection
        self.refusal = ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def recv(self, size: int) -> bytes:
        try:
            received: bytes = self._connection.recv(size)
        except SSL.Error as refused:
            words = refused.args[0] if refused.args else ()
            if isinstance(words, list) and words:
                self.refusal = str(words[-1][-1])
            raise
        return received


class _KeyTransport(RTCDtlsTransport):
    """Hands the keys out instead of making SRTP sessions of its own."""

    keys: SrtpKeys | None = None
    connection: _TellingConnection | None = None

    @property
    def why_not(self) -> str:
        """What OpenSSL last had against what came; empty when it said nothing."""
        return self.connection.refusal if self.connection is not None else ""

    @property
    def _ssl(self) -> Any:
        return self.connection

    @_ssl.setter
    def _ssl(self, connection: SSL.Connection | None) -> None:
        self.connection = _TellingConnection(connection) if connection is not None else None

    def _setup_srtp(self) -> None:
        connection: Any = self._ssl
        negotiated = connection.get_selected_srtp_profile()
        chosen = next((pair for pair in _PROFILES if pair[0].openssl_profile == negotiated), None)
        if chosen is None:
            self._set_state(aiortc_dtls.State.FAILED)
            return
        theirs, ours = chosen
        material = connection.export_keying_material(
            b"EXTRACTOR-dtls_srtp", 2 * (theirs.key_length + theirs.salt_length)
        )
        client = theirs.get_key_and_salt(material, 0)
        server = theirs.get_key_and_salt(material, 1)
        if self._role == "server":
            self.keys = SrtpKeys(ours, send=server, receive=client)
        else:
            self.keys = SrtpKeys(ours, send=client, receive=server)


class _Nobody:
    """The callbacks of a closed association."""

    def send_dtls(self, datagram: bytes) -> None: ...
    def dtls_connected(self, keys: SrtpKeys) -> None: ...
    def dtls_ended(self, reason: str) -> None: ...


class _Endpoint:
    def __init__(
        self,
        certificate: RTCCertificate,
        turns: Turns,
        fingerprints: Sequence[Fingerprint],
        server: bool,
        callbacks: DtlsCallbacks,
    ) -> None:
        self._callbacks: DtlsCallbacks = callbacks
        self._turns = turns
        self._pipe = Pipe(server, callbacks.send_dtls)
        transport: Any = _KeyTransport(self._pipe, [certificate])  # type: ignore[arg-type]
        transport._srtp_profiles = [theirs for theirs, _ in _PROFILES]
        transport._set_role("server" if server else "client")
        self._transport = transport
        self._closed = False
        self._remote = RTCDtlsParameters(
            fingerprints=[RTCDtlsFingerprint(algorithm=f.algorithm, value=f.value) for f in fingerprints]
        )
        self._task = asyncio.get_running_loop().create_task(self._handshake())

    def feed(self, datagram: bytes) -> bool:
        return not self._closed and self._turns.put(self._pipe, datagram)

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._task.cancel()
        # stop() awaits nothing but Pipe._send, which never waits: one step runs it to its end, and the
        # goodbye leaves before the peer's address is forgotten.
        stopping = self._transport.stop()
        try:
            stopping.send(None)
        except StopIteration:
            pass
        finally:
            stopping.close()
        # No circle may remain: the old generation is hardly ever collected, and OpenSSL's part of this is large.
        self._pipe.shut()
        self._callbacks = _Nobody()

    async def _handshake(self) -> None:
        try:
            async with asyncio.timeout(HANDSHAKE_TIMEOUT_S):
                await self._transport.start(self._remote)
        except TimeoutError:
            self._end("dtls_timeout")
            return
        except Exception:
            # aiortc and OpenSSL raise many things on hostile input; each ends this one peer.
            log.exception("a DTLS handshake ended in an unexpected error")
            self._end("dtls_failed")
            return
        keys = self._transport.keys
        if self._transport.state != "connected" or keys is None:
            log.info("a DTLS handshake failed: %s", self._transport.why_not or "the other side ended it")
            self._end("dtls_failed")
            return
        self._transport._task.add_done_callback(self._pump_ended)
        self._callbacks.dtls_connected(keys)

    def _pump_ended(self, task: asyncio.Future[None]) -> None:
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            log.error("the DTLS pump of a peer ended in an unexpected error", exc_info=error)
        self._end("closed_by_peer" if error is None else "dtls_failed")

    def _end(self, reason: str) -> None:
        if not self._closed:
            self._callbacks.dtls_ended(reason)
