"""What one token gives while it is in use: one object for everything that runs under it, ended at once when it is withdrawn."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Literal

from hub.directory.accounts import Account
from hub.errors import Refusal

#: Why an access ended, as `session_ended` tells it: the token was given back; the account was disabled or deleted; its role,
#: center or password is another one; the token was not used for too long.
Reason = Literal["signed_out", "disabled", "changed", "expired"]

log = logging.getLogger(__name__)


class Access:
    """A person's way in by one token. There is one object for a token: sockets, requests and media sessions share it.

    `key` is the token's hash; `ended` is why it was withdrawn, None while it is good.
    """

    __slots__ = ("__weakref__", "_ends", "account", "ended", "key")

    def __init__(self, key: str, account: Account) -> None:
        self.key = key
        self.account = account
        self.ended: Reason | None = None
        self._ends: dict[object, Callable[[Reason], None]] = {}

    def on_end(self, end: Callable[[Reason], None]) -> Callable[[], None]:
        """Have `end` called, once, when this is withdrawn (now, if it has been); returns what takes that back."""
        if self.ended is not None:
            end(self.ended)
            return lambda: None
        mark = object()
        self._ends[mark] = end

        def forget() -> None:
            self._ends.pop(mark, None)

        return forget

    def require(self) -> Account:
        """Whose this is. Raises Refusal("unauthenticated") once it is withdrawn."""
        if self.ended is not None:
            raise Refusal("unauthenticated", "sign in first")
        return self.account

    def end(self, reason: Reason) -> None:
        """Withdraw it: whoever asked to be called is called. For `Withdrawal` alone."""
        if self.ended is not None:
            return
        self.ended = reason
        ends, self._ends = self._ends, {}
        for end in ends.values():
            try:
                end(reason)
            except Exception:
                # One that fails must not keep the others alive.
                log.exception("something did not end with the sign-in it ran under")
