"""The compiled loops (fan-out with its sealing, and intake): loaded when built from the sources beside them.

Without them Python does the same. `make` builds the library with `tools/build-native.sh`; `HUB_NATIVE=0` switches it off.
The decision stands in docs/decisions/0002-two-compiled-loops.md.
"""

from __future__ import annotations

import functools
import hashlib
import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cffi  # type: ignore[import-untyped]
import pylibsrtp

log = logging.getLogger(__name__)

_FOLDER: Final = Path(__file__).parent
_HEADERS: Final = ("feedback.h", "seal.h", "fan_out.h", "intake.h")
_SOURCES: Final = (*_HEADERS, "feedback.c", "seal.c", "fan_out.c", "intake.c")
LIBRARY: Final = _FOLDER / "loops.so"
#: The environment variable that switches the compiled loops off.
SWITCH: Final = "HUB_NATIVE"


def _declarations() -> str:
    lines = [line for name in _HEADERS for line in (_FOLDER / name).read_text("utf-8").splitlines()]
    return "\n".join(line for line in lines if not line.startswith("#"))


#: Makes and reads the structures of the headers; works without the library.
ffi: Final[Any] = cffi.FFI()
ffi.cdef(_declarations())


@dataclass(frozen=True, slots=True)
class Native:
    """The library, or in `state` why there is none."""

    library: Any
    state: str


def digest() -> str:
    """What a library built from the present sources says of itself."""
    whole = hashlib.sha256()
    for source in _SOURCES:
        whole.update((_FOLDER / source).read_bytes())
    return whole.hexdigest()


@functools.cache
def native() -> Native:
    """The compiled loops of this process, looked for once; the log says what was found."""
    found = load(LIBRARY)
    if found.library is None:
        log.warning("the compiled loops are not used: %s; packets are forwarded in Python", found.state)
    return found


def load(path: Path) -> Native:
    """The library at `path`. Never raises."""
    if os.environ.get(SWITCH) == "0":
        return Native(None, f"switched off ({SWITCH}=0)")
    if not path.exists():
        return Native(None, "not built (tools/build-native.sh does it)")
    try:
        library = ffi.dlopen(str(path))
        source = ffi.string(library.hub_loops_source()).decode()
    except (OSError, AttributeError) as error:
        return Native(None, f"cannot be loaded: {error}")
    if source != digest():
        return Native(None, "built from other sources (tools/build-native.sh builds it anew)")
    return Native(library, "in use")


def libsrtp(name: str, kind: str) -> Any:
    """A function of the libsrtp inside pylibsrtp, as C calls it; `kind` is its type in C."""
    address = pylibsrtp.ffi.addressof(pylibsrtp.lib, name)
    return ffi.cast(kind, int(pylibsrtp.ffi.cast("uintptr_t", address)))
