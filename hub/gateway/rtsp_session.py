"""One conversation with a camera (RFC 2326) without sockets: messages and time in, bytes to send and events out.

OPTIONS, DESCRIBE, SETUP of each wanted track, PLAY, keep-alive, TEARDOWN, each signed in where the camera asks for it. What a
camera does wrong without harm is passed over; what ends the conversation is one `Failed` with a word of `REASONS`.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

from hub.wire.digest import Authorizer, DigestError, parse_challenges
from hub.wire.rtsp import Request, Response, RtspError, build_request, build_response
from hub.wire.sdp_rtsp import Description, DescriptionError, Track, base_url, parse_description, repaired

#: Why a conversation ended. The first row is the camera's word, the second ours, the third the line's.
REASONS: Final = frozenset(
    {
        *("credentials", "forbidden", "no_stream", "busy", "refused", "transport", "moved"),
        *("malformed", "no_video", "not_allowed", "scheme"),
        *("unreachable", "timeout", "silent", "closed"),
    }
)
#: How long an answer may take, and of a keep-alive's time-out how much may pass before the next one.
ANSWER_S: Final = 5.0
#: A camera that is just coming up may take a connection and lose what is said first: that is said again after this.
AGAIN_S: Final = 1.0
KEEP_ALIVE: Final = 0.4
#: A session's time-out without a word of the camera (RFC 2326 §12.37), and what is believed of one.
_TIMEOUT_S: Final = 60.0
_TIMEOUTS_S: Final = (5.0, 600.0)
#: Requests of one conversation that may be asked for a sign-in in a row.
_SIGN_INS: Final = 2
_AGENT: Final = ("User-Agent", "Lianxian")

Transport = Literal["tcp", "udp"]


@dataclass(frozen=True, slots=True)
class Described:
    """The camera told what it has."""

    description: Description


@dataclass(frozen=True, slots=True)
class Placed:
    """A track will come: by `channel` inside the connection, or over UDP from `server_ports` (0, 0 where not told)."""

    track: Track
    channel: int | None
    server_ports: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Playing:
    """Everything is asked for; packets come from now on."""


@dataclass(frozen=True, slots=True)
class Moved:
    """The camera sends us elsewhere; whether one may go there is for others to decide."""

    url: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The conversation is over. `reason` is one of REASONS."""

    reason: str
    said: str = ""


Event = Described | Placed | Playing | Moved | Failed


