"""How what is personal or secret stands in the database: AES-256-GCM under keys that are derived from the hub's key files.

A box seals for one purpose, and each text for what it is about: elsewhere it does not open. With the key gone nothing opens.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES: Final = 12
#: Bytes of a mark: millions of persons or addresses never share one by chance.
MARK_BYTES: Final = 16


class Unsealable(Exception):
    """It was sealed with another key, for something else, or was changed since."""


def derived(key: bytes, room: str, what: str) -> bytes:
    """The key for one purpose (`what`) of one part of the hub (`room`)."""
    return hmac.digest(key, f"lianxian {room}\0{what}".encode(), "sha256")


class Box:
    """What seals and opens with one key."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, about: bytes, plain: bytes) -> str:
        """As it stands in the database: base64 of a nonce of its own and what was sealed."""
        nonce = os.urandom(NONCE_BYTES)
        return base64.b64encode(nonce + self._cipher.encrypt(nonce, plain, about)).decode()

    def open(self, about: bytes, sealed: str) -> bytes:
        """What `seal` sealed. Raises Unsealable."""
        try:
            raw = binascii.a2b_base64(sealed)
            return self._cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], about)
        except (binascii.Error, InvalidTag, ValueError):
            raise Unsealable from None


def mark(key: bytes, text: str) -> bytes:
    """The same for the same text; nothing can be read from it without the key."""
    return hmac.digest(key, text.encode(), "sha256")[:MARK_BYTES]
