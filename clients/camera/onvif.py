"""The ONVIF side of cameras that are none: device, media and PTZ services, and the answer to a call into the network."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
import re
import socket
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, cast
from xml.sax.saxutils import escape, unescape

from aiohttp import web

if TYPE_CHECKING:
    from clients.camera.server import Camera

_ENVELOPE: Final = (
    '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
    'xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:tds="http://www.onvif.org/ver10/device/wsdl" '
    'xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:tptz="http://www.onvif.org/ver20/ptz/wsdl">'
    "<s:Body>{}</s:Body></s:Envelope>"
)
_FAULT: Final = (
    '<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value xmlns:ter="http://www.onvif.org/ver10/error">'
    "ter:{}</s:Value></s:Subcode></s:Code><s:Reason><s:Text>{}</s:Text></s:Reason></s:Fault>"
)
_NAMES: Final = {"tds": "device", "trt": "media", "tptz": "ptz"}
_DISCOVERY: Final = ("239.255.255.250", 3702)
_MATCH: Final = (
    '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
    'xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" '
    'xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl">'
    "<s:Body><d:ProbeMatches>{}</d:ProbeMatches></s:Body></s:Envelope>"
)


class OnvifServer:
    """ONVIF for cameras behind one port: the device service of a camera is ``http://host:port/NAME/onvif``."""

    def __init__(self, cameras: Mapping[str, Camera], rtsp: str) -> None:
        """`rtsp` is where their streams are: ``rtsp://host:port``."""
        self.cameras = cameras
        self.host = ""
        self.port = 0
        self.hung = False
        """Whether nothing is answered any more, though connections are taken."""
        self._rtsp = rtsp
        self._runner: web.AppRunner | None = None
        self._questions: asyncio.DatagramTransport | None = None
        self._call: asyncio.DatagramTransport | None = None

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen. Raises OSError."""
        app = web.Application(client_max_size=64 << 10)
        app.router.add_post("/{camera}/onvif", self._asked)
        app.router.add_get("/{camera}/picture.jpg", self._picture)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        self.host, self.port = host, self._runner.addresses[0][1]

    async def answer_calls(self) -> None:
        """Answer calls into the network, on the interface of this server. Raises OSError."""
        listening = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(_DISCOVERY)
        group = socket.inet_aton(_DISCOVERY[0]) + socket.inet_aton(self.host)
        listening.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group)
        listening.setblocking(False)
        loop = asyncio.get_running_loop()
        self._call, _ = await loop.create_datagram_endpoint(lambda: _Calls(self), sock=listening)

    async def answer_questions(self, port: int = 0) -> int:
        """Answer who asks this address alone, at this port; which it is. Raises OSError."""
        loop = asyncio.get_running_loop()
        self._questions, _ = await loop.create_datagram_endpoint(
            lambda: _Calls(self), local_addr=(self.host, port)
        )
        return int(self._questions.get_extra_info("sockname")[1])

    async def close(self) -> None:
        """Stop listening."""
        for listening in (self._call, self._questions):
            if listening is not None:
                listening.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def url(self, name: str) -> str:
        """The device service of a camera."""
        return f"http://{self.host}:{self.port}/{name}/onvif"

    def matches(self) -> bytes:
        """What is answered to a call."""
        found = "".join(
            f"<d:ProbeMatch><a:EndpointReference><a:Address>urn:uuid:{escape(name)}</a:Address></a:EndpointReference>"
            "<d:Types>dn:NetworkVideoTransmitter</d:Types>"
            f"<d:Scopes>onvif://www.onvif.org/name/{escape(name)} onvif://www.onvif.org/hardware/DEMO-720</d:Scopes>"
            f"<d:XAddrs>{self.url(name)}</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch>"
            for name, camera in self.cameras.items()
            if camera.turntable is not None
        )
        return _MATCH.format(found).encode()

    # --- questions -------------------------------------------------------------------------------------

    async def _asked(self, request: web.Request) -> web.Response:
        camera = self.cameras.get(request.match_info["camera"])
        if camera is None:
            raise web.HTTPNotFound
        if self.hung:
            await asyncio.sleep(3600)
        text = await request.text()
        body = re.search(r"<(?:\w+:)?Body[^>]*>\s*<(?:\w+:)?(\w+)", text)
        operation = body[1] if body is not None else ""
        if operation != "GetSystemDateAndTime" and not _is_known(camera, text):
            return _answer(_FAULT.format("NotAuthorized", "Sender not Authorized"), 400)
        answer = self._answer(camera, operation, text)
        return (
            _answer(answer)
            if answer
            else _answer(_FAULT.format("ActionNotSupported", "Not Implemented"), 400)
        )

    def _answer(self, camera: Camera, operation: str, text: str) -> str:
        now, table = time.monotonic(), camera.turntable
        layer = "sub" if "sub" in _value(text, "ProfileToken") else "main"
        match operation:
            case "GetSystemDateAndTime":
                at = time.gmtime()
                clock = _numbers(Hour=at.tm_hour, Minute=at.tm_min, Second=at.tm_sec)
                day = _numbers(Year=at.tm_year, Month=at.tm_mon, Day=at.tm_mday)
                moment = f"<tt:Time>{clock}</tt:Time><tt:Date>{day}</tt:Date>"
                inside = f"<tds:SystemDateAndTime><tt:UTCDateTime>{moment}</tt:UTCDateTime></tds:SystemDateAndTime>"
                return f"<tds:GetSystemDateAndTimeResponse>{inside}</tds:GetSystemDateAndTimeResponse>"
            case "GetServices":
                # As behind many a router: the device names an address that nobody else can reach.
                url = f"http://192.0.2.1/{camera.name}/onvif"
                versions = "<tds:Version><tt:Major>2</tt:Major><tt:Minor>60</tt:Minor></tds:Version>"
                names = [("10", "device"), ("10", "media"), *([("20", "ptz")] if table is not None else [])]
                services = "".join(
                    f"<tds:Service><tds:Namespace>http://www.onvif.org/ver{version}/{name}/wsdl</tds:Namespace>"
                    f"<tds:XAddr>{url}</tds:XAddr>{versions}</tds:Service>"
                    for version, name in names
                )
                return f"<tds:GetServicesResponse>{services}</tds:GetServicesResponse>"
            case "GetDeviceInformation":
                told = {"Manufacturer": "连线演示", "Model": "DEMO-720", "FirmwareVersion": "1.0"}
                inside = "".join(f"<tds:{name}>{value}</tds:{name}>" for name, value in told.items())
                return f"<tds:GetDeviceInformationResponse>{inside}</tds:GetDeviceInformationResponse>"
            case "GetProfiles":
                return f"<trt:GetProfilesResponse>{_profiles(camera)}</trt:GetProfilesResponse>"
            case "GetStreamUri":
                uri = f"{self._rtsp}/{camera.name}/{layer}"
                inside = f"<trt:MediaUri><tt:Uri>{uri}</tt:Uri></trt:MediaUri>"
                return f"<trt:GetStreamUriResponse>{inside}</trt:GetStreamUriResponse>"
            case "GetSnapshotUri":
                uri = f"http://192.0.2.1/{camera.name}/picture.jpg"
                inside = f"<trt:MediaUri><tt:Uri>{uri}</tt:Uri></trt:MediaUri>"
                return f"<trt:GetSnapshotUriResponse>{inside}</trt:GetSnapshotUriResponse>"
        if table is None:
            return ""
        match operation:
            case "ContinuousMove":
                pan, tilt = (_number(text, "PanTilt", name) for name in ("x", "y"))
                hold = re.search(r"<(?:\w+:)?Timeout>PT([\d.]+)S", text)
                table.move((pan, tilt, _number(text, "Zoom", "x")), float(hold[1]) if hold else 10.0, now)
            case "Stop":
                table.stop(now)
            case "GetPresets":
                presets = "".join(
                    f'<tptz:Preset token="{token}"><tt:Name>{escape(name)}</tt:Name></tptz:Preset>'
                    for token, (name, _) in table.presets.items()
                )
                return f"<tptz:GetPresetsResponse>{presets}</tptz:GetPresetsResponse>"
            case "SetPreset":
                name, token = unescape(_value(text, "PresetName")), _value(text, "PresetToken")
                if not (made := table.remember(name, token, now)):
                    return ""
                inside = f"<tptz:PresetToken>{made}</tptz:PresetToken>"
                return f"<tptz:SetPresetResponse>{inside}</tptz:SetPresetResponse>"
            case "RemovePreset":
                if table.presets.pop(_value(text, "PresetToken"), None) is None:
                    return ""
            case "GotoPreset":
                if not table.recall(_value(text, "PresetToken"), now):
                    return ""
            case _:
                return ""
        return f"<tptz:{operation}Response/>"

    async def _picture(self, request: web.Request) -> web.Response:
        camera = self.cameras.get(request.match_info["camera"])
        if camera is None:
            raise web.HTTPNotFound
        right = base64.b64encode(f"{camera.user}:{camera.password}".encode()).decode("ascii")
        if camera.user and request.headers.get("Authorization") != f"Basic {right}":
            return web.Response(status=401, headers={"WWW-Authenticate": f'Basic realm="{camera.realm}"'})
        jpeg = io.BytesIO()
        camera.main.draw(int(time.time() * camera.main.fps)).save(jpeg, "JPEG", quality=80)
        return web.Response(body=jpeg.getvalue(), content_type="image/jpeg")


class _Calls(asyncio.DatagramProtocol):
    """Calls into the network."""

    def __init__(self, server: OnvifServer) -> None:
        self._server = server
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if b"Probe" in data and self._transport is not None:
            self._transport.sendto(self._server.matches(), addr)


def _profiles(camera: Camera) -> str:
    found = []
    turning = '<tt:PTZConfiguration token="ptz"><tt:Name>ptz</tt:Name><tt:NodeToken>n</tt:NodeToken></tt:PTZConfiguration>'
    for name, stream in camera.streams.items():
        scene = stream.scene
        size = f"<tt:Width>{scene.width}</tt:Width><tt:Height>{scene.height}</tt:Height>"
        found.append(
            f'<trt:Profiles token="{name}" fixed="true"><tt:Name>{name}</tt:Name>'
            '<tt:VideoSourceConfiguration token="lens"><tt:Name>lens</tt:Name>'
            "<tt:SourceToken>lens</tt:SourceToken></tt:VideoSourceConfiguration>"
            f'<tt:VideoEncoderConfiguration token="{name}"><tt:Name>{name}</tt:Name>'
            f"<tt:Encoding>{scene.codec.upper()}</tt:Encoding><tt:Resolution>{size}</tt:Resolution>"
            f"</tt:VideoEncoderConfiguration>{turning if camera.turntable is not None else ''}</trt:Profiles>"
        )
    return "".join(found)


def _is_known(camera: Camera, text: str) -> bool:
    """Whether the UsernameToken is right (WSS 1.0 UsernameToken profile: a digest of nonce, time and password)."""
    if not camera.user:
        return True
    values = {name: _value(text, name) for name in ("Username", "Password", "Nonce", "Created")}
    try:
        nonce = base64.b64decode(values["Nonce"])
    except ValueError:
        return False
    digest = hashlib.sha1(
        nonce + values["Created"].encode() + camera.password.encode(), usedforsecurity=False
    ).digest()
    return values["Username"] == camera.user and values["Password"] == base64.b64encode(digest).decode(
        "ascii"
    )


def _numbers(**values: int) -> str:
    return "".join(f"<tt:{name}>{value}</tt:{name}>" for name, value in values.items())


def _value(text: str, name: str) -> str:
    match = re.search(rf"<(?:\w+:)?{name}(?:\s[^>]*)?>([^<]*)<", text)
    return match[1].strip() if match is not None else ""


def _number(text: str, name: str, attribute: str) -> float:
    match = re.search(rf'<(?:\w+:)?{name}\s[^>]*\b{attribute}="(-?[\d.eE+-]+)"', text)
    return float(match[1]) if match is not None else 0.0


def _answer(body: str, status: int = 200) -> web.Response:
    return web.Response(text=_ENVELOPE.format(body), status=status, content_type="application/soap+xml")
