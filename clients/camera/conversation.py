"""One connection to a camera that is none."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
import secrets
import socket
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from clients.camera.describing import describe
from clients.camera.sounds import sound
from clients.camera.stream import Listener, Stream, stray_bytes
from hub.wire.rtsp import Reader, Request, RtspError, build_interleaved, build_response

if TYPE_CHECKING:
    from clients.camera.server import Camera

#: Bytes that may wait for a client that does not read; then its packets are dropped, as cameras do.
_MOST_WAITING: Final = 4 << 20
_WORDS: Final = {
    200: "OK",
    302: "Moved Temporarily",
    401: "Unauthorized",
    404: "Stream Not Found",
    454: "Session Not Found",
}
_PUBLIC: Final = "OPTIONS, DESCRIBE, SETUP, TEARDOWN, PLAY, GET_PARAMETER"


class Conversation(asyncio.Protocol):
    """Requests in, answers and packets out."""

    def __init__(self, cameras: Mapping[str, Camera], ended: Callable[[Conversation], None]) -> None:
        self._cameras = cameras
        self._ended = ended
        self._reader = Reader()
        self._transport: asyncio.Transport | None = None
        self._camera: Camera | None = None
        self._stream: Stream | None = None
        self._listener: Listener | None = None
        self._session = ""
        self._ways: dict[int, Callable[[list[bytes]], None]] = {}
        self._udp: list[socket.socket] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        if self._camera is not None:
            self._camera.conversations.discard(self)
        for each in self._udp:
            each.close()
        self._ended(self)

    def abort(self) -> None:
        """The power is gone."""
        self._stop()
        if self._transport is not None:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        try:
            messages = self._reader.feed(data)
        except RtspError:
            self.abort()
            return
        for message in messages:
            if isinstance(message, Request):
                self._asked(message)

    # --- requests --------------------------------------------------------------------------------------

    def _asked(self, request: Request) -> None:
        name = re.sub(r"^rtsp://[^/]*/", "", request.url).split("/")
        camera = self._cameras.get(name[0])
        if camera is None:
            self._answer(request, 404)
            return
        self._camera = camera
        camera.conversations.add(self)
        camera.asked.append(request.method)
        faults = camera.faults
        if faults.refuse:
            self.abort()
            return
        if faults.deaf:
            return
        if not self._signed_in(camera, request):
            return
        status = faults.statuses.get(request.method)
        if status is not None:
            self._answer(request, status)
            return
        layer = re.split(r"[/?]", name[1])[0] if len(name) > 1 else "main"
        match request.method:
            case "OPTIONS" | "GET_PARAMETER":
                refused = faults.alive_refused and self._listener is not None
                self._answer(request, 454 if refused else 200, ("Public", _PUBLIC))
            case "DESCRIBE":
                self._describe(camera, request, layer)
            case "SETUP":
                self._set_up(camera, request, layer)
            case "PLAY":
                self._play(camera, request)
            case "TEARDOWN":
                self._stop()
                self._answer(request, 200)
            case _:
                self._answer(request, 501)

    def _signed_in(self, camera: Camera, request: Request) -> bool:
        if not camera.user:
            return True
        if request.method == "OPTIONS" and "options_401" not in camera.faults.odd:
            return True
        given = request.headers.get("Authorization")
        right = _is_right(camera, request.method, given) and not camera.faults.wrong_digest
        if request.method == "OPTIONS":
            right = False
        if right and camera.faults.stale:
            camera.nonce = secrets.token_hex(8)
        if right:
            return True
        if camera.algorithm == "basic":
            challenge = f'Basic realm="{camera.realm}"'
        else:
            algorithm = f", algorithm={camera.algorithm}" if camera.algorithm else ""
            qop = ', qop="auth,auth-int"' if camera.qop else ""
            stale = ", stale=TRUE" if camera.faults.stale and given else ""
            challenge = f'Digest realm="{camera.realm}", nonce="{camera.nonce}"{algorithm}{qop}{stale}'
        self._answer(request, 401, ("WWW-Authenticate", challenge))
        return False

    def _describe(self, camera: Camera, request: Request, layer: str) -> None:
        stream = camera.streams.get(layer)
        if stream is None:
            self._answer(request, 404)
            return
        faults = camera.faults
        if faults.redirect:
            self._answer(request, 302, ("Location", faults.redirect))
            return
        base = request.url + "/"
        if "lost_query" in faults.odd:
            base = request.url.partition("?")[0]
        if "foreign_base" in faults.odd:
            base = re.sub(r"//[^/]*/", "//192.168.1.64/", base)
        if "doubled_base" in faults.odd:
            base = "rtsp://" + base
        body = describe(stream.scene, faults, request.url, hears=camera.sound).encode()
        self._answer(request, 200, ("Content-Type", "application/sdp"), ("Content-Base", base), body=body)

    def _set_up(self, camera: Camera, request: Request, layer: str) -> None:
        track = 1 if request.url.endswith("trackID=1") else 0
        spec = request.headers.get("Transport")
        faults = camera.faults
        stream = camera.streams.get(layer)
        if stream is None or not request.url.endswith(f"trackID={track}"):
            self._answer(request, 404)
            return
        self._session = self._session or secrets.token_hex(6)
        ports = re.search(r"client_port=(\d+)-(\d+)", spec)
        if "TCP" in spec:
            if faults.no_tcp:
                self._answer(request, 461)
                return
            channels = re.search(r"interleaved=(\d+)-(\d+)", spec)
            first = (int(channels[1]) if channels else 0) + (4 if "own_channels" in faults.odd else 0)
            self._ways[track] = lambda packets: self._interleave(first, packets)
            answer = f"RTP/AVP/TCP;unicast;interleaved={first}-{first + 1};ssrc=1F"
        else:
            if faults.no_udp or ports is None:
                self._answer(request, 461)
                return
            way, port = self._open_udp(int(ports[1]))
            self._ways[track] = way
            answer = f"RTP/AVP;unicast;client_port={ports[1]}-{ports[2]};server_port={port}-{port + 1}"
        self._stream = stream
        session = f"{self._session};timeout={camera.timeout_s}"
        self._answer(request, 200, ("Transport", answer), ("Session", session))

    def _open_udp(self, to: int) -> tuple[Callable[[list[bytes]], None], int]:
        assert self._transport is not None
        host = self._transport.get_extra_info("sockname")[0]
        peer = self._transport.get_extra_info("peername")[0]
        sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sender.bind((host, 0))
        sender.setblocking(False)
        self._udp.append(sender)

        def send(packets: list[bytes]) -> None:
            for packet in packets:
                try:
                    sender.sendto(packet, (peer, to))
                except OSError:
                    pass

        return send, sender.getsockname()[1]

    def _play(self, camera: Camera, request: Request) -> None:
        if self._stream is None or not self._ways:
            self._answer(request, 454)
            return
        stamp = 1 if "bad_rtptime" in camera.faults.odd else 0
        info = f"url=trackID=0;seq=1;rtptime={stamp}" if stamp else f"url={request.url}/trackID=0"
        self._answer(request, 200, ("Session", self._session), ("Range", "npt=now-"), ("RTP-Info", info))
        camera.sessions += 1
        self._stop()
        hears = sound(camera.sound) if camera.sound else None
        self._listener = Listener(self._ways.get(0), self._ways.get(1), hears)
        self._stream.play(self._listener)

    def _stop(self) -> None:
        if self._stream is not None and self._listener is not None:
            self._stream.stop(self._listener)
        self._listener = None

    # --- out -------------------------------------------------------------------------------------------

    def _interleave(self, channel: int, packets: list[bytes]) -> None:
        assert self._transport is not None
        assert self._camera is not None
        if self._transport.is_closing() or self._transport.get_write_buffer_size() > _MOST_WAITING:
            return
        parts = [build_interleaved(channel, packet) for packet in packets]
        if self._camera.faults.stray:
            parts.append(stray_bytes())
        self._transport.write(b"".join(parts))

    def _answer(self, request: Request, status: int, *headers: tuple[str, str], body: bytes = b"") -> None:
        assert self._transport is not None
        odd = self._camera.faults.odd if self._camera is not None else frozenset()
        lines = [] if "no_cseq" in odd else [("CSeq", request.headers.get("CSeq"))]
        data = build_response(status, _WORDS.get(status, "Refused"), [*lines, *headers], body)
        if "bare_lines" in odd:
            head, gap, rest = data.partition(b"\r\n\r\n")
            data = (head + gap).replace(b"\r\n", b"\n") + rest
        self._transport.write(data)


def _is_right(camera: Camera, method: str, given: str) -> bool:
    """Whether an Authorization header shows the password (RFC 2617 §3.2.2)."""
    if camera.algorithm == "basic":
        return given == "Basic " + base64.b64encode(f"{camera.user}:{camera.password}".encode()).decode(
            "ascii"
        )
    found = re.findall(r'(\w+)=(?:"([^"]*)"|([^\s,]*))', given)
    values = {name: quoted or plain for name, quoted, plain in found}
    if values.get("nonce") != camera.nonce or values.get("realm") != camera.realm:
        return False

    def digest(text: str) -> str:
        if camera.algorithm == "SHA-256":
            return hashlib.sha256(text.encode()).hexdigest()
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    first = digest(f"{camera.user}:{camera.realm}:{camera.password}")
    second = digest(f"{method}:{values.get('uri', '')}")
    middle = camera.nonce
    if camera.qop:
        middle += f":{values.get('nc')}:{values.get('cnonce')}:{values.get('qop')}"
    return values.get("username") == camera.user and values.get("response") == digest(
        f"{first}:{middle}:{second}"
    )
