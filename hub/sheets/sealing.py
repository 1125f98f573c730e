"""Keys of lists of people: what seals their rows, what marks a person, and what commits to them without telling of them.

Each list has a key of its own, which stands in the database sealed under the hub's (`lists.key` in the data folder). With a
list's key all that was sealed by it is gone.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.errors import Refusal
from hub.sealing import NONCE_BYTES, Box, Unsealable, derived, mark

KEY_BYTES: Final = 32
_CHANGED: Final = "a row of the list was changed past the hub"


def _derived(key: bytes, what: str) -> bytes:
    return derived(key, "lists", what)


class HubKey:
    """The hub's key of lists: seals the lists' own keys, and marks people across lists."""

    def __init__(self, key: bytes) -> None:
        self._box = Box(_derived(key, "keys"))
        self.marks = _derived(key, "marks")

    def seal(self, clearing: str, key: bytes) -> str:
        """A list's key, as it stands in the database."""
        return self._box.seal(clearing.encode(), key)

    def open(self, clearing: str, sealed: str) -> ListKey:
        """Raises Refusal `unavailable` where the hub's key is not that with which it was sealed."""
        try:
            return ListKey(clearing, self._box.open(clearing.encode(), sealed))
        except (Unsealable, ValueError):
            raise Refusal("unavailable", "the key of the lists is another one; see the operator") from None


class ListKey:
    """The key of one list."""

    def __init__(self, clearing: str, key: bytes) -> None:
        self._about = clearing.encode()
        self.raw = key
        self._rows = AESGCM(_derived(key, "rows"))
        self._words = Box(_derived(key, "words"))
        self._salt = _derived(key, "salt")

    def seal_row(self, number: int, row: bytes) -> str:
        """A row as it stands in the database. Each number is sealed once: it is its own nonce."""
        nonce = number.to_bytes(NONCE_BYTES, "big")
        return base64.b64encode(self._rows.encrypt(nonce, row, self._about)).decode()

    def open_row(self, number: int, sealed: str) -> bytes:
        """What `seal_row` sealed. Raises Refusal `unavailable` for what was changed."""
        nonce = number.to_bytes(NONCE_BYTES, "big")
        try:
            return self._rows.decrypt(nonce, binascii.a2b_base64(sealed), self._about)
        except InvalidTag:
            raise Refusal("unavailable", _CHANGED) from None

    def seal_words(self, number: int, text: str) -> str:
        """What was written about a row."""
        return self._words.seal(self._about + number.to_bytes(NONCE_BYTES, "big"), text.encode())

    def open_words(self, number: int, sealed: str) -> str:
        """What `seal_words` sealed. Raises Refusal `unavailable`."""
        about = self._about + number.to_bytes(NONCE_BYTES, "big")
        try:
            return self._words.open(about, sealed).decode()
        except Unsealable:
            raise Refusal("unavailable", _CHANGED) from None

    def commit(self, rows: Iterable[tuple[int, bytes]]) -> str:
        """What the journal holds of rows: a salted SHA-256, hex, worth nothing once the key is gone."""
        whole = hashlib.sha256()
        for number, row in rows:
            whole.update(hmac.new(self._salt, number.to_bytes(8, "big") + row, hashlib.sha256).digest())
        return whole.hexdigest()


def packed(source: int, cells: Sequence[str]) -> bytes:
    """A row as bytes, always the same: the number it had in the file, and what is kept of it."""
    return json.dumps([source, list(cells)], ensure_ascii=True, separators=(",", ":")).encode()


def unpacked(row: bytes) -> tuple[int, list[str]]:
    """What `packed` packed."""
    found: list[Any] = json.loads(row.decode())
    return found[0], found[1]


def mark_of(key: bytes, written: str) -> str | None:
    """The mark of a person by an id: the same on every list, and nothing can be read from it. None for no id."""
    text = unicodedata.normalize("NFKC", written).replace(" ", "").upper()
    if not text:
        return None
    return mark(key, text).hex()


def masked(value: str) -> str:
    """What those see of a personal value who are not responsible for it."""
    return value[:1] + "•••" if value else ""
