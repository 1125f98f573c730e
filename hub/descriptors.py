"""How many files and connections this process may have open."""

from __future__ import annotations

import resource
from typing import Final

#: Enough for any hub; where nothing limits it, the kernel would otherwise be asked for a table without end.
_MOST: Final = 1 << 20


def descriptor_limit() -> int:
    """The number of files and connections that may be open at once."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _MOST if soft == resource.RLIM_INFINITY else min(soft, _MOST)


def raise_descriptor_limit() -> int:
    """Raise the limit as far as the system lets it; children inherit it. Returns what it is now.

    A shell's usual 1,024 is made for programs that still use select(), which the hub does not.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST if hard == resource.RLIM_INFINITY else min(hard, _MOST)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return descriptor_limit()
