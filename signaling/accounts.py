"""An account and its center in the form that clients read."""

from __future__ import annotations

from hub.clock import to_wire
from hub.directory.accounts import Account, SignIn
from hub.directory.tree import Center, CenterTree
from signaling.services import Json


def account_to_wire(account: Account, tree: CenterTree) -> Json:
    """The account as in the answer to a sign-in. An account whose center is gone shows the bare code."""
    center = tree.get(account.center)
    return {
        "id": account.id,
        "username": account.username,
        "name": account.name,
        "role": account.role,
        "cleared": account.cleared,
        "center": {
            "code": account.center,
            "name": center.name if center else "",
            "level": center.level if center else "village",
            "parent": center.parent if center else None,
            "path": [step.name for step in tree.path(account.center)],
        },
    }


def sign_in_to_wire(sign_in: SignIn | None) -> Json | None:
    """An earlier sign-in, as its owner reads it."""
    return None if sign_in is None else {"at": to_wire(sign_in.at), "address": sign_in.address}


def center_to_wire(center: Center, tree: CenterTree) -> Json:
    """A center as in the directory, with the number of its children."""
    return {
        "code": center.code,
        "name": center.name,
        "level": center.level,
        "parent": center.parent,
        "pinyin": center.pinyin,
        "children": len(tree.children(center.code)),
        "functional": center.functional,
    }
