"""One-time passwords: made by the hub, shown once to who asked for them, good for seven days and one sign-in.

They stand in no journal, no log and no later answer; what is kept is their hash.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Final

#: How long one may be used.
GOOD_FOR: Final = timedelta(days=7)
#: What can be told apart on paper and by telephone: no 0 and o, 1 and l and i, 2 and z, 5 and s, u and v.
_LETTERS: Final = "346789abcdefghjkmnpqrtwxy"
_GROUPS, _GROUP = 3, 4


def make_one_time() -> str:
    """Three groups of four characters: one of 25^12, some 2^55.

    >>> len(make_one_time())
    14
    """
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
