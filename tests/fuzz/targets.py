"""Every fuzzing target by name, and the inputs that once escaped."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tests.fuzz.camera_targets import CAMERA_TARGETS
from tests.fuzz.plane_targets import PLANE_TARGETS
from tests.fuzz.target import Target
from tests.fuzz.wire_targets import WIRE_TARGETS

TARGETS: Final[dict[str, Target]] = {
    target.name: target for target in (*WIRE_TARGETS, *CAMERA_TARGETS, *PLANE_TARGETS)
}
#: Inputs that escaped once, one a file; `tests/unit/test_fuzz_found.py` gives each to every target.
FOUND: Final = Path(__file__).resolve().parents[1] / "packets" / "found"


def found_inputs() -> dict[str, bytes]:
    """What escaped once, by name."""
    return {path.name: path.read_bytes() for path in sorted(FOUND.glob("*.bin"))}
