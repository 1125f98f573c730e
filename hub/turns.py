"""How long one thread of control keeps the interpreter while another waits for it."""

from __future__ import annotations

import sys
from typing import Final

#: Python's own is 5 ms. The event loop gives the interpreter up with each packet that it sends; while threads read the
#: database for a crowd that comes back, it waited so long to have it again, packet after packet.
SWITCH_S: Final = 0.001


def short() -> None:
    """Have threads take turns every millisecond."""
    sys.setswitchinterval(SWITCH_S)
