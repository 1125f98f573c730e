"""Known devices: a browser in which a name signed in before is not slowed by others who guess at that name.

The cookie is a random number and, for each of the last names that signed in there, a MAC over number and name (the idea of
OWASP's "device cookies"). The hub keeps nothing but its key. Such a cookie signs nobody in: with it failures are counted
for that device alone, and its tries do not wait behind those of strangers.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from typing import Final

#: Names remembered in one browser: a township's computer has a handful of users.
MAX_NAMES: Final = 8
_FORM: Final = re.compile(rf"([A-Za-z0-9_-]{{22}})((?:\.[A-Za-z0-9_-]{{22}}){{1,{MAX_NAMES}}})", re.ASCII)


class Devices:
    """Makes and reads the cookie. `key` are 16 or more secret bytes that outlive a restart."""

    def __init__(self, key: bytes) -> None:
        self._key = hashlib.sha256(b"lianxian known devices\0" + key).digest()

    def known(self, cookie: str | None, username: str) -> str | None:
        """The number of the device if this name signed in there before."""
        number, marks = self._parts(cookie)
        mark = self._mark(number, username)
        known = [each for each in marks if hmac.compare_digest(each, mark)]
        return number if known else None

    def remember(self, cookie: str | None, username: str) -> str:
        """The cookie for a device at which this name has just signed in; of others there the newest stay known."""
        number, marks = self._parts(cookie)
        if not marks:
            number = secrets.token_urlsafe(16)
        mark = self._mark(number, username)
        kept = [mark, *(each for each in marks if each != mark)][:MAX_NAMES]
        return ".".join([number, *kept])

    def _parts(self, cookie: str | None) -> tuple[str, list[str]]:
        found = _FORM.fullmatch(cookie or "")
        return (found[1], found[2][1:].split(".")) if found is not None else ("", [])

    def _mark(self, number: str, username: str) -> str:
        text = f"{number}\0{username}".encode()
        digest = hmac.digest(self._key, text, "sha256")[:16]
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
