"""What seals the addresses and passwords of cameras (`cameras.key` in the data folder), and marks equal addresses.

With the key gone they cannot be read any more, and nothing in the database tells of them.
"""

from __future__ import annotations

import json

from hub.cameras.addresses import same_address
from hub.cameras.catalog import Secret
from hub.errors import Refusal
from hub.sealing import Box, Unsealable, derived, mark


class CameraKey:
    """The hub's key of cameras."""

    def __init__(self, key: bytes) -> None:
        self.raw = key
        self._box = Box(derived(key, "cameras", "secrets"))
        self._marks = derived(key, "cameras", "marks")

    def seal(self, camera: str, secret: Secret) -> str:
        """A camera's secret, as it stands in the database."""
        return self._box.seal(camera.encode(), _plain(secret))

    def open(self, camera: str, sealed: str) -> Secret:
        """Raises Refusal `unavailable` where it was sealed with another key, or for another camera."""
        try:
            return Secret(**json.loads(self._box.open(camera.encode(), sealed)))
        except (Unsealable, ValueError, TypeError):
            raise Refusal("unavailable", "the key of the cameras is another one; see the operator") from None

    def mark(self, url: str) -> str:
        """The mark of an address: the same for the same one, and nothing can be read from it."""
        return mark(self._marks, same_address(url)).hex()


def _plain(secret: Secret) -> bytes:
    fields = {name: getattr(secret, name) for name in ("main", "sub", "onvif", "user", "password")}
    return json.dumps(fields, ensure_ascii=True, separators=(",", ":")).encode()
