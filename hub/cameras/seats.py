"""Who turns a camera: one at a time, and a higher center's hand before a lower one's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hub.directory.accounts import Account
from hub.directory.tree import CenterTree
from hub.errors import Refusal

#: A hand that has not moved for so long, in s, is taken off.
IDLE_S: Final = 30.0


@dataclass(slots=True)
class Seat:
    """A hand on a camera. Times are monotonic seconds; `page` is the socket it came by."""

    account: str
    name: str
    center: str
    page: str
    since: float
    used_at: float
    moves: int = 0
    """How often it began to turn, or called a direction up."""

    def is_idle(self, now: float) -> bool:
        """Whether it has rested too long."""
        return now - self.used_at >= IDLE_S


def require_seat(tree: CenterTree, account: Account, seat: Seat | None, now: float) -> None:
    """Raises Refusal("conflict") where another hand goes first.

    One's own, one that rests too long, and one of a center below one's own give way.
    """
    if seat is None or seat.account == account.id or seat.is_idle(now):
        return
    below = seat.center != account.center and any(
        step.code == account.center for step in tree.path(seat.center)
    )
    if not below:
        raise Refusal("conflict", f"{seat.name} is turning this camera", "camera")
