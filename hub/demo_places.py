"""The demo's cameras: what stands at the roads, dykes and squares of its villages, all made up."""

from __future__ import annotations

import json
import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

#: How the demo signs in at its cameras; they listen on loopback only.
USER: Final = "demo"
PASSWORD: Final = "loopback-only"  # noqa: S105
#: What is kept of them in the data folder: the ports at which they are served, and whether the directory has them.
FILE: Final = "demo-cameras.json"


#: Where the story of the patrol plays: a township and two of its villages.
#: 塘城村 stands in no list of codes; the demo has it besides.
TOWNSHIP: Final = "430626110000"
VILLAGE, OTHER_VILLAGE = "430626110203", "430626110990"
OTHER_VILLAGE_NAME: Final = "塘城村"


@dataclass(frozen=True, slots=True)
class Place:
    """One camera: its path at the server, the center it belongs to, and what it is called there."""

    path: str
    center: str
    name: str
    ptz: bool = False
    important: bool = False


#: The six of the directory.
PLACES: Final = (
    Place("cam1", "430682115210", "坦渡村 村口"),
    Place("cam2", "430682115210", "坦渡村 河堤", ptz=True, important=True),
    Place("cam3", VILLAGE, "淤泥村 村口"),
    Place("cam4", VILLAGE, "淤泥村 水库", ptz=True, important=True),
    Place("cam5", OTHER_VILLAGE, "塘城村 桥头"),
    Place("cam6", OTHER_VILLAGE, "塘城村 河堤", ptz=True),
)
#: One that answers on the network and that nobody has put into the directory: for trying the search.
UNLISTED: Final = Place("cam7", OTHER_VILLAGE, "塘城村 广场", ptz=True)


def port_of(folder: Path, what: Literal["port", "onvif"] = "port") -> int:
    """The port at which this demo's cameras are served: one that was free when it was first asked for, and then always that.

    `onvif`: that of their device services.
    """
    kept = _read(folder)
    if what not in kept:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            kept[what] = probe.getsockname()[1]
        _write(folder, kept)
    return int(kept[what])


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
