"""What seals the addresses and passwords of cameras (`cameras.key` in the data folder), and marks equal addresses.

With the key gone they cannot be read any more, and nothing in the database tells of them.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.cameras.addresses import same_address
from hub.cameras.catalog import Secret
from hub.errors import Refusal

_NONCE: Final = 12
#: Bytes of a mark: 300,000 addresses never share one by chance.
_MARK: Final = 16


class CameraKey:
    """The hub's key of cameras."""

    def __init__(self, key: bytes) -> None:
        self.raw = key
        self._cipher = AESGCM(self._derived("secrets"))
        self._marks = self._derived("marks")

    def _derived(self, what: str) -> bytes:
        return hmac.new(self.raw, b"lianxian cameras\0" + what.encode(), hashlib.sha256).digest()

    def seal(self, camera: str, secret: Secret) -> str:
        """A camera's secret, as it stands in the database."""
        nonce = os.urandom(_NONCE)
        plain = _plain(secret)
        return base64.b64encode(nonce + self._cipher.encrypt(nonce, plain, camera.encode())).decode()

    def open(self, camera: str, sealed: str) -> Secret:
        """Raises Refusal `unavailable` where it was sealed with another key, or for another camera."""
        try:
            raw = base64.b64decode(sealed)
            return Secret(**json.loads(self._cipher.decrypt(raw[:_NONCE], raw[_NONCE:], camera.encode())))
        except (binascii.Error, InvalidTag, ValueError, TypeError):
            raise Refusal("unavailable", "the key of the cameras is another one; see the operator") from None

    def mark(self, url: str) -> str:
        """The mark of an address: the same for the same one, and nothing can be read from it."""
        return hmac.new(self._marks, same_address(url).encode(), hashlib.sha256).digest()[:_MARK].hex()


def _plain(secret: Secret) -> bytes:
    fields = {name: getattr(secret, name) for name in ("main", "sub", "onvif", "user", "password")}
    return json.dumps(fields, ensure_ascii=True, separators=(",", ":")).encode()
