"""What is asked of a camera by ONVIF: a few questions behind one seam. The library stands in this file and in `discovery`.

A device tells addresses of its own services and streams; nothing is dialled but the address that was checked, whatever it says.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import httpx
from onveef.aclient import AsyncOnvifClient
from onveef.exceptions import OnvifAuthError, OnvifCapabilityMissingError, OnvifError
from onveef.transport import OnvifCredentials, OnvifEndpoint

from hub.gateway.reach import Network, NotAllowed, resolve

#: How long a device may take to an answer; one that is to stop turning may not keep others waiting.
ANSWER_S: Final = 3.0
SNAPSHOT_S: Final = 6.0
MOST_SNAPSHOT_BYTES: Final = 4 << 20
MOST_ANSWER_BYTES: Final = 1 << 20
MOST_PROFILES: Final = 16
MOST_PRESETS: Final = 128
MOST_TOKEN: Final = 64
MOST_NAME: Final = 100
_PORTS: Final = {"http": 80, "https": 443}

log = logging.getLogger(__name__)


class OnvifProblem(Exception):
    """The device cannot be asked this. `reason`: credentials, not_offered, unreachable, malformed, not_allowed."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Profile:
    """One stream that a device offers: its URL (without a user), what it says of it, and whether it can be turned."""

    token: str
    name: str
    url: str
    codec: str
    width: int
    height: int
    turns: bool
    source: str = ""
    """Token of what it shows: the same for the streams of one lens, another for each camera of a recorder."""
    sound: bool = False


@dataclass(frozen=True, slots=True)
class Maker:
    """What a device says of itself; empty: it does not say."""

    maker: str = ""
    model: str = ""
    firmware: str = ""
    serial: str = ""


@dataclass(frozen=True, slots=True)
class Preset:
    """A direction that the device remembers."""

    token: str
    name: str


class Device(Protocol):
    """A camera as ONVIF has it. Everything raises OnvifProblem."""

    async def profiles(self) -> list[Profile]:
        """Its streams, the largest first."""

    async def maker(self) -> Maker:
        """Who made it; empty for a device that does not say."""

    async def snapshot(self, profile: str = "") -> bytes:
        """A picture of a stream, else of the first one, as the device gives it (mostly JPEG)."""

    async def move(self, pan: float, tilt: float, zoom: float, hold_s: float) -> None:
        """Turn on, at these speeds (-1 to 1), for at most so long."""

    async def stop(self) -> None:
        """Stand still."""

    async def presets(self) -> list[Preset]:
        """The directions it remembers."""

    async def recall(self, preset: str) -> None:
        """Turn to one of them."""

    async def remember(self, name: str, preset: str) -> str:
        """Remember where it looks now, in the place of this one or (empty) as a new one: its token."""

    async def forget(self, preset: str) -> None:
        """Remember one of them no more."""

    async def close(self) -> None:
        """Let go of the connection."""


