"""The demo's six cameras: what stands at the roads, dykes and squares of its villages, all made up."""

from __future__ import annotations

import json
import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

#: How the demo signs in at its cameras; they listen on loopback only.
USER: Final = "demo"
PASSWORD: Final = "loopback-only"  # noqa: S105
#: What is kept of them in the data folder: the port at which they are served, and whether the directory has them.
FILE: Final = "demo-cameras.json"


@dataclass(frozen=True, slots=True)
class Place:
    """One of the six: its path at the server, the center it belongs to, and what it is called there."""

    path: str
    center: str
    name: str
    ptz: bool = False


PLACES: Final = (
    Place("cam1", "430682115210", "坦渡村 村口"),
    Place("cam2", "430682115210", "坦渡村 河堤", ptz=True),
    Place("cam3", "430682115001", "长岭社区 广场"),
    Place("cam4", "430682115000", "坦渡镇 集市", ptz=True),
    Place("cam5", "430682000000", "临湘市 收费站"),
    Place("cam6", "430682115210", "坦渡村 卡口"),
)


def port_of(folder: Path) -> int:
    """The port at which this demo's cameras are served: one that was free when it was first asked for, and then always that."""
    kept = _read(folder)
    if "port" not in kept:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            kept["port"] = probe.getsockname()[1]
        _write(folder, kept)
    return int(kept["port"])


def are_listed(folder: Path) -> bool:
    """Whether the directory has had them: who took one out does not find it there again."""
    return bool(_read(folder).get("listed"))


def note_listed(folder: Path) -> None:
    """The directory has them."""
    _write(folder, {**_read(folder), "listed": True})


def _read(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / FILE).read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(folder: Path, kept: dict[str, Any]) -> None:
    fresh = folder / f"{FILE}.new"
    fresh.write_text(json.dumps(kept))
    os.replace(fresh, folder / FILE)
