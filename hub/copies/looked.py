"""How the second copy fares, as a part of the hub's health."""

from __future__ import annotations

from collections.abc import Iterator

from hub.copies.copier import Copier
from hub.upkeep.health import Looked


def looked(copier: Copier | None) -> Iterator[Looked]:
    """One row: off where there is none; bad while the storage takes nothing or what stands there is another one."""
    if copier is None:
        yield Looked("copies", state="off")
        return
    counted = copier.counted
    damaged = sum(each.damaged for each in counted.kinds.values())
    figures: dict[str, int | str] = {
        "copied": sum(each.copied for each in counted.kinds.values()),
        "of": sum(each.files for each in counted.kinds.values()),
    }
    if copier.trouble:
        yield Looked("copies", "", "bad", copier.trouble, figures)
    elif damaged:
        yield Looked("copies", "", "warning", "far_damaged", {**figures, "damaged": damaged})
    else:
        yield Looked("copies", figures=figures)