async def open_device(url: str, user: str, password: str, networks: Sequence[Network]) -> Device:
    """The device whose service has this address (``http://host[:port]/path``). Raises OnvifProblem."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise OnvifProblem("malformed")
    try:
        port = parts.port or _PORTS[parts.scheme]
        # From here on the address that was checked stands for the name: it cannot come to mean another one.
        address = (await resolve(parts.hostname, port, networks))[0]
    except NotAllowed:
        raise OnvifProblem("not_allowed") from None
    except (OSError, ValueError):
        raise OnvifProblem("unreachable") from None
    host = f"[{address}]" if ":" in address else address
    return _Onveef(f"{parts.scheme}://{host}:{port}{parts.path or '/onvif/device_service'}", user, password)


class _Onveef:
    """A Device by the library `onveef`."""

    def __init__(self, url: str, user: str, password: str) -> None:
        self._credentials = (user, password)
        # No proxy of the machine, no redirect: what was checked is what is dialled.
        self._http = httpx.AsyncClient(
            timeout=ANSWER_S,
            trust_env=False,
            follow_redirects=False,
            verify=False,  # noqa: S501 (cameras sign for themselves)
        )
        self._client = AsyncOnvifClient(
            endpoint=OnvifEndpoint(url),
            credentials=OnvifCredentials(user, password),
            auto_discover=False,
            rewrite_host=True,
            timeout_s=ANSWER_S,
            retries=0,
            max_response_bytes=MOST_ANSWER_BYTES,
            http_client=self._http,
        )
        self._token: str | None = None

    async def profiles(self) -> list[Profile]:
        """Device: its streams."""
        found = []
        for told in (await self._told_profiles())[:MOST_PROFILES]:
            encoder = told.get("video_encoder") or {}
            token = str(told.get("token") or "")
            url = str(await _asked(self._client.get_stream_uri(profile_token=token)))
            if not url.lower().startswith("rtsp://"):
                continue
            found.append(
                Profile(
                    token,
                    str(told.get("name") or "")[:MOST_NAME],
                    _without_user(url),
                    str(encoder.get("encoding") or "").upper()[:16],
                    _whole(encoder.get("width")),
                    _whole(encoder.get("height")),
                    "ptz" in told,
                    str((told.get("video_source") or {}).get("source_token") or "")[:MOST_TOKEN],
                    "audio_encoder" in told,
                )
            )
        return sorted(found, key=lambda each: -each.width * each.height)

    async def maker(self) -> Maker:
        """Device: who made it. Some tell that to their administrators alone."""
        try:
            told = await _asked(self._client.get_device_information())
        except OnvifProblem:
            return Maker()
        names = ("Manufacturer", "Model", "FirmwareVersion", "SerialNumber")
        return Maker(*(str(told.get(name) or "")[:MOST_NAME] for name in names))

    async def snapshot(self, profile: str = "") -> bytes:
        """Device: a picture. The library's own way of fetching it would keep the whole process waiting."""
        token = profile or await self._profile()
        await self._know_services()
        url = await _asked(self._client.get_snapshot_uri(profile_token=token))
        user, password = self._credentials
        try:
            # The library has put the checked address into it.
            for auth in (httpx.DigestAuth(user, password), httpx.BasicAuth(user, password)):
                data = bytearray()
                async with self._http.stream("GET", str(url), auth=auth, timeout=SNAPSHOT_S) as answer:
                    if answer.status_code == 401:
                        continue
                    if answer.status_code != 200:
                        raise OnvifProblem("not_offered")
                    async for part in answer.aiter_bytes():
                        data += part
                        if len(data) > MOST_SNAPSHOT_BYTES:
                            raise OnvifProblem("malformed")
                return bytes(data)
        except (httpx.HTTPError, httpx.InvalidURL):
            raise OnvifProblem("unreachable") from None
        raise OnvifProblem("credentials")

    async def move(self, pan: float, tilt: float, zoom: float, hold_s: float) -> None:
        """Device: turn. The device is told the longest time, too, should the line go."""
        token = await self._profile(turning=True)
        turns = bool(pan or tilt)
        await _asked(
            self._client.ptz_continuous_move(
                profile_token=token,
                pan=pan if turns else None,
                tilt=tilt if turns else None,
                zoom=zoom or None,
                timeout=f"PT{hold_s:g}S",
            )
        )

    async def stop(self) -> None:
        """Device: stand still."""
        await _asked(self._client.ptz_stop(profile_token=await self._profile(turning=True)))

    async def presets(self) -> list[Preset]:
        """Device: the directions it remembers."""
        told = await _asked(self._client.ptz_get_presets(profile_token=await self._profile(turning=True)))
        return [
            Preset(str(each["token"]), str(each.get("name") or each["token"])[:MOST_NAME])
            for each in told[:MOST_PRESETS]
            if each.get("token") and len(str(each["token"])) <= MOST_TOKEN
        ]

    async def recall(self, preset: str) -> None:
        """Device: turn to one of them."""
        token = await self._profile(turning=True)
        await _asked(self._client.ptz_goto_preset(profile_token=token, preset_token=preset))

    async def remember(self, name: str, preset: str) -> str:
        """Device: remember this direction. One that cannot take the name (many know ASCII alone) is asked without."""
        token = await self._profile(turning=True)
        for called in dict.fromkeys((name, "")):
            try:
                made = await _asked(
                    self._client.ptz_set_preset(profile_token=token, preset_name=called, preset_token=preset)
                )
                break
            except OnvifProblem as problem:
                if problem.reason not in ("malformed", "not_offered") or not called:
                    raise
        if not made or len(made) > MOST_TOKEN:
            raise OnvifProblem("malformed")
        return str(made)

    async def forget(self, preset: str) -> None:
        """Device: remember one of them no more."""
        token = await self._profile(turning=True)
        await _asked(self._client.ptz_remove_preset(profile_token=token, preset_token=preset))

    async def close(self) -> None:
        """Device: let go."""
        await self._http.aclose()

    async def _told_profiles(self) -> Any:
        """All profiles, as the library has them."""
        await self._know_services()
        return await _asked(self._client.get_profiles())

    async def _know_services(self) -> None:
        """The library's own search for services would keep the reason of a failure to itself."""
        if not self._client.endpoint.services:
            services = await _asked(self._client.discover_services())
            self._client.set_endpoint(OnvifEndpoint(self._client.endpoint.device_xaddr, dict(services)))

    async def _profile(self, *, turning: bool = False) -> str:
        """The profile that is asked about: the first one that can be turned, where that is wanted."""
        if self._token is None:
            told = await self._told_profiles()
            best = next((each for each in told if "ptz" in each), None)
            if best is None and turning:
                raise OnvifProblem("not_offered")
            chosen = best or next(iter(told), None)
            if chosen is None:
                raise OnvifProblem("not_offered")
            self._token = str(chosen.get("token") or "")
        return self._token


async def _asked(question: Any) -> Any:
    """The answer, with the library's errors as ours; their texts may hold addresses, and go nowhere."""
    try:
        return await question
    except OnvifAuthError:
        raise OnvifProblem("credentials") from None
    except OnvifCapabilityMissingError:
        raise OnvifProblem("not_offered") from None
    except OnvifError as problem:
        log.debug("a device answered with %s", type(problem).__name__)
        word = "not_offered" if "NotSupported" in type(problem).__name__ else "unreachable"
        raise OnvifProblem("malformed" if "Fault" in type(problem).__name__ else word) from None
    except (httpx.HTTPError, httpx.InvalidURL):
        raise OnvifProblem("unreachable") from None


def _without_user(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _whole(told: Any) -> int:
    try:
        return min(max(int(told), 0), 16_384)
    except (TypeError, ValueError):
        return 0
