"""Who may do what about a camera: by its own center, or by one that it is shared with."""

from __future__ import annotations

from typing import Final

from hub.cameras.catalog import Camera
from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.directory.tree import CenterTree

#: What sharing gives: to see it and to watch it, never to turn or to change it.
SHARED: Final = frozenset({"camera.read", "camera.watch"})


def may_about(account: Account, action: str, tree: CenterTree, camera: Camera) -> bool:
    """Whether the account may do this (`camera.read`, `.watch`, `.move`, `.keep`, `.manage`) about this camera.

    One that is not in use is there for who manages or keeps it alone. Says the same as `Sight.cameras` in the store.
    """
    if not camera.shown and action not in ("camera.manage", "camera.keep"):
        return action == "camera.read" and any(
            may(account, more, tree, camera.center) for more in ("camera.manage", "camera.keep")
        )
    if may(account, action, tree, camera.center):
        return True
    return action in SHARED and any(may(account, action, tree, center) for center in camera.shared)
