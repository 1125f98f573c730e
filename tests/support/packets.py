"""Golden packets and captured descriptions: bytes from tests/packets with the fields they must have."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent.parent / "packets"


def golden(name: str) -> list[dict[str, Any]]:
    """The packets of tests/packets/<name>.json; each has `name`, `hex` and what else its file says."""
    packets: list[dict[str, Any]] = json.loads((_FOLDER / f"{name}.json").read_text())
    for packet in packets:
        packet["data"] = bytes.fromhex(packet["hex"])
    return packets


def captured_offer(name: str) -> str:
    """An offer captured from a browser: `chromium-offer`, `chromium-offer-simulcast` or `firefox-offer`."""
    return (_FOLDER / "sdp" / f"{name}.sdp").read_bytes().decode()


def packet_name(packet: dict[str, Any]) -> str:
    """The name under which a golden packet stands in the test report."""
    return str(packet["name"])
