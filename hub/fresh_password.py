"""Passwords that the hub makes itself, to be given to somebody once."""

from __future__ import annotations

import secrets
from typing import Final

from hub.house.policies import PasswordPolicy

#: Of each kind, without what people confuse when they copy it from paper.
_KINDS: Final = ("abcdefghjkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "-+=%")
_LENGTH: Final = 16


def fresh_password(policy: PasswordPolicy | None = None) -> str:
    """A random password of all four kinds of characters, as long as the policy asks, and 16 at least (90 bits)."""
    length = max(_LENGTH, policy.shortest if policy is not None else 0)
    every = "".join(_KINDS)
    letters = [secrets.choice(kind) for kind in _KINDS]
    letters += [secrets.choice(every) for _ in range(length - len(letters))]
    secrets.SystemRandom().shuffle(letters)
    return "".join(letters)
