"""The compiled fan-out: loaded when it was built from the sources beside it; without it Python does the same.

`make` builds it with `tools/build-native.sh`. `HUB_NATIVE=0` switches it off. The decision stands in
docs/decisions/0002-a-compiled-fan-out.md.
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
_SOURCES: Final = (_FOLDER / "fan_out.h", _FOLDER / "fan_out.c")
LIBRARY: Final = _FOLDER / "fan_out.so"
#: The environment variable that switches the compiled fan-out off.
SWITCH: Final = "HUB_NATIVE"


def _declarations() -> str:
    lines = _SOURCES[0].read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("#"))


#: Makes and reads the structures of fan_out.h; works without the library.
ffi: Final[Any] = cffi.FFI()
ffi.cdef(_declarations())


@dataclass(frozen=True, slots=True)
class Native:
    """The library, or in `state` why there is none. `protect` is libsrtp's function, as C calls it."""

    library: Any
    protect: Any
    state: str


def digest() -> str:
    """What a library built from the present sources says of itself."""
    whole = hashlib.sha256()
    for source in _SOURCES:
        whole.update(source.read_bytes())
    return whole.hexdigest()


@functools.cache
def native() -> Native:
    """The compiled fan-out of this process, looked for once; the log says what was found."""
    found = load(LIBRARY)
    if found.library is None:
        log.warning("the compiled fan-out is not used: %s; packets are forwarded in Python", found.state)
    return found


def load(path: Path) -> Native:
    """The library at `path`. Never raises."""
    if os.environ.get(SWITCH) == "0":
        return Native(None, None, f"switched off ({SWITCH}=0)")
    if not path.exists():
        return Native(None, None, "not built (tools/build-native.sh does it)")
    try:
        library = ffi.dlopen(str(path))
        source = ffi.string(library.hub_fan_out_source()).decode()
    except (OSError, AttributeError) as error:
        return Native(None, None, f"cannot be loaded: {error}")
    if source != digest():
        return Native(None, None, "built from other sources (tools/build-native.sh builds it anew)")
    # pylibsrtp has libsrtp inside and shows its functions by cffi: C can call what Python calls.
    address = pylibsrtp.ffi.addressof(pylibsrtp.lib, "srtp_protect")
    number = int(pylibsrtp.ffi.cast("uintptr_t", address))
    protect = ffi.cast("int (*)(void *, void *, int *)", number)
    return Native(library, protect, "in use")
