"""How many media sessions one account may have, over all meetings, so that there is room for everybody else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from hub.coordination.sessions import Session, SessionTable
from hub.errors import Refusal

#: Sessions of one account: camera, screen and eight that watch, in four meetings at the same time. A node has room for
#: 4,096: no account takes more than a hundredth of it.
SESSIONS_PER_ACCOUNT: Final = 40
#: Of these, such as have not connected yet: camera, screen and eight that watch come back together, two to spare.
AWAITED_PER_ACCOUNT: Final = 12
#: A session that has not connected after so long is closed (`not_connected`). A handshake takes a second, on a line that
#: loses every tenth packet some more, and where hundreds come back together each waits for its turn.
NOT_CONNECTED_S: Final = 15.0


class Allowance:
    """Counts the sessions of each account, those that are being opened at this moment among them."""

    def __init__(self, sessions: SessionTable) -> None:
        self._sessions = sessions
        self._opening: Counter[str] = Counter()

    @contextmanager
    def opening(self, account: str, replaced: Sequence[Session]) -> Iterator[None]:
        """One more session is being opened, in whose place `replaced` go. Raises Refusal("too_many")."""
        mine = [each for each in self._sessions.of_account(account) if each not in replaced]
        opening = self._opening[account]
        if len(mine) + opening >= SESSIONS_PER_ACCOUNT:
            raise Refusal("too_many", f"an account has at most {SESSIONS_PER_ACCOUNT} media sessions")
        awaited = sum(session.awaited for session in mine)
        if awaited + opening >= AWAITED_PER_ACCOUNT:
            raise Refusal(
                "too_many", f"{AWAITED_PER_ACCOUNT} sessions of this account have not connected yet"
            )
        self._opening[account] += 1
        try:
            yield
        finally:
            self._opening[account] -= 1
            if not self._opening[account]:
                del self._opening[account]
