"""A light WebRTC peer without codecs: ICE checks, DTLS, SRTP and whatever packets a test wants to send.

Sans-I/O: datagrams come in by `receive` and leave by `send`; `LightSocket` gives one a real UDP socket.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import secrets
import socket
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from hub.families import family_of
from hub.media.transport.dtls import DtlsCallbacks, DtlsEndpoint, DtlsFactory
from hub.media.transport.srtp import Profile, SealBuffer, SrtpKeys, SrtpSession
from hub.wire import demux, rtcp, rtp, stun
from hub.wire.rtcp_build import serialise
from hub.wire.rtcp_parse import parse_compound
from hub.wire.rtp_header import RtpHeader
from hub.wire.sdp import Fingerprint
from tests.support.lossy import Line

VP8, RTX, OPUS, RED = 96, 97, 111, 63
LEVEL_ID, TRANSPORT_ID, MID_ID, RID_ID, REPAIRED_RID_ID = 1, 3, 4, 5, 6
_TRANSPORT_URI = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
#: An empty DTLS record: stands for the whole handshake between two `KeyedDtls`.
HELLO = b"\x16\xfe\xfd" + bytes(10)


class KeyedDtls:
    """A DtlsFactory without handshake: both sides derive the keys from the fingerprint in the offer."""

    def __init__(self, fingerprints: Sequence[Fingerprint], server: bool, callbacks: DtlsCallbacks) -> None:
        self._callbacks = callbacks
        self._server = server
        self._keys = keys_of(fingerprints[0].value, server)
        self.closed = False

    def feed(self, datagram: bytes) -> bool:
        """The first datagram stands for a whole handshake."""
        if self._server:
            self._callbacks.send_dtls(HELLO)
        keys, self._keys = self._keys, None
        if keys is not None:
            self._callbacks.dtls_connected(keys)
        return True

    def close(self) -> None:
        self.closed = True


def keys_of(fingerprint: str, server: bool) -> SrtpKeys | None:
    """The keys that `KeyedDtls` gives to one side of the peer with this fingerprint."""
    first, second = (hashlib.sha512(side + fingerprint.encode()).digest()[:28] for side in (b"s", b"c"))
    send, receive = (first, second) if server else (second, first)
    return SrtpKeys(Profile.AEAD_AES_128_GCM, send, receive)


class LightPeer:
    """One side of a call. `on_rtp(header, packet)` and `on_rtcp(packet)` see what comes in, opened."""

    def __init__(self, send: Callable[[bytes], None], dtls: DtlsFactory, fingerprint: Fingerprint) -> None:
        self.send = send
        self.fingerprint = fingerprint
        self.ufrag, self.password = secrets.token_hex(4), secrets.token_hex(12)
        self.remote_ufrag = self.remote_password = ""
        self.remote_fingerprints: list[Fingerprint] = []
        self.keys: SrtpKeys | None = None
        self.ended: str | None = None
        self.counters: Counter[str] = Counter()
        self.video_ssrc, self.rtx_ssrc, self.audio_ssrc = (secrets.randbits(31) + 1 for _ in range(3))
        self.on_rtp: Callable[[RtpHeader, bytes], None] = lambda header, packet: None
        self.on_rtcp: Callable[[rtcp.RtcpPacket], None] = lambda packet: None
        self.count_only = False
        #: Set by whoever connects it: its id at the node, where it is, how good its line is, whether it checks.
        self.id = ""
        self.address: tuple[Any, ...] = ()
        self.line = Line()
        self.checking = True
        self.slots: list[int] = []
        #: Whether the hub begins the handshake.
        self.dtls_server = False
        self._dtls_factory = dtls
        self._dtls: DtlsEndpoint | None = None
        self._buffer = SealBuffer(2048)
        self._inbound: SrtpSession | None = None
        self._outbound: SrtpSession | None = None
        self._transport_seq = 0

    # --- session description --------------------------------------------------------------------------

    def offer(
        self,
        direction: str,
        video: int = 1,
        audio: int = 1,
        *,
        transport_cc: bool = True,
        with_rtx: bool = True,
        with_ssrcs: bool = True,
        red: bool = False,
        sound_again: bool = False,
        rids: Sequence[str] = (),
        setup: str = "active",
        bundle: bool = True,
        codec: str = "VP8",
        fmtp: str = "",
    ) -> str:
        """An offer of so many sections; `direction` sendonly or recvonly. `rids` are the layers of a simulcast, which
        names no sources; `red` offers audio/red before Opus, `sound_again` NACK for it. Without `bundle` there is neither
        a group nor a mid. `codec` is that of the pictures, as SDP names it, with its `fmtp`."""
        with_ssrcs = with_ssrcs and not rids
        kinds = ["video"] * video + ["audio"] * audio
        lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0"]
        if bundle:
            lines.append("a=group:BUNDLE " + " ".join(str(index) for index in range(len(kinds))))
        for index, kind in enumerate(kinds):
            types = [VP8, RTX][: 1 + with_rtx] if kind == "video" else [RED, OPUS][not red :]
            lines += [
                f"m={kind} 9 UDP/TLS/RTP/SAVPF {' '.join(map(str, types))}",
                "c=IN IP4 0.0.0.0",
                f"a=ice-ufrag:{self.ufrag}",
                f"a=ice-pwd:{self.password}",
                f"a=fingerprint:{self.fingerprint.algorithm} {self.fingerprint.value}",
                f"a=setup:{setup}",
                *([f"a=mid:{index}"] if bundle else []),
                f"a=extmap:{MID_ID} urn:ietf:params:rtp-hdrext:sdes:mid",
                f"a={direction}",
                "a=rtcp-mux",
                "a=rtcp-rsize",
            ]
            if transport_cc:
                lines.append(f"a=extmap:{TRANSPORT_ID} {_TRANSPORT_URI}")
            number = VP8 if kind == "video" else OPUS
            if transport_cc:
                lines.append(f"a=rtcp-fb:{number} transport-cc")
            if kind == "video":
                lines += [f"a=rtpmap:{VP8} {codec}/90000"]
                if fmtp:
                    lines.append(f"a=fmtp:{VP8} {fmtp}")
                lines += [f"a=rtcp-fb:{VP8} {value}" for value in ("nack", "nack pli", "goog-remb")]
                if with_rtx:
                    lines += [f"a=rtpmap:{RTX} rtx/90000", f"a=fmtp:{RTX} apt={VP8}"]
            else:
                lines += [
                    f"a=rtpmap:{OPUS} opus/48000/2",
                    f"a=extmap:{LEVEL_ID} urn:ietf:params:rtp-hdrext:ssrc-audio-level",
                ]
                if sound_again:
                    lines.append(f"a=rtcp-fb:{OPUS} nack")
                if red:
                    lines += [f"a=rtpmap:{RED} red/48000/2", f"a=fmtp:{RED} {OPUS}/{OPUS}"]
            if rids and kind == "video":
                lines += [
                    f"a=extmap:{RID_ID} urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
                    f"a=extmap:{REPAIRED_RID_ID} urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
                    *(f"a=rid:{rid} send" for rid in rids),
                    f"a=simulcast:send {';'.join(rids)}",
                ]
            if direction == "sendonly" and with_ssrcs:
                lines += self._source_lines(kind, with_rtx)
        return "\r\n".join(lines) + "\r\n"

    def _source_lines(self, kind: str, with_rtx: bool) -> list[str]:
        if kind == "audio":
            return [f"a=ssrc:{self.audio_ssrc} cname:light"]
        lines = [f"a=ssrc:{self.video_ssrc} cname:light"]
        if with_rtx:
            lines.insert(0, f"a=ssrc-group:FID {self.video_ssrc} {self.rtx_ssrc}")
            lines.append(f"a=ssrc:{self.rtx_ssrc} cname:light")
        return lines

    def take_answer(self, answer: str) -> None:
        """Remember how the hub is reached and known."""
        self.remote_ufrag = _find(answer, r"a=ice-ufrag:(\S+)")
        self.remote_password = _find(answer, r"a=ice-pwd:(\S+)")
        self.dtls_server = "a=setup:active" in answer
        self.slots = [int(ssrc) for ssrc in re.findall(r"a=ssrc:(\d+) cname", answer)]
        found = re.findall(r"a=fingerprint:(\S+) (\S+)", answer)
        if found:
            self.remote_fingerprints = [Fingerprint(*found[0])]

    # --- transport ------------------------------------------------------------------------------------

    def check(self, *, use_candidate: bool = True, controlled: bool = False, password: str = "") -> None:
        """Send one connectivity check."""
        self.send(
            stun.binding_request(
                os.urandom(12),
                f"{self.remote_ufrag}:{self.ufrag}",
                (password or self.remote_password).encode(),
                priority=1,
                controlling=None if controlled else 1,
                controlled=1 if controlled else None,
                use_candidate=use_candidate,
            )
        )

    def receive(self, data: bytes) -> None:
        """A datagram from the hub."""
        kind = demux.classify(data)
        if kind == demux.STUN:
            message = stun.parse(data)
            self.counters[f"stun_{message.message_class:x}"] += 1
            if message.error is not None:
                self.counters[f"stun_error_{message.error[0]}"] += 1
            if message.message_class == stun.SUCCESS and self._dtls is None:
                self._dtls = self._dtls_factory(self._fingerprints(), self.dtls_server, self)
            if isinstance(self._dtls, KeyedDtls) and self.keys is None:
                self.send(HELLO)
        elif kind == demux.DTLS:
            if self._dtls is not None:
                self._dtls.feed(data)
        elif kind in (demux.RTP, demux.RTCP):
            self.counters["srtp"] += 1
            if not self.count_only:
                self._open(data, kind)

    def _fingerprints(self) -> list[Fingerprint]:
        return [self.fingerprint] if self._dtls_factory is KeyedDtls else self.remote_fingerprints

    def _open(self, data: bytes, kind: int) -> None:
        if self._inbound is None:
            return
        self._buffer.view[: len(data)] = data
        opener = self._inbound.unprotect_rtcp if kind == demux.RTCP else self._inbound.unprotect_rtp
        length = opener(self._buffer, len(data))
        if length < 0:
            self.counters["refused_by_srtp"] += 1
            return
        packet = bytes(self._buffer.view[:length])
        if kind == demux.RTCP:
            for one in parse_compound(packet):
                self.counters[f"rtcp_{type(one).__name__}"] += 1
                self.on_rtcp(one)
        else:
            self.counters["rtp"] += 1
            self.on_rtp(rtp.read_header(packet), packet)

    def send_dtls(self, datagram: bytes) -> None:
        self.send(datagram)

    def dtls_connected(self, keys: SrtpKeys) -> None:
        self.keys = keys
        self._inbound = SrtpSession(keys.profile, keys.receive, inbound=True)
        self._outbound = SrtpSession(keys.profile, keys.send, inbound=False)

    def dtls_ended(self, reason: str) -> None:
        self.ended = reason

    def close(self) -> None:
        if self._dtls is not None:
            self._dtls.close()

    # --- media ----------------------------------------------------------------------------------------

    def sealed(self, packet: bytes) -> bytes:
        """An RTP packet, protected."""
        assert self._outbound is not None
        self._buffer.view[: len(packet)] = packet
        length = self._outbound.protect_rtp(self._buffer, 0, len(packet))
        assert length > 0, f"libsrtp refused with {length}"
        return bytes(self._buffer.view[:length])

    def send_video(self, seq: int, timestamp: int, payload: bytes, marker: bool = False) -> None:
        """One VP8 packet."""
        self.send_numbered(VP8, seq, timestamp, self.video_ssrc, payload, marker)

    def send_numbered(
        self,
        payload_type: int,
        seq: int,
        timestamp: int,
        ssrc: int,
        payload: bytes,
        marker: bool = False,
        more: Sequence[tuple[int, bytes]] = ((MID_ID, b"0"),),
    ) -> None:
        """One packet with the next transport-wide number, and more header extensions (id, value)."""
        self._transport_seq += 1
        number = (self._transport_seq & 0xFFFF).to_bytes(2, "big")
        packet = rtp.build_packet(
            payload_type,
            seq & 0xFFFF,
            timestamp & 0xFFFF_FFFF,
            ssrc,
            payload,
            marker=marker,
            extensions=[(TRANSPORT_ID, number), *more],
        )
        self.send(self.sealed(packet))

    def send_audio(
        self, seq: int, timestamp: int, level: int, payload: bytes = b"opus", payload_type: int = OPUS
    ) -> None:
        """One Opus (or RED) packet with its level (−dBov)."""
        packet = rtp.build_packet(
            payload_type,
            seq & 0xFFFF,
            timestamp & 0xFFFF_FFFF,
            self.audio_ssrc,
            payload,
            extensions=[(LEVEL_ID, bytes([0x80 | level]))],
        )
        self.send(self.sealed(packet))

    def send_rtcp(self, *packets: rtcp.RtcpPacket) -> None:
        """One RTCP datagram."""
        assert self._outbound is not None
        compound = serialise(packets)
        self._buffer.view[: len(compound)] = compound
        length = self._outbound.protect_rtcp(self._buffer, 0, len(compound))
        self.send(bytes(self._buffer.view[:length]))


class LightSocket:
    """A UDP socket on loopback for one light peer, on the running loop."""

    def __init__(self, to_port: int, bind: str = "127.0.0.1") -> None:
        self.socket = socket.socket(family_of(bind), socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.socket.bind((bind, 0))
        self.to = ("::1" if self.socket.family == socket.AF_INET6 else "127.0.0.1", to_port)
        self.peer: LightPeer | None = None
        self.received = 0
        asyncio.get_running_loop().add_reader(self.socket.fileno(), self._drain)

    def send(self, data: bytes) -> None:
        self.socket.sendto(data, self.to)

    def _drain(self) -> None:
        try:
            for _ in range(64):
                data = self.socket.recv(2048)
                self.received += 1
                if self.peer is not None:
                    self.peer.receive(data)
        except (BlockingIOError, ConnectionRefusedError):
            pass

    def close(self) -> None:
        if self.socket.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self.socket.fileno())
            self.socket.close()


def fresh_fingerprint() -> Fingerprint:
    """A fingerprint of nothing, for peers with `KeyedDtls`."""
    return Fingerprint("sha-256", ":".join(f"{byte:02X}" for byte in os.urandom(32)))


def vp8_payload(
    picture: int,
    *,
    key: bool,
    first: bool,
    size: int,
    tl0: int = 0,
    temporal: int = 0,
    sync: bool = False,
    shape: tuple[int, int] = (640, 360),
) -> bytes:
    """A VP8 payload with a 15-bit picture id, TL0PICIDX and temporal layer; random after its descriptor.

    `sync` is the Y bit; `shape` is what a key frame says of its size in pixels.
    """
    descriptor = bytes([0x90 if first else 0x80, 0xE0])
    layer = temporal << 6 | (0x20 if sync else 0)
    descriptor += (0x8000 | (picture & 0x7FFF)).to_bytes(2, "big") + bytes([tl0 & 0xFF, layer])
    frame = bytes([0x10 if key else 0x11]) if first else b"\x55"
    if key and first:
        frame += b"\x00\x00\x9d\x01\x2a" + b"".join(side.to_bytes(2, "little") for side in shape)
    return descriptor + frame + os.urandom(max(0, size - len(descriptor) - len(frame)))


def _find(text: str, pattern: str) -> str:
    found = re.search(pattern, text)
    return found.group(1) if found else ""


__all__: list[str] = [
    "KeyedDtls",
    "LightPeer",
    "LightSocket",
    "fresh_fingerprint",
    "keys_of",
    "vp8_payload",
]
