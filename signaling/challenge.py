"""Between password and code: a short-lived word that says who has given the right password. The hub keeps nothing of it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Final

#: How long a person has to read a code off his phone.
LIFETIME: Final = timedelta(minutes=5)
MAX_LENGTH: Final = 512


class SecondFactorAsked(Exception):
    """The password is right; a code is wanted, too, with this word."""

    def __init__(self, challenge: str, expires_at: datetime) -> None:
        super().__init__("a code is wanted, too")
        self.challenge = challenge
        self.expires_at = expires_at


class Challenges:
    """Makes and reads such words. `key` are 16 or more secret bytes that all processes of the hub share."""

    def __init__(self, key: bytes) -> None:
        self._key = hashlib.sha256(b"lianxian second step\0" + key).digest()

    def ask(self, account: str, password_mark: str, now: datetime) -> SecondFactorAsked:
        """Ask for the code of this account; with another password than this the word is worth nothing."""
        expires_at = now + LIFETIME
        body = json.dumps([account, self._mark(password_mark), int(expires_at.timestamp())]).encode()
        word = base64.urlsafe_b64encode(body + self._mac(body)).decode()
        return SecondFactorAsked(word, datetime.fromtimestamp(int(expires_at.timestamp()), UTC))

    def account(self, challenge: str, now: datetime) -> str | None:
        """Whose word this is; None for one that is none, or no more."""
        found = self._read(challenge)
        return found[0] if found is not None and now.timestamp() < found[2] else None

    def fits(self, challenge: str, password_mark: str) -> bool:
        """Whether the password is still that with which the word was given out."""
        found = self._read(challenge)
        return found is not None and hmac.compare_digest(found[1], self._mark(password_mark))

    def _read(self, challenge: str) -> tuple[str, str, int] | None:
        if len(challenge) > MAX_LENGTH:
            return None
        try:
            raw = base64.b64decode(challenge.encode("ascii"), b"-_", validate=True)
        except (UnicodeEncodeError, binascii.Error):
            return None
        body, mac = raw[:-32], raw[-32:]
        if not hmac.compare_digest(mac, self._mac(body)):
            return None
        account, mark, until = json.loads(body)
        return account, mark, until

    def _mark(self, password_mark: str) -> str:
        return hmac.digest(self._key, b"mark\0" + password_mark.encode(), "sha256")[:9].hex()

    def _mac(self, body: bytes) -> bytes:
        return hmac.digest(self._key, b"word\0" + body, "sha256")
