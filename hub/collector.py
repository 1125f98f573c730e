"""How often control looks for garbage in cycles."""

from __future__ import annotations

import gc
from typing import Final

#: Allocations before a young collection, young ones before a middle one, middle ones before a full one.
THRESHOLDS: Final = (20_000, 20, 100)


def calm() -> None:
    """Collect less often, and leave what was made at start alone.

    State, projections and answers live long and are many: with Python's own thresholds (700, 10, 10) a hub with
    256 callers spends a third of its time walking over them again and again. Cycles are rare here; what is
    freed by reference count, nearly everything, is freed at once as before.
    """
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
