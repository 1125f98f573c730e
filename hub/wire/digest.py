"""Signing in by challenge (RFC 2617, RFC 7616), with the challenges as cameras write them."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

#: Challenges that are looked at, and how long one may be.
MAX_CHALLENGES: Final = 8
MAX_CHALLENGE_CHARS: Final = 4096

_PARAMETER: Final = re.compile(r"""([A-Za-z][\w-]*)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"][^,"]*))""")
_SCHEME: Final = re.compile(r"(?:^|,)\s*(Digest|Basic)(?=\s|$)", re.IGNORECASE)
# Digest is built on MD5 in every camera; it guards nothing here but the camera's own door.
_HASHES: Final[dict[str, Callable[[bytes], str]]] = {
    "md5": lambda data: hashlib.md5(data, usedforsecurity=False).hexdigest(),
    "sha-256": lambda data: hashlib.sha256(data).hexdigest(),
}


class DigestError(ValueError):
    """No challenge here can be answered."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """One way in that a server offers. `scheme` is "digest" or "basic"; `algorithm` in lower case, with "-sess" kept.

    `quoted` says whether the algorithm came in quotes: some servers want it back the same way. `qop` lists what is offered.
    """

    scheme: str
    realm: str = ""
    nonce: str = ""
    opaque: str | None = None
    algorithm: str = "md5"
    named: bool = False
    qop: tuple[str, ...] = ()
    stale: bool = False


def parse_challenges(values: Iterable[str]) -> list[Challenge]:
    """The challenges of WWW-Authenticate headers, best first; what cannot be used is left out.

    Raises DigestError where there are none. Basic is among them only where nothing better is offered.
    """
    found: list[Challenge] = []
    for value in values:
        for scheme, text in _split(value[:MAX_CHALLENGE_CHARS]):
            challenge = _challenge(scheme, text)
            if challenge is not None:
                found.append(challenge)
            if len(found) >= MAX_CHALLENGES:
                break
    digests = [each for each in found if each.scheme == "digest"]
    usable = sorted(digests, key=lambda each: not each.algorithm.startswith("sha")) or found
    if not usable:
        raise DigestError("no challenge that can be answered")
    return usable


def _split(value: str) -> list[tuple[str, str]]:
    """The challenges of one header line: several may stand in it, with commas between (RFC 7235 §4.1)."""
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', lambda match: "x" * len(match[0]), value)
    places = list(_SCHEME.finditer(bare))
    ends = [*(place.start() for place in places[1:]), len(value)]
    return [(place[1].lower(), value[place.end() : end]) for place, end in zip(places, ends, strict=False)]


def _challenge(scheme: str, text: str) -> Challenge | None:
    values: dict[str, str] = {}
    for match in _PARAMETER.finditer(text):
        name, quoted, plain = match[1].lower(), match[2], match[3]
        values.setdefault(name, re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else plain.strip())
    realm = values.get("realm", "")
    if scheme == "basic":
        return Challenge("basic", realm)
    algorithm = values.get("algorithm", "").strip().lower()
    if (algorithm or "md5").removesuffix("-sess") not in _HASHES or "nonce" not in values:
        return None
    qop = tuple(word.strip().lower() for word in values.get("qop", "").split(",") if word.strip())
    if qop and not {"auth", "auth-int"} & set(qop):
        return None
    return Challenge(
        "digest",
        realm,
        values["nonce"],
        values.get("opaque"),
        algorithm or "md5",
        bool(algorithm),
        qop,
        values.get("stale", "").lower() == "true",
    )


class Authorizer:
    """Answers one challenge for any number of requests. `cnonce` gives a fresh random word."""

    def __init__(self, challenge: Challenge, user: str, password: str, cnonce: Callable[[], str]) -> None:
        self.challenge = challenge
        self._user = user
        self._password = password
        self._cnonce = cnonce
        self._count = 0

    def header(self, method: str, uri: str, body: bytes = b"") -> str:
        """The value of Authorization for this request. Raises DigestError for names that cannot be written."""
        challenge = self.challenge
        if any(ord(char) < 32 for char in self._user + self._password):
            raise DigestError("a control character in a name or password")
        if challenge.scheme == "basic":
            pair = f"{self._user}:{self._password}".encode()
            return "Basic " + base64.b64encode(pair).decode("ascii")
        return self._digest(challenge, method, uri, body)

    def _digest(self, challenge: Challenge, method: str, uri: str, body: bytes) -> str:
        hashed = _HASHES[challenge.algorithm.removesuffix("-sess")]

        def digest(text: str) -> str:
            return hashed(text.encode())

        qop = next((word for word in ("auth", "auth-int") if word in challenge.qop), "")
        cnonce = self._cnonce() if qop or challenge.algorithm.endswith("-sess") else ""
        first = digest(f"{self._user}:{challenge.realm}:{self._password}")
        if challenge.algorithm.endswith("-sess"):
            first = digest(f"{first}:{challenge.nonce}:{cnonce}")
        second = digest(f"{method}:{uri}" + (f":{hashed(body)}" if qop == "auth-int" else ""))
        self._count += 1
        count = f"{self._count:08x}"
        middle = f"{challenge.nonce}:{count}:{cnonce}:{qop}" if qop else challenge.nonce
        answer = digest(f"{first}:{middle}:{second}")
        parts = [
            f"username={_quoted(self._user)}",
            f"realm={_quoted(challenge.realm)}",
            f"nonce={_quoted(challenge.nonce)}",
            f"uri={_quoted(uri)}",
            f'response="{answer}"',
        ]
        if challenge.named:
            parts.append(f"algorithm={challenge.algorithm.upper()}")
        if qop:
            parts += [f"qop={qop}", f"nc={count}"]
        if cnonce:
            parts.append(f'cnonce="{cnonce}"')
        if challenge.opaque is not None:
            parts.append(f"opaque={_quoted(challenge.opaque)}")
        return "Digest " + ", ".join(parts)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