@dataclass(slots=True)
class _Asked:
    """A request whose answer is not there yet."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    at: float
    signed: int = 0
    track: Track | None = None


@dataclass(slots=True)
class Session:
    """The state machine. `url` has no user in it; `ports` gives a free pair of UDP ports for a track, or None for none.

    `out` collects bytes to send, `events` what happened; whoever drives it empties both after each call.
    """

    url: str
    user: str
    password: str
    transport: Transport
    wants: Callable[[Description], list[Track]]
    ports: Callable[[Track], tuple[int, int] | None] = lambda track: None
    cnonce: Callable[[], str] = lambda: secrets.token_hex(8)
    out: list[bytes] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    playing: bool = False
    ended: bool = False
    _cseq: int = 0
    _asked: dict[int, _Asked] = field(default_factory=dict)
    _authorizer: Authorizer | None = None
    _session: str = ""
    _timeout_s: float = _TIMEOUT_S
    _control: str = ""
    _tracks: list[Track] = field(default_factory=list)
    _channel: int = 0
    _alive_by: str = "OPTIONS"
    _alive_at: float = 0.0

    def begin(self, now: float) -> None:
        """Connected: ask what the camera understands."""
        self._control = self.url
        self._ask("OPTIONS", self.url, now)

    def receive(self, message: Response | Request, now: float) -> None:
        """A message came."""
        if self.ended:
            return
        try:
            if isinstance(message, Response):
                self._answered(message, now)
            else:
                self._asked_us(message)
        except RtspError as problem:
            self._fail("malformed", str(problem))
        except DigestError as problem:
            self._fail("credentials", str(problem))

    def tick(self, now: float) -> None:
        """Time has passed: keep the session alive, give up on answers."""
        if self.ended:
            return
        if self.playing:
            for number in [number for number, asked in self._asked.items() if now - asked.at > ANSWER_S]:
                del self._asked[number]  # a camera that plays may leave a keep-alive unanswered
            if now >= self._alive_at:
                self._alive_at = now + KEEP_ALIVE * self._timeout_s
                self._ask(self._alive_by, self._control, now)
        elif any(now - asked.at > ANSWER_S for asked in self._asked.values()):
            self._fail("timeout")
        elif self._asked and all(
            asked.method == "OPTIONS" and now - asked.at > AGAIN_S for asked in self._asked.values()
        ):
            self._ask("OPTIONS", self.url, now)

    def end(self, now: float) -> None:
        """Nobody watches any more: say so, and wait for nothing."""
        if not self.ended and self._session:
            self._ask("TEARDOWN", self._control, now)
        self.ended = True

    # --- asking ----------------------------------------------------------------------------------------

    def _ask(
        self,
        method: str,
        url: str,
        now: float,
        *headers: tuple[str, str],
        track: Track | None = None,
        signed: int = 0,
    ) -> None:
        self._cseq += 1
        lines = [("CSeq", str(self._cseq)), _AGENT, *headers]
        if self._session:
            lines.append(("Session", self._session))
        if self._authorizer is not None:
            lines.append(("Authorization", self._authorizer.header(method, url)))
        self._asked[self._cseq] = _Asked(method, url, headers, now, signed, track)
        self.out.append(build_request(method, url, lines))

    def _asked_us(self, request: Request) -> None:
        """Some cameras ask back; one that moves says so in mid-stream (§10.10)."""
        cseq = request.headers.get("CSeq")
        if request.method == "REDIRECT":
            self._move(request.headers.get("Location"))
            return
        known = request.method in ("OPTIONS", "GET_PARAMETER", "SET_PARAMETER", "ANNOUNCE")
        status, reason = (200, "OK") if known else (501, "Not Implemented")
        self.out.append(build_response(status, reason, [("CSeq", cseq[:32])]))

    # --- answers ---------------------------------------------------------------------------------------

    def _answered(self, response: Response, now: float) -> None:
        asked = self._asked_for(response.cseq)
        if asked is None or response.status < 200:
            return
        if response.status == 401 and self._sign_in(response, asked, now):
            return
        if asked.method == "TEARDOWN" or (self.playing and asked.method != "PLAY"):
            self._learn(response)
            return  # no answer to a keep-alive is a reason to end what plays
        if 300 <= response.status < 400 and response.headers.get("Location"):
            self._move(response.headers.get("Location"))
        elif asked.method == "OPTIONS":
            self._options(response, now)
        elif response.status >= 300:
            self._refused(response)
        elif asked.method == "DESCRIBE":
            self._described(response, asked, now)
        elif asked.method == "SETUP":
            self._placed(response, asked, now)
        elif asked.method == "PLAY":
            self.playing = True
            self._alive_at = now + KEEP_ALIVE * self._timeout_s
            self.events.append(Playing())

    def _asked_for(self, cseq: int | None) -> _Asked | None:
        """The request an answer belongs to; one without a number answers the oldest."""
        if cseq is None and self._asked:
            cseq = next(iter(self._asked))
        return self._asked.pop(cseq, None) if cseq is not None else None

    def _sign_in(self, response: Response, asked: _Asked, now: float) -> bool:
        """Answer a challenge; False where that was done already, and in vain. Cameras lock out who tries often."""
        if not (self.user or self.password):
            return False
        challenges = parse_challenges(response.headers.all("WWW-Authenticate"))
        if asked.signed > 0 and not challenges[0].stale and len(challenges) < 2:
            return False
        if asked.signed >= _SIGN_INS:
            return False
        # A second way in is tried where the first was no good: some offer an algorithm that they cannot do.
        chosen = challenges[0 if challenges[0].stale else min(asked.signed, len(challenges) - 1)]
        self._authorizer = Authorizer(chosen, self.user, self.password, self.cnonce)
        if asked.method == "OPTIONS" and not self.playing:
            return False  # some never let anybody in here, and everybody there
        self._ask(asked.method, asked.url, now, *asked.headers, track=asked.track, signed=asked.signed + 1)
        return True

    def _options(self, response: Response, now: float) -> None:
        """Whatever the answer, the description is asked for; once, however often this was asked."""
        self._learn(response)
        self._asked.clear()
        self._ask("DESCRIBE", self.url, now, ("Accept", "application/sdp"))

    def _learn(self, response: Response) -> None:
        if "GET_PARAMETER" in response.headers.get("Public").upper():
            self._alive_by = "GET_PARAMETER"

    def _described(self, response: Response, asked: _Asked, now: float) -> None:
        headers = response.headers
        base = base_url(asked.url, headers.get("Content-Base"), headers.get("Content-Location"))
        try:
            description = parse_description(response.body.decode("utf-8", "replace"), base)
        except DescriptionError as problem:
            self._fail("malformed", str(problem))
            return
        self._control = description.control
        self.events.append(Described(description))
        self._tracks = self.wants(description)
        if not self._tracks:
            self._fail("no_video")
            return
        self._set_up(now)

    def _set_up(self, now: float) -> None:
        """The next track that has no place yet; PLAY after the last one."""
        if not self._tracks:
            self._ask("PLAY", self._control, now, ("Range", "npt=0.000-"))
            return
        track = self._tracks.pop(0)
        if self.transport == "udp":
            ports = self.ports(track)
            if ports is None:
                self._fail("transport", "no UDP ports")
                return
            spec = f"RTP/AVP;unicast;client_port={ports[0]}-{ports[1]}"
        else:
            spec = f"RTP/AVP/TCP;unicast;interleaved={self._channel}-{self._channel + 1}"
            self._channel += 2
        self._ask("SETUP", track.control, now, ("Transport", spec), track=track)

    def _placed(self, response: Response, asked: _Asked, now: float) -> None:
        session, *parameters = response.headers.get("Session").split(";")
        self._session = session.strip()[:256] or self._session
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "timeout" and re.fullmatch(r"\s*\d{1,6}\s*", value):
                self._timeout_s = min(max(float(value), _TIMEOUTS_S[0]), _TIMEOUTS_S[1])
        spec = response.headers.get("Transport")
        assert asked.track is not None
        if self.transport == "udp":
            if "interleaved=" in spec:
                self._fail("transport", "interleaved instead of UDP")
                return
            self.events.append(Placed(asked.track, None, _pair(spec, "server_port") or (0, 0)))
        else:
            if "client_port=" in spec and "interleaved=" not in spec:
                self._fail("transport", "UDP instead of interleaved")
                return
            channels = _pair(spec, "interleaved") or (self._channel - 2, self._channel - 1)
            self.events.append(Placed(asked.track, channels[0] & 0xFF))
        self._set_up(now)

    def _refused(self, response: Response) -> None:
        reasons = {
            401: "credentials",
            403: "forbidden",
            404: "no_stream",
            453: "busy",
            461: "transport",
            503: "busy",
        }
        self._fail(
            reasons.get(response.status, "refused"), f"{response.status} {response.reason}".strip()[:80]
        )

    def _move(self, location: str) -> None:
        url = repaired(location)
        self.ended = True
        if url.lower().startswith("rtsp://"):
            self.events.append(Moved(url))
        else:
            self.events.append(Failed("scheme", "moved to what is no rtsp:// URL"))

    def _fail(self, reason: str, said: str = "") -> None:
        if not self.ended:
            self.ended = True
            self.events.append(Failed(reason, said))


def _pair(spec: str, name: str) -> tuple[int, int] | None:
    """Two numbers of a Transport header; the second is made where it is missing."""
    match = re.search(rf"{name}=(\d{{1,5}})(?:-(\d{{1,5}}))?", spec)
    if match is None:
        return None
    first = int(match[1])
    second = int(match[2]) if match[2] else first + 1
    return (first, second) if max(first, second) <= 0xFFFF else None
